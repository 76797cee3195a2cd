"""confocal-bag profiles"""

from typing import Annotated

import typer

from confocal_bag.cli.ending import finish, say
from confocal_bag.cli.options import FailOn, FailOnOption, Format, FormatOption, OutputOption
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, readable_path

__all__ = ["profiles"]


def profiles(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[list | show NAME... | check FILE...]", help="NAME is a shipped profile or a file."),
    ] = None,
    *,
    form: FormatOption = Format.TEXT,
    output: OutputOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
) -> None:
    """List, show or check BagIt profiles.

    The shipped ones, or files: BagIt Profiles, DART, Bagger.
    """
    action, names = _action(words or [])
    if action == "check":
        reports = [_checked(name, is_only=len(names) == 1) for name in names]
        finish(reports, form=form, output=output, fail_on=fail_on)
    if form is not Format.TEXT or output is not None:
        raise typer.BadParameter("--format and --output belong to `profiles check`.")
    if action == "list":
        _list()
    for name in names:
        _show(name)


def _action(words: list[str]) -> tuple[str, list[str]]:
    """What to do and with which profiles; a name alone is shown."""
    action, names = (words[0], words[1:]) if words and words[0] in ("list", "show", "check") else ("show", words)
    if not words or (action == "list" and not names):
        return "list", []
    if action == "list":
        raise typer.BadParameter("`profiles list` takes no names.")
    if not names:
        raise typer.BadParameter(f"`profiles {action}` needs the name or file of a profile.")
    return action, names


def _list() -> None:
    from confocal_bag.bag.profiles.load import load_profile, shipped_profiles

    for shipped in shipped_profiles():
        say(f"{shipped:<30} {load_profile(shipped).identifier}")


def _show(name: str) -> None:
    from confocal_bag.bag.profiles.document import check_profile_document
    from confocal_bag.bag.profiles.load import load_profile
    from confocal_bag.bag.profiles.report import describe_profile

    profile = load_profile(name)
    for line in describe_profile(profile):
        say(line)
    problems = list(check_profile_document(profile))
    for problem in problems:
        say(f"  {problem.severity or Severity.WARNING}: {problem.message} {problem.remedy or ''}".rstrip())
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise CannotFinish(f"The profile {name} is not sound; see the problems above.")


def _checked(name: str, *, is_only: bool) -> Report:
    """The report on one profile file; of several, one that cannot be read does not hide the others."""
    from confocal_bag.bag.profiles.load import load_profile
    from confocal_bag.bag.profiles.report import profile_report
    from confocal_bag.receiving import reason_of

    try:
        return profile_report(load_profile(name))
    except CannotFinish as problem:
        if is_only:
            raise
        finding = Finding(rule=reason_of(name, problem), severity=Severity.ERROR, message=str(problem))
        return Report(command="profiles check", subject=readable_path(name), findings=(finding,))
