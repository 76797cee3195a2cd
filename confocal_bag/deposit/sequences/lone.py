"""A lone file whose name says which plane it is."""

from confocal_bag.deposit.sequences.model import FileFacts, Sequence

__all__ = ["is_whole_image"]


def is_whole_image(sequence: Sequence, fact: FileFacts | None) -> bool:
    """Whether the header of a lone plane says that there never were others: one z, one time, one channel, one page.

    Only for the first of each: a file that calls itself z 5 had others before it, whatever its header says.
    """
    if fact is None or (fact.pages, fact.size_z, fact.size_t, fact.size_c) != (1, 1, 1, 1):
        return False
    return all(value in (0, 1) for value in sequence.files[0].coordinates.values() if isinstance(value, int))
