"""Names for new files of a bag: which ones no bag may hold, and which ones some systems take for the same."""

from threading import Lock

from confocal_bag.bag.paths import nfc, plain_path, unsafe_because
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Claims", "refuse_unfit_target", "target_keys"]


class Claims:
    """The targets of a bag in the making; several threads may claim at once."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._lock = Lock()

    def add(self, target: str) -> None:
        """Reserve a target. Raises ValueError when it is taken, CannotFinish when a name much like it is."""
        key, *parents = target_keys(target)
        with self._lock:
            if self._files.get(key) == target:
                raise ValueError(f"{target!r} is in the bag already")
            rival = self._files.get(key) or self._folders.get(key)
            rival = rival or next((self._files[one] for one in parents if one in self._files), None)
            if rival is not None:
                raise CannotFinish(
                    f"{readable_path(target)} and {readable_path(rival)} would be one name on some systems; "
                    "rename one of them."
                )
            self._files[key] = target
            self._folders.update(dict.fromkeys(parents, target))

    def release(self, target: str) -> None:
        """Give a target back that was not written after all."""
        with self._lock:
            self._files.pop(target_keys(target)[0], None)


def refuse_unfit_target(target: str) -> None:
    """Refuse a target that no bag may hold, that BagIt writes itself, or that a manifest cannot name."""
    why = unsafe_because(target)
    if why is None and plain_path(target) != target:
        why = "it is not written plainly"
    if why is None and (target == "data" or _is_of_bagit(target)):
        why = "it is written when the bag is sealed"
    if why is not None:
        raise ValueError(f"{target!r} cannot be a file of a bag: {why}")
    try:
        target.encode("utf-8")
    except UnicodeEncodeError:
        raise CannotFinish(
            f"The name {readable_path(target)} is not UTF-8 and cannot stand in a manifest; rename the file."
        ) from None


def _is_of_bagit(target: str) -> bool:
    name = target.casefold()
    if name in {"bagit.txt", "bag-info.txt", "fetch.txt"}:
        return True
    return name.startswith(("manifest-", "tagmanifest-")) and name.endswith(".txt") and "/" not in name


def target_keys(target: str) -> list[str]:
    """The target and its folders, innermost first, spelled so that names some systems confuse are equal."""
    key = nfc(nfc(target).casefold())
    keys = [key]
    while "/" in key:
        key = key.rpartition("/")[0]
        keys.append(key)
    return keys
