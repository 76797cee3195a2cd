"""What a profile can ask about a bag that has been read."""

from collections.abc import Iterator, Sequence

from confocal_bag.bag.bag import MANIFEST_NAME, MAX_INFO_BYTES, Bag
from confocal_bag.bag.bag_info import parse_bag_info
from confocal_bag.bag.digester import normalise_algorithm
from confocal_bag.bag.profiles.model import ProfileSubject

__all__ = ["profile_subject"]


def profile_subject(bag: Bag, *, serialization: str | None) -> ProfileSubject:
    """The bag as the rules of profiles see it; `serialization` is its MIME type, None for a folder."""

    def tag_fields(path: str) -> Sequence[tuple[str, str]] | None:
        name = path if path in bag.tag_files else next(_same_but_case(bag, path), None)
        if name is None:
            return None
        encoding = "UTF-8" if name == "bagit.txt" else bag.encoding
        return parse_bag_info(bag.source.read(name, limit=MAX_INFO_BYTES), encoding, bag.version).fields

    return ProfileSubject(
        bagit_version=".".join(map(str, bag.version)),
        bag_info=bag.bag_info,
        manifests=_algorithms(bag, "manifest"),
        tag_manifests=_algorithms(bag, "tagmanifest"),
        tag_files=tuple(bag.tag_files),
        payload=bag.payload,
        has_fetch="fetch.txt" in bag.tag_files,
        serialization=serialization,
        tag_fields=tag_fields,
    )


def _same_but_case(bag: Bag, path: str) -> Iterator[str]:
    """Tag files whose names differ from the wanted one in capitals only, as profiles write them either way."""
    return (name for name in bag.tag_files if name.casefold() == path.casefold())


def _algorithms(bag: Bag, kind: str) -> tuple[str, ...]:
    """The algorithms of the manifests that are there, read or not: a fast check reads none."""
    names = (MANIFEST_NAME.fullmatch(name) for name in bag.tag_files if "/" not in name)
    return tuple(normalise_algorithm(name[2]) for name in names if name and name[1].lower() == kind)
