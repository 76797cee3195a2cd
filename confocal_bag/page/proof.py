"""Which planes of which images are proven: what the sidecars of an image and of its copy say of its pixels."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confocal_bag.page.kept import Kept

if TYPE_CHECKING:
    from confocal_bag.image.sidecar_check import SidecarFacts, SidecarImage

__all__ = ["ProofRow", "prove_planes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRow:
    """One of the images of a file, `of` so many. `planes` have a digest in its sidecar; `copy` is None without one.

    `equal` counts the planes whose digest is also in the sidecar of the copy; None without a copy.
    """

    image: str
    series: int
    of: int
    planes: int
    copy: str | None = None
    equal: int | None = None

    @property
    def is_proven(self) -> bool:
        """Whether every plane has a digest, and the copy the same ones."""
        return self.planes > 0 and self.equal in (None, self.planes)


def prove_planes(kept: Kept) -> list[ProofRow]:
    """A row for each series of each image with a sidecar; copies stand beside what they are copies of."""
    copies = {(one.source, one.series): one.copy for one in kept.conversions}
    copied = set(copies.values())
    return [
        row
        for path, facts in sorted(kept.sidecars.items())
        if path not in copied
        for row in _rows(path, facts, copies, kept.sidecars)
    ]


def _rows(
    path: str, facts: "SidecarFacts", copies: Mapping[tuple[str, int], str], sidecars: "Mapping[str, SidecarFacts]"
) -> Iterator[ProofRow]:
    for series, image in enumerate(facts.images):
        copy = copies.get((path, series))
        equal = None if copy is None else _equal(image, sidecars.get(copy))
        yield ProofRow(
            image=path, series=series, of=len(facts.images), planes=len(image.plane_hashes), copy=copy, equal=equal
        )


def _equal(image: "SidecarImage", copy: "SidecarFacts | None") -> int:
    """How many digests the copy has too, each counted as often as both have it."""
    copied = Counter(digest for one in copy.images for digest in one.plane_hashes.values()) if copy else Counter()
    return (Counter(image.plane_hashes.values()) & copied).total()
