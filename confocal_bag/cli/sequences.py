"""confocal-bag sequences"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.ending import finish, refuse_protected, say
from confocal_bag.cli.options import (
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    IgnoreOption,
    OutputOption,
    SelectOption,
)
from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, Report, readable_path
from confocal_bag.spreadsheet import as_csv_text

if TYPE_CHECKING:
    from confocal_bag.deposit.sequences import Suggestion

__all__ = ["sequences"]

_HEADING = ("old", "new", "why")


def sequences(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="The folder to look through.")] = None,
    *,
    names_from: Annotated[
        Path | None,
        typer.Option(
            "--names-from",
            metavar="FILE",
            help="Take paths from this file, one a line; they need not exist. - reads standard input.",
        ),
    ] = None,
    suggest: Annotated[
        Path | None,
        typer.Option(
            "--suggest",
            metavar="FILE",
            help="Write a CSV of better names here (old, new, why). Nothing is ever renamed.",
        ),
    ] = None,
    movies: Annotated[
        Path | None,
        typer.Option("--movies", metavar="FOLDER", help="Write a movie through the depth of each stack there."),
    ] = None,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Check z-stack file naming.

    Which files are planes of one stack, and what is wrong with their names.
    """
    from confocal_bag.deposit.sequences import (
        as_json,
        check_sequences,
        completeness_sentence,
        find_sequences,
        presence_grid,
        suggest_names,
    )

    if (folder is None) == (names_from is None):
        raise typer.BadParameter("Give either a folder or --names-from FILE.")
    if movies is not None and folder is None:
        raise typer.BadParameter("Movies are made of files; give the folder that holds them.")
    subject, paths = (names_from, _listed(names_from)) if names_from else (folder, list(_found(folder)))
    result = find_sequences(paths)
    checks, findings = check_sequences(result)
    report = Report(
        command="sequences",
        subject=readable_path(subject or ""),
        checks=tuple(checks),
        findings=tuple(findings),
        summary={"files": len(paths), "sequences": len(result.sequences), "unsequenced": len(result.unsequenced)},
        extra={
            **as_json(result),
            "pictures": [f"{presence_grid(one)}\n{completeness_sentence(one)}" for one in result.sequences],
        },
    )
    protected = [folder] if folder else []
    if suggest is not None:
        suggestions = suggest_names(result)
        _write_table(suggest, suggestions, protected)
        _tell(suggest, suggestions)
    if movies is not None and folder is not None:
        from confocal_bag.cli.movies import write_movies

        write_movies(folder, result.sequences, movies)
    finish([report], form=form, output=output, fail_on=fail_on, select=select, ignore=ignore, protected=protected)


def _write_table(target: Path, suggestions: "list[Suggestion]", protected: Sequence[Path]) -> None:
    """Write the table, unless it is there already; another one may have been worked on and is not replaced."""
    rows = ((readable_path(one.old), one.new and readable_path(one.new), one.why) for one in suggestions)
    content = as_csv_text(_HEADING, rows).encode("utf-8")
    there = target.read_bytes() if target.is_file() else b""
    if there == content:
        return
    if there.startswith(as_csv_text(_HEADING, ()).rstrip().encode("utf-8")):
        raise CannotFinish(
            f"{readable_path(target)} holds other names than would be suggested now; somebody may have worked on it, "
            "so it is not replaced. Move it away, or choose another file."
        )
    refuse_protected(target, protected)
    try:
        with target.open("xb") as stream:
            stream.write(content)
    except OSError as error:
        raise CannotFinish(
            f"The table cannot be written to {readable_path(target)}: {error.strerror}. Choose another file."
        ) from error


def _tell(target: Path, suggestions: "list[Suggestion]") -> None:
    """Say what the table holds: somebody who reads of no better names must not think that none were looked for."""
    named = sum(one.new is not None for one in suggestions)
    if not suggestions:
        say(f"No better name is suggested for any file; {readable_path(target)} holds its heading only.", err=True)
    else:
        others = f", none for {len(suggestions) - named} more" if named < len(suggestions) else ""
        names = f"better names for {counted(named, 'file')}{others}"
        say(f"{readable_path(target)}: {names}. Nothing was renamed.", err=True)


def _listed(source: Path) -> list[str]:
    try:
        content = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
    except OSError as error:
        raise CannotFinish(f"{source} cannot be read: {error.strerror}. Check the path.") from error
    return [os.fsdecode(line) for line in content.replace(b"\r\n", b"\n").split(b"\n") if line]


def _found(folder: Path | None) -> Iterator[str]:
    from confocal_bag.deposit.source import open_deposit

    if folder is not None:
        for entry in open_deposit(folder).files:
            yield str(entry.path)
