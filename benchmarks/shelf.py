"""Auditing a shelf of small bags beside a loop of bagit.py: `python benchmarks/shelf.py [--bags 1000] [--folder DIR]`.

Ours finds the bags, checks them with one and two workers, and writes every check and every digest into its history.
Beside it runs what a shell loop does: `python -m bagit --validate BAG` for one bag after the other. Every contestant
runs once to fill the caches and then three times in turn; only ratios travel to other machines.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import bagit

from confocal_bag.audit import AuditOptions, audit_shelf
from confocal_bag.findings import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
FILES, BYTES = 5, 16 * 1024


def make_shelf(folder: Path, number: int) -> int:
    """Bags of a few small files, as a shelf of processed stacks has them; their bytes."""
    for one in range(number):
        bag = folder / f"{one % 10}" / f"bag{one:05d}"
        bag.mkdir(parents=True)
        for file in range(FILES):
            (bag / f"plane_{file}.tif").write_bytes(os.urandom(BYTES))
        bagit.make_bag(str(bag), {"Source-Organization": "Benchmark"}, checksums=["sha256", "sha512"])
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def ours(shelf: Path, history: Path, number: int, jobs: int) -> None:
    """An audit of everything, with a history of its own."""
    history.unlink(missing_ok=True)
    report = audit_shelf(shelf, AuditOptions(history=history, jobs=jobs))
    if report.verdict is not Verdict.VALID or report.summary["bags_checked"] != number:
        raise SystemExit(f"the audit went wrong: {report.summary}")


def loop_of_bagit(shelf: Path) -> None:
    """A process for each bag, as a shell loop starts them."""
    for bag in sorted(path.parent for path in shelf.rglob("bagit.txt")):
        subprocess.run([sys.executable, "-m", "bagit", "--validate", "--quiet", bag], check=True)


def main() -> None:
    """Run all and print bags and bytes a second."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--bags", type=int, default=1000)
    options.add_argument("--folder", type=Path, default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        shelf, history = Path(name, "shelf"), Path(name, "history.sqlite")
        shelf.mkdir()
        size = make_shelf(shelf, chosen.bags)
        contestants: dict[str, Callable[[], None]] = {
            "ours, 1 worker": lambda: ours(shelf, history, chosen.bags, 1),
            "ours, 2 workers": lambda: ours(shelf, history, chosen.bags, 2),
            "loop of bagit.py": lambda: loop_of_bagit(shelf),
        }
        times: dict[str, list[float]] = {label: [] for label in contestants}
        for turn in range(ROUNDS + 1):
            for label, run in contestants.items():
                begin = time.perf_counter()
                run()
                if turn:
                    times[label].append(time.perf_counter() - begin)
        found = {label: statistics.median(values) for label, values in times.items()}
        slowest = found["loop of bagit.py"]
        print(f"{chosen.bags} bags of {FILES} files of {BYTES // 1024} KiB, sha256 and sha512, {size:,} bytes")
        for label, seconds in found.items():
            rates = f"{chosen.bags / seconds:8.1f} bags/s {size / seconds / 1e6:8.1f} MB/s"
            print(f"  {label:<18} {seconds:7.2f} s {rates}   ratio {seconds / slowest:.2f}")


if __name__ == "__main__":
    main()
