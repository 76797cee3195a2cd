"""The options that commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "FailOn",
    "FailOnOption",
    "Format",
    "FormatOption",
    "IgnoreOption",
    "JobsOption",
    "OutputOption",
    "SecondReaderOption",
    "SelectOption",
]


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    JUNIT = "junit"
    HTML = "html"


class FailOn(StrEnum):
    """The least severe finding that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    NEVER = "never"


FormatOption = Annotated[
    Format,
    typer.Option("--format", metavar="FORMAT", help="text, json, jsonl, csv, junit, html; -o x.html is html too."),
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the report to this file.")
]
FailOnOption = Annotated[
    FailOn,
    typer.Option("--fail-on", metavar="LEAST", help="Exit code 1 from this on: error, warning, advice; or never."),
]


def _known(names: list[str] | None) -> list[str] | None:
    """Refuse a rule or family that does not exist: a slip of the pen must not look like a sound bag."""
    if names:
        import difflib

        from confocal_bag.catalogue import all_rules

        rules = all_rules()
        known = {*rules, *(one.family for one in rules.values())}
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=3)
                hint = f" Did you mean {', '.join(near)}?" if near else " `confocal-bag explain` lists them."
                raise typer.BadParameter(f"There is no rule or family called {name}.{hint}")
    return names


SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="RULE", help="Show and count only this rule or family (repeat).", callback=_known),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULE", help="Neither show nor count this rule or family.", callback=_known),
]
SecondReaderOption = Annotated[
    bool,
    typer.Option("--second-reader", help="Have a second reader read every plane; refuse what differs."),
]
JobsOption = Annotated[
    int, typer.Option("--jobs", min=1, metavar="N", help="Files hashed, and images read, at the same time.")
]
