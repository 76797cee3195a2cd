"""Say which files show another kind of sample than the rest: rows of the sheet for a second specimen and its files.

deposit.yaml names the specimen of an image at its file or its acquisition. Files that are named for the second sample
get entries of their own, which say all that the entry before said; all other images are of the first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.answered import Written
from confocal_bag.deposit.curation.cells import Cell
from confocal_bag.deposit.curation.placing import place_answer
from confocal_bag.deposit.curation.sample_places import SampleFiles
from confocal_bag.deposit.curation.written import UnreadableAnswer
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description, FileDescription
from confocal_bag.deposit.description.text import yaml_text
from confocal_bag.deposit.file_entries import FileEntries, matches
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.findings import readable_path

__all__ = ["SAMPLE_FILES", "SampleTaken", "rows_for_another", "with_sample_of_files"]

#: The question id of the row that names the files of a sample; deposit.yaml has no such field.
SAMPLE_FILES = re.compile(r"specimens\[(?P<place>\d+)\]\.files")

_ROWS = (
    ("organism.name", "If there is a second kind of sample: which species or material is it?", "Homo sapiens"),
    ("origin", "If there is a second kind of sample: where does it come from?", "HeLa cells (ATCC CCL-2)"),
    (
        "files",
        "If there is a second kind of sample: which files or folders show it? All other images are taken to show the "
        "first. Folders (human/) and patterns (control_*.tif) will do, parted by semicolons. (For a third, copy these "
        "rows and write specimens[2].)",
        None,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTaken:
    """The new text of deposit.yaml, what sheets have written so far, and the paths that the answer stands for."""

    text: str
    record: Mapping[str, Written]
    paths: tuple[str, ...]


def rows_for_another(view: DepositView) -> tuple[Cell, ...]:
    """Places for the answers about a second sample; none where it cannot be, or several are described already."""
    files = {image.header.path for image in view.images}
    if len(files) < 2 or len(view.description.specimens) > 1:
        return ()
    last = max(files)
    return tuple(Cell(field=f"specimens[1].{leaf}", question=text, example=one or last) for leaf, text, one in _ROWS)


def with_sample_of_files(
    text: str,
    place: int,
    answer: str,
    inventory: Inventory,
    *,
    record: Mapping[str, Written],
    claimed: frozenset[str] = frozenset(),
) -> SampleTaken:
    """The description with the specimen at `place` as that of the files that an answer names, and of no others.

    `record` is what sheets wrote before: only that is taken back. `claimed` are files that the same sheet names for
    another sample. Raises `UnreadableAnswer` where the answer names no file, or nothing is said of the specimen;
    `NoPlace` and `AlreadyAnswered` where deposit.yaml says otherwise.
    """
    said = read_description(text).description
    if place >= len(said.specimens):
        raise UnreadableAnswer(f"nothing is said of this sample yet; answer specimens[{place}].organism.name too")
    wanted = _named_files(answer, inventory)
    ids = [one.id or f"s{number}" for number, one in enumerate(said.specimens)]
    for number, one in enumerate(said.specimens):
        if one.id is None:
            text = place_answer(text, f"specimens[{number}].id", ids[number])
    files = SampleFiles(text=text, record=record, first=ids[0])
    files.take_back(ids[place], wanted)
    said = read_description(files.text).description
    for path in wanted:
        if path in claimed:
            raise UnreadableAnswer(f"another row of the sheet names {path} for another sample; keep one of the two")
        files.text = _with_own_entry(files.text, said, path)
        files.show("files", path, ids[place])
    files.agree(inventory)
    asked = f"specimens[{place}].files"
    files.record[asked] = Written(field=asked, value=f"[{', '.join(map(yaml_text, wanted))}]")
    return SampleTaken(text=files.text, record=files.record, paths=wanted)


def _named_files(answer: str, inventory: Inventory) -> tuple[str, ...]:
    """The paths of the images that names, folders and patterns stand for. Raises `UnreadableAnswer`."""
    paths = [readable_path(one.path) for one in inventory.every if one.images]
    found: dict[str, None] = {}
    for name in (part.strip(" \"'") for part in re.split(r"[;\n]|,\s|\s+and\s+", answer)):
        here = [path for path in paths if _is_named(path, name)] if name else []
        if name and not here:
            raise UnreadableAnswer(
                f"no image is called {name!r}; write names of files, folders (human/) or patterns (control_*.tif), "
                "parted by semicolons"
            )
        found.update(dict.fromkeys(here))
    return tuple(found)


def _is_named(path: str, name: str) -> bool:
    """Whether a name stands for a file: its path, its name, the name of a folder, or a pattern of these."""
    folders = [str(one) for one in PurePosixPath(path).parents]
    return (
        matches(name, path)
        or matches(name, PurePosixPath(path).name)
        or any(name.rstrip("/") in (folder, PurePosixPath(folder).name) for folder in folders if folder != ".")
    )


def _with_own_entry(text: str, said: Description, path: str) -> str:
    """With an entry of the file, which says what the entry of its pattern says where it is new."""
    index = FileEntries(one.path or "" for one in said.files).index_for(path)
    general = said.files[index] if index is not None else FileDescription()
    if (general.path or "").removeprefix("./") != path:
        for leaf, value in _told(general):
            text = place_answer(text, f"files[{path}].{leaf}", value)
    return text


def _told(entry: FileDescription) -> Sequence[tuple[str, str]]:
    """What an entry says besides its path and specimen, as YAML."""
    told = [("tier", entry.tier.value)] if entry.tier else []
    told += [
        (leaf, yaml_text(value)) for leaf in ("description", "created") if (value := getattr(entry, leaf)) is not None
    ]
    for leaf in ("acquisition", "derived_from", "codes"):
        listed = getattr(entry, leaf)
        if listed:
            told.append((leaf, f"[{', '.join('null' if one is None else yaml_text(one) for one in listed)}]"))
    tool = {name: getattr(entry.tool, name) for name in ("name", "version", "command")}
    if entry.tool.is_recorded:
        inner = ", ".join(f"{name}: {yaml_text(value)}" for name, value in tool.items() if value is not None)
        told.append(("tool", f"{{{inner}}}"))
    return told
