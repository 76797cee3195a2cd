"""A description and a header of one image: what contradicts, and what only says more or says it otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.deposit.description.draft import draft_description
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.rules import check_description
from confocal_bag.deposit.inventory import Inventory, take_inventory
from confocal_bag.deposit.source import open_deposit
from confocal_bag.image.record import LaserRecord
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import COMPLETE, GREEN, MICROSCOPE, RED, changed, file, inventory, stack

FULL = replace(
    MICROSCOPE,
    software_version="2.3",
    stand="Axio Observer.Z1",
    refractive_index=1.518,
    method="laser scanning confocal microscopy",
    scan_mode="frame scan",
    scan_direction="Unidirectional",
    averaging=None,
    averaging_number=4.0,
    averaging_unit="Line",
    averaging_method="Average",
    lasers=(LaserRecord(wavelength_nm=488.0, power_percent=2.0), LaserRecord(wavelength_nm=561.0, power_percent=1.5)),
)


def taken(**instrument: Any) -> Inventory:
    """A stack whose header records everything that COMPLETE says, but for what is changed."""
    channels = (
        replace(GREEN, voltage_v=650.0, emission_bands_nm=((499.0, 553.0),), laser_lines_nm=(488.0,), pinhole_au=1.0),
        replace(RED, voltage_v=700.0, emission_bands_nm=((570.0, 695.0),), laser_lines_nm=(561.0,), pinhole_au=1.0),
    )
    return inventory(
        file("raw/cell01.czi", "czi", Tier.RAW, stack(channels=channels, instrument=replace(FULL, **instrument)))
    )


def contradicted(text: str, deposit: Inventory) -> dict[str, str]:
    """The fields that are contradicted, and what is said of each."""
    _, findings = check_description(read_description(text), deposit)
    found = [one for one in findings if one.rule == "description.contradicts-header"]
    return {str(one.detail["field"]): one.message for one in found}


def test_what_agrees_is_no_contradiction() -> None:
    """Every field of the header is compared, and every one fits."""
    assert contradicted(COMPLETE, taken()) == {}


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("acquisitions[0].pixel_size_um", "[0.0902, 0.0902]", "[0.1, 0.1]"),
        ("acquisitions[0].z_step_um", "z_step_um: 0.5", "z_step_um: 0.6"),
        ("acquisitions[0].pinhole_au", "pinhole_au: 1.0", "pinhole_au: 1.2"),
        ("acquisitions[0].zoom", "zoom: 2.0", "zoom: 3.0"),
        ("acquisitions[0].pixel_dwell_us", "pixel_dwell_us: 1.02", "pixel_dwell_us: 2.04"),
        ("acquisitions[0].scan_direction", "scan_direction: Unidirectional", "scan_direction: Bidirectional"),
        ("acquisitions[0].averaging.number", "number: 4", "number: 8"),
        ("acquisitions[0].averaging.unit", "unit: Line", "unit: Frame"),
        ("acquisitions[0].averaging.method", "method: Average}", "method: Sum}"),
        ("acquisitions[0].sizes.Z", "zoom: 2.0", "zoom: 2.0\n    sizes: {Z: 12}"),
        ("acquisitions[0].channels[0].gain_v", "gain_v: 650", "gain_v: 700"),
        ("acquisitions[0].channels[1].laser_power_percent", "laser_power_percent: 1.5", "laser_power_percent: 3"),
        ("acquisitions[0].channels[0].emission_band_nm", "[499, 553]", "[525, 553]"),
        ("acquisitions[0].channels[1].laser", "{id: l1, wavelength_nm: 561}", "{id: l1, wavelength_nm: 594}"),
        ("instruments[0].objective.na", "na: 1.4", "na: 1.2"),
        ("instruments[0].objective.magnification", "magnification: 63", "magnification: 40"),
        ("instruments[0].objective.model", "Plan-Apochromat 63x/1.4 Oil DIC M27", "C-Apochromat 40x/1.2 W"),
        ("instruments[0].objective.immersion", "magnification: 63", "magnification: 63, immersion: Water"),
        ("instruments[0].objective.refractive_index", "magnification: 63", "magnification: 63, refractive_index: 1.33"),
        ("instruments[0].microscope.manufacturer", "manufacturer: Zeiss", "manufacturer: Leica"),
        ("instruments[0].microscope.model", "model: LSM 880", "model: LSM 710"),
        ("instruments[0].microscope.stand", "model: LSM 880", "model: LSM 880, stand: Eclipse Ti"),
        ("instruments[0].software.name", "name: ZEN,", "name: LAS X,"),
        ("instruments[0].software.version", 'version: "2.3"', 'version: "2.1"'),
        (
            "instruments[0].method.name",
            "{name: single-spot confocal microscopy, term:",
            "{name: spinning disk confocal microscopy, term:",
        ),
        ("channels[0].excitation_nm", "excitation_nm: 488, emission_nm: 520", "excitation_nm: 514, emission_nm: 520"),
        ("channels[0].fluor", "fluor: Alexa Fluor 488", "fluor: Alexa Fluor 568"),
    ],
)
def test_each_field_that_both_have_is_compared(field: str, old: str, new: str) -> None:
    """One change is one finding, at its own field, with both values."""
    found = contradicted(changed(COMPLETE, {old: new}), taken())
    if field == "channels[0].excitation_nm":
        found.pop("acquisitions[0].channels[0].laser", None)
    assert list(found) == [field]
    assert "says" in found[field]
    assert "records" in found[field]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("manufacturer: Zeiss", "manufacturer: Carl Zeiss Microscopy GmbH"),
        ("model: LSM 880", "model: Zeiss LSM880 NLO"),
        ("model: LSM 880", "model: Axio Observer.Z1"),
        ("Plan-Apochromat 63x/1.4 Oil DIC M27", "63x/1.40 oil"),
        ("name: ZEN,", "name: ZEN black,"),
        ("fluor: Alexa Fluor 488", "fluor: AF488"),
        ("unit: Line", "unit: lines"),
        ("[0.0902, 0.0902]", "[0.09, 0.09]"),
        ("{id: l1, wavelength_nm: 561}", "{id: l1, wavelength_nm: 560}"),
        ("name: tubulin", "name: green"),
        ("single-spot confocal microscopy", "confocal microscopy"),
    ],
)
def test_saying_it_otherwise_is_no_contradiction(old: str, new: str) -> None:
    """Longer names, other spellings, rounded numbers, better names of channels."""
    assert contradicted(changed(COMPLETE, {old: new}), taken()) == {}


def test_dry_and_air_are_the_same() -> None:
    """And oil is neither."""
    text = changed(COMPLETE, {"magnification: 63": "magnification: 63, immersion: Dry"})
    assert contradicted(text, taken(immersion="Air")) == {}
    assert contradicted(text, taken(immersion="Oil")) != {}


def test_the_program_that_wrote_a_file_is_not_the_one_that_took_the_image() -> None:
    """A header that names no microscope names only the writer."""
    text = changed(COMPLETE, {"name: ZEN,": "name: LAS X,"})
    assert contradicted(text, taken(manufacturer=None, model=None, software="tifffile.py")) == {}


def test_a_draft_never_contradicts_the_headers_it_is_made_from(shared: Path, tmp_path: Path) -> None:
    """Tried on one real file of each maker."""
    for maker in ("lsm", "czi", "lif", "nd2", "oib"):
        folder = tmp_path / maker / "raw"
        folder.mkdir(parents=True)
        files = [one for one in (shared / "samples" / maker).iterdir() if one.is_file()]
        smallest = min(files, key=lambda one: one.stat().st_size)
        (folder / smallest.name).write_bytes(smallest.read_bytes())
        deposit = take_inventory(open_deposit(tmp_path / maker), with_digests=False)
        assert contradicted(draft_description(deposit, level=PracticeLevel.MINIMUM), deposit) == {}


@pytest.mark.parametrize(
    ("method", "fields"), [("widefield microscopy", ["instruments[0].method.name"]), ("CSU-W1 spinning disk", [])]
)
def test_a_disk_of_the_header_and_a_widefield_microscope_exclude_each_other(method: str, fields: list[str]) -> None:
    """The header of a camera behind a disk tells it."""
    said = changed(COMPLETE, {"{name: single-spot confocal microscopy, term:": f"{{name: {method}, term:"})
    assert list(contradicted(said, taken(method="spinning disk confocal"))) == fields


def test_light_that_is_emitted_is_no_contrast_of_transmitted_light() -> None:
    """A header without an emission leaves it to the depositor."""
    said = changed(COMPLETE, {"fluor: Alexa Fluor 488": "fluor: Alexa Fluor 488, contrast: brightfield"})
    assert list(contradicted(said, taken())) == ["channels[0].contrast"]
    assert contradicted(said.replace("contrast: brightfield", "contrast: fluorescence"), taken()) == {}
    unlit = replace(GREEN, emission_nm=None, excitation_nm=None)
    bare = inventory(file("raw/cell01.czi", "czi", Tier.RAW, stack(channels=(unlit, RED), instrument=FULL)))
    assert "channels[0].contrast" not in contradicted(said, bare)
