"""Take the pictures of the report page that the documentation shows: `python -m docs.screenshots`.

They show the page of a bag of all sample files, opened in the headless Chromium that the browser tests use.
"""

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.browser.browsing import Browser, browse
from tests.browser.sample import make_sample_page

__all__ = ["main"]

IMAGES = Path(__file__).resolve().parent / "images"
_WIDTH, _HEIGHT = 1180, 860
#: File name, colours, width, and the element that is scrolled to the top, None for the top of the page.
_SHOTS = (
    ("report-light.png", False, _WIDTH, None),
    ("report-images.png", False, _WIDTH, "#r1-images"),
    ("report-tree.png", False, _WIDTH, "#r1-tree"),
    ("report-dark.png", True, _WIDTH, "#r1-images"),
    ("report-narrow.png", False, 390, "#r1-images"),
)


def main() -> None:
    """Write the pictures into docs/images."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browse(Path(folder) / "profile") as browser:
        page = make_sample_page(Path(folder))
        for name, dark, width, place in _SHOTS:
            browser.open(page, dark=dark, width=width)
            _write(browser, IMAGES / name, place)


def _write(browser: Browser, target: Path, place: str | None) -> None:
    """One picture, in few enough colours to be small."""
    if place:
        browser.ask("document.querySelector(arguments[0]).scrollIntoView({behavior: 'instant'})", place)
    with Image.open(BytesIO(browser.picture())) as picture:
        picture.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            target, optimize=True
        )


if __name__ == "__main__":
    main()
