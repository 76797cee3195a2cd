"""A companion file and the proof of it: every page it points at is the plane that the names of the files promise."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from confocal_bag.findings import readable_path
from confocal_bag.image import worker
from confocal_bag.image.model import UnreadableImage, plane_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from confocal_bag.image.sequence_grid import Value

__all__ = ["ProvenCompanion", "make_companion"]

Members = tuple[tuple["Mapping[str, Value]", "Path"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenCompanion:
    """The bytes of a companion file, and coordinates and SHA-1 of each plane that was read through it and found equal.

    `sizes` are the places along each axis that numbers the planes.
    """

    content: bytes
    planes: tuple[tuple[Mapping[str, int], str], ...]
    sizes: Mapping[str, int]


def make_companion(
    files: Iterable[tuple[Mapping[str, Value], Path]],
    *,
    name: str,
    folder: str = "",
    channels: Mapping[Value, str] = MappingProxyType({}),
) -> ProvenCompanion:
    """The companion file of a sequence, made and proven in a guarded process.

    `folder` is the way from where it will lie to the files, as `companion_for` takes it; `channels` are names of
    channels by their values along C. Each plane is read from its file by the sequence reader, then again by the file
    and page the companion names, through tifffile alone. Raises UnreadableImage where the files make no whole image,
    none a companion can speak of, or a plane differs.
    """
    from confocal_bag.image.convert import sequence_limits

    members = tuple((dict(coordinates), path) for coordinates, path in files)
    paths = [path for _, path in members]
    return worker.run(
        _make, paths[0], members, name=name, folder=folder, channels=dict(channels), limits=sequence_limits(paths)
    )


def _make(path: Path, members: Members, *, name: str, folder: str, channels: Mapping[Value, str]) -> ProvenCompanion:
    from confocal_bag.image.acquisition.layout import layout_of
    from confocal_bag.image.companion import companion_for
    from confocal_bag.image.readers.sequence import open_sequence

    with open_sequence(members, name=name, channels=channels) as image:
        (series,) = image.series
        content = companion_for(image, folder=folder)
        layout, named = layout_of(series), _pages_named(content)
        beside = {one.name: one for one in image.files.values()}
        proven = []
        for plane in image.planes(series):
            place = layout.place(plane.coordinates)
            file, page = named.pop((place.t, place.z, place.c))
            digest = plane_digest(plane.pixels)
            if digest != _page_digest(beside[file.removeprefix(folder)], page):
                raise UnreadableImage(
                    f"{readable_path(path)}: page {page} of {readable_path(file)}, to which a companion file would "
                    f"point, is not the plane that the sequence {readable_path(name)} has there. Convert it instead."
                )
            proven.append((dict(plane.coordinates), digest))
            worker.beat(series.plane_bytes)
    return ProvenCompanion(content=content, planes=tuple(proven), sizes=series.stacked_axes)


def _pages_named(content: bytes) -> dict[tuple[int, int, int], tuple[str, int]]:
    """The file and page of each plane by (t, z, c), as the companion itself says."""
    from lxml import etree

    from confocal_bag.image.sidecar import OME_NAMESPACE

    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    named = {}
    for block in root.iter(f"{{{OME_NAMESPACE}}}TiffData"):
        t, z, c, page = (int(block.get(key, "0")) for key in ("FirstT", "FirstZ", "FirstC", "IFD"))
        file = block[0].get("FileName", "")
        named[t, z, c] = file, page
    return named


def _page_digest(path: Path, number: int) -> str:
    """The SHA-1 of one page of a TIFF, samples interleaved."""
    import numpy as np
    from tifffile import TiffFile

    with TiffFile(path) as tiff:
        page = tiff.pages[number]
        pixels = page.asarray()
        return plane_digest(np.moveaxis(pixels, 0, -1) if page.axes.startswith("S") else pixels)
