"""What can be wrong with a description.

Its text, its identifiers, its dates, its links from one entry to another.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from confocal_bag.deposit.description import (
    agreement,
    devices,
    identifiers,
    odd_pairs,
    plausible,
    specimens,
    terms,
    vocabularies,
)
from confocal_bag.deposit.description.channel_ids import described_channels, expanded_ids
from confocal_bag.deposit.description.context import DescriptionContext, told, written_texts
from confocal_bag.deposit.description.file import LoadedDescription
from confocal_bag.deposit.description.images import described_images
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.yaml import FieldPath, field_name
from confocal_bag.deposit.identifiers import date_interval, parse_date
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.deposit.ontology.table import TermTable, shipped_terms
from confocal_bag.deposit.placeholders import is_placeholder
from confocal_bag.findings import RULES, Check, Finding, NotApplicable, Problem, Severity, rule, run_rules

__all__ = ["DescriptionContext", "check_description"]

_CORNELL = "Cornell guide to readme files"


def check_description(
    loaded: LoadedDescription, inventory: Inventory, known: TermTable | None = None, today: date | None = None
) -> tuple[list[Check], list[Finding]]:
    """Run every rule about the description. `known` are the ontology terms at hand, else those that are shipped.

    Dates are judged as of `today`, without it as of the day it is.
    """
    others = (agreement, devices, identifiers, odd_pairs, plausible, specimens, terms, vocabularies)
    modules = (__name__, *(one.__name__ for one in others))
    chosen = [one for one in RULES.values() if one.family == "description" and one.run.__module__ in modules]
    images = tuple(described_images(loaded.description, inventory))
    when = {"today": today} if today else {}
    terms_at_hand = known or shipped_terms()
    context = DescriptionContext(loaded=loaded, inventory=inventory, images=images, terms=terms_at_hand, **when)
    return run_rules(chosen, context)


def _problems(context: DescriptionContext, code: str) -> Iterator[Problem]:
    for one in context.loaded.problems:
        if one.code == code:
            yield Problem(
                path=context.loaded.name,
                message=f"Line {one.line}: {one.message}",
                remedy=one.remedy,
                detail={"field": one.field, "line": one.line},
            )


@rule("description.unknown-key", severity=Severity.WARNING)
def unknown_key(context: DescriptionContext) -> Iterator[Problem]:
    """deposit.yaml has a field that no description has, so what it says would be lost.

    Often a field name is misspelt, or indented under the wrong group. The finding names the fields that
    exist there.
    """
    yield from _problems(context, "unknown-key")


@rule("description.wrong-type", severity=Severity.ERROR)
def wrong_type(context: DescriptionContext) -> Iterator[Problem]:
    """A field holds something it cannot hold: a word where a number belongs, a level that does not exist.

    The value counts as not recorded until it is corrected. Decimals are written with a point: 0.5, not 0,5.
    """
    yield from _problems(context, "wrong-type")


@rule("description.duplicate-key", severity=Severity.ERROR, reference="YAML 1.2.2, 3.2.1.3")
def duplicate_key(context: DescriptionContext) -> Iterator[Problem]:
    """A field is given twice in one group, and only the first is read. Keep one of the two."""
    yield from _problems(context, "duplicate-key")


@rule("description.unquoted-number", severity=Severity.WARNING, reference="YAML 1.2.2, 10.3.2")
def unquoted_number(context: DescriptionContext) -> Iterator[Problem]:
    """A text such as a version looks like a number and is not in quotation marks.

    Other programs read `version: 1.10` as 1.1. Write `version: "1.10"`.
    """
    yield from _problems(context, "unquoted-number")


@rule("description.date", severity=Severity.ERROR, reference=f"{_CORNELL}; ISO 8601")
def dates(context: DescriptionContext) -> Iterator[Problem]:
    """A date is not an ISO 8601 date, runs backwards, or lies where it cannot lie.

    Write 2019-04-17, 2019-04 or 2019; a period is 2019-04-17/2019-04-18. Data are collected before they are
    published, and not in the future.
    """
    said = context.description
    single: list[tuple[FieldPath, str | None]] = [
        (("dates", name), getattr(said.dates, name)) for name in ("created", "issued", "updated")
    ]
    single.append((("access", "until"), said.access.until))
    single += [(("files", index, "created"), one.created) for index, one in enumerate(said.files)]
    for path, text in single:
        if text and parse_date(text) is None:
            yield told(
                context,
                path,
                f"{field_name(path)} is {text!r}; a date such as 2019-04-17 was expected",
                "Write year, month and day with hyphens.",
            )
    yield from _collected(context)


def _collected(context: DescriptionContext) -> Iterator[Problem]:
    text, path = context.description.dates.collected, ("dates", "collected")
    if text is None:
        return
    period = date_interval(text)
    if period is None:
        yield told(
            context,
            path,
            f"dates.collected is {text!r}; a date or a period first/last was expected",
            "Write 2019-04-17, or 2019-04-17/2019-04-18 for a period.",
        )
        return
    if period[0] > context.today:
        yield told(context, path, f"dates.collected is {text!r}, which lies in the future", "Correct the date.")
    issued = parse_date(context.description.dates.issued or "")
    if issued is not None and period[0] > issued[1]:
        yield told(
            context,
            path,
            f"dates.collected is {text!r}, after dates.issued {context.description.dates.issued!r}",
            "Correct one of the two.",
        )


@rule("description.schema", severity=Severity.WARNING)
def schema(context: DescriptionContext) -> Iterator[Problem]:
    """deposit.yaml was written for another version of this tool, which may know other fields than this one.

    The field `schema` says which; this version reads deposit/1.
    """
    said = context.description.schema_uri
    if said is None:
        raise NotApplicable("the description names no schema")
    if said.rstrip("/").rpartition("/deposit/")[2] != "1":
        yield told(
            context,
            ("schema",),
            f"schema is {said!r}; deposit/1 was expected",
            "Use the version of confocal-bag that wrote the file, or draft it anew.",
        )


@rule("description.placeholder", severity=Severity.WARNING, reference=_CORNELL)
def placeholder(context: DescriptionContext) -> Iterator[Problem]:
    """A placeholder was left in: TODO, "...", <your name here>. It counts as not recorded.

    Write the answer, or leave the field empty.
    """
    for path, text in written_texts(context.description, ()):
        if is_placeholder(text):
            yield told(
                context,
                path,
                f"{field_name(path)} still holds the placeholder {text[:40]!r}",
                "Write the answer, or leave the field empty.",
            )


@rule("description.duplicate-id", severity=Severity.ERROR)
def duplicate_id(context: DescriptionContext) -> Iterator[Problem]:
    """Two entries have the same id, so that nothing can tell which one a reference means.

    Give each its own.
    """
    for section in ("specimens", "channels", "instruments", "acquisitions"):
        entries = getattr(context.description, section)
        for name, count in Counter(entry.id for entry in entries if entry.id).items():
            if count > 1:
                last = max(index for index, entry in enumerate(entries) if entry.id == name)
                yield told(
                    context,
                    (section, last, "id"),
                    f"{count} entries of {section} have the id {name!r}",
                    "Give each entry an id of its own.",
                )


@rule("description.unknown-id", severity=Severity.ERROR)
def unknown_id(context: DescriptionContext) -> Iterator[Problem]:
    """An entry refers to an id that no entry has: a file to an acquisition, an acquisition to an instrument.

    Correct the id, or add the entry it means.
    """
    said = context.description
    ids = {
        section: {entry.id for entry in getattr(said, section) if entry.id}
        for section in ("specimens", "channels", "instruments", "acquisitions")
    }
    ids["channels"].update(described_channels(said.channels))
    for path, name, section in _references(said):
        if name is not None and not ids[section].issuperset(expanded_ids(name) if section == "channels" else (name,)):
            known = ", ".join(sorted({entry.id for entry in getattr(said, section) if entry.id})) or "none"
            yield told(
                context,
                path,
                f"{field_name(path)} is {name!r}, but the ids under {section} are: {known}",
                f"Correct the id, or add an entry with this id under {section}.",
            )


def _references(said: Description) -> Iterator[tuple[FieldPath, str | None, str]]:
    for index, one in enumerate(said.acquisitions):
        yield ("acquisitions", index, "instrument"), one.instrument, "instruments"
        yield ("acquisitions", index, "specimen"), one.specimen, "specimens"
        for place, setting in enumerate(one.channels):
            yield ("acquisitions", index, "channels", place, "channel"), setting.channel, "channels"
    for index, work in enumerate(said.child_works):
        for section in ("specimens", "acquisitions"):
            for place, name in enumerate(getattr(work, section)):
                yield ("child_works", index, section, place), name, section
    for index, entry in enumerate(said.files):
        for position, name in enumerate(entry.acquisition):
            yield ("files", index, "acquisition", position), name, "acquisitions"
        yield ("files", index, "specimen"), entry.specimen, "specimens"
