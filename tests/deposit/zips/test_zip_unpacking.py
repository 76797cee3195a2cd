"""Images are unpacked from zip files one at a time, whole, within the room there is, and nothing of them is left."""

import shutil
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

from confocal_bag.deposit.zips.unpacking import Unpacking
from confocal_bag.findings import CannotFinish
from confocal_bag.image.model import UnreadableImage
from tests import make
from tests.image.synthetic_oif import write_oif
from tests.image.synthetic_ome import write_set
from tests.image.synthetic_zarr import stack, write_zarr


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    """A zip file with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def of_folder(path: Path, folder: Path) -> Path:
    """A zip file of everything below a folder."""
    return zipped(
        path, {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}
    )


def unpacked(archive: Path, member: str) -> dict[str, bytes]:
    """The files that are unpacked for an image, and what is in them."""
    with Unpacking() as unpacking, unpacking.image(archive, PurePosixPath(member)) as path:
        assert path.name == PurePosixPath(member).name
        root = path.parents[len(PurePosixPath(member).parts) - 1]
        return {str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()}


def test_an_image_of_one_file_is_unpacked_alone(tmp_path: Path) -> None:
    """Under its own path, byte for byte."""
    content = make.lsm(tmp_path / "one.lsm").read_bytes()
    archive = zipped(tmp_path / "a.zip", {"day/one.lsm": content, "day/two.lsm": content, "notes.txt": b"notes"})
    assert unpacked(archive, "day/one.lsm") == {"day/one.lsm": content}


def test_an_image_of_several_files_is_unpacked_whole(tmp_path: Path) -> None:
    """An OIF with its folder, an OME-Zarr with its chunks; and nothing else."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_oif(folder / "a.oif", {"X": 6, "Y": 8, "C": 1, "Z": 2})
    write_zarr(folder / "b.zarr", stack(1, 1, 2, 4, 4))
    (folder / "notes.txt").write_text("notes")
    archive = of_folder(tmp_path / "a.zip", folder)
    found = unpacked(archive, "a.oif")
    assert {name.split("/")[0] for name in found} == {"a.oif", "a.oif.files"}
    assert len(found) == 1 + len(list((folder / "a.oif.files").iterdir()))
    assert {name.split("/")[0] for name in unpacked(archive, "b.zarr/.zattrs")} == {"b.zarr"}
    assert len(unpacked(archive, "b.zarr/.zattrs")) == sum(one.is_file() for one in (folder / "b.zarr").rglob("*"))


@pytest.mark.parametrize("companion", [False, True])
def test_the_files_of_a_set_are_unpacked_together(tmp_path: Path, *, companion: bool) -> None:
    """Whichever stands for the set; other TIFFs beside them stay in the zip file."""
    folder = tmp_path / "in"
    folder.mkdir()
    files = write_set(folder, companion=companion)
    make.plane_sequence(folder, planes=1)
    archive = of_folder(tmp_path / "a.zip", folder)
    wanted = {path.name for path in files} | ({"cells.companion.ome"} if companion else set())
    assert unpacked(archive, files[0].name).keys() == wanted
    if companion:
        assert unpacked(archive, "cells.companion.ome").keys() == wanted


def test_nothing_is_left_of_an_image(tmp_path: Path) -> None:
    """It goes with its block, the folder with the last; a folder is made only when there is something to unpack."""
    archive = zipped(tmp_path / "a.zip", {"a.lsm": make.lsm(tmp_path / "one.lsm").read_bytes()})
    folder = tmp_path / "room"
    with Unpacking(folder) as unpacking:
        assert not folder.exists()
        with unpacking.image(archive, PurePosixPath("a.lsm")) as path:
            assert path.is_relative_to(folder)
        assert list(folder.iterdir()) == []
        with pytest.raises(KeyError), unpacking.image(archive, PurePosixPath("a.lsm")):
            raise KeyError
        assert list(folder.iterdir()) == []
    assert not folder.exists()


def test_nothing_is_unpacked_after_the_end(tmp_path: Path) -> None:
    """A thread that comes late finds no open door, and leaves no folder."""
    archive = zipped(tmp_path / "a.zip", {"a.lsm": make.lsm(tmp_path / "one.lsm").read_bytes()})
    with Unpacking(tmp_path / "room") as unpacking:
        pass
    with pytest.raises(CannotFinish, match="was stopped"), unpacking.image(archive, PurePosixPath("a.lsm")):
        pass
    assert not (tmp_path / "room").exists()


def test_what_was_left_in_the_folder_is_deleted_first(tmp_path: Path) -> None:
    """A file of that name is nobody's leftover and stays."""
    (tmp_path / "room").mkdir()
    (tmp_path / "room/left").write_bytes(b"left")
    with Unpacking(tmp_path / "room"):
        assert not (tmp_path / "room").exists()
    (tmp_path / "file").write_bytes(b"mine")
    archive = zipped(tmp_path / "a.zip", {"a.lsm": b""})
    with (
        Unpacking(tmp_path / "file") as unpacking,
        pytest.raises(CannotFinish, match="can be made"),
        unpacking.image(archive, PurePosixPath("a.lsm")),
    ):
        pass
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_a_member_that_is_not_there_or_damaged_is_the_images_fault(tmp_path: Path) -> None:
    """As is a zip file that is none; nothing is left."""
    archive = zipped(tmp_path / "a.zip", {"a.lsm": b"x" * 500, "b.lsm": make.lsm(tmp_path / "b.lsm").read_bytes()})
    with zipfile.ZipFile(archive) as opened:
        at = opened.getinfo("a.lsm").header_offset + 30 + len("a.lsm")
    content = bytearray(archive.read_bytes())
    content[at] ^= 0xFF
    archive.write_bytes(content)
    (tmp_path / "b.zip").write_bytes(b"PK\3\4 no zip file")
    with Unpacking(tmp_path / "room") as unpacking:
        for path, member, why in (
            (archive, "c.lsm", "has no member c.lsm"),
            (archive, "a.lsm", r"a\.zip!/a\.lsm: it is damaged in the archive"),
            (tmp_path / "b.zip", "a.lsm", "is a damaged zip file"),
        ):
            with pytest.raises(UnreadableImage, match=why), unpacking.image(path, PurePosixPath(member)):
                pass
        with unpacking.image(archive, PurePosixPath("b.lsm")) as found:
            assert found.is_file()
        assert list((tmp_path / "room").iterdir()) == []


class Usage(NamedTuple):
    """What `shutil.disk_usage` gives."""

    total: int
    used: int
    free: int


def test_nothing_is_unpacked_where_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is the machine's fault, and not the image's."""
    archive = zipped(tmp_path / "a.zip", {"a.lsm": make.lsm(tmp_path / "one.lsm").read_bytes()})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total=10, used=0, free=10))
    with (
        Unpacking(tmp_path / "room") as unpacking,
        pytest.raises(CannotFinish, match="10 bytes are free") as problem,
        unpacking.image(archive, PurePosixPath("a.lsm")),
    ):
        pass
    assert not isinstance(problem.value, UnreadableImage)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """The guard of zip deposits stands here too: zeros by the gigabyte."""
    archive = tmp_path / "a.zip"
    with (
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened,
        opened.open("a.lsm", "w") as member,
    ):
        for _ in range(1025):
            member.write(bytes(1 << 20))
    with (
        Unpacking(tmp_path / "room") as unpacking,
        pytest.raises(UnreadableImage, match="which images never do"),
        unpacking.image(archive, PurePosixPath("a.lsm")),
    ):
        pass


def test_several_threads_unpack_from_several_archives(tmp_path: Path) -> None:
    """Each gets its own image, also where two are called alike."""
    contents = [make.lsm(tmp_path / f"{planes}.lsm", planes=planes).read_bytes() for planes in (1, 2, 3)]
    archives = [zipped(tmp_path / f"{n}.zip", {"a.lsm": content}) for n, content in enumerate(contents)]

    def read(number: int) -> bool:
        with unpacking.image(archives[number % 3], PurePosixPath("a.lsm")) as path:
            return path.read_bytes() == contents[number % 3]

    with Unpacking(tmp_path / "room") as unpacking, ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read, range(60)))


@pytest.mark.parametrize("own", [True, False])
def test_what_cannot_be_deleted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, own: bool) -> None:
    """Its folder is named; where something else went wrong, that is what is said."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    archive = zipped(tmp_path / "a.zip", {"cells.lsm": make.lsm(tmp_path / "cells.lsm").read_bytes()})
    folder = tmp_path / "members" if own else None
    monkeypatch.setattr("shutil.rmtree", lambda path, **options: None)
    place = "members" if own else "confocal-bag-members-"
    with (
        pytest.raises(CannotFinish, match=f"{place}.* could not be deleted"),
        Unpacking(folder) as unpacking,
        unpacking.image(archive, PurePosixPath("cells.lsm")),
    ):
        pass
    with pytest.raises(KeyError), Unpacking(None) as unpacking, unpacking.image(archive, PurePosixPath("cells.lsm")):
        raise KeyError
    if own:
        with pytest.raises(CannotFinish, match="members cannot be deleted"), Unpacking(folder):
            pass
