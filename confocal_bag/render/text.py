"""Reports for people: findings, tables of files and stacks, and the verdict, in a terminal or a pipe."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from confocal_bag.bag.sizes import readable_size
from confocal_bag.counted import counted
from confocal_bag.findings import Outcome, Report, one_line
from confocal_bag.page.run import RunFile, RunLevel, RunMissing, RunSequence, run_of
from confocal_bag.render.coverage import print_coverage
from confocal_bag.render.decision_tree import print_decision_tree
from confocal_bag.render.fair import print_fair
from confocal_bag.render.findings_list import print_findings
from confocal_bag.render.image_size import size_words
from confocal_bag.render.many_reports import print_many
from confocal_bag.render.verdict_line import verdict_line

__all__ = ["as_text", "console_for", "print_report"]

_PIPE_WIDTH = 160


def console_for(stream: IO[str], *, terminal: bool) -> Console:
    """A console that colours and folds on a terminal, and writes plain long lines elsewhere."""
    if terminal:
        return Console(file=stream, highlight=False, soft_wrap=False)
    return Console(file=stream, width=_PIPE_WIDTH, highlight=False, no_color=True, soft_wrap=True)


def as_text(reports: Iterable[Report], console: Console) -> None:
    """Print one report in full, of several what was found in each and a table of all."""
    reports = list(reports)
    if len(reports) == 1:
        print_report(reports[0], console)
    elif reports:
        print_many(reports, console)


def print_report(report: Report, console: Console) -> None:
    """Print one report: tables first, then findings worst first, the verdict last."""
    run = run_of(report)
    if run.files:
        console.print(_files_table(_folded([*run.files, *run.inner_files], run.sequences)))
    if run.sequences:
        console.print(_sequences_table(run.sequences))
    for text in run.pictures:
        console.print(Text("\n".join(map(one_line, text.split("\n")))))
    if run.decision_tree:
        print_decision_tree(run.decision_tree, run.key_questions, console)
    if run.coverage:
        print_coverage(run.coverage, console)
    told = {one.rule for one in run.fair}
    is_built = report.summary.get("outcome") in ("built", "built before")
    print_findings([one for one in report.findings if one.rule not in told], console, briefly=is_built)
    if run.fair:
        print_fair(run.fair, console)
    if run.level:
        _print_level(run.level, console, is_brief=report.command == "build")
    _print_summary(report, console)


def _folded(files: Iterable[RunFile], sequences: Iterable[RunSequence]) -> Iterator[RunFile]:
    """The files, with all but the first of each sequence in one line: a stack may have thousands of planes.

    So are the parts of an OME-Zarr, behind the file at its top that stands for the image.
    """
    member = {file.path: number for number, one in enumerate(sequences) for file in one.files}
    groups: dict[object, list[RunFile]] = {}
    for file in files:
        path = file.path
        key = (member[path], file.tier) if path in member else _zarr_of(path) if not file.images else path
        groups.setdefault(key, []).append(file)
    for group in groups.values():
        yield group[0]
        if len(group) > 1:
            size = sum(file.bytes for file in group[1:])
            path = f"... and {len(group) - 1} more, to {group[-1].path.rpartition('/')[2]}"
            yield group[0].model_copy(update={"path": path, "bytes": size, "images": ()})


def _zarr_of(path: str) -> str:
    """The folder NAME.zarr that a file lies in; the path itself of any other file."""
    folder, found, _ = path.partition(".zarr/")
    return folder + found if found else path


def _files_table(files: Iterable[RunFile]) -> Table:
    table = Table(title="Files", title_justify="left", box=None, pad_edge=False)
    for heading in ("path", "tier", "format", "size", "images"):
        table.add_column(heading, justify="right" if heading == "size" else "left", overflow="fold")
    for one in files:
        images = _counted(size_words(image) for image in one.images)
        cells = (one.path, one.tier, one.format.name, readable_size(one.bytes), images)
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    return table


def _counted(texts: Iterable[str]) -> str:
    """The texts joined, those that repeat said once with their number."""
    return "; ".join(f"{count} images of {text}" if count > 1 else text for text, count in Counter(texts).items())


def _sequences_table(sequences: Iterable[RunSequence]) -> Table:
    table = Table(title="Sequences", title_justify="left", box=None, pad_edge=False)
    for heading in ("stem", "axes", "files", "convention", "confidence"):
        table.add_column(heading, justify="right" if heading == "files" else "left", overflow="fold")
    for one in sequences:
        axes = ", ".join(
            f"{name} {axis.first}..{axis.last} ({axis.count})" for name, axis in one.axes.items() if axis.count > 1
        )
        cells = (one.stem, axes, str(len(one.files)), one.convention or "-", one.confidence)
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    return table


def _print_level(level: RunLevel, console: Console, *, is_brief: bool) -> None:
    """The level reached; what the others need, unless that is said by the findings of a build."""
    console.print(Text("Practice level reached: ").append(one_line(level.reached or "none"), style="bold"))
    if is_brief:
        return
    said: set[str] = set()
    for name, missing in level.missing.items():
        fields = dict.fromkeys(_field(item) for item in missing if _field(item) not in said)
        if fields:
            needed = f"{name} still needs{', besides' if said else ''}: {', '.join(fields)}"
            console.print(Text(f"  {one_line(needed)}"))
        said.update(fields)


def _field(item: RunMissing) -> str:
    """The field that is missing, and in how many more places it is."""
    more = len(item.fields) - 1
    return f"{item.field} (and {more} more)" if more > 0 else item.field


def _print_summary(report: Report, console: Console) -> None:
    for name, value in report.summary.items():
        if value is not None and not isinstance(value, dict | list):
            console.print(Text(f"{one_line(name.replace('_', ' '))}: {one_line(_in_words(value))}"))
    skipped = [check for check in report.checks if check.outcome is Outcome.SKIPPED]
    reasons: dict[str, int] = Counter(check.reason or "" for check in skipped)
    for reason, count in reasons.items():
        console.print(Text(f"not looked at: {counted(count, 'rule')} ({one_line(reason)})", style="dim"))
    console.print(verdict_line(report))


def _in_words(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
