"""What a bag keeps of itself: its tag files, inventory, events, and the inspection of the deposit it was made of."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confocal_bag.bag.bag import MANIFEST_NAME, read_bag
from confocal_bag.bag.source import BagSource, open_source
from confocal_bag.findings import CannotFinish, one_line, readable_path
from confocal_bag.page.dataset import Dataset, dataset_of
from confocal_bag.page.run import Run, RunFile, RunFormat
from confocal_bag.page.saved_runs import parse_runs

if TYPE_CHECKING:
    from confocal_bag.image.sidecar_check import SidecarFacts

__all__ = ["Conversion", "Kept", "KeptEvent", "read_kept"]

_METADATA = "data/metadata/"
_MOST_LIST = 128 << 20
_MOST_SIDECARS = 2000
_MOST_SIDECAR_BYTES = 64 << 20
#: Earlier versions counted from 0 and said series.
_IMAGE = re.compile(r"(series|image) (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """One line of events.jsonl."""

    type: str
    time: str
    agent: str
    detail: str
    outcome: str
    sources: tuple[str, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One series of a file and its copy, by their paths in the bag; `outcome` is what the log says of it."""

    source: str
    series: int
    copy: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that is read from a bag for its page. Paths are text as in the bag.

    `files` are those of inventory.csv, none where there is none; `packed` is the inspection it was
    made after, `dataset` what it says of its contents. `notes` says what could not be read.
    """

    bag_info: tuple[tuple[str, str], ...]
    manifests: tuple[str, ...]
    payload: Mapping[str, int]
    files: tuple[RunFile, ...]
    origins: Mapping[str, str]
    events: tuple[KeptEvent, ...]
    packed: Run | None
    sidecars: "Mapping[str, SidecarFacts]"
    notes: tuple[str, ...]
    dataset: Dataset = field(default_factory=Dataset)

    @property
    def conversions(self) -> tuple[Conversion, ...]:
        """Each series that was converted."""
        return tuple(
            Conversion(source=event.sources[0], series=_series(event.detail), copy=copy, outcome=event.outcome)
            for event in self.events
            if event.type == "migration" and event.sources
            for copy in event.outcomes
        )


def read_kept(path: Path) -> Kept:
    """Read what a bag says of itself. Nothing in it is believed to be sound; raises CannotFinish for what is no bag."""
    notes: list[str] = []
    with open_source(path) as source:
        bag = read_bag(source, with_manifests=False)
        files, origins = _parsed(source, "inventory.csv", _inventory, notes) or ((), {})
        events = _parsed(source, "events.jsonl", _events, notes) or ()
        packed = _parsed(source, "findings.json", lambda data: parse_runs(data, "findings.json")[0], notes)
        sidecars = _sidecars(source, notes)
        dataset = _parsed(source, "deposit.yaml", lambda data: dataset_of(bag.bag_info, data), notes)
        return Kept(
            dataset=dataset or dataset_of(bag.bag_info, None),
            bag_info=bag.bag_info,
            manifests=tuple(sorted(name for name in source.files if "/" not in name and MANIFEST_NAME.fullmatch(name))),
            payload=bag.payload,
            files=_with_images(files, origins, packed),
            origins=origins,
            events=events,
            packed=packed,
            sidecars=sidecars,
            notes=tuple(notes),
        )


def _parsed(source: BagSource, name: str, parse: Any, notes: list[str]) -> Any:
    """What a file of data/metadata/ says; None where there is none or it is not what it seems, which a note says."""
    path = _METADATA + name
    if path not in source.files:
        return None
    try:
        return parse(source.read(path, limit=_MOST_LIST))
    except (OSError, ValueError, LookupError, TypeError, RecursionError, csv.Error, CannotFinish) as error:
        notes.append(f"{path} could not be read for this page: {one_line(str(error))}")
        return None


def _inventory(data: bytes) -> tuple[tuple[RunFile, ...], dict[str, str]]:
    """The files, and where each came from in the deposit."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))
    files = tuple(
        RunFile(
            path=row["path"],
            bytes=int(row["bytes"]),
            format=_format(row),
            tier=row["tier"],
            tier_reason=row.get("reason") or "",
        )
        for row in rows
    )
    return files, {row["path"]: row["origin"] for row in rows if row.get("origin")}


def _format(row: Mapping[str, str]) -> RunFormat:
    from confocal_bag.image.formats import FORMATS

    known = next((one for one in FORMATS.values() if one.name == row["format"]), None)
    return RunFormat(
        name=row["format"], puid=row.get("puid") or None, mime=row.get("mime") or None, open=known and known.open
    )


def _with_images(files: Iterable[RunFile], origins: Mapping[str, str], packed: Run | None) -> tuple[RunFile, ...]:
    """The files with what the inspection before packing saw in them."""
    seen = {one.path: one for one in packed.files} if packed else {}
    return tuple(
        one.model_copy(update={"images": before.images, "image_problem": before.image_problem})
        if (before := seen.get(origins.get(one.path, "")))
        else one
        for one in files
    )


def _events(data: bytes) -> tuple[KeptEvent, ...]:
    return tuple(_event(json.loads(line)) for line in data.decode("utf-8").splitlines() if line.strip())


def _event(line: Mapping[str, Any]) -> KeptEvent:
    def paths(role: str) -> tuple[str, ...]:
        objects = [one for one in line.get("objects", ()) if one.get("role") == role]
        # An image in a zip file has its sidecar where it would have it were that a folder.
        return tuple("/".join(str(one[key]) for key in ("path", "member") if one.get(key)) for one in objects)

    return KeptEvent(
        type=str(line["type"]),
        time=str(line["dateTime"]),
        agent=str(line.get("agent", "")),
        detail=str(line.get("detail", "")),
        outcome=str(line.get("outcome", "")),
        sources=paths("source"),
        outcomes=paths("outcome"),
    )


def _series(detail: str) -> int:
    """The index of the image that an event is about, from 0."""
    found = _IMAGE.match(detail)
    if not found or len(found[2]) > 6:
        return 0
    return int(found[2]) - (found[1] == "image")


def _sidecars(source: BagSource, notes: list[str]) -> "dict[str, SidecarFacts]":
    """What each sound sidecar says, by the path of the image it speaks of; the bag's rules name the others."""
    from confocal_bag.image.sidecar_check import read_sidecar

    prefix, suffix = _METADATA + "ome/", ".ome.xml"
    names = [name for name in source.files if name.startswith(prefix) and name.endswith(suffix)]
    if len(names) > _MOST_SIDECARS:
        notes.append(f"Of {len(names):,} sidecars the first {_MOST_SIDECARS:,} were read for this page.")
    found: dict[str, SidecarFacts] = {}
    for name in source.in_order(names[:_MOST_SIDECARS]):
        image = "data/" + name.removeprefix(prefix).removesuffix(suffix)
        try:
            found[image] = read_sidecar(source.read(name, limit=_MOST_SIDECAR_BYTES))
        except (OSError, ValueError) as error:
            notes.append(f"{readable_path(name)} could not be read for this page: {one_line(str(error))}")
    return found
