"""Where a description and the header of an image say different things: every field that both can have."""

import re
from collections.abc import Callable, Iterator, Sequence

from confocal_bag.deposit.description.channel_ids import expanded_ids
from confocal_bag.deposit.description.facts import Facts, agree_but_for_rounding, number_text
from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.description.model import (
    AcquisitionChannel,
    AcquisitionDescription,
    ChannelDescription,
    Description,
)
from confocal_bag.deposit.description.yaml import FieldPath
from confocal_bag.deposit.placeholders import says_something

__all__ = ["Contradiction", "contradictions", "explaining_notes", "place_of"]

#: A contradiction: where it stands, what is said there, what the header says.
Contradiction = tuple[FieldPath, str, str]

#: Lasers are called by round numbers: 640 for 638.
_LINE_NM = 3.0

#: Fields of an acquisition, an instrument, a channel and its settings that are numbers, and their units.
_ACQUISITION_NUMBERS = {
    "z_step_um": "µm",
    "time_increment_s": "s",
    "pinhole_um": "µm",
    "pinhole_au": "AU",
    "zoom": "",
    "pixel_dwell_us": "µs",
    "averaging.number": "",
}
_INSTRUMENT_NUMBERS = {"objective.na": "", "objective.magnification": "x", "objective.refractive_index": ""}
_CHANNEL_NUMBERS = {"excitation_nm": "nm", "emission_nm": "nm"}
_SETTING_NUMBERS = {
    "gain_v": "V",
    "gain": "",
    "pinhole_um": "µm",
    "pinhole_au": "AU",
    "laser_power_percent": "%",
    "emission_band_nm": "nm",
}
#: Fields that are words. Names and colours of channels are not compared: those of a depositor only say more.
_ACQUISITION_TEXTS = ("scan_mode", "scan_direction", "averaging.unit", "averaging.method")
_INSTRUMENT_TEXTS = (
    "microscope.manufacturer",
    "microscope.model",
    "microscope.stand",
    "objective.model",
    "objective.immersion",
    "method.name",
)
_SOFTWARE = ("software.name", "software.version")
_SAME_WORDS = {"dry": "air", "brightfield": "transmitted", "nomarski": "dic", "aqueous": "water", "disc": "disk"}
#: Methods that exclude each other; other words for methods are not compared.
_METHODS = (
    r"spinning|nipkow|yokogawa",
    r"wide-?\s?field|epifluor",
    r"light.?sheet|spim",
    r"scanning confocal|clsm|lscm",
)


def contradictions(said: Description, image: DescribedImage) -> Iterator[Contradiction]:
    """What is said of one image and its header records otherwise."""
    header = image.header
    if image.acquisition is not None:
        place = ("acquisitions", place_of(said.acquisitions, image.acquisition))
        yield from _sizes(place, image.acquisition, image)
        yield from _numbers(place, image.acquisition, header.acquisition, _ACQUISITION_NUMBERS)
        yield from _texts(place, image.acquisition, header.acquisition, _ACQUISITION_TEXTS)
        yield from _settings(place, image.acquisition, image)
    if image.instrument is not None:
        place = ("instruments", place_of(said.instruments, image.instrument))
        yield from _numbers(place, image.instrument, header.instrument, _INSTRUMENT_NUMBERS)
        yield from _texts(place, image.instrument, header.instrument, _INSTRUMENT_TEXTS)
        if "microscope.model" in header.instrument or "microscope.manufacturer" in header.instrument:
            # without a microscope the header names the program that wrote the file, not the one that took the image
            yield from _texts(place, image.instrument, header.instrument, _SOFTWARE)
    for channel, facts in zip(image.channels, header.channels, strict=True):
        if channel is not None:
            place = ("channels", _channel_place(said.channels, channel))
            yield from _numbers(place, channel, facts, _CHANNEL_NUMBERS)
            yield from _texts(place, channel, facts, ("fluor",))
            yield from _contrast(place, channel, facts)


def _contrast(place: FieldPath, channel: ChannelDescription, facts: Facts) -> Iterator[Contradiction]:
    """A contrast of light that is not emitted, where the header has an emission and no contrast of its own."""
    emission, said = facts.get("emission_nm"), channel.contrast
    if not said or not isinstance(emission, float) or "contrast" in facts:
        return
    if not re.search(r"fluor|emission", said, re.IGNORECASE):
        yield (*place, "contrast"), repr(said), f"an emission of {number_text(emission)} nm"


def explaining_notes(path: FieldPath, acquisition: AcquisitionDescription | None) -> tuple[str, ...]:
    """The notes of the acquisition that name the field at `path`: they say why the header has another value."""
    field = re.compile(rf"\b{re.escape(str(path[-1]))}\b")
    notes = acquisition.notes if acquisition is not None else ()
    return tuple(note for note in notes if field.search(note) and says_something(field.sub("", note)))


def _value(entry: object, field: str) -> object:
    for step in field.split("."):
        entry = getattr(entry, step)
    return entry


def _numbers(place: FieldPath, entry: object, facts: Facts, fields: dict[str, str]) -> Iterator[Contradiction]:
    for field, unit in fields.items():
        said, recorded = _as_numbers(_value(entry, field)), _as_numbers(facts.get(field))
        if said and recorded and len(said) == len(recorded) and not _all_close(said, recorded):
            yield (*place, *field.split(".")), _with_unit(said, unit), _with_unit(recorded, unit)


def _as_numbers(value: object) -> tuple[float, ...]:
    values = value if isinstance(value, tuple) else (value,)
    numbers = tuple(float(one) for one in values if isinstance(one, int | float) and not isinstance(one, bool))
    return numbers if len(numbers) == len(values) else ()


def _texts(place: FieldPath, entry: object, facts: Facts, fields: Sequence[str]) -> Iterator[Contradiction]:
    for field in fields:
        said, recorded = _value(entry, field), facts.get(field)
        if field == "microscope.model" and recorded is not None:
            # headers call the scan head or the stand the microscope
            recorded = " ".join(str(one) for one in (recorded, facts.get("microscope.stand")) if one)
        if isinstance(said, str) and isinstance(recorded, str) and not _agreement(field)(said, recorded):
            yield (*place, *field.split(".")), repr(said), repr(recorded)


def _agreement(field: str) -> Callable[[str, str], bool]:
    return _same_method if field == "method.name" else _same_words


def _same_words(said: str, recorded: str) -> bool:
    """Whether two texts may mean the same: one holds the other, or they share a number, or without numbers a word."""
    one, other = _squashed(said), _squashed(recorded)
    if one in other or other in one:
        return True
    numbers = _numbers_in(said), _numbers_in(recorded)
    if all(numbers):
        return not numbers[0].isdisjoint(numbers[1])
    return not _words(said).isdisjoint(_words(recorded))


def _squashed(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _numbers_in(text: str) -> set[float]:
    return {float(one) for one in re.findall(r"\d+(?:\.\d+)?", text)}


def _words(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return {_SAME_WORDS.get(word, word) for word in words if len(word) > 1}


def _same_method(said: str, recorded: str) -> bool:
    """Whether two methods do not exclude each other."""
    one, other = (
        {number for number, words in enumerate(_METHODS) if re.search(words, text, re.IGNORECASE)}
        for text in (said, recorded)
    )
    return not one or not other or not one.isdisjoint(other)


def _sizes(place: FieldPath, said: AcquisitionDescription, image: DescribedImage) -> Iterator[Contradiction]:
    """The size of a pixel, and the numbers of planes, rows and columns."""
    recorded = image.header.acquisition.get("pixel_size_um")
    pairs = zip(said.pixel_size_um, recorded, strict=True) if said.pixel_size_um and isinstance(recorded, tuple) else ()
    both = [(a, b) for a, b in pairs if a is not None and isinstance(b, float)]
    if not all(agree_but_for_rounding(a, b) for a, b in both):
        written, read = zip(*both, strict=True)
        yield (*place, "pixel_size_um"), f"{_joined(written)} µm", f"{_joined(read)} µm"
    axes = image.header.record.axes
    for axis, count in (said.sizes or {}).items():
        if axis.upper() in axes and axes[axis.upper()] != count:
            yield (*place, "sizes", axis), str(count), str(axes[axis.upper()])


def _settings(place: FieldPath, said: AcquisitionDescription, image: DescribedImage) -> Iterator[Contradiction]:
    """The settings of each channel: its lasers, their power, the detected band, gain and pinhole."""
    for setting, facts in zip(image.settings, image.header.settings, strict=True):
        if setting is None:
            continue
        at = (*place, "channels", _setting_place(said.channels, setting))
        yield from _numbers(at, setting, facts, _SETTING_NUMBERS)
        recorded = _as_numbers(facts.get("laser"))
        lines = _lines(setting, image)
        if recorded and any(all(abs(line - one) > _LINE_NM for one in recorded) for line in lines):
            yield (*at, "laser"), f"{_joined(lines)} nm", f"{_joined(recorded)} nm"


def _lines(setting: AcquisitionChannel, image: DescribedImage) -> list[float]:
    """The wavelengths of the lasers that a setting names by their ids."""
    lasers = image.instrument.lasers if image.instrument else ()
    return [one.wavelength_nm for one in lasers if one.id in setting.laser and one.wavelength_nm is not None]


def _setting_place(entries: Sequence[AcquisitionChannel], setting: AcquisitionChannel) -> int:
    own = (index for index, entry in enumerate(entries) if entry is setting or entry.channel == setting.channel)
    of_range = (index for index, entry in enumerate(entries) if setting.channel in expanded_ids(entry.channel))
    return next(own, next(of_range, 0))


def _channel_place(entries: Sequence[ChannelDescription], channel: ChannelDescription) -> int:
    """The entry a channel was read from: its own, else that of the range it is in."""
    own = (index for index, entry in enumerate(entries) if entry is channel or (entry.id and entry.id == channel.id))
    of_range = (index for index, entry in enumerate(entries) if channel.id in expanded_ids(entry.id))
    return next(own, next(of_range, 0))


def place_of(entries: Sequence[object], wanted: object) -> int:
    """The index of this very entry, not of one that says the same."""
    return next(index for index, entry in enumerate(entries) if entry is wanted)


def _all_close(said: Sequence[float], recorded: Sequence[float]) -> bool:
    return all(agree_but_for_rounding(a, b) for a, b in zip(said, recorded, strict=True))


def _joined(values: Sequence[float]) -> str:
    return " x ".join(map(number_text, values))


def _with_unit(values: Sequence[float], unit: str) -> str:
    space = " " if unit and unit not in ("x", "%") else ""
    return f"{', '.join(map(number_text, values))}{space}{unit}"
