"""What deposit.yaml says of images and their headers record otherwise: both values, with the notes that explain them.

Every document that gives such a value gives both, and takes them from here.
"""

import re
from ast import literal_eval
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.channel_ids import expanded_ids
from confocal_bag.deposit.description.contradictions import Contradiction, contradictions, explaining_notes
from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.yaml import FieldPath, field_name
from confocal_bag.deposit.exports.plain_text import cleaned, shown_path

__all__ = ["TwoValues", "find_two_values"]

_WORDS = {
    "pixel_size_um": "size of a pixel",
    "z_step_um": "z step",
    "time_increment_s": "time step",
    "pinhole_um": "pinhole",
    "pinhole_au": "pinhole",
    "zoom": "zoom",
    "pixel_dwell_us": "time per pixel",
    "averaging.number": "number of averaged scans",
    "averaging.unit": "unit of averaging",
    "averaging.method": "method of averaging",
    "scan_mode": "scan mode",
    "scan_direction": "scan direction",
    "objective.na": "numerical aperture",
    "objective.magnification": "magnification",
    "objective.refractive_index": "refractive index",
    "objective.model": "objective",
    "objective.immersion": "immersion medium",
    "microscope.manufacturer": "maker of the microscope",
    "microscope.model": "model of the microscope",
    "microscope.stand": "stand of the microscope",
    "method.name": "imaging method",
    "software.name": "acquisition software",
    "software.version": "version of the acquisition software",
    "excitation_nm": "excitation wavelength",
    "emission_nm": "emission wavelength",
    "fluor": "dye",
    "gain_v": "detector gain",
    "gain": "detector gain",
    "laser": "laser",
    "laser_power_percent": "laser power",
    "emission_band_nm": "detected band",
}
_AXES = {"X": "number of columns", "Y": "number of rows", "Z": "number of z-planes", "C": "number of channels",
         "T": "number of time points"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoValues:
    """One thing with two values: `said` by deposit.yaml, `recorded` by the headers of `files`, both with their units.

    `field` is its place in deposit.yaml, `what` is what it is in words; `notes` are the depositor's reasons, none where
    nobody gave one.
    """

    field: str
    what: str
    said: str
    recorded: str
    notes: tuple[str, ...]
    files: tuple[str, ...]

    def sentence(self, *, of: Sequence[str] = ()) -> str:
        """Both values in one sentence; the files are named unless they are all those that the text is about, `of`."""
        headers = f"the image header{'s' if len(self.files) > 1 else ''}"
        if set(self.files) != set(of):
            more = len(self.files) - 1
            headers = f"the header of {shown_path(self.files[0])}"
            headers += f" (and of {more} more file{'s' if more > 1 else ''})" if more else ""
        why = f"explained by the note: {'; '.join(self.notes)}" if self.notes else "why is not recorded"
        said = f"The {self.what} is {self.said} by the description of the deposit"
        return f"{said}, but {self.recorded} by {headers}; {why}."


def find_two_values(said: Description, images: Iterable[tuple[str, DescribedImage]]) -> list[TwoValues]:
    """Every thing with two values, in the order of the images; these come with the names of their files."""
    found: dict[Contradiction, dict[str, None]] = {}
    notes: dict[Contradiction, dict[str, None]] = {}
    for name, image in images:
        for one in contradictions(said, image):
            found.setdefault(one, {})[name] = None
            notes.setdefault(one, {}).update(dict.fromkeys(explaining_notes(one[0], image.acquisition)))
    return [
        TwoValues(
            field=field_name(path),
            what=_in_words(said, path),
            said=_plain(value),
            recorded=_plain(recorded),
            notes=tuple(_without_field(note, path) for note in notes[path, value, recorded]),
            files=tuple(files),
        )
        for (path, value, recorded), files in found.items()
    ]


def _in_words(said: Description, path: FieldPath) -> str:
    """What the value is of; of a channel, of which."""
    section, index, *steps = path
    if "sizes" in steps:
        return _AXES.get(str(steps[-1]).upper(), f"size along axis {cleaned(steps[-1])}")
    names = [str(step) for step in steps if isinstance(step, str) and step != "channels"]
    what = _WORDS.get(".".join(names), " ".join(names).replace("_", " "))
    channel = None
    if section == "channels" and isinstance(index, int):
        channel = said.channels[index].id or str(index + 1)
    elif section == "acquisitions" and isinstance(index, int) and steps[0] == "channels" and isinstance(steps[1], int):
        channel = said.acquisitions[index].channels[steps[1]].channel or str(steps[1] + 1)
    if channel is None:
        return what
    return f"{what} of {'channels' if len(expanded_ids(channel)) > 1 else 'channel'} {cleaned(channel)}"


def _plain(value: str) -> str:
    """A value as people read it: words without the marks around them."""
    text = literal_eval(value) if value[:1] in ("'", '"') else value
    return cleaned(text)


def _without_field(note: str, path: FieldPath) -> str:
    """A note without the name of the field before it and the stop behind it."""
    return cleaned(re.sub(rf"^\s*`?{re.escape(str(path[-1]))}`?\s*:\s*", "", note)).rstrip(" .")
