"""Who may be named in a deposit: its creators and contributors, in the forms that headers have of them."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from confocal_bag.deposit.description.model import Description, Person
from confocal_bag.image.privacy import PersonalField, PersonalKind
from confocal_bag.image.privacy.detectors import is_home

__all__ = ["allowed_names", "is_allowed", "is_shared"]

#: Accounts that everybody uses, without blanks.
_SHARED = {
    "guest", "user", "admin", "administrator", "lsmuser", "zeiss", "leica", "nikon", "olympus", "test", "confocal",
}  # fmt: skip


def allowed_names(description: Description | None) -> frozenset[str]:
    """The creators and contributors in every form a header may have: names, logins made of them, e-mail, ORCID."""
    people = (*description.creators, *description.contributors) if description else ()
    return frozenset(form for person in people for form in _forms(person) if len(form) > 1)


def _forms(person: Person) -> Iterator[str]:
    given, family = person.given or "", person.family or ""
    words = (person.name or "").replace(",", " ").split()
    pairs = [(given, family)]
    if words:
        # A name in one piece may be written in either order.
        pairs += [(" ".join(words[:-1]), words[-1]), (" ".join(words[1:]), words[0])]
    for before, after in pairs:
        yield from _logins(before, after)
    if person.affiliation.name:
        yield _plain(person.affiliation.name)
    for exact in (person.email, person.orcid):
        if exact:
            yield _plain(exact)
            yield _plain(exact.partition("@")[0] if "@" in exact else exact.rpartition("/")[2])


def _logins(given: str, family: str) -> Iterator[str]:
    """The name in either order, and the logins that are usually made of it."""
    first, given, family = _plain(given.split(" ", maxsplit=1)[0]), _plain(given), _plain(family)
    yield from (given, family, first, given + family, family + given, first + family, family + first)
    if first and family:
        yield from (first[0] + family, family + first[0], first + family[0])


def _plain(text: str) -> str:
    """Letters and digits without case or accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def is_allowed(one: PersonalField, allowed: Collection[str]) -> bool:
    """Whether a field names nobody but those in `allowed`, or is the folder of one of them."""
    if one.kind in (PersonalKind.PERSON, PersonalKind.EMAIL, PersonalKind.ORCID):
        return _plain(one.value) in allowed
    if one.kind is PersonalKind.FOLDER and is_home(one.value):
        owner = re.search(r"[\\/](?:Users|Documents and Settings|home)[\\/]+([^\\/]+)", one.value, re.I)
        return owner is not None and _plain(owner[1]) in allowed
    return False


def is_shared(login: str) -> bool:
    """Whether a login is one that everybody uses, so that it is nobody's name."""
    return _plain(login) in _SHARED
