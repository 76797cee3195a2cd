"""Which files show which specimen: entries that contradict each other, and specimens that nothing shows."""

from collections.abc import Iterator

from confocal_bag.deposit.description.context import DescriptionContext, told
from confocal_bag.deposit.description.model import AcquisitionDescription, FileDescription
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.findings import Problem, Severity, rule

__all__: list[str] = []


@rule("description.specimen-differs", severity=Severity.WARNING, reference="primer, core element 1")
def specimen_differs(context: DescriptionContext) -> Iterator[Problem]:
    """A file is said to show one specimen, and the acquisition that its entry names another.

    The file is believed, but whoever reads about the acquisition takes the wrong specimen for it. Correct one
    of the two; where the files of an acquisition show several specimens, name them at the files only.
    """
    for index, entry in enumerate(context.description.files):
        for acquisition in _acquisitions(context, entry):
            if entry.specimen and acquisition.specimen and entry.specimen != acquisition.specimen:
                place = ("files", index, "specimen")
                yield told(
                    context,
                    place,
                    f"{field_name(place)} is {entry.specimen!r}, and its acquisition {acquisition.id or ''!r} is "
                    f"of {acquisition.specimen!r}",
                    "Correct one of the two, or take `specimen` off the acquisition and name it at its files.",
                )


def _acquisitions(context: DescriptionContext, entry: FileDescription) -> tuple[AcquisitionDescription, ...]:
    """The acquisitions of the images of a file; a lone one is that of every file."""
    listed = context.description.acquisitions
    if not entry.acquisition:
        return listed if len(listed) == 1 else ()
    return tuple(one for one in listed if one.id is not None and one.id in entry.acquisition)


@rule("description.specimen-not-shown", severity=Severity.WARNING, reference="primer, core element 1")
def specimen_not_shown(context: DescriptionContext) -> Iterator[Problem]:
    """Several specimens are described, and no file is said to show one of them.

    Name its id as `specimen` of its files or of their acquisition, or remove it if the deposit holds no image
    of it. What is said of it would be read as if it were of the other files.
    """
    said = context.description
    if len(said.specimens) < 2 or not context.images:
        return
    shown = {one.specimen.id for one in context.images if one.specimen} | {one.specimen for one in said.files}
    for index, specimen in enumerate(said.specimens):
        if specimen.is_recorded and (specimen.id is None or specimen.id not in shown):
            name = field_name(("specimens", index))
            yield told(
                context,
                ("specimens", index),
                f"No file is said to show {name}{f' ({specimen.id})' if specimen.id else ''}",
                "Name its id as `specimen` of its files or of their acquisition, or remove it.",
            )
