"""A converted TIFF that contradicts itself is found without reading a pixel."""

from pathlib import Path

import tifffile

from confocal_bag.findings import Finding, Outcome, Severity
from confocal_bag.validate import Depth, validate_bag

RULE = "image.converted-tiff"


def copies(bag: Path) -> list[Path]:
    """The TIFFs of the transformed tier."""
    return sorted((bag / "data" / "transformed").rglob("*.tif*"))


def test_what_a_build_converts_is_sound(bag: Path) -> None:
    """The rule looks, and has nothing to say."""
    assert copies(bag)
    report = validate_bag(bag)
    assert [check.outcome for check in report.checks if check.rule == RULE] == [Outcome.PASSED]


def found(bag: Path) -> list[Finding]:
    """What the rule says of a bag."""
    return [one for one in validate_bag(bag).findings if one.rule == RULE]


def test_pixels_that_would_lie_behind_the_file_are_an_error(bag: Path) -> None:
    """Its strips or tiles are said to begin far beyond its end."""
    path = copies(bag)[0]
    with tifffile.TiffFile(path, mode="r+") as tiff:
        tags = tiff.pages.first.tags
        places = tags[324 if 324 in tags else 273]
        count = len(places.value) if isinstance(places.value, tuple) else 1
        places.overwrite((1 << 30,) * count)
    (one,) = found(bag)
    assert (one.severity, one.path) == (Severity.ERROR, f"data/{path.relative_to(bag / 'data')}")


def test_a_page_of_another_width_than_the_ome_xml_says_is_a_warning(bag: Path) -> None:
    """Two descriptions disagree; which is right is not known."""
    path = copies(bag)[0]
    with tifffile.TiffFile(path, mode="r+") as tiff:
        width = tiff.pages.first.tags[256]
        width.overwrite(width.value - 1)
    (one,) = found(bag)
    assert (one.severity, one.detail["code"]) == (Severity.WARNING, "ome-size")


def test_fast_validation_says_that_it_did_not_look(bag: Path) -> None:
    """No image is opened then."""
    checks = [check for check in validate_bag(bag, depth=Depth.FAST).checks if check.rule == RULE]
    assert [check.outcome for check in checks] in ([], [Outcome.SKIPPED])
