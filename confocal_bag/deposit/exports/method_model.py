"""The facts of one acquisition that a Methods paragraph is made of; None or empty where they are not recorded."""

from dataclasses import dataclass

from confocal_bag.deposit.exports.two_values import TwoValues

__all__ = ["ChannelMethod", "MethodFacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMethod:
    """How one channel was made; None where that is not recorded.

    `lines` are (wavelength in nm, laser power in percent or None); `powers` are those of lasers whose wavelength nobody
    named. `bands` are (from, to) in nm. `detector` is a name, `detector_type` what it is, such as PMT. `contrast` is
    how light shows the sample where that is not fluorescence, such as DIC. `illumination` is the light of a lamp, as
    bands (from, to) in nm; `excitation_of_dye` says that `excitation_nm` is the maximum of the dye and of no light.
    """

    name: str | None = None
    target: str | None = None
    label: str | None = None
    lines: tuple[tuple[float, float | None], ...] = ()
    powers: tuple[float, ...] = ()
    excitation_nm: float | None = None
    bands: tuple[tuple[float, float], ...] = ()
    emission_nm: float | None = None
    detector: str | None = None
    detector_type: str | None = None
    gain: str | None = None
    pinhole_au: float | None = None
    pinhole_um: float | None = None
    contrast: str | None = None
    illumination: tuple[tuple[float, float], ...] = ()
    excitation_of_dye: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFacts:
    """One acquisition, every fact None or empty where it is not recorded.

    `frame` is (columns, rows), or (columns, steps in depth) where `is_xz`; `z_planes` and `time_points` are None where
    the images differ or have no such axis. `files` are the images that were taken so; `two_values` are what their
    headers and the description disagree on. `bits` are of each
    sample, of which an image in colour (`is_colour`) has several per pixel.
    """

    name: str | None = None
    files: tuple[str, ...] = ()
    organism: str | None = None
    material: str | None = None
    sample: tuple[str, ...] = ()
    fixation: str | None = None
    live: bool | None = None
    sectioning: str | None = None
    medium: str | None = None
    coverslip: str | None = None
    method: str | None = None
    microscope: str | None = None
    objective: str | None = None
    magnification: float | None = None
    numerical_aperture: float | None = None
    immersion: str | None = None
    software: str | None = None
    facility: str | None = None
    frame: tuple[int, int] | None = None
    is_xz: bool = False
    bits: int | None = None
    significant_bits: int | None = None
    is_colour: bool = False
    processing: str | None = None
    pixel_x_um: float | None = None
    pixel_y_um: float | None = None
    z_planes: int | None = None
    z_step_um: float | None = None
    time_points: int | None = None
    time_step_s: float | None = None
    pinhole_au: float | None = None
    pinhole_um: float | None = None
    zoom: float | None = None
    dwell_us: float | None = None
    direction: str | None = None
    averaging: float | None = None
    averaging_unit: str | None = None
    averaging_note: str | None = None
    environment: tuple[str, ...] = ()
    focus: str | None = None
    channels: tuple[ChannelMethod, ...] = ()
    two_values: tuple[TwoValues, ...] = ()
