"""Real files become pictures of the colours and sizes their headers record."""

from pathlib import Path

import numpy as np
import pytest

from confocal_bag.image.acquisition import describe_acquisition, records
from confocal_bag.image.open import open_image
from confocal_bag.image.preview import Preview, make_previews
from tests.image.synthetic_series import pixels_of


def previews(shared: Path, name: str) -> list[Preview]:
    """The previews of a sample."""
    path = shared / "samples" / name
    if not path.is_file():
        pytest.skip(f"the sample {name} is not among the reference files")
    with open_image(path) as image:
        return make_previews(image, records(image, describe_acquisition(image)))


def test_a_two_colour_czi_has_its_two_colours(shared: Path) -> None:
    """DAPI is blue, GFP green; nothing is red; it records no pixel size, so there is no scale bar."""
    (preview,) = previews(shared, "czi/DAPI_GFP.czi")
    pixels = pixels_of(preview.composite)
    assert [(one.name, one.color) for one in preview.channels] == [("DAPI", "#0000FF"), ("GFP", "#00FF00")]
    assert pixels[..., 0].max() == 0
    assert pixels[..., 1].max() == pixels[..., 2].max() == 255
    assert preview.scale_bar_um is None


def test_a_colour_czi_is_itself(shared: Path) -> None:
    """The pixels of the composite are means of the image's own, red first."""
    (preview,) = previews(shared, "czi/RGB-8bit.czi")
    with open_image(shared / "samples" / "czi" / "RGB-8bit.czi") as image:
        (plane,) = image.planes(image.series[0])
    pixels = pixels_of(preview.composite)[:259]
    assert pixels.shape == (259, 384, 3)
    assert pixels.mean(axis=(0, 1)) == pytest.approx(plane.pixels.mean(axis=(0, 1)), abs=0.5)
    assert preview.scale_bar_um == 200


def test_a_deep_stack_becomes_a_movie(shared: Path) -> None:
    """Forty planes, forty frames, half a megabyte; the projection is brighter than the middle."""
    (preview,) = previews(shared, "tiff/xyz_8bit__chromosomes.tif")
    (channel,) = preview.channels
    assert preview.movie_depths == tuple(range(40))
    assert preview.movie is not None
    assert len(preview.movie) < 1_000_000
    assert channel.projection is not None
    assert pixels_of(channel.projection).mean() > pixels_of(channel.thumbnail).mean()
    assert preview.scale_bar_um == 1


def test_xz_scans_go_through_y(shared: Path) -> None:
    """Of the three images of the file only the stack of xz scans has a depth, and its axis is Y."""
    all_three = previews(shared, "lif/xz-example.lif")
    assert [len(one.movie_depths) for one in all_three] == [0, 23, 0]
    assert [one.scale_bar_um for one in all_three] == [5, 5, 10]


def test_transmitted_light_leaves_fluorescence_visible(shared: Path) -> None:
    """Three channels of an OIB, the grey one among them: some pixels are clearly green."""
    (preview,) = previews(shared, "oib/test.oib")
    pixels = pixels_of(preview.composite).astype(np.int64)
    assert ((pixels[..., 1] - pixels[..., 2]) > 60).sum() > 100


@pytest.mark.slow
def test_every_sample_becomes_pictures(shared: Path) -> None:
    """Each picture can be opened, is of the size asked for, and the whole preview is small."""
    folder = shared / "samples"
    names = [
        str(path.relative_to(folder))
        for kind in ("czi", "lif", "lsm", "nd2", "oib", "ome-tiff", "tiff")
        for path in sorted((folder / kind).iterdir())
        if path.is_file()
    ]
    for name in names:
        for preview in previews(shared, name):
            sizes = [len(one.thumbnail) + len(one.projection or b"") for one in preview.channels]
            assert sum(sizes) + len(preview.composite) + len(preview.movie or b"") < 3_000_000, name
            for one in preview.channels:
                assert 100 < max(pixels_of(one.thumbnail).shape[:2]) <= 384, name
