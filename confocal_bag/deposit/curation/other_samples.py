"""Say which files show another kind of sample than the rest: rows of the sheet for a second specimen and its files.

deposit.yaml names the specimen of an image at its file or its acquisition. Files that are named for the second sample
get entries of their own, which say all that the entry before said; all other images are of the first.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.cells import Cell
from confocal_bag.deposit.curation.placing import place_answer
from confocal_bag.deposit.curation.written import UnreadableAnswer
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description, FileDescription
from confocal_bag.deposit.description.text import yaml_text
from confocal_bag.deposit.file_entries import FileEntries, matches
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.findings import readable_path

__all__ = ["SAMPLE_FILES", "rows_for_another", "with_sample_of_files"]

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


def rows_for_another(view: DepositView) -> tuple[Cell, ...]:
    """Places for the answers about a second sample; none where it cannot be, or several are described already."""
    files = {image.header.path for image in view.images}
    if len(files) < 2 or len(view.description.specimens) > 1:
        return ()
    last = max(files)
    return tuple(Cell(field=f"specimens[1].{leaf}", question=text, example=one or last) for leaf, text, one in _ROWS)


def with_sample_of_files(text: str, place: int, answer: str, inventory: Inventory) -> str:
    """The description with the specimen at `place` as that of the files that an answer names.

    Raises `UnreadableAnswer` where it names no file, or nothing is said of the specimen; `NoPlace` and
    `AlreadyAnswered` where deposit.yaml says otherwise.
    """
    said = read_description(text).description
    if place >= len(said.specimens):
        raise UnreadableAnswer(f"nothing is said of this sample yet; answer specimens[{place}].organism.name too")
    wanted = _named_files(answer, inventory)
    ids = [one.id or f"s{number}" for number, one in enumerate(said.specimens)]
    for number, one in enumerate(said.specimens):
        if one.id is None:
            text = place_answer(text, f"specimens[{number}].id", ids[number])
    for path in wanted:
        text = _of_file(text, said, path, ids[place])
    for number, acquisition in enumerate(said.acquisitions):
        if acquisition.specimen is None and acquisition.is_recorded:
            name = acquisition.id or str(number)
            text = place_answer(text, f"acquisitions[{name}].specimen", yaml_text(ids[0]))
    return text


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


def _of_file(text: str, said: Description, path: str, specimen: str) -> str:
    """Write the specimen into the entry of a file, which says what the entry of its pattern says where it is new."""
    index = FileEntries(one.path or "" for one in said.files).index_for(path)
    general = said.files[index] if index is not None else FileDescription()
    if (general.path or "").removeprefix("./") != path:
        for leaf, value in _told(general):
            text = place_answer(text, f"files[{path}].{leaf}", value)
    return place_answer(text, f"files[{path}].specimen", yaml_text(specimen))


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
