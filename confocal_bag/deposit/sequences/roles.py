"""Decide what each variable part of similar names is: an axis, a repetition of one, or the name of a sequence.

Explicit markers win. A part without a marker is left out where it only follows a marked axis (time stamps,
wavelengths), tells sequences apart where an ordered axis is marked, and is otherwise a plain counter N, or N1, N2 when
there are several.
"""

from dataclasses import dataclass, field

from confocal_bag.deposit.sequences.columns import (
    MOST_CHANNELS,
    Column,
    agree,
    columns_of,
    counts_at_end,
    fill_a_grid,
    follows,
    is_derived,
    may_count,
    one_spelling,
    repeats,
    split_digits,
    without_repetitions,
)
from confocal_bag.deposit.sequences.groups import Axis, Group
from confocal_bag.deposit.sequences.model import Confidence
from confocal_bag.deposit.sequences.reading import Entry
from confocal_bag.deposit.sequences.recasting import recast
from confocal_bag.deposit.sequences.tokens import Meaning, Token
from confocal_bag.deposit.sequences.words import (
    AMBIGUOUS_LETTERS,
    ORDERED_AXES,
    SPECIMEN_WORDS,
    TIME_UNITS,
)

__all__ = ["divide"]

#: Beside a marked axis an unmarked number names a sample, unless it takes at least so many values.
_FEWEST_BESIDE_AXES = 10


@dataclass(slots=True)
class _Roles:
    """The decision being made for one bucket."""

    axes: dict[str, Column] = field(default_factory=dict)
    keys: list[Column] = field(default_factory=list)
    open: list[Column] = field(default_factory=list)
    ambiguous: dict[str, str] = field(default_factory=dict)
    confidence: Confidence = Confidence.MARKER


def divide(entries: list[Entry]) -> list[Group]:
    """Split the entries of one bucket (equal `Entry.key`) into groups and name their axes."""
    if len(entries) == 1 and not entries[0].convention and not any(map(_may_be_axis, entries[0].tokens)):
        return [Group(entries, {})]
    columns = columns_of(entries)
    roles = _Roles()
    columns = recast(columns)
    _settle_weak(columns)
    _settle_marked(columns, roles)
    _settle_repeated(roles)
    _settle_coordinates(roles)
    _settle_channels(columns, roles)
    last = next((column for column in reversed(columns) if column.meaning is Meaning.PLAIN), None)
    at_end = last if all(entry.ends_in_number for entry in entries) else None
    _settle_others(columns, roles, {axis for axis, _ in entries[0].pattern}, at_end)
    if any(entry.convention for entry in entries):
        roles.confidence = Confidence.TABLE
    return _partition(entries, roles)


def _may_be_axis(token: Token) -> bool:
    """Whether a part of a lone name can be an axis; numbers and stains count only where they change."""
    return token.meaning <= Meaning.WEAK


def _settle_weak(columns: list[Column]) -> None:
    """A weak letter is an axis in the company of a marked one; x needs y; row and column letters go together."""
    weak = {column.axis: column for column in columns if column.meaning is Meaning.WEAK}
    marked = {column.axis: column for column in columns if column.meaning is Meaning.AXIS}
    pair = weak.get("R"), marked.get("C")
    if pair[0] is not None and pair[1] is not None and _is_row_and_column(pair[0], pair[1]):
        pair[0].axis, pair[1].axis = "Y", "X"
        pair[0].meaning = Meaning.AXIS
    company = any(axis != "N" for axis in marked) or {"X", "Y"} <= weak.keys() or {"W", "P"} <= weak.keys()
    for column in columns:
        if column.meaning is Meaning.WEAK:
            column.meaning = Meaning.AXIS if company else Meaning.PLAIN
            lonely = {"X": "Y", "Y": "X"}.get(column.axis)
            if lonely is not None and lonely not in weak and lonely not in marked:
                column.meaning = Meaning.PLAIN


def _is_row_and_column(row: Column, column: Column) -> bool:
    """Whether r and c are written alike, and c takes more values than a microscope has channels."""
    if {row.words[0], column.words[0]} != {"r", "c"}:
        return False
    padded = len(row.texts[0]) == len(column.texts[0]) >= 2
    return padded or (row.varies and len(set(column.texts)) > MOST_CHANNELS)


def _settle_marked(columns: list[Column], roles: _Roles) -> None:
    """One column per axis. Where an axis is named twice, the mention that varies counts, and of two the last.

    An index counts before a measure (slice_00769_z=8.5681um).
    """
    mentions: dict[str, list[Column]] = {}
    for column in columns:
        if column.meaning is Meaning.AXIS:
            mentions.setdefault(column.axis, []).append(column)
    for axis, same in mentions.items():
        varying = [column for column in same if column.varies] or same
        chosen = next((column for column in reversed(varying) if column.is_index), varying[-1])
        roles.axes[axis] = one_spelling(chosen)
        for column in same:
            if column is not chosen and column.varies and column.numbers != chosen.numbers:
                column.meaning = Meaning.PLAIN
                roles.open.append(column)


def _settle_repeated(roles: _Roles) -> None:
    """A w that counts the wells, and an a that is the letter of a well, say again what another part says."""
    for axis, word, surer in (("C", "w", "W"), ("A", "a", "W"), ("A", "a", "P")):
        column, other = roles.axes.get(axis), roles.axes.get(surer)
        if column is None or other is None or column.words[0] != word:
            continue
        if column.varies and follows(column.texts, other.folded):
            del roles.axes[axis]


def _settle_coordinates(roles: _Roles) -> None:
    """X and Y that always change together, once per object, are where the object lies, not axes."""
    columns = [roles.axes.get("X"), roles.axes.get("Y")]
    if columns[0] is None or columns[1] is None:
        return
    positions = set(columns[0].texts)
    if len(positions) > 2 and follows(columns[0].texts, columns[1].texts):
        for axis in ("X", "Y", "Z"):
            column = roles.axes.get(axis)
            if column is not None and follows(column.texts, columns[0].texts):
                roles.keys.append(roles.axes.pop(axis))


def _settle_channels(columns: list[Column], roles: _Roles) -> None:
    """Names of stains are the channel axis unless a marked channel varies or they belong to the sequence's name."""
    named = [column for column in columns if column.meaning is Meaning.CHANNEL and column.varies]
    marked = roles.axes.get("C")
    if marked is not None and marked.varies:
        roles.open.extend(named)
        return
    while len(named) > 1 and follows(named[-2].folded, named[-1].folded):
        del named[-2]
    for column in named[:-1]:
        roles.keys.append(column)
    if not named or len(set(named[-1].folded)) < 2:
        return
    channel = named[-1]
    others = [c for c in columns if c.varies and c.meaning in (Meaning.AXIS, Meaning.PLAIN)] + roles.keys
    places = [column.texts for column in others if not follows(column.texts, channel.folded)]
    if agree(channel.folded, list(zip(*places, strict=True))):
        # A number that changes with the stain and only with it numbers the channels once more (DAPI-T1, GFP-T2).
        for axis in [axis for axis, column in roles.axes.items() if follows(column.texts, channel.folded)]:
            del roles.axes[axis]
        roles.axes["C"] = one_spelling(channel)
        roles.confidence = Confidence.STRUCTURE
    else:
        roles.keys.append(channel)


def _settle_others(columns: list[Column], roles: _Roles, named: set[str], at_end: Column | None) -> None:
    """Unmarked numbers, measurements and stamps: repetitions, names of sequences, or counters.

    `named` are the axes that the file names themselves state: only beside those does a number lose its meaning,
    unless it stands `at_end` of the name and counts there.
    """
    roles.open.extend(c for c in columns if c.meaning in (Meaning.PLAIN, Meaning.MEASURE, Meaning.STAMP) and c.varies)
    axes = [column for column in roles.axes.values() if column.varies]
    marked = any(column.meaning is Meaning.AXIS and column.axis in named - {"W", "M"} for column in axes)
    fewest = _FEWEST_BESIDE_AXES if marked else 2
    remaining = [column for column in roles.open if not is_derived(column, axes)]
    if any(column.varies and axis in named.intersection(ORDERED_AXES) for axis, column in roles.axes.items()):
        clock = next((column for column in remaining if column.axis == "T" and "T" not in roles.axes), None)
        if clock is not None:
            _settle_measure(clock, roles, alone=False)
            remaining.remove(clock)
        counter = at_end if at_end in remaining and counts_at_end(at_end) else None
        roles.keys.extend(column for column in remaining if column.words[0] != "guid" and column is not counter)
        _settle_counters([counter] if counter is not None else [], roles)
        return
    counters = [
        column
        for column in remaining
        if may_count(column, fewest=fewest, samples=bool(axes)) or (column is at_end and counts_at_end(column))
    ]
    for column in remaining:
        repeated = any(repeats(column, other) for other in counters if other is not column)
        if column not in counters and not repeated:
            _settle_measure(column, roles, alone=not axes and not counters)
    _settle_counters(without_repetitions(counters), roles)


def _settle_measure(column: Column, roles: _Roles, *, alone: bool) -> None:
    """Elapsed time is the time axis: as a clock (02h30m) always, as a number with a unit when nothing else changes.

    Any other measurement names the sequence.
    """
    clock = column.axis == "T"
    units = column.words[0] in TIME_UNITS and all(text.isdigit() for text in column.texts)
    if (clock or (alone and units)) and "T" not in roles.axes:
        roles.axes["T"] = column
        roles.confidence = Confidence.STRUCTURE
    else:
        roles.keys.append(column)


def _settle_counters(counters: list[Column], roles: _Roles) -> None:
    """One counter is N. Several are N1, N2 when their combinations fill a grid; else the last one counts."""
    if not counters:
        return
    roles.confidence = Confidence.GUESS
    specimens = [c for c in counters[:-1] if c.glued and c.words[0] in SPECIMEN_WORDS]
    roles.keys.extend(specimens)
    counters = [column for column in counters if column not in specimens]
    if len(counters) > 1 and not fill_a_grid(counters):
        roles.keys.extend(counters[:-1])
        counters = counters[-1:]
    if len(counters) == 1 and (halves := split_digits(counters[0])) is not None:
        counters = halves
    names = ["N"] if len(counters) == 1 else [f"N{at}" for at in range(1, len(counters) + 1)]
    for name, column in zip(names, counters, strict=True):
        roles.axes[name] = column
        if column.words[0] in AMBIGUOUS_LETTERS and column.axis:
            roles.ambiguous[name] = AMBIGUOUS_LETTERS[column.words[0]]


def _partition(entries: list[Entry], roles: _Roles) -> list[Group]:
    """Split the entries by everything that names a sequence."""
    axes = {name: Axis(c.words, c.texts, roles.ambiguous.get(name, "")) for name, c in sorted(roles.axes.items())}
    whole = Group(entries, axes, roles.confidence)
    if not roles.keys:
        return [_with_counters_named(whole)]
    parts: dict[tuple[str, ...], list[int]] = {}
    for row in range(len(entries)):
        parts.setdefault(tuple(column.texts[row].casefold() for column in roles.keys), []).append(row)
    groups = [whole] if len(parts) == 1 else [whole.part(rows) for rows in parts.values()]
    return [_with_counters_named(group) for group in groups]


def _with_counters_named(group: Group) -> Group:
    """Keep only counters that count; a single one is N whatever it was called among others."""
    varying = group.varying
    counters = [name for name in varying if name.startswith("N")]
    axes = {name: axis for name, axis in group.axes.items() if not name.startswith("N")}
    names = ["N"] if len(counters) == 1 else counters
    axes.update((name, group.axes[counter]) for name, counter in zip(names, counters, strict=True))
    return Group(group.entries, axes, group.confidence)
