"""OME-XML that a file already carries: kept, but for people and pixels."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.acquisition.ome import ome_from_xml, read_ome_tiff
from confocal_bag.image.model import Series
from confocal_bag.image.sidecar import for_tiff, ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar

_XML = """<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"
  UUID="urn:uuid:6a1b2c3d-0000-4000-8000-000000000000">
<Experimenter ID="Experimenter:0" UserName="a.person" LastName="Person" Email="a@b.org"/>
<Instrument ID="Instrument:0"><Microscope Model="Axio" SerialNumber="4647000108"/>
  <Objective ID="Objective:0" LensNA="0.8" NominalMagnification="20"/></Instrument>
<Image ID="Image:0" Name="one"><AcquisitionDate>2019-06-27T18:33:40</AcquisitionDate>
  <ExperimenterRef ID="Experimenter:0"/>
  <InstrumentRef ID="Instrument:0"/><ObjectiveSettings ID="Objective:0" RefractiveIndex="1.000293"/>
  <Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="4" SizeY="3" SizeZ="1" SizeC="1" SizeT="1"
    PhysicalSizeX="0.5">
    <Channel ID="Channel:0:0" Name="Bright"/><TiffData/><Plane TheC="0" TheZ="0" TheT="0" ExposureTime="10"/></Pixels>
  <AnnotationRef ID="Annotation:0"/><AnnotationRef ID="Annotation:1"/></Image>
<StructuredAnnotations>
  <XMLAnnotation ID="Annotation:0" Namespace="vendor"><Value><Path>D:\\A Person\\2017</Path></Value></XMLAnnotation>
  <MapAnnotation ID="Annotation:1" Namespace="x"><Value><M K="Stain">DAPI</M>
    <M K="User name">a.person</M></Value></MapAnnotation>
</StructuredAnnotations></OME>"""


def _series(count: int = 1) -> list[Series]:
    axes = {"T": 1, "C": 1, "Z": 1, "Y": 3, "X": 4}
    return [Series(index=i, name="x", axes=axes, dtype=np.dtype("uint8")) for i in range(count)]


def test_what_a_document_says_is_kept() -> None:
    """Objective, dates, names, planes and annotations come through."""
    ome = ome_from_xml(_XML, _series())
    image = ome.images[0]
    assert (image.name, image.pixels.physical_size_x) == ("one", 0.5)
    assert ome.instruments[0].objectives[0].lens_na == 0.8
    assert image.pixels.planes[0].exposure_time == 10
    assert image.pixels.metadata_only is not None
    assert image.pixels.tiff_data_blocks == []


def test_people_paths_serial_numbers_and_vendors_headers_are_left_out() -> None:
    """And what is left is still valid, alone and inside a TIFF."""
    ome = ome_from_xml(_XML, _series())
    content = ome_bytes(ome, source_name="x.ome.tif")
    assert list(check_sidecar(content)) == []
    for word in (b"a.person", b"Person", b"4647000108", b"a@b.org", b"D:"):
        assert word not in content
    assert b"Stain" in content
    assert "Person" not in for_tiff(ome, 0, "x.ome.tif")


def test_the_sizes_are_those_of_the_pixels() -> None:
    """A document that says otherwise is put right, and planes outside go."""
    wrong = _XML.replace('SizeX="4"', 'SizeX="40"').replace('<Plane TheC="0"', '<Plane TheC="7"')
    pixels = ome_from_xml(wrong, _series()).images[0].pixels
    assert (pixels.size_x, pixels.planes) == (4, [])


def test_channels_are_as_many_as_the_pixels_have() -> None:
    """A colour picture whose document has one channel without samples; one whose document has two channels too many."""
    colour = Series(index=0, name="x", axes={"T": 1, "C": 1, "Z": 1, "Y": 3, "X": 4, "S": 3}, dtype=np.dtype("uint8"))
    assert list(check_sidecar(ome_bytes(ome_from_xml(_XML, [colour]), source_name="x"))) == []
    more = _XML.replace("<TiffData/>", '<Channel ID="Channel:0:1"/><Channel ID="Channel:0:2"/><TiffData/>')
    assert list(check_sidecar(ome_bytes(ome_from_xml(more, _series()), source_name="x"))) == []
    three = Series(index=0, name="x", axes={"T": 1, "C": 3, "Z": 1, "Y": 3, "X": 4}, dtype=np.dtype("uint8"))
    assert [one.name for one in ome_from_xml(_XML, [three]).images[0].pixels.channels] == ["Bright", None, None]
    assert list(check_sidecar(ome_bytes(ome_from_xml(_XML, [three]), source_name="x"))) == []


def test_a_document_of_fewer_images_than_the_file_is_not_believed() -> None:
    """Then the series alone are described."""
    assert [one.name for one in ome_from_xml(_XML, _series(2)).images] == ["x", "x"]


@pytest.mark.parametrize("content", ["<OME/>", "no xml", "<!DOCTYPE OME [<!ENTITY a 'b'>]><OME>&a;</OME>"])
def test_what_is_no_ome_xml_is_refused(content: str) -> None:
    """Entities are not even looked at."""
    with pytest.raises(ValueError):  # noqa: PT011 - each is refused in words of its own
        ome_from_xml(content, _series())


def test_a_file_whose_document_breaks_the_schema_is_described_by_its_pixels(tmp_path: Path) -> None:
    """And the description says that the file has more than could be read."""
    path = tmp_path / "broken.ome.tif"
    tifffile.imwrite(path, np.zeros((3, 4), np.uint8), description=_XML.replace("<TiffData/>", "<Foo/><TiffData/>"), metadata=None)  # fmt: skip  # noqa: E501
    ome = read_ome_tiff(path, _series())
    assert (ome.images[0].name, ome.images[0].pixels.size_x) == ("x", 4)
    assert b"Embedded OME-XML" in ome_bytes(ome, source_name="broken.ome.tif")
