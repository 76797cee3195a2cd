"""The pixels of one TIFF page, straight out of the file where they lie there as they are."""

from typing import Any

import numpy as np
import numpy.typing as npt

from confocal_bag.image.readers.jpeg_size import check_jpeg_sizes

__all__ = ["page_pixels"]


def page_pixels(page: Any) -> npt.NDArray[np.generic]:
    """The decoded page as rows, columns and, for colour, samples; ValueError where its data are cut short."""
    check_jpeg_sizes(page)
    pixels: npt.NDArray[np.generic] = page.asarray()
    if page.samplesperpixel > 1 and page.planarconfig == 2:
        return np.moveaxis(pixels.reshape(page.samplesperpixel, page.imagelength, page.imagewidth), 0, -1)
    return pixels.reshape(page.imagelength, page.imagewidth, *([page.samplesperpixel][: page.samplesperpixel > 1]))
