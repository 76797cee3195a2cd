"""What the OME schema does not check: a sound document has no problem, each single change has its own."""

import re

import pytest
from lxml import etree

from confocal_bag.image.ome_checks import CHECKS, ome_problems
from confocal_bag.image.sidecar import ome_schema

SOUND = """<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
  <Instrument ID="Instrument:0">
    <Laser ID="LightSource:0" Power="2.5"/>
    <Detector ID="Detector:0" Gain="600"/>
    <Objective ID="Objective:0" LensNA="1.4"/>
    <Filter ID="Filter:0"/>
    <Dichroic ID="Dichroic:0"/>
  </Instrument>
  <Image ID="Image:0" Name="NaN">
    <InstrumentRef ID="Instrument:0"/>
    <ObjectiveSettings ID="Objective:0"/>
    <Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" SignificantBits="12" SizeX="9" SizeY="8" SizeZ="3"
        SizeC="4" SizeT="6" PhysicalSizeX="90" PhysicalSizeXUnit="nm" PhysicalSizeY="0.09" TimeIncrement="2.5">
      <Channel ID="Channel:0" SamplesPerPixel="3">
        <LightPath><DichroicRef ID="Dichroic:0"/><EmissionFilterRef ID="Filter:0"/></LightPath>
      </Channel>
      <Channel ID="Channel:1"/>
      <TiffData IFD="0" FirstZ="2" FirstC="1" FirstT="5" PlaneCount="1">
        <UUID FileName="a.tif">urn:uuid:00000000-0000-0000-0000-000000000001</UUID>
      </TiffData>
      <TiffData IFD="0"><UUID FileName="b.tif">urn:uuid:00000000-0000-0000-0000-000000000002</UUID></TiffData>
      <Plane TheZ="2" TheT="5" TheC="1"/>
      <Plane TheZ="1" TheT="5" TheC="1"/>
    </Pixels>
    <ROIRef ID="ROI:0"/>
    <AnnotationRef ID="Annotation:1"/>
  </Image>
  <StructuredAnnotations>
    <MapAnnotation ID="Annotation:0" Namespace="https://example.org/a"><Value><M K="NaN">NaN</M></Value></MapAnnotation>
    <XMLAnnotation ID="Annotation:1" Namespace="openmicroscopy.org/omero/dimension/modulo"><Value>
      <Modulo xmlns=""><ModuloAlongT Type="lambda" Start="500" End="510" Step="5"/></Modulo>
    </Value></XMLAnnotation>
  </StructuredAnnotations>
  <ROI ID="ROI:0"><Union><Point ID="Shape:0" X="1" Y="1"/></Union></ROI>
</OME>"""
_STEPS = 'Start="500" End="510" Step="5"'
_LABELS = "<ModuloAlongT Type='angle'>" + "<Label>a</Label>" * 4 + "</ModuloAlongT>"

#: What is changed, into what, and what is told of it. The schema takes no offence at any of them.
CHANGES = [
    (
        '<EmissionFilterRef ID="Filter:0"/>',
        '<EmissionFilterRef ID="Filter:9"/>',
        "EmissionFilterRef refers to Filter:9",
    ),
    ('<ROIRef ID="ROI:0"/>', '<ROIRef ID="ROI:3"/>', "ROIRef refers to ROI:3"),
    ('SamplesPerPixel="3"', 'SamplesPerPixel="4"', "its channels hold 5 samples; SizeC is 4"),
    ('<Channel ID="Channel:1"/>', "", "its channels hold 3 samples"),
    ('SignificantBits="12"', 'SignificantBits="17"', "SignificantBits is 17; uint16 samples have 16"),
    ('PhysicalSizeXUnit="nm"', 'PhysicalSizeXUnit="pixel"', "PhysicalSizeX is in pixel"),
    ('PhysicalSizeXUnit="nm"', 'PhysicalSizeXUnit="reference frame"', "PhysicalSizeX is in reference frame"),
    ('PhysicalSizeY="0.09"', 'PhysicalSizeY="INF"', "PhysicalSizeY is INF"),
    ('PhysicalSizeY="0.09"', 'PhysicalSizeY="NaN"', "PhysicalSizeY is NaN"),
    ('TimeIncrement="2.5"', 'TimeIncrement="-INF"', "TimeIncrement is -INF"),
    ('Gain="600"', 'Gain="NaN"', "Detector Detector:0: Gain is NaN"),
    ('Power="2.5"', 'Power="INF"', "Power is INF"),
    ('LensNA="1.4"', 'LensNA="NaN"', "LensNA is NaN"),
    ('<Plane TheZ="2"', '<Plane TheZ="3"', "the Plane T=5 C=1 Z=3 lies outside"),
    ('<Plane TheZ="2" TheT="5"', '<Plane TheZ="2" TheT="6"', "the Plane T=6 C=1 Z=2 lies outside"),
    # Colour samples are one channel: there is no channel 2, though SizeC is 4.
    ('<Plane TheZ="2" TheT="5" TheC="1"/>', '<Plane TheZ="2" TheT="5" TheC="2"/>', "C=2 Z=2 lies outside"),
    ('<Plane TheZ="2"', '<Plane TheZ="1"', "the Plane T=5 C=1 Z=1 is there twice"),
    ('FirstZ="2"', 'FirstZ="3"', "the TiffData at T=5 C=1 Z=3 lies outside"),
    ('FirstC="1"', 'FirstC="2"', "the TiffData at T=5 C=2 Z=2 lies outside"),
    ('FirstT="5"', 'FirstT="6"', "the TiffData at T=6 C=1 Z=2 lies outside"),
    ('PlaneCount="1"', 'PlaneCount="36"', "its TiffData speak of 37 planes"),
    ("0002<", "0001<", "0001 both to a.tif and to b.tif"),
    (' Namespace="https://example.org/a"', "", "Annotation:0: the MapAnnotation has no Namespace"),
    ("https://example.org/a", "bio sample", "'bio sample' is no URI"),
    (_STEPS, 'Start="500" End="515" Step="5"', "has 4 steps, which do not divide SizeT 6"),
    (_STEPS, 'Start="500" End="512" Step="5"', "tells no whole number of steps"),
    (_STEPS, 'Start="500" End="510" Step="0"', "tells no whole number of steps"),
    (_STEPS, 'Start="500" End="490" Step="5"', "tells no whole number of steps"),
    (_STEPS, 'Start="500" Step="5"', "tells no whole number of steps"),
    (_STEPS, 'Start="many" End="510" Step="5"', "tells no whole number of steps"),
    (_STEPS, 'Start="0" End="1e400" Step="5"', "tells no whole number of steps"),
    (f'<ModuloAlongT Type="lambda" {_STEPS}/>', _LABELS, "has 4 steps, which do not divide SizeT 6"),
    (f'<ModuloAlongT Type="lambda" {_STEPS}/>', "", "holds no ModuloAlongZ"),
    ('<ModuloAlongT Type="lambda"', "<ModuloAlongT", "has no Type"),
    ("<ModuloAlongT ", "<ModuloAlongC ", "ModuloAlongC has 3 steps, which do not divide SizeC 4"),
    ('Type="lambda"', 'Type="other"', ""),
    (_STEPS, 'Start="510" End="500" Step="-5"', ""),
    (_STEPS, 'Start="0" End="5"', ""),
]


def test_a_sound_document_has_no_problem() -> None:
    """Words that look like numbers, lengths in other units and descending steps are sound."""
    root = etree.fromstring(SOUND)
    assert ome_schema().validate(root)
    assert list(ome_problems(root)) == []


@pytest.mark.parametrize(("old", "new", "told"), [one for one in CHANGES if one[2]])
def test_each_fault_is_told_though_the_schema_lets_it_pass(old: str, new: str, told: str) -> None:
    """One change, one sentence; what follows from it is told after it."""
    assert SOUND.count(old) == 1
    root = etree.fromstring(SOUND.replace(old, new))
    assert ome_schema().validate(root)
    assert told in next(ome_problems(root), "nothing is told")


@pytest.mark.parametrize(("old", "new"), [one[:2] for one in CHANGES if not one[2]])
def test_other_sound_documents_have_no_problem(old: str, new: str) -> None:
    """What looks odd and is allowed."""
    assert SOUND.count(old) == 1
    assert list(ome_problems(etree.fromstring(SOUND.replace(old, new)))) == []


def test_two_elements_of_one_id_are_told() -> None:
    """The schema finds most of them; shapes it does not."""
    doubled = SOUND.replace("</Union>", '<Point ID="Shape:0" X="2" Y="1"/></Union>')
    messages = list(ome_problems(etree.fromstring(doubled)))
    assert messages == ["Point and Point have the same ID Shape:0."]


def test_a_hostile_size_costs_nothing() -> None:
    """Counts come from what is there."""
    huge = re.sub(r'Size([ZT])="\d+"', r'Size\1="600000000000000000"', SOUND)
    assert list(ome_problems(etree.fromstring(huge))) == []


def test_every_check_has_a_sentence_of_documentation() -> None:
    """It says what is wrong with a document that fails."""
    assert all(check.__doc__ for check in CHECKS)
