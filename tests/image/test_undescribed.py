"""Pages of an OME-TIFF that its OME-XML does not describe are told, and never lost in silence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.convert import convert_image
from confocal_bag.image.guarded import find_disagreements, render_sidecar
from confocal_bag.image.open import open_image
from confocal_bag.image.tiff_structure import tiff_faults
from confocal_bag.image.undescribed import CODE, PAGES, undescribed
from tests.image.synthetic_ome import ome_xml, planes_of, write_pages, write_set

SIZES = {"X": 4, "Y": 3, "Z": 3, "C": 2, "T": 1}


def append(path: Path, **options: Any) -> Path:
    """The file with one page more."""
    with tifffile.TiffWriter(path, append="force") as writer:
        writer.write(np.full((3, 4), 99, np.uint16), metadata=None, **options)
    return path


def stack(path: Path, data: str = "<TiffData/>", pages: int = 6) -> Path:
    """An OME-TIFF that declares six planes."""
    write_pages(path, planes_of(pages), ome_xml(SIZES, data))
    return path


def left(path: Path) -> list[tuple[str, tuple[int, ...], int]]:
    """File, numbers and all pages of what no plane is in."""
    with open_image(path) as image:
        return [(one.path.name, one.numbers, one.pages) for one in undescribed(image)]


@pytest.mark.parametrize("data", ["<TiffData/>", "", '<TiffData IFD="0" PlaneCount="6"/>'])
def test_pages_of_full_size_that_no_plane_is_in_are_told(data: str, tmp_path: Path) -> None:
    """However the document says where its planes lie."""
    assert left(stack(tmp_path / "a.ome.tif", data)) == []
    path = stack(tmp_path / "b.ome.tif", data, pages=8)
    assert left(path) == [("b.ome.tif", (7, 8), 8)]
    with open_image(path) as image:
        (record,) = records(image, describe_acquisition(image), examine=True)
    assert [one.code for one in tiff_faults(path)] == [CODE]
    (fault,) = record.structure
    assert (fault.code, fault.is_damage, "2 of 8 pages, first page 7" in fault.message) == (CODE, False, True)


def test_a_thumbnail_and_levels_of_a_pyramid_need_no_description(tmp_path: Path) -> None:
    """A page that says that it is reduced, and pages below another."""
    assert left(append(stack(tmp_path / "a.ome.tif"), subfiletype=1)) == []
    path = tmp_path / "pyramid.ome.tif"
    with tifffile.TiffWriter(path, ome=True) as writer:
        writer.write(np.zeros((64, 64), np.uint16), subifds=1, metadata={"axes": "YX"})
        writer.write(np.zeros((32, 32), np.uint16), subfiletype=1)
    assert left(path) == []


def test_a_page_of_another_file_of_a_set_is_told_with_its_name(tmp_path: Path) -> None:
    """The image is all the files."""
    first, second = write_set(tmp_path)
    assert left(first) == []
    append(second)
    assert left(first) == [(second.name, (4,), 4)]
    with open_image(first) as image:
        (record,) = records(image, describe_acquisition(image), examine=True)
    assert [second.name in one.message for one in record.structure] == [True]


def test_a_conversion_says_what_it_leaves_out(tmp_path: Path) -> None:
    """Its remarks, and so its event, have the number; the copy itself has every page described."""
    (made,) = convert_image(append(stack(tmp_path / "a.ome.tif")), tmp_path / "out")
    assert any("Of the 7 pages of a.ome.tif, 1 are not described" in one for one in made.remarks)
    assert (len(made.planes), left(made.path)) == (6, [])
    assert PAGES.encode() not in made.path.read_bytes()
    (whole,) = convert_image(stack(tmp_path / "b.ome.tif"), tmp_path / "out")
    assert whole.remarks == ()


def test_a_page_that_was_appended_later_contradicts_the_sidecar(tmp_path: Path) -> None:
    """The planes are all as they were; only the number of pages tells."""
    path = stack(tmp_path / "a.ome.tif")
    sidecar = render_sidecar(path, source_name=path.name)
    assert find_disagreements(path, sidecar) == []
    append(path)
    (told,) = find_disagreements(path, sidecar)
    assert (told.certain, "1 of 7" in told.sentence) == (True, True)
    later = render_sidecar(path, source_name=path.name)
    assert find_disagreements(path, later) == []
    (told,) = find_disagreements(stack(path), later)
    assert (told.certain, "does not record it" in told.sentence) == (True, True)
