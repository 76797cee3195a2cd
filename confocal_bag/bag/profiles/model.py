"""The model of a BagIt profile, whatever format it came in, and of what it can ask of a bag."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from confocal_bag.bag.profiles.expressions import Expression
from confocal_bag.findings import Severity

__all__ = [
    "PROFILE_KEYS",
    "Comparison",
    "Fault",
    "LabelRule",
    "Origin",
    "Profile",
    "ProfileSubject",
    "TagFields",
    "TagFileRule",
]

#: Gives the fields of a tag file in their order, None where the bag has no such file. Raises OSError.
TagFields = Callable[[str], Sequence[tuple[str, str]] | None]

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
    content. Without `tag_fields` no tag file but bag-info.txt is looked into.
    """

    bagit_version: str
    bag_info: Sequence[tuple[str, str]]
    manifests: Collection[str]
    tag_manifests: Collection[str]
    tag_files: Collection[str]
    payload: Mapping[str, int]
    has_fetch: bool
    serialization: str | None
    tag_fields: TagFields | None = None


class Origin(StrEnum):
    """The formats a profile can be written in."""

    BAGIT_PROFILES = "BagIt Profiles"
    DART = "DART"
    BAGGER = "Bagger"


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
    """What a profile asks of one label of a tag file. No values means any value.

    `empty_ok` is None where the profile does not say whether a required label may stand without a value.
    """

    label: str
    required: bool
    recommended: bool
    repeatable: bool
    values: tuple[str, ...]
    description: str | None
    expression: Expression | None = None
    empty_ok: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFileRule:
    """What a profile asks of the labels of a tag file other than bag-info.txt."""

    path: str
    labels: tuple[LabelRule, ...]


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
    tag_file_rules: tuple[TagFileRule, ...] = ()
    origin: Origin = Origin.BAGIT_PROFILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a profile rule looks at; `values` holds the bag-info values by label in small letters."""

    profile: Profile
    subject: ProfileSubject
    values: dict[str, list[str]]
