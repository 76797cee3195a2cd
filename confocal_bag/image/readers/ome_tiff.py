"""The reader of OME-TIFF: one file, or the set of files that one OME-XML calls an image.

The OME-XML says where each plane lies, and that is where it is taken from: tifffile's own reading of a set follows
file names anywhere, and where a file is missing it makes planes of zeros.
"""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.acquisition.layout import Layout
from confocal_bag.image.acquisition.modulo import axes_of_image
from confocal_bag.image.ome_document import OmeDocument, is_plain_name, read_document
from confocal_bag.image.ome_planes import PlaneTable, plane_table
from confocal_bag.image.readers.planewise import PlanewiseReader, Scene
from confocal_bag.image.readers.tiff_headers import ome_header
from confocal_bag.image.readers.tiff_page import page_pixels
from confocal_bag.image.regular_file import open_regular

__all__ = ["OmeTiffReader"]

_MOST_OPEN = 16


class OmeTiffReader(PlanewiseReader):
    """Read OME-TIFF by its TiffData. Axes that a ModuloAlong annotation takes out of T, C or Z are axes again."""

    @classmethod
    def _open(cls, path: str) -> "_OpenSet":
        return _OpenSet(Path(path))

    def _describe(self, source: "_OpenSet") -> tuple[Scene, ...]:
        self._tables: list[PlaneTable] = []
        self._layouts: list[Layout] = []
        return tuple(self._scene(source, image, pixels) for image, pixels in source.images())

    def _scene(self, source: "_OpenSet", image: Any, pixels: Any) -> Scene:
        table = plane_table(pixels, source.page_count)
        first = source.page(table.pages[0, 0, 0].file, table.pages[0, 0, 0].page)
        sizes = {axis: int(pixels.get(f"Size{axis}", "0")) for axis in "YX"}
        if (first.imagelength, first.imagewidth) != (sizes["Y"], sizes["X"]) or first.imagedepth != 1:
            raise ValueError(
                f"its OME-XML declares planes of {sizes['X']} x {sizes['Y']} pixels, the first page has "
                f"{first.imagewidth} x {first.imagelength}"
            )
        if first.samplesperpixel != table.samples:
            raise ValueError(
                f"its OME-XML declares {table.samples} samples per pixel, the first page has {first.samplesperpixel}"
            )
        if first.dtype is None:
            raise ValueError("samples of its first page are of a kind that no reader knows")
        stacked = axes_of_image(source.document.root, image, table.sizes)
        colour = {"S": table.samples} if table.samples > 1 else {}
        layout = Layout(axes={**stacked, **sizes, **colour})
        self._tables.append(table)
        self._layouts.append(layout)
        header = ome_header(image)
        return Scene(
            name=header.name,
            axes=layout.axes,
            dtype=np.dtype(first.dtype),
            channel_names=header.channel_names,
            pixel_size_um=header.pixel_size_um,
            folded_onto={name: along for along, inner in layout.folded_onto.items() for name in inner},
        )

    def _read_plane(self, source: "_OpenSet", scene: int, index: Mapping[str, int]) -> npt.NDArray[np.generic]:
        place = self._layouts[scene].place(index)
        address = self._tables[scene].pages[place.t, place.c, place.z]
        page = source.page(address.file, address.page)
        dtype = self._described[scene].dtype
        if page.dtype != dtype:
            raise ValueError(f"page {address.page} of {source.shown(address.file)} holds {page.dtype}, not {dtype}")
        return page_pixels(page)

    def page_number(self, scene: int, index: Mapping[str, int]) -> int | None:
        """The directory of the file that a plane is; None where it is in another file of the set."""
        place = self._layouts[scene].place(index)
        address = self._tables[scene].pages[place.t, place.c, place.z]
        document: OmeDocument = self._with_source(lambda source: source.document)
        return address.page if address.file in document.own and document.path == Path(self._path) else None

    def page_address(self, scene: int, index: Mapping[str, int]) -> tuple[Path, int]:
        """The file of the set that a plane lies in, and its page there."""
        place = self._layouts[scene].place(index)
        address = self._tables[scene].pages[place.t, place.c, place.z]
        source: _OpenSet = self._with_source(lambda opened: opened)
        return source.document.path.with_name(source.shown(address.file)), address.page


class _OpenSet:
    """The OME-XML of a set and its TIFFs, of which a few are kept open."""

    def __init__(self, path: Path) -> None:
        self.document: OmeDocument = read_document(path)
        self._open: OrderedDict[str, tuple[Any, Any]] = OrderedDict()

    def images(self) -> list[tuple[Any, Any]]:
        """The Images that have Pixels, with them."""
        found = [(image, image.find("{*}Pixels")) for image in self.document.root.iterchildren("{*}Image")]
        return [(image, pixels) for image, pixels in found if pixels is not None]

    def shown(self, file: str) -> str:
        """The present name of a file of the set."""
        return self.document.path.name if file in self.document.own else file

    def page_count(self, file: str) -> int:
        """How many pages a file of the set has."""
        return len(self._tiff(file).pages)

    def page(self, file: str, number: int) -> Any:
        """A page of a file of the set; ValueError where it has none of that number."""
        pages = self._tiff(file).pages
        try:
            return pages[number]
        except IndexError as error:
            raise ValueError(f"{self.shown(file)} has no page {number}") from error

    def _tiff(self, file: str) -> Any:
        from tifffile import TiffFile

        name = self.shown(file)
        if name in self._open:
            self._open.move_to_end(name)
            return self._open[name][1]
        if not is_plain_name(name):
            raise ValueError(f"its OME-XML names {name!r}, which is no file beside it")
        stream = open_regular(self.document.path.with_name(name))
        try:
            tiff = TiffFile(stream, name=name, is_ome=False, is_mmstack=False)
        except BaseException:
            stream.close()
            raise
        self._open[name] = (stream, tiff)
        while len(self._open) > _MOST_OPEN:
            self._close(self._open.popitem(last=False)[1])
        return tiff

    def close(self) -> None:
        """Close all files."""
        while self._open:
            self._close(self._open.popitem()[1])

    @staticmethod
    def _close(opened: tuple[Any, Any]) -> None:
        stream, tiff = opened
        tiff.close()
        stream.close()
