"""What ZEN records that it computed from the images of a CZI after they were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.annotations import PROCESSING_KEY
from confocal_bag.image.acquisition.values import positive, text
from confocal_bag.image.acquisition.xml import path_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

__all__ = ["processing_notes"]

_AIRYSCAN = "Information/Processing/Airyscan"


def processing_notes(metadata: Element) -> dict[str, str]:
    """Airyscan processing with its settings, as an annotation of the image; nothing where none is recorded."""
    if metadata.find(_AIRYSCAN) is None:
        return {}
    details = [
        *_details(metadata, "super-resolution parameter {}", "SuperResolutionParameter", _number),
        *_details(metadata, "{} deconvolution", "DeconvolutionType", text),
    ]
    settings = f" ({', '.join(details)})" if details else ""
    return {PROCESSING_KEY: f"Airyscan processing{settings}"}


def _details(metadata: Element, words: str, name: str, read: Callable[[str], str | None]) -> list[str]:
    """One setting in words, where all channels that have it have the same."""
    values = {read(one) for one in path_texts(metadata, f"{_AIRYSCAN}/Channels/Channel/{name}")}
    return [words.format(value) for value in values if value] if len(values) == 1 else []


def _number(value: str) -> str | None:
    number = positive(value)
    return None if number is None else f"{number:g}"
