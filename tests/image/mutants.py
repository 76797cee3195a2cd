"""Damage image files in reproducible ways, and read each damaged one in a process with limits."""

import gc
import logging
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from confocal_bag.image.synthetic import cell_stack, write_lsm

_MEMORY = 3 << 30
_SECONDS = 10
_PEAK_KIB = 3 << 19
_EDGES = (0, 1, 2, 3, 7, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x10000, 0xFFFFFF, 0x7FFFFFFF, 0x80000000)
_EDGES_64 = (*_EDGES, 0xFFFFFFFE, 0xFFFFFFFF, 0x100000000, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
#: Bytes after these marks say where things are and how large they are.
_MARKS = {
    ".czi": (rb"ZISRAW[A-Z]+|DV|<Size[A-Z]>", 96),
    ".nd2": (rb"\xda\xce\xbe\x0a|ui[A-Z]\0|ND2 (?:CHUNK|FILE)", 160),
    ".lif": (rb"N\0u\0m\0b\0e\0r\0O\0f\0E|B\0y\0t\0e\0s\0I\0n\0c|M\0e\0m\0o\0r\0y\0|\x70\0\0\0.{4}\*", 64),
    ".oib": (rb"\xd0\xcf\x11\xe0|\xfd\xff\xff\xff|R\0o\0o\0t\0 |S\0t\0r\0e\0a\0m|M\0a\0x\0S|II\*\0", 256),
    ".lsm": (rb"II\*\0|\x6c\x86\x01\0|\xfe\0\x04\0\x01\0\0\0", 220),
    ".tif": (rb"II\*\0|MM\0\*|\xfe\0\x04\0\x01\0\0\0|\0\x01\x03\0\x01\0\0\0|ImageJ=|Size[A-Z]=", 180),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one damaged file: how it ended, in what time, at how much memory."""

    number: int
    sample: Path
    words: str
    seconds: float
    peak_kib: int

    @property
    def is_bad(self) -> bool:
        """Whether it took too long or too much, ended as no file may, or was refused only once memory was short."""
        ended = self.words in ("complete", "refused")
        return not ended or self.seconds > _SECONDS or self.peak_kib > _PEAK_KIB


def damaged(content: bytes, suffix: str, seed: int) -> bytes:
    """One damaged version of a file; the same for the same seed."""
    choose = random.Random(seed)
    result = bytearray(content)
    places = _structural(content, suffix)
    for _ in range(choose.choice((1, 1, 1, 2, 3, 6))):
        _damage_once(result, choose, places)
    return bytes(result)


def _structural(content: bytes, suffix: str) -> list[tuple[int, int]]:
    pattern, length = _MARKS[suffix]
    found = [(one.start(), length) for one in re.finditer(pattern, content, re.DOTALL)]
    return [(0, 512), (max(0, len(content) - 4096), 4096), *found]


def _damage_once(content: bytearray, choose: random.Random, places: list[tuple[int, int]]) -> None:
    start, length = choose.choice(places) if choose.random() < 0.8 else (0, len(content))
    at = min(start + choose.randrange(length), len(content) - 9)
    match choose.choice(("bit", "byte", "edge", "edge", "edge64", "step", "digit", "cut", "move")):
        case "bit":
            content[at] ^= 1 << choose.randrange(8)
        case "byte":
            content[at] = choose.randrange(256)
        case "edge":
            size = choose.choice((1, 2, 4))
            content[at : at + size] = (choose.choice(_EDGES_64) % (1 << 8 * size)).to_bytes(size, "little")
        case "edge64":
            content[at : at + 8] = choose.choice(_EDGES_64).to_bytes(8, choose.choice(("little", "big")))
        case "step":
            value = int.from_bytes(content[at : at + 4], "little") + choose.choice((-64, -1, 1, 2, 64))
            content[at : at + 4] = (value % (1 << 32)).to_bytes(4, "little")
        case "digit":
            number = re.search(rb"[0-9]", bytes(content[at : at + 4096]))
            if number is not None:
                content[at + number.start()] = choose.choice(b"0123456789-.e")
        case "cut":
            if choose.random() < 0.2:
                del content[max(64, choose.randrange(len(content))) :]
        case "move":
            size = choose.choice((1, 4, 16, 512))
            source = choose.randrange(max(1, len(content) - size))
            content[at : at + size] = content[source : source + size]


def read(path: Path) -> None:
    """All that inspection and conversion read of a file."""
    from confocal_bag.image.acquisition import describe_acquisition
    from confocal_bag.image.acquisition.records import records
    from confocal_bag.image.open import open_image
    from confocal_bag.image.plane_digests import plane_digests

    with open_image(path) as image:
        records(image, describe_acquisition(image))
        plane_digests(image)


def outcome_of(number: int, sample: Path, folder: Path) -> Outcome:
    """Read damaged version `number` of a sample in a process of its own."""
    path = folder / f"{number}{sample.suffix}"
    path.write_bytes(damaged(sample.read_bytes(), sample.suffix.replace(".tiff", ".tif"), number))
    began = time.monotonic()
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        _read_and_tell(path, sender)
    os.close(sender)
    with os.fdopen(receiver, "rb") as stream:
        words = stream.read().decode()
    _, status, usage = os.wait4(child, 0)
    path.unlink()
    if not words:
        words = f"ended by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended without a word"
    return Outcome(
        number=number, sample=sample, words=words, seconds=time.monotonic() - began, peak_kib=usage.ru_maxrss
    )


def _read_and_tell(path: Path, sender: int) -> None:
    from confocal_bag.image.model import UnreadableImage

    words = "complete"
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(3 * _SECONDS)
        read(path)
    except UnreadableImage as error:
        short = "MemoryError" in str(error) or "llocate" in str(error)
        words = f"memory: {error}" if short else "refused"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what this is for
        words = f"{type(error).__name__}: {error}"
    os.write(sender, words.encode("utf-8", "replace")[:2000])
    os._exit(0)


def outcomes(samples: Path, number: int, start: int, suffix: str) -> Iterator[Outcome]:
    """Read `number` damaged versions of the samples of a suffix, which are taken in turn."""
    found = (one for one in samples.rglob("*") if suffix in (one.suffix, one.suffix.removesuffix("f")))
    chosen = sorted(found, key=lambda one: one.name)
    with tempfile.TemporaryDirectory() as folder:
        _warm_up(Path(folder))
        for at in range(start, start + number):
            yield outcome_of(at, chosen[at % len(chosen)], Path(folder))


def _warm_up(folder: Path) -> None:
    """Import and prepare what reading needs, once for all processes.

    No sample is read: a library that started threads would stand still in a process forked from this one.
    """
    for name in ("lxml.etree", "nd2", "oiffile", "liffile", "openreadout", "bioio_nd2", "imagecodecs"):
        import_module(name)
    for name in ("czi", "lif", "oif", "tiff"):
        import_module(f"confocal_bag.image.readers.{name}")
    write_lsm(folder / "warm.lsm", cell_stack(planes=2, size=32))
    read(folder / "warm.lsm")
    gc.collect()
    gc.freeze()


def main() -> None:
    """Print what broke a limit: `python -m tests.image.mutants FOLDER NUMBER [START [SUFFIX...]]`."""
    samples, number, *rest = sys.argv[1:]
    start, suffixes = int(rest[0]) if rest else 0, tuple(rest[1:]) or tuple(_MARKS)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    bad = 0
    for suffix in suffixes:
        seen = list(outcomes(Path(samples), int(number), start, suffix))
        for one in seen:
            if one.is_bad:
                bad += 1
                print(f"{one.sample.name} {one.number}: {one.seconds:.1f} s, {one.peak_kib >> 10} MiB, {one.words}")
        complete = sum(one.words == "complete" for one in seen)
        slowest, peak = max(one.seconds for one in seen), max(one.peak_kib for one in seen) >> 10
        print(f"{suffix}: {len(seen)} read, {complete} complete, slowest {slowest:.1f} s, most {peak} MiB", flush=True)
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
