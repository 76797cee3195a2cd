"""The command `confocal-bag`: its sub-commands and how errors leave it."""

import logging
import sys
import warnings
from collections.abc import Callable
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from confocal_bag import __version__
from confocal_bag.cli import (
    ask,
    audit,
    build,
    complete,
    convert,
    demo,
    describe,
    doctor,
    explain,
    inspect,
    log,
    pack,
    preview,
    profiles,
    report,
    sequences,
    ship,
    split,
    unpack,
    update,
    validate,
)
from confocal_bag.findings import CannotFinish, UsageProblem, one_line

__all__ = ["app", "main"]

_INTERRUPTED = 130

#: The commands by the work they belong to; the order in which help shows them.
GROUPS: dict[str, dict[str, Callable[..., None]]] = {
    "Curate a deposit": {
        "inspect": inspect.inspect,
        "ask": ask.ask,
        "describe": describe.describe,
        "log": log.log,
        "sequences": sequences.sequences,
        "convert": convert.convert,
        "preview": preview.preview,
        "build": build.build,
    },
    "Receive a bag": {
        "validate": validate.validate,
        "complete": complete.complete,
        "unpack": unpack.unpack,
        "profiles": profiles.profiles,
        "report": report.report,
    },
    "Keep a bag": {
        "pack": pack.pack,
        "ship": ship.ship,
        "update": update.update,
        "split": split.split,
        "audit": audit.audit,
    },
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
    context_settings={"help_option_names": ["-h", "--help"]},
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
    except UsageProblem as problem:
        _complain(str(problem), code=2)
    except CannotFinish as problem:
        _complain(str(problem), code=3)
    except KeyboardInterrupt as interrupt:
        _complain(_interrupted(interrupt), code=_INTERRUPTED)
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            _complain(_interrupted(ended), code=_INTERRUPTED)
        raise
    except Exception as bug:  # noqa: BLE001 - main: whatever happens, a user gets a sentence and exit code 3
        if _was_interrupted(bug):
            _complain(_interrupted(bug), code=_INTERRUPTED)
        _complain(f"This is a bug of confocal-bag: {type(bug).__name__}: {bug}. {_keep_trace()}", code=3)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether a library made an error of its own out of an interruption."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or "KeyboardInterrupt" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _interrupted(error: BaseException | None) -> str:
    """The word for it, and what the work that was interrupted says of how to go on."""
    notes: list[str] = []
    while error is not None:
        notes += getattr(error, "__notes__", [])
        error = error.__cause__ or error.__context__
    return " ".join(["Interrupted.", *notes])


def _complain(sentence: str, *, code: int) -> NoReturn:
    print(f"confocal-bag: {one_line(sentence)}", file=sys.stderr)  # noqa: T201 - the one sentence a user must see
    sys.exit(code)


def _keep_trace() -> str:
    """Write the trace where a developer can find it; say where."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="confocal-bag-", suffix=".log", delete=False) as log:
        traceback.print_exc(file=log)
    return f"Please report it with the file {log.name}."


def _quiet_libraries() -> None:
    """What image libraries log and warn about is for developers; users read our findings, which cover it."""
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
