"""Profiles in the format of DART and dart-runner, which can ask for labels in any tag file.

DART's own reading is kept (core/validator.go of dart-runner): a required tag needs a value unless emptyOK is true,
empty texts in lists count for nothing, and an empty tagFilesAllowed forbids nothing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from confocal_bag.bag.profiles.model import Fault, Origin, Profile
from confocal_bag.bag.profiles.reader import read_profile
from confocal_bag.findings import Severity

__all__ = ["import_dart", "is_dart"]

_MARKS = {"bagItProfileInfo", "acceptBagItVersion", "manifestsRequired", "manifestsAllowed", "tagManifestsRequired"}
_TAG_LISTS = ("tags", "tagDefinitions")
_LISTS = {
    "acceptBagItVersion": "Accept-BagIt-Version",
    "acceptSerialization": "Accept-Serialization",
    "manifestsRequired": "Manifests-Required",
    "manifestsAllowed": "Manifests-Allowed",
    "tagManifestsRequired": "Tag-Manifests-Required",
    "tagManifestsAllowed": "Tag-Manifests-Allowed",
    "tagFilesRequired": "Tag-Files-Required",
    "tagFilesAllowed": "Tag-Files-Allowed",
}
_INFO = {
    "bagItProfileIdentifier": "BagIt-Profile-Identifier",
    "bagItProfileVersion": "BagIt-Profile-Version",
    "contactEmail": "Contact-Email",
    "contactName": "Contact-Name",
    "contactPhone": "Contact-Phone",
    "externalDescription": "External-Description",
    "sourceOrganization": "Source-Organization",
    "version": "Version",
}
#: What DART keeps for itself; nothing of it is asked of a bag.
_OWN = {
    *("id", "name", "description", "errors", "required", "userCanDelete", "isBuiltIn", "isDeletable", "baseProfileId"),
    *("bagItProfileInfo", "allowFetchTxt", "serialization", "tarDirMustMatchName", *_TAG_LISTS),
}
_TAG_OWN = {
    *("id", "errors", "tagFile", "tagName", "required", "values", "help", "emptyOK", "emptyOk", "defaultValue"),
    *("userValue", "isBuiltIn", "isUserAddedFile", "isUserAddedTag", "wasAddedForJob", "systemMustSet"),
}


def is_dart(document: Mapping[str, Any]) -> bool:
    """Whether the document is a profile as DART keeps it."""
    tags = [tag for key in _TAG_LISTS for tag in _as_list(document.get(key))]
    return bool(_MARKS & document.keys()) or any(isinstance(tag, dict) and "tagFile" in tag for tag in tags)


def import_dart(document: Mapping[str, Any], *, name: str) -> Profile:
    """The profile, in the keys of BagIt Profiles, with a fault for everything that is not carried over."""
    faults = list(_faults_of_document(document))
    sections = _Sections()
    for key in _TAG_LISTS:
        for number, tag in enumerate(_as_list(document.get(key)), 1):
            sections.add(f"{key}/{number}", tag)
    carried: dict[str, Any] = {
        "BagIt-Profile-Info": _info(document.get("bagItProfileInfo")),
        "Bag-Info": sections.by_file.pop("bag-info.txt", {}),
        **{theirs: _list(document[ours]) for ours, theirs in _LISTS.items() if document.get(ours) is not None},
    }
    if not carried.get("Tag-Files-Allowed", True):
        del carried["Tag-Files-Allowed"]
    if document.get("allowFetchTxt") is not None:
        carried["Allow-Fetch.txt"] = document["allowFetchTxt"]
    if document.get("serialization"):
        carried["Serialization"] = document["serialization"]
    profile = read_profile(
        {**carried, "Other-Info": [{path: labels} for path, labels in sections.by_file.items()]},
        name=name,
        origin=Origin.DART,
        faults=[*faults, *sections.faults],
    )
    return _without_fault_of(profile, "Other-Info")


def _without_fault_of(profile: Profile, key: str) -> Profile:
    """The profile without the remark about a key that only the import wrote."""
    return replace(profile, faults=tuple(fault for fault in profile.faults if fault.key != key))


class _Sections:
    """The tags of a DART profile by tag file, each as an object about one label."""

    def __init__(self) -> None:
        self.by_file: dict[str, dict[str, Any]] = {}
        self.faults: list[Fault] = []

    def add(self, key: str, tag: Any) -> None:
        """Take in one tag definition."""
        file, label = (tag.get("tagFile"), tag.get("tagName")) if isinstance(tag, dict) else (None, None)
        if not (isinstance(file, str) and file.strip() and isinstance(label, str) and label.strip()):
            self.faults.append(
                Fault(
                    key=key,
                    message=f"{key} is {_shown(tag)}; an object with tagFile and tagName is expected.",
                    remedy=f"Correct {key} in the profile.",
                    hinders=True,
                )
            )
            return
        labels = self.by_file.setdefault(file.strip(), {})
        if label.strip() in labels:
            self.faults.append(
                Fault(
                    key=f"{file}/{label}",
                    message=f"The tag {label} of {file} is defined twice; what {key} says of it is not checked.",
                    remedy="Keep one of the definitions.",
                )
            )
            return
        labels[label.strip()] = _label(tag)
        self.faults.extend(_not_carried(f"{file}/{label}/{one}") for one in tag if one not in _TAG_OWN)


def _label(tag: Mapping[str, Any]) -> dict[str, Any]:
    empty_ok = tag.get("emptyOK", tag.get("emptyOk"))
    asked: dict[str, Any] = {"required": _flag(tag.get("required")), "emptyOK": _flag(empty_ok)}
    if tag.get("values") is not None:
        asked["values"] = _list(tag["values"])
    if tag.get("help"):
        asked["description"] = tag["help"]
    return asked


def _info(info: Any) -> dict[str, Any]:
    return {_INFO[key]: value for key, value in info.items() if key in _INFO} if isinstance(info, dict) else {}


def _faults_of_document(document: Mapping[str, Any]) -> Iterator[Fault]:
    yield Fault(
        key="format",
        message="The profile is in DART's own format; it is read as DART reads it.",
        remedy="Export it from DART as a BagIt profile for tools that know no other.",
        severity=Severity.INFO,
    )
    info = document.get("bagItProfileInfo")
    identifier = info.get("bagItProfileIdentifier") if isinstance(info, dict) else None
    if not (isinstance(identifier, str) and identifier.strip()):
        yield Fault(
            key="bagItProfileInfo/bagItProfileIdentifier",
            message="The profile has no bagItProfileIdentifier, so whether a bag claims it is not checked.",
            remedy="Give the profile an identifier.",
            severity=Severity.WARNING,
        )
    if document.get("tarDirMustMatchName"):
        yield Fault(
            key="tarDirMustMatchName",
            message="tarDirMustMatchName asks that the folder in a tar has the name of the tar; it is not checked.",
            remedy="Compare the two names by hand.",
            severity=Severity.WARNING,
        )
    yield from (_not_carried(key) for key in document if key not in _OWN and key not in _LISTS)


def _not_carried(key: str) -> Fault:
    return Fault(
        key=key,
        message=f"{key} is not known of DART's profiles and is not checked.",
        remedy="Check by hand what it asks.",
        severity=Severity.WARNING,
    )


def _list(value: Any) -> Any:
    """A list without its empty texts; older versions of DART wrote a list of one as a text."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        return values
    return [one for one in values if not (isinstance(one, str) and not one.strip())]


def _flag(value: Any) -> Any:
    return False if value is None else value


def _as_list(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty list, anything else as a list of itself, which is a fault then."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]
