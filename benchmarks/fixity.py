"""Validating and making bags beside others, in one run: `python benchmarks/fixity.py [--folder DIR] [--quick]`.

Beside ours run the Library of Congress bagit library (with its best number of processes), bdbag where it is installed,
and a bare loop over hashlib with as many threads. Each figure is the median of several alternating runs; only ratios
travel to other machines. Ours makes every file durable before a bag gets its name, the others do not.
"""

import argparse
import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bagit

from confocal_bag.bag.rules import check_bag
from confocal_bag.bag.writing.writer import BagWriter

ALGORITHMS = ("sha256", "sha512")
WORKERS = os.cpu_count() or 1


def make_small(folder: Path, count: int, size: int) -> Path:
    """Many small files."""
    folder.mkdir()
    for number in range(count):
        (folder / f"plane_{number:06d}.tif").write_bytes(os.urandom(size))
    return folder


def make_large(folder: Path, mib: int) -> Path:
    """One large file."""
    folder.mkdir()
    block = os.urandom(1 << 20)
    with (folder / "large.czi").open("wb") as stream:
        for number in range(mib):
            stream.write(number.to_bytes(8, "big") + block[8:])
    return folder


def our_bag(source: Path, target: Path) -> None:
    """Copy and hash in one pass, then seal."""
    with BagWriter(target, algorithms=ALGORITHMS) as writer:
        for path in sorted(source.iterdir()):
            writer.copy(path, f"data/{path.name}")
        writer.seal([("Source-Organization", "Benchmark")])


def their_bag(source: Path, target: Path) -> None:
    """The reference implementation bags in place, so the copy comes first."""
    shutil.copytree(source, target)
    bagit.make_bag(str(target), checksums=list(ALGORITHMS), processes=WORKERS)


def their_durable_bag(source: Path, target: Path) -> None:
    """The same, and then everything on the disk, as ours is when it is done."""
    their_bag(source, target)
    settle()


def bare_loop(bag: Path) -> None:
    """What hashing alone costs: every payload file, both algorithms, as many threads as processors."""

    def hash_one(path: Path) -> None:
        digests = [hashlib.new(name) for name in ALGORITHMS]
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                for digest in digests:
                    digest.update(chunk)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(hash_one, (bag / "data").iterdir()))


def bdbag_validate(bag: Path) -> None:
    """The BDBag command on a copy of its own, because it may write into what it checks."""
    subprocess.run(["bdbag", "--quiet", "--validate", "full", bag], check=True)


def medians(rounds: int, **contestants: Callable[[], object]) -> dict[str, float]:
    """Run the contestants in turn, several times; the median seconds of each."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            settle()
            begin = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def settle() -> None:
    """Let the disk finish what the run before left to do: deleting thousands of files goes on long after it returns."""
    if hasattr(os, "sync"):
        os.sync()


def show(title: str, found: dict[str, float]) -> None:
    """One line a contestant, with the ratio of ours to it."""
    print(title)
    for name, value in found.items():
        ratio = f"   ours / {name} = {found['ours'] / value:.2f}" if name != "ours" else ""
        print(f"  {name:<14} {value:8.2f} s{ratio}")


def validate(title: str, bag: Path, rounds: int) -> None:
    """Validate one bag by all contestants."""
    contestants: dict[str, Callable[[], object]] = {
        "ours": lambda: check_bag(bag, jobs=WORKERS),
        "bagit": lambda: bagit.Bag(str(bag)).validate(processes=WORKERS),
        "hashlib": lambda: bare_loop(bag),
    }
    if shutil.which("bdbag"):
        contestants["bdbag"] = lambda: bdbag_validate(bag)
    show(title, medians(rounds, **contestants))


def make(title: str, source: Path, folder: Path, rounds: int) -> None:
    """Make bags by copying, by both contestants."""
    numbers = iter(range(1_000_000))
    times: dict[str, list[float]] = {"ours": [], "bagit": [], "bagit, durable": []}
    for _ in range(rounds):
        for name, maker in (("ours", our_bag), ("bagit", their_bag), ("bagit, durable", their_durable_bag)):
            target = folder / f"made{next(numbers)}"
            settle()
            begin = time.perf_counter()
            maker(source, target)
            times[name].append(time.perf_counter() - begin)
            shutil.rmtree(target)
    show(title, {name: statistics.median(values) for name, values in times.items()})


def main() -> None:
    """Run all."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--folder", type=Path, default=None)
    options.add_argument("--quick", action="store_true", help="a tenth of the size, three rounds")
    chosen = options.parse_args()
    scale, rounds = (10, 3) if chosen.quick else (1, 5)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        small = make_small(folder / "small", 20_000 // scale, 16 * 1024)
        our_bag(small, folder / "small-bag")
        validate(f"validate {20_000 // scale} files of 16 KiB, sha256 and sha512", folder / "small-bag", rounds)
        make(f"copy and bag {20_000 // scale} files of 16 KiB", small, folder, rounds)
        shutil.rmtree(folder / "small-bag")
        large = make_large(folder / "large", 4096 // scale)
        our_bag(large, folder / "large-bag")
        validate(f"validate one file of {4096 // scale} MiB, sha256 and sha512", folder / "large-bag", rounds)
        make(f"copy and bag one file of {4096 // scale} MiB", large, folder, rounds)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
