"""What an update is to change in a bag, checked against the bag before anything is done."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from confocal_bag.bag.bag import Bag, ManifestFile
from confocal_bag.bag.changing.claims import refuse_unproven_claims
from confocal_bag.bag.changing.tag_edit import check_field
from confocal_bag.bag.digester import known_algorithms, normalise_algorithm
from confocal_bag.bag.paths import decode_path, encode_path
from confocal_bag.bag.writing.targets import refuse_unfit_target, target_keys
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["Changes", "UpdatePlan", "plan_changes"]

_COMPUTED = {"payload-oxum": "Payload-Oxum", "bag-size": "Bag-Size"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to change. Targets are paths inside the bag; `add` and `replace` say which file on this machine goes there.

    `remove` also takes folders. `set_fields` gives a field of bag-info.txt one value, `append_fields` adds one
    more, `unset_fields` removes a field with its repeats.
    """

    add: Mapping[PurePosixPath, Path] = field(default_factory=dict)
    replace: Mapping[PurePosixPath, Path] = field(default_factory=dict)
    remove: Sequence[PurePosixPath] = ()
    set_fields: Sequence[tuple[str, str]] = ()
    append_fields: Sequence[tuple[str, str]] = ()
    unset_fields: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        files = self.add or self.replace or self.remove
        return not (files or self.set_fields or self.append_fields or self.unset_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """An update that fits its bag: which files come from where, which go, which manifests there will be.

    `incoming` maps each added or replaced path inside the bag to the file it comes from. Manifests are
    (file name, algorithm); `fields` are the changes to bag-info.txt, as (what, field).
    """

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    incoming: Mapping[str, Path]
    manifests: tuple[tuple[str, str], ...]
    tag_manifests: tuple[tuple[str, str], ...]
    algorithms_added: tuple[str, ...]
    algorithms_dropped: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The algorithms of all manifests there will be."""
        return tuple(dict.fromkeys(algorithm for _, algorithm in (*self.manifests, *self.tag_manifests)))

    @property
    def changes_payload(self) -> bool:
        """Whether the bytes or the number of the payload files may change."""
        return any(path.startswith("data/") for path in (*self.added, *self.replaced, *self.removed))

    def steps(self) -> Iterator[tuple[str, str, str]]:
        """Each step as (what, from, to), in the order of the work."""
        for what, paths in (("add", self.added), ("replace", self.replaced)):
            yield from ((what, str(self.incoming[path]), path) for path in paths)
        yield from (("remove", "", path) for path in self.removed)
        yield from ((what, "", f"{field} in bag-info.txt") for what, field in self.fields)
        yield from (("add", "", f"manifest-{algorithm}.txt") for algorithm in self.algorithms_added)
        yield from (("remove", "", f"manifest-{algorithm}.txt") for algorithm in self.algorithms_dropped)


def plan_changes(
    bag: Bag, changes: Changes, *, add_algorithms: Sequence[str] = (), drop_algorithms: Sequence[str] = ()
) -> UpdatePlan:
    """Check that the changes fit the bag and one another. Raises CannotFinish with the first that does not."""
    add, replace = _by_name(changes.add), _by_name(changes.replace)
    removed = _removed(bag, changes.remove)
    _refuse_unfit(bag, (*add, *replace, *removed))
    _refuse_misplaced(bag, add, replace, removed)
    gone = set(removed)
    _refuse_collisions(add, [path for path in bag.source.files if path not in gone])
    _refuse_fields(bag, changes)
    added, dropped = _algorithms(bag, add_algorithms, drop_algorithms)
    manifests = _kept(bag.manifests.values(), dropped) + tuple((f"manifest-{one}.txt", one) for one in added)
    if not manifests:
        raise CannotFinish("The bag would be left without a payload manifest; keep or add another algorithm.")
    return UpdatePlan(
        added=tuple(add),
        replaced=tuple(replace),
        removed=removed,
        incoming=add | replace,
        manifests=manifests,
        tag_manifests=_tag_manifests(bag, manifests, added, dropped),
        algorithms_added=added,
        algorithms_dropped=dropped,
        fields=tuple(_field_steps(changes)),
    )


def _by_name(files: Mapping[PurePosixPath, Path]) -> dict[str, Path]:
    return {str(target): source for target, source in files.items()}


def _removed(bag: Bag, targets: Sequence[PurePosixPath]) -> tuple[str, ...]:
    """The files to remove; a folder stands for every file below it."""
    found: dict[str, None] = {}
    for target in map(str, targets):
        below = [target] if target in bag.source.files else []
        below += [path for path in bag.source.files if path.startswith(f"{target}/")]
        if not below:
            raise CannotFinish(f"{readable_path(target)} is not in the bag and cannot be removed; check its spelling.")
        found.update(dict.fromkeys(below))
    return tuple(found)


def _refuse_unfit(bag: Bag, targets: Sequence[str]) -> None:
    """Refuse names that no bag may hold, that this tool writes itself, or that this bag's version cannot list."""
    for target in targets:
        try:
            refuse_unfit_target(target)
        except ValueError as error:
            raise CannotFinish(f"{readable_path(str(error))}; name a payload file (data/...) or a tag file.") from None
        if decode_path(encode_path(target, bag.version), bag.version).path != target:
            version = "{}.{}".format(*bag.version)
            raise CannotFinish(f"{readable_path(target)} cannot be listed in a BagIt {version} bag; rename the file.")


def _refuse_misplaced(bag: Bag, add: Mapping[str, Path], replace: Mapping[str, Path], removed: Sequence[str]) -> None:
    for path in add:
        if path in bag.source.files:
            raise CannotFinish(f"{readable_path(path)} is in the bag already; use replace to put another file there.")
    for path in replace:
        if path not in bag.source.files:
            raise CannotFinish(f"{readable_path(path)} is not in the bag; use add for a new file.")
    both = sorted(set(replace) & set(removed))
    if both:
        raise CannotFinish(f"{readable_path(both[0])} is to be both replaced and removed; choose one.")


def _refuse_collisions(added: Iterable[str], kept: Iterable[str]) -> None:
    """Refuse a new name that some systems take for another one. What the bag held before is not judged here."""
    names: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in kept:
        key, *parents = target_keys(path)
        names[key] = path
        folders.update(dict.fromkeys(parents, path))
    for path in added:
        key, *parents = target_keys(path)
        rival = names.get(key) or folders.get(key)
        rival = rival or next((names[parent] for parent in parents if parent in names), None)
        if rival is not None:
            raise CannotFinish(
                f"{readable_path(path)} and {readable_path(rival)} would be one name on some systems; rename one."
            )
        names[key] = path
        folders.update(dict.fromkeys(parents, path))


def _refuse_fields(bag: Bag, changes: Changes) -> None:
    labels = [*(label for label, _ in (*changes.set_fields, *changes.append_fields)), *changes.unset_fields]
    for label in labels:
        if label.casefold() in _COMPUTED:
            raise CannotFinish(f"{_COMPUTED[label.casefold()]} follows from the payload and is written by this tool.")
    for label, value in (*changes.set_fields, *changes.append_fields):
        check_field(label, value)
    present = {label.casefold() for label, _ in bag.bag_info}
    for label in changes.unset_fields:
        if label.casefold() not in present:
            raise CannotFinish(f"{bag.info_name} has no field {readable_path(label)} to remove; check its spelling.")
    refuse_unproven_claims(bag.bag_info, _fields_after(bag, changes))


def _fields_after(bag: Bag, changes: Changes) -> Iterator[tuple[str, str]]:
    """The fields that bag-info.txt will have, in no order."""
    gone = {label.casefold() for label in (*changes.unset_fields, *(label for label, _ in changes.set_fields))}
    yield from (field for field in bag.bag_info if field[0].casefold() not in gone)
    yield from (*changes.set_fields, *changes.append_fields)


def _field_steps(changes: Changes) -> Iterator[tuple[str, str]]:
    yield from (("unset", label) for label in changes.unset_fields)
    yield from (("set", f"{label}: {value}") for label, value in changes.set_fields)
    yield from (("append", f"{label}: {value}") for label, value in changes.append_fields)


def _algorithms(bag: Bag, add: Sequence[str], drop: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The algorithms to add and to drop, in BagIt's spelling."""
    present = {one.algorithm for one in bag.manifests.values()}
    adding = known_algorithms(add)
    dropping = tuple(dict.fromkeys(map(normalise_algorithm, drop)))
    for name in adding:
        if name in present:
            raise CannotFinish(f"The bag has a manifest by {name} already.")
    anywhere = present | {one.algorithm for one in bag.tag_manifests.values()}
    for name in dropping:
        if name not in anywhere:
            raise CannotFinish(f"The bag has no manifest by {name}; it has {', '.join(sorted(anywhere))}.")
    return adding, dropping


def _kept(manifests: Iterable[ManifestFile], dropped: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.algorithm) for one in manifests if one.algorithm not in dropped)


def _tag_manifests(
    bag: Bag, manifests: Sequence[tuple[str, str]], added: Sequence[str], dropped: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """As the bag has them, with the added algorithms; a bag without tag manifests gets none."""
    if not bag.tag_manifests:
        return ()
    kept = _kept(bag.tag_manifests.values(), dropped)
    algorithms = [*added, *(() if kept or added else (algorithm for _, algorithm in manifests))]
    present = {algorithm for _, algorithm in kept}
    return kept + tuple((f"tagmanifest-{one}.txt", one) for one in algorithms if one not in present)
