"""One run of an audit: find the bags, check those whose turn it is, write every check into the history."""

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from confocal_bag.audit.budget import Spending
from confocal_bag.audit.change import NOTHING_LISTED, Change, what_happened
from confocal_bag.audit.checks import damaged_since, last_seen, record_check, record_failure
from confocal_bag.audit.damage import kept_damage
from confocal_bag.audit.examine import Examined, Task, examine
from confocal_bag.audit.history import BagState, History, moment
from confocal_bag.audit.leases import Leases
from confocal_bag.audit.listings import algorithms_of, lines_of
from confocal_bag.audit.moves import known_as
from confocal_bag.audit.options import AuditOptions
from confocal_bag.audit.rules import AUDIT_RULES
from confocal_bag.audit.shelf import Survey, Unread, bag_size, lies_there
from confocal_bag.audit.view import BagResult, ShelfView, files_of
from confocal_bag.audit.wanted import known_bag, why_not_checked
from confocal_bag.audit.wording import held_by_another, not_looked_at, unreadable_folder
from confocal_bag.findings import Finding, Report, Severity, Verdict, readable_path, run_rules
from confocal_bag.progress import Progress
from confocal_bag.receiving import could_not_judge
from confocal_bag.side_by_side import side_by_side

__all__ = ["AuditRun"]

_BAGS_AT_ONCE = 500
#: Bags that take less than so many seconds are leased so many at a time.
_QUICK_S, _QUICK_AT_ONCE = 0.5, 16


@dataclass(kw_only=True)
class AuditRun:
    """One run under way. `stopped` says why it stopped before everything due was checked."""

    shelf: Path
    options: AuditOptions
    history: History
    leases: Leases
    run: int
    begun: datetime
    progress: Progress
    spending: Spending
    stopped: str | None = None
    results: list[BagResult] = field(default_factory=list)
    failed: list[Finding] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    unread: dict[str, Unread] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    wanted: dict[int, str] = field(default_factory=dict)
    found: int = 0
    taken_over: int = 0
    started: float = field(default_factory=time.monotonic)

    def survey(self) -> None:
        """Find the bags, and which of those that were there are gone."""
        self.progress.stage(f"Looking for bags in {self.shelf.name}", None)
        survey = Survey(
            shelf=self.shelf, is_known=self.history.is_known, unreadable=self.unreadable, unread=self.unread
        )
        bags = survey.bags()
        while found := list(islice(bags, _BAGS_AT_ONCE)):
            self.found += len(found)
            self.history.note_seen(found, self.options.clock())
        gone = [
            bag
            for bag in self.history.not_seen_since(self.begun, now=self.options.clock())
            if not self._may_be_there(bag)
        ]
        self.history.note_vanished(gone, self.options.clock())
        self.history.note_unreadable(self.unreadable, self.options.clock())
        for name in self.options.bags:
            bag = known_bag(self.history, self.shelf, name)
            self.wanted[bag.id] = bag.path

    def _may_be_there(self, bag: BagState) -> bool:
        """Whether a bag that was not met may still be there: behind a folder that cannot be read, or in another bag."""
        hidden = any(folder == "" or bag.path.startswith(f"{folder}/") for folder in self.unreadable)
        return (
            hidden or bag.path in self.unreadable or lies_there(self.shelf, bag.path, is_archive=bag.kind == "archive")
        )

    def check(self, executor: Executor | None) -> None:
        """Check bags until none is due or the budget is spent."""
        self.leases.free_those_of_the_dead()
        self.progress.stage("Checking bags", None)
        for task, future in side_by_side(examine, self._tasks(), jobs=self.options.jobs, executor=executor):
            self._take_in(task, future)

    def _tasks(self) -> Iterator[Task]:
        jobs = max(1, self.options.jobs // max(1, self._due()))  # a single large bag has all of them
        bags: deque[BagState] = deque()
        while bags or (bags := self._leased()):
            bag = bags.popleft()
            size = bag.bytes if bag.bytes is not None else bag_size(self.shelf / bag.path)
            self.stopped = self.spending.why_not(size, bag.seconds, time.monotonic() - self.started)
            if self.stopped is not None:
                self.leases.give_back([bag, *bags])
                return
            self.spending.begin(size)
            seen = last_seen(self.history, bag.id)
            yield Task(
                bag_id=bag.id,
                path=self.shelf / bag.path,
                size=size,
                known=(seen.manifests, seen.tag_manifests, seen.tag_files or NOTHING_LISTED) if seen else None,
                algorithms=algorithms_of(self.history, bag.id),
                jobs=jobs,
            )

    def _leased(self) -> deque[BagState]:
        """The next bag; of bags that take no time, the next few, because a lease takes some too."""
        each = self.spending.seconds_per_bag
        most = _QUICK_AT_ONCE if each is not None and each < _QUICK_S else 1
        cutoff = self.begun - self.options.older_than
        now, room = self.options.clock(), self.spending.room_for_damaged(time.monotonic() - self.started)
        return deque(
            self.leases.take_next(cutoff=cutoff, begun=self.begun, now=now, most=most, room=room, only=self.wanted)
        )

    def _take_in(self, task: Task, future: "Future[Examined]") -> None:
        """Write one outcome into the history."""
        problem = future.exception()
        path = task.path.relative_to(self.shelf).as_posix()
        if problem is not None and not isinstance(problem, Exception):
            raise problem
        if problem is not None:
            report = could_not_judge(task.path, problem, command="audit")
            record_failure(
                self.history,
                owner=self.leases.owner,
                run=self.run,
                bag=task.bag_id,
                report=report,
                now=self.options.clock(),
            )
            self._fail(path, report.findings[0].message)
            self.tried.add(path)
            self.spending.finish(0, 0.0)
            return
        self._record(task.bag_id, path, future.result())

    def _record(self, bag: int, path: str, examined: Examined) -> None:
        """Write what a finished check saw into the history, as a check of the bag that this one was before."""
        seen, before = examined.seen, last_seen(self.history, bag)
        if before is None:
            now = self.options.clock()
            bag = known_as(self.history, bag, seen.manifests, owner=self.leases.owner, now=now)
            before = last_seen(self.history, bag)
        lines = lines_of(self.history, bag, [one.path for one in seen.deviations])
        judgement = what_happened(before, seen, lines)
        recorded = record_check(
            self.history,
            owner=self.leases.owner,
            run=self.run,
            bag=bag,
            examined=examined,
            before=before,
            judgement=judgement,
            now=self.options.clock(),
        )
        if recorded is None:
            self.taken_over += 1
            return
        change, changes = recorded
        first = min(examined.report.findings, key=lambda finding: finding.severity.rank, default=None)
        self.results.append(
            BagResult(
                path=path,
                verdict=examined.report.verdict,
                change=change,
                files=files_of(change, zip((one.path for one in seen.deviations), judgement.means, strict=True)),
                first=first.message if first else None,
                changes=changes,
                lists_changed=before is not None
                and (before.manifests, before.tag_manifests) != (seen.manifests, seen.tag_manifests),
                since=damaged_since(self.history, bag) if change is Change.STILL_DAMAGED else None,
            )
        )
        self.spending.finish(examined.size, examined.seconds)
        self.progress.advance(examined.size)

    def _fail(self, path: str, message: str) -> None:
        self.failed.append(
            Finding(
                rule="internal.cannot-finish", severity=Severity.ERROR, message=message, path=readable_path(path) or "."
            )
        )

    def report(self) -> Report:
        """What is to be said of this run."""
        waiting = self._not_checked("verdict = ?", Verdict.INVALID)
        cutoff = moment(self.begun - self.options.older_than)
        gone = self.history.states("vanished IS NOT NULL AND forgotten IS NULL")
        view = ShelfView(
            results=sorted(self.results, key=lambda one: one.path),
            vanished=[one for one in gone if self._is_meant(one.path)],
            waiting=waiting,
            why_waiting=why_not_checked(waiting, cutoff=cutoff, tried=self.tried, stopped=self.stopped),
            suspects=self._not_checked("suspect IS NOT NULL AND failed IS NULL"),
            damage=[one for one in kept_damage(self.history) if self._is_meant(one.bag)],
            unread={} if self.wanted else self.unread,
            appeared=self._happened("appeared") if self.run > 1 else None,
            returned=self._happened("returned"),
            moved=[one for one in self.history.moved_since(self.begun) if self._is_meant(one[0])],
        )
        checks, findings = run_rules(AUDIT_RULES, view)
        return Report(
            command="audit",
            subject=readable_path(self.shelf),
            checks=tuple(checks),
            findings=(*findings, *self._hidden(), *self.failed, *self._not_looked_at(), *self._held()),
            summary=self._summary(),
            extra={"bags": [one.as_record() for one in self.results]},
        )

    def _not_checked(self, condition: str, *values: object) -> list[BagState]:
        """The bags on the shelf of which a condition is true and that this run has not checked to their end."""
        now = {one.path for one in self.results}
        states = self.history.states(f"vanished IS NULL AND forgotten IS NULL AND {condition}", *values)
        return [one for one in states if one.path not in now and self._is_meant(one.path)]

    def _is_meant(self, path: str) -> bool:
        """Whether this run is about a bag: all are meant unless some were named."""
        return not self.wanted or path in self.wanted.values()

    def _happened(self, what: str) -> list[str]:
        return [path for path in self.history.with_event_since(self.begun, what) if self._is_meant(path)]

    def _hidden(self) -> list[Finding]:
        """The folders that could not be looked into; those that hide no bag that was named are left to other runs."""
        meant = [*self.wanted.values()]
        return [
            unreadable_folder(folder, reason)
            for folder, reason in self.unreadable.items()
            if not meant or not folder or any(path == folder or path.startswith(f"{folder}/") for path in meant)
        ]

    def _held(self) -> list[Finding]:
        """Of the bags that were named, those that another auditor has."""
        waiting = self._not_checked("lease_owner <> ?", self.leases.owner) if self.wanted else []
        return [held_by_another(one) for one in waiting if one.path not in self.tried]

    def _not_looked_at(self) -> list[Finding]:
        """Of the bags that could not be looked at by an earlier run, and that this one did not come to."""
        waiting = self._not_checked("failed IS NOT NULL")
        return [not_looked_at(one) for one in waiting if one.path not in self.tried]

    def _due(self) -> int:
        """How many bags are to be checked."""
        if self.wanted:
            return sum(self._is_meant(one.path) for one in self._not_checked("failed IS NULL"))
        return self.history.due(self.begun - self.options.older_than, owner=self.leases.owner)

    def _summary(self) -> dict[str, object]:
        return {
            "history": readable_path(self.history.path),
            "bags_on_the_shelf": self.found,
            "bags_checked": len(self.results),
            "bytes_checked": self.spending.bytes_done,
            "bags_not_looked_at": len(self.failed) + len(self._hidden()) or None,
            "bags_still_due": self._due(),
            "in_the_hands_of_other_auditors": self.leases.in_other_hands() or None,
            "taken_over_by_other_auditors": self.taken_over or None,
            "links_not_followed": self._count(Unread.LINK),
            "archives_not_read": self._count(Unread.OTHER_ARCHIVE),
            "over_budget": self.spending.over_budget,
            "stopped_because": self.stopped,
        }

    def _count(self, why: Unread) -> int | None:
        return sum(one is why for one in self.unread.values()) or None
