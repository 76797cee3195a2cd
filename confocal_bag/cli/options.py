"""The options that commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.words import one_of
from confocal_bag.findings import one_line, readable_path

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


#: The formats that the ending of a file's name stands for; other endings stand for none.
_ENDINGS = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".csv": Format.CSV,
    ".xml": Format.JUNIT,
    ".junit": Format.JUNIT,
}


def _agreed(context: typer.Context, form: Format, output: Path | None) -> Format:
    """The format: the one asked for, else that of the ending of the report's name. Raises for two that differ."""
    meant = _ENDINGS.get(output.suffix.lower()) if output else None
    source = context.get_parameter_source("form")
    if meant is None or meant is form:
        return form
    if source is None or source.name in ("DEFAULT", "DEFAULT_MAP"):
        return meant
    shown = one_line(readable_path(output.name)) if output else ""
    raise typer.BadParameter(
        f"{shown} is the name of a {meant} report, and --format asks for {form}; leave out --format, or choose "
        "another name."
    )


def _chosen_format(context: typer.Context, form: Format) -> Format:
    """Called after OutputOption where that was given before --format, or where --format was not given."""
    return _agreed(context, form, context.params.get("output"))


def _chosen_output(context: typer.Context, output: Path | None) -> Path | None:
    """Called after FormatOption where --format was given first."""
    if "form" in context.params:
        _agreed(context, context.params["form"], output)
    return output


FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        metavar="FORMAT",
        parser=one_of(Format),
        callback=_chosen_format,
        help="text, json, jsonl, csv, junit, html; else what the ending of FILE says.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="FILE", callback=_chosen_output, help="Write the report to this file, such as x.json."
    ),
]
FailOnOption = Annotated[
    FailOn,
    typer.Option(
        "--fail-on",
        metavar="LEAST",
        parser=one_of(FailOn),
        help="Exit code 1 from this on: error, warning, advice; or never.",
    ),
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
