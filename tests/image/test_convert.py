"""Conversion writes OME-TIFF whose every plane is proven, or leaves nothing."""

import errno
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.findings import CannotFinish
from confocal_bag.image import ome_tiff, write_series
from confocal_bag.image.convert import Conversion, convert_image
from confocal_bag.image.file_names import safe_stem
from confocal_bag.image.model import plane_bytes
from confocal_bag.image.open import open_image
from confocal_bag.image.plane_digests import plane_digests
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_lif import LifImage, write_lif

RANDOM = np.random.default_rng(3)


def samples(*shape: int) -> npt.NDArray[np.uint16]:
    """Samples that differ everywhere."""
    return RANDOM.integers(0, 60000, shape, dtype=np.uint16)


def md5s(path: Path) -> list[str]:
    """MD5 of every page of a TIFF as tifffile reads it."""
    with tifffile.TiffFile(path) as tiff:
        return [hashlib.md5(plane_bytes(page.asarray())).hexdigest() for page in tiff.pages]


@pytest.fixture
def lsm(tmp_path: Path) -> Path:
    """An LSM of three slices and two channels."""
    path = tmp_path / "cell.lsm"
    write_lsm(path, cell_stack(planes=3, size=32))
    return path


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Convert in this process, so that a test can meddle with it."""
    monkeypatch.setattr("confocal_bag.image.worker.process.is_inside", lambda: True)


@pytest.mark.parametrize("compression", [None, "deflate", "lzw", "zstd"])
def test_every_plane_is_the_same_after_conversion(lsm: Path, tmp_path: Path, compression: str | None) -> None:
    """Each proof is the SHA-1 of the plane as made, in the order XYCZT; the file says how it is compressed."""
    (done,) = convert_image(lsm, tmp_path / "out", compression=compression)
    stack = cell_stack(planes=3, size=32)
    expected = [hashlib.sha1(stack[z, c].tobytes()).hexdigest() for z in range(3) for c in range(2)]
    assert [proof.sha1 for proof in done.planes] == expected
    assert [(p.coordinates["Z"], p.coordinates["C"]) for p in done.planes] == list(np.ndindex(3, 2))
    with tifffile.TiffFile(done.path) as tiff:
        assert (tiff.pages[0].compression == 1) is (compression is None)
        assert tiff.series[0].asarray().tolist() == stack.tolist()


def digests_of(path: Path) -> dict[int, list[tuple[Mapping[str, int], str]]]:
    """The digests of all planes of a file."""
    with open_image(path) as image:
        return plane_digests(image)


def test_the_copy_opens_as_the_same_image(lsm: Path, tmp_path: Path) -> None:
    """The embedded OME-XML leads to the same planes at the same coordinates."""
    (done,) = convert_image(lsm, tmp_path / "out")
    assert digests_of(done.path) == digests_of(lsm)


@pytest.mark.parametrize("axes", ["TCZYX", "TZCYX", "ZTCYX", "CTZYX"])
def test_an_ome_tiff_in_another_order_is_laid_out_anew(tmp_path: Path, axes: str) -> None:
    """The copy's pages stand in the order XYCZT and its OME-XML says so, whatever the original's order was."""
    sizes = {"T": 2, "C": 3, "Z": 4, "Y": 6, "X": 7}
    values = samples(*(sizes[axis] for axis in axes))
    path = tmp_path / "a.ome.tif"
    tifffile.imwrite(path, values, metadata={"axes": axes})
    (done,) = convert_image(path, tmp_path / "out")
    assert digests_of(done.path) == digests_of(path)
    with tifffile.TiffFile(done.path) as tiff:
        assert tiff.series[0].axes == "TZCYX"
        expected = values.transpose([axes.index(axis) for axis in "TZCYX"])
        assert tiff.series[0].asarray().tolist() == expected.tolist()


def test_one_file_for_each_series(tmp_path: Path) -> None:
    """Names carry the original name and the number of the series."""
    path = tmp_path / "cells.lif"
    write_lif(path, [LifImage("a", "YX", samples(6, 5)), LifImage("b", "ZYX", samples(2, 6, 5))])
    done = convert_image(path, tmp_path / "out")
    assert [one.path.name for one in done] == ["cells.lif_s00.ome.tiff", "cells.lif_s01.ome.tiff"]
    assert [len(one.planes) for one in done] == [1, 2]


def test_extra_axes_lie_on_t_and_say_so(tmp_path: Path) -> None:
    """Wavelength steps become time points with a ModuloAlongT annotation, in the order of the file."""
    values = samples(4, 2, 6, 5)
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "LCYX", values)])
    (done,) = convert_image(path, tmp_path / "out")
    with tifffile.TiffFile(done.path) as tiff:
        assert "ModuloAlongT" in (tiff.ome_metadata or "")
        assert tiff.series[0].asarray().tolist() == values.tolist()


def test_colour_stays_interleaved(tmp_path: Path) -> None:
    """Red, green and blue are samples of one page."""
    values = RANDOM.integers(0, 255, (6, 7, 3), dtype=np.uint8)
    path = tmp_path / "a.czi"
    write_czi(path, [({"C": 0}, values)])
    (done,) = convert_image(path, tmp_path / "out")
    with tifffile.TiffFile(done.path) as tiff:
        assert tiff.pages.first.photometric == 2
        assert tiff.pages.first.asarray().tolist() == values[..., ::-1].tolist()


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_every_sample_type_of_ome_survives(tmp_path: Path, dtype: str, byteorder: str) -> None:
    """Also from big-endian files; the copy is little-endian and compressed without loss."""
    values = RANDOM.integers(0, 100, (6, 7)).astype(byteorder + dtype)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, values, metadata=None, byteorder=byteorder)  # type: ignore[arg-type]
    for compression in (None, "deflate"):
        (done,) = convert_image(path, tmp_path / str(compression), compression=compression)
        assert tifffile.imread(done.path).tolist() == values.tolist()


def test_a_sample_type_ome_does_not_know_is_refused(tmp_path: Path) -> None:
    """64-bit integers have no name in OME."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((6, 7), np.uint64), metadata=None)
    with pytest.raises(CannotFinish, match="uint64"):
        convert_image(path, tmp_path / "out")


@pytest.mark.usefixtures("unguarded")
def test_a_difference_is_found_and_the_copy_thrown_away(
    lsm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bit wrong on the disk is named by plane, and nothing stays in the folder."""
    original = ome_tiff.write_pages

    def spoil(planes: Any, partial: Path, *rest: Any, **options: Any) -> Any:
        proofs = original(planes, partial, *rest, **options)
        with tifffile.TiffFile(partial) as tiff:
            offset = tiff.pages[3].dataoffsets[0]
        content = bytearray(partial.read_bytes())
        content[offset + 5] ^= 1
        partial.write_bytes(content)
        return proofs

    monkeypatch.setattr(write_series, "write_pages", spoil)
    with pytest.raises(CannotFinish, match=r"cell\.lsm: the plane T=0, C=1, Z=1 of image 1"):
        convert_image(lsm, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.usefixtures("unguarded")
def test_a_full_disk_leaves_nothing(lsm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says that the disk is full."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotFinish, match="full"):
        convert_image(lsm, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.usefixtures("unguarded")
def test_a_disk_that_is_too_small_is_seen_before(lsm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room is asked for before the first byte is written."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(CannotFinish, match="make room"):
        convert_image(lsm, tmp_path / "out")


@pytest.mark.usefixtures("unguarded")
def test_a_failure_in_the_second_series_removes_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is converted whole or not at all."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "YX", samples(6, 5)), LifImage("b", "YX", samples(6, 5))])
    original = ome_tiff.prove_pages

    def fail_second(source: Path, written: Path, series: Any, proofs: Any, **options: Any) -> None:
        original(source, written, series, proofs, **options)
        if series.index == 1:
            raise CannotFinish("stopped")

    monkeypatch.setattr(write_series, "prove_pages", fail_second)
    with pytest.raises(CannotFinish, match="stopped"):
        convert_image(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_existing_file_is_not_replaced(lsm: Path, tmp_path: Path) -> None:
    """What is there stays there."""
    target = tmp_path / "out" / "cell.lsm.ome.tiff"
    target.parent.mkdir()
    target.write_text("mine")
    with pytest.raises(CannotFinish, match="exists already"):
        convert_image(lsm, target.parent)
    assert target.read_text() == "mine"


@pytest.mark.usefixtures("unguarded")
def test_large_images_become_bigtiff(lsm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond 3.9 GiB the offsets of a classic TIFF do not reach; the limit is lowered to see it."""
    assert not convert_image(lsm, tmp_path / "small")[0].bigtiff
    monkeypatch.setattr(write_series, "CLASSIC_LIMIT", 1000)
    (done,) = convert_image(lsm, tmp_path / "big")
    assert done.bigtiff
    assert done.path.read_bytes()[:4] == b"II+\0"


def test_planes_are_reported_as_they_are_written(lsm: Path, tmp_path: Path) -> None:
    """Progress is told the bytes of each plane."""
    seen: list[int] = []
    (done,) = convert_image(lsm, tmp_path / "out", on_bytes=seen.append)
    with tifffile.TiffFile(done.path) as tiff:
        assert seen == [page.nbytes for page in tiff.pages]
    assert len(seen) == 6


def test_converting_twice_gives_the_same_bytes(lsm: Path, tmp_path: Path) -> None:
    """No date, no random identifier."""
    one, other = (convert_image(lsm, tmp_path / name)[0].path for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["cell 01.czi", "größe.lif"])
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    """Spaces and letters beyond ASCII are fine everywhere."""
    assert safe_stem(name) == name


@pytest.mark.parametrize("name", ["a:b.czi", "x\ny.lsm", "con.tif", "..", "caf\udce9.czi", "a/b.lif"])
def test_names_are_made_safe_and_stay_unique(name: str) -> None:
    """A name that had to be changed carries a digest of the original one."""
    stem = safe_stem(name)
    assert stem != name
    assert not set(stem) & set('<>:"/\\|?*\n')
    assert stem.encode()
    assert safe_stem("a:b.czi") != safe_stem("a*b.czi")
    assert len(safe_stem("ä" * 300).encode()) <= 200


def reference_files() -> list[str]:
    """The samples that have reference digests; none where the samples are absent."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "expected"
    return sorted(path.name for path in folder.glob("*.planes.json"))


@pytest.mark.slow
@pytest.mark.parametrize("reference", reference_files() or ["no samples"])
def test_real_files_convert_to_the_planes_of_the_reference(shared: Path, tmp_path: Path, reference: str) -> None:
    """Series by series and plane by plane, in order, the MD5s of another reader (Bio-Formats 7.3.1)."""
    expected = json.loads((shared / "samples" / "expected" / reference).read_text())
    done: list[Conversion] = convert_image(shared / "samples" / expected["file"], tmp_path)
    assert [md5s(one.path) for one in done] == [[md5 for _, md5 in one["planes"]] for one in expected["series"]]
    again = [digest for one in done for _, digest in digests_of(one.path)[0]]
    assert again == [proof.sha1 for one in done for proof in one.planes]
