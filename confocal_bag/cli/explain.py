"""confocal-bag explain"""

import difflib
from typing import Annotated

import typer

__all__ = ["explain"]

#: Findings about the run itself, which no rule makes.
_INTERNAL = {
    "internal.rule-failed": "A rule crashed, so nobody knows what it would have said; the verdict is incomplete.",
    "internal.cannot-finish": "One of several bags could not be judged or built at all; the others were.",
    "internal.pixels-not-read": "`--pixels` was asked for and no plane could be compared; the verdict is incomplete.",
    "usage.not-found": "One of several bags, deposits or profiles that were named is not there; check its path.",
    "usage.row": "A row of a table of jobs cannot be worked on as it is written; correct it and run the table again.",
}


def explain(
    rule: Annotated[
        str | None,
        typer.Argument(metavar="[RULE]", help="A rule such as bag.oxum-wrong, or a family; without it all are listed."),
    ] = None,
) -> None:
    """Say what a rule checks and where it comes from."""
    from confocal_bag.catalogue import all_rules
    from confocal_bag.findings import UsageProblem

    rules, rule = all_rules(), rule or ""
    listed = [one for one in rules.values() if rule in ("", one.family)]
    if listed:
        for one in listed:
            typer.echo(f"{one.id:<36} {one.severity.value:<8} {one.documentation.splitlines()[0]}")
        return
    if rule in _INTERNAL:
        typer.echo(f"{rule}\n\n{_INTERNAL[rule]}")
        return
    if rule not in rules:
        near = difflib.get_close_matches(rule, rules, n=3)
        hint = f" Did you mean {', '.join(near)}?" if near else " `confocal-bag explain` lists all rules."
        raise UsageProblem(f"There is no rule called {rule}.{hint}")
    one = rules[rule]
    typer.echo(f"{one.id} ({one.severity.value})\n")
    typer.echo("\n".join(line.strip() for line in one.documentation.splitlines()))
    if one.reference:
        typer.echo(f"\nReference: {one.reference}")
