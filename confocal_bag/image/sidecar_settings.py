"""Whether a sidecar says of an image what the image's own header says, fact by fact.

`compare_sidecar` holds sizes, pixel type and pixel size against the pixels themselves; this holds everything else,
objective, lasers, detectors, channels, dates and annotations, against what the header is read as today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.annotations import ACQUISITION, CHANNEL, LAYOUT, MODULO
from confocal_bag.image.acquisition.build import CREATOR
from confocal_bag.image.document_facts import image_facts
from confocal_bag.image.meaning_note import PIXELS
from confocal_bag.image.numbering import image_number
from confocal_bag.image.sidecar import DESCRIBED_BY, PROCESSING
from confocal_bag.image.undescribed import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Element
    from ome_types import OME

    from confocal_bag.image.document_facts import Value

__all__ = ["Disagreement", "compare_settings"]

#: Where only headers speak. Depositors speak of channels under CHANNEL too, but then of the image, not of its channel.
_OF_HEADERS = tuple(f"{{{space}}}" for space in (ACQUISITION, LAYOUT, MODULO, PIXELS, PAGES))

_OF_TAGS = tuple(f"{{{space}}}" for space in (PIXELS, PAGES))
_ALL = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One difference, as a sentence.

    `certain` means that one of the two was changed. Another version of a program may read a header better, so that a
    sidecar of its making can differ from what is read today and nobody changed anything.
    """

    sentence: str
    certain: bool


def compare_settings(sidecar: bytes, ome: OME) -> Iterator[Disagreement]:
    """Where a sound sidecar says otherwise than the document that its file makes today.

    A sidecar of this very version must hold every fact of the document, and none more but what depositors add under
    namespaces of their own; of a document that another program wrote into the file, that is so of what its tags and
    pages say. Of any other, only contradictions are told. Documents of another number of images are left
    to `compare_sidecar`.
    """
    from ome_types import to_xml

    written, document = _root(sidecar), _root(to_xml(ome, indent=0).encode("utf-8"))
    if len(written.findall("{*}Image")) != len(ome.images):
        return
    same, ours = written.get("Creator") == document.get("Creator"), ome.creator == CREATOR
    # Of a document that another program wrote, only what we found in the file's tags is ours to vouch for.
    whole = (_ALL if ours else _OF_TAGS) if same else ()
    certain = same and (ours or _described_by(written) == CREATOR)
    for number in range(len(ome.images)):
        place = image_number(number, len(ome.images))
        said, found = dict(image_facts(written, number)), dict(image_facts(document, number))
        for sentence, one_sided in _differences(said, found, whole=whole):
            yield Disagreement(sentence=f"{place.capitalize()}: {sentence}", certain=certain if one_sided else same)


def _differences(
    said: Mapping[str, Value], found: Mapping[str, Value], *, whole: tuple[str, ...]
) -> Iterator[tuple[str, bool]]:
    """The sentences, and whether one of the two says nothing, which is told of keys that have a word of `whole`."""
    for key, value in found.items():
        if key not in said:
            if any(one in key for one in whole):
                yield f"the sidecar does not say {_plain(key)}; the file has {value}.", True
        elif not value.agrees(said[key]):
            yield f"the sidecar says {_plain(key)} {said[key]}; the file has {value}.", False
    for key in sorted(said.keys() - found.keys()):
        if _is_of_the_header(key) and any(one in key for one in whole):
            yield f"the sidecar says {_plain(key)} {said[key]}; the file does not record it.", True


def _described_by(document: Element) -> str | None:
    pairs = document.iterfind(f".//{{*}}MapAnnotation[@Namespace='{PROCESSING}']/{{*}}Value/{{*}}M")
    return next((pair.text for pair in pairs if pair.get("K") == DESCRIBED_BY), None)


def _is_of_the_header(key: str) -> bool:
    of_a_channel = key.startswith("Pixels/") and f"{{{CHANNEL}}}" in key
    return "{" not in key or of_a_channel or any(space in key for space in _OF_HEADERS)


def _root(content: bytes) -> Element:
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _plain(key: str) -> str:
    """The key without the namespaces of annotations, which are no help to a reader."""
    before, brace, rest = key.partition("{")
    return before + rest.partition("}")[2] if brace else key
