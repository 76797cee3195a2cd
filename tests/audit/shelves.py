"""Shelves of small bags for the tests."""

import os
import shutil
import struct
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from confocal_bag.audit import AuditOptions, audit_shelf
from confocal_bag.findings import Report
from tests.bag.bags import listing, make_bag, seal, write

__all__ = ["audit", "by_rule", "damage_zip", "flip", "make_shelf", "renewed", "resealed"]


def audit(shelf: Path, **options: object) -> Report:
    """Audit in threads, which starts faster than processes do."""
    with ThreadPoolExecutor(2) as executor:
        return audit_shelf(shelf, AuditOptions(**options), executor=executor)  # type: ignore[arg-type]


def by_rule(report: Report, rule: str) -> list[str]:
    """The bags of which a rule says something."""
    return [finding.path or "" for finding in report.findings if finding.rule == rule]


def make_shelf(folder: Path, number: int) -> Path:
    """So many bags, each with content of its own."""
    folder.mkdir()
    for one in range(number):
        make_bag(folder / f"bag{one:04d}", payload={"data/a.txt": b"alpha\n", "data/number.txt": f"{one}\n".encode()})
    return folder


def flip(path: Path) -> None:
    """Change one byte and nothing else, as a disk does: not even the time of change."""
    status = path.stat()
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def resealed(bag: Path, payload: dict[str, bytes]) -> None:
    """Replace the payload of a bag as somebody does who knows how: manifests and all."""
    shutil.rmtree(bag)
    make_bag(bag, payload=payload)


def renewed(bag: Path, algorithms: Sequence[str] = ("sha512",)) -> None:
    """Write all manifests anew over whatever lies in the bag, whether it is damaged or not."""
    for path in bag.glob("*manifest-*.txt"):
        path.unlink()
    payload = {
        path.relative_to(bag).as_posix(): path.read_bytes()
        for path in sorted((bag / "data").rglob("*"))
        if path.is_file()
    }
    for algorithm in algorithms:
        write(bag / f"manifest-{algorithm}.txt", listing(algorithm, payload))
    info = [line for line in (bag / "bag-info.txt").read_text().splitlines() if not line.startswith("Payload-Oxum")]
    oxum = f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}"
    write(bag / "bag-info.txt", "".join(f"{line}\n" for line in (*info, oxum)))
    seal(bag, algorithms)


def damage_zip(path: Path, member: str) -> None:
    """Store a zip file's members unpacked, and let one of them rot."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo(member).header_offset
    rotting = bytearray(path.read_bytes())
    name_length, extra_length = struct.unpack("<HH", rotting[offset + 26 : offset + 30])
    rotting[offset + 30 + name_length + extra_length] ^= 1
    path.write_bytes(rotting)
