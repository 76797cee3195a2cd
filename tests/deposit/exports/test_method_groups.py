"""Acquisitions that were done nearly alike share a Methods paragraph, which says what differs and loses nothing."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.deposit.exports.method_groups import group_methods
from confocal_bag.deposit.exports.method_model import MethodFacts
from confocal_bag.deposit.exports.methods import NOTHING, method_sections, methods_paragraph
from tests.deposit.exports.test_methods import FULL, any_facts, assert_reads_well

FIRST = replace(FULL, name="Acquisition a1", files=("data/raw/a.czi",))
SECOND = replace(FULL, name="Acquisition a2", files=("data/raw/b.czi",))


def test_acquisitions_that_differ_in_nothing_share_a_paragraph() -> None:
    """It is that of each of them."""
    (group,) = group_methods([FIRST, SECOND])
    assert (group.members, group.text, group.apart) == ((FIRST, SECOND), methods_paragraph(FULL), ())


def test_what_differs_is_said_of_each_alone() -> None:
    """The size of a pixel and the number of planes, in the words in which one paragraph says them."""
    other = replace(SECOND, pixel_x_um=0.2, pixel_y_um=0.2, z_planes=20)
    third = replace(other, name="Acquisition a3", files=("data/raw/c.czi",))
    (group,) = group_methods([FIRST, other, third])
    assert group.members == (FIRST, other, third)
    assert "The pixel size was" not in group.text
    (one, of_first), (two, of_others) = group.apart
    assert (one, two) == ((FIRST,), (other, third))
    assert "10 z-planes and 3 time points" in of_first
    assert "The pixel size was 0.1 µm" in of_first
    assert "20 z-planes and 3 time points" in of_others
    assert "The pixel size was 0.2 µm" in of_others
    assert "15" not in of_first + of_others  # no average of 10 and 20


def test_acquisitions_with_little_in_common_stay_apart() -> None:
    """Another microscope, sample and settings."""
    other = MethodFacts(name="Acquisition a2", microscope="Leica SP8", organism="Danio rerio", zoom=1.0, frame=(9, 9))
    assert [one.members for one in group_methods([FIRST, other])] == [(FIRST,), (other,)]


def test_images_that_nobody_described_are_not_said_to_be_of_an_acquisition() -> None:
    """However much they are alike."""
    unnamed = replace(FIRST, name=None)
    assert [one.members for one in group_methods([FIRST, unnamed, SECOND])] == [(FIRST, SECOND), (unnamed,)]


def test_acquisitions_of_which_nothing_is_known_say_so_once() -> None:
    """One paragraph for all of them."""
    (group,) = group_methods([MethodFacts(name=f"Acquisition a{number}") for number in (1, 2)])
    assert (len(group.members), group.text, group.apart) == (2, NOTHING, ())


@settings(max_examples=200)
@given(st.lists(any_facts(), min_size=1, max_size=4))
def test_grouping_changes_no_sentence_and_loses_none(found: list[MethodFacts]) -> None:
    """Of each acquisition is said what its own paragraph says, and nothing else."""
    named = [replace(one, name=f"Acquisition a{number}") for number, one in enumerate(found)]
    groups = group_methods(named)
    assert [one for group in groups for one in group.members] != [] or not named
    for group in groups:
        for facts in group.members:
            own = next((text for members, text in group.apart if facts in members), "")
            said = " ".join(filter(None, [group.text if group.text != NOTHING else "", own]))
            assert sorted(said.split(" ")) == sorted(" ".join(method_sections(facts)).split(" "))
        for text in (group.text, *(text for _, text in group.apart)):
            assert_reads_well(text)
    assert sorted(one.name or "" for group in groups for one in group.members) == sorted(
        one.name or "" for one in named
    )
