"""Numbers of things in words."""

import pytest

from confocal_bag.counted import counted


@pytest.mark.parametrize(
    ("number", "word", "said"),
    [
        (0, "plane", "0 planes"),
        (1, "plane", "1 plane"),
        (2048, "plane", "2,048 planes"),
        (2, "copy/copies", "2 copies"),
    ],
)
def test_one_thing_is_not_several(number: int, word: str, said: str) -> None:
    """Nor are several one."""
    assert counted(number, word) == said
