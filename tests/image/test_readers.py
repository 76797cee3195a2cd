"""Our bioio readers: scenes, axes, pixel sizes and planes of files made here, and the plugin as bioio finds it."""

import pickle
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from confocal_bag.image.bioio_plugins.czi import Reader as CziReader
from confocal_bag.image.bioio_plugins.lif import Reader as LifReader
from confocal_bag.image.bioio_plugins.lsm import Reader as LsmReader
from confocal_bag.image.bioio_plugins.oif import Reader as OifReader
from confocal_bag.image.bioio_plugins.plugin import PluginReader
from confocal_bag.image.readers import nd2, ome_tiff, tiff
from confocal_bag.image.synthetic import cell_stack, write_lsm
from tests.image.synthetic_czi import write_czi
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oif import write_oif

RANDOM = np.random.default_rng(11)


class TiffReader(PluginReader):
    """No plugin, for bioio has its own: to compare them."""

    PLANES = tiff.TiffReader


class OmeTiffReader(PluginReader):
    """No plugin either."""

    PLANES = ome_tiff.OmeTiffReader


class Nd2Reader(PluginReader):
    """No plugin either."""

    PLANES = nd2.Nd2Reader


def samples(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """Samples that differ everywhere, so that no two planes can be taken for each other."""
    return RANDOM.integers(0, 60000, shape, dtype=np.uint16)


def test_an_lsm_has_its_planes_and_no_thumbnail(tmp_path: Path) -> None:
    """One scene, axes from the header, every sample as written, pixel sizes in micrometres."""
    stack = cell_stack(planes=3, size=32)
    path = tmp_path / "cell.lsm"
    write_lsm(path, stack)
    reader = LsmReader(path)
    assert len(reader.scenes) == 1
    assert reader.get_image_data("ZCYX", T=0).tolist() == stack.tolist()
    assert reader.channel_names == ["Ch1", "Ch2"]
    assert pytest.approx(0.09) == reader.physical_pixel_sizes.X
    assert pytest.approx(0.5) == reader.physical_pixel_sizes.Z


def test_an_lsm_of_one_slice_has_no_z_step(tmp_path: Path) -> None:
    """A step along an axis that was not scanned means nothing."""
    path = tmp_path / "cell.lsm"
    write_lsm(path, cell_stack(planes=1, size=32))
    assert LsmReader(path).physical_pixel_sizes.Z is None


def test_a_lif_keeps_every_axis(tmp_path: Path) -> None:
    """Wavelength steps, tiles and time stay axes of their own; rows of an xz scan run along Z."""
    scans = {"TMZCYX": (2, 3, 2, 2, 8, 10), "LYX": (4, 8, 10), "TCZX": (2, 2, 8, 10), "YX": (8, 10)}
    pixels = {axes: samples(*shape) for axes, shape in scans.items()}
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage(axes, axes, values) for axes, values in pixels.items()])
    reader = LifReader(path)
    for number, (axes, values) in enumerate(pixels.items()):
        reader.set_scene(number)
        found = reader.xarray_data
        if "C" not in axes:
            found = found.isel(C=0)
        assert found.transpose(*axes).values.tolist() == values.tolist(), axes


def test_a_lif_in_colour_gives_red_green_blue(tmp_path: Path) -> None:
    """Three interleaved channels tagged as colours are samples of one plane."""
    values = RANDOM.integers(0, 255, (2, 6, 7, 3), dtype=np.uint8)
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("rgb", "ZYXS", values)])
    found = LifReader(path).xarray_data
    assert found.dims == ("Z", "Y", "X", "S")
    assert found.values.tolist() == values.tolist()


def test_a_negative_step_of_a_lif_is_a_distance(tmp_path: Path) -> None:
    """Leica scans downwards with a negative length; the distance between slices is positive, an absent one None."""
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "ZYX", samples(3, 4, 5), {"Z": -2e-6, "X": 4e-6})])
    z, y, x = LifReader(path).physical_pixel_sizes
    assert (z, x) == (1.0, 1.0)
    assert y is None


def test_an_oif_takes_its_axes_from_its_settings(tmp_path: Path) -> None:
    """Planes are found by the coordinates in their names; the z step is in nanometres there."""
    path = tmp_path / "a.oif"
    planes = write_oif(path, {"X": 9, "Y": 7, "C": 2, "Z": 3})
    reader = OifReader(path)
    assert reader.get_image_data("CZYX", T=0).tolist() == planes.tolist()
    assert pytest.approx(0.5) == reader.physical_pixel_sizes.Z
    assert pytest.approx(10 / 8) == reader.physical_pixel_sizes.X


def test_a_czi_keeps_its_phases_as_an_axis(tmp_path: Path) -> None:
    """Airyscan phases are the axis H of one scene, each sample where it belongs."""
    values = samples(3, 2, 2, 12, 15)
    blocks = [({"H": h, "C": c, "Z": z}, values[h, c, z]) for h, c, z in np.ndindex(3, 2, 2)]
    path = tmp_path / "a.czi"
    write_czi(path, blocks)
    reader = CziReader(path)
    assert len(reader.scenes) == 1
    assert reader.xarray_data.isel(T=0).transpose("H", "C", "Z", "Y", "X").values.tolist() == values.tolist()


def test_a_czi_scene_is_not_renamed_by_chance(tmp_path: Path) -> None:
    """Scenes stay scenes, and a file without scaling has no pixel size."""
    values = samples(2, 12, 15)
    path = tmp_path / "a.czi"
    write_czi(path, [({"S": s}, values[s]) for s in range(2)])
    reader = CziReader(path)
    assert len(reader.scenes) == 2
    assert tuple(reader.physical_pixel_sizes) == (None, None, None)


def test_a_czi_in_colour_gives_red_green_blue(tmp_path: Path) -> None:
    """Zeiss stores blue, green, red."""
    values = RANDOM.integers(0, 255, (6, 7, 3), dtype=np.uint8)
    path = tmp_path / "a.czi"
    write_czi(path, [({"C": 0}, values)])
    found = CziReader(path).xarray_data.isel(T=0, C=0, Z=0)
    assert found.values.tolist() == values[..., ::-1].tolist()


@pytest.mark.parametrize("axes", ["TZCYX", "CYX", "YX", "ZYX"])
def test_an_imagej_stack_is_read_by_its_axes(tmp_path: Path, axes: str) -> None:
    """Big-endian as ImageJ writes it."""
    values = samples(*(range(2, 2 + len(axes) - 2)), 6, 5)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, values, imagej=True, metadata={"axes": axes})
    found = TiffReader(path).xarray_data
    rest = {name: 0 for name in map(str, found.dims) if name not in axes}
    assert found.isel(rest).transpose(*axes).values.tolist() == values.tolist()


def test_a_stack_of_single_lines_is_read(tmp_path: Path) -> None:
    """One row is a plane too."""
    values = samples(4, 1, 30)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, values, imagej=True, metadata={"axes": "ZYX"})
    reader = TiffReader(path)
    assert reader.xarray_data.values.reshape(4, 1, 30).tolist() == values.tolist()
    assert reader.dims.order.endswith("YX")


def test_reduced_copies_are_no_scenes(tmp_path: Path) -> None:
    """A thumbnail in the chain of pages is named as skipped and not read as an image."""
    path = tmp_path / "a.tif"
    values = samples(8, 10)
    with tifffile.TiffWriter(path) as writer:
        writer.write(values, metadata=None)
        writer.write(values[:3, :7], subfiletype=1, metadata=None)
    with tiff.TiffReader(path) as reader:
        assert len(reader.scenes) == 1
        assert "reduced copy" in reader.skipped[0]


def test_pages_of_unknown_meaning_are_only_counted(tmp_path: Path) -> None:
    """Nothing says that the pages of a plain TIFF are depth."""
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, samples(5, 6, 7), metadata=None)
    assert TiffReader(path).dims.order == "NYX"


def test_colour_in_separate_planes_comes_interleaved(tmp_path: Path) -> None:
    """Samples are the last axis however the file stores them."""
    values = RANDOM.integers(0, 255, (3, 6, 7), dtype=np.uint8)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, values, photometric="rgb", planarconfig="separate", metadata=None)
    found = TiffReader(path).xarray_data
    assert found.dims[-1] == "S"
    assert found.values.reshape(6, 7, 3).tolist() == values.transpose(1, 2, 0).tolist()


def test_a_lazy_array_decodes_one_plane_at_a_time_and_travels(tmp_path: Path) -> None:
    """One chunk is one plane; a pickled reader opens its own file."""
    values = samples(2, 3, 8, 10)
    path = tmp_path / "a.lif"
    write_lif(path, [LifImage("a", "ZCYX", values)])
    lazy = LifReader(path).xarray_dask_data
    assert lazy.data.chunksize == (1, 1, 8, 10)
    again = pickle.loads(pickle.dumps(lazy))  # our own object
    assert again.data[1, 2].compute(scheduler="synchronous").tolist() == values[1, 2].tolist()
    assert lazy.data[:, 1, 2:5, ::2].compute(scheduler="synchronous").tolist() == values[:, 1, 2:5, ::2].tolist()


def test_what_this_program_reads_itself_needs_no_bioio(tmp_path: Path) -> None:
    """To load bioio, or the array libraries it brings, takes longer than to convert most files."""
    write_lsm(tmp_path / "a.lsm", cell_stack(planes=2, size=32))
    write_lif(tmp_path / "a.lif", [LifImage("a", "ZYX", samples(2, 4, 5))])
    write_czi(tmp_path / "a.czi", [({"C": 0}, samples(6, 7))])
    write_oif(tmp_path / "a.oif", {"X": 8, "Y": 6, "C": 2})
    tifffile.imwrite(tmp_path / "a.tif", samples(3, 6, 7), imagej=True, metadata={"axes": "ZYX"})
    tifffile.imwrite(tmp_path / "a.ome.tif", samples(3, 6, 7), metadata={"axes": "ZYX"})
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from confocal_bag.image.acquisition import describe_acquisition, records\n"
        "from confocal_bag.image.ome_units import leave_out_units\n"
        "from confocal_bag.image.open import open_image\n"
        "leave_out_units()\n"
        "for name in sys.argv[1:]:\n"
        "    with open_image(Path(name)) as image:\n"
        "        records(image, describe_acquisition(image))\n"
        "        print(sum(1 for _ in image.planes(image.series[0])))\n"
        "heavy = {'bioio', 'bioio_base', 'dask', 'xarray', 'pandas', 'pint'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    files = sorted(path for path in tmp_path.iterdir() if path.is_file())
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *files],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "2", "4", "2", "3", "3"]


@dataclass
class _Frames:
    """An ND2File as the nd2 library opens one: frames of rows, columns and samples, two times at two positions."""

    components: int
    channels: int

    def __post_init__(self) -> None:
        self.attributes = SimpleNamespace(
            componentCount=self.components * self.channels, heightPx=3, widthPx=4, channelCount=self.channels
        )
        loops = (("TimeLoop", 2), ("XYPosLoop", 2))
        self.experiment = [SimpleNamespace(type=name, count=count) for name, count in loops]
        self.components_per_channel = self.components
        self.dtype = np.dtype(np.uint16)
        self.metadata = SimpleNamespace(channels=[])
        self.values = samples(4, self.channels, 3, 4, self.components)

    def read_frame(self, number: int) -> npt.NDArray[np.uint16]:
        """As nd2 does, without axes of one."""
        frame: npt.NDArray[np.uint16] = self.values[number]
        return frame.squeeze()

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(("components", "channels"), [(1, 1), (1, 2), (3, 1), (4, 1), (2, 2)])
def test_the_frames_of_an_nd2_come_apart_into_planes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, components: int, channels: int
) -> None:
    """Positions are scenes; three samples side by side are colours, two or four are channels."""
    path = tmp_path / "a.nd2"
    path.write_bytes(b"")
    file = _Frames(components, channels)
    monkeypatch.setattr("nd2.ND2File", lambda _: file)
    with nd2.Nd2Reader(path) as reader:
        colour = {"S": 3} if components == 3 else {}
        count = channels * (1 if colour else components)
        axes = {"T": 2, "C": count, "Y": 3, "X": 4, **colour}
        assert [dict(one.axes) for one in reader.described_scenes] == [axes, axes]
        for time, position, channel in np.ndindex(2, 2, count):
            frame = file.values[2 * time + position]
            wanted = frame[channel] if colour else frame[channel // components, ..., channel % components]
            assert reader.read_plane(position, {"T": time, "C": channel}).tolist() == wanted.tolist()


def test_plugins_of_bioio_find_the_units_that_were_left_out() -> None:
    """bioio loads after ome_types too, and the classes that were there by then have their quantities."""
    script = (
        "import sys\n"
        "from confocal_bag.image.ome_units import bring_units, leave_out_units\n"
        "leave_out_units()\n"
        "from ome_types.model import Plane\n"
        "plane = Plane(the_z=0, the_t=0, the_c=0, exposure_time=2)\n"
        "assert not hasattr(plane, 'exposure_time_quantity')\n"
        "bring_units()\n"
        "from bioio_base.types import ureg\n"
        "print(plane.exposure_time_quantity)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "2.0 second", done.stderr


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    """bioio asks each plugin and expects its own exception for no."""
    from bioio_base.exceptions import UnsupportedFileFormatError

    path = tmp_path / "a.czi"
    path.write_text("not a CZI")
    for reader in (CziReader, LifReader, LsmReader, OifReader):
        with pytest.raises(UnsupportedFileFormatError):
            reader(path)


def test_bioio_finds_our_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed distribution with our entry points makes plain BioImage read each format through ours."""
    root = Path(__file__).resolve().parents[2]
    points = tomllib.loads((root / "pyproject.toml").read_text())["project"]["entry-points"]["bioio.readers"]
    info = tmp_path / "installed" / "confocal_bag-0.1.0.dist-info"
    info.mkdir(parents=True)
    info.joinpath("METADATA").write_text("Name: confocal-bag\nVersion: 0.1.0\nRequires-Dist: bioio-base>=3.5\n")
    lines = [f"{name} = {value}" for name, value in points.items()]
    info.joinpath("entry_points.txt").write_text("[bioio.readers]\n" + "\n".join(lines))
    monkeypatch.setattr(sys, "path", [str(info.parent), *sys.path])
    from bioio import BioImage

    write_lsm(tmp_path / "a.lsm", cell_stack(planes=2, size=32))
    write_lif(tmp_path / "a.lif", [LifImage("a", "ZYX", samples(2, 4, 5))])
    write_czi(tmp_path / "a.czi", [({"C": 0}, samples(6, 7))])
    write_oif(tmp_path / "a.oif", {"X": 8, "Y": 6, "C": 2})
    for name, reader in (("a.lsm", LsmReader), ("a.lif", LifReader), ("a.czi", CziReader), ("a.oif", OifReader)):
        image = BioImage(tmp_path / name, use_plugin_cache=False)
        assert type(image.reader) is reader, name
        assert image.get_image_data("YX", T=0, C=0, Z=0).ndim == 2
        assert len(image.ome_metadata.images) == 1


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:As of version 0.4.0, the parser argument is ignored:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Could not parse tiff pixel size:UserWarning")
def test_our_readers_agree_with_bioios_own_plugins(shared: Path) -> None:
    """The reasons for ours are speed and safety; the planes must be those of bioio's plugins."""
    import bioio_nd2
    import bioio_ome_tiff
    import bioio_tifffile

    pairs = (
        ("tiff", bioio_tifffile.Reader, TiffReader),
        ("ome-tiff", bioio_ome_tiff.Reader, OmeTiffReader),
        ("nd2", bioio_nd2.Reader, Nd2Reader),
    )
    for folder, plugin, reader in pairs:
        for path in sorted((shared / "samples" / folder).iterdir()):
            theirs, ours = plugin(path), reader(path)
            assert len(tuple(theirs.scenes or ())) == len(ours.scenes)
            for scene in range(len(ours.scenes)):
                theirs.set_scene(scene)
                ours.set_scene(scene)
                assert np.array_equal(ours.xarray_data.values.squeeze(), theirs.xarray_data.values.squeeze()), path.name
