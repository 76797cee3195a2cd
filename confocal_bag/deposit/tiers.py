"""Which tier each file belongs to, and why; and where in the payload it goes.

In order: what deposit.yaml says of the file, a folder named after a tier, then rules by name and format.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.image.format_table import FORMATS, ZARR_TOPS, Format, Kind
from confocal_bag.vocabulary import Tier

__all__ = [
    "TierChoice",
    "TierEntries",
    "choose_tier",
    "folded",
    "has_microscope_extension",
    "image_folder",
    "litter_reason",
    "payload_paths",
    "tier_folder",
]

_FOLDER_NAMES = {
    "raw": Tier.RAW,
    "raw data": Tier.RAW,
    "rawdata": Tier.RAW,
    "transformed": Tier.TRANSFORMED,
    "transformed data": Tier.TRANSFORMED,
    "processed": Tier.PROCESSED,
    "processed data": Tier.PROCESSED,
    "readme": Tier.README,
    "metadata": Tier.METADATA,
}

#: Words in an image's name that say it was worked on after acquisition.
_WORKED_ON = re.compile(
    r"(?:^|[^a-z])(?:max|avg|sum|min|std|mip|merged?|composite|overlay|montage|projection|projected|masks?|segmented"
    r"|segmentation|labels?|rois?|figure|fig|annotated|cropped|processed|deconvolved|decon|stitched|scale-?bar)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_README_NAME = re.compile(r"read[ _-]?me|protocol|methods?|notes?|description|legend", re.IGNORECASE)

_MICROSCOPE_EXTENSIONS = tuple(
    extension for one in FORMATS.values() if one.kind is Kind.IMAGE and not one.open for extension in one.extensions
)
_LITTER = {
    ".ds_store": "macOS folder settings",
    "thumbs.db": "Windows thumbnail cache",
    "ehthumbs.db": "Windows thumbnail cache",
    "desktop.ini": "Windows folder settings",
    ".localized": "macOS folder settings",
    ".directory": "KDE folder settings",
    "icon\r": "macOS folder icon",
}
_LITTER_FOLDERS = {
    "__macosx": "macOS archive leftovers",
    ".spotlight-v100": "macOS search index",
    ".trashes": "macOS trash",
    ".fseventsd": "macOS event log",
    "$recycle.bin": "Windows trash",
    "system volume information": "Windows volume data",
    "@eadir": "network storage thumbnails",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChoice:
    """A tier and the reason for it, in words for the curator."""

    tier: Tier
    reason: str


class TierEntries:
    """What the entries under `files:` of deposit.yaml say of tiers, as (path or pattern, tier) pairs."""

    def __init__(self, entries: Sequence[tuple[str, Tier]] = ()) -> None:
        self._entries = entries
        self._finder = FileEntries(pattern for pattern, _ in entries)

    def choice(self, path: PurePosixPath) -> TierChoice | None:
        """The tier that an entry gives to a file; None where no entry speaks of it."""
        index = self._finder.index_for(path)
        if index is None:
            return None
        pattern, tier = self._entries[index]
        return TierChoice(tier=tier, reason=f'deposit.yaml says so ("{pattern}")')


def choose_tier(path: PurePosixPath, file_format: Format, entries: TierEntries | None = None) -> TierChoice:
    """The one tier a file belongs to."""
    said = entries.choice(path) if entries else None
    ruled = _by_rule(path, file_format)
    # An entry that agrees with the rules adds nothing; the rules say why.
    return said if said and said.tier is not ruled.tier else ruled


def _by_rule(path: PurePosixPath, file_format: Format) -> TierChoice:
    named = tier_folder(path)
    if named:
        folder, tier = named
        return TierChoice(tier=tier, reason=f'it lies in the folder "{folder}"')
    return _by_format(path, file_format)


def tier_folder(path: PurePosixPath) -> tuple[str, Tier] | None:
    """The outermost folder of a path that is named after a tier, and that tier."""
    for part in path.parts[:-1]:
        tier = _FOLDER_NAMES.get(re.sub(r"[ _-]+", " ", part.strip().lower()))
        if tier:
            return part, tier
    return None


def has_microscope_extension(path: PurePosixPath) -> bool:
    """Whether a name promises an image in a microscope maker's own format."""
    return path.name.lower().endswith(_MICROSCOPE_EXTENSIONS)


def image_folder(path: PurePosixPath) -> tuple[str, Tier] | None:
    """The folder a file lies in when that folder, not the file, is the image; and the tier of such an image.

    An Olympus OIF keeps its planes in NAME.oif.files, an OME-Zarr is a folder altogether. None for the file at the
    top of a Zarr that stands for it.
    """
    whole = _enclosing_image(path)
    return None if whole and path.name in ZARR_TOPS and path.parent.name == whole[0] else whole


def _enclosing_image(path: PurePosixPath) -> tuple[str, Tier] | None:
    for part in path.parts[:-1]:
        lower = part.lower()
        if lower.endswith((".oif.files", ".oib.files")):
            return part, Tier.RAW
        if lower.endswith(".zarr"):
            return part, Tier.TRANSFORMED
    return None


#: The folder of the metadata tier where each file is taken for the sidecar of an image in the bag.
_OF_SIDECARS = "ome"

#: For the kinds of file whose tier needs no second look: the tier, and the reason after the name of the format.
_TIER_OF_KIND = {
    Kind.COMPANION: (Tier.RAW, "it belongs to a microscope image"),
    Kind.TABLE: (Tier.PROCESSED, "a product of analysis"),
    Kind.SCRIPT: (Tier.PROCESSED, "a product of analysis"),
    Kind.ROI: (Tier.PROCESSED, "a product of analysis"),
    Kind.MOVIE: (Tier.PROCESSED, "a product of analysis"),
    Kind.ARCHIVE: (Tier.RAW, "an archive is kept as received"),
    Kind.UNKNOWN: (Tier.RAW, "what it is is not known, so it is kept as received"),
}


def _by_format(path: PurePosixPath, file_format: Format) -> TierChoice:
    whole = _enclosing_image(path)
    if whole:
        return TierChoice(tier=whole[1], reason=f'it is part of the image "{whole[0]}"')
    if file_format.kind is Kind.IMAGE:
        return _image_tier(path, file_format)
    if has_microscope_extension(path):
        reason = f"it is called a microscope image but is {file_format.name}; kept as received"
        return TierChoice(tier=Tier.RAW, reason=reason)
    if file_format.kind is Kind.DOCUMENT:
        return _document_tier(path, file_format)
    if file_format.id == "ome-xml" and path.suffix.lower() == ".xml":
        # One that is called .ome may hold the pixels too, and goes with the images.
        return TierChoice(tier=Tier.METADATA, reason=f"{file_format.name}: structured metadata")
    tier, reason = _TIER_OF_KIND[file_format.kind]
    return TierChoice(tier=tier, reason=f"{file_format.name}: {reason}")


def _image_tier(path: PurePosixPath, file_format: Format) -> TierChoice:
    if not file_format.open:
        return TierChoice(tier=Tier.RAW, reason=f"{file_format.name}: the microscope's own format")
    if _WORKED_ON.search(path.name):
        return TierChoice(tier=Tier.PROCESSED, reason="its name says it was worked on after acquisition")
    if "tiff" in file_format.id or "zarr" in file_format.id:
        return TierChoice(tier=Tier.TRANSFORMED, reason=f"{file_format.name}: an open copy of image data")
    return TierChoice(tier=Tier.PROCESSED, reason=f"{file_format.name}: a picture made from image data")


def _document_tier(path: PurePosixPath, file_format: Format) -> TierChoice:
    structured = file_format.mime.endswith(("xml", "json", "yaml")) or path.suffix.lower() in (".xml", ".json", ".yaml")
    if structured and not _README_NAME.search(path.name):
        return TierChoice(tier=Tier.METADATA, reason=f"{file_format.name}: structured metadata")
    return TierChoice(tier=Tier.README, reason=f"{file_format.name}: documentation for people")


def litter_reason(path: PurePosixPath) -> str | None:
    """Why a file is operating-system litter, or None when it is not."""
    for part in path.parts[:-1]:
        if part.lower() in _LITTER_FOLDERS:
            return _LITTER_FOLDERS[part.lower()]
    name = path.name.lower()
    if name.startswith("._"):
        return "macOS resource fork"
    if name.startswith("~$"):
        return "lock file of an open Office document"
    return _LITTER.get(name)


def payload_paths(
    tiers: Mapping[PurePosixPath, Tier], reserved: Iterable[PurePosixPath] = ()
) -> dict[PurePosixPath, PurePosixPath]:
    """Where each file goes below data/.

    A leading folder named after the file's tier is not repeated. A file whose place is `reserved` for one that the
    bag generates, or taken by another file, or among the bag's own sidecars, goes into a folder "depositor" of its
    tier instead.
    """
    taken = _Taken()
    for path in reserved:
        taken.add(path)
    places: dict[PurePosixPath, PurePosixPath] = {}
    for path in sorted(tiers, key=lambda one: (_leading_tier(one) is None, str(one))):
        places[path] = next(place for place in _wishes(path, tiers[path]) if taken.is_free(place))
        taken.add(places[path])
    return places


class _Taken:
    """The names in use, as systems see them that ignore case and Unicode form."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, path: PurePosixPath) -> None:
        self._files.add(folded(path))
        self._folders.update(map(folded, path.parents))

    def is_free(self, path: PurePosixPath) -> bool:
        """Whether a file can be put here without meeting a file or folder of that name."""
        name = folded(path)
        return not (
            name in self._files
            or name in self._folders
            or any(folded(parent) in self._files for parent in path.parents)
        )


def _wishes(path: PurePosixPath, tier: Tier) -> Iterator[PurePosixPath]:
    """The places a file would take, best first; there is always one more."""
    rest = PurePosixPath(*path.parts[1:]) if _leading_tier(path) is tier else path
    if tier is not Tier.METADATA or folded(rest).partition("/")[0] != _OF_SIDECARS:
        yield PurePosixPath(tier.value) / rest
    yield PurePosixPath(tier.value) / "depositor" / rest
    for number in count(2):
        yield PurePosixPath(tier.value) / f"depositor-{number}" / rest


def _leading_tier(path: PurePosixPath) -> Tier | None:
    named = tier_folder(PurePosixPath(*path.parts[:2])) if len(path.parts) > 1 else None
    return named[1] if named else None


def folded(path: PurePosixPath) -> str:
    """A path spelled so that names are equal which some systems cannot tell apart (letter case, Unicode form)."""
    return unicodedata.normalize("NFC", str(path)).casefold()
