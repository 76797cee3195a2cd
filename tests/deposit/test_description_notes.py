"""The depositor's facts about an image in its sidecar, for files with several images."""

from pathlib import PurePosixPath

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.ome_notes import file_entries, sidecar_notes
from confocal_bag.image.sidecar import Note

SAID = """\
specimens: [{id: s1, origin: mouse}, {id: s2, origin: rat}]
channels: [{id: c0, probe: DAPI}, {id: c1..c3, probe: autofluorescence}]
acquisitions:
  - {id: a1, specimen: s1, channels: [c0]}
  - {id: a2, specimen: s2, channels: [c1..c3]}
files: [{path: raw/all.lif, acquisition: [a2, a1]}, {path: raw/one.lif, acquisition: a1}]
protocols: {acquisition: As always.}
"""


def notes_of(path: str, *, position: int | None = None) -> list[Note]:
    """The notes for a file of the deposit described above."""
    description = read_description(SAID).description
    return sidecar_notes(description, file_entries(description), PurePosixPath(path), position=position)


def told_first(note: Note) -> str | None:
    """The fact by which the notes of this deposit are told apart."""
    return next((note.pairs[key] for key in ("Origin", "Probe") if key in note.pairs), next(iter(note.pairs.values())))


def test_each_image_of_a_file_has_the_notes_of_its_acquisition() -> None:
    """Specimen and channels by image, the protocol for all of them."""
    notes = notes_of("raw/all.lif")
    seen = [(one.series_index, told_first(one)) for one in notes]
    assert seen == [
        (0, "rat"), (0, "a2"), (0, "autofluorescence"), (1, "mouse"), (1, "a1"), (1, "DAPI"), (None, "As always."),
    ]  # fmt: skip
    assert {one.pairs["Source"] for one in notes} == {"deposit.yaml"}


def test_one_acquisition_speaks_for_all_images_of_a_file() -> None:
    """As before: no note names an image."""
    notes = notes_of("raw/one.lif")
    assert [one.series_index for one in notes] == [None] * 4


def test_the_copy_of_one_image_has_the_notes_of_that_image_alone() -> None:
    """The OME-TIFF of the second series of a file does not speak of the specimen of the first."""
    notes = notes_of("raw/all.lif", position=1)
    seen = [(one.series_index, told_first(one)) for one in notes]
    assert seen == [(None, "mouse"), (None, "a1"), (None, "DAPI"), (None, "As always.")]
    assert [one.pairs for one in notes_of("raw/one.lif", position=2)] == [one.pairs for one in notes]
