"""Many bags in, one report for each: a broken bag never keeps the others from being looked at."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from glob import has_magic, iglob
from pathlib import Path

from confocal_bag.bag.splitting.parts import PartClaim, check_parts
from confocal_bag.counted import counted
from confocal_bag.findings import CannotFinish, Finding, Report, Severity, readable_path
from confocal_bag.progress import SILENT, Progress
from confocal_bag.remote.address import address_of
from confocal_bag.side_by_side import side_by_side
from confocal_bag.validate import Depth, validate_bag

__all__ = [
    "Judged",
    "Judging",
    "could_not_judge",
    "expand_names",
    "is_address",
    "judge_bags",
    "judge_parts",
    "read_names",
    "reason_of",
]

_MOST_LIST_BYTES = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How bags are judged; see `validate_bag`. `jobs` is for each bag."""

    profiles: Sequence[str | Path] = ()
    depth: Depth = Depth.FULL
    pixels: bool = False
    strict: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One bag, what is to be said of it, and its claim to be a part of a larger one."""

    bag: Path
    report: Report
    part: PartClaim | None = None


def judge_bags(
    bags: Sequence[Path],
    judging: Judging,
    *,
    jobs: int = 2,
    progress: Progress = SILENT,
    executor: Executor | None = None,
) -> Iterator[Judged]:
    """Judge every bag, several at once, and yield each as it is done.

    A bag that cannot be judged has a report whose verdict is "incomplete". With one bag, all jobs are for it.
    """
    at_once = max(1, min(jobs, len(bags)))
    each = replace(judging, jobs=max(1, jobs // at_once))
    if at_once == 1 and executor is None and len(bags) == 1:
        yield judge(bags[0], judging=replace(judging, jobs=jobs), progress=progress)
        return
    progress.stage(f"Checking {counted(len(bags), 'bag')}", None)
    for bag, future in side_by_side(partial(judge, judging=each), bags, jobs=at_once, executor=executor):
        done = _outcome(bag, future)
        progress.advance(int(done.report.summary.get("bytes_hashed") or 0))
        yield done


def judge(bag: Path, *, judging: Judging, progress: Progress = SILENT) -> Judged:
    """Judge one bag. Raises what `validate_bag` raises, and `CannotFinish` for a pattern that nothing matches."""
    if has_magic(os.fspath(bag)) and not is_address(bag) and not os.path.lexists(bag):
        raise CannotFinish(f"Nothing matches the pattern {readable_path(bag)}; check it and quote it as needed.")
    parts: list[PartClaim] = []
    report = validate_bag(
        bag,
        profiles=judging.profiles,
        depth=judging.depth,
        pixels=judging.pixels,
        strict=judging.strict,
        jobs=judging.jobs,
        progress=progress,
        on_part=parts.append,
    )
    return Judged(bag=bag, report=report, part=parts[0] if parts else None)


def _outcome(bag: Path, future: "Future[Judged]") -> Judged:
    problem = future.exception()
    if problem is None:
        return future.result()
    if not isinstance(problem, Exception):
        raise problem
    return Judged(bag=bag, report=could_not_judge(bag, problem))


def could_not_judge(bag: Path, problem: Exception, command: str = "validate") -> Report:
    """What is said of a bag that could not be judged, so that the bags after it still are."""
    from concurrent.futures.process import BrokenProcessPool

    remedy = None
    if isinstance(problem, CannotFinish):
        said = str(problem)
    elif isinstance(problem, BrokenProcessPool):
        said = f"The process that looked at {readable_path(bag)} was ended twice, by the system or by a crash."
        remedy = "Look at this bag alone, with more memory."
    else:
        said = f"The work on {readable_path(bag)} failed: {type(problem).__name__}: {problem}"
        remedy = "Report this as a bug of confocal-bag; nothing is known of it."
    finding = Finding(rule=reason_of(bag, problem), severity=Severity.ERROR, message=said, remedy=remedy)
    return Report(command=command, subject=readable_path(bag), findings=(finding,))


def reason_of(path: Path | str, problem: Exception) -> str:
    """The rule of a finding that something was not looked at: a slip of the pen is not called our own failure."""
    if isinstance(problem, CannotFinish) and not is_address(path) and not os.path.lexists(path):
        return "usage.not-found"
    return "internal.cannot-finish"


def is_address(path: Path | str) -> bool:
    """Whether a path means something in a store, be it written as it must be or not."""
    try:
        return address_of(path) is not None
    except CannotFinish:  # one that holds a password, for example
        return True


def judge_parts(parts: Sequence[PartClaim]) -> Report:
    """Whether the parts that were given make up whole bags."""
    checks, findings = check_parts(parts)
    return Report(
        command="validate",
        subject="the parts given together",
        checks=tuple(checks),
        findings=tuple(findings),
        summary={"parts": len(parts)},
    )


def expand_names(names: Iterable[Path]) -> list[Path]:
    """The bags that are meant, each once, in order; a name with * ? or [] that no file has is a pattern.

    Some shells leave patterns to the program. One that matches nothing stays, as a bag that is not there.
    """
    found: dict[Path, None] = {}
    for name in names:
        text = os.fspath(name)
        if not has_magic(text) or os.path.lexists(name) or is_address(name):
            found[name] = None
            continue
        matches = sorted(iglob(text, recursive=True))  # noqa: PTH207 - the pattern may be absolute
        found |= dict.fromkeys(map(Path, matches or [text]))
    return list(found)


def read_names(content: bytes) -> list[Path]:
    """The names in a list, one a line or ended by NUL bytes (find -print0), in UTF-8 or with a mark in UTF-16.

    Blank lines do not count, nor do lines that begin with # where nothing is called so. Blanks and quotation marks
    around a name that nothing has belong to the list. Raises `CannotFinish`.
    """
    if len(content) > _MOST_LIST_BYTES:
        raise CannotFinish(f"The list of bags is larger than {_MOST_LIST_BYTES:,} bytes; give it in parts.")
    content = _as_utf8(content)
    if b"\0" in content:
        return [Path(os.fsdecode(name)) for name in content.split(b"\0") if name]
    names = [_meant_name(line.rstrip(b"\r")) for line in content.split(b"\n") if line.strip()]
    return [Path(os.fsdecode(name)) for name in names if name]


def _as_utf8(content: bytes) -> bytes:
    """The list without its mark; what Windows writes as UTF-16 (`>` in PowerShell) in UTF-8. Raises `CannotFinish`."""
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        if b"\n\0" in content and not any(content[1::2]):
            raise CannotFinish("The list of bags is UTF-16 without a mark; save it as UTF-8.")
        return content.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode("utf-16").encode()
    except UnicodeError as error:
        raise CannotFinish(f"The list of bags begins as UTF-16 and is not ({error}); save it as UTF-8.") from error


def _meant_name(line: bytes) -> bytes | None:
    """The name in a line; None for a comment."""
    if os.path.lexists(line):
        return line
    bare = line.strip()
    if os.path.lexists(bare):
        return bare
    if bare.startswith(b"#"):
        return None
    is_quoted = len(bare) > 2 and bare[:1] == bare[-1:] and bare[:1] in (b'"', b"'")
    return bare[1:-1] if is_quoted else bare
