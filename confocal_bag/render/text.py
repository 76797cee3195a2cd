"""Reports for people: findings, tables of files and stacks, and the verdict, in a terminal or a pipe."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from confocal_bag.counted import counted
from confocal_bag.findings import Finding, Outcome, Report, Severity, Verdict, one_line
from confocal_bag.render.bags_table import print_bags_table
from confocal_bag.render.coverage import print_coverage
from confocal_bag.render.decision_tree import print_decision_tree
from confocal_bag.render.fair import print_fair

__all__ = ["as_text", "console_for", "print_report", "size_in_words"]

_COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.ADVICE: "cyan", Severity.INFO: "dim"}
_VERDICT_COLORS = {
    Verdict.VALID: "bold green",
    Verdict.VALID_WITH_WARNINGS: "bold yellow",
    Verdict.INVALID: "bold red",
    Verdict.INCOMPLETE: "bold magenta",
}
#: So many findings of one rule are shown in full on a terminal; the machine formats always hold all.
_SHOWN_PER_RULE = 20
_PIPE_WIDTH = 160


def console_for(stream: IO[str], *, terminal: bool) -> Console:
    """A console that colours and folds on a terminal, and writes plain long lines elsewhere."""
    if terminal:
        return Console(file=stream, highlight=False, soft_wrap=False)
    return Console(file=stream, width=_PIPE_WIDTH, highlight=False, no_color=True, soft_wrap=True)


def as_text(reports: Iterable[Report], console: Console) -> None:
    """Print reports one after the other. Of several, those without findings stand only in the table at the end."""
    reports = list(reports)
    for report in reports:
        if len(reports) == 1 or report.findings:
            print_report(report, console)
            if len(reports) > 1:
                console.print()
    if len(reports) > 1:
        print_bags_table(reports, console)


def print_report(report: Report, console: Console) -> None:
    """Print one report: tables first, then findings worst first, the verdict last."""
    if report.extra.get("files"):
        files = [*report.extra["files"], *report.extra.get("inner_files", [])]
        console.print(_files_table(_folded(files, report.extra.get("sequences", []))))
    if report.extra.get("sequences"):
        console.print(_sequences_table(report.extra["sequences"]))
    for text in report.extra.get("pictures", []):
        console.print(Text(text))
    if report.extra.get("decision_tree"):
        print_decision_tree(report.extra["decision_tree"], report.extra["key_questions"], console)
    if report.extra.get("coverage"):
        print_coverage(report.extra["coverage"], console)
    fair = report.extra.get("fair") or []
    told = {one["rule"] for one in fair}
    _print_findings([one for one in report.findings if one.rule not in told], console)
    if fair:
        print_fair(fair, console)
    _print_level(report.extra.get("level"), console)
    _print_summary(report, console)


def _print_findings(findings: Iterable[Finding], console: Console) -> None:
    """Each finding, worst first; below those of one rule with the same remedy the remedy, once."""
    groups: dict[tuple[int, str, str | None], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity.rank, finding.rule, finding.remedy), []).append(finding)
    shown: Counter[str] = Counter()
    for (_, rule, remedy), group in sorted(groups.items(), key=lambda one: one[0][0]):
        kept = group[: max(0, _SHOWN_PER_RULE - shown[rule])]
        shown[rule] += len(group)
        for finding in kept:
            _print_finding(finding, console)
        if kept and remedy:
            console.print(Text(f"        -> {one_line(remedy)}", style="dim"))
    for rule, count in shown.items():
        if count > _SHOWN_PER_RULE:
            console.print(f"... and {count - _SHOWN_PER_RULE} more of {rule}; --format json shows all.")


def _print_finding(finding: Finding, console: Console) -> None:
    line = Text()
    line.append(f"{finding.severity.value:<8}", style=_COLORS[finding.severity])
    line.append(f"{finding.rule}  ", style="bold")
    line.append(one_line(finding.message))
    console.print(line)


def _folded(files: Iterable[Mapping[str, Any]], sequences: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The files, with all but the first of each sequence in one line: a stack may have thousands of planes.

    So are the parts of an OME-Zarr, behind the file at its top that stands for the image.
    """
    member = {file["path"]: number for number, one in enumerate(sequences) for file in one["files"]}
    groups: dict[object, list[Mapping[str, Any]]] = {}
    for file in files:
        path = file["path"]
        key = (member[path], file["tier"]) if path in member else _zarr_of(path) if not file.get("images") else path
        groups.setdefault(key, []).append(file)
    for group in groups.values():
        yield group[0]
        if len(group) > 1:
            size = sum(file["bytes"] for file in group[1:])
            path = f"... and {len(group) - 1} more, to {group[-1]['path'].rpartition('/')[2]}"
            yield {**group[0], "path": path, "bytes": size, "images": []}


def _zarr_of(path: str) -> str:
    """The folder NAME.zarr that a file lies in; the path itself of any other file."""
    folder, found, _ = path.partition(".zarr/")
    return folder + found if found else path


def _files_table(files: Iterable[Mapping[str, Any]]) -> Table:
    table = Table(title="Files", title_justify="left", box=None, pad_edge=False)
    for heading in ("path", "tier", "format", "size", "images"):
        table.add_column(heading, justify="right" if heading == "size" else "left", overflow="fold")
    for one in files:
        images = _counted(image["dimensions"] for image in one.get("images", []))
        cells = (one["path"], one["tier"], one["format"]["name"], size_in_words(one["bytes"]), images)
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    return table


def _counted(texts: Iterable[str]) -> str:
    """The texts joined, those that repeat said once with their number."""
    return "; ".join(f"{count} images of {text}" if count > 1 else text for text, count in Counter(texts).items())


def _sequences_table(sequences: Iterable[Mapping[str, Any]]) -> Table:
    table = Table(title="Sequences", title_justify="left", box=None, pad_edge=False)
    for heading in ("stem", "axes", "files", "convention", "confidence"):
        table.add_column(heading, justify="right" if heading == "files" else "left", overflow="fold")
    for one in sequences:
        axes = ", ".join(
            f"{name} {axis['first']}..{axis['last']} ({axis['count']})"
            for name, axis in one["axes"].items()
            if axis["count"] > 1
        )
        cells = (one["stem"], axes, str(len(one["files"])), one["convention"] or "-", one["confidence"])
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    return table


def _print_level(level: Mapping[str, Any] | None, console: Console) -> None:
    if not level:
        return
    console.print(f"Practice level reached: [bold]{level['reached'] or 'none'}[/bold]")
    said: set[str] = set()
    for name, missing in level["missing"].items():
        fields = dict.fromkeys(_field(item) for item in missing if _field(item) not in said)
        if fields:
            console.print(Text(f"  {name} still needs{', besides' if said else ''}: {one_line(', '.join(fields))}"))
        said.update(fields)


def _field(item: Mapping[str, Any]) -> str:
    """The field that is missing, and in how many more places it is."""
    more = len(item.get("fields", [])) - 1
    return f"{item['field']} (and {more} more)" if more > 0 else str(item["field"])


def _print_summary(report: Report, console: Console) -> None:
    for name, value in report.summary.items():
        if value is not None and not isinstance(value, dict | list):
            console.print(Text(f"{name.replace('_', ' ')}: {one_line(_in_words(value))}"))
    skipped = [check for check in report.checks if check.outcome is Outcome.SKIPPED]
    reasons: dict[str, int] = Counter(check.reason or "" for check in skipped)
    for reason, count in reasons.items():
        console.print(Text(f"not looked at: {counted(count, 'rule')} ({one_line(reason)})", style="dim"))
    counts = Counter(finding.severity for finding in report.findings)
    words = ", ".join(_number(counts[severity], severity) for severity in Severity if counts[severity])
    verdict = Text()
    verdict.append(f"{one_line(report.subject)}: ")
    verdict.append(report.verdict.value, style=_VERDICT_COLORS[report.verdict])
    verdict.append(f" ({words or 'no findings'}; {len(report.checks)} rules considered)")
    console.print(verdict)


def _in_words(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _number(count: int, severity: Severity) -> str:
    plural = severity in (Severity.ERROR, Severity.WARNING) and count != 1
    return f"{count} {severity.value}{'s' if plural else ''}"


def size_in_words(count: int) -> str:
    """A number of bytes as people read it, in powers of 1000: 2.3 GB."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")
