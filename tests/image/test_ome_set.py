"""OME-TIFFs whose planes lie in several files, with the OME-XML in each or in a companion file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image import bioio_image
from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.convert import convert_image
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.ome_document import head_of
from confocal_bag.image.open import open_image
from confocal_bag.image.pixel_meaning import PixelMeaning, page_meanings
from confocal_bag.image.series_meaning import MixedPagesError, meaning_of
from tests.image.synthetic_ome import NAMESPACE, block, ome_xml, planes_of, uuid_of, write_pages, write_set


def values(path: Path) -> list[int]:
    """The first sample of each plane, in the order planes come."""
    with open_image(path) as image:
        return [int(plane.pixels[0, 0]) for series in image.series for plane in image.planes(series)]


@pytest.mark.parametrize("companion", [False, True])
def test_every_file_of_a_set_opens_as_the_whole_image(tmp_path: Path, *, companion: bool) -> None:
    """Whichever member is asked for, its planes are those of all files, in OME's order."""
    for path in write_set(tmp_path, companion=companion):
        with open_image(path) as image:
            (series,) = image.series
            assert dict(series.axes) == {"T": 1, "C": 2, "Z": 3, "Y": 3, "X": 4}
            assert (series.name, series.pixel_size_um.x, image.expected_planes) == ("cells", 0.5, 6)
            assert describe_acquisition(image).images[0].pixels.size_z == 3
        assert values(path) == [1, 2, 3, 4, 5, 6]


def test_a_companion_file_opens_as_the_image_it_describes(tmp_path: Path) -> None:
    """And its acquisition metadata are those it holds."""
    write_set(tmp_path, companion=True)
    path = tmp_path / "cells.companion.ome"
    assert values(path) == [1, 2, 3, 4, 5, 6]
    with open_image(path) as image:
        assert describe_acquisition(image).images[0].name == "cells"


@pytest.mark.parametrize("companion", [False, True])
def test_a_set_becomes_one_ome_tiff(tmp_path: Path, *, companion: bool) -> None:
    """All planes are in it, and it names no other file."""
    path = write_set(tmp_path, companion=companion)[0]
    (made,) = convert_image(path, tmp_path / "out")
    assert len(made.planes) == 6
    assert values(made.path) == [1, 2, 3, 4, 5, 6]
    with tifffile.TiffFile(made.path) as tiff:
        assert "FileName" not in (tiff.ome_metadata or "")


@pytest.mark.parametrize("companion", [False, True])
def test_a_missing_file_of_a_set_is_named(tmp_path: Path, *, companion: bool) -> None:
    """No plane of zeros stands for what is not there."""
    first, second = write_set(tmp_path, companion=companion)
    second.unlink()
    with pytest.raises(UnreadableImage, match=r"cells_c1\.ome\.tif"):
        open_image(first)


def test_a_missing_companion_file_is_named(tmp_path: Path) -> None:
    """The pages alone do not tell what they are."""
    path = write_set(tmp_path, companion=True)[1]
    (tmp_path / "cells.companion.ome").unlink()
    with pytest.raises(UnreadableImage, match=r"cells\.companion\.ome"):
        open_image(path)


def test_a_file_that_its_companion_does_not_list_is_refused(tmp_path: Path) -> None:
    """A stray file does not pass for the image of others."""
    first = write_set(tmp_path, companion=True)[0]
    stray = tmp_path / "stray.ome.tif"
    stray.write_bytes(first.read_bytes())
    with pytest.raises(UnreadableImage, match="does not list it"):
        open_image(stray)


def test_a_member_with_too_few_pages_is_noticed(tmp_path: Path) -> None:
    """Cutting pages off a member is no smaller image."""
    first, second = write_set(tmp_path)
    with tifffile.TiffFile(second) as tiff:
        text = tiff.ome_metadata
    write_pages(second, planes_of(2), text)
    with pytest.raises(UnreadableImage, match="declares 6 planes, 5"):
        open_image(first)


def test_a_member_of_other_samples_is_refused(tmp_path: Path) -> None:
    """The plane that differs in size or type names itself."""
    first, second = write_set(tmp_path)
    with tifffile.TiffFile(second) as tiff:
        text = tiff.ome_metadata
    write_pages(second, planes_of(3, rows=5), text)
    with pytest.raises(UnreadableImage, match="C=1"):
        values(first)
    write_pages(second, [plane.astype("uint8") for plane in planes_of(3)], text)
    with pytest.raises(UnreadableImage, match="uint8, not uint16"):
        values(first)


@pytest.mark.parametrize("name", ["../secret.ome.tif", "/tmp/secret.ome.tif", "..\\secret.ome.tif", "a/b.tif", ".."])
@pytest.mark.parametrize("needed", [True, False])
def test_names_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path, *, name: str, needed: bool) -> None:
    """Whether the plane is needed or named once more: no file elsewhere is opened."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    sizes = {"X": 4, "Y": 3, "Z": 1, "C": 2 if needed else 1, "T": 1}
    text = ome_xml(sizes, block("a.ome.tif") + block(name, c=1 if needed else 0), own="a.ome.tif")
    for place in (folder, tmp_path):
        write_pages(place / ("a.ome.tif" if place is folder else "secret.ome.tif"), planes_of(1), text)
    with pytest.raises(UnreadableImage, match="not beside it"):
        open_image(folder / "a.ome.tif")


def test_a_link_is_no_member(tmp_path: Path) -> None:
    """A member that is a link may lead anywhere."""
    first, second = write_set(tmp_path)
    second.rename(tmp_path / "elsewhere.tif")
    second.symlink_to(tmp_path / "elsewhere.tif")
    with pytest.raises(UnreadableImage, match=r"cells_c1\.ome\.tif"):
        open_image(first)


def test_a_companion_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """The pointer of a BinaryOnly file comes from the file too."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    path = write_set(folder, companion=True)[0]
    (folder / "cells.companion.ome").rename(tmp_path / "cells.companion.ome")
    path.write_bytes(path.read_bytes().replace(b'"cells.companion.ome"', b'"../lls.companion.ome"'))
    with pytest.raises(UnreadableImage, match="not a name of a file beside it"):
        open_image(path)


@pytest.mark.parametrize("companion", [False, True])
def test_one_file_stands_for_a_set(tmp_path: Path, *, companion: bool) -> None:
    """The first that the OME-XML names; a file that is an image alone has none."""
    paths = write_set(tmp_path, companion=companion)
    files = [*paths, *([tmp_path / "cells.companion.ome"] if companion else [])]
    assert {head_of(path) for path in files} == {paths[0].name}
    alone = tmp_path / "alone.ome.tif"
    write_pages(alone, planes_of(1), ome_xml({"X": 4, "Y": 3, "Z": 1, "C": 1, "T": 1}, "<TiffData/>"))
    assert head_of(alone) is None


def test_where_the_first_file_is_gone_the_others_stand_for_themselves(tmp_path: Path) -> None:
    """So that what is wrong with them is reported."""
    first, second = write_set(tmp_path)
    first.unlink()
    assert head_of(second) in (None, second.name)


def test_planes_lie_where_the_document_says_whatever_the_order_of_pages(tmp_path: Path) -> None:
    """Pages in the order XYZCT come in the order XYCZT."""
    path = tmp_path / "a.ome.tif"
    sizes = {"X": 4, "Y": 3, "Z": 3, "C": 2, "T": 2}
    write_pages(path, planes_of(12), ome_xml(sizes, "<TiffData/>", order="XYZCT"))
    assert values(path) == [1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12]


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (block("a.ome.tif") + block("a.ome.tif", page=1), "two pages"),
        (block("a.ome.tif") + block("a.ome.tif", z=5, page=1), "Z=5 of 2"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(tmp_path: Path, data: str, seen: str) -> None:
    """A plane in two places, or none, is a fault and no choice of ours."""
    path = tmp_path / "a.ome.tif"
    write_pages(path, planes_of(2), ome_xml({"X": 4, "Y": 3, "Z": 2, "C": 1, "T": 1}, data, own="a.ome.tif"))
    with pytest.raises(UnreadableImage, match=seen):
        open_image(path)


@pytest.mark.parametrize("share", [10, 40, 60, 90, 99])
@pytest.mark.parametrize("number", [0, 1])
def test_a_set_of_which_a_file_is_cut_is_refused(tmp_path: Path, number: int, share: int) -> None:
    """Whichever file is asked for, and wherever the other ends."""
    paths = write_set(tmp_path)
    content = paths[number].read_bytes()
    paths[number].write_bytes(content[: len(content) * share // 100])
    for path in paths:
        with pytest.raises(UnreadableImage):
            values(path)


def two_images(folder: Path) -> list[Path]:
    """Two images of one document, of other types and turned the other way, each in a file of its own."""
    pixels = [
        f'<Image ID="Image:{number}"><Pixels ID="Pixels:{number}" DimensionOrder="XYZCT" Type="{kind}" SizeX="4" '
        f'SizeY="3" SizeZ="3" SizeC="1" SizeT="1"><Channel ID="Channel:{number}:0" SamplesPerPixel="1"/>'
        + "".join(block(f"im{number}.ome.tif", z=z, page=z) for z in range(3))
        + "</Pixels></Image>"
        for number, kind in enumerate(("uint16", "uint8"))
    ]
    for number, (kind, photometric) in enumerate((("u2", "minisblack"), ("u1", "miniswhite"))):
        name = f"im{number}.ome.tif"
        text = f'<OME xmlns="{NAMESPACE}" UUID="{uuid_of(name)}">{"".join(pixels)}</OME>'
        stack = np.stack(planes_of(3)).astype(kind)
        tifffile.imwrite(folder / name, stack, description=text, metadata=None, photometric=photometric)
    return [folder / "im0.ome.tif", folder / "im1.ome.tif"]


def test_images_of_one_set_may_be_of_other_kinds(tmp_path: Path) -> None:
    """What the planes of one image mean is asked of the pages they are in, not of all pages of the set."""
    first, _ = two_images(tmp_path)
    with open_image(first) as image:
        found = [meaning_of(image, series).first for series in image.series]
        assert [one.photometric for one in found if one] == [1, 0]
        assert [len(list(image.planes(series))) for series in image.series] == [3, 3]
    assert [made.series.dtype.name for made in convert_image(first, tmp_path / "out")] == ["uint16", "uint8"]


def test_planes_of_one_image_in_files_of_other_kinds_are_refused_by_name(tmp_path: Path) -> None:
    """One channel has white at 0 and the other black."""
    first, second = write_set(tmp_path)
    with tifffile.TiffFile(second, mode="r+") as opened:
        for page in opened.pages:
            page.aspage().tags[262].overwrite(0)
    with open_image(first) as image, pytest.raises(MixedPagesError, match=second.name):
        meaning_of(image, image.series[0])


def test_the_pages_of_a_set_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many images it has."""
    read: list[Path] = []

    def counting(path: Path) -> Sequence[PixelMeaning | None]:
        read.append(path)
        return page_meanings(path)

    monkeypatch.setattr(bioio_image, "page_meanings", counting)
    files = two_images(tmp_path)
    with open_image(files[0]) as image:
        for series in (*image.series, *image.series):
            meaning_of(image, series)
    assert sorted(read) == files
