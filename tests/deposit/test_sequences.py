"""Which files are planes of one acquisition, and what their numbers mean."""

import json
import random
from pathlib import PurePosixPath

import pytest

from confocal_bag.deposit.sequences import (
    Confidence,
    Sequence,
    as_json,
    find_sequences,
    presence_grid,
)
from confocal_bag.findings import CannotFinish


def only(*names: str) -> Sequence:
    """The one sequence that all the names make up."""
    report = find_sequences(names)
    assert len(report.sequences) == 1
    assert report.unsequenced == ()
    return report.sequences[0]


def test_marked_numbers_are_axes_and_measurements_are_not() -> None:
    """Dates, magnifications and wavelengths stay in the stem."""
    found = only(*(f"2019-07-01_exp12_63x_488nm_z{z:02}.tif" for z in range(1, 6)))
    assert found.varying == ("Z",)
    assert found.stem == "2019-07-01_exp12_63x_488nm"
    assert found.axes["Z"].values == (1, 2, 3, 4, 5)
    assert found.confidence is Confidence.MARKER


def test_an_unmarked_number_is_never_called_z() -> None:
    """It is a plain counter, and the confidence says so."""
    found = only(*(f"stack{n:04}.tif" for n in range(9)))
    assert found.varying == ("N",)
    assert found.confidence is Confidence.GUESS


def test_a_gap_does_not_break_a_sequence() -> None:
    """One group, however many planes are missing."""
    found = only(*(f"a_z{z:02}_c{c}.tif" for z in (1, 2, 7, 8, 30) for c in (1, 2)))
    assert found.axes["Z"].count == 5


def test_stains_are_channels() -> None:
    """A word that names a stain, and an unknown word in its place."""
    found = only(*(f"hp_{stain}_z{z}.tif" for stain in ("DAPI", "GFP", "mystery") for z in range(4)))
    assert set(found.axes["C"].values) == {"DAPI", "GFP", "mystery"}
    assert found.confidence is Confidence.STRUCTURE


def test_colours_are_channels_and_identifiers_tell_images_apart() -> None:
    """One identifier, four colours."""
    ids = ("0a7e47f0-bbb1-11e8-b2ba-ac1f6b6435d0", "0a8d04c4-bba8-11e8-b2ba-ac1f6b6435d0")
    report = find_sequences(f"{one}_{colour}.png" for one in ids for colour in ("red", "green", "blue", "yellow"))
    assert [one.axes["C"].count for one in report.sequences] == [4, 4]


def test_single_letters_are_channels_when_all_planes_are_there() -> None:
    """G and R; but not two letters that are no colours."""
    assert only(*(f"cell4_z{z:02}_{c}.tif" for z in range(5) for c in "GR")).varying == ("C", "Z")
    assert len(find_sequences(f"cell4_z{z:02}_{c}.tif" for z in range(5) for c in "GK").sequences) == 2


def test_a_sequence_of_another_length_is_no_channel() -> None:
    """An unknown word needs the planes of the stain."""
    names = [f"s_DAPI_z{z}.tif" for z in range(20)] + [f"s_pilot_z{z}.tif" for z in range(3)]
    assert len(find_sequences(names).sequences) == 2


def test_two_numbers_written_as_one_are_told_apart() -> None:
    """101 to 104 and 201 to 204 form a grid."""
    assert only(*(f"img_{a}{b:02}.tif" for a in (1, 2) for b in range(1, 5))).varying == ("N1", "N2")


def test_the_number_of_a_channel_folder_may_be_glued_to_the_counter() -> None:
    """ch0/ch00000, ch1/ch10000: the folder tells where the channel ends."""
    assert only(*(f"ch{c}/ch{c}{n:04}.tif" for c in (0, 1) for n in range(5))).varying == ("C", "N")


def test_a_file_named_like_a_whole_sequence_is_not_in_another() -> None:
    """11414-3.tif beside 11414-3-1.tif is no member of 11414-1, 11414-2, 11414-3."""
    names = [f"1141{s}-{r}-{n}.tif" for s in (4, 5) for r in (1, 2, 3) for n in (r, r + 3, r + 8)]
    report = find_sequences([*names, "11414-3.tif", "11415-1.tif", "11415-3.tif"])
    assert set(report.unsequenced) == {"11414-3.tif", "11415-1.tif", "11415-3.tif"}


def test_signed_numbers_are_not_their_positive_twins() -> None:
    """defocus_-1 and defocus_1 are two planes."""
    assert only(*(f"defocus_{n}.tif" for n in range(-2, 3))).axes["N"].values == (-2, -1, 0, 1, 2)


def test_an_image_is_no_plane_of_a_row_of_containers() -> None:
    """embryo3.tif beside embryo1.lsm to embryo5.lsm was made from one of them."""
    report = find_sequences([*(f"embryo{n}.lsm" for n in range(1, 6)), "embryo3.tif"])
    assert report.unsequenced == ("embryo3.tif",)


def test_wells_may_be_written_with_a_hyphen() -> None:
    """A-01, B-01, C-01: rows and columns of a plate."""
    assert only(*(f"{row}-{column:02}.tif" for row in "ABC" for column in (1, 2, 3))).axes["W"].count == 9


def test_elapsed_time_is_an_axis_when_nothing_else_is() -> None:
    """Six-hour steps of a wound; but a day does not count next to z."""
    assert only(*(f"wound_{h:02}h.tif" for h in (0, 6, 12))).varying == ("T",)
    assert only(*(f"exp_{w}_1_00d{h:02}h30m.tif" for w in ("A1", "B2") for h in (0, 2))).varying == ("W", "T")
    assert len(find_sequences(f"wound_{h:02}h_z{z}.tif" for h in (0, 6) for z in range(4)).sequences) == 2


def test_a_projection_beside_stains_is_no_channel() -> None:
    """MIP stands where a stain could, but names something made from the planes."""
    report = find_sequences(["f_DAPI.tif", "f_GFP.tif", "f_MIP.tif"])
    assert report.unsequenced == ("f_MIP.tif",)


def test_wavelengths_that_change_are_channels() -> None:
    """405nm, 488nm: the label of a channel, not a z step."""
    found = only(*(f"cell5_{nm}nm_z{z:02}.tif" for nm in (405, 488) for z in range(5)))
    assert set(found.axes["C"].values) == {"405nm", "488nm"}


def test_a_time_stamp_that_follows_the_planes_is_ignored() -> None:
    """The stamp changes with z and says nothing new."""
    found = only(*(f"img_z{z:02}_20190701-1015{z:02}.tif" for z in range(9)))
    assert found.varying == ("Z",)


def test_magnifications_tell_sequences_apart() -> None:
    """Two objectives are two acquisitions."""
    report = find_sequences(f"cell1_{mag}x_z{z}.tif" for mag in (20, 63) for z in range(5))
    assert [one.stem for one in report.sequences] == ["cell1_20x", "cell1_63x"]


def test_folders_can_be_axes() -> None:
    """TimePoint_1/ZStep_1/A01_s1_w1.tif: time and depth are folders."""
    names = [f"TimePoint_{t}/ZStep_{z}/A01_s1_w{c}.tif" for t in (1, 2) for z in (1, 2, 3) for c in (1, 2)]
    assert only(*names).varying == ("T", "C", "Z")


def test_folders_without_markers_tell_sequences_apart() -> None:
    """day1/fish1 and day2/fish1 are two stacks."""
    report = find_sequences(f"day{d}/fish{f}/z{z:03}.tif" for d in (1, 2) for f in (1, 2) for z in range(5))
    assert [one.folder for one in report.sequences] == ["day1/fish1", "day1/fish2", "day2/fish1", "day2/fish2"]


def test_plate_wells_are_labels() -> None:
    """A1, A2, B1: the letter is part of the value, C1 included."""
    found = only(*(f"plate_{row}{column}.zvi" for row in "ABC" for column in (1, 2, 3)))
    assert found.axes["W"].count == 9


def test_one_vendor_letter_can_mean_another_axis() -> None:
    """In the names of the Opera, p is the plane and f the field."""
    found = only(*(f"r01c01f{f:02}p{p:02}-ch{c}sk1fk1fl1.tiff" for f in (1, 2) for p in (1, 2, 3) for c in (1, 2)))
    assert found.varying == ("P", "C", "Z")
    assert (found.convention, found.confidence) == ("opera-phenix", Confidence.TABLE)


def test_a_convention_is_not_believed_for_a_few_files() -> None:
    """Four fifths of a folder must follow it."""
    names = [f"r01c01f01p{p:02}-ch1sk1fk1fl1.tiff" for p in (1, 2)] + [f"a_z{z}.tif" for z in range(9)]
    assert {one.convention for one in find_sequences(names).sequences} == {None}


def test_a_weak_letter_needs_company() -> None:
    """s and p alone are nobody's axis."""
    assert only(*(f"scan_p{n:02}.tif" for n in range(1, 31))).varying == ("N",)
    assert only(*(f"scan_p{n:02}_z{z}.tif" for n in (1, 2) for z in range(4))).varying == ("P", "Z")


def test_sidecars_are_left_alone() -> None:
    """Property files of an OIF folder are no planes."""
    names = [f"a.oif.files/s_C001Z{z:03}.{kind}" for z in range(1, 5) for kind in ("tif", "pty")]
    report = find_sequences(names)
    assert len(report.sequences[0].files) == 4
    assert len(report.unsequenced) == 4


def test_numbers_that_are_no_counters_make_no_sequence() -> None:
    """Byte offsets and icon sizes."""
    offsets = [f"corrupted-xsiz-{n}.jp2" for n in (10918, 10928, 10937, 10946)]
    sizes = [f"icon-{n}x{n}.png" for n in (16, 32, 96)]
    assert find_sequences([*offsets, *sizes]).sequences == ()


def test_objects_named_by_their_coordinates_are_told_apart() -> None:
    """x and y that always change together say where a cell lies."""
    spots = [(222, 2805, 9962), (258, 3892, 10559), (413, 2308, 9391)]
    report = find_sequences(f"cell_z{z}_y{y}_x{x}_ch{c}.tif" for z, y, x in spots for c in (1, 2))
    assert [one.varying for one in report.sequences] == [("C",)] * 3
    assert find_sequences(f"cell_z{z}_y{y}_x{x}.tif" for z, y, x in spots).problems == ()


def test_c_beside_r_can_be_the_column_of_a_tile() -> None:
    """Written alike, or with more values than a microscope has channels."""
    assert only(*(f"img_r{r:03}_c{c:03}.tif" for r in (1, 2) for c in (1, 2, 3))).varying == ("Y", "X")
    assert only(*(f"img_r{r}_c{c}.tif" for r in (1, 2) for c in range(8))).varying == ("Y", "X")
    assert only(*(f"img_r{r}_c{c}.tif" for r in (1, 2) for c in range(3))).varying == ("R", "C")


def test_every_path_comes_back_once() -> None:
    """In a sequence or beside them, spelt as given; doubles count once."""
    names = ["b/a_z1.tif", "b/a_z2.tif", "readme.txt", "b/Zo\u0308.tif", "readme.txt"]
    report = find_sequences([*names, PurePosixPath("b/a_z2.tif")])
    members = [file.path for one in report.sequences for file in one.files]
    assert sorted([*members, *report.unsequenced]) == sorted(set(names))


def test_the_order_of_the_paths_does_not_matter() -> None:
    """Shuffled input, the same report."""
    names = [f"day{d}/f_{c}_z{z:02}.tif" for d in (1, 2) for c in ("GFP", "RFP") for z in range(8)]
    names += ["day1/MAX.tif", "Thumbs.db", "day2/f_GFP_z03 (1).tif", "day1/F_gfp_z01.tif"]
    shuffled = names.copy()
    random.Random(5).shuffle(shuffled)
    assert find_sequences(shuffled) == find_sequences(names)


def test_files_are_in_the_order_of_their_coordinates() -> None:
    """Channel before plane, numbers as numbers."""
    files = only(*(f"a_c{c}_z{z}.tif" for c in (1, 2) for z in (2, 10, 1))).files
    assert [tuple(file.coordinates.values()) for file in files] == [(1, 1), (1, 2), (1, 10), (2, 1), (2, 2), (2, 10)]


def test_the_curators_pattern_outranks_everything() -> None:
    """What the names mean is sometimes only known to people."""
    names = [f"scan_{a:03}_{b:03}.tif" for a in (1, 2) for b in (1, 2, 3)]
    report = find_sequences([*names, "other_z1.tif", "other_z2.tif"], pattern="scan_{T}_{Z}")
    assert [one.varying for one in report.sequences] == [("Z",), ("T", "Z")]
    labelled = find_sequences(["ab-x-1.tif", "ab-y-1.tif"], pattern="*-{C*}-{Z}").sequences
    assert [file.coordinates for file in labelled[0].files] == [{"C": "x", "Z": 1}, {"C": "y", "Z": 1}]


@pytest.mark.parametrize(
    "pattern", ["{sample}_c{c}_z{z:03d}", "{sample}_c{channel}_z{slice}.tif", "*_c{C}_z{Z}.ome.tiff"]
)
def test_a_pattern_may_be_written_as_people_write_them(pattern: str) -> None:
    """With widths, with words, with an extension."""
    names = [f"wt{n}_c{c}_z{z:03d}.tif" for n in (1, 2) for c in (0, 1) for z in (1, 2, 3)]
    sequences = find_sequences(names, pattern=pattern).sequences
    assert [{axis: found.count for axis, found in one.axes.items()} for one in sequences] == [{"C": 2, "Z": 3}] * 2


def test_a_pattern_without_an_axis_cannot_be_used() -> None:
    """The sentence says how a pattern is written."""
    with pytest.raises(CannotFinish, match=r"scan_\{Z\}_\{C\}"):
        find_sequences(["a1.tif"], pattern="a*")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "a//b",
        "." * 300,
        "(" * 500,
        "z" * 2000 + "1.tif",
        "\udcff_z1.tif",
        "q\n_z1.tif",
        "z\u0663.tif",
        "-" * 999,
    ],
)
def test_hostile_names_do_no_harm(name: str) -> None:
    """Any text is a name."""
    report = find_sequences([name, f"{name}2", "a_z1.tif", "a_z2.tif"])
    assert any(len(one.files) == 2 for one in report.sequences)


def test_huge_numbers_are_read() -> None:
    """Longer than any machine integer."""
    nines = "9" * 200
    assert find_sequences([f"z0{nines}.tif", f"z1{nines}.tif"]).sequences is not None


def test_a_sequence_is_promised_as_json() -> None:
    """The document holds exactly the promised keys."""
    document = as_json(find_sequences([f"d/a_z{z}_DAPI.tif" for z in (1, 2)] + ["x\udcff.txt"]))
    assert json.loads(json.dumps(document)) == {
        "sequences": [
            {
                "stem": "a",
                "axes": {"Z": {"first": 1, "last": 2, "count": 2}},
                "convention": None,
                "confidence": "marker",
                "files": [
                    {"path": "d/a_z1_DAPI.tif", "coords": {"Z": 1}},
                    {"path": "d/a_z2_DAPI.tif", "coords": {"Z": 2}},
                ],
            }
        ],
        "unsequenced": ["x\\xff.txt"],
    }


def test_the_picture_shows_what_is_missing() -> None:
    """One row for each channel, one mark for each plane, holes included."""
    names = [f"a_z{z:02}_c{c}.tif" for z in (1, 2, 4, 5) for c in (1, 2) if (z, c) != (2, 2)]
    sequence = find_sequences([*names, "a_z1_c1.tif"]).sequences[0]
    assert presence_grid(sequence).splitlines() == ["   Z 1 to 5", "C1 2#.##", "C2 #..##"]


def test_the_picture_is_capped() -> None:
    """Thousands of planes do not fill the screen."""
    names = [f"p{p:03}_z{z:04}.tif" for p in range(60) for z in range(300)]
    lines = presence_grid(find_sequences(names).sequences[0]).splitlines()
    assert len(lines) <= 26
    assert max(map(len, lines)) <= 100
    assert "228 more" in lines[0]
    assert "36 more rows" in lines[-1]


def test_the_picture_of_one_plane_is_a_sentence() -> None:
    """Nothing varies, nothing to draw."""
    assert presence_grid(only("a_z01.tif")) == "1 file, no axis"
