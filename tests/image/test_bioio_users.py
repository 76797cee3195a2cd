"""What users of bioio get of our readers by a plain `BioImage("cell.lsm")`, other plugins being installed too."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from confocal_bag.image.bioio_plugins.czi import Reader as CziReader
from confocal_bag.image.bioio_plugins.lif import Reader as LifReader
from confocal_bag.image.bioio_plugins.lsm import Reader as LsmReader
from confocal_bag.image.bioio_plugins.oif import Reader as OifReader
from confocal_bag.image.synthetic import write_lsm
from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oib import write_oib
from tests.image.synthetic_oif import write_oif

_ROOT = Path(__file__).resolve().parents[2]
_SCALED = (
    "<ImageDocument><Metadata><Information><Image><Dimensions><Channels>"
    '<Channel Id="Channel:0" Name="DAPI"/><Channel Id="Channel:1" Name="GFP"/></Channels></Dimensions></Image>'
    '</Information><Scaling><Items><Distance Id="X"><Value>1E-07</Value></Distance><Distance Id="Y"><Value>1.2E-07'
    '</Value></Distance><Distance Id="Z"><Value>5E-07</Value></Distance></Items></Scaling></Metadata></ImageDocument>'
)


def _install(folder: Path, name: str, entry_points: dict[str, str]) -> None:
    """A distribution as pip leaves it, with plugins of bioio."""
    info = folder / f"{name.replace('-', '_')}-0.1.0.dist-info"
    info.mkdir(parents=True)
    info.joinpath("METADATA").write_text(f"Name: {name}\nVersion: 0.1.0\nRequires-Dist: bioio-base>=3.5\n")
    lines = [f"{point} = {module}" for point, module in entry_points.items()]
    info.joinpath("entry_points.txt").write_text("[bioio.readers]\n" + "\n".join(lines))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This project as its wheel installs it, beside bioio's own plugins that the tests need anyway."""
    points = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["bioio.readers"]
    folder = tmp_path / "installed"
    _install(folder, "confocal-bag", points)
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return folder


def _open(path: Path, **options: Any) -> Any:
    from bioio import BioImage

    return BioImage(path, use_plugin_cache=False, **options)


def _samples(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    return np.random.default_rng(5).integers(0, 4096, shape, dtype=np.uint16)


def _make(path: Path) -> Any:
    """Write two channels of three slices; return them as (C, Z, Y, X)."""
    pixels = _samples(2, 3, 24, 32)
    match path.suffix:
        case ".lsm":
            write_lsm(path, pixels.swapaxes(0, 1))
        case ".lif":
            write_lif(path, [LifImage("cell", "CZYX", pixels, {"X": 3.1e-6, "Y": 2.3e-6, "Z": 1e-6})])
        case ".czi":
            write_czi(path, [({"C": c, "Z": z}, pixels[c, z]) for c, z in np.ndindex(2, 3)], xml=_SCALED)
        case ".oif":
            return write_oif(path, {"X": 32, "Y": 24, "Z": 3, "C": 2}, micrometres=3.1).swapaxes(0, 1)
        case ".oib":
            write_oib(path, {"X": 32, "Y": 24, "Z": 3, "C": 2})
            return write_oif(path.with_name("known.oif"), {"X": 32, "Y": 24, "Z": 3, "C": 2}).swapaxes(0, 1)
    return pixels


@pytest.mark.parametrize(
    ("suffix", "reader", "names", "sizes"),
    [
        (".lsm", LsmReader, ["Ch1", "Ch2"], (0.5, 0.09, 0.09)),
        (".lif", LifReader, ["Green", "Red"], (0.5, 0.1, 0.1)),
        (".czi", CziReader, ["DAPI", "GFP"], (0.5, 0.12, 0.1)),
        (".oif", OifReader, None, (0.5, 3.1 / 23, 0.1)),
        (".oib", OifReader, None, (0.5, 10 / 23, 10 / 31)),
    ],
)
def test_each_format_comes_with_its_planes_sizes_and_names(
    installed: Path, tmp_path: Path, suffix: str, reader: type, names: list[str] | None, sizes: tuple[float, ...]
) -> None:
    """Through the methods that programs built on bioio call."""
    path = tmp_path / f"cell{suffix}"
    pixels = _make(path)
    image = _open(path)
    assert type(image.reader) is reader
    assert len(image.scenes) == 1
    assert image.get_image_data("CZYX", T=0).tolist() == pixels.tolist()
    assert image.get_image_dask_data("YX", T=0, C=1, Z=2).compute(scheduler="synchronous").tolist() == (
        pixels[1, 2].tolist()
    )
    found = image.physical_pixel_sizes
    assert pytest.approx(list(sizes)) == [found.Z, found.Y, found.X]
    recorded = image.ome_metadata.images[0].pixels
    assert [recorded.physical_size_z, recorded.physical_size_y, recorded.physical_size_x] == pytest.approx(list(sizes))
    assert (recorded.size_c, recorded.size_z) == (2, 3)
    if names is not None:
        assert image.channel_names == names
        assert [channel.name for channel in recorded.channels] == names


def test_a_plugin_for_many_formats_is_asked_after_ours(installed: Path) -> None:
    """bioio-tifffile says that it reads LSM; it reads the thumbnail as a scene."""
    from bioio.plugins import get_plugins

    pytest.importorskip("bioio_tifffile")
    pytest.importorskip("bioio_ome_tiff")
    plugins = get_plugins(use_cache=False)
    assert [one.entrypoint.value for one in plugins[".lsm"]][:1] == ["confocal_bag.image.bioio_plugins.lsm"]
    assert "bioio_tifffile" in [one.entrypoint.value for one in plugins[".lsm"]]
    ours = {suffix for suffix, known in plugins.items() if any("confocal_bag" in one.entrypoint.value for one in known)}
    assert ours == {".lsm", ".lif", ".lof", ".czi", ".oif", ".oib"} & ours
    assert {".lsm", ".lif", ".czi", ".oif", ".oib"} <= ours


def test_other_formats_go_to_whom_they_went_before(installed: Path, tmp_path: Path) -> None:
    """Our plugins take no format from anybody."""
    import tifffile

    pytest.importorskip("bioio_tifffile")
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, _samples(3, 8, 9), imagej=True, metadata={"axes": "ZYX"})
    assert type(_open(path).reader).__module__.startswith("bioio_")


def test_where_another_plugin_reads_only_that_format_ours_can_be_asked_for(installed: Path, tmp_path: Path) -> None:
    """bioio goes by the alphabet between two plugins of one format each: bioio-lif comes first, `reader=` decides."""
    (installed / "another_lif.py").write_text(
        "from confocal_bag.image.bioio_plugins.lif import Reader\n"
        "from confocal_bag.image.bioio_plugins.plugin import plugin_metadata\n\n\n"
        "class Another(Reader):\n    pass\n\n\nReaderMetadata = plugin_metadata(Another, '.lif')\n"
    )
    _install(installed, "bioio-lif", {"bioio-lif": "another_lif"})
    path = tmp_path / "cell.lif"
    pixels = _make(path)
    assert type(_open(path).reader).__name__ == "Another"
    image = _open(path, reader=LifReader)
    assert type(image.reader) is LifReader
    assert image.get_image_data("CZYX", T=0).tolist() == pixels.tolist()


def test_a_file_of_a_wrong_name_is_left_to_others(installed: Path, tmp_path: Path) -> None:
    """A text called .czi is nobody's image, and bioio says so."""
    from bioio_base.exceptions import UnsupportedFileFormatError

    path = tmp_path / "notes.czi"
    path.write_text("not a CZI")
    with pytest.raises(UnsupportedFileFormatError):
        _open(path)


def test_the_entry_points_load_in_a_process_of_their_own(installed: Path, tmp_path: Path) -> None:
    """Nothing of this program need have been imported before."""
    path = tmp_path / "cell.lsm"
    _make(path)
    script = (
        f"from bioio import BioImage; image = BioImage({str(path)!r}); print(image.channel_names, image.dims.order)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env={"PYTHONPATH": f"{installed}:{_ROOT}", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "['Ch1', 'Ch2'] TCZYX", done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["lsm", "oib", "lif", "czi"])
def test_real_files_come_with_what_their_headers_record(installed: Path, shared: Path, folder: str) -> None:
    """bioio's sizes, types and channels are those of the OME document."""
    for path in sorted((shared / "samples" / folder).iterdir()):
        image = _open(path)
        document = image.ome_metadata
        for number, scene in enumerate(image.scenes):
            image.set_scene(scene)
            recorded = document.images[number if len(document.images) == len(image.scenes) else 0].pixels
            size = image.physical_pixel_sizes.X
            assert size == recorded.physical_size_x or pytest.approx(recorded.physical_size_x, rel=1e-6) == size
            names = [channel.name for channel in recorded.channels]
            assert len(image.channel_names) == len(names), path.name
            if None not in names:
                assert image.channel_names == names, path.name
            assert image.dtype.name == recorded.type.value, path.name
