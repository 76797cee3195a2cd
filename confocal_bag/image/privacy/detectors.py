"""What personal data look like in any text: addresses, folders with somebody's name, serial numbers.

Every pattern is linear in the text: no part of one can match what the part before it matches.
"""

import re
from collections.abc import Iterator

from confocal_bag.image.privacy.model import Found, PersonalKind

__all__ = ["detect", "detect_contacts", "detect_keyed", "is_home", "is_numbers"]

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,6}[A-Za-z]{2,24}(?![\w-])"
)
_FILE_ENDINGS = {"png", "jpg", "jpeg", "tif", "tiff", "gif", "bmp", "svg", "czi", "lsm", "lif", "nd", "dll", "exe"}
_DRIVE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:[\\/]{1,2}[^:*?\"<>|;\r\n\t\0]{1,1000}")
#: Where programs live; nobody's name is in these.
_PROGRAMS = re.compile(
    r"[A-Za-z]:[\\/]{1,2}(?:Program ?Files|Programs?[\\/]|ProgramData|Windows[\\/]|WINNT|Progra~)", re.I
)
_SHARE = re.compile(r"(?<![\\\w:/])\\\\[A-Za-z0-9][\w.-]{0,62}\\[\w$][^:*?\"<>|;\r\n\t\0]{0,1000}")
_HOME = re.compile(r"(?<![\w.~/-])/(?:home|Users|usr/people|export/home)/[A-Za-z0-9][^\s:*?\"'<>|\0]{0,1000}")
_WINDOWS_HOME = re.compile(r"[\\/](?:Users|Documents and Settings|Benutzer|Utilisateurs)[\\/]{1,2}[^\\/]", re.I)
_SERIAL = re.compile(
    r"(?<![A-Za-z])(?:S/?N|Serial(?:[ _]?(?:Number|No\.?|Nr\.?))?)[ \t]{0,3}[:#=][ \t]{0,3}([A-Za-z0-9-]{3,40})", re.I
)
_ORCID = re.compile(r"(?<![\w-])\d{4}-\d{4}-\d{4}-\d{3}[\dX](?![\w-])")
_PHONE = re.compile(
    r"(?<![A-Za-z])(?:tele)?(?:phone|tel|mobile|fax)\b[ .:#-]{0,4}(\+?[\d(][\d ()./-]{5,24}\d)|"
    r"(?<![\w+.,-])(\+\d{1,3}[ (./-][\d ()./-]{5,20}\d)(?![\w.,])",
    re.I,
)
_KEYED = re.compile(
    r"(?<![A-Za-z_])(user[ _]?name|login|operator|author|owner|computer[ _]?name|host[ _]?(?:name|computer))"
    r"(?: #\d{1,6})?[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"']?([^\"'\r\n\t;|,<>{}\[\]\0]{2,80})",
    re.I,
)
#: No word, no telephone number (which has a plus), no ORCID (groups of four digits).
_NUMBERS = re.compile(r"(?:[\d.,;\t eE]|-(?!\d{4}-))*")
_PLACEHOLDERS = {"none", "null", "unknown", "undefined", "n/a", "not set", "true", "false", "default"}


def detect(text: str) -> Iterator[Found]:
    """Addresses, folders, serial numbers and ORCIDs in a text, whatever field it comes from."""
    if "@" in text:
        yield from ((PersonalKind.EMAIL, one) for one in _emails(text))
    if "\\" in text or "/" in text:
        yield from ((PersonalKind.FOLDER, one) for one in _folders(text))
    for found in _SERIAL.finditer(text):
        if any(character.isdecimal() and character != "0" for character in found[1]):
            yield PersonalKind.DEVICE, found[1]
    for found in _ORCID.finditer(text):
        if _is_orcid(found[0]):
            yield PersonalKind.ORCID, found[0]


def detect_keyed(text: str, *, people: bool = True) -> Iterator[Found]:
    """Names of people and computers after a key such as "UserName ="; without `people` only logins and computers."""
    for found in _KEYED.finditer(text):
        key, value = found[1].lower(), found[2].strip()
        if len(value) < 2 or value.lower() in _PLACEHOLDERS or not any(one.isalpha() for one in value):
            continue
        if key.startswith(("computer", "host")):
            yield PersonalKind.HOST, value
        elif people or key.startswith(("user", "login")):
            yield PersonalKind.PERSON, value


def detect_contacts(text: str) -> Iterator[Found]:
    """Telephone numbers, as readmes give them: after a word for one, or with the code of a country."""
    for found in _PHONE.finditer(text):
        number = found[1] or found[2]
        if sum(character.isdecimal() for character in number) >= 7:
            yield PersonalKind.PHONE, number


def is_numbers(text: str) -> bool:
    """Whether a text is a row of numbers, in which no detector finds anything: most lines of most tables are."""
    return _NUMBERS.fullmatch(text) is not None


def is_home(folder: str) -> bool:
    """Whether a path leads through the folder of a user."""
    return _WINDOWS_HOME.search(folder) is not None or _HOME.match(folder) is not None


def _emails(text: str) -> Iterator[str]:
    for found in _EMAIL.finditer(text):
        if found[0].rpartition(".")[2].lower() not in _FILE_ENDINGS:
            yield found[0]


def _folders(text: str) -> Iterator[str]:
    for pattern in (_DRIVE, _SHARE, _HOME):
        for found in pattern.finditer(text):
            path = found[0].rstrip(" .,;)'")
            if sum(character.isalpha() for character in path) > 1 and not _PROGRAMS.match(path):
                yield path


def _is_orcid(text: str) -> bool:
    """ISO 7064 MOD 11-2: the last character checks the others."""
    total = 0
    for character in text[:-1].replace("-", ""):
        total = (total + int(character)) * 2
    check = (12 - total % 11) % 11
    return text[-1] == ("X" if check == 10 else str(check))
