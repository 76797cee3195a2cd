"""Every kind of fact in a sidecar is held against the header of its file; one change, one disagreement."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from lxml import etree
from ome_types import OME

from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.acquisition.annotations import CHANNEL
from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts
from confocal_bag.image.document_facts import Value, image_facts
from confocal_bag.image.model import Series
from confocal_bag.image.open import open_image
from confocal_bag.image.plane_digests import plane_digests
from confocal_bag.image.sidecar import Note, ome_bytes
from confocal_bag.image.sidecar_settings import Disagreement, compare_settings
from tests import make
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.test_readers import samples

_NS = {"o": "http://www.openmicroscopy.org/Schemas/OME/2016-06"}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, OME]:
    """The sidecar of an LSM file with a depositor's note, and what the file's header says."""
    path = make.lsm(tmp_path_factory.mktemp("settings") / "cells.lsm")
    with open_image(path) as image:
        ome = describe_acquisition(image)
        notes = [
            Note(namespace="https://example.org/biosample", pairs={"Organism": "Mus musculus"}),
            # As a deposit's description of its channels is written.
            Note(namespace=CHANNEL, series_index=0, pairs={"Channel described": "Ch2", "Target": "tubulin"}),
        ]
        return ome_bytes(ome, source_name=path.name, plane_hashes=plane_digests(image), notes=notes), ome


def _attribute(content: bytes, path: str, name: str, value: str | None) -> bytes:
    """The document with one attribute of one element changed, or gone."""
    root = etree.fromstring(content)
    element = root.find(path, _NS)
    assert element is not None, path
    assert element.get(name) != value, "the test would change nothing"
    if value is None:
        del element.attrib[name]
    else:
        element.set(name, value)
    return etree.tostring(root)


def _pair(content: bytes, key: str, value: str) -> bytes:
    """The document with one value of an annotation changed."""
    root = etree.fromstring(content)
    (element, *_) = [one for one in root.iterfind(".//o:M", _NS) if one.get("K") == key]
    assert element.text != value
    element.text = value
    return etree.tostring(root)


def test_a_sidecar_of_its_file_has_no_disagreement(described: tuple[bytes, OME]) -> None:
    """Plane digests and what the depositor adds are no contradiction."""
    assert list(compare_settings(*described)) == []


_PIXELS, _CHANNEL, _INSTRUMENT = "o:Image/o:Pixels", "o:Image/o:Pixels/o:Channel[2]", "o:Instrument"


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("o:Image", "Name", "other"),
        *[(_PIXELS, f"Size{axis}", "7") for axis in "XYZCT"],
        *[(_PIXELS, f"PhysicalSize{axis}", "0.123") for axis in "XYZ"],
        (_PIXELS, "PhysicalSizeX", None),
        (_PIXELS, "Type", "uint8"),
        (_PIXELS, "SignificantBits", "16"),
        (_PIXELS, "DimensionOrder", "XYZCT"),
        (_CHANNEL, "Name", "other"),
        (_CHANNEL, "Fluor", "other"),
        (_CHANNEL, "Color", "-1"),
        (_CHANNEL, "PinholeSize", "1.5"),
        (_CHANNEL, "ExcitationWavelength", "561"),
        (_CHANNEL, "EmissionWavelength", "600"),
        (_CHANNEL, "AcquisitionMode", "WideField"),
        (_CHANNEL, "ContrastMethod", "Brightfield"),
        (f"{_CHANNEL}/o:DetectorSettings", "Gain", "1.5"),
        (f"{_CHANNEL}/o:DetectorSettings", "Zoom", "9"),
        (f"{_CHANNEL}/o:DetectorSettings", "ID", "Detector:0:0"),
        (f"{_CHANNEL}/o:LightSourceSettings", "Wavelength", "561"),
        (f"{_INSTRUMENT}/o:Objective", "LensNA", "0.4"),
        (f"{_INSTRUMENT}/o:Objective", "LensNA", None),
        (f"{_INSTRUMENT}/o:Objective", "NominalMagnification", "20"),
        (f"{_INSTRUMENT}/o:Objective", "Model", "other"),
        (f"{_INSTRUMENT}/o:Objective", "Immersion", "Water"),
        (f"{_INSTRUMENT}/o:Objective", "WorkingDistance", "3"),
        (f"{_INSTRUMENT}/o:Laser", "Wavelength", "633"),
        (f"{_INSTRUMENT}/o:Laser", "Power", "30"),
        (f"{_INSTRUMENT}/o:Detector", "Model", "other"),
        (f"{_INSTRUMENT}/o:Detector", "Type", "CCD"),
    ],
)
def test_each_changed_attribute_is_noticed(described: tuple[bytes, OME], path: str, name: str, value: str) -> None:
    """Changed, taken out, or put in: the sidecar was made by this version, so any difference is a change."""
    sidecar, ome = described
    found = list(compare_settings(_attribute(sidecar, path, name, value), ome))
    assert found, f"{name} of {path} was changed and nobody noticed"
    assert all(one.certain for one in found)
    assert any(f"@{name}" in one.sentence for one in found)


@pytest.mark.parametrize(
    "key",
    [
        "ConfocalScannerSettings.EffectiveZoom",
        "Plane.PixelDwellTime",
        "Averaging",
        "Laser lines",
        "LightSourceSettings.IlluminationPowerSettings 405 nm",
        "Detector voltage",
    ],
)
def test_each_changed_annotation_is_noticed(described: tuple[bytes, OME], key: str) -> None:
    """What OME core cannot say is held against the header too."""
    sidecar, ome = described
    (found,) = compare_settings(_pair(sidecar, key, "7"), ome)
    assert key in found.sentence


def test_a_changed_detection_band_is_noticed() -> None:
    """In the filter of a light path, in OME core, and in words in the annotation."""
    series = Series(index=0, name="a", axes={"T": 1, "C": 1, "Z": 1, "Y": 4, "X": 5}, dtype=np.dtype("uint8"))
    channel = ChannelFacts(name="GFP", detection_bands_nm=((500, 550),))
    ome = build_ome([series], FileFacts(series=(SeriesFacts(channels=(channel,)),)))
    sidecar = ome_bytes(ome, source_name="a.lsm")
    (found,) = compare_settings(
        _attribute(sidecar, f"{_INSTRUMENT}/o:Filter/o:TransmittanceRange", "CutIn", "411"), ome
    )
    assert "TransmittanceRange/@CutIn 411 nm; the file has 500.0 nm" in found.sentence
    (found,) = compare_settings(_pair(sidecar, "Detection band", "411-550 nm"), ome)
    assert "Detection band 411-550 nm; the file has 500-550 nm" in found.sentence


def test_a_changed_date_is_noticed(described: tuple[bytes, OME]) -> None:
    """The text of an element is a fact as its attributes are."""
    sidecar, ome = described
    assert b"<AcquisitionDate>2019" in sidecar
    (found,) = compare_settings(sidecar.replace(b"<AcquisitionDate>2019", b"<AcquisitionDate>2020"), ome)
    assert "AcquisitionDate 2020" in found.sentence


def test_a_changed_place_of_a_plane_is_noticed(tmp_path: Path) -> None:
    """Planes are told by their coordinates, whatever their order in the document."""
    with open_image(make.lsm(tmp_path / "cells.lsm")) as image:
        ome = describe_acquisition(image)
        sidecar = ome_bytes(ome, source_name="cells.lsm", plane_hashes=plane_digests(image))
    (found,) = compare_settings(_attribute(sidecar, f"{_PIXELS}/o:Plane[3]", "ExposureTime", "3"), ome)
    assert "Plane[T=0 C=0 Z=1]/@ExposureTime 3 s" in found.sentence


def test_changed_steps_of_a_folded_axis_are_noticed(tmp_path: Path) -> None:
    """A ModuloAlong annotation is no map, but XML."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("lambda", "LYX", samples(4, 8, 10))])
    with open_image(path) as image:
        ome = describe_acquisition(image)
        sidecar = ome_bytes(ome, source_name="a.lif")
    assert list(compare_settings(sidecar, ome)) == []
    assert b'Type="lambda"' in sidecar
    (found,) = compare_settings(sidecar.replace(b'Type="lambda"', b'Type="phase"'), ome)
    assert "ModuloAlongT/@Type phase; the file has lambda" in found.sentence


def _from_another_version(sidecar: bytes) -> bytes:
    return _attribute(sidecar, ".", "Creator", "confocal-bag 0.0.1")


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda content: content, 0),
        (lambda content: _attribute(content, f"{_INSTRUMENT}/o:Objective", "LensNA", None), 0),
        (lambda content: _attribute(content, f"{_INSTRUMENT}/o:Objective", "WorkingDistance", "3"), 0),
        (lambda content: _attribute(content, f"{_INSTRUMENT}/o:Objective", "LensNA", "0.4"), 1),
    ],
)
def test_a_sidecar_of_another_version_may_say_less_or_more(
    described: tuple[bytes, OME], change: Callable[[bytes], bytes], number: int
) -> None:
    """Only a contradiction is told then, and not as certain."""
    sidecar, ome = described
    found: list[Disagreement] = list(compare_settings(change(_from_another_version(sidecar)), ome))
    assert [one.certain for one in found] == [False] * number


def test_the_same_length_in_other_units_is_the_same() -> None:
    """Units are converted; words and whole numbers must be equal."""
    assert Value(text="0.5", unit="µm").agrees(Value(text="500", unit="nm"))
    assert Value(text="33.412", unit="s").agrees(Value(text="33412", unit="ms"))
    assert not Value(text="0.5", unit="µm").agrees(Value(text="0.5", unit="nm"))
    assert not Value(text="1000001").agrees(Value(text="1000000"))
    assert not Value(text="GFP").agrees(Value(text="DAPI"))
    assert not Value(text="1", unit="µm").agrees(Value(text="1", unit="s"))


def test_no_two_facts_have_one_key(described: tuple[bytes, OME]) -> None:
    """Or one of them would never be looked at."""
    facts = list(image_facts(etree.fromstring(described[0]), 0))
    assert len(facts) == len(dict(facts)) > 50


@pytest.mark.parametrize(
    ("tag", "value", "options"),
    [
        (262, 1, {"photometric": "miniswhite"}),
        (274, 1, {"extratags": [(274, 3, 1, 6, True)]}),
        (338, 0, {"planarconfig": "contig", "extrasamples": ["unassalpha"]}),
    ],
    ids=["photometric", "orientation", "extra samples"],
)
def test_a_tag_of_a_tiff_that_became_plain_is_told(
    tag: int, value: int, options: dict[str, Any], tmp_path: Path
) -> None:
    """The sidecar says what the numbers stood for; without the tag they would be taken for intensities as they are."""
    path, samples = tmp_path / "cells.tif", 2 if tag == 338 else 1
    pixels = np.arange(60 * samples, dtype=np.uint8).reshape(6, 10, *[samples] * (samples > 1))
    tifffile.imwrite(path, pixels, **{"photometric": "minisblack", "metadata": None, **options})
    with open_image(path) as image:
        said = ome_bytes(describe_acquisition(image), source_name=path.name, plane_hashes=plane_digests(image))
        assert list(compare_settings(said, describe_acquisition(image))) == []
    with tifffile.TiffFile(path, mode="r+") as opened:
        opened.pages.first.tags[tag].overwrite(value)
    with open_image(path) as image:
        (told,) = compare_settings(said, describe_acquisition(image))
    assert told.certain
    assert "the file does not record it" in told.sentence
