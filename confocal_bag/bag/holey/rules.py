"""What came of completing a bag, as findings."""

from collections.abc import Iterator

from confocal_bag.bag.holey.completion import Completion, FetchFailure, Trouble
from confocal_bag.findings import (
    RULES,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Report,
    Severity,
    one_line,
    readable_path,
    rule,
    run_rules,
)

__all__ = ["FETCH_RULES", "check_completion", "completion_report"]

#: The rules of this module in the order they run.
FETCH_RULES = (
    "bag.fetch-refused",
    "bag.fetch-not-downloaded",
    "bag.fetch-wrong-content",
    "bag.fetch-not-placed",
    "bag.fetch-not-offered",
)


def check_completion(completion: Completion) -> tuple[list[Check], list[Finding]]:
    """One check for each kind of trouble, one finding for each file that is not there."""
    return run_rules([RULES[one] for one in FETCH_RULES], completion)


def completion_report(completion: Completion) -> Report:
    """The report of the command `complete`: its findings, and what was fetched."""
    checks, findings = check_completion(completion)
    return Report(
        command="complete",
        subject=readable_path(completion.bag),
        checks=tuple(checks),
        findings=tuple(findings),
        summary={
            "files_fetched": len(completion.fetched),
            "bytes_fetched": sum(one.bytes for one in completion.fetched),
            "files_there_before": len(completion.present),
            "files_failed": len(completion.failures),
            "complete": completion.is_complete,
        },
        extra={
            "fetched": [
                {"path": readable_path(one.path), "bytes": one.bytes, "url": readable_path(one.url)}
                for one in completion.fetched
            ]
        },
    )


@rule("bag.fetch-refused", severity=Severity.ERROR, reference="RFC 8493 5.1, 5.2")
def _refused(completion: Completion) -> Iterator[Problem]:
    """Every line of fetch.txt is one that `complete` may follow.

    That is: an https address of a host named with --allow-host, for a file below data/ that payload manifests
    list with a checksum. Redirects are judged in the same way. Plain http is followed only to this machine.
    """
    yield from _problems(completion, Trouble.REFUSED, "name the host with --allow-host if you trust it, or correct it")


@rule("bag.fetch-not-downloaded", severity=Severity.ERROR, reference="RFC 8493 2.2.3, 5.3")
def _not_downloaded(completion: Completion) -> Iterator[Problem]:
    """Every missing file could be had from its address, with the length that fetch.txt states."""
    yield from _problems(completion, Trouble.NOT_DOWNLOADED, "run the command again later; ask whoever keeps the file")


@rule("bag.fetch-wrong-content", severity=Severity.ERROR, reference="RFC 8493 3")
def _wrong_content(completion: Completion) -> Iterator[Problem]:
    """Every fetched file is the one that the payload manifests list, by each of their checksums.

    A file that is not is thrown away and does not get its name in the bag.
    """
    yield from _problems(completion, Trouble.WRONG_CONTENT, "ask whoever keeps the file whether it was changed")


@rule("bag.fetch-not-placed", severity=Severity.ERROR, reference="RFC 8493 5.1")
def _not_placed(completion: Completion) -> Iterator[Problem]:
    """Every fetched file could be given its name in the bag.

    No link is followed, nothing is overwritten, and the disk has room.
    """
    yield from _problems(completion, Trouble.NOT_PLACED, "see to what is in the way and run the command again")


@rule("bag.fetch-not-offered", severity=Severity.ERROR, reference="RFC 8493 3")
def _not_offered(completion: Completion) -> Iterator[Problem]:
    """Every file that a payload manifest lists is in the bag or has a line in fetch.txt."""
    yield from _failures(completion, Trouble.NOT_OFFERED, "ask whoever made the bag for the file")


def _problems(completion: Completion, trouble: Trouble, remedy: str) -> Iterator[Problem]:
    if not completion.has_fetch:
        raise NotApplicable("the bag has no fetch.txt")
    yield from _failures(completion, trouble, remedy)


def _failures(completion: Completion, trouble: Trouble, remedy: str) -> Iterator[Problem]:
    for failure in completion.failures:
        if failure.trouble is trouble:
            yield Problem(
                path=readable_path(failure.path),
                message=f"{_what(failure)}: {failure.reason}.",
                remedy=f"{remedy[0].upper()}{remedy[1:]}.",
                detail={"line": failure.line} if failure.line else {},
            )


def _what(failure: FetchFailure) -> str:
    path = one_line(readable_path(failure.path))
    if failure.url is None:
        return path
    shown = failure.url if len(failure.url) <= 200 else failure.url[:200] + "..."
    return f"{path} from {one_line(readable_path(shown))}"
