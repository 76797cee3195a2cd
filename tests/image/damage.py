"""Cut image files short and flip their bytes, and compare what is read of each with what the whole file holds.

    python -m tests.image.damage SAMPLES [FLIPS [WORD...]]

prints one line for each sample whose path holds one of the words: how many damaged versions were refused, how many were
read and reported as damaged, how many gave every plane as it was, how many gave every plane with other pixels or under
other coordinates, and what is wrong.
Without a checksum in the file nobody can notice a pixel that changed; a plane that is gone or of another size must be
noticed.
"""

import gc
import json
import logging
import os
import random
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

CUTS = (10, 40, 60, 90, 99)
FLIPS = 200
WORDS = ("refused", "reported", "same", "pixels", "places")
_MEMORY = 3 << 30
_SECONDS = 10
#: Of the versions with flipped bytes every fifth has several.
_SEVERAL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One damaged version of a sample: where it is cut, in percent of its bytes, or which draw of flips it has."""

    cut: int | None = None
    flip: int | None = None

    def of(self, content: bytes) -> bytes:
        """The damaged bytes; the same for the same bytes."""
        if self.cut is not None:
            return content[: len(content) * self.cut // 100]
        choose, result = random.Random(f"{self.flip} {len(content)}"), bytearray(content)
        for _ in range(choose.randint(2, 8) if (self.flip or 0) % _SEVERAL == 0 else 1):
            result[choose.randrange(len(result))] ^= choose.randint(1, 255)
        return bytes(result)

    def __str__(self) -> str:
        return f"cut at {self.cut} %" if self.cut is not None else f"flip {self.flip}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one damaged version.

    `word` is "refused"; "same", "pixels" (other pixels, as many planes of the same size), "places" (as many planes of
    the same size in another order or under other axes), or "reported" (none of these, and the checks of the file's
    structure call it damaged); anything else is a fault of this program.
    """

    sample: Path
    damage: Damage
    word: str
    seconds: float

    @property
    def is_fault(self) -> bool:
        """Whether the program crashed, took too long, or called complete what is not."""
        return self.word not in WORDS or self.seconds > _SECONDS


def all_damage(flips: int = FLIPS) -> list[Damage]:
    """Every cut and as many draws of flips."""
    return [*(Damage(cut=cut) for cut in CUTS), *(Damage(flip=number) for number in range(flips))]


def outcomes(sample: Path, damages: Sequence[Damage]) -> Iterator[Outcome]:
    """Read the sample as it is and then each damaged version of it, each in a process of its own with limits."""
    with tempfile.TemporaryDirectory() as folder:
        path, content = Path(folder, sample.name), sample.read_bytes()
        path.write_bytes(content)
        whole, _ = _in_a_process(path)
        if not isinstance(whole, list):
            raise ValueError(f"{sample} cannot be read as it is: {whole}")
        for damage in damages:
            path.write_bytes(damage.of(content))
            read, seconds = _in_a_process(path)
            word = word_for(whole, read, is_reported=_is_reported(path))
            yield Outcome(sample=sample, damage=damage, word=word, seconds=seconds)


def word_for(whole: list[Any], read: list[Any] | str, *, is_reported: bool = False) -> str:
    """The word of `Outcome` for what was read where `whole` was to be read, or the word that came instead.

    Both hold for each series its axes, its type, the shape of its planes and their digests.
    """
    if isinstance(read, str):
        return read
    if read == whole:
        return "same"
    sizes = [Counter((str(shape), kind) for _, kind, shape, digests in one for _ in digests) for one in (whole, read)]
    if sizes[0] != sizes[1] and is_reported:
        return "reported"
    if sizes[0] != sizes[1]:
        return f"silent: {_short(whole)} became {_short(read)}"
    return "pixels" if [one[:3] for one in whole] == [one[:3] for one in read] else "places"


def _is_reported(path: Path) -> bool:
    """Whether the structure of a TIFF is called damaged, which inspection tells the curator."""
    from confocal_bag.image.tiff_structure import tiff_faults

    return any(fault.is_damage for fault in tiff_faults(path))


def _short(series: list[Any]) -> str:
    return " and ".join(f"{len(digests)} planes {shape} {kind} {axes}" for axes, kind, shape, digests in series[:4])


def _in_a_process(path: Path) -> tuple[list[Any] | str, float]:
    """What was read, or the word for what happened instead, and the seconds it took."""
    began = time.monotonic()
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiver)
        _read_and_tell(path, sender)
    os.close(sender)
    with os.fdopen(receiver, "rb") as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    seconds = time.monotonic() - began
    if os.WIFSIGNALED(status):
        return f"ended by signal {os.WTERMSIG(status)}", seconds
    return (json.loads(told), seconds) if told else ("ended without a word", seconds)


def _read_and_tell(path: Path, sender: int) -> None:
    """In the child: read all that inspection and conversion read, tell it, and end."""
    from confocal_bag.image.model import UnreadableImage

    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(3 * _SECONDS)
        told: Any = _read(path)
    except UnreadableImage as error:
        told = f"out of memory: {error}" if "MemoryError" in str(error) or "llocate" in str(error) else "refused"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what this is for
        told = f"{type(error).__name__}: {error}"[:1000]
    with os.fdopen(sender, "wb") as stream:
        stream.write(json.dumps(told).encode("utf-8", "replace"))
    os._exit(0)


def _read(path: Path) -> list[Any]:
    from confocal_bag.image.acquisition import describe_acquisition
    from confocal_bag.image.acquisition.records import records
    from confocal_bag.image.open import open_image
    from confocal_bag.image.plane_digests import plane_digests

    with open_image(path) as image:
        records(image, describe_acquisition(image))
        digests = plane_digests(image)
        return [
            [
                dict(one.axes),
                one.dtype.str,
                [one.rows, one.columns, one.samples],
                [sha1 for _, sha1 in digests[one.index]],
            ]
            for one in image.series
        ]


def warm_up() -> None:
    """Import what reading needs, once for all processes; a sample read here could leave threads that do not fork."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for name in ("lxml.etree", "nd2", "oiffile", "liffile", "openreadout", "bioio_nd2", "imagecodecs", "ome_types"):
        import_module(name)
    for name in ("readers.czi", "readers.lif", "readers.oif", "readers.tiff", "readers.lsm", "convert"):
        import_module(f"confocal_bag.image.{name}")
    gc.collect()
    gc.freeze()


def samples_in(folder: Path) -> list[Path]:
    """The image files of a folder of samples; of planes of one sequence the first."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".zip", ".tsv")]
    chosen = [path for path in found if not path.is_relative_to(folder / "expected")]
    first = {path.parent: path for path in reversed(chosen) if path.is_relative_to(folder / "seq")}
    return [path for path in chosen if path.parent not in first or first[path.parent] == path]


def main() -> None:
    """Print the figures of each sample, and what is wrong; exit with 1 where something is."""
    folder, *rest = sys.argv[1:]
    flips, words = (int(rest[0]) if rest else FLIPS), rest[1:]
    warm_up()
    wrong = 0
    for sample in samples_in(Path(folder)):
        if words and not any(word in str(sample) for word in words):
            continue
        seen = list(outcomes(sample, all_damage(flips)))
        faults = [one for one in seen if one.is_fault]
        wrong += len(faults)
        count = Counter(one.word for one in seen if not one.is_fault)
        figures = ", ".join(f"{count[word]} {word}" for word in WORDS)
        slowest = max(one.seconds for one in seen)
        print(f"{sample.name}: {len(seen)} read, {figures}, {len(faults)} wrong, slowest {slowest:.1f} s", flush=True)
        for one in faults:
            print(f"    {one.damage}: {one.seconds:.1f} s, {one.word}", flush=True)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
