"""What people read of the place of an image in its file; programs read its index, which counts from 0."""

__all__ = ["image_number"]


def image_number(index: int, count: int | None = None) -> str:
    """The image of that index in words, counted from 1: "image 3 of 7", or "image 3" where nobody knows of how many."""
    return f"image {index + 1}" if count is None else f"image {index + 1} of {count}"
