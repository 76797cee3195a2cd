"""Questions about the microscope and its settings."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Kind, Topic, Wording, asked

__all__ = ["IMAGING"]

IMAGING: Mapping[str, Wording] = {
    "curation.tree.settings_provided": asked(
        Topic.IMAGING,
        "These images carry no record of how they were taken. Which microscope, objective and lasers were used, and "
        "with which settings? The settings as your program exports them are welcome too.",
        "Zeiss LSM 880, Plan-Apochromat 63x/1.4 oil, 488 and 561 nm lasers, pinhole 1 Airy unit, zoom 2",
        "the imaging settings",
        Kind.NODE,
    ),
    "acquisitions.pixel_size_um": asked(
        Topic.IMAGING,
        "How large is one pixel, in micrometres (width and height)?",
        "0.0902 x 0.0902",
        "the size of a pixel",
        Kind.SIZE,
    ),
    "acquisitions.z_step_um": asked(
        Topic.IMAGING,
        "How far apart are the planes of the z-stack, in micrometres?",
        "0.5",
        "the distance between z-planes",
        Kind.NUMBER,
    ),
    "acquisitions.time_increment_s": asked(
        Topic.IMAGING,
        "How many seconds lie between two time points?",
        "30",
        "the time between time points",
        Kind.NUMBER,
    ),
    "instruments.microscope.model": asked(
        Topic.IMAGING, "Which microscope was used (model)?", "LSM 880", "the microscope"
    ),
    "instruments.objective.na": asked(
        Topic.IMAGING,
        "Which numerical aperture does the objective have?",
        "1.4",
        "the numerical aperture of the objective",
        Kind.NUMBER,
    ),
    "instruments.microscope.manufacturer": asked(
        Topic.IMAGING, "Who made the microscope?", "Zeiss", "the maker of the microscope"
    ),
    "instruments.method.name": asked(
        Topic.IMAGING, "Which kind of microscopy is it?", "single-spot confocal microscopy", "the kind of microscopy"
    ),
    "instruments.lasers": asked(
        Topic.IMAGING,
        "Which laser lines were used, in nanometres?",
        "405, 488 and 561 nm",
        "the laser lines",
        Kind.LASERS,
    ),
    "instruments.detectors": asked(
        Topic.IMAGING, "Which detectors or cameras were used?", "PMT; GaAsP", "the detectors", Kind.DETECTORS
    ),
    "instruments.software.name": asked(
        Topic.IMAGING, "With which program were the images taken?", "ZEN black", "the acquisition program"
    ),
    "instruments.software.version": asked(
        Topic.IMAGING, "Which version does that program have?", "2.3", "the version of that program"
    ),
    "acquisitions.pinhole_au": asked(
        Topic.IMAGING, "How wide was the pinhole, in Airy units?", "1.0", "the pinhole", Kind.NUMBER
    ),
    "acquisitions.channels.laser_power_percent": asked(
        Topic.IMAGING,
        "At which laser power was each channel taken, in percent?",
        "2.0",
        "the laser power",
        Kind.NUMBERS,
    ),
    "acquisitions.zoom": asked(Topic.IMAGING, "Which zoom was used?", "2.0", "the zoom", Kind.NUMBER),
    "acquisitions.pixel_dwell_us": asked(
        Topic.IMAGING, "How long was each pixel scanned, in microseconds?", "1.02", "the scan speed", Kind.NUMBER
    ),
    "acquisitions.scan_direction": asked(
        Topic.IMAGING,
        "Were lines scanned in one direction (unidirectional) or in both (bidirectional)?",
        "Unidirectional",
        "the scan direction",
    ),
    "acquisitions.averaging.number": asked(
        Topic.IMAGING,
        "How many times was each line or frame scanned and averaged? (1 if it was not.)",
        "4",
        "the averaging",
        Kind.NUMBER,
    ),
    "acquisitions.averaging.unit": asked(Topic.IMAGING, "Were lines averaged, or frames?", "Line", "what was averaged"),
    "acquisitions.averaging.method": asked(
        Topic.IMAGING, "Were the scans averaged or summed?", "Average", "how was averaged"
    ),
    "acquisitions.channels.laser": asked(
        Topic.IMAGING, "Which of the lasers lit each channel?", "488 nm", "the laser of each channel"
    ),
    "acquisitions.channels.detector": asked(
        Topic.IMAGING, "Which detector took each channel?", "GaAsP 1", "the detector of each channel"
    ),
    "acquisitions.channels.gain_v": asked(
        Topic.IMAGING, "At which gain was each channel taken, in volts?", "650", "the detector gain", Kind.NUMBER
    ),
    "acquisitions.channels.emission_band_nm": asked(
        Topic.IMAGING,
        "Which band of light was detected in each channel, in nanometres?",
        "499 to 553",
        "the detected bands",
        Kind.NUMBERS,
    ),
    "quality.calibration": asked(
        Topic.IMAGING,
        "Was the microscope calibrated or checked, and how?",
        "Point spread function measured with 100 nm beads on the day of imaging",
        "calibration and quality control",
    ),
}
