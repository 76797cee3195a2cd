"""The days on which images were taken, where only some or no files are raw."""

from pathlib import PurePosixPath

import pytest

from confocal_bag.deposit.description.collected import collected_dates
from confocal_bag.deposit.description.headers import HeaderImage
from confocal_bag.image.record import ImageRecord, InstrumentRecord
from confocal_bag.vocabulary import Tier


def _image(tier: Tier, acquired: str) -> HeaderImage:
    taken = InstrumentRecord(acquired=acquired)
    return HeaderImage(
        path=str(PurePosixPath(tier.value) / "a.tif"),
        position=0,
        tier=tier,
        record=ImageRecord(series=0, name="a", axes={"Y": 1, "X": 1}, dtype="uint8", instrument=taken),
        instrument={},
        acquisition={},
        channels=(),
        settings=(),
        lasers=(),
        channel_detectors=(),
    )


@pytest.mark.parametrize(("tiers", "day"), [
    ((Tier.TRANSFORMED,), "2020-01-01"),
    ((Tier.TRANSFORMED, Tier.RAW), "2020-01-02"),
])  # fmt: skip
def test_where_no_image_is_raw_all_tell_the_day(tiers: tuple[Tier, ...], day: str) -> None:
    """Else only the raw ones do; an evening in America stays on its day."""
    images = [_image(tier, f"2020-01-0{number}T23:30:00-05:00") for number, tier in enumerate(tiers, 1)]
    found = collected_dates(images)
    assert found is not None
    assert found.period == day
