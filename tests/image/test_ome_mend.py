"""Documents of others are put right before they become sidecars, and lose only what is wrong."""

import pytest
from lxml import etree

from confocal_bag.image.ome_checks import ome_problems
from confocal_bag.image.ome_mend import EMBEDDED, mend
from confocal_bag.image.sidecar import ome_schema
from tests.image.test_ome_checks import CHANGES, SOUND

#: Faults of the sizes themselves are not for mending: sizes come from the pixels.
_OF_SIZES = ("SamplesPerPixel", "<Channel ", "TiffData", "First", "PlaneCount", "uuid", "0002<", "TheZ", "TheT", "TheC")


def test_a_sound_document_stays_as_it_is() -> None:
    """Byte for byte."""
    root = etree.fromstring(SOUND)
    before = etree.tostring(root)
    mend(root)
    assert etree.tostring(root) == before


@pytest.mark.parametrize(("old", "new"), [one[:2] for one in CHANGES if not any(part in one[0] for part in _OF_SIZES)])
def test_each_fault_is_mended(old: str, new: str) -> None:
    """Afterwards nothing is told of the document, and the schema takes it."""
    root = etree.fromstring(SOUND.replace(old, new))
    elements = len(list(root.iter()))
    mend(root)
    assert list(ome_problems(root)) == []
    assert ome_schema().validate(root)
    # A fold that contradicts itself is the largest thing to go: annotation, value, Modulo, ModuloAlong and reference.
    assert len(list(root.iter())) >= elements - 9


def test_a_plane_that_is_there_twice_stays_once() -> None:
    """The first one, as readers take it."""
    root = etree.fromstring(SOUND.replace('<Plane TheZ="2"', '<Plane ExposureTime="1" TheZ="1"'))
    mend(root)
    (plane,) = root.iter("{*}Plane")
    assert plane.get("ExposureTime") == "1"


def test_pairs_without_a_namespace_are_kept_under_one() -> None:
    """They are somebody's facts."""
    root = etree.fromstring(SOUND.replace(' Namespace="https://example.org/a"', ""))
    mend(root)
    (annotation,) = root.iter("{*}MapAnnotation")
    assert annotation.get("Namespace") == EMBEDDED
    assert annotation.findtext("{*}Value/{*}M") == "NaN"


def test_a_namespace_with_spaces_becomes_a_uri() -> None:
    """Only the spaces change."""
    root = etree.fromstring(SOUND.replace("https://example.org/a", "https://example.org/bio sample?a=b"))
    mend(root)
    (annotation,) = root.iter("{*}MapAnnotation")
    assert annotation.get("Namespace") == "https://example.org/bio%20sample?a=b"
