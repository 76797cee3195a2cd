"""Whether a description agrees with the files.

Entries that name no file, values that a header contradicts.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from confocal_bag.counted import counted
from confocal_bag.deposit.description.channel_ids import described_channels, settings_of
from confocal_bag.deposit.description.child_folders import is_in_folder
from confocal_bag.deposit.description.context import DescriptionContext, told
from confocal_bag.deposit.description.contradictions import Contradiction, contradictions, explaining_notes, place_of
from confocal_bag.deposit.description.images import DescribedImage, DescriptionIndex
from confocal_bag.deposit.description.yaml import FieldPath, field_name
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.identifiers import date_interval, parse_date
from confocal_bag.findings import NotApplicable, Problem, Severity, rule
from confocal_bag.vocabulary import Tier

__all__: list[str] = []

#: What lengths in images are measured with.
_MEASURES = frozenset({"pixel_size_um", "z_step_um", "na"})


@rule("description.no-such-file", severity=Severity.WARNING, reference="Cornell guide to readme files")
def no_such_file(context: DescriptionContext) -> Iterator[Problem]:
    """An entry under `files:` names no file of the deposit: a path is mistyped, or a pattern fits nothing.

    `*` stays within one folder, `**` spans folders, and folder/ means everything in it. Upper and lower
    case matter.
    """
    entries = context.description.files
    if not entries:
        raise NotApplicable("the description names no files")
    paths = [file.path for file in context.inventory.every]
    counts = FileEntries(entry.path or "" for entry in entries).counts(paths)
    for index, entry in enumerate(entries):
        place = ("files", index, "path")
        if entry.path is None:
            yield told(
                context,
                ("files", index),
                f"{field_name(('files', index))} has no path",
                "Name the file or a pattern.",
            )
        elif not counts.get(index):
            yield told(
                context,
                place,
                f"{field_name(place)} is {entry.path!r}, and no file of the deposit fits it",
                "Correct the path, or remove the entry if the file is not part of the deposit.",
            )


@rule("description.no-such-folder", severity=Severity.WARNING, reference="primer, Documentation (child works)")
def no_such_folder(context: DescriptionContext) -> Iterator[Problem]:
    """An entry under `child_works:` names no folder of the deposit, or one that another entry names.

    Its title and its people would be lost. Write the folder as the deposit has it, or as it is below the tiers.
    """
    works = context.description.child_works
    if not works:
        raise NotApplicable("the description names no child works")
    paths = [file.path for file in context.inventory.every]
    seen: set[PurePosixPath] = set()
    for index, work in enumerate(works):
        place: FieldPath = ("child_works", index, "folder")
        folder = PurePosixPath(work.folder or "").as_posix().strip("/")
        if not work.folder:
            message, remedy = f"{field_name(('child_works', index))} has no folder", "Name the folder."
        elif not any(is_in_folder(path, folder) for path in paths):
            message = f"{field_name(place)} is {work.folder!r}, and no file of the deposit lies in it"
            remedy = "Correct the folder, or remove the entry."
        elif PurePosixPath(folder) in seen:
            message = f"{field_name(place)} is {work.folder!r}, as of an entry before"
            remedy = "Make one entry of both."
        else:
            seen.add(PurePosixPath(folder))
            continue
        yield told(context, place, message, remedy)


@rule("description.derived-from", severity=Severity.WARNING, reference="Cornell guide: relations between files")
def derived_from(context: DescriptionContext) -> Iterator[Problem]:
    """A file is said to be made from a file that the deposit does not hold.

    Correct the path. Where the source lies elsewhere, give its address (https://...).
    """
    paths = [file.path for file in context.inventory.every]
    sources = [
        (("files", index, "derived_from", place), source)
        for index, entry in enumerate(context.description.files)
        for place, source in enumerate(entry.derived_from)
        if "://" not in source
    ]
    if not sources:
        raise NotApplicable("no file is said to be derived from another")
    counts = FileEntries(source for _, source in sources).counts(paths)
    first_with = {source: index for index, (_, source) in reversed(list(enumerate(sources)))}
    for path, source in sources:
        if not counts.get(first_with[source]):
            yield told(
                context,
                path,
                f"{field_name(path)} is {source!r}, and no file of the deposit fits it",
                "Correct the path, or give the address where the source can be found.",
            )


@rule("description.contradicts-header", severity=Severity.WARNING, reference="OME 2016-06 Pixels, Objective")
def contradicts_header(context: DescriptionContext) -> Iterator[Problem]:
    """The description says one thing of an image and the image's header another.

    Every field is compared that both have: sizes and settings with 2 % for rounding, names of instruments, objectives,
    programs and dyes by the numbers and words in them. Find out which
    is right: if the header, correct deposit.yaml; if the depositor, write a line under `notes` of the acquisition
    that names the field (`na: the header has the lens used before`). Readers then know, and the finding is only
    for information.

    Of the size of a pixel, the step in depth and the numerical aperture nobody may read two values in one bag: for
    images that a microscope took, such a contradiction is an error until a note explains it.
    """
    found: dict[Contradiction, list[str]] = defaultdict(list)
    explained: dict[Contradiction, bool] = {}
    measured: set[Contradiction] = set()
    for image in _images(context):
        for contradiction in contradictions(context.description, image):
            found[contradiction].append(image.header.path)
            known = bool(explaining_notes(contradiction[0], image.acquisition))
            explained[contradiction] = explained.get(contradiction, True) and known
            if contradiction[0][-1] in _MEASURES and image.header.tier is not Tier.PROCESSED:
                measured.add(contradiction)
    for contradiction, files in found.items():
        path, said, recorded = contradiction
        known = explained[contradiction]
        yield told(
            context,
            path,
            f"{field_name(path)} says {said}, but the header of {_shown(files)} records {recorded}"
            + ("; the notes of the acquisition explain it" if known else ""),
            "Nothing is to be done: readers find the explanation in the readme."
            if known
            else f"Correct the value; or, if these images were taken otherwise, give them an acquisition of their own; "
            f"or, if the header is wrong, add a line to `notes` of the acquisition that begins with `{path[-1]}:` and "
            "says why.",
            Severity.INFO if known else Severity.ERROR if contradiction in measured else None,
        )


@rule(
    "description.channel-count",
    severity=Severity.WARNING,
    reference="primer, the context of channels (colors)",
)
def channel_count(context: DescriptionContext) -> Iterator[Problem]:
    """The description lists more or fewer channels for an acquisition than its images have.

    List every channel under `acquisitions[].channels`, in the order of the file. Where each file of a sequence is one
    channel by its name, list those of the sequence, in the order of the names; else one channel would be said of all.
    """
    found: dict[tuple[int, int, int, bool], list[str]] = defaultdict(list)
    index_of = DescriptionIndex(context.description)
    for image in _images(context):
        acquisition = image.acquisition
        if acquisition is None:
            continue
        listed = len(settings_of(acquisition.channels))
        if not listed and len(context.description.acquisitions) == 1:
            listed = len(described_channels(context.description.channels)) or len(context.description.channels)
        count = image.header.channel_count
        apart = listed == len(image.channels) and not index_of.stands_for_several(image.header)
        if listed and listed != count and not apart:
            index = place_of(context.description.acquisitions, acquisition)
            found[(index, listed, count, image.header.named is not None)].append(image.header.path)
    for (index, listed, count, by_name), files in found.items():
        path = ("acquisitions", index, "channels")
        has = f"the names of {_shown(files)} tell of {count}" if by_name else f"{_shown(files)} has {count}"
        yield told(
            context,
            path,
            f"{field_name(path[:2])} lists {counted(listed, 'channel')}, but {has}",
            "List every channel of these images, or give them an acquisition of their own.",
        )


@rule("description.collected-date", severity=Severity.WARNING, reference="OME 2016-06 AcquisitionDate")
def collected_date(context: DescriptionContext) -> Iterator[Problem]:
    """A raw image was taken outside the period that `dates.collected` names, by the microscope's clock.

    Correct the period, or note that the clock was wrong.
    """
    period = date_interval(context.description.dates.collected or "")
    if period is None:
        raise NotApplicable("no period of collection is given")
    outside: list[tuple[str, str]] = []
    for image in context.images:
        day = parse_date((image.header.record.instrument.acquired or "")[:10])
        if image.header.tier is Tier.RAW and day is not None and not period[0] <= day[0] <= period[1]:
            outside.append((image.header.path, day[0].isoformat()))
    if outside:
        files = [path for path, _ in outside]
        yield told(
            context,
            ("dates", "collected"),
            f"dates.collected is {context.description.dates.collected!r}, but the header of {_shown(files)} "
            f"records {outside[0][1]}",
            "Correct the period, or say in a note that the microscope's clock was wrong.",
        )


def _images(context: DescriptionContext) -> tuple[DescribedImage, ...]:
    if not any(image.acquisition or image.instrument for image in context.images):
        raise NotApplicable("no image is described by an acquisition or instrument")
    return context.images


def _shown(files: Sequence[str]) -> str:
    names = list(dict.fromkeys(files))
    return names[0] + (f" (and {len(names) - 1} more)" if len(names) > 1 else "")
