"""The command `confocal-bag`: its sub-commands and how errors leave it."""

import logging
import sys
import warnings
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from confocal_bag import __version__
from confocal_bag.cli import build, convert, demo, describe, doctor, explain, inspect, profiles, sequences, validate
from confocal_bag.findings import CannotFinish, one_line

__all__ = ["app", "main"]

#: The commands by the work they belong to; the order in which help shows them.
GROUPS: dict[str, dict[str, Callable[..., None]]] = {
    "Curate a deposit": {
        "inspect": inspect.inspect,
        "describe": describe.describe,
        "sequences": sequences.sequences,
        "convert": convert.convert,
        "build": build.build,
    },
    "Receive a bag": {"validate": validate.validate, "profiles": profiles.profiles},
    "Learn": {"explain": explain.explain, "doctor": doctor.doctor, "demo": demo.demo},
}


class _GroupedCommands(TyperGroup):
    """Help that shows the commands by the work they belong to."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        width = max(len(name) for group in GROUPS.values() for name in group)
        for heading, group in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), self._about(ctx, name)) for name in group])

    def _about(self, ctx: Any, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str(200) if command else ""


app = typer.Typer(
    name="confocal-bag",
    cls=_GroupedCommands,
    rich_markup_mode=None,  # plain help starts twice as fast and reads well in a pipe
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


for _group in GROUPS.values():
    for _name, _function in _group.items():
        app.command(_name)(_function)


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 findings, 2 usage, 3 could not finish, 130 interrupted."""
    _quiet_libraries()
    try:
        app()
    except CannotFinish as problem:
        print(f"confocal-bag: {one_line(str(problem))}", file=sys.stderr)  # noqa: T201 - the one sentence a user must see
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)


def _quiet_libraries() -> None:
    """What image libraries log and warn about is for developers; users read our findings, which cover it."""
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
