"""Short tables and sentences of the page: facts, formats, levels, images, events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from confocal_bag.bag.sizes import readable_size
from confocal_bag.deposit.exports.dimensions import short_number
from confocal_bag.page.kept import KeptEvent
from confocal_bag.page.page import Page
from confocal_bag.page.run import RunChannel, RunCheck, RunFile, RunImage, RunLevel, RunMissing
from confocal_bag.vocabulary import PracticeLevel

__all__ = [
    "EventGroup",
    "FixityRow",
    "FormatRow",
    "LevelRow",
    "channel_words",
    "event_groups",
    "facts_of",
    "fixity_rows",
    "format_rows",
    "instrument_words",
    "level_rows",
    "summary_words",
]

_OBJECTIVE = ("objective", "magnification", "numerical_aperture", "immersion")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRow:
    """The files of one format."""

    name: str
    puid: str | None
    mime: str | None
    open: bool | None
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """One practice level: whether it is reached, and what it asks for beyond the levels before it."""

    name: str
    is_reached: bool
    missing: tuple[RunMissing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventGroup:
    """Events of one kind, one after the other."""

    type: str
    begin: str
    end: str
    agent: str
    events: tuple[KeptEvent, ...]


def facts_of(page: Page) -> Iterator[tuple[str, str]]:
    """The figures of the run's summary, and what bag-info.txt says, as names and words."""
    for name, value in page.run.summary.items():
        if value is not None and not isinstance(value, dict | list):
            yield name.replace("_", " "), summary_words(name, value)
    yield from page.kept.bag_info if page.kept else ()


def summary_words(name: str, value: Any) -> str:
    """A value of a summary in words; somebody may have edited a saved one."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return readable_size(value) if "bytes" in name else f"{value:,}"
    return str(value)


def format_rows(files: Iterable[RunFile]) -> list[FormatRow]:
    """The formats of the files, those with most bytes first."""
    groups: dict[str, list[RunFile]] = {}
    for one in files:
        groups.setdefault(one.format.name, []).append(one)
    rows = [
        FormatRow(
            name=name,
            puid=group[0].format.puid,
            mime=group[0].format.mime,
            open=group[0].format.open,
            files=len(group),
            bytes=sum(one.bytes for one in group),
        )
        for name, group in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row.bytes, row.name))


def level_rows(level: RunLevel) -> list[LevelRow]:
    """The practice levels, least demanding first."""
    names = [one.value for one in PracticeLevel]
    rank = names.index(level.reached) if level.reached in names else -1
    said: set[str] = set()
    rows: list[LevelRow] = []
    for number, name in enumerate(names):
        missing = tuple(one for one in level.missing.get(name, ()) if one.field not in said)
        said.update(one.field for one in missing)
        rows.append(LevelRow(name=name, is_reached=number <= rank, missing=missing))
    return rows


def instrument_words(record: RunImage) -> Iterator[tuple[str, str]]:
    """What the header records of microscope and objective; nothing where it records none."""
    known = record.instrument
    maker = " ".join(str(known[name]) for name in ("manufacturer", "model") if known.get(name))
    if maker:
        yield "Microscope", maker
    if objective := _objective(known):
        yield "Objective", objective
    for name, shown in (("acquired", "Acquired"), ("software", "Software")):
        if known.get(name):
            yield shown, str(known[name])


def _objective(known: Mapping[str, Any]) -> str:
    name, magnification, aperture, immersion = (known.get(one) for one in _OBJECTIVE)
    parts = [str(name) if name else ""]
    if isinstance(magnification, int | float) and f"{magnification:g}x" not in parts[0]:
        parts.append(f"{magnification:g}x")
    if isinstance(aperture, int | float):
        parts.append(f"NA {aperture:g}")
    if immersion and str(immersion).casefold() not in parts[0].casefold():
        parts.append(str(immersion))
    return ", ".join(part for part in parts if part)


def channel_words(channel: RunChannel) -> str:
    """A channel's dye and wavelengths, as far as they are recorded."""
    parts = [channel.fluor if channel.fluor and channel.fluor != channel.name else ""]
    if channel.excitation_nm is not None:
        parts.append(f"ex {short_number(channel.excitation_nm)} nm")
    if channel.emission_nm is not None:
        parts.append(f"em {short_number(channel.emission_nm)} nm")
    return ", ".join(part for part in parts if part)


def event_groups(events: Sequence[KeptEvent]) -> list[EventGroup]:
    """The events in their order, those of one kind that follow each other together."""
    found = []
    for (kind, agent), group in groupby(events, key=lambda one: (one.type, one.agent)):
        members = tuple(group)
        found.append(EventGroup(type=kind, begin=members[0].time, end=members[-1].time, agent=agent, events=members))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FixityRow:
    """One question about the bytes of a bag, and what the run has to say to it; `tone` is a class of the page."""

    question: str
    answer: str
    tone: str


_FIXITY = (
    ("bag.file-changed", "Every file has the checksum its manifests list"),
    ("bag.file-missing", "Every file in the manifests is there"),
    ("bag.file-unlisted", "Every payload file is in a manifest"),
    ("bag.file-unreadable", "Every file could be read"),
    ("bag.oxum-wrong", "Bytes and number of files are those of Payload-Oxum"),
    ("bag.algorithm-weak", "The checksums are strong ones"),
    ("image.planes-differ", "Every plane is the one its sidecar records"),
)
_ANSWERS = {"passed": ("yes", "good"), "failed": ("no", "bad"), "skipped": ("not looked at", "middling")}


def fixity_rows(checks: Iterable[RunCheck]) -> list[FixityRow]:
    """What the run says about the bytes of a bag; a rule that was not looked at gives its reason."""
    known = {one.rule: one for one in checks}
    rows = []
    for rule, question in _FIXITY:
        if (check := known.get(rule)) is not None:
            answer, tone = _ANSWERS.get(check.outcome.value, ("does not apply", "dim"))
            answer = f"{answer}: {check.reason}" if check.reason else answer
            rows.append(FixityRow(question=question, answer=answer, tone=tone))
    return rows
