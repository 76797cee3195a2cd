"""What the depositor says of an image, in the form a sidecar carries it: annotations that name deposit.yaml.

They stand beside what the image header records and are never mixed with it, so that whoever reads the sidecar, and
`validate`, which holds the rest of it against the image, can tell the two apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.deposit.description.channel_ids import expanded_ids
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.exports.identities import dataset_identifiers, identifier_uri, orcid_uri
from confocal_bag.deposit.exports.recorded import answer
from confocal_bag.deposit.exports.rights import rights_of
from confocal_bag.deposit.exports.said_pairs import (
    acquisition_pairs,
    channel_pairs,
    instrument_pairs,
    setting_pairs,
    specimen_pairs,
)
from confocal_bag.deposit.file_entries import FileEntries

if TYPE_CHECKING:
    from confocal_bag.deposit.description.microscope import (
        AcquisitionChannel,
        AcquisitionDescription,
        InstrumentDescription,
    )
    from confocal_bag.deposit.description.model import FileDescription
    from confocal_bag.deposit.description.sample import ChannelDescription, Specimen
    from confocal_bag.deposit.inventory import FileRecord
    from confocal_bag.deposit.sequences.statement import SequencesStatement
    from confocal_bag.image.sidecar import Note

__all__ = ["file_entries", "sequence_notes", "sidecar_notes"]

_BIOSAMPLE = "https://example.org/confocal-bag/ns/biosample/1"
_CHANNEL = "https://example.org/confocal-bag/ns/channel/1"
#: Another than that of settings from the header, which a sidecar may only repeat.
_ACQUISITION = "https://example.org/confocal-bag/ns/acquisition/described/1"
_SEQUENCE = "https://example.org/confocal-bag/ns/sequence/1"
_PROTOCOL = "https://example.org/confocal-bag/ns/protocol/1"
_DATASET = "https://example.org/confocal-bag/ns/dataset/1"
_SOURCE = {"Source": "deposit.yaml"}


def file_entries(description: Description) -> FileEntries:
    """The entries under `files:`, made ready once for all the images of a deposit."""
    return FileEntries(entry.path or "" for entry in description.files)


def sidecar_notes(
    description: Description,
    entries: FileEntries,
    path: PurePosixPath,
    *,
    position: int | None = None,
    record: "FileRecord | None" = None,
    is_compiled: bool = False,
) -> list["Note"]:
    """The depositor's facts about the image at `path` (as deposited): specimen, settings, channels, protocols, rights.

    A deposit with one specimen needs no entry under `files:`; with several, only the one the file's entry names is
    said of it. Where the entry names an acquisition for each image of the file, each image has notes of its own;
    `position` asks for those of one image alone, as the OME-TIFF of one series needs them. The `record` of the file
    says which zip file it lies in, and which channel of a sequence it is; an image that `is_compiled` of such files has
    the names of all.
    """
    index = entries.index_for(path)
    if index is None and record is not None and record.archive is not None:
        index = entries.index_for(record.archive)
    entry = None if index is None else description.files[index]
    by_name = is_compiled or (record is not None and record.named_channel is not None)
    several = len(entry.acquisition) if entry and len(entry.acquisition) > 1 else 0
    positions = [position] if position is not None else range(several or 1)
    notes: list[Note] = []
    for one in positions:
        acquisition = _acquisition(description, entry, one)
        specimen = _specimen(description, entry, acquisition)
        instrument = _instrument(description, acquisition)
        settings = dict(instrument_pairs(instrument)) if instrument else {}
        settings |= dict(acquisition_pairs(acquisition)) if acquisition else {}
        found = [
            (_BIOSAMPLE, dict(specimen_pairs(specimen)) if specimen else {}),
            (_ACQUISITION, settings),
            *((_CHANNEL, pairs) for pairs in _channels(description, acquisition, record, by_name=by_name)),
        ]
        notes += _notes(found, series_index=one if several and position is None else None)
    return [*notes, *_notes(_of_dataset(description))]


def _notes(found: Iterable[tuple[str, Mapping[str, str]]], *, series_index: int | None = None) -> Iterator["Note"]:
    """The pairs that say something, each with its source."""
    from confocal_bag.image.sidecar import Note

    for namespace, pairs in found:
        if pairs:
            yield Note(namespace=namespace, series_index=series_index, pairs={**pairs, **_SOURCE})


def _of_dataset(description: Description) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Protocols, rights, and the dataset that the image belongs to."""
    from confocal_bag.image.sidecar import RIGHTS

    licence = [one.spdx or one.name for one in rights_of(description.license)]
    held = [*(text for text in licence if answer(text)), description.license.statement]
    dataset = {
        "Dataset": description.title,
        "Identifier": "; ".join(identifier_uri(*one) for one in dataset_identifiers(description.identifier)),
        "Creators": "; ".join(_people(description)),
    }
    yield _PROTOCOL, dict(_protocol_pairs(description))
    rights = {"RightsHolder": description.license.holder, "RightsHeld": ". ".join(filter(None, map(answer, held)))}
    yield RIGHTS, _known(rights)
    yield _DATASET, _known(dataset)


def _known(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {key: text for key, told in texts.items() if (text := answer(told))}


def _people(description: Description) -> Iterator[str]:
    """The creators with their ORCID iDs."""
    for one in description.creators:
        orcid = orcid_uri(one.orcid)
        if one.inverted_name:
            yield f"{one.inverted_name} ({orcid})" if orcid else one.inverted_name


def sequence_notes(statement: "SequencesStatement | None", path: str) -> list["Note"]:
    """What the name of an image says of its place in a sequence, or of the sequence an image is made of.

    `path` is that of the image in the bag.
    """
    from confocal_bag.image.sidecar import Note

    found = statement.of_file(path) if statement else None
    return [Note(namespace=_SEQUENCE, pairs=found.told_of(path))] if found else []


def _acquisition(
    description: Description, entry: "FileDescription | None", position: int
) -> "AcquisitionDescription | None":
    """What is said of how the image at `position` in the file was taken."""
    wanted = entry.acquisition_of(position) if entry else None
    if wanted:
        return next((one for one in description.acquisitions if one.id == wanted), None)
    return description.acquisitions[0] if len(description.acquisitions) == 1 else None


def _specimen(
    description: Description, entry: "FileDescription | None", acquisition: "AcquisitionDescription | None"
) -> "Specimen | None":
    wanted = (entry.specimen if entry else None) or (acquisition.specimen if acquisition else None)
    if wanted:
        return next((one for one in description.specimens if one.id == wanted), None)
    return description.specimens[0] if len(description.specimens) == 1 else None


def _instrument(
    description: Description, acquisition: "AcquisitionDescription | None"
) -> "InstrumentDescription | None":
    wanted = acquisition.instrument if acquisition else None
    if wanted:
        return next((one for one in description.instruments if one.id == wanted), None)
    return description.instruments[0] if len(description.instruments) == 1 else None


def _channels(
    description: Description,
    acquisition: "AcquisitionDescription | None",
    record: "FileRecord | None",
    *,
    by_name: bool,
) -> Iterator[Mapping[str, str]]:
    """What is said of each channel of an image; of a file that is one channel of a sequence, of that alone.

    A name alone is only told of files that are told apart `by_name`, for which no header has one.
    """
    for channel, setting in _channels_of(description, acquisition, record):
        pairs = dict(channel_pairs(channel)) if channel else {}
        of_setting = dict(setting_pairs(setting)) if setting else {}
        if channel is None and setting is not None and setting.channel and of_setting:
            pairs = {"Channel described": setting.channel}
        if of_setting or set(pairs) - {"Channel described", "Channel"} or (by_name and channel and channel.name):
            yield {**pairs, **of_setting}


def _channels_of(
    description: Description, acquisition: "AcquisitionDescription | None", record: "FileRecord | None"
) -> Iterator[tuple["ChannelDescription | None", "AcquisitionChannel | None"]]:
    if record is not None and record.named_channel is not None and record.images:
        of_image = DescriptionIndex(description).image(record, record.images[0], 0)
        yield from zip(of_image.channels, of_image.settings, strict=True)
        return
    settings = acquisition.channels if acquisition else ()
    used = {name for one in settings for name in expanded_ids(one.channel)}
    told: set[str] = set()
    for channel in description.channels:
        names = set(expanded_ids(channel.id))
        if not used or not used.isdisjoint(names):
            own = [one for one in settings if not names.isdisjoint(expanded_ids(one.channel))]
            told |= names
            yield channel, own[0] if len(own) == 1 else None
            yield from ((None, one) for one in own if len(own) > 1)
    yield from ((None, one) for one in settings if told.isdisjoint(expanded_ids(one.channel)))


def _protocol_pairs(description: Description) -> Iterator[tuple[str, str]]:
    steps = {
        "Sample preparation": description.protocols.sample_preparation,
        "Acquisition": description.protocols.acquisition,
        "Processing": description.protocols.processing,
    }
    for key, protocol in steps.items():
        said = "; ".join(filter(None, map(answer, (protocol.text, protocol.link))))
        if answer(said):
            yield key, said
