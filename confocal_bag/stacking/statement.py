"""States in metadata/sequences.json which sequences the bag holds, so that a receiver can tell if they are whole."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.packing import Ledger, PackingTask, add_generated
from confocal_bag.plan import SEQUENCES
from confocal_bag.stacks import PlannedStack, shared_folder, stated_sequences

if TYPE_CHECKING:
    from confocal_bag.deposit.sequences.model import Sequence as FoundSequence
    from confocal_bag.deposit.sequences.statement import SequenceStatement

__all__ = ["state_sequences"]


def state_sequences(task: PackingTask, ledger: Ledger) -> None:
    """Write the statement, and enter which image opens which sequence; nothing where the bag holds no sequence."""
    from confocal_bag.deposit.sequences.statement import SequencesStatement, read_again, render_statement

    places = task.plan.places
    sequences = stated_sequences(task.inspection.sequences, places)
    if not sequences:
        return
    made = [path for one in task.plan.stacks.stacks for path in one.made]
    present = {row.path for row in ledger.rows}
    pattern = task.description.naming.pattern
    read = read_again(sorted(present), made={f"data/{path}" for path in made}, pattern=pattern)
    stacks = {one.sequence.files[0].path: one for one in task.plan.stacks.stacks}
    stated = [_stated(one, places, stacks, read, present) for one in sequences]
    ledger.statement = SequencesStatement(pattern=pattern, sequences=stated)
    for sequence, said in zip(sequences, stated, strict=True):
        ledger.opened_by[sequence.files[0].path] = (*said.compiled, *said.companions)
    content = render_statement(ledger.statement)
    add_generated(task, ledger, SEQUENCES, content, "which files are planes of which sequence")


def _stated(
    sequence: "FoundSequence",
    places: Mapping[PurePosixPath, PurePosixPath],
    stacks: Mapping[str, PlannedStack],
    read: "Mapping[str, FoundSequence]",
    present: Collection[str],
) -> "SequenceStatement":
    from confocal_bag.deposit.sequences.statement import state_sequence

    members = {file.path: places[PurePosixPath(file.path)] for file in sequence.files}
    parts = [stacks[path] for path in members if path in stacks]

    def written(made: "list[PurePosixPath | None]") -> list[str]:
        return [f"data/{path}" for path in made if path is not None and f"data/{path}" in present]

    return state_sequence(
        sequence,
        folder=f"data/{shared_folder(tuple(members.values()))}",
        paths={path: f"data/{place}" for path, place in members.items()},
        read=read,
        compiled=written([one.result for one in parts]),
        companions=written([one.companion for one in parts]),
    )
