"""The depositor's facts about an image in its sidecar, for files with several images."""

from pathlib import PurePosixPath

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.ome_notes import sidecar_notes

SAID = """\
specimens: [{id: s1, origin: mouse}, {id: s2, origin: rat}]
channels: [{id: c0, probe: DAPI}, {id: c1..c3, probe: autofluorescence}]
acquisitions:
  - {id: a1, specimen: s1, channels: [c0]}
  - {id: a2, specimen: s2, channels: [c1..c3]}
files: [{path: raw/all.lif, acquisition: [a2, a1]}, {path: raw/one.lif, acquisition: a1}]
protocols: {acquisition: As always.}
"""


def test_each_image_of_a_file_has_the_notes_of_its_acquisition() -> None:
    """Specimen and channels by image, the protocol for all of them."""
    notes = sidecar_notes(read_description(SAID).description, PurePosixPath("raw/all.lif"))
    seen = [(one.series_index, one.pairs.get("Origin") or one.pairs.get("Probe") or "protocol") for one in notes]
    assert seen == [(0, "rat"), (0, "autofluorescence"), (1, "mouse"), (1, "DAPI"), (None, "protocol")]


def test_one_acquisition_speaks_for_all_images_of_a_file() -> None:
    """As before: no note names an image."""
    notes = sidecar_notes(read_description(SAID).description, PurePosixPath("raw/one.lif"))
    assert [one.series_index for one in notes] == [None, None, None]
