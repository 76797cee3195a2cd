"""How each channel of an acquisition was made, by the description and the headers of the images."""

from collections.abc import Iterator, Mapping, Sequence

from confocal_bag.deposit.description.facts import number_text
from confocal_bag.deposit.description.model import (
    AcquisitionChannel,
    ChannelDescription,
    Detector,
    InstrumentDescription,
)
from confocal_bag.deposit.exports.method_model import ChannelMethod
from confocal_bag.deposit.exports.recorded import agreed, answer, first
from confocal_bag.image.record import ChannelRecord, ImageRecord

__all__ = ["ChannelPair", "channel_methods"]

#: What the description says of a channel, and of its settings.
ChannelPair = tuple[ChannelDescription | None, AcquisitionChannel | None]


def channel_methods(
    instrument: InstrumentDescription | None, channels: Sequence[ChannelPair], records: Sequence[ImageRecord]
) -> Iterator[ChannelMethod]:
    """What is known of each channel of images that were taken alike."""
    # Where files hold one of several channels each, their headers do not tell which.
    whole = [one for one in records if not channels or one.axes.get("C", 1) == len(channels)]
    headers = [record.channels for record in whole if record.channels]
    alike = [one for one in headers if len(one) == len(headers[0])]
    count = max(len(channels), len(alike[0]) if alike and not channels else 0)
    lasers = {one.id: one.wavelength_nm for one in instrument.lasers} if instrument else {}
    detectors = {one.id: one for one in instrument.detectors} if instrument else {}
    for place in range(count):
        described, setting = channels[place] if place < len(channels) else (None, None)
        header = agreed(one[place] for one in alike if place < len(one)) or ChannelRecord()
        yield _channel(described or ChannelDescription(), setting or AcquisitionChannel(), header, lasers, detectors)


def _powered(
    named: Sequence[float | None], recorded: Sequence[float], powers: Sequence[float]
) -> tuple[tuple[tuple[float, float | None], ...], tuple[float, ...]]:
    """The lines with their powers, and the powers whose lines are not known.

    The lasers that people name count before those that the header records. Of several lines that only the header
    records nobody said which power is whose.
    """
    lines = named if any(line is not None for line in named) else recorded
    paired = len(powers) == len(lines) and (lines is named or len(lines) == 1)
    told = tuple((line, powers[at] if paired else None) for at, line in enumerate(lines) if line is not None)
    if not paired:
        return told, tuple(powers)
    return told, tuple(power for line, power in zip(lines, powers, strict=True) if line is None)


def _channel(
    said: ChannelDescription,
    setting: AcquisitionChannel,
    header: ChannelRecord,
    lasers: Mapping[str | None, float | None],
    detectors: Mapping[str | None, Detector],
) -> ChannelMethod:
    wavelengths = [lasers.get(name) for name in setting.laser]
    lines, unnamed = _powered(wavelengths, header.laser_lines_nm, setting.laser_power_percent)
    detector = detectors.get(setting.detector)
    edges = setting.emission_band_nm
    bands = tuple(zip(edges[::2], edges[1::2], strict=True)) if len(edges) % 2 == 0 else ()
    gain = f"{number_text(setting.gain_v)} V" if setting.gain_v is not None else setting.gain
    volts = f"{number_text(header.voltage_v)} V" if header.voltage_v is not None else None
    # What people leave as the header has it is as much of a dye, or of a lamp, as the header says.
    unchanged = said.excitation_nm in (None, header.excitation_nm)
    return ChannelMethod(
        name=first(answer(said.name), header.name, said.id),
        target=answer(said.target),
        label=first(answer(said.probe), answer(said.fluor), header.fluor, answer(said.contrast)),
        lines=lines,
        powers=unnamed,
        excitation_nm=first(said.excitation_nm, header.excitation_nm),
        bands=bands or header.emission_bands_nm,
        emission_nm=first(said.emission_nm, header.emission_nm),
        detector=answer(detector.model) if detector else header.detector,
        detector_type=answer(detector.type) if detector else header.detector_type,
        gain=number_text(gain) if isinstance(gain, float) else first(gain, volts, header.gain),
        pinhole_au=first(setting.pinhole_au, header.pinhole_au),
        pinhole_um=first(setting.pinhole_um, header.pinhole_um),
        contrast=first(answer(said.contrast), header.contrast),
        illumination=header.illumination_nm if unchanged else (),
        excitation_of_dye=header.excitation_of_dye and unchanged,
    )
