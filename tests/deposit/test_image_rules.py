"""What is wrong with the images of a deposit: a good case and a bad case for each rule."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.deposit.image_rules import check_images
from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.source import open_deposit
from confocal_bag.findings import Check, Finding, Outcome, Severity
from confocal_bag.image.synthetic import cell_stack
from tests import make

Spoil = Callable[[Path], object]
Pixels = npt.NDArray[np.generic]


def look(folder: Path) -> tuple[list[Check], list[Finding]]:
    """What the rules say of a folder."""
    deposit = open_deposit(folder)
    return check_images(deposit, take_inventory(deposit))


def findings(folder: Path) -> list[Finding]:
    """Only the findings."""
    return look(folder)[1]


def plane() -> npt.NDArray[np.uint8]:
    """A plane of round cells in 8 bits, as its detector took them."""
    return np.asarray(cell_stack(planes=3, size=200)[1, 0] >> 4, dtype=np.uint8)


def colour(**samples: Pixels) -> Pixels:
    """A picture of the given samples, the others black."""
    black = np.zeros_like(plane())
    return np.stack([samples.get(name, black) for name in ("red", "green", "blue")], axis=-1)


def tiff(pixels: Pixels, name: str = "a.tif", **options: Any) -> Spoil:
    """Add a TIFF to a deposit."""

    def spoil(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        tifffile.imwrite(path, pixels, **{"metadata": None, **options})

    return spoil


def picture(content: bytes | bytearray, name: str) -> Spoil:
    """Add a file of any kind to a deposit."""

    def spoil(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    return spoil


RANDOM = np.random.default_rng(5).integers(0, 65535, (3, 256)).astype("u2")
MERGED = colour(red=plane(), green=plane()[::-1])
IMAGEJ: dict[str, Any] = {"imagej": True, "metadata": {"axes": "YX", "Info": "BitsPerPixel = 12\n"}}
WRONG_SIZES: dict[str, Any] = {"description": "ImageJ=1.54\nimages=1\nslices=2\n"}
JPEG = imagecodecs.jpeg8_encode(plane())
PNG_PALETTE = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + bytes(3) + b"\x08" + bytes(3) + b"\x08\x08\x03" + bytes(7)


INKS = np.stack([plane()] * 4, axis=-1)
TURNED: dict[str, Any] = {"extratags": [(274, 3, 1, 6, True)]}
SHOWN_GREEN = np.stack([np.zeros(256), np.arange(256) * 257, np.zeros(256)]).astype("u2")


def mixed_pages(folder: Path) -> None:
    """Two slices of an ImageJ stack, the second with white at 0."""
    with tifffile.TiffWriter(folder / "a.tif") as writer:
        writer.write(plane(), metadata=None, contiguous=False, description="ImageJ=1.54\nimages=2\nslices=2\n")
        writer.write(plane(), metadata=None, contiguous=False, photometric="miniswhite")


def cut_thumbnail(folder: Path) -> None:
    """The uncompressed strip of a reduced copy that lacks a byte; of the image itself it is not opened."""
    small = plane()[::2, ::2]
    with tifffile.TiffWriter(folder / "a.tif") as writer:
        writer.write(plane(), metadata=None)
        writer.write(small, metadata=None, subfiletype=1)
    with tifffile.TiffFile(folder / "a.tif", mode="r+") as opened:
        opened.pages[1].aspage().tags[279].overwrite(small.nbytes - 1)


def unnamed_page(folder: Path) -> None:
    """An OME-TIFF to which a page of full size was appended; beside it the same with a thumbnail."""
    for name, kind in (("a.ome.tif", 0), ("b.ome.tif", 1)):
        tifffile.imwrite(folder / name, plane(), ome=True, metadata={"axes": "YX"})
        with tifffile.TiffWriter(folder / name, append="force") as writer:
            writer.write(plane()[::2], metadata=None, subfiletype=kind)


def left_out_tiles(folder: Path) -> None:
    """Tiles with neither a place nor a size, as GDAL writes where all is 0."""
    tifffile.imwrite(folder / "a.tif", plane()[:128, :128], tile=(64, 64), metadata=None)
    with tifffile.TiffFile(folder / "a.tif", mode="r+") as opened:
        tags = opened.pages.first.tags
        for tag in (324, 325):
            tags[tag].overwrite((*tags[tag].value[:3], 0))


#: the rule, one mutation that breaks it, the severity, the path it must name
CASES: list[tuple[str, Spoil, Severity, str]] = [
    ("image.lossy", tiff(plane(), compression="jpeg"), Severity.WARNING, "a.tif"),
    ("image.lossy", picture(JPEG, "raw/a.jpg"), Severity.WARNING, "raw/a.jpg"),
    ("image.lossy", picture(JPEG, "processed/a.jpg"), Severity.ADVICE, "processed/a.jpg"),
    (
        "image.lossy",
        picture(imagecodecs.jpeg2k_encode(plane(), level=30, reversible=False), "raw/a.jp2"),
        Severity.WARNING,
        "raw/a.jp2",
    ),
    (
        "image.maybe-lossy",
        tiff(plane().astype("f4"), compression="jpegxr", photometric="minisblack"),
        Severity.ADVICE,
        "a.tif",
    ),
    ("image.palette", tiff(plane(), photometric="palette", colormap=RANDOM), Severity.WARNING, "a.tif"),
    ("image.palette", picture(PNG_PALETTE, "raw/a.png"), Severity.WARNING, "raw/a.png"),
    ("image.palette", picture(b"GIF89a" + bytes(40), "raw/a.gif"), Severity.WARNING, "raw/a.gif"),
    ("image.bit-depth-reduced", tiff(plane(), **IMAGEJ), Severity.WARNING, "a.tif"),
    ("image.bit-depth-reduced", tiff(plane().astype("u2") * np.uint16(257)), Severity.WARNING, "a.tif"),
    ("image.histogram-gaps", tiff(np.clip(plane() * 1.5, 0, 255).astype("u1")), Severity.ADVICE, "a.tif"),
    ("image.rgb-composite", tiff(MERGED, photometric="rgb"), Severity.WARNING, "a.tif"),
    ("image.tiff-structure", cut_thumbnail, Severity.ERROR, "a.tif"),
    ("image.tiff-structure", left_out_tiles, Severity.WARNING, "a.tif"),
    ("image.pages-not-described", unnamed_page, Severity.WARNING, "a.ome.tif"),
    ("image.white-is-zero", tiff(plane(), photometric="miniswhite"), Severity.WARNING, "a.tif"),
    (
        "image.white-is-zero",
        tiff(plane(), "processed/a.tif", photometric="miniswhite"),
        Severity.ADVICE,
        "processed/a.tif",
    ),
    ("image.orientation", tiff(plane(), **TURNED), Severity.WARNING, "a.tif"),
    ("image.orientation", tiff(plane(), "processed/a.tif", **TURNED), Severity.ADVICE, "processed/a.tif"),
    ("image.color-space", tiff(INKS, photometric="separated"), Severity.WARNING, "a.tif"),
    ("image.color-space", tiff(INKS, "processed/a.tif", photometric="separated"), Severity.ADVICE, "processed/a.tif"),
    ("image.pages-differ", mixed_pages, Severity.WARNING, "a.tif"),
    *[
        (
            "image.type-not-in-ome",
            tiff(plane().astype(kind), "processed/labels.tif", photometric="minisblack"),
            Severity.WARNING,
            "processed/labels.tif",
        )
        for kind in ("i8", "u8", "f2")
    ],
    ("image.tiff-description", tiff(plane(), **WRONG_SIZES), Severity.WARNING, "a.tif"),
]


def test_a_sound_deposit_has_no_findings(tmp_path: Path) -> None:
    """None of the rules speaks without a reason, and each was looked at."""
    checks, found = look(make.small_deposit(tmp_path / "deposit"))
    assert found == []
    assert {check.outcome for check in checks} == {Outcome.PASSED}


@pytest.mark.parametrize(("rule", "spoil", "severity", "path"), CASES, ids=[f"{case[0]}-{case[3]}" for case in CASES])
def test_one_thing_wrong_gives_one_finding(
    rule: str, spoil: Spoil, severity: Severity, path: str, tmp_path: Path
) -> None:
    """Of its own rule, with a sentence that names the file and says what to do."""
    folder = make.small_deposit(tmp_path / "deposit")
    spoil(folder)
    (found,) = findings(folder)
    assert (found.rule, found.severity, found.path) == (rule, severity, path)
    assert path in found.message
    assert found.remedy


FINE: list[tuple[str, Spoil]] = [
    ("a lossless codestream", tiff(plane(), compression="jpegxr", compressionargs={"level": 1.0})),
    ("a JPEG in the readme tier", picture(JPEG, "readme/logo.jpg")),
    ("a GIF movie", picture(b"GIF89a" + bytes(40), "processed/depth.gif")),
    ("a camera's colours", tiff(np.random.default_rng(1).integers(1, 255, (200, 200, 3), "u1"), photometric="rgb")),
    ("a table from black to green", tiff(plane(), photometric="palette", colormap=SHOWN_GREEN)),
    ("an orientation of 1", tiff(plane(), extratags=[(274, 3, 1, 1, True)])),
    ("a mask in the readme tier", tiff(plane() > 99, "readme/mask.tif", photometric="miniswhite")),
    ("a 16-bit copy", tiff(plane().astype("u2"), **IMAGEJ)),
]


@pytest.mark.parametrize("spoil", [case[1] for case in FINE], ids=[case[0] for case in FINE])
def test_what_is_as_it_should_be_gives_none(spoil: Spoil, tmp_path: Path) -> None:
    """False alarms cost a curator's trust."""
    folder = make.small_deposit(tmp_path / "deposit")
    spoil(folder)
    assert findings(folder) == []


def test_a_merged_image_beside_its_channels_is_fine_when_it_is_processed(tmp_path: Path) -> None:
    """The values of the channels are there; in the raw tier it is advice to call it processed."""
    folder = make.small_deposit(tmp_path / "deposit")
    for name in ("cells_ch00.tif", "cells_ch01.tif"):
        tiff(plane(), f"raw/{name}")(folder)
    tiff(MERGED, "processed/cells_merge.tif", photometric="rgb")(folder)
    assert [one.rule for one in findings(folder) if one.rule.startswith("image.rgb")] == []
    (folder / "processed" / "cells_merge.tif").rename(folder / "raw" / "cells_merge.tif")
    (found,) = (one for one in findings(folder) if one.rule.startswith("image.rgb"))
    assert (found.severity, found.path) == (Severity.ADVICE, "raw/cells_merge.tif")


def test_a_name_that_says_merged_is_believed_of_a_colour_image_only(tmp_path: Path) -> None:
    """A grey image called merged may be anything."""
    folder = make.small_deposit(tmp_path / "deposit")
    tiff(plane(), "processed/other_merged.tif")(folder)
    assert findings(folder) == []
    noise = np.random.default_rng(1).integers(1, 255, (200, 200, 3), "u1")
    tiff(noise, "processed/other_merged.tif", photometric="rgb")(folder)
    (found,) = findings(folder)
    assert (found.rule, '"merged"' in found.message) == ("image.rgb-composite", True)


def test_a_deposit_without_tiffs_is_not_said_to_have_sound_ones(tmp_path: Path) -> None:
    """Not looked at is not the same as nothing found."""
    (tmp_path / "deposit").mkdir()
    (tmp_path / "deposit" / "notes.txt").write_text("x")
    checks, _ = look(tmp_path / "deposit")
    absent = {check.rule for check in checks if check.outcome is Outcome.NOT_APPLICABLE}
    assert absent == {"image.tiff-structure", "image.tiff-description", "image.pages-not-described"}


def test_the_evidence_is_in_the_finding(tmp_path: Path) -> None:
    """Which compression, which marker, in how many blocks."""
    folder = make.small_deposit(tmp_path / "deposit")
    options: dict[str, Any] = {"compression": "jpegxr", "compressionargs": {"level": 0.7}, "tile": (64, 64)}
    tiff(plane(), **options)(folder)
    (found,) = findings(folder)
    (compression,) = found.detail["compressions"]
    assert (compression["name"], compression["blocks"]) == ("JPEG XR", 3)
    assert "quantisation index" in compression["evidence"]
