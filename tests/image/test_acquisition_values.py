"""What counts as a recorded value, and what only stands where there is none."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.image.acquisition.values import (
    finite,
    immersion,
    iso_date,
    light_nm,
    objective_from_name,
    ole_date,
    pixel_um,
    positive,
    printable,
    rgb,
    text,
    wavelength_nm,
    whole,
)


@pytest.mark.parametrize("filler", [0, 0.0, -1, -1.0, "0", "", None, math.nan, math.inf, "NaN", "n/a", True])
def test_a_filler_is_no_positive_number(filler: object) -> None:
    """0, -1, NaN and empty text are how headers say that nothing was recorded."""
    assert positive(filler) is None


def test_numbers_are_read_from_text_as_vendors_write_them() -> None:
    """Exponents of three digits and decimal commas are numbers."""
    assert positive("2.0480000000000001e-006") == pytest.approx(2.048e-6)
    assert positive("13,5") == 13.5
    assert finite("-3817.22") == -3817.22
    assert finite("1,6E-07") == pytest.approx(1.6e-7)
    # FluoView on a machine with a decimal comma.
    assert finite("0,207.0") == 0.207
    assert finite("0,500") == 0.5
    assert finite("12,3456") == 12.3456


@pytest.mark.parametrize(
    "words", ["1,234,5", "1,234.5", "1,000", "2,000.0", "1_000", "0x10", "12 nm", "nan", "-inf", "1e999", 10**400]
)
def test_what_may_be_another_number_is_none(words: object) -> None:
    """Python would take an underscore for a separator; a comma may be one."""
    assert finite(words) is None


@pytest.mark.parametrize(
    "word", ["", "  ", "None", "N/A", "???", "Unknown", "other", "NaN", "(None)", "not recorded", None, 7, "\x00"]
)
def test_a_placeholder_is_no_text(word: object) -> None:
    """The words vendors write where there is nothing are absence."""
    assert text(word) is None


def test_text_loses_what_xml_cannot_carry() -> None:
    """Control characters and lone surrogates become spaces; the rest stays."""
    assert text("C PLAN\x00  10.0x0.22\u0001 POL ") == "C PLAN 10.0x0.22 POL"
    assert printable("a\udc80b") == "a b"


@given(st.text())
def test_printable_text_is_always_carried_by_xml(value: str) -> None:
    """Whatever a header holds, it can be written into a sidecar."""
    from lxml import etree

    element = etree.Element("M")
    element.text = printable(value)
    assert etree.fromstring(etree.tostring(element)).text in (element.text, None)


def test_the_lsm_sentinel_is_no_step() -> None:
    """1e-19 m stands in LSM files in which no z was scanned."""
    assert pixel_um(1e-19) is None
    assert pixel_um(0.0) is None


def test_metres_become_micrometres_and_a_step_backwards_counts_as_its_size() -> None:
    """Leica stacks run downwards with a negative length."""
    assert pixel_um("8.3026582096383912e-007") == pytest.approx(0.83026582)
    assert pixel_um(-6.2276e-6) == pytest.approx(6.2276)


def test_wavelengths_in_metres_and_nanometres_are_told_apart_by_their_unit() -> None:
    """ZEN writes 561 in one block and 5.61e-7 in another; a number in the wrong unit is no light."""
    assert wavelength_nm("561.000000") == 561
    assert wavelength_nm("5.6100000000000001e-007", unit_nm=1e9) == 561
    assert wavelength_nm("5.6100000000000001e-007") is None
    assert wavelength_nm(561, unit_nm=1e9) is None
    assert wavelength_nm(0) is None


def test_light_is_read_from_metres_and_nanometres_alike() -> None:
    """No wavelength of light has a number that could be of the other unit."""
    assert light_nm("5.61e-007") == pytest.approx(561)
    assert light_nm("561.00000000000006") == pytest.approx(561)
    assert light_nm("0.561") is None
    assert light_nm("0") is None


def test_whole_numbers_are_counts_above_zero() -> None:
    """1.0 is a count; 0 and 1.5 are not."""
    assert whole("2") == 2
    assert whole(1.0) == 1
    assert whole(0) is None
    assert whole(1.5) is None
    assert whole(10**400) is None
    assert whole(1 << 40) is None


def test_colours_are_read_with_and_without_alpha() -> None:
    """ZEN writes #AARRGGBB, AIM #RRGGBB."""
    assert rgb("#FF00A1FF") == (0, 0xA1, 0xFF)
    assert rgb("#00FF00") == (0, 255, 0)
    assert rgb("green") is None
    assert rgb(None) is None


@pytest.mark.parametrize(
    ("name", "magnification", "aperture", "medium"),
    [
        ("EC Plan-Neofluar 40x/1.30 Oil DIC M27", 40, 1.3, "Oil"),
        ("C-Apochromat 40x/1.2 W Korr FCS M27", 40, 1.2, "Water"),
        ("Plan-Apochromat 10x/0.45 M27", 10, 0.45, None),
        ("C PLAN  10.0x0.22 POL", 10, 0.22, None),
        ("HC PL APO CS2    63x/1.30 GLYC ", 63, 1.3, "Glycerol"),
        ("UPLFLN   40X  NA:0.75", 40, 0.75, None),
        ("Plan Apo λ 60x", 60, None, None),
        ("Plan Fluor 40x Oil DIC H N2", 40, None, "Oil"),
        ("UPLSAPO   60X O  NA:1.35", 60, 1.35, "Oil"),
        ("UPLSAP60xO", 60, None, "Oil"),
        ("XLPLN25XWMP2", 25, None, "Water"),
        ("UPLFLN  20X PH NA:0.50", 20, 0.5, None),
        ("UPLSAPO 30X S NA:1.05", 30, 1.05, None),
        ("UPLSAPO 30X Silicone Oil NA:1.05", 30, 1.05, None),
        ("Plan Apo IR 60x WI DIC N2", 60, None, "Water"),
        ("LD LCI Plan-Apochromat 25x/0.8 Imm Korr DIC M27", 25, 0.8, "Multi"),
        ("Plan-Neofluar 63x/1,4 Oel", 63, 1.4, "Oil"),
        ("Plan-Apochromat 100x/0.7-1.4 Oil", 100, 1.4, "Oil"),
        ("Achroplan 63x / 0.90 W Ph3", 63, 0.9, "Water"),
        ("PL FLUOTAR 40 x \u221e/0.17", 40, None, None),
    ],
)
def test_a_lens_name_tells_what_is_engraved_and_no_more(
    name: str, magnification: float, aperture: float | None, medium: str | None
) -> None:
    """A dry lens has no word for its medium, so none is said."""
    lens = objective_from_name(name)
    assert (lens.magnification, lens.numerical_aperture, lens.immersion) == (magnification, aperture, medium)
    assert lens.refractive_index is None


def test_no_lens_name_is_no_lens() -> None:
    """An empty name records nothing."""
    assert not objective_from_name("").is_recorded


def test_media_are_named_as_ome_names_them() -> None:
    """Vendors' words for five media."""
    assert [immersion(word) for word in ("DRY", "GLYC", "Oil", "WATER", "Jelly")] == [
        "Air",
        "Glycerol",
        "Oil",
        "Water",
        None,
    ]


def test_a_date_is_kept_as_it_is_written() -> None:
    """No time zone is added and none removed; year 1 is a filler."""
    assert iso_date("2021-06-15T06:09:43.0304818Z") == "2021-06-15T06:09:43.0304818Z"
    assert iso_date("2020-12-15T10:25:00") == "2020-12-15T10:25:00"
    assert iso_date("0001-01-01T00:00:00") is None
    assert iso_date("yesterday") is None
    assert iso_date(None) is None


def test_ole_days_are_counted_from_1899_without_a_shift_of_hours() -> None:
    """42888.65119 is an afternoon in June 2017, local time, whatever other readers make of it."""
    assert ole_date(42888.65119212963) == "2017-06-02T15:37:43"
    assert ole_date("41732.6559837963") == "2014-04-03T15:44:37"
    assert ole_date(0.0) is None
    assert ole_date(1e300) is None
