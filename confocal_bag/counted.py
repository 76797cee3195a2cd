"""A number of things in words."""

__all__ = ["counted"]


def counted(number: int, word: str) -> str:
    """1 plane, 2 planes, 1,024 planes; a word whose plural is not made with an s is given as "copy/copies"."""
    one, _, many = word.partition("/")
    return f"{number:,} {one if number == 1 else many or one + 's'}"
