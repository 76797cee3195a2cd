"""Drafting and refreshing deposit.yaml: header facts with their source, and hand edits that stay."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.deposit.description.fields import FIELD_HELP
from confocal_bag.deposit.description.file import draft_description, read_description, refresh_description
from confocal_bag.deposit.inventory import Inventory
from confocal_bag.findings import CannotFinish
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ChannelRecord, ImageRecord, InstrumentRecord, LaserRecord
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import (
    BARE,
    COMPLETE,
    GREEN,
    MICROSCOPE,
    RED,
    STACK,
    changed,
    file,
    inventory,
    stack,
    two_cells,
)


def drafted(deposit: Inventory) -> str:
    """A draft for the least demanding level."""
    return draft_description(deposit, level=PracticeLevel.MINIMUM)


def test_a_draft_holds_what_headers_say_with_the_file_it_came_from() -> None:
    """Instrument, channels, acquisition, files and dates are filled in, each with its source."""
    text = draft_description(two_cells(), level=PracticeLevel.GOOD_ENOUGH)
    loaded = read_description(text)
    said = loaded.description
    assert loaded.problems == ()
    assert said.level == PracticeLevel.GOOD_ENOUGH
    assert said.dates.collected == "2019-04-17"
    (acquisition,) = said.acquisitions
    assert acquisition.pixel_size_um == (0.0902, 0.0902)
    assert (acquisition.z_step_um, acquisition.pinhole_um, acquisition.zoom) == (0.5, 48.9, 2.0)
    assert (acquisition.averaging.number, acquisition.averaging.unit) == (4, "Line")
    assert [one.fluor for one in said.channels] == ["Alexa Fluor 488", "MitoTracker Red"]
    assert [one.gain_v or one.gain for one in acquisition.channels] == [650, 7.5]
    (instrument,) = said.instruments
    assert (instrument.microscope.model, instrument.objective.na) == ("LSM 880", 1.4)
    assert [one.wavelength_nm for one in instrument.lasers] == [488, 561]
    assert acquisition.channels[1].laser == (instrument.lasers[1].id,)
    assert "pixel_size_um: [0.0902, 0.0902]  # from raw/cell01.czi" in text
    assert [(one.path, one.acquisition) for one in said.files] == [
        ("raw/*.czi", ("a1",)),
        ("transformed/cell01.ome.tif", ("a1",)),
    ]


def test_every_field_that_is_left_empty_is_explained() -> None:
    """Each empty field has a comment that says what it is and which level needs it."""
    lines = drafted(inventory(file("raw/a.czi", "czi", Tier.RAW, BARE))).splitlines()
    for number, line in enumerate(lines):
        if line.rstrip().endswith(":") and not line.lstrip().startswith(("#", "- #")):
            nested = number + 1 < len(lines) and _indent(lines[number + 1]) > _indent(line)
            above = " ".join(lines[max(0, number - 4) : number])
            assert nested or "Needed for:" in above or "Optional" in above, line
    text = "\n".join(lines)
    assert "# What the dataset is called. Needed for: minimum." in text
    assert "#   Example: Mus musculus" in text


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def test_every_explained_field_is_a_field_of_a_description() -> None:
    """The help speaks of no field that the loader would call unknown."""
    from pydantic import BaseModel

    from confocal_bag.deposit.description.problems import model_at

    for path in FIELD_HELP:
        group, _, leaf = path.rpartition(".")
        model = model_at(tuple(group.split(".")) if group else ())
        assert model is not None, path
        assert issubclass(model, BaseModel), path
        assert leaf in {info.alias or name for name, info in model.model_fields.items()}, path


def test_nothing_is_drafted_that_no_header_records() -> None:
    """A header without facts leaves every field empty: no zero, no one, no guess."""
    said = read_description(drafted(inventory(file("raw/a.tif", "tiff", Tier.RAW, BARE)))).description
    assert said.acquisitions[0].pixel_size_um is None
    assert said.acquisitions[0].z_step_um is None
    assert said.instruments[0].objective.na is None
    assert said.channels[0].name is None
    assert said.dates.collected is None
    assert said.creators == ()
    assert said.specimens == ()


@pytest.mark.parametrize("size", [PixelSize(x=0.0, y=0.0), PixelSize(x=-1.0, y=1.0), PixelSize(x=float("inf"), y=1.0)])
def test_impossible_sizes_in_a_header_are_not_recorded(size: PixelSize) -> None:
    """What a header holds when nothing was set is not a fact."""
    text = drafted(inventory(file("raw/a.czi", "czi", Tier.RAW, stack(pixel_size_um=size))))
    assert read_description(text).description.acquisitions[0].pixel_size_um is None


@pytest.mark.parametrize(
    "secret",
    [
        "C:\\Users\\alovelace\\x.czi",
        "/home/alovelace/data",
        "alovelace@example.org",
        "\\\\server\\alovelace",
        "user: alovelace",
    ],
)
def test_no_user_name_or_path_from_a_header_is_drafted(secret: str) -> None:
    """Texts of a header that look like a path, an address or a user name are left out."""
    image = stack(
        name=secret,
        channels=(replace(GREEN, name=secret, fluor=secret, detector=secret, gain=secret),),
        instrument=replace(MICROSCOPE, objective=f"63x {secret}", software=secret, scan_mode=secret, averaging=secret),
    )
    text = drafted(inventory(file("raw/a.czi", "czi", Tier.RAW, image)))
    assert "alovelace" not in text


def test_hostile_header_text_and_file_names_stay_values() -> None:
    """Line breaks, quotes and comment signs in names cannot add fields."""
    name = 'evil"\nlevel: gold\n# x: y\u2028z\u0085'
    deposit = inventory(
        file(f"raw/{name}.czi", "czi", Tier.RAW, stack(channels=(ChannelRecord(name=name, fluor="a: b # c"),))),
        replace(file("raw/x.czi", "czi", Tier.RAW), path=PurePosixPath("raw/caf\udce9: [1].czi")),
    )
    text = drafted(deposit)
    loaded = read_description(text)
    assert loaded.problems == ()
    assert loaded.description.level == PracticeLevel.MINIMUM
    assert loaded.description.channels[0].fluor == "a: b # c"
    assert f"raw/{name}.czi" in {one.path for one in loaded.description.files}
    assert refresh_description(text, deposit) == text


def test_everything_that_a_header_records_is_drafted() -> None:
    """Detector type, voltage and bands; scan direction, averaging and laser power; method and software apart."""
    first = replace(
        GREEN, gain="1", voltage_v=1050.0, detector=None, detector_type="PMT",
        emission_bands_nm=((505.0, 525.0), (575.0, 675.0)),
    )  # fmt: skip
    second = replace(RED, laser_lines_nm=(488.0, 561.0), gain="630", voltage_v=630.0, contrast="brightfield")
    scope = replace(
        MICROSCOPE, stand="Inverted", method="spinning disk confocal", software_version="2.3",
        scan_direction="Unidirectional", averaging_number=2.0, averaging_unit="Line", averaging_method="Average",
        lasers=(
            LaserRecord(wavelength_nm=488.0, model="Argon", type="Gas", power_percent=0.3),
            LaserRecord(wavelength_nm=561.0, power_percent=1.25),
        ),
    )  # fmt: skip
    text = drafted(inventory(file("raw/a.czi", "czi", Tier.RAW, stack(channels=(first, second), instrument=scope))))
    loaded = read_description(text)
    assert loaded.problems == ()
    (instrument,), (acquisition,) = loaded.description.instruments, loaded.description.acquisitions
    assert (instrument.method.name, instrument.microscope.stand) == ("spinning disk confocal", "Inverted")
    assert (instrument.software.name, instrument.software.version) == ("ZEN", "2.3")
    assert [(one.type, one.model) for one in instrument.lasers] == [("Gas", "Argon"), (None, None)]
    assert [(one.type, one.model) for one in instrument.detectors] == [("PMT", None), (None, "PMT 2")]
    assert acquisition.scan_direction == "Unidirectional"
    averaging = acquisition.averaging
    assert (averaging.number, averaging.unit, averaging.method) == (2, "Line", "Average")
    one, two = acquisition.channels
    assert (one.laser, one.laser_power_percent, one.detector) == (("l0",), (0.3,), "d0")
    assert (one.gain_v, one.gain, one.emission_band_nm) == (1050, 1, (505, 525, 575, 675))
    assert (two.laser, two.laser_power_percent, two.gain_v, two.gain) == (("l0", "l1"), (0.3, 1.25), 630, None)
    assert loaded.description.channels[1].contrast == "brightfield"


def test_numbers_are_rounded_for_people_and_stay_numbers() -> None:
    """Six digits are more than any instrument knows; a refresh sees no difference."""
    one = replace(GREEN, emission_nm=578.617841, gain="105.842364225212")
    deposit = inventory(file("raw/a.czi", "czi", Tier.RAW, stack(channels=(one, RED))))
    text = drafted(deposit)
    assert "emission_nm: 578.618  # from" in text
    assert "gain: 105.842  # from" in text
    assert refresh_description(text, deposit) == text


def test_a_rounded_number_is_recognised_in_the_next_file() -> None:
    """A second file taken alike joins the acquisition whose numbers were written with six digits."""
    one = stack(pixel_size_um=PixelSize(x=0.13142857142, y=0.13142857142, z=1.00000451))
    text = drafted(inventory(file("raw/a.czi", "czi", Tier.RAW, one)))
    both = inventory(file("raw/a.czi", "czi", Tier.RAW, one), file("raw/b.czi", "czi", Tier.RAW, one))
    said = read_description(refresh_description(text, both)).description
    assert [one.acquisition for one in said.files] == [("a1",), ("a1",)]


def test_an_xz_scan_is_drafted_without_a_height() -> None:
    """The rows run along Z, and the z step says how far apart they are."""
    scan = stack(axes={"C": 2, "Z": 8, "X": 8}, pixel_size_um=PixelSize(x=0.14, z=0.3))
    deposit = inventory(file("raw/a.lif", "lif", Tier.RAW, scan))
    text = drafted(deposit)
    acquisition = read_description(text).description.acquisitions[0]
    assert (acquisition.pixel_size_um, acquisition.z_step_um) == ((0.14, None), 0.3)
    assert refresh_description(text, deposit) == text


def test_dates_of_several_files_name_the_first_and_the_last() -> None:
    """The comment says how many files were asked."""
    later = stack(instrument=replace(MICROSCOPE, acquired="2019-04-20T10:00:00"))
    deposit = inventory(*two_cells().files, file("raw/z.czi", "czi", Tier.RAW, later))
    said = 'collected: "2019-04-17/2019-04-20"  # from 3 files, earliest raw/cell01.czi, latest raw/z.czi'
    assert said in drafted(deposit)


def test_the_comment_of_the_level_says_how_to_aim_higher() -> None:
    """Minimum is where most begin."""
    assert "level: minimum  # minimum, good-enough or most-reproducible; to aim higher" in drafted(two_cells())


def test_one_file_that_differs_has_an_entry_beside_the_pattern() -> None:
    """Thirty stacks taken alike and one overview: two entries, each with its acquisition."""
    other = stack(pixel_size_um=PixelSize(x=2.0, y=2.0, z=0.5))
    deposit = inventory(
        *(file(f"raw/s{number:02}.czi", "czi", Tier.RAW, STACK) for number in range(30)),
        file("raw/overview.czi", "czi", Tier.RAW, other),
    )
    text = drafted(deposit)
    said = read_description(text).description
    assert {(one.path, one.acquisition) for one in said.files} == {
        ("raw/*.czi", said.files[0].acquisition), ("raw/overview.czi", said.files[1].acquisition),
    }  # fmt: skip
    assert said.files[0].acquisition != said.files[1].acquisition
    assert all(one.acquisition for one in said.files)
    assert refresh_description(text, deposit) == text


def test_each_distinct_setup_becomes_one_acquisition() -> None:
    """Files taken alike share an acquisition; another pixel size is another setup of the same instrument."""
    other = stack(pixel_size_um=PixelSize(x=0.2, y=0.2, z=0.5))
    deposit = inventory(
        *(file(f"raw/a{number}.czi", "czi", Tier.RAW, STACK) for number in range(3)),
        file("raw/b.czi", "czi", Tier.RAW, other),
    )
    said = read_description(drafted(deposit)).description
    assert [one.pixel_size_um for one in said.acquisitions] == [(0.0902, 0.0902), (0.2, 0.2)]
    assert {one.instrument for one in said.acquisitions} == {"m1"}
    assert [one.acquisition for one in said.files] == [("a1",), ("a1",), ("a1",), ("a2",)]


def test_a_file_with_several_setups_names_one_for_each_image() -> None:
    """One acquisition cannot speak for all series of such a file, so that each series has its own."""
    other = stack(series=1, pixel_size_um=PixelSize(x=0.2, y=0.2, z=0.5))
    deposit = inventory(file("raw/all.lif", "lif", Tier.RAW, STACK, other, replace(STACK, series=2)))
    text = drafted(deposit)
    said = read_description(text).description
    assert said.files[0].acquisition == ("a1", "a2", "a1")
    assert "acquisition: [a1, a2, a1]  # one for each image of the file" in text
    assert refresh_description(text, deposit) == text
    emptied = changed(text, {"acquisition: [a1, a2, a1]": "acquisition:"})
    assert refresh_description(emptied, deposit).count("acquisition: [a1, a2, a1]") == 1


def test_refreshing_a_draft_changes_nothing() -> None:
    """A second run on the same files leaves the draft as it is."""
    for deposit in (two_cells(), inventory(), inventory(file("fig.png", "png", Tier.PROCESSED))):
        text = drafted(deposit)
        assert refresh_description(text, deposit) == text


def test_refreshing_keeps_every_edit_comment_and_order() -> None:
    """New files are added; every line that was there is still there, in its order."""
    text = changed(
        drafted(two_cells()),
        {
            "title:\n": "title: 'My stacks'   # provisional\n",
            "pixel_size_um: [0.0902, 0.0902]": "pixel_size_um: [0.09, 0.09]",
            "name: Ch1-T1": "name: tubulin",
        },
    )
    text = "# my own first line\n" + text + "# my own last line\n"
    new = stack(instrument=replace(MICROSCOPE, model="LSM 980"))
    deposit = inventory(*two_cells().files, file("raw/sub/new.czi", "czi", Tier.RAW, new))
    refreshed = refresh_description(text, deposit)
    kept = iter(refreshed.splitlines())
    assert all(line in kept for line in text.splitlines())
    said = read_description(refreshed).description
    assert said.title == "My stacks"
    assert said.acquisitions[0].pixel_size_um == (0.09, 0.09)
    assert said.channels[0].name == "tubulin"
    assert said.acquisitions[1].instrument == "m2"
    assert said.instruments[1].microscope.model == "LSM 980"
    assert ("raw/sub/new.czi", ("a2",)) in {(one.path, one.acquisition) for one in said.files}
    assert refresh_description(refreshed, deposit) == refreshed


def test_refreshing_fills_only_empty_fields() -> None:
    """A field that was emptied or never known is filled from the header, with its source behind."""
    text = changed(
        drafted(two_cells()),
        {
            "zoom: 2  # from raw/cell01.czi": "zoom:  # ask Ada",
            "na: 1.4  # from raw/cell01.czi": "na: 1.3",
            "excitation_nm: 488  # from raw/cell01.czi": "excitation_nm: ~",
        },
    )
    refreshed = refresh_description(text, two_cells())
    assert "zoom: 2  # from raw/cell01.czi  # ask Ada" in refreshed
    assert "na: 1.3\n" in refreshed
    assert "excitation_nm: 488  # from raw/cell01.czi\n" in refreshed
    assert refresh_description(refreshed, two_cells()) == refreshed


def test_what_one_answer_makes_known_is_filled_in_the_same_run() -> None:
    """A laser's id can be named as soon as the laser is listed, and the next run finds nothing to do."""
    text = drafted(two_cells())
    start = text.index("lasers:") + len("lasers:")
    end = text.index("    # The detectors", start)
    emptied = changed(
        text[:start] + "\n" + text[end:],
        {"laser: l0  # from raw/cell01.czi": "laser:", "laser: l1  # from raw/cell01.czi": "laser:"},
    )
    refreshed = refresh_description(emptied, two_cells())
    assert [one.laser for one in read_description(refreshed).description.acquisitions[0].channels] == [
        ("l0",),
        ("l1",),
    ]
    assert refresh_description(refreshed, two_cells()) == refreshed


def test_a_description_in_braces_is_added_to_in_braces() -> None:
    """Lists and groups written in brackets are extended where they stand."""
    text = (
        "channels: [{id: c0, name: }]\ninstruments: [{id: m1, lasers: [], objective: {na: null, model: x}}]\n"
        "acquisitions: [{id: a1, instrument: m1, channels: [{channel: c0}], zoom: }]\n"
        "files: [{path: raw/a.czi, acquisition: a1},]\n"
    )
    one = stack(channels=(GREEN,), axes={"C": 1, "Z": 10, "Y": 5, "X": 5})
    deposit = inventory(file("raw/a.czi", "czi", Tier.RAW, one), file("raw/b.czi", "czi", Tier.RAW, STACK))
    refreshed = refresh_description(text, deposit)
    loaded = read_description(refreshed)
    assert loaded.problems == ()
    said = loaded.description
    assert said.instruments[0].objective.na == 1.4
    assert said.instruments[0].lasers[0].wavelength_nm == 488
    assert said.channels[0].name == "Ch1-T1"
    assert said.acquisitions[0].zoom == 2
    assert said.files[1].path == "raw/b.czi"
    assert refresh_description(refreshed, deposit) == refreshed


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "title: x", "title: x\nfiles:\nchannels: []\nacquisitions: ~\n"]
)
def test_sections_that_are_missing_or_empty_are_made(text: str) -> None:
    """What a hand-written beginning lacks is added below it."""
    refreshed = refresh_description(text, two_cells())
    assert refreshed.startswith(text.partition("\n")[0])
    said = read_description(refreshed).description
    assert len(said.channels) == 2
    assert len(said.files) == 2
    assert said.acquisitions[0].instrument == "m1"
    assert refresh_description(refreshed, two_cells()) == refreshed


def test_windows_line_ends_and_byte_order_marks_are_kept() -> None:
    """A file edited on Windows stays one."""
    text = "\ufeff" + changed(drafted(inventory()), {"\n": "\r\n"})
    refreshed = refresh_description(text, two_cells())
    assert refreshed.startswith("\ufeff#")
    assert refreshed.count("\n") == refreshed.count("\r\n")
    assert read_description(refreshed.removeprefix("\ufeff")).description.acquisitions[0].zoom == 2


def test_a_section_that_is_not_a_list_is_refused_rather_than_rewritten() -> None:
    """Nothing can be added to a group; the sentence says which line to change."""
    with pytest.raises(CannotFinish, match="put a dash"):
        refresh_description("files: {path: other/*}\n", two_cells())
    with pytest.raises(CannotFinish, match="braces"):
        refresh_description("{title: x}\n", two_cells())


def test_a_worked_description_gains_only_what_is_new() -> None:
    """A finished description of the same files is not touched."""
    assert refresh_description(COMPLETE, two_cells()) == COMPLETE


_names = st.sampled_from(["raw/a.czi", "raw/b.czi", "raw/sub/c.lif", "a.tif", "transformed/a.ome.tif", "raw/b [1].lsm"])
_some = st.none() | st.sampled_from([0.1, 0.2])


@st.composite
def images(draw: st.DrawFn) -> ImageRecord:
    """An image whose header records this and that."""
    names = draw(st.lists(st.sampled_from([None, "DAPI", "GFP"]), max_size=2)) * draw(st.sampled_from([1, 1, 5]))
    detectors = st.sampled_from([None, "PMT", "HyD"])
    channels = tuple(
        ChannelRecord(name=name, excitation_nm=draw(_some), laser_lines_nm=(488.0,), detector_type=draw(detectors))
        for name in names
    )
    return ImageRecord(
        series=0,
        name="x",
        axes={"C": max(1, len(names)), "Z": draw(st.integers(1, 2)), "Y": 4, "X": 4},
        dtype="uint8",
        pixel_size_um=PixelSize(x=draw(_some), y=draw(_some), z=draw(_some)),
        channels=channels,
        instrument=InstrumentRecord(
            model=draw(st.sampled_from([None, "LSM 880", "SP8"])),
            numerical_aperture=draw(st.sampled_from([None, 1.4])),
            zoom=draw(_some),
        ),
    )


@st.composite
def deposits(draw: st.DrawFn) -> Inventory:
    """A deposit of a few files with a few images each."""
    files = []
    for name in draw(st.lists(_names, unique=True, max_size=5)):
        tier = Tier.TRANSFORMED if name.startswith("transformed") else Tier.RAW
        files.append(file(name, "tiff", tier, *draw(st.lists(images(), max_size=2))))
    return inventory(*files)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(deposits(), deposits())
def test_refreshing_twice_is_refreshing_once(first: Inventory, second: Inventory) -> None:
    """A draft refreshed on its own files stays the same, and on other files settles after one run."""
    text = drafted(first)
    assert refresh_description(text, first) == text
    refreshed = refresh_description(text, second)
    assert refresh_description(refreshed, second) == refreshed
    kept = iter(refreshed.splitlines())
    assert all(any(new.startswith(line.partition("  #")[0]) for new in kept) for line in text.splitlines())
    assert read_description(refreshed).problems == ()
