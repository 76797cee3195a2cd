"""How the JSON of a profile becomes its model, without losing what is wrong with it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from confocal_bag.bag.paths import plain_path, unsafe_because
from confocal_bag.bag.profiles.expressions import Expression, ExpressionFault, StepLimit
from confocal_bag.bag.profiles.model import PROFILE_KEYS, Fault, LabelRule, Origin, Profile, TagFileRule
from confocal_bag.findings import Severity

__all__ = ["read_profile"]

#: What an object about one label may hold. `recommended` comes from the profile of Beyond the Repository, `regex` from
#: bagit-utils, `emptyOK` from DART; what they ask is checked.
_LABEL_KEYS = {"required", "values", "repeatable", "description", "recommended", "regex", "emptyOK", "emptyOk"}
#: Keys of other tools that ask nothing of a bag, so that nothing is lost by not checking them.
_HARMLESS_LABEL_KEYS = {"default", "defaultValue", "help"}
#: The key under which other tools keep what they ask of further tag files.
_OTHER_INFO = "Other-Info"


def read_profile(
    document: Mapping[str, Any],
    *,
    name: str,
    origin: Origin = Origin.BAGIT_PROFILES,
    faults: Iterable[Fault] = (),
) -> Profile:
    """The profile that a JSON object describes; values of the wrong type become its faults.

    A profile of another `origin` has been put into the keys of BagIt Profiles before, which may have met `faults`.
    """
    reader = _Reader(document)
    reader.faults.extend(faults)
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
        tag_file_rules=tuple(reader.tag_file_rules()),
        origin=origin,
        faults=tuple(reader.faults),
    )


class _Reader:
    """Takes typed values out of a profile's JSON and keeps what had the wrong type as faults."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.faults: list[Fault] = []
        self._steps = StepLimit()

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
        return self._labels("Bag-Info", section)

    def tag_file_rules(self) -> Iterator[TagFileRule]:
        """The sections about other tag files, which BagIt Profiles does not know, where it is plain what they mean."""
        for key, section in self.document.items():
            if key not in PROFILE_KEYS:
                found = list(self._other_sections(key, section))
                yield from found
                self.faults.append(_unknown_section(key, found))

    def _other_sections(self, key: str, section: Any) -> Iterator[TagFileRule]:
        """Other-Info holds sections by the names of their tag files; one may also stand beside Bag-Info."""
        if key == _OTHER_INFO:
            groups = section if isinstance(section, list) else [section]
            named = [pair for group in groups if isinstance(group, dict) for pair in group.items()]
        else:
            is_misspelled = key.lower() in {known.lower() for known in PROFILE_KEYS}
            is_section = key.lower().endswith(("-info", "-info.txt")) and not is_misspelled
            named = [(key, section)] if is_section else []
        for name, labels in named:
            path = name if name.lower().endswith(".txt") else f"{name.lower()}.txt"
            is_plain = unsafe_because(path) is None and plain_path(path) == path and not path.startswith("data/")
            if is_plain and isinstance(labels, dict) and all(isinstance(asked, dict) for asked in labels.values()):
                yield TagFileRule(path=path, labels=self._labels(name, labels))
            else:
                self.complain(f"{key}/{name}", labels, "an object of labels for a tag file", hinders=False)

    def _labels(self, where: str, section: Mapping[str, Any]) -> tuple[LabelRule, ...]:
        return tuple(self._label(f"{where}/{label}", label, asked) for label, asked in section.items())

    def _label(self, where: str, label: str, asked: Any) -> LabelRule:
        if not isinstance(asked, dict):
            self.complain(where, asked, "an object", hinders=asked is not None)
            asked = {}
        where += "/"
        description = asked.get("description")
        if description is not None and not isinstance(description, str):
            self.complain(where + "description", description, "a text", hinders=False)
            description = None
        self._name_unknown_keys(where, asked)
        return LabelRule(
            label=label,
            required=self.flag(asked, "required", default=False, where=where),
            recommended=self.flag(asked, "recommended", default=False, where=where),
            repeatable=self.flag(asked, "repeatable", default=True, where=where),
            values=self._strings(where + "values", asked["values"]) or () if "values" in asked else (),
            description=description,
            expression=self._expression(where + "regex", asked.get("regex")),
            empty_ok=self._empty_ok(where, asked),
        )

    def _empty_ok(self, where: str, asked: Mapping[str, Any]) -> bool | None:
        for key in ("emptyOK", "emptyOk"):
            if key in asked:
                return self.flag(asked, key, default=True, where=where)
        return None

    def _expression(self, key: str, source: Any) -> Expression | None:
        if source is None or source == "":
            return None
        if not isinstance(source, str):
            self.complain(key, source, "a regular expression", hinders=True)
            return None
        try:
            return Expression(source, self._steps)
        except ExpressionFault as fault:
            self.faults.append(_fault_of_expression(key, source, fault))
            return None

    def _name_unknown_keys(self, where: str, asked: Mapping[str, Any]) -> None:
        for key in asked:
            if key in _HARMLESS_LABEL_KEYS:
                self.faults.append(replace(_unknown(where + key), severity=Severity.INFO))
            elif key not in _LABEL_KEYS:
                self.faults.append(_unknown(where + key))


def _fault_of_expression(key: str, source: str, fault: ExpressionFault) -> Fault:
    shown = json.dumps(source, ensure_ascii=False)[:80]
    if fault.is_malformed:
        return Fault(
            key=key,
            message=f"{key} is {shown}, which is no regular expression: {fault}.",
            remedy=f"Correct {key} in the profile.",
            hinders=True,
        )
    return Fault(
        key=key,
        message=f"{key} is {shown}, which is not checked: {fault}, and such expressions can take for ever.",
        remedy="Check by hand what it asks, or write it without lookaround, backreferences and large repeats.",
        severity=Severity.WARNING,
    )


def _unknown_section(key: str, rules: list[TagFileRule]) -> Fault:
    if not rules:
        return _unknown(key)
    files = ", ".join(rule.path for rule in rules)
    return Fault(
        key=key,
        message=f"{key} is not a key of BagIt Profiles; it is read as what the profile asks of {files}.",
        remedy="Check that this is what is meant; other tools may pass over it.",
        severity=Severity.INFO,
    )


def _unknown(key: str) -> Fault:
    meant = [known for known in PROFILE_KEYS if known.lower() == key.lower()]
    remedy = f"Write {meant[0]}." if meant else "Check by hand what this key asks, or remove it from the profile."
    return Fault(
        key=key,
        message=f"{key} is not a key of BagIt Profiles 1.1.0 to 1.4.0 and is not checked.",
        remedy=remedy,
        severity=Severity.WARNING,
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
