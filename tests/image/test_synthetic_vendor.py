"""LSM, LIF, OIF and OIB of kinds that no free sample has: marked as synthetic, every pixel known."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from oiffile import oib2oif

from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import open_image
from confocal_bag.image.synthetic import write_lsm
from tests.image.proof import Truth, prove
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oib import write_oib
from tests.image.synthetic_oif import write_oif

_LSM_UM = (0.09, 0.09, 0.5)


def _samples(*shape: int, kind: str = "u2", below: int = 4096) -> npt.NDArray[Any]:
    return np.random.default_rng(len(shape)).integers(0, below, shape).astype(kind)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_an_lsm_stack_of_several_channels(tmp_path: Path, kind: str, channels: int) -> None:
    """Through depth; the names of its channels and its pixel sizes included."""
    pixels = _samples(5, channels, 24, 32, kind=kind)
    path = tmp_path / "cells.lsm"
    write_lsm(path, pixels)
    names = [f"Ch{number + 1}" for number in range(channels)]
    sidecar = prove(path, [Truth("ZCYX", pixels, _LSM_UM, names)], tmp_path / "copies")
    assert sidecar.count(b"<Channel ") == channels
    assert b"Synthetic file" in path.read_bytes()


@pytest.mark.parametrize(("times", "planes"), [(3, 4), (6, 1)])
def test_an_lsm_time_series(tmp_path: Path, times: int, planes: int) -> None:
    """Of stacks and of single slices; the time step is in the sidecar, and a single slice has no z step."""
    pixels = _samples(times, planes, 2, 24, 32)
    path = tmp_path / "cells.lsm"
    write_lsm(path, pixels)
    sizes = (*_LSM_UM[:2], _LSM_UM[2] if planes > 1 else None)
    sidecar = prove(path, [Truth("TZCYX", pixels, sizes, ["Ch1", "Ch2"])], tmp_path / "copies")
    assert b'TimeIncrement="2.5"' in sidecar


def test_a_lif_of_plain_stacks(tmp_path: Path) -> None:
    """Several images of several channels, with and without depth and time, each with its own pixel sizes."""
    scans = {"ZCYX": (4, 3, 24, 32), "TZCYX": (2, 3, 2, 20, 30), "CYX": (2, 16, 16), "YX": (12, 14)}
    steps = {"X": 0.1, "Y": 0.1, "Z": 0.3}
    images, truths = [], []
    for axes, shape in scans.items():
        pixels = _samples(*shape)
        sizes = dict(zip(axes, shape, strict=True))
        # A LIF records the distance from the first sample to the last.
        lengths = {axis: step * 1e-6 * (sizes[axis] - 1) for axis, step in steps.items() if axis in sizes}
        images.append(LifImage(f"Series {axes}", axes, pixels, lengths))
        truths.append(Truth(axes, pixels, (0.1, 0.1, 0.3 if "Z" in axes else None)))
    path = tmp_path / "cells.lif"
    write_lif(path, images)
    sidecar = prove(path, truths, tmp_path / "copies")
    assert b'Name="Series ZCYX"' in sidecar
    assert "synthetic".encode("utf-16-le") in path.read_bytes()


_OIF_AXES = [
    {"X": 40, "Y": 30, "C": 2},
    {"X": 40, "Y": 30, "C": 3, "Z": 4},
    {"X": 40, "Y": 30, "C": 2, "Z": 2, "T": 3},
]


def _truth(axes: dict[str, int], planes: npt.NDArray[Any]) -> Truth:
    step = 0.5 if axes.get("Z", 1) > 1 else None
    names = "".join(list(axes)[2:]) + "YX"
    return Truth(names, planes, (10 / (axes["X"] - 1), 10 / (axes["Y"] - 1), step))


@pytest.mark.parametrize("axes", _OIF_AXES, ids="".join)
def test_an_oif_and_its_folder(tmp_path: Path, axes: dict[str, int]) -> None:
    """Planes are files of their own."""
    path = tmp_path / "cells.oif"
    planes = write_oif(path, axes)
    prove(path, [_truth(axes, planes)], tmp_path / "copies")
    assert 'Name="synthetic"' in path.read_bytes().decode("utf-16")


@pytest.mark.parametrize("axes", _OIF_AXES, ids="".join)
def test_an_oib_and_what_oiffile_unpacks_it_to(tmp_path: Path, axes: dict[str, int]) -> None:
    """The same planes in both."""
    planes = write_oif(tmp_path / "known.oif", axes)
    path = tmp_path / "cells.oib"
    write_oib(path, axes)
    prove(path, [_truth(axes, planes)], tmp_path / "copies")
    oib2oif(str(path), location=str(tmp_path / "unpacked"), verbose=0)
    (unpacked,) = (tmp_path / "unpacked").rglob("*.oif")
    prove(unpacked, [_truth(axes, planes)], tmp_path / "copies of the unpacked")


@pytest.mark.parametrize("lost", range(6))
def test_an_oif_that_lost_any_plane_is_refused(tmp_path: Path, lost: int) -> None:
    """Other readers take the rest for the whole: two of three channels."""
    path = tmp_path / "cells.oif"
    write_oif(path, {"X": 40, "Y": 30, "C": 3, "Z": 2})
    sorted((tmp_path / "cells.oif.files").glob("*.tif"))[lost].unlink()
    with pytest.raises(UnreadableImage, match="6 planes are declared and 5 plane files"):
        open_image(path)


@pytest.mark.parametrize("channels", [1, 3])
def test_an_oif_without_its_folder_is_refused(tmp_path: Path, channels: int) -> None:
    """The OIF itself holds no pixel."""
    path = tmp_path / "cells.oif"
    write_oif(path, {"X": 40, "Y": 30, "C": channels})
    (tmp_path / "cells.oif.files").rename(tmp_path / "elsewhere")
    with pytest.raises(UnreadableImage):
        open_image(path)


def test_a_plane_of_an_oif_of_another_size_is_refused(tmp_path: Path) -> None:
    """As many files as there should be, one of them of something else."""
    import tifffile

    path = tmp_path / "cells.oif"
    write_oif(path, {"X": 40, "Y": 30, "C": 2})
    tifffile.imwrite(next((tmp_path / "cells.oif.files").glob("*C002*")), np.zeros((30, 41), "u2"), metadata=None)
    with pytest.raises(UnreadableImage), open_image(path) as image:
        list(image.planes(image.series[0]))
