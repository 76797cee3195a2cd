"""A format this program does not know is read through the bioio plugin that the user has installed for it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from confocal_bag.deposit.inventory import take_inventory
from confocal_bag.deposit.source import open_deposit
from confocal_bag.findings import CannotFinish
from confocal_bag.image import worker
from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.convert import convert_image
from confocal_bag.image.formats import identify
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.open import NoReaderError, open_image
from confocal_bag.image.readers.plugins import find_plugins, is_readable
from tests import make
from tests.image.fake_plugin import install_plugin, write_fake


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Plugins of one test are none of the next."""
    yield
    find_plugins.cache_clear()
    worker.stop()


def test_a_file_of_an_unknown_format_opens_through_its_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every plane; what the plugin made up is not recorded; nobody counted the planes."""
    install_plugin(tmp_path / "site", monkeypatch)
    content = write_fake(tmp_path / "a.fake")
    with open_image(tmp_path / "a.fake") as image:
        assert image.reader == "bioio-fake 1.2 (plugin of bioio)"
        assert [dict(series.axes) for series in image.series] == [{"T": 1, "C": 2, "Z": 3, "Y": 4, "X": 5}] * 2
        assert image.expected_planes is None
        found = [plane.pixels.tobytes() for series in image.series for plane in image.planes(series)]
        size = image.series[0].pixel_size_um
        one = records(image, describe_acquisition(image))[0]
    assert b"".join(found) == content
    assert (size.x, size.y, size.z) == (0.3, 0.2, None)
    assert [channel.name for channel in one.channels] == ["DAPI", None]


def test_it_is_converted_with_the_same_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plane by plane, each read again."""
    install_plugin(tmp_path / "site", monkeypatch)
    content = write_fake(tmp_path / "a.fake")
    made = convert_image(tmp_path / "a.fake", tmp_path / "out")
    assert [len(one.planes) for one in made] == [6, 6]
    with open_image(made[1].path) as image:
        pixels = np.concatenate([plane.pixels.ravel() for plane in image.planes(image.series[0])])
    assert pixels.astype("<u2").tobytes() == content[240:]


def test_our_own_readers_come_before_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that claims .lsm is not asked for an LSM."""
    install_plugin(tmp_path / "site", monkeypatch)
    with open_image(make.lsm(tmp_path / "a.lsm")) as image:
        assert image.reader == "confocal-bag-lsm over tifffile"


def test_a_file_that_the_plugin_does_not_know_either_is_no_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extension alone promises nothing, so nothing is said against the file."""
    install_plugin(tmp_path / "site", monkeypatch)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.fake").write_bytes(b"\x01\x02other")
    write_fake(tmp_path / "d" / "b.fake")
    with pytest.raises(NoReaderError, match="cannot be read as a microscopy image"):
        open_image(tmp_path / "d" / "a.fake")
    first, second = take_inventory(open_deposit(tmp_path / "d")).files
    assert (first.images, first.image_problem) == ((), None)
    assert len(second.images) == 2


def test_pictures_and_documents_are_no_matter_for_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture opens when someone asks for it; a deposit is not full of images for that."""
    install_plugin(tmp_path / "site", monkeypatch, extensions='".png", ".txt"')
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "a.txt").write_text("words")
    assert not is_readable(picture, identify(picture))
    assert not is_readable(tmp_path / "a.txt", identify(tmp_path / "a.txt"))
    with pytest.raises(UnreadableImage, match="cannot be read as the image it seems to be"):
        open_image(picture)


@pytest.mark.parametrize("module", ["raise ImportError('no library')", "x = 1", "def broken(:"])
def test_a_broken_plugin_is_named_and_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Whatever is wrong with it."""
    install_plugin(tmp_path / "site", monkeypatch, module=module)
    (broken,) = [one for one in find_plugins() if one.distribution == "bioio-fake"]
    assert broken.problem
    write_fake(tmp_path / "a.fake")
    with pytest.raises(NoReaderError):
        open_image(tmp_path / "a.fake")


def test_doctor_lists_the_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: object) -> None:
    """With what they read."""
    install_plugin(tmp_path / "site", monkeypatch)
    assert callable(run)
    assert "bioio plugin bioio-fake 1.2: reads .fake .lsm" in run("doctor").out


OLD_ND2 = b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(64) + b"LABORATORY IMAGING ND BOX MAP 00" + bytes(8)
VSI = b"II*\0\x08\0\0\0\0\0\0\0\0\0"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("old.nd2", OLD_ND2, "NIS-Elements before version 3"),
        ("a.oir", b"OLYMPUSRAWFORMAT" + bytes(100), "FV3000"),
        ("a.ims", b"\x89HDF\r\n\x1a\n" + bytes(100) + b"DataSetInfo" + bytes(100), "Imaris"),
        ("a.vsi", VSI, "cellSens"),
        ("a.sldy", b"StartClass: CImage\n", "SlideBook"),
        ("frame_t.ets", b"SIS\0" + bytes(100), "cellSens"),
    ],
)
def test_formats_of_microscopes_that_are_not_read_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, words: str
) -> None:
    """What it is, what the curator can do, and that the original is kept."""
    monkeypatch.setattr("confocal_bag.image.readers.plugins.find_plugins", tuple)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotFinish, match=words) as raised:
        open_image(tmp_path / name)
    assert "bioio plugin" in str(raised.value)
