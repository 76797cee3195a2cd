"""Sidecars of others: what is wrong with them, what they say, and whether the image agrees."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts
from confocal_bag.image.model import PixelSize, Series
from confocal_bag.image.record import ChannelRecord, ImageRecord
from confocal_bag.image.sidecar import ome_bytes, ome_schema
from confocal_bag.image.sidecar_check import check_sidecar, compare_sidecar, plane_key, read_sidecar

_AXES = {"T": 1, "C": 2, "Z": 3, "Y": 4, "X": 5}
_RECORD = ImageRecord(
    series=0,
    name="cells",
    axes=_AXES,
    dtype="uint16",
    pixel_size_um=PixelSize(x=0.1, y=0.1, z=0.5),
    channels=(ChannelRecord(), ChannelRecord()),
)


@pytest.fixture
def sidecar() -> bytes:
    """A sound sidecar of two channels with a filter and digests."""
    series = Series(index=0, name="cells", axes=_AXES, dtype=np.dtype("uint16"))
    facts = SeriesFacts(
        pixel_size_um=PixelSize(x=0.1, y=0.1, z=0.5),
        channels=(ChannelFacts(name="GFP", detection_bands_nm=((500, 550),)), ChannelFacts(name="DAPI")),
    )
    hashes = [({"T": 0, "C": c, "Z": z}, f"{c}{z}".zfill(40)) for z in range(3) for c in range(2)]
    return ome_bytes(build_ome([series], FileFacts(series=(facts,))), source_name="a.lsm", plane_hashes={0: hashes})


def test_a_sound_sidecar_has_nothing_wrong(sidecar: bytes) -> None:
    """What we write passes what we check."""
    assert list(check_sidecar(sidecar)) == []


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        (
            b'<EmissionFilterRef ID="Filter:0:0:0"/>',
            b'<EmissionFilterRef ID="Filter:9"/>',
            "refers to Filter:9",
        ),
        (b'<AnnotationRef ID="Annotation:0"/>', b'<AnnotationRef ID="Annotation:99"/>', "Annotation:99"),
        (b'SizeC="2"', b'SizeC="3"', "SizeC is 3"),
        (b'TheZ="2" TheT="0" TheC="1"', b'TheZ="7" TheT="0" TheC="1"', "outside"),
        (b'TheZ="2" TheT="0" TheC="1"', b'TheZ="2" TheT="0" TheC="0"', "twice"),
        (b' Namespace="https://example.org/confocal-bag/ns/sidecar/1"', b"", "no Namespace"),
        (b'PhysicalSizeX="0.1"', b'PhysicalSizeX="0.0"', "PhysicalSizeX"),
        (b'Type="uint16"', b'Type="uint12"', "uint12"),
        (b"<MetadataOnly/>", b"<MetadataOnly/><Nonsense/>", "Nonsense"),
        (b'SizeX="5"', b'SizeX="many"', "many"),
    ],
)
def test_each_fault_is_told(sidecar: bytes, old: bytes, new: bytes, seen: str) -> None:
    """One change, one sentence that names it."""
    assert old in sidecar
    messages = list(check_sidecar(sidecar.replace(old, new, 1)))
    assert any(seen in message for message in messages), messages


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\0",
        b"no xml",
        b"<OME>",
        b"<OME/>",
        b'<?xml version="1.0" encoding="no-such-code"?><OME/>',
        b'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2015-01"/>',
        b"<a>" * 100_000,
        b"\xff\xfe<\0O\0",
    ],
)
def test_content_that_is_no_sidecar_is_told_and_never_raises(content: bytes) -> None:
    """Files of others may hold anything."""
    assert len(list(check_sidecar(content))) == 1
    with pytest.raises(ValueError, match="sidecar"):
        read_sidecar(content)


def _bomb(sidecar: bytes) -> bytes:
    head = b'<!DOCTYPE OME [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    body = sidecar.partition(b"?>")[2]
    return head + b"]>" + body.replace(b"a.lsm", b"&j;")


def _stranger(sidecar: bytes) -> bytes:
    return b'<!DOCTYPE OME SYSTEM "file:///etc/passwd">' + sidecar.partition(b"?>")[2]


@pytest.mark.parametrize("attack", [_bomb, _stranger])
def test_entities_and_document_types_are_not_followed(sidecar: bytes, attack: Callable[[bytes], bytes]) -> None:
    """A document type is reason enough to stop."""
    (message,) = check_sidecar(attack(sidecar))
    assert "document type" in message or "not well-formed" in message


def test_a_flood_of_faults_is_cut_short(sidecar: bytes) -> None:
    """Thousands of planes outside the pixels make one screen."""
    planes = b"".join(b'<Plane TheZ="%d" TheT="0" TheC="0"/>' % z for z in range(100, 3000))
    messages = list(check_sidecar(sidecar.replace(b"</Pixels>", planes + b"</Pixels>", 1)))
    assert len(messages) < 30
    assert "more of the same kind" in messages[-1]


def test_sizes_beyond_all_measure_cost_nothing(sidecar: bytes) -> None:
    """The planes are counted as they are there, never as the sizes claim."""
    huge = sidecar.replace(b'SizeT="1"', b'SizeT="2000000000"').replace(b'SizeZ="3"', b'SizeZ="2000000000"')
    assert list(check_sidecar(huge)) == []


def test_what_a_sidecar_says_is_read(sidecar: bytes) -> None:
    """Sizes, type, pixel size in micrometres, channels and digests."""
    image = read_sidecar(sidecar.replace(b'PhysicalSizeX="0.1"', b'PhysicalSizeX="100" PhysicalSizeXUnit="nm"'))
    (one,) = image.images
    assert (one.size_x, one.size_y, one.size_z, one.size_c, one.size_t) == (5, 4, 3, 2, 1)
    assert (one.pixel_type, one.channel_count, one.name) == ("uint16", 2, "cells")
    assert one.physical_size_x_um == pytest.approx(0.1)
    assert one.plane_hashes[0, 1, 2] == "12".zfill(40)


def test_a_plane_is_found_again_by_the_coordinates_of_its_image(sidecar: bytes) -> None:
    """Whatever order planes are read in."""
    series = Series(index=0, name="cells", axes=_AXES, dtype=np.dtype("uint16"))
    hashes = read_sidecar(sidecar).images[0].plane_hashes
    assert hashes[plane_key(series, {"T": 0, "C": 1, "Z": 2})] == "12".zfill(40)


def test_a_size_in_pixels_is_no_pixel_size(sidecar: bytes) -> None:
    """ "pixel" and "reference frame" are units that measure nothing."""
    changed = sidecar.replace(b'PhysicalSizeX="0.1"', b'PhysicalSizeX="1.0" PhysicalSizeXUnit="pixel"')
    assert read_sidecar(changed).images[0].physical_size_x_um is None


def test_a_sidecar_that_agrees_contradicts_nothing(sidecar: bytes) -> None:
    """Nor does one that says less than the image."""
    facts = read_sidecar(sidecar)
    assert list(compare_sidecar(facts, [_RECORD])) == []
    silent = sidecar.replace(b'PhysicalSizeX="0.1" ', b"")
    assert list(compare_sidecar(read_sidecar(silent), [_RECORD])) == []


@pytest.mark.parametrize(
    ("record", "seen"),
    [
        (replace(_RECORD, axes={**_AXES, "X": 6}), "SizeX 5; the file has 6"),
        (replace(_RECORD, axes={**_AXES, "Z": 30}), "SizeZ 3; the file has 30"),
        (replace(_RECORD, axes={**_AXES, "C": 1}), "channels"),
        (replace(_RECORD, dtype="uint8"), "type uint16; the file has uint8"),
        (replace(_RECORD, pixel_size_um=PixelSize(x=0.1, y=0.1, z=0.6)), "PhysicalSizeZ 0.5 µm"),
    ],
)
def test_each_contradiction_is_told(sidecar: bytes, record: ImageRecord, seen: str) -> None:
    """What the sidecar says, and what the file has."""
    messages = list(compare_sidecar(read_sidecar(sidecar), [record]))
    assert any(seen in message for message in messages), messages


def test_a_sidecar_of_another_number_of_images_contradicts_the_file(sidecar: bytes) -> None:
    """Then nothing else is compared."""
    (message,) = compare_sidecar(read_sidecar(sidecar), [_RECORD, _RECORD])
    assert "describes 1 image; the file holds 2" in message


def test_the_schema_is_compiled_once() -> None:
    """Validating many sidecars must not compile it each time."""
    assert ome_schema() is ome_schema()
