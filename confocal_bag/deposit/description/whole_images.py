"""Images whose channels lie in files of their own, put together: every file stands for all channels of its sequence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from confocal_bag.deposit.description.facts import Facts
from confocal_bag.deposit.description.headers import HeaderImage
from confocal_bag.deposit.description.stock import agreed
from confocal_bag.findings import readable_path

__all__ = ["whole_images"]


def whole_images(images: Sequence[HeaderImage]) -> list[HeaderImage]:
    """The images, those of one channel of a sequence with the channels and settings of the whole sequence.

    A channel whose first file is not among them has nothing recorded. What the names call a channel is a fact of it
    where its header gives it no name.
    """
    by_path = {image.path: image for image in images}
    wholes: dict[tuple[PurePosixPath, ...], HeaderImage] = {}
    return [image if image.named is None else _whole(image, by_path, wholes) for image in images]


def _whole(
    image: HeaderImage,
    by_path: dict[str, HeaderImage],
    wholes: dict[tuple[PurePosixPath, ...], HeaderImage],
) -> HeaderImage:
    assert image.named is not None
    key = image.named.examples
    if key not in wholes:
        members = [by_path.get(readable_path(path)) for path in key]
        wholes[key] = _together(image, members, image.named.names)
    whole = wholes[key]
    return replace(
        whole, path=image.path, position=image.position, tier=image.tier, record=image.record, named=image.named
    )


def _together(image: HeaderImage, members: Sequence[HeaderImage | None], names: Sequence[str | None]) -> HeaderImage:
    found = [one for one in members if one is not None]
    lasers = {laser: None for one in found for laser in one.lasers}
    return replace(
        image,
        instrument=_shared((one.instrument, one.path) for one in found),
        acquisition=_shared((one.acquisition, one.path) for one in found),
        channels=tuple(
            {**({"name": name} if name else {}), **(one.channels[0] if one else {})}
            for one, name in zip(members, names, strict=True)
        ),
        settings=tuple(one.settings[0] if one else {} for one in members),
        lasers=tuple(lasers),
        channel_detectors=tuple(one.channel_detectors[0] if one else None for one in members),
    )


def _shared(evidence: Iterable[tuple[Facts, str]]) -> Facts:
    """What the headers of the files of a sequence say of it, without what they disagree on."""
    return {name: fact for name, (fact, _) in agreed(evidence).items()}
