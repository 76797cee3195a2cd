"""Which auditor is at work on which bag, so that two never check the same one at once.

A lease lasts ten minutes and is renewed every minute. An auditor also holds a locked file beside the history, which the
system gives back when the process dies, however it dies: what it had leased is free at once, not after ten minutes.
"""

import json
import os
import platform
import sqlite3
import threading
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from confocal_bag.audit.history import AHEAD, DUE, BagState, History, moment
from confocal_bag.audit.schema import connect
from confocal_bag.bag.writing.folder_lock import FolderLock, LockOutcome
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Leases"]

_LEASE = timedelta(minutes=10)
_HEARTBEAT_S = 60.0


class Leases:
    """The leases of one auditor, who is `owner` in the history. Given back when it ends."""

    def __init__(self, history: History) -> None:
        host = "".join(letter if letter.isalnum() else "-" for letter in platform.node())[:60]
        self.owner = f"{host or 'host'}-{os.getpid()}-{uuid4().hex[:8]}"
        self._history = history
        self._lock = FolderLock(_lock_path(history.path, self.owner))
        self._stop = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="audit-leases", daemon=True)

    def __enter__(self) -> Self:
        try:
            self._lock.take()
        except OSError as error:
            raise CannotFinish(
                f"No file can be made beside the history {readable_path(self._history.path)}: {error.strerror}. "
                "Name a history in a folder that can be written to by --history."
            ) from error
        self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._heart.join()
        try:
            self._free(self.owner)
        finally:
            self._lock.release()

    def take_next(
        self,
        *,
        cutoff: datetime,
        begun: datetime,
        now: datetime,
        most: int = 1,
        room: tuple[float, float] = (inf, inf),
        only: Collection[int] = (),
    ) -> list[BagState]:
        """Lease the bags whose last check is longest ago, of those that are due; at most so many.

        Those known to be damaged and those that could not be looked at come first, as far as `room` goes, in seconds
        and bytes of each. With `only`, just these bags are leased, due or not.

        Due is what was last checked before `cutoff` or never, what could not be looked at, and what does not look like
        a bag any more. Bags that were looked at since the run had `begun` are left out. None when there is no more.
        """
        ahead = moment(now + AHEAD)
        with self._history.transaction() as open_:
            rows = open_.execute(
                "SELECT id FROM bag WHERE vanished IS NULL AND forgotten IS NULL "  # noqa: S608 - ours
                "AND (lease_until IS NULL OR lease_until < ?) AND (tried IS NULL OR tried < ? OR tried > ?) "
                f"AND ({DUE} OR checked > ? OR ?) AND (NOT ? OR id IN (SELECT value FROM json_each(?))) "
                "ORDER BY (verdict IS 'invalid' OR failed IS NOT NULL OR suspect IS NOT NULL) "
                "AND coalesce(seconds, 0) <= ? AND coalesce(bytes, 0) <= ? AND ? > 0 AND ? > 0 DESC, tried, id LIMIT ?",
                (
                    *(moment(now), moment(begun), ahead, moment(cutoff), ahead),
                    *(bool(only), bool(only), json.dumps(list(only))),
                    *(*room, *room, most),
                ),
            ).fetchall()
            open_.executemany(
                "UPDATE bag SET lease_owner = ?, lease_taken = ?, lease_until = ? WHERE id = ?",
                ((self.owner, moment(now), moment(now + _LEASE), bag) for (bag,) in rows),
            )
        return [self._history.states("id = ?", bag)[0] for (bag,) in rows]

    def give_back(self, bags: Iterable[BagState]) -> None:
        """Let others have bags that were not looked at."""
        with self._history.transaction() as open_:
            open_.executemany(
                "UPDATE bag SET lease_owner = NULL, lease_taken = NULL, lease_until = NULL "
                "WHERE id = ? AND lease_owner = ?",
                ((bag.id, self.owner) for bag in bags),
            )

    def free_those_of_the_dead(self) -> None:
        """Free what auditors had leased that are no longer alive. The bags they were at work on come last next time."""
        sql = "SELECT DISTINCT lease_owner FROM bag WHERE lease_owner IS NOT NULL"
        for owner in {owner for (owner,) in self._history.rows(sql)} | self._owners_of_locks():
            if owner == self.owner:
                continue
            lock = FolderLock(_lock_path(self._history.path, owner))
            try:
                if lock.take() is not LockOutcome.TAKEN:
                    continue
            except OSError:
                continue  # whoever cannot open the file waits until the lease runs out
            try:
                self._free(owner, tried="coalesce(lease_taken, tried)")
            finally:
                lock.release()

    def _owners_of_locks(self) -> set[str]:
        """The auditors whose lock files lie beside the history."""
        begin, end = f"{self._history.path.name}.", ".lock"
        names = [path.name for path in self._history.path.parent.iterdir()]
        return {name[len(begin) : -len(end)] for name in names if name.startswith(begin) and name.endswith(end)}

    def in_other_hands(self) -> int:
        """How many bags other auditors are at work on."""
        sql = "SELECT count(*) FROM bag WHERE lease_owner IS NOT NULL AND lease_owner <> ?"
        return int(self._history.rows(sql, self.owner)[0][0])

    def _free(self, owner: str, *, tried: str = "tried") -> None:
        with self._history.transaction() as open_:
            open_.execute(
                f"UPDATE bag SET tried = {tried}, lease_owner = NULL, lease_taken = NULL, "  # noqa: S608 - ours
                "lease_until = NULL WHERE lease_owner = ?",
                (owner,),
            )

    def _beat(self) -> None:
        while not self._stop.wait(_HEARTBEAT_S):
            try:
                connection = connect(self._history.path)
            except CannotFinish:
                continue  # the history is busy; a lease outlasts several beats
            try:
                self._renew(connection)
            finally:
                connection.close()

    def _renew(self, connection: sqlite3.Connection) -> None:
        until = moment(datetime.now().astimezone() + _LEASE)
        try:
            connection.execute("UPDATE bag SET lease_until = ? WHERE lease_owner = ?", (until, self.owner))
        except sqlite3.OperationalError:
            return  # as above


def _lock_path(history: Path, owner: str) -> Path:
    return history.with_name(f"{history.name}.{owner}.lock")
