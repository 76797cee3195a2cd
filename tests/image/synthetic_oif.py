"""Write small OIF files with their folder of planes, for tests."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tifffile

_ALL_AXES = "XYCZTALP"


def write_oif(path: Path, axes: Mapping[str, int], *, micrometres: float = 10.0) -> npt.NDArray[np.uint16]:
    """Write an OIF whose axes (fastest first: X, Y, then C, Z, T, L) have the given sizes; return all planes."""
    lines = [
        "[Acquisition Parameters Common]",
        'Acquisition Device="FV1000"',
        "[Axis Parameter Common]",
        f"AxisCount={len(axes)}",
        f'AxisOrder="{"".join(axes)}"',
    ]
    for number, axis in enumerate(_ALL_AXES):
        size = axes.get(axis, 0)
        lines += [f"[Axis {number} Parameters Common]", f'AxisCode="{axis}"', f"MaxSize={size}", "StartPosition=0.0"]
        lines += [f"EndPosition={micrometres}", f'UnitName="{"nm" if axis == "Z" else "um"}"']
        lines += ["Interval=500"] if axis == "Z" else []
    lines += ["[File Info]", f'DataName="{path.name}"', "[ProfileSaveInfo]", 'Name="synthetic"', 'Version="1.0.0.0"']
    path.write_bytes(b"\xff\xfe" + "\r\n".join(lines).encode("utf-16-le"))
    folder = path.with_name(path.name + ".files")
    folder.mkdir()
    stacked = list(axes)[2:]
    shape = [axes[axis] for axis in stacked]
    columns, rows = list(axes.values())[:2]
    planes = np.random.default_rng(7).integers(0, 4096, (*shape, rows, columns), dtype=np.uint16)
    for place in product(*(range(size) for size in shape)):
        name = "s_" + "".join(f"{axis}{at + 1:03d}" for axis, at in zip(stacked, place, strict=True)) + ".tif"
        tifffile.imwrite(folder / name, planes[place], metadata=None)
    return planes
