"""Descriptions that just reach a practice level, made from the levels' own tables and filled in with their examples."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from ruamel.yaml import YAML

from confocal_bag.deposit.description.fields import FIELD_HELP, needed_level
from confocal_bag.deposit.levels.table import NEEDS
from confocal_bag.deposit.levels.view import Need
from confocal_bag.vocabulary import PracticeLevel

Data = dict[str, Any]
#: Sections of deposit.yaml that are lists of entries; `channels` within an acquisition is one, too.
LISTS = ("creators", "specimens", "channels", "instruments", "acquisitions", "files")
#: What ties the entries together, and names the files; no level asks for it by itself.
SKELETON: Data = {
    "creators": [{}],
    "specimens": [{"id": "s1"}],
    "channels": [{"id": "c0"}],
    "instruments": [{"id": "m1"}],
    "acquisitions": [{"id": "a1", "instrument": "m1", "specimen": "s1", "channels": [{"channel": "c0"}]}],
    "files": [{"path": "raw/*"}, {"path": "transformed/*"}],
}


def example(field: str) -> Any:
    """The example that the table of fields gives, as YAML reads it."""
    return YAML(typ="safe").load(FIELD_HELP[field].example)


def entries(data: Data, field: str) -> Iterator[tuple[Data, str]]:
    """The groups of a description that hold a field, and its name there; groups that are not there yet are made."""
    *steps, leaf = field.split(".")
    groups = [data]
    for depth, step in enumerate(steps):
        inner = step in LISTS and (depth == 0 or step == "channels")
        groups = [one for group in groups for one in (group.get(step, []) if inner else [group.setdefault(step, {})])]
    for group in groups:
        yield group, leaf


def write(data: Data, field: str) -> None:
    """Fill a field in with its example, in each entry that has it."""
    for group, leaf in entries(data, field):
        group[leaf] = deepcopy(example(field))


def remove(data: Data, field: str) -> None:
    """Leave a field out, in each entry that has it."""
    for group, leaf in entries(data, field):
        group.pop(leaf, None)


def main_field(need: Need) -> str:
    """The field that a deposit fills in for a need: the first that has an example."""
    return next((field for field in need.fields if field in FIELD_HELP and FIELD_HELP[field].example), need.fields[0])


def described(level: PracticeLevel, *, channels: int = 1) -> Data:
    """A description with everything a level asks for, and nothing that only a higher one does."""
    data = deepcopy(SKELETON)
    data["channels"] = [{"id": f"c{number}"} for number in range(channels)]
    data["acquisitions"][0]["channels"] = [{"channel": f"c{number}"} for number in range(channels)]
    for need in NEEDS:
        field = main_field(need)
        if needed_level(need.fields[0]).rank <= level.rank and field in FIELD_HELP and FIELD_HELP[field].example:
            write(data, field)
    write(data, "protocols.acquisition")  # the part `protocols`: one protocol, whichever
    remove(data, "access.until")  # asked for of an embargo only, and nonsense without
    return data


def as_yaml(data: Data) -> str:
    """The text of deposit.yaml; every JSON document is YAML."""
    return json.dumps(data, default=str, indent=1)
