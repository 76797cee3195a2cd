"""Profiles in the format of Bagger, the Library of Congress's program: what is asked of bag-info.txt, field by field.

Such a profile is an object of fields, or has them in a list under `ordered` to keep their order. It says nothing of
manifests, tag files or serialization, and has no identifier a bag could claim.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from confocal_bag.bag.profiles.model import Fault, Origin, Profile
from confocal_bag.bag.profiles.reader import read_profile
from confocal_bag.findings import CannotFinish, Severity

__all__ = ["bagger_fields", "import_bagger"]

_ORDERED = "ordered"
_FIELD_KEYS = {"fieldRequired", "requiredValue", "defaultValue", "valueList", "isReadOnly", "fieldType"}
#: Objects of fields inside the object of fields, and what Bagger keeps beside them.
_GROUPS = ("Custom-info", "Standard-info")
_CONTACTS = ("Organization", "Send-To", "Send-From")

Fields = list[tuple[str, Any]]


def bagger_fields(document: Mapping[str, Any]) -> Fields | None:
    """The fields in their order, None when the document is no profile of Bagger's."""
    if _ORDERED in document:
        return list(_ordered_fields(document))
    fields = list(_fields(document))
    marked = any(isinstance(asked, dict) and _FIELD_KEYS & asked.keys() for _, asked in fields)
    return fields if marked else None


def _ordered_fields(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    ordered = document[_ORDERED]
    for number, group in enumerate(ordered if isinstance(ordered, list) else [ordered], 1):
        if isinstance(group, dict):
            yield from _fields(group)
        else:
            yield f"{_ORDERED}/{number}", group
    yield from _fields({key: value for key, value in document.items() if key != _ORDERED})


def _fields(group: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, asked in group.items():
        if name in _GROUPS and isinstance(asked, dict):
            yield from asked.items()
        elif name != "name" or isinstance(asked, dict):
            yield name, asked


def import_bagger(fields: Fields, *, name: str) -> Profile:
    """The profile, its fields as the labels of Bag-Info, with a fault for everything that is not carried over."""
    faults = [_fault_of_format()]
    labels: dict[str, Any] = {}
    for label, asked in fields:
        if label in _CONTACTS and not (isinstance(asked, dict) and _FIELD_KEYS & asked.keys()):
            faults.append(_not_carried(label, "is about the people who send bags, not about a bag"))
        elif not isinstance(asked, dict):
            faults.append(_no_field(label, asked))
        elif label in labels:
            faults.append(_twice(label))
        else:
            labels[label] = _label(label, asked, faults)
    if not labels:
        raise CannotFinish(
            f"{name} is a profile in Bagger's format without a field, so it asks nothing of a bag; "
            "get a sound copy from whoever publishes it."
        )
    return read_profile({"Bag-Info": labels}, name=name, origin=Origin.BAGGER, faults=faults)


def _label(label: str, asked: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    required = asked.get("fieldRequired")
    rule: dict[str, Any] = {"required": False if required is None else required, "emptyOK": False}
    if asked.get("requiredValue"):
        rule["values"] = [asked["requiredValue"]]
    elif asked.get("valueList") is not None:
        rule["values"] = asked["valueList"]
    if asked.get("isReadOnly"):
        faults.append(_not_carried(f"{label}/isReadOnly", "keeps people from changing a value in Bagger"))
    for key in asked:
        if key not in _FIELD_KEYS:
            faults.append(_not_carried(f"{label}/{key}", "is not known of Bagger's profiles"))
    return rule


def _fault_of_format() -> Fault:
    return Fault(
        key="format",
        message="The profile is in Bagger's format, which asks something of bag-info.txt only; "
        "manifests, tag files and serialization are not checked.",
        remedy="Write a BagIt profile to have them checked.",
        severity=Severity.INFO,
    )


def _not_carried(key: str, why: str) -> Fault:
    return Fault(
        key=key,
        message=f"{key} {why}; it is not checked.",
        remedy="Check by hand what it asks of a bag.",
        severity=Severity.WARNING,
    )


def _no_field(label: str, asked: Any) -> Fault:
    return Fault(
        key=label,
        message=f"{label} is {json.dumps(asked, ensure_ascii=False)[:80]}; an object about a field is expected.",
        remedy=f"Correct {label} in the profile.",
        hinders=True,
    )


def _twice(label: str) -> Fault:
    return Fault(
        key=label,
        message=f"The field {label} is defined twice; only the first definition is checked.",
        remedy="Keep one of the definitions.",
    )
