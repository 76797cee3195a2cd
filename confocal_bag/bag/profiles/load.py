"""Load a BagIt profile (1.1.0 to 1.4.0, or one of DART's or Bagger's) by a shipped name or from a JSON file.

A profile is JSON written by somebody else. What cannot be read at all is refused with a sentence; what can
be read but breaks the specification is kept as a `Fault`, so that one sloppy key does not hide what the
rest of the profile asks.
"""

import json
import stat
from pathlib import Path
from typing import Any

from confocal_bag.bag.profiles.importer import profile_of_document
from confocal_bag.bag.profiles.model import (
    Fault,
    LabelRule,
    Profile,
    ProfileSubject,
)
from confocal_bag.findings import CannotFinish, UsageProblem, readable_path
from confocal_bag.resources import profiles_folder

__all__ = ["Fault", "LabelRule", "Profile", "ProfileSubject", "load_profile", "shipped_profiles"]

_MOST_BYTES = 1024 * 1024
_MOST_LEVELS = 32


def shipped_profiles() -> list[str]:
    """The names of the profiles that come with confocal-bag, least demanding practice level first."""
    order = {"confocal-minimum": 0, "confocal-good-enough": 1, "confocal-most-reproducible": 2}
    names = [path.stem for path in profiles_folder().glob("*.json")]
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def load_profile(name_or_path: str | Path) -> Profile:
    """The profile of that shipped name, or of that JSON file. Raises CannotFinish when it is neither."""
    if isinstance(name_or_path, str) and name_or_path in shipped_profiles():
        return profile_of_document(_load_document(profiles_folder() / f"{name_or_path}.json"), name=name_or_path)
    if isinstance(name_or_path, str) and "://" in name_or_path:
        raise CannotFinish(
            f"{name_or_path} is a web address, and profiles are not downloaded during a check; "
            "save the profile to a file and name that file."
        )
    return profile_of_document(_load_document(Path(name_or_path)), name=readable_path(name_or_path))


def _load_document(path: Path) -> Any:
    shown = readable_path(path)
    text = _read_text(path)
    try:
        document = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
        levels = _levels(document)
    except (ValueError, RecursionError) as error:
        raise CannotFinish(
            f"{shown} cannot be read as JSON ({_sentence(error)}); a BagIt profile is a JSON file: "
            "get a sound copy from whoever publishes the profile."
        ) from None
    if levels > _MOST_LEVELS:
        raise CannotFinish(
            f"{shown} nests {levels} levels deep, a BagIt profile has about 4; it is not read any further: "
            "get a sound copy from whoever publishes the profile."
        )
    return document


def _read_text(path: Path) -> str:
    shown = readable_path(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CannotFinish(f"{shown} is not a regular file; name a profile's JSON file.")
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise UsageProblem(
            f"{shown} is neither a profile of this tool ({', '.join(shipped_profiles())}) nor a file; "
            "name one of these or a profile's JSON file."
        ) from None
    except (OSError, ValueError) as error:
        raise CannotFinish(f"{shown} cannot be read ({error}); check the name and its permissions.") from None
    if len(content) > _MOST_BYTES:
        raise CannotFinish(
            f"{shown} is larger than {_MOST_BYTES} bytes, a BagIt profile has a few thousand; "
            "check that it is the profile that was meant."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotFinish(f"{shown} is not UTF-8 text as JSON must be; save it as UTF-8.") from None


def _sentence(error: Exception) -> str:
    return "it nests too deeply" if isinstance(error, RecursionError) else str(error)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of unique keys: of a key given twice, one constraint would be lost in silence."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} is given twice in one object")
        found[key] = value
    return found


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _levels(document: Any) -> int:
    levels, now = 0, [document]
    while now:
        levels += 1
        inside = [one.values() if isinstance(one, dict) else one for one in now if isinstance(one, dict | list)]
        now = [value for values in inside for value in values]
    return levels
