"""The model of a BagIt profile, and how its JSON becomes one without losing what is wrong with it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confocal_bag.findings import Severity

__all__ = ["PROFILE_KEYS", "Comparison", "Fault", "LabelRule", "Profile", "ProfileSubject", "read_profile"]

#: Every top-level key of BagIt Profiles 1.1.0 to 1.4.0.
PROFILE_KEYS = (
    "BagIt-Profile-Info",
    "Bag-Info",
    "Manifests-Required",
    "Manifests-Allowed",
    "Tag-Manifests-Required",
    "Tag-Manifests-Allowed",
    "Tag-Files-Required",
    "Tag-Files-Allowed",
    "Payload-Files-Required",
    "Payload-Files-Allowed",
    "Allow-Fetch.txt",
    "Fetch.txt-Required",
    "Data-Empty",
    "Serialization",
    "Accept-Serialization",
    "Accept-BagIt-Version",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSubject:
    """What a profile can ask about one bag.

    `tag_files` holds every file outside data/, manifests included, as paths relative to the bag; `payload`
    maps 'data/...' to bytes; `serialization` is None for a folder, else the MIME type told by the archive's
    content.
    """

    bagit_version: str
    bag_info: Sequence[tuple[str, str]]
    manifests: Collection[str]
    tag_manifests: Collection[str]
    tag_files: Collection[str]
    payload: Mapping[str, int]
    has_fetch: bool
    serialization: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with the profile file itself.

    `hinders` says that a bag cannot be judged fairly by this profile, for example because a key cannot be
    read.
    """

    key: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    hinders: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRule:
    """What a profile asks of one bag-info.txt label. No values means any value."""

    label: str
    required: bool
    recommended: bool
    repeatable: bool
    values: tuple[str, ...]
    description: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A BagIt profile as read. None means that the key is absent, an empty tuple that its list is empty."""

    name: str
    document: Mapping[str, Any]
    identifier: str | None
    labels: tuple[LabelRule, ...]
    manifests_required: tuple[str, ...]
    manifests_allowed: tuple[str, ...] | None
    tag_manifests_required: tuple[str, ...]
    tag_manifests_allowed: tuple[str, ...] | None
    tag_files_required: tuple[str, ...]
    tag_files_allowed: tuple[str, ...] | None
    payload_files_required: tuple[str, ...]
    payload_files_allowed: tuple[str, ...] | None
    fetch_allowed: bool
    fetch_required: bool
    data_empty: bool
    serialization: str
    accept_serialization: tuple[str, ...] | None
    accept_bagit_version: tuple[str, ...] | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a profile rule looks at; `values` holds the bag-info values by label in small letters."""

    profile: Profile
    subject: ProfileSubject
    values: dict[str, list[str]]


def read_profile(document: Mapping[str, Any], *, name: str) -> Profile:
    """The profile that a JSON object describes; values of the wrong type become its faults."""
    reader = _Reader(document)
    return Profile(
        name=name,
        document=document,
        identifier=reader.identifier(),
        labels=reader.labels(),
        manifests_required=reader.strings("Manifests-Required") or (),
        manifests_allowed=reader.strings("Manifests-Allowed"),
        tag_manifests_required=reader.strings("Tag-Manifests-Required") or (),
        tag_manifests_allowed=reader.strings("Tag-Manifests-Allowed"),
        tag_files_required=reader.strings("Tag-Files-Required") or (),
        tag_files_allowed=reader.strings("Tag-Files-Allowed"),
        payload_files_required=reader.strings("Payload-Files-Required") or (),
        payload_files_allowed=reader.strings("Payload-Files-Allowed"),
        fetch_allowed=reader.flag(document, "Allow-Fetch.txt", default=True),
        fetch_required=reader.flag(document, "Fetch.txt-Required", default=False),
        data_empty=reader.flag(document, "Data-Empty", default=False),
        serialization=reader.serialization(),
        accept_serialization=reader.strings("Accept-Serialization"),
        accept_bagit_version=reader.strings("Accept-BagIt-Version"),
        faults=tuple(reader.faults),
    )


class _Reader:
    """Takes typed values out of a profile's JSON and keeps what had the wrong type as faults."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.faults: list[Fault] = []

    def complain(self, key: str, seen: Any, expected: str, *, hinders: bool) -> None:
        """Keep one value of the wrong type as a fault."""
        message = f"{key} is {json.dumps(seen, ensure_ascii=False)[:80]}; {expected} is expected."
        self.faults.append(Fault(key=key, message=message, remedy=f"Correct {key} in the profile.", hinders=hinders))

    def strings(self, key: str) -> tuple[str, ...] | None:
        """A list of texts. A lone text counts as a list of one, a number as its text, each with a fault."""
        if key not in self.document:
            return None
        return self._strings(key, self.document[key])

    def _strings(self, key: str, value: Any) -> tuple[str, ...] | None:
        if isinstance(value, str):
            self.complain(key, value, "a list of texts", hinders=False)
            return (value,)
        if not isinstance(value, list):
            self.complain(key, value, "a list of texts", hinders=value is not None)
            return None
        for item in value:
            if not isinstance(item, str):
                self.complain(key, item, "a text in quotation marks", hinders=not _is_number(item))
        return tuple(str(item) for item in value if isinstance(item, str) or _is_number(item))

    def flag(self, source: Mapping[str, Any], key: str, *, default: bool, where: str = "") -> bool:
        """A true or false; anything else is a fault and counts as the specification's default."""
        value = source.get(key, default)
        if isinstance(value, bool):
            return value
        self.complain(where + key, value, "true or false", hinders=value is not None)
        return default

    def identifier(self) -> str | None:
        """The BagIt-Profile-Identifier, or None when it is missing, empty or no text."""
        info = self.document.get("BagIt-Profile-Info")
        value = info.get("BagIt-Profile-Identifier") if isinstance(info, dict) else None
        return value.strip() or None if isinstance(value, str) else None

    def serialization(self) -> str:
        """The Serialization word in small letters; 'optional' when absent or not a text."""
        value = self.document.get("Serialization", "optional")
        if isinstance(value, str):
            return value.lower()
        self.complain("Serialization", value, "forbidden, required or optional", hinders=value is not None)
        return "optional"

    def labels(self) -> tuple[LabelRule, ...]:
        """The Bag-Info section, one rule for each label."""
        section = self.document.get("Bag-Info", {})
        if not isinstance(section, dict):
            self.complain("Bag-Info", section, "an object of labels", hinders=section is not None)
            return ()
        return tuple(self._label(label, asked) for label, asked in section.items())

    def _label(self, label: str, asked: Any) -> LabelRule:
        where = f"Bag-Info/{label}/"
        if not isinstance(asked, dict):
            self.complain(f"Bag-Info/{label}", asked, "an object", hinders=asked is not None)
            asked = {}
        description = asked.get("description")
        if description is not None and not isinstance(description, str):
            self.complain(where + "description", description, "a text", hinders=False)
            description = None
        return LabelRule(
            label=label,
            required=self.flag(asked, "required", default=False, where=where),
            recommended=self.flag(asked, "recommended", default=False, where=where),
            repeatable=self.flag(asked, "repeatable", default=True, where=where),
            values=self._strings(where + "values", asked["values"]) or () if "values" in asked else (),
            description=description,
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
