"""Profiles of other tools: told by what they hold, and put into the keys of BagIt Profiles.

What cannot be carried over is a fault of the imported profile, so that nobody takes silence for agreement.
"""

from collections.abc import Mapping
from typing import Any

from confocal_bag.bag.profiles.bagger import bagger_fields, import_bagger
from confocal_bag.bag.profiles.dart import import_dart, is_dart
from confocal_bag.bag.profiles.model import PROFILE_KEYS, Profile
from confocal_bag.bag.profiles.reader import read_profile
from confocal_bag.findings import CannotFinish

__all__ = ["profile_of_document"]


def profile_of_document(document: Any, *, name: str) -> Profile:
    """The profile that a JSON document holds, in the format of BagIt Profiles, DART or Bagger.

    Raises CannotFinish for any other document; `name` is what it is called in that sentence.
    """
    if not isinstance(document, dict):
        raise CannotFinish(f"{name} holds no JSON object, so it is no BagIt profile; name a profile's JSON file.")
    if any(key in document for key in PROFILE_KEYS):
        return read_profile(document, name=name)
    if "bagItProfiles" in document:
        return import_dart(_only_profile(document["bagItProfiles"], name), name=name)
    if is_dart(document):
        return import_dart(document, name=name)
    fields = bagger_fields(document)
    if fields is not None:
        return import_bagger(fields, name=name)
    raise CannotFinish(
        f"{name} has none of the keys of a BagIt profile, such as Bag-Info, nor those of a profile of DART or Bagger; "
        "name a profile's JSON file."
    )


def _only_profile(profiles: Any, name: str) -> Mapping[str, Any]:
    """The one profile of DART's exported settings."""
    found = [one for one in profiles if isinstance(one, dict)] if isinstance(profiles, list) else []
    if len(found) == 1:
        return found[0]
    titles = ", ".join(str(one.get("name", "without a name")) for one in found[:10]) or "none"
    raise CannotFinish(
        f"{name} holds the settings of DART with {len(found)} profiles ({titles}) where one is expected; "
        "export one profile from DART and name its file."
    )
