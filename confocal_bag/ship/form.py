"""In which form a bag travels: as a folder, or as one file; profiles may ask for one or the other."""

from collections.abc import Iterable, Sequence

from confocal_bag.bag.profiles.load import load_profile, shipped_profiles
from confocal_bag.bag.profiles.model import Profile
from confocal_bag.findings import CannotFinish
from confocal_bag.vocabulary import BagForm as Form

__all__ = ["Form", "choose_form", "demanding_profiles"]


#: The media types of each archive, without "application/" and "x-".
_TYPES = {
    "zip": Form.ZIP,
    "zip-compressed": Form.ZIP,
    "tar": Form.TAR,
    "gzip": Form.TAR_GZ,
    "tgz": Form.TAR_GZ,
    "gtar": Form.TAR_GZ,
    "compressed-tar": Form.TAR_GZ,
    "tar+gzip": Form.TAR_GZ,
    "zstd": Form.TAR_ZST,
}


def demanding_profiles(named: Sequence[str], bag_info: Iterable[tuple[str, str]]) -> list[Profile]:
    """The profiles whose Serialization counts: those named, else those shipped here that the bag claims."""
    if named:
        return [load_profile(one) for one in named]
    claimed = {value for label, value in bag_info if label.casefold() == "bagit-profile-identifier"}
    shipped = [load_profile(name) for name in shipped_profiles()]
    return [one for one in shipped if one.identifier in claimed]


def choose_form(wanted: Form | None, profiles: Sequence[Profile], *, travels_as: Form | None) -> Form:
    """The form asked for, or the first that every profile accepts: a folder where they leave it open.

    `travels_as` is the form of a bag that is an archive already, which stays as it is. Raises CannotFinish where what
    is wanted is not accepted.
    """
    accepted = [form for form in Form if all(form in _accepted(profile) for profile in profiles)]
    chosen = wanted or travels_as or (accepted[0] if accepted else None)
    if chosen is None:
        raise CannotFinish("The profiles of the bag accept no form in common; name one with --as, or another profile.")
    if travels_as is not None and chosen is not travels_as:
        raise CannotFinish(
            f"The bag is a {travels_as} already, which is sent as it is; unpack it to send it as {chosen}."
        )
    if chosen not in accepted:
        names = ", ".join(profile.name for profile in profiles)
        said = ", ".join(accepted) or "no form in common"
        raise CannotFinish(f"A bag of {names} travels as {said}, not as {chosen}; choose another form with --as.")
    return chosen


def _accepted(profile: Profile) -> list[Form]:
    """The forms that a profile accepts, in its own order of archives."""
    if profile.serialization == "forbidden":
        return [Form.FOLDER]
    listed = profile.accept_serialization
    archives = [one for one in Form if one is not Form.FOLDER] if listed is None else [*map(_form, listed)]
    known = [one for one in archives if one is not None]
    return known if profile.serialization == "required" else [Form.FOLDER, *known]


def _form(media_type: str) -> Form | None:
    return _TYPES.get(media_type.casefold().rpartition("/")[2].removeprefix("x-"))
