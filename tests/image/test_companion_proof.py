"""A companion file is proven by reading each page it names, and thrown away where that is another plane."""

from pathlib import Path

import pytest

from confocal_bag.image import companion, companion_proof
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.readers.sequence import SequenceImage
from tests.image.test_companion import write_loose


def test_every_plane_is_read_by_the_file_and_page_that_are_named(tmp_path: Path) -> None:
    """Six planes, each with its digest; a companion elsewhere names the way to them."""
    made = companion_proof.make_companion(write_loose(tmp_path), name="scan", folder="../raw/")
    assert len({digest for _, digest in made.planes}) == 6
    assert (made.sizes, made.content.count(b'FileName="../raw/z')) == ({"T": 1, "C": 2, "Z": 3}, 6)


def test_a_companion_that_names_another_plane_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files are exchanged in it."""

    def exchanged(image: SequenceImage, *, folder: str = "") -> bytes:
        content = companion_for(image, folder=folder)
        return content.replace(b"z0_c0", b"@@").replace(b"z1_c0", b"z0_c0").replace(b"@@", b"z1_c0")

    companion_for = companion.companion_for
    monkeypatch.setattr(companion, "companion_for", exchanged)
    members = tuple((dict(coordinates), path) for coordinates, path in write_loose(tmp_path))
    with pytest.raises(UnreadableImage, match="is not the plane that the sequence scan has there"):
        companion_proof._make(members[0][1], members, name="scan", folder="", channels={})
