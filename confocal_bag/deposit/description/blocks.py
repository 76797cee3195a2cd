"""The forms of a description's entries, filled with what headers say."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from confocal_bag.deposit.description.channel_ids import channel_range
from confocal_bag.deposit.description.facts import Fact
from confocal_bag.deposit.description.header_channels import HeaderDetector
from confocal_bag.deposit.description.stock import Evidence, agreed, common
from confocal_bag.deposit.description.text import Block, Value, fact_text, yaml_text

__all__ = [
    "DetectorIds",
    "LaserIds",
    "acquisition_block",
    "acquisition_channels",
    "channel_block",
    "channel_blocks",
    "form",
    "header_values",
    "instrument_block",
    "setting_facts",
    "shared_settings",
]

CHANNEL_FIELDS = ("name", "target", "probe", "fluor", "excitation_nm", "emission_nm", "color", "contrast")
INSTRUMENT_FIELDS = (
    "method.name", "method.term", "microscope.manufacturer", "microscope.model", "microscope.stand",
    "objective.model", "objective.na", "objective.magnification", "objective.immersion",
    "objective.refractive_index", "lasers", "detectors", "software.name", "software.version",
)  # fmt: skip
ACQUISITION_FIELDS = (
    "instrument", "specimen", "pixel_size_um", "z_step_um", "time_increment_s", "pinhole_au", "pinhole_um",
    "zoom", "pixel_dwell_us", "scan_mode", "scan_direction", "averaging.number", "averaging.unit",
    "averaging.method", "averaging.note", "notes",
)  # fmt: skip
SETTING_FIELDS = (
    "laser", "laser_power_percent", "detector", "gain_v", "gain", "emission_band_nm", "pinhole_au", "pinhole_um",
)  # fmt: skip
#: Fields that are only written where a header fills them.
_ONLY_RECORDED = frozenset({"averaging.note", "gain", "scan_mode", "contrast"})
_ONLY_RECORDED_OF_CHANNEL = _ONLY_RECORDED | {"pinhole_au", "pinhole_um"}
#: Fields that are not asked for where the other is known.
_INSTEAD = {"gain_v": "gain", "pinhole_au": "pinhole_um", "pinhole_um": "pinhole_au"}
#: Channels of one image up to which each is described in full.
_FEW_CHANNELS = 8

#: The ids of the lasers of an instrument by their line, and of its detectors.
LaserIds = Mapping[float, str]
DetectorIds = Mapping[HeaderDetector, str]
Sourced = Mapping[str, tuple[Fact, str]]

Filled = Mapping[str, "Value | Sequence[Value] | Sequence[Block] | Sequence[Block | Value]"]


def header_values(facts: Mapping[str, tuple[Fact, str]]) -> dict[str, Value]:
    """Facts as YAML values that say which file they came from."""
    return {name: Value(text=fact_text(fact), comment=f"from {source}") for name, (fact, source) in facts.items()}


def form(fields: Sequence[str], filled: Filled, only_recorded: AbstractSet[str] = _ONLY_RECORDED) -> Block:
    """A group with the fields in order, dots making groups within it; empty where nothing is known."""
    block: dict[str, Any] = {}
    for name in fields:
        if name not in filled and (name in only_recorded or _INSTEAD.get(name) in filled):
            continue
        group, _, leaf = name.rpartition(".")
        (block.setdefault(group, {}) if group else block)[leaf] = filled.get(name)
    return block


def _identifier(identifier: str | None) -> Value | None:
    return None if identifier is None else Value(text=yaml_text(identifier))


def channel_block(identifier: str | None, evidence: Evidence) -> Block:
    """One entry of `channels`."""
    block = {"id": _identifier(identifier), **form(CHANNEL_FIELDS, header_values(agreed(evidence.facts)))}
    if identifier is not None and evidence.example is not None:
        block["id"] = Value(text=yaml_text(identifier), comment=f"files such as {evidence.example}")
    return block


def instrument_block(identifier: str | None, evidence: Evidence) -> Block:
    """One entry of `instruments`, with the lasers and detectors that its images used."""
    filled: dict[str, Value | Sequence[Value]] = dict(header_values(agreed(evidence.facts)))
    filled.update(part_lists(evidence))
    return {"id": _identifier(identifier), **form(INSTRUMENT_FIELDS, filled)}


def part_lists(evidence: Evidence) -> dict[str, list[Value]]:
    """The lists of lasers and detectors, where headers know any."""
    lists: dict[str, list[Value]] = {}
    lasers = [evidence.lasers[line] for line in sorted(evidence.lasers)]
    if lasers:
        lists["lasers"] = [
            _part(f"l{i}", {"wavelength_nm": one.wavelength_nm, "type": one.type, "model": one.model}, source)
            for i, (one, source) in enumerate(lasers)
        ]
    if evidence.detectors:
        lists["detectors"] = [
            _part(f"d{i}", {"type": one.type, "model": one.model, "manufacturer": one.manufacturer}, source)
            for i, (one, source) in enumerate(evidence.detectors.items())
        ]
    return lists


def _part(identifier: str, facts: Mapping[str, Fact | None], source: str) -> Value:
    told = [f"id: {identifier}", *(f"{name}: {fact_text(fact)}" for name, fact in facts.items() if fact is not None)]
    return Value(text=f"{{{', '.join(told)}}}", comment=f"from {source}")


def channel_blocks(identifiers: Sequence[str], evidence: Mapping[str, Evidence]) -> "list[Block | Value]":
    """Entries of `channels` for the channels of one image.

    Many that follow on each other share one entry to fill in, and have a line each for what headers say of them.
    """
    facts = {name: evidence.get(name, Evidence()).facts for name in identifiers}
    together = channel_range(identifiers) if len(identifiers) > _FEW_CHANNELS else None
    if together is None:
        return [channel_block(name, evidence.get(name, Evidence())) for name in identifiers]
    shared = common(list(facts.values()))
    # what most have a value of their own for is not asked again for all of them
    own = {name: agreed(facts[name]) for name in identifiers}
    known_of_each = {field for field in CHANNEL_FIELDS if all(field in one for one in own.values())} - set(shared)
    fields = [field for field in CHANNEL_FIELDS if field not in known_of_each]
    general: Block = {
        "id": Value(text=together, comment=f"{len(identifiers)} channels: what is said here is said of each of them"),
        **form(fields, header_values(shared)),
    }
    return [general, *_lines("id", {name: _without(one, shared) for name, one in own.items()})]


def _lines(key: str, facts: Mapping[str, Sourced]) -> list[Value]:
    """A line in braces for each channel of which something is known of its own."""
    return [
        Value(text=f"{{{key}: {yaml_text(name)}, {_in_line(one)}}}", comment=_source(one))
        for name, one in facts.items()
        if one
    ]


def _in_line(facts: Sourced) -> str:
    return ", ".join(f"{name}: {fact_text(fact)}" for name, (fact, _) in facts.items())


def _source(facts: Sourced) -> str:
    return f"from {next(source for _, source in facts.values())}"


def _without(facts: Sourced, shared: Mapping[str, object]) -> Sourced:
    return {name: pair for name, pair in facts.items() if name not in shared}


def acquisition_block(
    identifier: str | None,
    evidence: Evidence,
    *,
    instrument: str | None,
    channels: Sequence[str | None],
    lasers: LaserIds,
    detectors: DetectorIds,
) -> Block:
    """One entry of `acquisitions`. `lasers` and `detectors` say which ids its instrument gives them."""
    filled: dict[str, Value | Sequence[Value] | Sequence[Block]] = dict(header_values(agreed(evidence.facts)))
    if instrument is not None:
        filled["instrument"] = Value(text=yaml_text(instrument))
    block = {"id": _identifier(identifier), **form(ACQUISITION_FIELDS, filled)}
    if channels:
        settings = [setting_facts(evidence, position, lasers, detectors) for position in range(len(channels))]
        block["channels"] = acquisition_channels(channels, settings)
    return block


def acquisition_channels(channels: Sequence[str | None], settings: Sequence[Sourced]) -> "list[Block | Value]":
    """Entries of `acquisitions[].channels`: one for each channel, or for many one for all and a line for each."""
    named = [channel for channel in channels if channel is not None]
    together = channel_range(named) if len(channels) == len(named) > _FEW_CHANNELS else None
    if together is None:
        return [
            {
                "channel": _identifier(channel),
                **form(SETTING_FIELDS, header_values(facts), _ONLY_RECORDED_OF_CHANNEL),
            }
            for channel, facts in zip(channels, settings, strict=True)
        ]
    shared = shared_settings(settings)
    known_of_each = {field for field in SETTING_FIELDS if all(field in one for one in settings)} - set(shared)
    fields = [field for field in SETTING_FIELDS if field not in known_of_each]
    general: Block = {
        "channel": Value(text=together, comment="what is said here is said of each of them"),
        **form(fields, header_values(shared), _ONLY_RECORDED_OF_CHANNEL),
    }
    own = {name: _without(one, shared) for name, one in zip(named, settings, strict=True)}
    return [general, *_lines("channel", own)]


def shared_settings(settings: Sequence[Sourced]) -> dict[str, tuple[Fact, str]]:
    """The settings that are the same for each of several channels."""
    return common([[({name: fact}, source) for name, (fact, source) in one.items()] for one in settings])


def setting_facts(
    evidence: Evidence, position: int, lasers: LaserIds, detectors: DetectorIds
) -> dict[str, tuple[Fact, str]]:
    """The settings of one channel, lasers and detectors replaced by their ids.

    Those without an id are left out, and with a laser its power.
    """
    facts = agreed(evidence.settings.get(position, []))
    lines, source = facts.pop("laser", ((), ""))
    assert isinstance(lines, tuple)
    known = [lasers[line] for line in lines if isinstance(line, float) and line in lasers]
    if lines and len(known) == len(lines):
        facts["laser"] = (tuple(known), source)
    elif lines:
        facts.pop("laser_power_percent", None)
    used = [pair for pair in evidence.channel_detectors.get(position, []) if pair[0] is not None]
    detector = used[0][0] if used and len({one for one, _ in used}) == 1 else None
    if detector is not None and detector in detectors:
        facts["detector"] = (detectors[detector], used[0][1])
    return {name: facts[name] for name in SETTING_FIELDS if name in facts}
