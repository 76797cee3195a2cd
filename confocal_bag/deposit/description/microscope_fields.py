"""The fields of deposit.yaml that speak of the microscope and its settings."""

from confocal_bag.deposit.description.field_help import GOOD, MINIMUM, MOST, FieldHelp, told

__all__ = ["MICROSCOPE_FIELDS"]

MICROSCOPE_FIELDS: dict[str, FieldHelp] = {
    "instruments": told("The microscopes, as they stood for these images", "", MINIMUM),
    "instruments.id": told(
        "A short name to refer to the instrument by", "m1", None, "; to be referred to it needs one"
    ),
    "instruments.method.name": told("The imaging method", "single-spot confocal microscopy", GOOD),
    "instruments.method.term": told("Its FBbi identifier", '"FBbi:00000252"'),
    "instruments.microscope.manufacturer": told("Who made the microscope", "Zeiss", GOOD),
    "instruments.microscope.model": told("Its model", "LSM 880", MINIMUM),
    "instruments.microscope.stand": told("Upright or inverted", "Inverted"),
    "instruments.microscope.serial": told("Its serial number", "3851001234"),
    "instruments.objective.model": told("The objective", "Plan-Apochromat 63x/1.4 Oil DIC M27"),
    "instruments.objective.na": told("Its numerical aperture", "1.4", MINIMUM),
    "instruments.objective.magnification": told("Its magnification", "63"),
    "instruments.objective.immersion": told("The immersion medium", "Oil"),
    "instruments.objective.refractive_index": told("The refractive index of the medium", "1.518"),
    "instruments.lasers": told("The laser lines used", "[{id: l0, wavelength_nm: 488, type: Gas}]", GOOD),
    "instruments.detectors": told("The detectors or cameras", "[{id: d0, type: PMT}]", GOOD),
    "instruments.filters": told(
        "Filters and dichroics", "[{id: f0, type: emission, model: BP 525/50, band_nm: [500, 550]}]"
    ),
    "instruments.software.name": told("The acquisition software", "ZEN black", GOOD),
    "instruments.software.version": told("Its version, in quotation marks", '"2.3"', GOOD, ", if not in its name"),
    "instruments.software.command": told("How it was called, for a program of the command line", "acquire --z 40"),
    "acquisitions": told("How images were taken; one entry for each different setup", "", MINIMUM),
    "acquisitions.id": told("A short name to refer to the setup by", "a1", None, "; to be referred to it needs one"),
    "acquisitions.instrument": told("The id of the instrument", "m1", None, "; to be said where there are several"),
    "acquisitions.specimen": told("The id of the specimen", "s1", MINIMUM, ", if there are several"),
    "acquisitions.pixel_size_um": told(
        "Width and height of a pixel in micrometres, null where the scan has none (or `scale_bar: true`)",
        "[0.0902, 0.0902]",
        MINIMUM,
    ),
    "acquisitions.z_step_um": told("Distance between z-planes in micrometres", "0.5", MINIMUM, ", if a z-stack"),
    "acquisitions.time_increment_s": told("Seconds between time points", "0.5", MINIMUM, ", if a time series"),
    "acquisitions.pinhole_au": told("Pinhole in Airy units", "1.0", GOOD, ", this or pinhole_um"),
    "acquisitions.pinhole_um": told("Pinhole in micrometres", "48.9", GOOD, ", this or pinhole_au"),
    "acquisitions.zoom": told("Scan zoom", "2.0", MOST),
    "acquisitions.pixel_dwell_us": told("Time per pixel in microseconds", "1.02", MOST),
    "acquisitions.scan_mode": told("How the scanner moved", "frame scan"),
    "acquisitions.scan_direction": told("Unidirectional or Bidirectional", "Unidirectional", MOST),
    "acquisitions.averaging.number": told("How often each line or frame was scanned", "4", MOST),
    "acquisitions.averaging.unit": told("Line or Frame", "Line", MOST, ", if averaged"),
    "acquisitions.averaging.method": told("Average or Sum", "Average", MOST, ", if averaged"),
    "acquisitions.averaging.note": told("The averaging in words, where its parts are not known", "4 lines"),
    "acquisitions.environment": told(
        "What living samples were kept in", "{temperature_c: 37, co2_percent: 5, humidity_percent: 95}"
    ),
    "acquisitions.focus_stabilisation": told("What kept the focus", "Definite Focus 2"),
    "acquisitions.dimension_order": told("The order of the planes, fastest first", "XYZCT"),
    "acquisitions.sizes": told("Number of samples along each axis", "{X: 512, Y: 512, Z: 40, C: 2}"),
    "acquisitions.scale_bar": told("Whether a scale bar stands in the images: true or false", "true"),
    "acquisitions.notes": told(
        "What a reader should know; where a header is wrong, a line that names the field and says why",
        '["z_step_um: the header has the step of the overview"]',
    ),
    "acquisitions.channels.channel": told("The id of a channel above, or of many, such as c0..c27", "c0"),
    "acquisitions.channels.laser": told("The id of the laser, or a list of several", "l0", MOST),
    "acquisitions.channels.laser_power_percent": told(
        "Laser power in percent, in the order of the lasers", "2.0", GOOD
    ),
    "acquisitions.channels.detector": told("The id of the detector", "d0", MOST),
    "acquisitions.channels.gain_v": told(
        "Detector gain in volts (or `gain` in its own unit)", "650", MOST, ", this or gain, unless a camera"
    ),
    "acquisitions.channels.gain": told("Detector gain in the instrument's own unit", "2.5"),
    "acquisitions.channels.pinhole_au": told("The channel's own pinhole in Airy units", "1.0"),
    "acquisitions.channels.pinhole_um": told("The channel's own pinhole in micrometres", "48.9"),
    "acquisitions.channels.emission_band_nm": told(
        "The band that was detected, in nanometres; several bands one after the other",
        "[499, 553]",
        MOST,
        ", unless a contrast",
    ),
    "core_facility.name": told("The imaging facility", "Cellular and Molecular Imaging Facility"),
    "core_facility.rrid": told("Its RRID, to be acknowledged by", "RRID:SCR_023462"),
}
