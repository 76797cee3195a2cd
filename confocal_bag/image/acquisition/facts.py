"""What a vendor recorded about one image, in fixed units; None where it recorded nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from confocal_bag.image.model import PixelSize

__all__ = ["ChannelFacts", "FileFacts", "Laser", "Modulo", "Objective", "SeriesFacts", "StagePosition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The objective lens that took the image, and the medium it was set for."""

    model: str | None = None
    magnification: float | None = None
    numerical_aperture: float | None = None
    immersion: str | None = None
    refractive_index: float | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether anything at all is known of the objective."""
        return any(
            value is not None
            for value in (
                self.model,
                self.magnification,
                self.numerical_aperture,
                self.immersion,
                self.refractive_index,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Laser:
    """One laser line that lit the sample; `name` only where the file pairs a name with this line."""

    wavelength_nm: float
    name: str | None = None
    power: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePosition:
    """Where the stage stood, in micrometres."""

    x_um: float | None = None
    y_um: float | None = None
    z_um: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modulo:
    """What the steps of an axis beyond T, C and Z stand for: `unit` steps from `start`, `step` apart."""

    kind: str
    start: float | None = None
    step: float | None = None
    unit: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """One channel. Wavelengths in nm; `color` is (red, green, blue), each 0 to 255.

    `laser_powers` holds the power of its own lines. `excitation_unlit` says that no laser of the excitation wavelength
    was in use: the wavelength is what the dye was set for.
    """

    name: str | None = None
    fluor: str | None = None
    excitation_nm: float | None = None
    emission_nm: float | None = None
    color: tuple[int, int, int] | None = None
    pinhole_um: float | None = None
    pinhole_au: float | None = None
    excitation_unlit: bool = False
    laser_lines_nm: tuple[float, ...] = ()
    laser_powers: Mapping[float, str] = field(default_factory=dict)
    detection_bands_nm: tuple[tuple[float, float], ...] = ()
    detector: str | None = None
    detector_type: str | None = None
    gain: float | None = None
    voltage_v: float | None = None
    binning: str | None = None
    exposure_s: float | None = None
    acquisition_mode: str | None = None
    contrast_method: str | None = None
    illumination_type: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFacts:
    """One series of a file. `acquired` is in ISO 8601, with a time zone only where one is recorded."""

    name: str | None = None
    acquired: str | None = None
    created: str | None = None
    pixel_size_um: PixelSize = field(default_factory=PixelSize)
    time_increment_s: float | None = None
    bit_depth: int | None = None
    manufacturer: str | None = None
    microscope: str | None = None
    microscope_type: str | None = None
    software: str | None = None
    software_version: str | None = None
    objective: Objective = field(default_factory=Objective)
    lasers: tuple[Laser, ...] = ()
    zoom: float | None = None
    pixel_dwell_us: float | None = None
    scan_speed: str | None = None
    averaging: int | None = None
    averaging_unit: str | None = None
    scan_mode: str | None = None
    scan_axes: str | None = None
    bidirectional: bool | None = None
    stage: StagePosition = field(default_factory=StagePosition)
    tiles: int | None = None
    lambda_count: int | None = None
    lambda_start_nm: float | None = None
    lambda_step_nm: float | None = None
    modulo: Mapping[str, Modulo] = field(default_factory=dict)
    channels: tuple[ChannelFacts, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """The series of a file, in the order of `ImageFile.series`; shorter where nothing more is known."""

    series: tuple[SeriesFacts, ...] = ()
