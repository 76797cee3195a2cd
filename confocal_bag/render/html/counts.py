"""What the numbers of images on a page count."""

from confocal_bag.counted import counted
from confocal_bag.page.page import Page

__all__ = ["image_counts"]


def image_counts(page: Page) -> str:
    """How many images there are in how many files, and how many copies; a file may hold several images."""
    shown = [card.exhibit for card in (*page.gallery.cards, *page.gallery.others)]
    files = sum({one.path: max(1, len(one.stack)) for one in shown}.values())
    copies = len({path for one in shown for path in one.copies})
    said = f"{counted(len(shown), 'image')} in {counted(files, 'image file')}."
    if copies:
        said += f" {counted(copies, 'copy/copies')} of them in an open format, made by the build, not counted again."
    return said
