"""The command `confocal-bag`: its sub-commands and how errors leave it."""

import logging
import sys
import warnings
from typing import Annotated

import typer

from confocal_bag import __version__
from confocal_bag.cli import build, convert, demo, describe, doctor, explain, inspect, profiles, sequences, validate
from confocal_bag.findings import CannotFinish

__all__ = ["app", "main"]

app = typer.Typer(
    name="confocal-bag",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Package confocal microscopy deposits as BagIt bags, with every converted pixel proven.",
)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"confocal-bag {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=lambda value: _print_version(wanted=value)
        ),
    ] = False,
) -> None:
    """Package confocal microscopy deposits as BagIt bags, with every converted pixel proven."""


_CURATE, _RECEIVE, _LEARN = "Curate a deposit", "Receive a bag", "Learn"
app.command("inspect", rich_help_panel=_CURATE)(inspect.inspect)
app.command("describe", rich_help_panel=_CURATE)(describe.describe)
app.command("sequences", rich_help_panel=_CURATE)(sequences.sequences)
app.command("convert", rich_help_panel=_CURATE)(convert.convert)
app.command("build", rich_help_panel=_CURATE)(build.build)
app.command("validate", rich_help_panel=_RECEIVE)(validate.validate)
app.command("profiles", rich_help_panel=_RECEIVE)(profiles.profiles)
app.command("explain", rich_help_panel=_LEARN)(explain.explain)
app.command("doctor", rich_help_panel=_LEARN)(doctor.doctor)
app.command("demo", rich_help_panel=_LEARN)(demo.demo)


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 findings, 2 usage, 3 could not finish, 130 interrupted."""
    _quiet_libraries()
    try:
        app()
    except CannotFinish as problem:
        print(f"confocal-bag: {problem}", file=sys.stderr)  # noqa: T201 - the one sentence a user must see
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)


def _quiet_libraries() -> None:
    """What image libraries log and warn about is for developers; users read our findings, which cover it."""
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
