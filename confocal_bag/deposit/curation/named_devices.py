"""Find the laser or detector of the instrument that an answer means: "488 nm" is the line l0 that has 488 nm.

One that the instrument does not have yet is added to it: whoever was there knows which light was used.
"""

import re
from collections.abc import Sequence

from confocal_bag.deposit.curation.insertion import NoPlace
from confocal_bag.deposit.curation.placing import find_entry, place_answer
from confocal_bag.deposit.curation.written import UnreadableAnswer
from confocal_bag.deposit.description.edit import TextEditor, child
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import Description, Detector, InstrumentDescription, Laser
from confocal_bag.deposit.description.text import Value, yaml_text
from confocal_bag.deposit.description.yaml import parse_yaml

__all__ = ["DEVICE", "with_device"]

#: Fields that name a device of the instrument.
DEVICE = re.compile(r"acquisitions\[(?P<acquisition>[^\]]*)\]\.channels\[[^\]]*\]\.(?P<leaf>laser|detector)")

_LINE = re.compile(r"(?<![\d.])(\d{3,4}(?:\.\d+)?)(?![\d.])(?:\s*nm)?", re.I)
#: Lasers are called by round numbers: 640 for 638.
_NEAR_NM = 3.0


def with_device(text: str, field: str, answer: str) -> tuple[str, str]:
    """The text of deposit.yaml in which the instrument has what an answer names, and the id or ids to write at `field`.

    Raises `UnreadableAnswer` where the answer names no device, `NoPlace` where no instrument is there to have it.
    """
    found = DEVICE.fullmatch(field)
    said = read_description(text).description
    instrument = _instrument(said, found["acquisition"] if found else "")
    if found is None or instrument is None:
        raise NoPlace("no instrument is described that could have it")
    names = [one for one in re.split(r"\s*(?:[;,+&\n]|\band\b)\s*", answer.strip(" .")) if one]
    ids: list[str] = []
    for name in names:
        text, own = (_laser if found["leaf"] == "laser" else _detector)(text, instrument, name)
        ids.append(own)
        instrument = _instrument(read_description(text).description, found["acquisition"]) or instrument
    return text, ", ".join(dict.fromkeys(ids))


def _instrument(said: Description, acquisition: str) -> InstrumentDescription | None:
    entries = list(enumerate(said.acquisitions))
    own = next((one for number, one in entries if acquisition in (one.id, str(number))), None)
    if own is None:
        return None
    if own.instrument is None:
        return said.instruments[0] if len(said.instruments) == 1 else None
    return next((one for one in said.instruments if one.id == own.instrument), None)


def _laser(text: str, instrument: InstrumentDescription, name: str) -> tuple[str, str]:
    known = {one.id: one for one in instrument.lasers if one.id}
    if name in known:
        return text, name
    lines = _LINE.findall(name)
    if len(lines) != 1:
        raise UnreadableAnswer("the wavelength of one laser line was expected, such as 488 nm")
    wanted = float(lines[0])
    near = [
        one for one in known.values() if one.wavelength_nm is not None and abs(one.wavelength_nm - wanted) <= _NEAR_NM
    ]
    if near:
        return text, min(near, key=lambda one: abs((one.wavelength_nm or 0) - wanted)).id or ""
    if not 200 <= wanted <= 2000:
        raise UnreadableAnswer(f"{wanted:g} is no wavelength of a laser; nanometres were expected, such as 488 nm")
    own = _free_id("l", instrument.lasers)
    return _added(text, instrument, "lasers", {"id": own, "wavelength_nm": f"{wanted:g}"}), own


def _detector(text: str, instrument: InstrumentDescription, name: str) -> tuple[str, str]:
    plain = _plain(name)
    known = [one for one in instrument.detectors if one.id]
    meant = [one for one in known if plain in map(_plain, (one.id, one.model, one.type))]
    if len(meant) == 1:
        return text, meant[0].id or ""
    if len(meant) > 1:
        ids = ", ".join(one.id or "" for one in meant)
        raise UnreadableAnswer(f"{name!r} may be any of the detectors {ids}; write which")
    own = _free_id("d", instrument.detectors)
    return _added(text, instrument, "detectors", {"id": own, "type": yaml_text(name)}), own


def _plain(name: str | None) -> str:
    return re.sub(r"[\s_-]+", "", name or "").casefold()


def _free_id(letter: str, listed: Sequence[Laser | Detector]) -> str:
    taken = {one.id for one in listed}
    return next(name for number in range(len(taken) + 1) if (name := f"{letter}{number}") not in taken)


def _added(text: str, instrument: InstrumentDescription, section: str, block: dict[str, str]) -> str:
    """The text with a device more. Raises `NoPlace`."""
    node = find_entry(parse_yaml(text).root, "instruments", instrument.id)
    if node is None:
        raise NoPlace("the instrument has no id in deposit.yaml")
    there = child(node, section)
    inside = "{" + ", ".join(f"{name}: {value}" for name, value in block.items()) + "}"
    if there is None or (node.flow_style and not getattr(instrument, section)):
        return place_answer(text, f"instruments[{instrument.id}].{section}", f"[{inside}]")
    editor = TextEditor(text, "deposit.yaml")
    editor.add_items(node, section, [{name: Value(text=value) for name, value in block.items()}])
    return editor.result()
