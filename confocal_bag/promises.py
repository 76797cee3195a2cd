"""What a bag of this program promises beyond BagIt: tiers, sidecars that fit their images, planes that are equal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.findings import (
    RULES,
    CannotFinish,
    Check,
    Finding,
    NotApplicable,
    Problem,
    Severity,
    Skipped,
    readable_path,
    rule,
    run_rules,
)
from confocal_bag.progress import SILENT, Progress
from confocal_bag.vocabulary import Tier

if TYPE_CHECKING:
    from confocal_bag.image.formats import Format
    from confocal_bag.image.sidecar_check import SidecarFacts, SidecarImage

__all__ = ["PackedBag", "check_promises"]

_SIDECARS = PurePosixPath("metadata/ome")
_SUFFIX = ".ome.xml"
_BESIDE_TIERS = ("ro-crate-metadata.json", "ro-crate-preview.html", "ro-crate-preview_files")
_MOST_SIDECAR_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class PackedBag:
    """A bag folder as the promise rules see it. `payload` holds paths below data/; nothing is opened before it is asked for."""

    root: Path
    payload: tuple[PurePosixPath, ...]
    open_images: bool = True
    read_pixels: bool = False
    progress: Progress = SILENT

    def local(self, path: PurePosixPath) -> Path:
        """Where a payload file lies on this machine."""
        return self.root / "data" / path

    @cached_property
    def images(self) -> Mapping[PurePosixPath, "Format"]:
        """The payload files that are images this program reads, with their formats."""
        from confocal_bag.deposit.tiers import image_folder
        from confocal_bag.image.formats import identify
        from confocal_bag.image.readers.choice import READERS

        tiers = (Tier.RAW.value, Tier.TRANSFORMED.value, Tier.PROCESSED.value)
        candidates = [path for path in self.payload if path.parts[0] in tiers and not image_folder(path)]
        formats = {path: identify(self.local(path)) for path in candidates}
        return {path: known for path, known in formats.items() if known.id in READERS}

    @cached_property
    def sidecars(self) -> Mapping[PurePosixPath, PurePosixPath]:
        """Each sidecar and the image it speaks of, both below data/."""
        found = [path for path in self.payload if path.is_relative_to(_SIDECARS) and path.name.endswith(_SUFFIX)]
        return {path: _described_by(path) for path in found}

    @cached_property
    def contents(self) -> Mapping[PurePosixPath, bytes]:
        """The bytes of each sidecar of reasonable size."""
        return {path: self._read(path) for path in self.sidecars}

    @cached_property
    def facts(self) -> Mapping[PurePosixPath, "SidecarFacts"]:
        """What each readable sidecar says, by the path of its image."""
        from confocal_bag.image.sidecar_check import check_sidecar, read_sidecar

        readable = {path: content for path, content in self.contents.items() if not any(check_sidecar(content))}
        return {self.sidecars[path]: read_sidecar(content) for path, content in readable.items()}

    def _read(self, path: PurePosixPath) -> bytes:
        try:
            with self.local(path).open("rb") as stream:
                content = stream.read(_MOST_SIDECAR_BYTES + 1)
        except OSError as error:
            raise CannotFinish(f"{path} cannot be read: {error.strerror}. Check the disk and its permissions.") from error
        return content if len(content) <= _MOST_SIDECAR_BYTES else b""


def check_promises(bag: PackedBag) -> tuple[list[Check], list[Finding]]:
    """Run every rule of this module."""
    return run_rules([one for one in RULES.values() if one.run.__module__ == __name__], bag)


def _described_by(sidecar: PurePosixPath) -> PurePosixPath:
    inner = sidecar.relative_to(_SIDECARS)
    return inner.with_name(inner.name.removesuffix(_SUFFIX))


@rule("tier.outside", severity=Severity.ERROR, reference="design of the tier layout")
def outside(bag: PackedBag) -> Iterator[Problem]:
    """A payload file lies in none of the five tiers.

    The payload of a confocal bag holds the folders raw, transformed, processed, readme and metadata, and beside them
    only an RO-Crate description.
    """
    tiers = {tier.value for tier in Tier}
    for path in bag.payload:
        if path.parts[0] not in _BESIDE_TIERS and (len(path.parts) == 1 or path.parts[0] not in tiers):
            shown = readable_path(path)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} lies in none of the tiers raw, transformed, processed, readme, metadata.",
                remedy="Rebuild the bag from the deposit; a file of the deposit belongs to exactly one tier.",
            )


@rule("tier.no-readme", severity=Severity.ERROR, reference="DCN Confocal Microscopy primer: documentation")
def no_readme(bag: PackedBag) -> Iterator[Problem]:
    """The bag has no readme at the level of the dataset, which the primer asks for at every practice level."""
    if not any(path.parts[0] == Tier.README and len(path.parts) == 2 for path in bag.payload):
        yield Problem(
            message="data/readme/ holds no readme; one for the whole dataset was expected.",
            remedy="Rebuild the bag; confocal-bag writes data/readme/README.txt.",
        )


@rule("tier.not-transformed", severity=Severity.WARNING, reference="DCN Confocal Microscopy primer: preservation actions")
def not_transformed(bag: PackedBag) -> Iterator[Problem]:
    """A raw image in a proprietary format has no transformed copy whose planes are equal to it.

    The copy is recognised by its plane digests, as the sidecars of both record them, never by its name.
    """
    transformed = {
        _digests(image)
        for path, facts in bag.facts.items()
        if path.parts[0] == Tier.TRANSFORMED
        for image in facts.images
    }
    for path, known in bag.images.items():
        if path.parts[0] != Tier.RAW or known.open:
            continue
        described = bag.facts.get(path)
        series = [_digests(image) for image in described.images] if described else []
        missing = sum(1 for digests in series if not digests or digests not in transformed)
        if missing or not series:
            shown = readable_path(path)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} is {known.name}, and {missing or 'none'} of its {len(series) or 'unread'} series "
                "has no transformed copy with equal planes.",
                remedy="Convert it with `confocal-bag convert`, or ask the depositor for a TIFF export.",
            )


def _digests(image: "SidecarImage") -> tuple[str, ...]:
    """The plane digests of an image in the order of its planes."""
    return tuple(image.plane_hashes[place] for place in sorted(image.plane_hashes, key=_plane_order))


def _plane_order(place: tuple[int, int, int]) -> tuple[int, int, int]:
    """XYCZT: t slowest, then z, then c."""
    t, c, z = place
    return t, z, c


@rule("image.sidecar-missing", severity=Severity.WARNING, reference="DCN Confocal Microscopy primer: metadata standards")
def sidecar_missing(bag: PackedBag) -> Iterator[Problem]:
    """An image has no OME-XML sidecar in data/metadata/ome."""
    described = set(bag.sidecars.values())
    for path in bag.images:
        if path not in described:
            shown = readable_path(path)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} has no sidecar data/{_SIDECARS}/{shown}{_SUFFIX}.",
                remedy="If the image can be read, rebuild the bag; if not, the readme should say so.",
            )


@rule("image.sidecar-orphan", severity=Severity.ERROR)
def sidecar_orphan(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar describes a file that is not in the bag."""
    payload = set(bag.payload)
    for sidecar, path in bag.sidecars.items():
        if path not in payload:
            shown = readable_path(sidecar)
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown} describes data/{readable_path(path)}, which is not in the bag.",
                remedy="Restore the image, or remove the sidecar and make the manifests anew.",
            )


@rule("image.sidecar-invalid", severity=Severity.ERROR, reference="OME-XML 2016-06")
def sidecar_invalid(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar is not valid OME-XML, so programs that read OME will refuse it."""
    from confocal_bag.image.sidecar_check import check_sidecar

    if not bag.sidecars:
        raise NotApplicable("the bag has no sidecars")
    for path, content in bag.contents.items():
        shown = readable_path(path)
        for sentence in check_sidecar(content):
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown}: {sentence}",
                remedy="Rebuild the bag; do not edit sidecars by hand.",
            )


@rule("image.sidecar-contradicts", severity=Severity.ERROR)
def sidecar_contradicts(bag: PackedBag) -> Iterator[Problem]:
    """A sidecar says other sizes, pixel type, channels or pixel size than the image file itself."""
    from confocal_bag.image.acquisition import describe_acquisition, records
    from confocal_bag.image.open import open_image
    from confocal_bag.image.sidecar_check import compare_sidecar

    if not bag.open_images:
        raise Skipped("images were not opened")
    if not bag.sidecars:
        raise NotApplicable("the bag has no sidecars")
    for path, known in bag.images.items():
        if path not in bag.facts:
            continue
        shown = readable_path(path)
        try:
            with open_image(bag.local(path), format=known) as image:
                sentences = list(compare_sidecar(bag.facts[path], records(image, describe_acquisition(image))))
        except CannotFinish as problem:
            sentences = [f"it has a sidecar but cannot be read: {problem}"]
        for sentence in sentences:
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown}: {sentence}",
                remedy="Find out which is right; one of the two was changed after packing.",
            )


@rule("image.planes-differ", severity=Severity.ERROR, reference="OME-XML 2016-06 Plane/HashSHA1")
def planes_differ(bag: PackedBag) -> Iterator[Problem]:
    """A plane of an image has another digest than its sidecar recorded when the bag was packed.

    Looked at with `--pixels`: every plane is decoded and hashed again, which proves the pixels whatever the
    manifests say.
    """
    from confocal_bag.image.convert import plane_digests

    if not bag.read_pixels:
        raise Skipped("pixels were not read; use --pixels")
    if not bag.facts:
        raise NotApplicable("no sidecar records plane digests")
    bag.progress.stage("Reading planes", sum(bag.local(path).stat().st_size for path in bag.images))
    for path in bag.images:
        facts = bag.facts.get(path)
        if facts is not None:
            try:
                yield from _compare_planes(path, facts, plane_digests(bag.local(path)))
            except CannotFinish as problem:
                yield Problem(path=f"data/{readable_path(path)}", message=str(problem), remedy="Restore it from a copy.")
        bag.progress.advance(bag.local(path).stat().st_size)


def _compare_planes(
    path: PurePosixPath, facts: "SidecarFacts", seen: Sequence[tuple[int, Mapping[str, int], str]]
) -> Iterator[Problem]:
    shown = readable_path(path)
    for index, image in enumerate(facts.images):
        promised = _digests(image)
        found = [(coordinates, digest) for series, coordinates, digest in seen if series == index]
        if not promised:
            continue
        if len(promised) != len(found):
            yield Problem(
                path=f"data/{shown}",
                message=f"data/{shown}, series {index}: {len(found)} planes can be read, {len(promised)} were packed.",
                remedy="Restore the file from another copy of the bag.",
            )
        for number, (expected, (coordinates, digest)) in enumerate(zip(promised, found, strict=False)):
            if expected != digest:
                place = ", ".join(f"{axis}={value}" for axis, value in coordinates.items()) or "the only one"
                yield Problem(
                    path=f"data/{shown}",
                    message=f"data/{shown}, series {index}, plane {number} ({place}): the pixels changed after packing; "
                    f"SHA-1 {digest}, expected {expected}.",
                    remedy="Restore the file from another copy of the bag.",
                    detail={"series": index, "plane": number, "coordinates": dict(coordinates)},
                )
