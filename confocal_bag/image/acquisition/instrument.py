"""The instrument of an image in OME core: microscope, objective, lasers, detectors and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ome_types.model import Instrument

    from confocal_bag.image.acquisition.facts import ChannelFacts, SeriesFacts

__all__ = ["channel_instrument", "instrument_of", "objective_settings"]

_MEDIA = {"Oil", "Water", "Air", "Glycerol", "Other"}


def instrument_of(number: int, facts: SeriesFacts) -> Instrument | None:
    """Instrument:`number`, or None where the file tells nothing of it."""
    from ome_types.model import Instrument

    parts = {
        "microscope": _recorded(manufacturer=facts.manufacturer, model=facts.microscope, type=facts.microscope_type),
        "objectives": _objectives(number, facts),
        "lasers": [
            _recorded(id=_laser_id(number, index), model=laser.name, wavelength=laser.wavelength_nm)
            for index, laser in enumerate(facts.lasers)
        ],
        "detectors": [
            _recorded(id=_detector_id(number, index), model=channel.detector, type=channel.detector_type)
            for index, channel in enumerate(facts.channels)
            if _has_detector(channel)
        ],
        "filters": [
            {"id": _filter_id(number, index, band), "transmittance_range": {"cut_in": low, "cut_out": high}}
            for index, channel in enumerate(facts.channels)
            for band, (low, high) in enumerate(channel.detection_bands_nm)
        ],
    }
    said = {name: value for name, value in parts.items() if value}
    return Instrument.model_validate({"id": f"Instrument:{number}", **said}) if said else None


def objective_settings(number: int, facts: SeriesFacts) -> dict[str, Any] | None:
    """The ObjectiveSettings of an image, or None where no objective is known."""
    if not facts.objective.is_recorded:
        return None
    medium = facts.objective.immersion if facts.objective.immersion in _MEDIA else None
    return _recorded(id=f"Objective:{number}", medium=medium, refractive_index=facts.objective.refractive_index)


def channel_instrument(number: int, index: int, facts: SeriesFacts, channel: ChannelFacts) -> dict[str, Any]:
    """What a Channel says of the instrument, as the fields of `ome_types.model.Channel`.

    OME allows one light source for a channel: it is named only where exactly one laser line lit it.
    """
    parts: dict[str, Any] = {}
    source = _only_laser(facts, channel)
    if source is not None:
        parts["light_source_settings"] = {
            "id": _laser_id(number, source),
            "wavelength": facts.lasers[source].wavelength_nm,
        }
    if _has_detector(channel):
        parts["detector_settings"] = _recorded(
            id=_detector_id(number, index),
            gain=channel.gain,
            voltage=channel.voltage_v,
            zoom=facts.zoom,
            binning=channel.binning,
        )
    if channel.detection_bands_nm:
        parts["light_path"] = {
            "emission_filters": [
                {"id": _filter_id(number, index, band)} for band in range(len(channel.detection_bands_nm))
            ]
        }
    return parts


def _objectives(number: int, facts: SeriesFacts) -> list[dict[str, Any]]:
    lens = facts.objective
    if not lens.is_recorded:
        return []
    return [
        _recorded(
            id=f"Objective:{number}",
            model=lens.model,
            immersion=lens.immersion,
            lens_na=lens.numerical_aperture,
            nominal_magnification=lens.magnification,
        )
    ]


def _only_laser(facts: SeriesFacts, channel: ChannelFacts) -> int | None:
    if len(channel.laser_lines_nm) != 1:
        return None
    (line,) = channel.laser_lines_nm
    return next((index for index, laser in enumerate(facts.lasers) if abs(laser.wavelength_nm - line) < 0.5), None)


def _has_detector(channel: ChannelFacts) -> bool:
    said = (channel.detector, channel.detector_type, channel.gain, channel.voltage_v, channel.binning)
    return any(value is not None for value in said)


def _laser_id(number: int, index: int) -> str:
    return f"LightSource:{number}:{index}"


def _detector_id(number: int, index: int) -> str:
    return f"Detector:{number}:{index}"


def _filter_id(number: int, index: int, band: int) -> str:
    return f"Filter:{number}:{index}:{band}"


def _recorded(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
