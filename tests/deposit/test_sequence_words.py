"""What numbers and words mean beside each other, one rule of reading at a time."""

import pytest

from confocal_bag.deposit.sequences import FileFacts, completeness_sentence, find_sequences
from confocal_bag.deposit.sequences.segments import Forms
from confocal_bag.deposit.sequences.tokens import read_text


def read(*names: str) -> tuple[list[dict[str, list[int | str]]], set[str]]:
    """The values of each changing axis in every sequence, and the problem codes."""
    report = find_sequences(names)
    found = [{axis: list(one.axes[axis].values) for axis in one.varying} for one in report.sequences]
    return found, {problem.code for problem in report.problems}


def axes_of(*names: str) -> list[dict[str, int]]:
    """The number of values of each changing axis in every sequence."""
    return [{axis: len(values) for axis, values in one.items()} for one in read(*names)[0]]


def test_a_dash_before_a_number_is_a_sign_where_zero_has_none() -> None:
    """Planes below and above the focus."""
    found, codes = read("a_z-2.tif", "a_z-1.tif", "a_z0.tif", "a_z+1.tif", "a_z2.tif")
    assert found == [{"Z": [-2, -1, 0, 1, 2]}]
    assert codes == {"late-start", "lexical-order"}
    assert read("a_z-0.tif", "a_z-1.tif", "a_z-2.tif") == ([{"Z": [0, 1, 2]}], set())
    assert read("a_z-01.tif", "a_z-02.tif", "a_z03.tif") == ([{"Z": [1, 2, 3]}], set())


def test_numbers_with_a_sign_do_not_sort_by_name() -> None:
    """Padding is no remedy there; and the stem does not end with the marker."""
    report = find_sequences(["a_z-2.tif", "a_z-1.tif", "a_z0.tif", "a_z1.tif"])
    assert [one.stem for one in report.sequences] == ["a"]
    remedy = next(problem.remedy for problem in report.problems if problem.code == "lexical-order")
    assert remedy == "Count Z from 0 or 1: numbers with a sign do not sort by name."
    assert completeness_sentence(report.sequences[0]).startswith("Whole")


def test_signed_numbers_are_padded_alike_whatever_their_sign() -> None:
    """The sign is no digit."""
    assert "mixed-padding" not in read("a_z-02.tif", "a_z-01.tif", "a_z00.tif", "a_z01.tif")[1]
    assert "mixed-padding" in read("a_z-02.tif", "a_z-1.tif", "a_z00.tif", "a_z01.tif")[1]


def test_a_depth_in_micrometres_is_a_place_in_depth() -> None:
    """With decimals, with a sign, and in the order of the heights."""
    found, codes = read(*(f"a_z{depth}um.tif" for depth in ("0", "0.5", "1", "1.5", "10")))
    assert found == [{"Z": [0, "0.5", 1, "1.5", 10]}]
    assert codes == set()
    assert read("a_z-1.5um.tif", "a_z-0.5um.tif", "a_z0.0um.tif")[0] == [{"Z": ["-1.5", "-0.5", "0.0"]}]


def test_an_index_counts_before_a_measured_depth() -> None:
    """FIB-SEM slices say both."""
    names = [f"slice_0070{n}_z=7.{n}um.tif" for n in range(4)]
    assert read(*names)[0] == [{"Z": [700, 701, 702, 703]}]


def test_numbers_in_full_width_are_numbers() -> None:
    """Digits of any script count alike."""
    assert read(*(f"細胞_z{digit}.tif" for digit in ("\uff11", "\uff12", "\uff13")))[0] == [{"Z": [1, 2, 3]}]


def test_a_copy_of_a_numbered_file_in_brackets_is_a_copy() -> None:
    """stack (6) (1) is a copy of stack (6), which is none."""
    names = [f"stack ({n}).tif" for n in range(1, 8)]
    assert read(*names) == ([{"N": [1, 2, 3, 4, 5, 6, 7]}], {"unnamed-axis"})
    for copy in ("stack (6) (1).tif", "stack (6) - Copy.tif", "Copy of stack (6).tif"):
        assert read(*names, copy)[1] == {"unnamed-axis", "copy-suffix", "duplicate-index"}


def test_a_number_at_the_end_of_a_name_counts_beside_a_marked_axis() -> None:
    """Strain, hour, image: the last number tells images apart, the first strains."""
    names = [f"{strain}-T{hour} - {n}.tif" for strain in (11412, 11414) for hour in (8, 10) for n in range(1, 5)]
    assert axes_of(*names) == [{"T": 2, "N": 4}] * 2
    assert axes_of(*(f"embryo{n}_t{t}.tif" for n in (1, 2, 3) for t in range(4))) == [{"T": 4}] * 3


def test_a_counter_behind_the_channel_number_is_no_channel() -> None:
    """ch01 and 0000 to 0011 written as one number."""
    found, _ = read(*(f"background_ch01{n:04}.tif" for n in range(12)))
    assert found == [{"N": list(range(12))}]


def test_versions_and_fractions_do_not_count() -> None:
    """Figures, not planes."""
    assert read("fig_v2.png", "fig_v3.png", "fig_v4.png")[0] == []
    assert read("test_p0.01.png", "test_p0.05.png")[0] == []
    assert read("icon-16.png", "icon-32.png", "icon-64.png", "icon-128.png") == ([], set())


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["ChanA_01.tif", "ChanB_01.tif"], ["ChanA", "ChanB"]),
        (["a_Ex_488_z1.tif", "a_Ex_561_z1.tif"], ["Ex_488", "Ex_561"]),
        (["a_Alexa 488_z1.tif", "a_Alexa 647_z1.tif"], ["Alexa 488", "Alexa 647"]),
        (["a_FCh1.tif", "a_FCh2.tif"], [1, 2]),
    ],
)
def test_channels_are_named_in_many_ways(names: list[str], labels: list[str | int]) -> None:
    """By letter, by excitation, by dye and number, by a longer word."""
    assert read(*names)[0] == [{"C": labels}]


def test_a_number_apart_from_a_contrast_method_is_no_part_of_its_name() -> None:
    """BF_001 is the first image in bright field."""
    names = [f"{channel}_{n:03}.tif" for channel in ("BF", "GFP") for n in range(1, 8)]
    assert axes_of(*names) == [{"C": 2, "N": 7}]


def test_a_number_is_a_wavelength_where_light_has_it() -> None:
    """Electron micrographs are named em_001."""
    assert read(*(f"em_{n:03}.tif" for n in range(1, 8)))[0] == [{"N": [1, 2, 3, 4, 5, 6, 7]}]
    assert read("em_001.tif", "em_002.tif", "em_tile.tif", "laser_001.tif")[0] == [{"N": [1, 2]}]


def test_lines_of_lasers_are_channels() -> None:
    """Without a unit, where every number is one; a counter that passes through them is none."""
    assert axes_of(*(f"larva_{line}_z{z:02}.tif" for line in (405, 488, 561) for z in range(5))) == [{"C": 3, "Z": 5}]
    assert axes_of(*(f"larva_{n}.tif" for n in range(485, 500))) == [{"N": 15}]


def test_a_clock_is_the_time_axis_beside_the_depth() -> None:
    """Hours and minutes since the start."""
    names = [f"a_{clock}_z{z:02}.tif" for clock in ("00h00m", "00h30m", "01h00m") for z in range(5)]
    assert axes_of(*names) == [{"T": 3, "Z": 5}]


def test_a_number_that_only_repeats_the_stain_is_no_axis() -> None:
    """ZEN numbers the tracks: DAPI-T1, GFP-T2."""
    names = [f"a_{stain}-T{track}_z{z:02}.tif" for stain, track in (("DAPI", 1), ("GFP", 2)) for z in range(5)]
    assert axes_of(*names) == [{"C": 2, "Z": 5}]


def test_channel_ranges_are_short_and_end_the_name() -> None:
    """c1-3 is a merge; Channel1-02 is a channel and a number."""
    assert axes_of("a_z01c1-3.tif", "a_z02c1-3.tif") == [{"Z": 2}]
    names = [f"Channel{c}-{n:02}-A.tif" for c in (1, 2) for n in range(1, 13)]
    assert axes_of(*names) == [{"C": 2, "N": 12}]


def test_a_long_number_behind_a_capital_w_is_a_well() -> None:
    """W0002 is a well, w2 a wavelength."""
    names = [f"scr--W{w:04}--P001--T{t:05}.tif" for w in (1, 2) for t in range(3)]
    assert axes_of(*names) == [{"W": 2, "T": 3}]
    assert axes_of("a_w1_t1.tif", "a_w2_t1.tif") == [{"C": 2}]


def test_specimens_with_plain_counters_are_sequences_of_their_own() -> None:
    """cell1_0000 and cell2_0000 are images of two cells; of img_001_001 nothing is known."""
    assert axes_of(*(f"cell{c}_img{n:04}.tif" for c in (1, 2) for n in range(5))) == [{"N": 5}] * 2
    assert axes_of(*(f"img_{a:03}_{b:03}.tif" for a in range(3) for b in range(5))) == [{"N1": 3, "N2": 5}]


def test_a_measurement_belongs_to_the_running_number_before_it() -> None:
    """Two samples of one concentration do not begin a new sequence."""
    assert axes_of("1_1nM.tif", "2_5nM.tif", "3_5nM.tif", "4_10nM.tif") == [{"N": 4}]


def test_a_pair_of_numbered_figures_makes_no_strays() -> None:
    """But a stack does."""
    assert "stray-file" not in read("new_z16.png", "new_z32.png", "a.png", "b.png", "c.png")[1]
    assert "stray-file" in read(*(f"new_z{n}.png" for n in range(4)), "a.png", "b.png", "c.png")[1]


def test_a_lone_file_that_its_header_calls_whole_is_no_lone_plane() -> None:
    """Only where the header states all sizes, and only for the first plane."""
    whole = FileFacts(pages=1, size_z=1, size_t=1, size_c=1)
    for name, fact, codes in (
        ("s_1_t_1_c_1_z_1.ome.tiff", whole, set()),
        ("s_1_t_1_c_1_z_1.ome.tiff", FileFacts(pages=1), {"single-plane"}),
        ("s_1_t_1_c_1_z_5.ome.tiff", whole, {"single-plane"}),
    ):
        assert {problem.code for problem in find_sequences([name], facts={name: fact}).problems} == codes


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (range(6), "Whole as far as names tell: between first and last nothing is missing."),
        ((0, 1, 2, 4, 5), "A part: Z 3 in no file."),
        (range(17, 24), "Perhaps a part: Z begins at 17; between first and last nothing is missing."),
        ((3,), "One plane: no other file is named like it."),
    ],
)
def test_a_sequence_is_called_whole_or_a_part(numbers: list[int], sentence: str) -> None:
    """As far as names tell."""
    report = find_sequences([f"a_z{number:02}.tif" for number in numbers])
    assert completeness_sentence(report.sequences[0]) == sentence


def test_missing_combinations_make_a_part() -> None:
    """Every number is there, one file is not."""
    names = [f"a_z{z}_c{c}.tif" for z in range(4) for c in (1, 2)][:-1]
    assert completeness_sentence(find_sequences(names).sequences[0]) == (
        "A part: 1 of 8 combinations of the numbers without a file."
    )


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ("p_A88_ch1.tif", ["p_A01_ch1.tif", "p_A02_ch1.tif"]),
        ("p_1.005.tif", ["p_0.005.tif", "p_0.100.tif"]),
        ("p_z01c3-1.tif", ["p_z01c1-3.tif", "p_z02c1-3.tif"]),
        ("p_z12345678.tif", ["p_z00000001.tif", "p_z00000002.tif"]),
    ],
)
def test_a_name_is_not_read_like_one_whose_numbers_mean_something_else(before: str, names: list[str]) -> None:
    """A plate column, a fraction, a range, a long index: where the value of a number decides."""
    forms = Forms()
    read_text(before, forms)
    for name in names:
        assert read_text(name, forms)[:2] == read_text(name, Forms())[:2]
