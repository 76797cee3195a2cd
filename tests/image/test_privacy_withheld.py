"""What sidecars leave out: said, masked where other text repeats it, and kept where that is asked for."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, SeriesFacts
from confocal_bag.image.open import open_image
from confocal_bag.image.privacy import PersonalField, PersonalKind
from confocal_bag.image.privacy.withhold import PERSONAL, WITHHELD, Cleaner, clean_facts, withheld_fields
from confocal_bag.image.sidecar import for_tiff, ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar
from tests.image import headers

_OME = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
_KNOWN = (
    PersonalField(where="User", kind=PersonalKind.PERSON, value="Alexa"),
    PersonalField(where="Serial", kind=PersonalKind.DEVICE, value="500651"),
    PersonalField(where="Camera", kind=PersonalKind.DEVICE, value="Nikon A1plus"),
    PersonalField(where="Note", kind=PersonalKind.FREE_TEXT, value="DAPI"),
)


@pytest.mark.parametrize(
    ("text", "people", "cleaned"),
    [
        ("by Alexa, day 2", True, "by A****, day 2"),
        ("Alexander", True, "Alexander"),
        ("Alexa Fluor 488", False, "Alexa Fluor 488"),
        ("Fusion 500651", False, "Fusion 5*****"),
        ("Nikon A1plus DAPI", True, "Nikon A1plus DAPI"),
        ("x@lab.edu in C:\\Users\\jo", False, "x******** in C:\\U****\\j*"),
        ("Plan-Apochromat 63x/1.4 Oil DIC M27", True, "Plan-Apochromat 63x/1.4 Oil DIC M27"),
    ],
)
def test_text_that_repeats_personal_data_is_masked(text: str, people: bool, cleaned: str) -> None:  # noqa: FBT001
    """Names of people where people give names; addresses, folders and serial numbers everywhere."""
    assert Cleaner(_KNOWN).clean(text, people=people) == cleaned


def test_facts_are_cleaned_without_losing_any() -> None:
    """The name of a dye is no person, whoever is called so; numbers stay as they are."""
    facts = FileFacts(
        series=(
            SeriesFacts(
                name="Alexa 1",
                zoom=2.0,
                notes={"Scanner": "SN: 500651"},
                channels=(ChannelFacts(fluor="Alexa Fluor 488"),),
            ),
        )
    )
    (series,) = clean_facts(facts, Cleaner(_KNOWN)).series
    assert (series.name, series.zoom) == ("A**** 1", 2.0)
    assert series.notes == {"Scanner": "SN: 5*****"}
    assert series.channels[0].fluor == "Alexa Fluor 488"
    assert clean_facts(facts, Cleaner(())).series[0].name == "Alexa 1"


def _ome_tiff(path: Path) -> Path:
    """An OME-TIFF whose people are named once more in descriptions, names and annotations."""
    image = '<Image ID="Image:0" Name="ruiany 1"><Description>by ruiany, mail r.yan@lab.edu</Description>'
    pixels = (
        '<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint8" SizeX="4" SizeY="4" SizeC="1" SizeZ="1" SizeT="1">'
    )
    rest = '<Channel ID="Channel:0:0" SamplesPerPixel="1" Name="GFP"/><TiffData/></Pixels></Image>'
    notes = (
        '<StructuredAnnotations><MapAnnotation ID="Annotation:0" Namespace="x"><Value>'
        '<M K="Source">D:\\Ruian\\2017\\a.czi</M>'
        '<M K="Dwell">2 us</M></Value></MapAnnotation></StructuredAnnotations>'
    )
    who = '<Experimenter ID="Experimenter:0" UserName="ruiany"/>'
    reference = '<ExperimenterRef ID="Experimenter:0"/>'
    xml = f'<OME xmlns="{_OME}">{who}{image}{reference}{pixels}{rest}{notes}</OME>'
    tifffile.imwrite(path, np.zeros((4, 4), np.uint8), description=xml, metadata=None)
    return path


def test_an_ome_document_loses_its_people_wherever_they_are_named(tmp_path: Path) -> None:
    """And nothing else; it says what it lost."""
    with open_image(_ome_tiff(tmp_path / "a.ome.tif")) as image:
        plain, asked = describe_acquisition(image), describe_acquisition(image, keep_personal=True)
    document = ome_bytes(plain, source_name="a").decode()
    assert [word for word in ("ruiany", "r.yan", "Ruian") if word in document] == []
    assert "r***** 1" in document
    assert all(word in document for word in ("GFP", "2 us", WITHHELD, "OME/Experimenter/@UserName"))
    kept = for_tiff(asked, 0, "a.ome.tif")
    assert all(word in kept for word in ('UserName="ruiany"', "r.yan@lab.edu", PERSONAL))
    assert list(check_sidecar(kept.encode())) == []
    assert list(check_sidecar(document.encode())) == []


def test_a_header_without_people_has_nothing_withheld(tmp_path: Path) -> None:
    """No annotation says so."""
    with open_image(headers.czi(tmp_path / "a.czi", "<Information/>")) as image:
        for keep in (False, True):
            assert (
                "withheld" not in ome_bytes(describe_acquisition(image, keep_personal=keep), source_name="a").decode()
            )


def test_the_list_of_what_is_left_out_has_paths_only() -> None:
    """For the log of a build."""
    assert withheld_fields(_KNOWN) == ["User", "Serial", "Camera", "Note"]
    many = [PersonalField(where=f"f{number}", kind=PersonalKind.PERSON, value="x") for number in range(900)]
    assert len(withheld_fields(many)) < 300
    assert withheld_fields(many)[-1] == "further fields"
