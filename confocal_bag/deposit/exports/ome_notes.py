"""What the depositor says of an image, in the form a sidecar carries it."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confocal_bag.deposit.description.channel_ids import expanded_ids
from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.file_entries import FileEntries

if TYPE_CHECKING:
    from confocal_bag.deposit.description.microscope import AcquisitionDescription
    from confocal_bag.deposit.description.model import FileDescription
    from confocal_bag.deposit.description.sample import ChannelDescription, Specimen, Term
    from confocal_bag.deposit.inventory import FileRecord
    from confocal_bag.deposit.sequences.statement import SequencesStatement
    from confocal_bag.image.sidecar import Note

__all__ = ["file_entries", "sequence_notes", "sidecar_notes"]

_BIOSAMPLE = "https://example.org/confocal-bag/ns/biosample/1"
_CHANNEL = "https://example.org/confocal-bag/ns/channel/1"
_SEQUENCE = "https://example.org/confocal-bag/ns/sequence/1"
_PROTOCOL = "https://example.org/confocal-bag/ns/protocol/1"


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
    """The depositor's facts about the image at `path` (as deposited): specimen, channels, protocols.

    A deposit with one specimen needs no entry under `files:`; with several, only the one the file's entry names is
    said of it. Where the entry names an acquisition for each image of the file, each image has notes of its own;
    `position` asks for those of one image alone, as the OME-TIFF of one series needs them. The `record` of the file
    says which zip file it lies in, and which channel of a sequence it is; an image that `is_compiled` of such files has
    the names of all.
    """
    from confocal_bag.image.sidecar import Note

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
        found = [
            (_BIOSAMPLE, dict(_specimen_pairs(specimen)) if specimen else {}),
            *(
                (_CHANNEL, dict(_channel_pairs(channel, by_name=by_name)))
                for channel in _channels(description, acquisition, record)
            ),
        ]
        series = one if several and position is None else None
        notes += [Note(namespace=namespace, series_index=series, pairs=pairs) for namespace, pairs in found if pairs]
    protocol = dict(_protocol_pairs(description))
    return [*notes, Note(namespace=_PROTOCOL, pairs=protocol)] if protocol else notes


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


def _channels(
    description: Description, acquisition: "AcquisitionDescription | None", record: "FileRecord | None"
) -> Iterator["ChannelDescription"]:
    """What is said of the channels of an image; of a file that is one channel of a sequence, of that alone."""
    if record is not None and record.named_channel is not None and record.images:
        (own,) = DescriptionIndex(description).image(record, record.images[0], 0).channels
        if own is not None:
            yield own
        return
    used = {name for one in acquisition.channels for name in expanded_ids(one.channel)} if acquisition else set()
    for channel in description.channels:
        if not used or not used.isdisjoint(expanded_ids(channel.id)):
            yield channel


def _specimen_pairs(specimen: "Specimen") -> Iterator[tuple[str, str]]:
    yield from _term_pairs("Organism", specimen.organism)
    yield from _term_pairs("Material", specimen.material)
    yield from _term_pairs("Cell type", specimen.cell_type)
    yield from _term_pairs("Tissue", specimen.tissue)
    yield from _term_pairs("Cellular component", specimen.component)
    yield from _term_pairs("Fixation", specimen.fixation)
    texts = {
        "Origin": specimen.origin,
        "Strain": specimen.strain,
        "Genotype": specimen.genotype,
        "Sex": specimen.sex,
        "Age": specimen.age,
        "Developmental stage": specimen.stage,
        "Fixation.protocol": specimen.fixation.protocol,
        "Sectioning": specimen.sectioning.method,
        "Mounting medium": specimen.mounting.medium,
        "Coverslip": specimen.mounting.coverslip,
        "Treatment": "; ".join(specimen.treatment),
    }
    yield from ((key, text) for key, text in texts.items() if text)


def _term_pairs(key: str, term: "Term") -> Iterator[tuple[str, str]]:
    if term.name:
        yield key, term.name
    if term.term:
        yield f"{key}.term", term.term


def _channel_pairs(channel: "ChannelDescription", *, by_name: bool) -> Iterator[tuple[str, str]]:
    """What is said of a channel; a name alone only where no header has one, for files told apart `by_name`."""
    texts = {"Channel described": channel.name or channel.id, "Target": channel.target, "Probe": channel.probe}
    if channel.target or channel.probe or (by_name and channel.name):
        yield from ((key, text) for key, text in texts.items() if text)


def _protocol_pairs(description: Description) -> Iterator[tuple[str, str]]:
    steps = {
        "Sample preparation": description.protocols.sample_preparation,
        "Acquisition": description.protocols.acquisition,
    }
    for key, protocol in steps.items():
        said = protocol.text or protocol.link
        if said:
            yield key, said
