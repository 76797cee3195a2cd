"""What is known of one image, as plain values: the form that inventories, readmes and JSON documents use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from confocal_bag.image.lossy.compression import Compression
from confocal_bag.image.model import PixelSize
from confocal_bag.image.signs import Sign
from confocal_bag.image.tiff_structure import StructureFault

__all__ = ["ChannelRecord", "ImageRecord", "InstrumentRecord", "LaserRecord", "is_file_writer"]


#: Programs that write or rewrite image files and run no microscope, by how their names begin, in small letters.
_FILE_WRITERS = ("imagej", "fiji", "tifffile", "bio-formats", "bioformats", "bfconvert", "omero")


def is_file_writer(program: str) -> bool:
    """Whether a program that a header names only wrote the file; what took the images is then not recorded."""
    return program.casefold().startswith(_FILE_WRITERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord:
    """One channel as the file's header records it; None where it does not.

    `gain` is in the instrument's own unit; `emission_bands_nm` holds (from, to) for each band that was detected.
    `laser_powers_percent` has one place for each of `laser_lines_nm`, or is empty where the header gives the power of
    none of them for this channel. `illumination_nm` holds (from, to) of the light of a lamp; `excitation_of_dye` says
    that `excitation_nm` is the maximum of the dye, and that the light is not recorded.
    """

    name: str | None = None
    fluor: str | None = None
    excitation_nm: float | None = None
    emission_nm: float | None = None
    color: str | None = None
    pinhole_um: float | None = None
    pinhole_au: float | None = None
    laser_lines_nm: tuple[float, ...] = ()
    laser_powers_percent: tuple[float | None, ...] = ()
    detector: str | None = None
    gain: str | None = None
    detector_type: str | None = None
    detector_manufacturer: str | None = None
    voltage_v: float | None = None
    emission_bands_nm: tuple[tuple[float, float], ...] = ()
    contrast: str | None = None
    illumination_nm: tuple[tuple[float, float], ...] = ()
    excitation_of_dye: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LaserRecord:
    """One laser line that lit the sample, and its power where the header gives it in percent."""

    wavelength_nm: float
    model: str | None = None
    type: str | None = None
    power_percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRecord:
    """The microscope and its settings as the file's header records them; None where it does not.

    `software` holds name and version together; `lasers` are the lines that were used, by wavelength.
    """

    manufacturer: str | None = None
    model: str | None = None
    objective: str | None = None
    magnification: float | None = None
    numerical_aperture: float | None = None
    immersion: str | None = None
    refractive_index: float | None = None
    software: str | None = None
    acquired: str | None = None
    scan_mode: str | None = None
    zoom: float | None = None
    pixel_dwell_us: float | None = None
    averaging: str | None = None
    stand: str | None = None
    method: str | None = None
    software_version: str | None = None
    scan_direction: str | None = None
    averaging_number: float | None = None
    averaging_unit: str | None = None
    averaging_method: str | None = None
    lasers: tuple[LaserRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRecord:
    """One series of a file.

    `axes` maps axis letters to sizes as in `Series.axes`. `lossy` and `complete` are None where nobody can tell.
    `compression` is what `lossy` was told from. `signs` are what the header or the first plane shows of values lost
    before. `structure` holds the faults of the TIFF file around it, with its first series. `significant_bits` are those
    of each sample that the camera or scanner filled. `processing` says what the header records was computed since.
    """

    series: int
    name: str
    axes: Mapping[str, int]
    dtype: str
    pixel_size_um: PixelSize = field(default_factory=PixelSize)
    time_increment_s: float | None = None
    channels: tuple[ChannelRecord, ...] = ()
    instrument: InstrumentRecord = field(default_factory=InstrumentRecord)
    lossy: bool | None = None
    complete: bool | None = None
    compression: tuple[Compression, ...] = ()
    signs: tuple[Sign, ...] = ()
    structure: tuple[StructureFault, ...] = ()
    significant_bits: int | None = None
    processing: str | None = None
