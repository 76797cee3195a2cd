"""Acquisitions and instruments that need the same answer share a row of the sheet; its answer is written to each."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile

from confocal_bag.asking import ask_depositor, current_description
from confocal_bag.deposit.curation.cells import fields_of
from confocal_bag.deposit.curation.sheet import SheetRow
from confocal_bag.deposit.curation.taking import take_answers
from confocal_bag.deposit.description.draft import draft_description
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ImageRecord, InstrumentRecord
from confocal_bag.inspect import inspect_deposit
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.curation.curated import requests_of, sheet_rows
from tests.deposit.described import BARE, MICROSCOPE, STACK, file, inventory, stack

MINIMUM, GOOD, MOST = PracticeLevel
COUNT = 20
PINHOLE = "pinhole_au"


def without_pinhole(**changes: object) -> ImageRecord:
    """An image whose header says everything but the pinhole."""
    channels = tuple(replace(one, pinhole_um=None) for one in STACK.channels)
    return stack(channels=channels, **changes)


def cell(number: int, image: ImageRecord) -> FileRecord:
    """A raw file."""
    return file(f"raw/cell{number:02}.czi", "czi", Tier.RAW, image)


def zoomed(number: int) -> ImageRecord:
    """An image at a zoom of its own, and so an acquisition of its own."""
    size = 0.2 / number
    return without_pinhole(
        instrument=replace(MICROSCOPE, zoom=float(number)), pixel_size_um=PixelSize(x=size, y=size, z=0.5)
    )


@pytest.fixture(name="files")
def twenty() -> Inventory:
    """Twenty acquisitions of one microscope, none of which records the pinhole."""
    return inventory(*(cell(number, zoomed(number)) for number in range(1, COUNT + 1)))


def rows_about(text: str, files: Inventory, words: str, aim: PracticeLevel = GOOD) -> list[list[str]]:
    """The rows whose question id ends with a field."""
    return [list(row) for row in sheet_rows(requests_of(text, files, aim)) if row[0].endswith(words)]


def row(number: int, field: str, answer: str) -> SheetRow:
    """An answered row."""
    return SheetRow(number=number, field=field, answer=answer)


def test_twenty_acquisitions_that_lack_the_same_are_one_row_that_names_their_files(files: Inventory) -> None:
    """And says how to answer one of them by itself."""
    text = draft_description(files, level=GOOD)
    (found,) = rows_about(text, files, PINHOLE)
    assert fields_of(found[0]) == tuple(f"acquisitions[a{number}].pinhole_au" for number in range(1, COUNT + 1))
    assert found[2].startswith("a1: raw/cell01.czi; a2: raw/cell02.czi; ")
    assert found[2].endswith("a20: raw/cell20.czi")
    assert "leave only its part of the question id, such as acquisitions[a20].pinhole_au" in found[1]


def test_the_answer_of_the_row_reaches_every_acquisition_and_none_is_asked_again(files: Inventory) -> None:
    """From sheet to description to level."""
    text = draft_description(files, level=GOOD)
    ((field, *_),) = rows_about(text, files, PINHOLE)
    taken = take_answers(text, [row(2, field, "1.2 AU")], files)
    assert taken.problems == ()
    assert len(taken.written) == COUNT
    said = read_description(taken.text).description
    assert [one.pinhole_au for one in said.acquisitions] == [1.2] * COUNT
    assert rows_about(taken.text, files, PINHOLE) == []
    level = assess_level(said, files, transformed=None)
    assert "acquisitions.pinhole_au" not in {one.field.partition("[")[0] for one in level.missing[GOOD]}


def test_one_of_them_is_answered_otherwise_in_a_row_of_its_own(files: Inventory) -> None:
    """As the question says; the order of the rows does not matter."""
    text = draft_description(files, level=GOOD)
    ((field, *_),) = rows_about(text, files, PINHOLE)
    alone = "acquisitions[a7].pinhole_au"
    for answers in ([(field, "1"), (alone, "2")], [(alone, "2"), (field, "1")]):
        rows = [row(number, *one) for number, one in enumerate(answers, 2)]
        said = read_description(take_answers(text, rows, files).text).description
        assert [one.pinhole_au for one in said.acquisitions] == [
            2.0 if one.id == "a7" else 1.0 for one in said.acquisitions
        ]


def test_a_corrected_table_is_taken_in_again(files: Inventory) -> None:
    """The same again changes nothing; another answer for all, or for one, takes the place of the earlier one."""
    text = draft_description(files, level=GOOD)
    ((field, *_),) = rows_about(text, files, PINHOLE)
    first = take_answers(text, [row(2, field, "1")], files)
    same = take_answers(first.text, [row(2, field, "1")], files, first.record)
    assert (same.text, len(same.same), same.corrected) == (first.text, COUNT, ())
    split = [row(2, field, "1"), row(3, "acquisitions[a7].pinhole_au", "2")]
    second = take_answers(first.text, split, files, first.record)
    assert [(one.field, one.old, one.new) for one in second.corrected] == [("acquisitions[a7].pinhole_au", "1", "2")]
    third = take_answers(second.text, [row(2, field, "3")], files, second.record)
    assert len(third.corrected) == COUNT
    assert {one.pinhole_au for one in read_description(third.text).description.acquisitions} == {3.0}


def test_what_a_curator_wrote_by_hand_stays_and_only_that_row_is_told(files: Inventory) -> None:
    """One answer for all does not overwrite one of them."""
    text = draft_description(files, level=GOOD)
    ((field, *_),) = rows_about(text, files, PINHOLE)
    by_hand = take_answers(text, [row(2, "acquisitions[a3].pinhole_au", "0.8")], files).text
    taken = take_answers(by_hand, [row(2, field, "1")], files)
    assert len(taken.written) == COUNT - 1
    assert [one.row for one in taken.problems] == [2]
    assert "acquisitions[a3].pinhole_au already says '0.8'" in taken.problems[0].reason


def test_other_microscopes_and_objectives_have_rows_of_their_own() -> None:
    """An answer is not spread over what may differ."""
    other = replace(MICROSCOPE, model="LSM 510")
    lens = replace(MICROSCOPE, objective="Plan-Apochromat 20x/0.8", magnification=20.0, numerical_aperture=0.8)
    images = [without_pinhole(instrument=one) for one in (MICROSCOPE, other, lens)]
    files = inventory(*(cell(number, image) for number, image in enumerate(images, 1)))
    assert len(rows_about(draft_description(files, level=GOOD), files, PINHOLE)) == len(images)


def test_settings_of_channels_that_are_alike_are_shared_on_one_microscope_only() -> None:
    """DAPI on two microscopes was lit with two powers."""
    other = replace(MICROSCOPE, model="LSM 510")
    images = [
        without_pinhole(instrument=replace(one, zoom=zoom)) for one, zoom in ((MICROSCOPE, 1.0), (MICROSCOPE, 2.0))
    ]
    files = inventory(*(cell(number, image) for number, image in enumerate([*images, stack(instrument=other)], 1)))
    found = rows_about(draft_description(files, level=GOOD), files, "laser_power_percent")
    assert [len(fields_of(one[0])) for one in found] == [2, 2, 1, 1]


def test_the_size_of_a_pixel_is_shared_at_one_zoom_and_plane_size_only() -> None:
    """Another zoom, or another number of pixels, is another size."""
    unsized = [
        stack(instrument=replace(MICROSCOPE, zoom=zoom, averaging=text), pixel_size_um=PixelSize(z=0.5))
        for zoom, text in ((1.0, "2 lines"), (1.0, "4 lines"), (2.0, "4 lines"))
    ]
    wide = replace(
        unsized[0], axes={**STACK.axes, "X": 1024}, instrument=replace(MICROSCOPE, zoom=1.0, averaging="8 lines")
    )
    files = inventory(*(cell(number, image) for number, image in enumerate([*unsized, wide], 1)))
    found = rows_about(draft_description(files, level=MINIMUM), files, "pixel_size_um", MINIMUM)
    assert [len(fields_of(one[0])) for one in found] == [2, 1, 1]


def test_what_nothing_is_known_of_is_alike_in_one_folder_and_format_only() -> None:
    """As channels are."""
    planes = {"day1/a.tif": 1, "day1/b.tif": 2, "day2/c.tif": 3}
    files = inventory(
        *(
            file(
                path,
                "tiff",
                Tier.TRANSFORMED,
                replace(BARE, pixel_size_um=PixelSize(z=float(step)), axes={"Z": 3, "Y": 4, "X": 4}),
            )
            for path, step in planes.items()
        )
    )
    found = rows_about(draft_description(files, level=MINIMUM), files, "pixel_size_um", MINIMUM)
    assert [one[2] for one in found] == ["a1: day1/a.tif; a2: day1/b.tif", "day2/c.tif"]


def test_which_sample_an_image_shows_is_asked_one_by_one(files: Inventory) -> None:
    """The answer is another one for each, or nobody would ask."""
    text = draft_description(files, level=MINIMUM) + ""
    text = text.replace("specimens:\n", "specimens:\n  - {id: s1, origin: x}\n  - {id: s2, origin: y}\n", 1)
    assert len(rows_about(text, files, "].specimen", MINIMUM)) == COUNT


def test_instruments_that_say_the_same_of_the_microscope_share_its_questions() -> None:
    """Three objectives of one microscope whose model nobody recorded."""
    bare = replace(MICROSCOPE, model=None)
    lenses = [replace(bare, objective=f"Lens {number}", magnification=10.0 * number) for number in (1, 2, 3)]
    files = inventory(*(cell(number, stack(instrument=one)) for number, one in enumerate(lenses, 1)))
    text = draft_description(files, level=MINIMUM)
    ((field, _, about, *_),) = rows_about(text, files, "microscope.model", MINIMUM)
    assert about == "m1: raw/cell01.czi; m2: raw/cell02.czi; m3: raw/cell03.czi"
    said = read_description(take_answers(text, [row(2, field, "LSM 880")], files).text).description
    assert [one.microscope.model for one in said.instruments] == ["LSM 880"] * 3


def test_an_id_with_a_plus_in_it_is_not_taken_apart() -> None:
    """People name their acquisitions as they like."""
    assert fields_of("acquisitions[DAPI + GFP].zoom + acquisitions[a2].zoom") == (
        "acquisitions[DAPI + GFP].zoom",
        "acquisitions[a2].zoom",
    )


def test_an_image_without_a_header_has_its_questions_too() -> None:
    """No instrument, no channel."""
    files = inventory(file("a.tif", "tiff", Tier.TRANSFORMED, replace(BARE, instrument=InstrumentRecord())))
    assert rows_about(draft_description(files, level=MINIMUM), files, "objective.na", MINIMUM)[0][2] == "a.tif"


def mixed(folder: Path) -> Path:
    """Planes of one stack among other images of one folder, so that no pattern speaks of them alone."""
    folder.mkdir()
    for z in range(1, 7):
        tifffile.imwrite(folder / f"stack_z{z:03}.tif", np.full((8, 8), z, "uint16"))
    for name in ("gray.tif", "MAX_gray.tif", "other].description + files[x.tif"):
        tifffile.imwrite(folder / name, np.full((9, 9), 7, "uint16"))
    return folder


def test_the_planes_of_a_stack_are_one_row_and_other_files_are_not(tmp_path: Path) -> None:
    """What they show is said once, and written to the entry of each plane."""
    seen = inspect_deposit(mixed(tmp_path / "deposit"), with_digests=False)
    asked = ask_depositor(seen, aim=MINIMUM, size="1 kB")
    rows = [row for row in sheet_rows(asked.requests) if row[0].startswith("files[")]
    planes = [f"files[stack_z{z:03}.tif].description" for z in range(1, 7)]
    assert [row[0] for row in rows if "stack" in row[0]] == [" + ".join(planes)]
    assert len(rows) == 4
    text = current_description(seen, level=MINIMUM)
    taken = take_answers(
        text, [row(2, " + ".join(planes), "One cell"), row(3, planes[2], "The middle")], seen.inventory
    )
    assert taken.problems == ()
    said = {one.path: one.description for one in read_description(taken.text).description.files if one.description}
    assert said == {f"stack_z{z:03}.tif": "The middle" if z == 3 else "One cell" for z in range(1, 7)}


def test_a_question_about_stacks_names_no_other_images_of_the_acquisition(tmp_path: Path) -> None:
    """The distance of planes is no question to single images."""
    seen = inspect_deposit(mixed(tmp_path / "deposit"), with_digests=False)
    asked = ask_depositor(seen, aim=MINIMUM, size="1 kB")
    (one,) = (one for one in asked.requests.now if one.key == "acquisitions.z_step_um")
    assert {path.partition("_")[0] for path in one.subjects} == {"stack"}
