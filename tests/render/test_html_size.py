"""A page stays small, however many images there are and however badly they compress."""

from pathlib import Path

import pytest

from confocal_bag.image.preview import compact
from confocal_bag.image.preview.compact import CompactChannel, CompactPreview, DepthStrip, Encoded, SeriesPictures
from confocal_bag.page.page import Wanted, make_page
from confocal_bag.page.run import run_of
from confocal_bag.render.html import as_html
from tests.render.runs import deposit_report, image_file

MOST = 25_000_000


def encoded(size: int) -> Encoded:
    """A picture of so many bytes."""
    return Encoded(mime="image/jpeg", content=b"x" * size, width=256, height=1024)


def huge(path: Path, wanted: list[int], *, size: int) -> list[SeriesPictures]:
    """Pictures larger than any camera's noise makes them."""
    channel = CompactChannel(name="c", color="#FFFFFF", thumbnail=encoded(size * size))
    preview = CompactPreview(
        series=0,
        channels=(channel,) * 8,
        channels_left_out=0,
        composite=encoded(3 * size * size // 2),
        scale_bar_um=1.0,
        strip=DepthStrip(picture=encoded(12 * size * size), depths=(0, 1, 2, 3)),
        depth=4,
        notes=(),
    )
    return [SeriesPictures(series=0, preview=preview)]


@pytest.mark.slow
@pytest.mark.parametrize("pictures", [48, 2000])
def test_two_thousand_images_make_a_page_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pictures: int
) -> None:
    """Below 25 MB with the usual number of pictures, and with as many as can be asked for."""
    monkeypatch.setattr(compact, "compact_file", huge)
    names = [f"image-{number:04d}.tif" for number in range(2000)]
    for name in names:
        (tmp_path / name).write_bytes(b"not read")
    run = run_of(deposit_report(files=[image_file(name) for name in names], sequences=[]))
    text = as_html([make_page(run, tmp_path, wanted=Wanted(pictures=pictures))])
    assert len(text.encode("utf-8")) < MOST
    assert text.count("<img ") > 40
    assert all(name in text for name in names)


def test_what_has_no_room_is_left_out_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Depth first, then single channels, the composite last; each time the page says so."""
    monkeypatch.setattr(compact, "compact_file", huge)
    (tmp_path / "a.tif").write_bytes(b"not read")
    run = run_of(deposit_report(files=[image_file("a.tif")], sequences=[]))
    for room, pictures, said in (
        (2_000_000, 10, "Composite of a.tif"),
        (700_000, 9, "Depth is not shown"),
        (200_000, 2, "and 7 channels more"),
        (1000, 0, "no room for its pictures"),
    ):
        text = as_html([make_page(run, tmp_path, wanted=Wanted(bytes=room))])
        assert text.count("<img ") == pictures
        assert said in text


def test_several_reports_share_the_room() -> None:
    """One page of many bags is no larger than one of one."""
    shares = Wanted().shared_by(100)
    assert sum(one.bytes for one in shares) <= Wanted().bytes
    assert sum(one.pictures for one in shares) == 48
    assert {one.pictures for one in shares} == {0, 1}
    assert {one.pictures for one in shares[:3]} == {0, 1}  # evenly spread over all of them
    assert [one.pictures for one in Wanted(pictures=48).shared_by(5)] == [9, 10, 9, 10, 10]
    assert [one.pictures for one in Wanted(pictures=0).shared_by(2)] == [0, 0]
    assert Wanted().shared_by(1) == [Wanted()]
