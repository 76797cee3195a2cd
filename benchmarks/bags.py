"""Making and validating a bag, beside the reference implementation, in one run: `python benchmarks/bags.py [FOLDER]`.

Prints the median seconds of each and the ratio, ours to theirs. Run it on a quiet machine; only the ratios travel.
Ours asks the disk to make every file durable before the bag gets its name; the reference does not, which is most of
the difference in making a bag of many small files.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bagit

from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.writer import BagWriter

ALGORITHMS = ["sha256", "sha512"]
ROUNDS = 3


def make_source(folder: Path, *, small: int, large_mib: int) -> Path:
    """Many small files and one large one."""
    folder.mkdir()
    for number in range(small):
        (folder / f"plane_{number:05d}.tif").write_bytes(os.urandom(2048))
    with (folder / "large.czi").open("wb") as stream:
        for _ in range(large_mib):
            stream.write(os.urandom(1 << 20))
    return folder


def ours(source: Path, target: Path) -> None:
    """Copy and hash in one pass, then seal."""
    with BagWriter(target, algorithms=ALGORITHMS) as writer:
        for path in sorted(source.iterdir()):
            writer.copy(path, f"data/{path.name}")
        writer.seal([("Source-Organization", "Benchmark")])


def theirs(source: Path, target: Path) -> None:
    """The reference implementation bags in place, so the copy comes first."""
    shutil.copytree(source, target)
    bagit.make_bag(str(target), checksums=ALGORITHMS)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    """Time both, alternately."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        folder = Path(name)
        source = make_source(folder / "source", small=5000, large_mib=256)
        make: dict[str, list[float]] = {"ours": [], "theirs": []}
        check: dict[str, list[float]] = {"ours": [], "theirs": []}
        for turn in range(ROUNDS):
            mine, other = folder / f"ours{turn}", folder / f"theirs{turn}"
            make["ours"].append(seconds(lambda mine=mine: ours(source, mine)))
            make["theirs"].append(seconds(lambda other=other: theirs(source, other)))
            check["ours"].append(seconds(lambda mine=mine: check_bag(mine)))
            check["theirs"].append(seconds(lambda mine=mine: bagit.Bag(str(mine)).validate(processes=2)))
            shutil.rmtree(mine)
            shutil.rmtree(other)
        for what, times in (("make", make), ("validate", check)):
            one, two = statistics.median(times["ours"]), statistics.median(times["theirs"])
            print(f"{what:<9} ours {one:.2f} s   reference {two:.2f} s   ratio {one / two:.2f}")


if __name__ == "__main__":
    main()
