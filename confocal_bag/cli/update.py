"""confocal-bag update"""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.ending import finish
from confocal_bag.cli.options import (
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    IgnoreOption,
    OutputOption,
    SelectOption,
)
from confocal_bag.cli.places import refuse_inside_deposit
from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import CannotFinish, Report, Severity, UsageProblem, one_line, readable_path, run_rules

if TYPE_CHECKING:
    from confocal_bag.bag.changing.update import UpdateResult

__all__ = ["update"]


def update(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="The bag folder to change; it must be valid.")],
    *,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="FILE=PATH", help="Put a file into the bag at PATH (repeat).")
    ] = None,
    replace: Annotated[
        list[str] | None,
        typer.Option("--replace", metavar="FILE=PATH", help="Put a file in the place of the one at PATH (repeat)."),
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="PATH", help="Remove a file, or a folder (repeat).")
    ] = None,
    set_field: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="'LABEL: VALUE'", help="Give a bag-info field this one value (repeat)."),
    ] = None,
    append: Annotated[
        list[str] | None,
        typer.Option("--append", metavar="'LABEL: VALUE'", help="Add a bag-info field once more (repeat)."),
    ] = None,
    unset: Annotated[
        list[str] | None, typer.Option("--unset", metavar="LABEL", help="Remove a bag-info field (repeat).")
    ] = None,
    add_algorithm: Annotated[
        list[str] | None,
        typer.Option("--add-algorithm", metavar="NAME", help="Add a manifest by this algorithm (repeat)."),
    ] = None,
    drop_algorithm: Annotated[
        list[str] | None,
        typer.Option("--drop-algorithm", metavar="NAME", help="Remove the manifest by this algorithm (repeat)."),
    ] = None,
    recover: Annotated[
        bool, typer.Option("--recover", help="Only finish or undo an update that was interrupted.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done and stop.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, metavar="N", help="Files hashed at the same time.")] = 2,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
) -> None:
    """Change a bag, which is whole at every moment.

    At every moment it is the old bag or the new one, both complete and valid.
    """
    refuse_inside_deposit(bag.resolve().parent)
    from confocal_bag.bag.changing.update import Changes, plan_update, update_bag

    if recover:
        _recover(bag, others=(add, replace, remove, set_field, append, unset, add_algorithm, drop_algorithm))
        return
    changes = Changes(
        add=_files(add),
        replace=_files(replace),
        remove=[PurePosixPath(path) for path in remove or ()],
        set_fields=_fields(set_field),
        append_fields=_fields(append),
        unset_fields=unset or (),
    )
    adding, dropping = add_algorithm or (), drop_algorithm or ()
    if changes.is_empty and not adding and not dropping:
        raise typer.BadParameter("Say what to change: --add, --replace, --remove, --set, ... or --recover.")
    if dry_run:
        plan = plan_update(bag, changes, add_algorithms=adding, drop_algorithms=dropping)
        for what, source, target in plan.steps():
            typer.echo(one_line(readable_path(f"{what:<8} {source + ' -> ' if source else ''}{target}")))
        return
    with progress_bar() as progress:
        progress.stage(f"Updating {bag.name}", None)
        result = update_bag(
            bag,
            changes,
            add_algorithms=adding,
            drop_algorithms=dropping,
            jobs=jobs,
            on_bytes=progress.advance,
            check=_no_worse_than(bag),
        )
    finish([_report(result)], form=form, output=output, fail_on=fail_on, select=select, ignore=ignore, protected=[bag])


def _no_worse_than(bag: Path) -> Callable[[Path], None]:
    """A check that refuses a new bag with errors that the old one did not have: of its profile, tiers or sidecars."""
    from confocal_bag.validate import Depth, validate_bag

    def errors(path: Path) -> dict[tuple[str, str | None], str]:
        report = validate_bag(path, depth=Depth.COMPLETENESS)
        found = [one for one in report.findings if one.severity is Severity.ERROR]
        return {(one.rule, one.path): f"{one.rule}: {one.message}" for one in found}

    before = errors(bag) if os.path.lexists(bag) else {}

    def check(new: Path) -> None:
        worse = [said for key, said in errors(new).items() if key not in before]
        if worse:
            raise CannotFinish(
                f"The change would make the bag invalid, and nothing was changed: {' '.join(worse[:5])}"
                f"{f' And {len(worse) - 5} more.' if len(worse) > 5 else ''}"
            )

    return check


def _recover(bag: Path, *, others: tuple[list[str] | None, ...]) -> None:
    from confocal_bag.bag.changing.replacement import recover

    if any(others):
        raise typer.BadParameter("--recover changes nothing else; give it alone.")
    done = recover(bag)
    typer.echo(one_line(done or f"No update of {readable_path(bag)} was interrupted."))


def _files(given: list[str] | None) -> dict[PurePosixPath, Path]:
    """The files by their paths in the bag; the last = divides, so that names on this machine may hold one."""
    files: dict[PurePosixPath, Path] = {}
    for text in given or ():
        source, equals, target = text.rpartition("=")
        if not equals or not source or not target:
            raise typer.BadParameter(f"{readable_path(text)!r} is not of the form FILE=PATH.")
        if PurePosixPath(target) in files:
            raise UsageProblem(f"Two files are to go to {readable_path(target)}; choose one.")
        files[PurePosixPath(target)] = Path(source)
    return files


def _fields(given: list[str] | None) -> list[tuple[str, str]]:
    from confocal_bag.bag.changing.tag_edit import parse_field

    return [parse_field(text) for text in given or ()]


def _report(result: "UpdateResult") -> Report:
    from confocal_bag.bag.changing.update import UPDATE_RULES

    checks, findings = run_rules(UPDATE_RULES, result)
    plan = result.plan
    summary: dict[str, object] = {
        "files_added": len(plan.added),
        "files_replaced": len(plan.replaced),
        "files_removed": len(plan.removed),
        "fields_changed": len(plan.fields),
        "algorithms_added": ", ".join(plan.algorithms_added) or "none",
        "algorithms_dropped": ", ".join(plan.algorithms_dropped) or "none",
        "payload_files": result.payload_files,
        "payload_bytes": result.payload_bytes,
        "files_linked": result.linked,
        "files_copied_for_want_of_links": result.copied,
        "recovered": result.recovered or "nothing was interrupted",
    }
    return Report(
        command="update",
        subject=readable_path(result.bag),
        checks=tuple(checks),
        findings=tuple(findings),
        summary=summary,
        extra={"changes": [dict(zip(("what", "from", "to"), step, strict=True)) for step in plan.steps()]},
    )
