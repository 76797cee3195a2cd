"""Hashing every listed file of a bag, and comparing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from confocal_bag.bag.bag import Bag
from confocal_bag.bag.digester import Fixity, OnBytes
from confocal_bag.bag.listed import Listed

__all__ = ["Mismatch", "Verification", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A file whose digest is not the one a manifest lists."""

    file: str
    manifest: str
    expected: str
    seen: str


@dataclass(kw_only=True)
class Verification:
    """The outcome of hashing: every mismatch, every file that could not be read, and how much was read."""

    mismatches: list[Mismatch] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    resized: dict[str, int] = field(default_factory=dict)
    bytes_hashed: int = 0


def verify(bag: Bag, listed: Sequence[Listed], *, jobs: int, on_bytes: OnBytes | None) -> Verification:
    """Hash every listed file once for all the manifests that list it, and compare.

    In an archive the other files are read too, for they can be damaged in a way that only reading shows.
    """
    outcome = Verification()
    files = bag.source.files
    verifiable = [one for one in listed if one.manifest.is_verifiable]
    wanted = _wanted(verifiable, files)
    if bag.source.is_archive:
        wanted |= dict.fromkeys(files.keys() - wanted.keys(), ())
    for path, fixity in bag.source.fixities(wanted, jobs=jobs, on_bytes=on_bytes):
        if not isinstance(fixity, Fixity):
            outcome.unreadable[path] = fixity.strerror or str(fixity)
            continue
        outcome.bytes_hashed += fixity.size if wanted[path] else 0
        if fixity.size != files[path]:
            outcome.resized[path] = fixity.size
        outcome.mismatches += _mismatches(path, fixity, verifiable) if wanted[path] else []
    return outcome


def _wanted(listed: Sequence[Listed], files: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """The algorithms each file is to be hashed by."""
    wanted: dict[str, tuple[str, ...]] = {}
    longer: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}
    for one in listed:
        algorithm = one.manifest.algorithm
        for path in one.comparable(files):
            before = wanted.get(path, ())
            if algorithm not in before:
                # One tuple for all files that are alike: there may be a million of them.
                wanted[path] = longer.setdefault((before, algorithm), (*before, algorithm))
    return wanted


def _mismatches(path: str, fixity: Fixity, listed: Sequence[Listed]) -> list[Mismatch]:
    return [
        Mismatch(file=path, manifest=one.manifest.name, expected=digest, seen=fixity.digests[one.manifest.algorithm])
        for one in listed
        for digest in one.digests(path)
        if digest != fixity.digests.get(one.manifest.algorithm, digest)
    ]
