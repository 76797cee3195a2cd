"""The forms of a description's entries, filled with what headers say."""

from collections.abc import Mapping, Sequence
from typing import Any

from confocal_bag.deposit.description.headers import Fact, Facts, number_text
from confocal_bag.deposit.description.plan import Evidence, agreed
from confocal_bag.deposit.description.text import Block, Value, fact_text, yaml_text

__all__ = [
    "acquisition_block",
    "channel_block",
    "form",
    "header_values",
    "instrument_block",
    "setting_values",
]

CHANNEL_FIELDS = ("name", "target", "probe", "fluor", "excitation_nm", "emission_nm", "color")
INSTRUMENT_FIELDS = (
    "method.name", "method.term", "microscope.manufacturer", "microscope.model", "microscope.stand",
    "objective.model", "objective.na", "objective.magnification", "objective.immersion",
    "objective.refractive_index", "lasers", "detectors", "software.name", "software.version",
)  # fmt: skip
ACQUISITION_FIELDS = (
    "instrument", "specimen", "pixel_size_um", "z_step_um", "time_increment_s", "pinhole_au", "pinhole_um",
    "zoom", "pixel_dwell_us", "scan_mode", "scan_direction", "averaging.number", "averaging.unit",
    "averaging.method", "averaging.note",
)  # fmt: skip
SETTING_FIELDS = ("laser", "laser_power_percent", "detector", "gain_v", "gain", "emission_band_nm")
#: Fields that are only written where a header fills them.
_ONLY_RECORDED = frozenset({"averaging.note", "gain", "scan_mode"})

Filled = Mapping[str, "Value | Sequence[Value] | Sequence[Block]"]


def header_values(facts: Mapping[str, tuple[Fact, str]]) -> dict[str, Value]:
    """Facts as YAML values that say which file they came from."""
    return {name: Value(text=fact_text(fact), comment=f"from {source}") for name, (fact, source) in facts.items()}


def form(fields: Sequence[str], filled: Filled) -> Block:
    """A group with the fields in order, dots making groups within it; empty where nothing is known."""
    block: dict[str, Any] = {}
    for name in fields:
        if name in _ONLY_RECORDED and name not in filled:
            continue
        group, _, leaf = name.rpartition(".")
        (block.setdefault(group, {}) if group else block)[leaf] = filled.get(name)
    return block


def _identifier(identifier: str | None) -> Value | None:
    return None if identifier is None else Value(text=yaml_text(identifier))


def channel_block(identifier: str | None, evidence: Evidence) -> Block:
    """One entry of `channels`."""
    return {"id": _identifier(identifier), **form(CHANNEL_FIELDS, header_values(agreed(evidence.facts)))}


def instrument_block(identifier: str | None, evidence: Evidence) -> Block:
    """One entry of `instruments`, with the lasers and detectors that its images used."""
    filled: dict[str, Value | Sequence[Value]] = dict(header_values(agreed(evidence.facts)))
    filled.update(part_lists(evidence))
    return {"id": _identifier(identifier), **form(INSTRUMENT_FIELDS, filled)}


def part_lists(evidence: Evidence) -> dict[str, list[Value]]:
    """The lists of lasers and detectors, where headers know any."""
    lists: dict[str, list[Value]] = {}
    if evidence.lasers:
        lists["lasers"] = [
            Value(text=f"{{id: l{i}, wavelength_nm: {number_text(line)}}}", comment=f"from {source}")
            for i, (line, source) in enumerate(sorted(evidence.lasers.items()))
        ]
    if evidence.detectors:
        lists["detectors"] = [
            Value(text=f"{{id: d{i}, model: {_quoted(model)}}}", comment=f"from {source}")
            for i, (model, source) in enumerate(evidence.detectors.items())
        ]
    return lists


def _quoted(text: str) -> str:
    written = yaml_text(text)
    return written if written.startswith('"') else f'"{written}"'


def acquisition_block(
    identifier: str | None,
    evidence: Evidence,
    *,
    instrument: str | None,
    channels: Sequence[str | None],
    lasers: Mapping[float, str],
    detectors: Mapping[str, str],
) -> Block:
    """One entry of `acquisitions`. `lasers` and `detectors` say which ids its instrument gives them."""
    filled: dict[str, Value | Sequence[Value] | Sequence[Block]] = dict(header_values(agreed(evidence.facts)))
    if instrument is not None:
        filled["instrument"] = Value(text=yaml_text(instrument))
    block = {"id": _identifier(identifier), **form(ACQUISITION_FIELDS, filled)}
    if channels:
        block["channels"] = [
            {
                "channel": _identifier(channel),
                **form(SETTING_FIELDS, setting_values(evidence.settings.get(position, []), lasers, detectors)),
            }
            for position, channel in enumerate(channels)
        ]
    return block


def setting_values(
    evidence: Sequence[tuple[Facts, str]], lasers: Mapping[float, str], detectors: Mapping[str, str]
) -> dict[str, Value]:
    """The settings of one channel, lasers and detectors replaced by their ids.

    Those without an id are left out.
    """
    facts = agreed(evidence)
    line, detector = facts.pop("laser", None), facts.pop("detector", None)
    values = header_values(facts)
    if line is not None and isinstance(line[0], float) and line[0] in lasers:
        values["laser"] = Value(text=yaml_text(lasers[line[0]]), comment=f"from {line[1]}")
    if detector is not None and isinstance(detector[0], str) and detector[0] in detectors:
        values["detector"] = Value(text=yaml_text(detectors[detector[0]]), comment=f"from {detector[1]}")
    return values
