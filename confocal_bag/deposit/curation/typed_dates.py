"""Read a date as people and spreadsheet programs write it; one that can be read in two ways is refused."""

import re
from datetime import date

__all__ = ["AmbiguousDate", "iso_date"]

_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00(?:[.,]0+)?)?$")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_YEAR_LAST = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
#: "1 March 2027", "1st of Mar. 2027", "March 1, 2027" and "March 2027".
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})", re.I)
_MONTH_DAY = re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", re.I)
_MONTH_ONLY = re.compile(r"(?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})", re.I)
#: What stands between the first and the last day of a period: "17.04.2019 - 18.04.2019".
_UNTIL = re.compile(
    r"\s+(?:-|\u2013|\u2014|to|until|bis)\s+|\s*\u2013\s*|\s*/\s*(?=\d{4}-)|(?<=\d{4})\s?-\s?(?=\d{1,2}\.)"
)


class AmbiguousDate(Exception):  # noqa: N818 - an outcome, told with its row
    """Nobody can tell the day from the month; the sentence says what to write."""


def iso_date(answer: str) -> str:
    """A date, or the first and last day of a period, as ISO 8601 has it; an answer that is neither as it was.

    17.04.2019 is day, month, year. Of 04/17/2019 and 17/04/2019 the number above 12 is the day. Raises `AmbiguousDate`
    where both may be months.
    """
    days = [_MIDNIGHT.sub("", one.strip()) for one in _UNTIL.split(answer.strip())]
    read = [_one_day(day) for day in days]
    return "/".join(read) if len(read) <= 2 and any(map(str.__ne__, days, read)) else _MIDNIGHT.sub("", answer.strip())


def _one_day(text: str) -> str:
    if found := _DAY_FIRST.fullmatch(text):
        return _iso(text, found[3], found[2], found[1])
    if found := _YEAR_FIRST.fullmatch(text):
        return _iso(text, found[1], found[2], found[3])
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        return _with_named_month(text)
    first, second = int(found[1]), int(found[3])
    if first <= 12 and second <= 12 and first != second:
        raise AmbiguousDate("day and month cannot be told apart; write the date as YYYY-MM-DD, such as 2019-04-17")
    month, day = (found[1], found[3]) if second > 12 else (found[3], found[1])
    return _iso(text, found[4], month, day)


def _with_named_month(text: str) -> str:
    """A date whose month is an English word, in full or its first letters; anything else as it was."""
    if found := _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text):
        month = _month(found["month"])
        return _iso(text, found["year"], str(month), found["day"]) if month else text
    found = _MONTH_ONLY.fullmatch(text)
    month = _month(found["month"]) if found else 0
    return f"{found['year']}-{month:02}" if found and month else text


def _month(word: str) -> int:
    """The number of a month; 0 where the word is none."""
    short = "sep" if word.casefold() == "sept" else word.casefold()
    return next((number for number, name in enumerate(_MONTHS, 1) if short in (name, name[:3])), 0)


def _iso(text: str, year: str, month: str, day: str) -> str:
    """The day as ISO 8601 has it; the text itself where there is no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return text
