"""A bag that lies under another path than before: the same bag, whose history goes on."""

from datetime import datetime

from confocal_bag.audit.history import History, moment
from confocal_bag.audit.schema import stored

__all__ = ["known_as"]

#: A bag that is gone, that had a payload, and whose payload manifests listed the same at its last check.
_GONE = """
SELECT id, path FROM bag WHERE vanished IS NOT NULL AND forgotten IS NULL AND id <> :bag
AND :manifests = (
    SELECT manifests FROM bag_check WHERE bag_id = bag.id AND manifests IS NOT NULL ORDER BY bag_check.id DESC LIMIT 1
)
AND EXISTS (
    SELECT 1 FROM file
    WHERE bag_id = bag.id AND file.path >= 'data/' AND file.path < 'data0' AND until_check IS NULL
)
ORDER BY vanished DESC, id LIMIT 1
"""


def known_as(history: History, bag: int, manifests: str, *, owner: str, now: datetime) -> int:
    """The number of the bag that this one was before it came to lie here; its own where it is no other's.

    To be asked at the first check of a bag that `owner` has leased. The checks of the one that is gone become checks of
    this one: a damaged bag is not made new by renaming it.
    """
    if not history.rows("SELECT 1 FROM bag WHERE vanished IS NOT NULL AND forgotten IS NULL LIMIT 1"):
        return bag
    with history.transaction() as open_:
        gone = open_.execute(_GONE, {"bag": bag, "manifests": manifests}).fetchone()
        here = open_.execute(
            "SELECT path, kind, seen, lease_taken, lease_until FROM bag WHERE id = ? AND lease_owner = ?", (bag, owner)
        ).fetchone()
        if gone is None or here is None:
            return bag
        former, former_path = gone
        open_.execute("DELETE FROM event WHERE bag_id = ? AND what = 'appeared'", (bag,))
        for table in ("event", "bag_check"):
            open_.execute(f"UPDATE {table} SET bag_id = ? WHERE bag_id = ?", (former, bag))  # noqa: S608 - ours
        open_.execute("DELETE FROM bag WHERE id = ?", (bag,))
        path, *others = here
        open_.execute(
            "UPDATE bag SET path = CAST(? AS TEXT), kind = ?, seen = ?, lease_taken = ?, lease_until = ?, "
            "lease_owner = ?, vanished = NULL, failed = NULL, suspect = NULL WHERE id = ?",
            (stored(path), *others, owner, former),
        )
        open_.execute(
            "INSERT INTO event (bag_id, at, what, former_path) VALUES (?, ?, 'moved', CAST(? AS TEXT))",
            (former, moment(now), stored(former_path)),
        )
        return int(former)
