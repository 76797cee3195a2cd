"""What each field of deposit.yaml is, with an example of a good answer and the level that needs it."""

from dataclasses import dataclass

from confocal_bag.vocabulary import PracticeLevel

__all__ = ["FIELD_HELP", "PARTS", "FieldHelp", "field_help", "needed_level"]

_MINIMUM = PracticeLevel.MINIMUM
_GOOD = PracticeLevel.GOOD_ENOUGH
_MOST = PracticeLevel.MOST_REPRODUCIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHelp:
    """Help for one field. `level` is the least demanding level that needs it; None where none does.

    The levels are judged by the same value: see `needed_level`.
    """

    meaning: str
    example: str
    level: PracticeLevel | None
    condition: str = ""

    @property
    def needed_for(self) -> str:
        """The level in words."""
        return f"needed for: {self.level}{self.condition}" if self.level else f"optional{self.condition}"


def _help(meaning: str, example: str, level: PracticeLevel | None = None, condition: str = "") -> FieldHelp:
    return FieldHelp(meaning=meaning, example=example, level=level, condition=condition)


#: By the field's place without list positions: "creators.orcid".
FIELD_HELP: dict[str, FieldHelp] = {
    "identifier.doi": _help("The DOI of this dataset, where one is reserved or registered", "10.5072/example"),
    "identifier.handle": _help("The Handle of this dataset", "20.500.12345/678"),
    "identifier.uri": _help("Any other persistent address of this dataset", "https://repository.example/ark:/12345/x6"),
    "title": _help("What the dataset is called", "Confocal z-stacks of mitotic mouse embryonic fibroblasts", _MINIMUM),
    "abstract": _help(
        "What was imaged, how and why, in a few sentences (at least 25 characters)",
        "Fixed fibroblasts stained for tubulin and mitochondria, imaged as confocal z-stacks.",
        _MINIMUM,
    ),
    "creators": _help("Who made the data; one entry for each person", "", _MINIMUM),
    "creators.family": _help("Family name", "Lovelace", _MINIMUM, ", for one of the creators"),
    "creators.given": _help("Given name", "Ada"),
    "creators.name": _help("The name in one piece, of an organization or where it has no parts", "Imaging Consortium"),
    "creators.orcid": _help("The person's ORCID iD", "0000-0002-1825-0097", _MOST),
    "creators.email": _help(
        "Where the person can be reached", "ada@example.org", _MINIMUM, ", for one of the creators"
    ),
    "creators.affiliation.name": _help(
        "The person's institution", "NC State University", _MINIMUM, ", for one of the creators"
    ),
    "creators.affiliation.ror": _help("The institution's ROR identifier", "https://ror.org/04tj63d06"),
    "creators.affiliation.address": _help("The institution's address", "Raleigh, NC, USA"),
    "creators.roles": _help("What the person did", "[principal-investigator, contact]"),
    "contributors": _help(
        "Who else took part: data curator, microscopist",
        "[{family: Doe, given: Chris, roles: [data-curator]}]",
    ),
    "publisher.name": _help("The repository that publishes the data", "Example Data Repository", _GOOD),
    "publisher.ror": _help("The repository's ROR identifier", "https://ror.org/04tj63d06"),
    "publisher.address": _help("The repository's address", "https://repository.example"),
    "organization.name": _help("The institution that hands over the data", "NC State University Libraries", _MINIMUM),
    "organization.address": _help("Its postal address", "2 Broughton Drive, Raleigh, NC 27695, USA", _MINIMUM),
    "organization.ror": _help("The institution's ROR identifier", "https://ror.org/04tj63d06"),
    "dates.collected": _help(
        "When the images were taken: a day, or first/last day",
        "2019-04-17/2019-04-18",
        _MINIMUM,
        ", unless headers say it",
    ),
    "dates.issued": _help("When the data are published", "2019-07-01", _GOOD),
    "dates.created": _help("When the files were made, where that is not when the images were taken", "2019-05-02"),
    "dates.updated": _help("When the dataset was last changed", "2020-01-15"),
    "version": _help("The version of the dataset, in quotation marks", '"1.0"', _MOST),
    "language": _help("The language of the documentation", "en"),
    "keywords": _help("Words a colleague would search for", "[confocal microscopy, mitosis, tubulin]", _GOOD),
    "license.spdx": _help(
        "The licence as an SPDX identifier; the primer recommends CC0 unless a publisher holds rights",
        "CC0-1.0",
        _MINIMUM,
        ", this or a statement",
    ),
    "license.holder": _help("Who holds the rights, where anyone does", "NC State University"),
    "license.statement": _help(
        "The conditions in words, where no licence identifier fits", "Reuse after asking the authors"
    ),
    "access.level": _help("Who may have the data: open, embargoed or restricted", "open", _GOOD),
    "access.until": _help("Where embargoed: until which day", "2027-01-31", _GOOD, ", if embargoed"),
    "access.conditions": _help("Where restricted: on which conditions", "On request to the data access committee"),
    "audience": _help(
        "Who the data are meant for: researchers, education, media, public",
        "[researchers, education]",
        _MINIMUM,
    ),
    "location.name": _help("Where the data were collected", "Raleigh, NC, USA", _GOOD),
    "location.lat": _help("Its latitude in degrees, north of the equator above 0", "35.7847"),
    "location.lon": _help("Its longitude in degrees, east of Greenwich above 0", "-78.6821"),
    "funding": _help("Who paid", "[{funder: IMLS, award: RE-85-18-0040-18}]"),
    "related": _help(
        "Publications, protocols and datasets that belong to this one",
        "[{id: 10.1083/jcb.201912345, type: DOI, relation: IsSupplementTo}]",
        None,
        "; a publication that documents the data can stand for the protocols",
    ),
    "citation": _help("How to cite the dataset; made from the other fields where empty", "Lovelace, A. (2019). ..."),
    "acknowledgements": _help("Who is to be thanked, in the words they ask for", "We thank the imaging facility."),
    "privacy.human_subjects": _help("Whether the samples come from people: true or false", "false", _MINIMUM),
    "privacy.restricted": _help("Whether any of the data must be restricted: true or false", "false", _MINIMUM),
    "privacy.notes": _help("What protects the people concerned", "Consent for open sharing, protocol 2018-042"),
    "privacy.approval": _help("Which ethics committee approved it, and under which number", "IRB 2018-042"),
    "privacy.redaction": _help(
        "What was taken out of the files before they came here", "Labels with names were cut off"
    ),
    "raw_location": _help(
        "Where the raw data are, if they are not in this deposit",
        "https://data.example/raw/42",
        _MOST,
        ", if no raw data",
    ),
    "specimens": _help("What was imaged; one entry for each biological or material source", "", _MINIMUM),
    "specimens.id": _help("A short name to refer to the specimen by", "s1", None, "; to be referred to it needs one"),
    "specimens.organism.name": _help(
        "The species (or fill in `material` instead)", "Mus musculus", _MINIMUM, ", this or a material"
    ),
    "specimens.organism.term": _help("Its NCBI Taxonomy identifier, in quotation marks", '"NCBITaxon:10090"'),
    "specimens.material": _help(
        "The material, where it is not an organism", "polymer film", _MINIMUM, ", if no organism"
    ),
    "specimens.origin": _help("Where the sample comes from", "Primary MEFs, E13.5, C57BL/6J (JAX 000664)", _MINIMUM),
    "specimens.cell_type.name": _help("The cell type", "embryonic fibroblast", _GOOD, ", this, tissue or component"),
    "specimens.cell_type.term": _help("Its Cell Ontology identifier", '"CL:2000042"'),
    "specimens.cell_line.name": _help("The cell line, where cells of one were grown", "HeLa"),
    "specimens.cell_line.term": _help("Its Cellosaurus identifier (an RRID)", '"CVCL_0030"'),
    "specimens.tissue.name": _help(
        "The tissue or organ", "cerebellum", _GOOD, ", unless cell type or component is given"
    ),
    "specimens.tissue.term": _help("Its UBERON identifier", '"UBERON:0002037"'),
    "specimens.component.name": _help(
        "The part of the cell", "mitotic spindle", _GOOD, ", unless cell type or tissue is given"
    ),
    "specimens.component.term": _help("Its Gene Ontology identifier", '"GO:0072686"'),
    "specimens.strain": _help("Strain, line or breed", "C57BL/6J", _MOST, ", this or another sample detail"),
    "specimens.genotype": _help("Genotype", "wild type", _MOST, ", this or another sample detail"),
    "specimens.sex": _help("Sex", "female", _MOST, ", this or another sample detail"),
    "specimens.age": _help("Age", "8 weeks", _MOST, ", this or another sample detail"),
    "specimens.stage": _help("Developmental stage", "E13.5", _MOST, ", this or another sample detail"),
    "specimens.fixation.name": _help("How the sample was fixed", "formaldehyde fixed tissue", _GOOD, ", unless live"),
    "specimens.fixation.term": _help("Its FBbi identifier", '"FBbi:00000010"'),
    "specimens.fixation.protocol": _help("The fixation in one line", "4% PFA, 15 min, room temperature"),
    "specimens.live": _help(
        "Whether the sample was alive when imaged: true or false", "false", _GOOD, ", unless fixed"
    ),
    "specimens.sectioning.method": _help('How it was cut, or "none"', "cryosection", _GOOD, ", unless live"),
    "specimens.sectioning.thickness_um": _help("Thickness of the section in micrometres", "10"),
    "specimens.sectioning.term": _help("Its FBbi identifier", '"FBbi:00000027"'),
    "specimens.mounting.medium": _help("The mounting or imaging medium", "ProLong Gold", _MOST),
    "specimens.mounting.coverslip": _help("The coverslip, in quotation marks", '"#1.5H"', _MOST),
    "specimens.mounting.holder": _help("What the sample lay in", "35 mm glass-bottom dish"),
    "specimens.growth": _help("How cells or organisms were grown", "DMEM with 10% FBS, 37 degrees C, 5% CO2"),
    "specimens.description": _help("Anything else about the sample", "Passage 4"),
    "specimens.treatment": _help("What was done to the sample", "[nocodazole 100 ng/ml for 4 h]"),
    "specimens.variables.intrinsic": _help("What differs between samples by nature", "[genotype]"),
    "specimens.variables.extrinsic": _help("What differs by what was done to them", "[dose of nocodazole]"),
    "specimens.variables.experimental": _help("What differs by when or how they were imaged", "[time after release]"),
    "channels": _help("What each channel (colour) shows", "", _MINIMUM),
    "channels.id": _help("A short name to refer to the channel by", "c0", None, "; to be referred to it needs one"),
    "channels.name": _help("What to call the channel", "tubulin", _MINIMUM),
    "channels.target": _help("The structure or molecule it shows", "alpha-tubulin"),
    "channels.probe": _help(
        "What makes it visible, with the RRID of an antibody (needed for most-reproducible); "
        "or write `contrast: brightfield`",
        "DM1A mAb (RRID:AB_477593) + goat anti-mouse Alexa Fluor 488",
        _MINIMUM,
    ),
    "channels.fluor": _help("The dye or fluorescent protein", "Alexa Fluor 488"),
    "channels.excitation_nm": _help("Excitation wavelength in nanometres", "488", _GOOD, ", this or the laser"),
    "channels.emission_nm": _help("Emission wavelength in nanometres", "520", _GOOD, ", this or the detected band"),
    "channels.color": _help("The colour it is displayed in, in quotation marks", '"#00FF00"'),
    "channels.contrast": _help("What makes it visible, where no dye does", "brightfield"),
    "instruments": _help("The microscopes, as they stood for these images", "", _MINIMUM),
    "instruments.id": _help(
        "A short name to refer to the instrument by", "m1", None, "; to be referred to it needs one"
    ),
    "instruments.method.name": _help("The imaging method", "single-spot confocal microscopy", _GOOD),
    "instruments.method.term": _help("Its FBbi identifier", '"FBbi:00000252"'),
    "instruments.microscope.manufacturer": _help("Who made the microscope", "Zeiss", _GOOD),
    "instruments.microscope.model": _help("Its model", "LSM 880", _MINIMUM),
    "instruments.microscope.stand": _help("Upright or inverted", "Inverted"),
    "instruments.microscope.serial": _help("Its serial number", "3851001234"),
    "instruments.objective.model": _help("The objective", "Plan-Apochromat 63x/1.4 Oil DIC M27"),
    "instruments.objective.na": _help("Its numerical aperture", "1.4", _MINIMUM),
    "instruments.objective.magnification": _help("Its magnification", "63"),
    "instruments.objective.immersion": _help("The immersion medium", "Oil"),
    "instruments.objective.refractive_index": _help("The refractive index of the medium", "1.518"),
    "instruments.lasers": _help("The laser lines used", "[{id: l0, wavelength_nm: 488, type: Gas}]", _GOOD),
    "instruments.detectors": _help("The detectors or cameras", "[{id: d0, type: PMT}]", _GOOD),
    "instruments.filters": _help(
        "Filters and dichroics", "[{id: f0, type: emission, model: BP 525/50, band_nm: [500, 550]}]"
    ),
    "instruments.software.name": _help("The acquisition software", "ZEN black", _GOOD),
    "instruments.software.version": _help("Its version, in quotation marks", '"2.3"', _GOOD, ", if not in its name"),
    "instruments.software.command": _help("How it was called, for a program of the command line", "acquire --z 40"),
    "acquisitions": _help("How images were taken; one entry for each different setup", "", _MINIMUM),
    "acquisitions.id": _help("A short name to refer to the setup by", "a1", None, "; to be referred to it needs one"),
    "acquisitions.instrument": _help("The id of the instrument", "m1", None, "; to be said where there are several"),
    "acquisitions.specimen": _help("The id of the specimen", "s1", _MINIMUM, ", if there are several"),
    "acquisitions.pixel_size_um": _help(
        "Width and height of a pixel in micrometres, null where the scan has none (or `scale_bar: true`)",
        "[0.0902, 0.0902]",
        _MINIMUM,
    ),
    "acquisitions.z_step_um": _help("Distance between z-planes in micrometres", "0.5", _MINIMUM, ", if a z-stack"),
    "acquisitions.time_increment_s": _help("Seconds between time points", "0.5", _MINIMUM, ", if a time series"),
    "acquisitions.pinhole_au": _help("Pinhole in Airy units", "1.0", _GOOD, ", this or pinhole_um"),
    "acquisitions.pinhole_um": _help("Pinhole in micrometres", "48.9", _GOOD, ", this or pinhole_au"),
    "acquisitions.zoom": _help("Scan zoom", "2.0", _MOST),
    "acquisitions.pixel_dwell_us": _help("Time per pixel in microseconds", "1.02", _MOST),
    "acquisitions.scan_mode": _help("How the scanner moved", "frame scan"),
    "acquisitions.scan_direction": _help("Unidirectional or Bidirectional", "Unidirectional", _MOST),
    "acquisitions.averaging.number": _help("How often each line or frame was scanned", "4", _MOST),
    "acquisitions.averaging.unit": _help("Line or Frame", "Line", _MOST, ", if averaged"),
    "acquisitions.averaging.method": _help("Average or Sum", "Average", _MOST, ", if averaged"),
    "acquisitions.averaging.note": _help("The averaging in words, where its parts are not known", "4 lines"),
    "acquisitions.environment": _help(
        "What living samples were kept in", "{temperature_c: 37, co2_percent: 5, humidity_percent: 95}"
    ),
    "acquisitions.focus_stabilisation": _help("What kept the focus", "Definite Focus 2"),
    "acquisitions.dimension_order": _help("The order of the planes, fastest first", "XYZCT"),
    "acquisitions.sizes": _help("Number of samples along each axis", "{X: 512, Y: 512, Z: 40, C: 2}"),
    "acquisitions.scale_bar": _help("Whether a scale bar stands in the images: true or false", "true"),
    "acquisitions.notes": _help(
        "What a reader should know; where a header is wrong, a line that names the field and says why",
        '["z_step_um: the header has the step of the overview"]',
    ),
    "acquisitions.channels.channel": _help("The id of a channel above, or of many, such as c0..c27", "c0"),
    "acquisitions.channels.laser": _help("The id of the laser, or a list of several", "l0", _MOST),
    "acquisitions.channels.laser_power_percent": _help(
        "Laser power in percent, in the order of the lasers", "2.0", _GOOD
    ),
    "acquisitions.channels.detector": _help("The id of the detector", "d0", _MOST),
    "acquisitions.channels.gain_v": _help(
        "Detector gain in volts (or `gain` in the instrument's own unit)", "650", _MOST, ", this or gain"
    ),
    "acquisitions.channels.gain": _help("Detector gain in the instrument's own unit", "2.5"),
    "acquisitions.channels.pinhole_au": _help("The channel's own pinhole in Airy units", "1.0"),
    "acquisitions.channels.pinhole_um": _help("The channel's own pinhole in micrometres", "48.9"),
    "acquisitions.channels.emission_band_nm": _help(
        "The band that was detected, in nanometres; several bands one after the other",
        "[499, 553]",
        _MOST,
        ", unless a contrast",
    ),
    "protocols.sample_preparation": _help(
        "How the samples were prepared: text, DOI or address (minimum needs one of the three protocols)",
        "Fixed in 4% PFA for 15 min, permeabilised in 0.1% Triton X-100, stained overnight.",
        _MOST,
    ),
    "protocols.acquisition": _help(
        "How the images were taken",
        "Z-stacks at 0.5 um, lines averaged four times, one cell per field.",
        _MOST,
    ),
    "protocols.processing": _help(
        "What was done to the images since, with program and version",
        "Converted to OME-TIFF; no contrast change.",
        _GOOD,
    ),
    "quality.calibration": _help(
        "Standards and calibration", "Point spread function of 100 nm beads, 2019-04-16", _MOST
    ),
    "quality.qa": _help("Checks that were made on the data", "Saturated pixels below 0.1% in every stack"),
    "quality.notes": _help("Anything else about quality", "Field 3 is slightly out of focus"),
    "core_facility.name": _help("The imaging facility", "Cellular and Molecular Imaging Facility"),
    "core_facility.rrid": _help("Its RRID, to be acknowledged by", "RRID:SCR_023462"),
    "files": _help("What the files contain; a pattern such as raw/*.czi may stand for many", "", _MINIMUM),
    "files.path": _help("A path, or a pattern: * within a folder, ** across folders", "raw/*.czi"),
    "files.tier": _help("The tier: raw, transformed, processed, readme or metadata", "raw"),
    "files.description": _help("What these files contain", "z-stack of one cell as acquired", _MINIMUM),
    "files.acquisition": _help(
        "The id of an acquisition above; of a file with several images one for all, or a list with one for each", "a1"
    ),
    "files.specimen": _help("The id of the specimen, where the acquisition does not name it", "s1"),
    "files.derived_from": _help("The files these were made from", "[raw/cell01.czi]"),
    "files.tool": _help("The program they were made with", '{name: Fiji, version: "2.14"}'),
    "files.created": _help("When they were made", "2019-05-02"),
    "files.codes": _help("Codes in their names or tables, with what they mean", "[ctl = control]"),
    "naming.pattern": _help("How the files of a stack are named", '"{sample}_c{c}_z{z:03d}"'),
    "companion": _help("Movies and previews that show the data", "[previews/cell01.gif]"),
    "curation.curator": _help("Who curated the deposit", "Chris Doe"),
    "curation.log": _help("Where the log of the curation lies", "curation-log.txt"),
    "curation.tree": _help(
        "What you know better than the evidence: your answers (yes, no or unknown) to questions of the decision tree "
        "that `confocal-bag inspect` shows, each with a note",
        '{modified: {answer: no, note: "Asked by telephone, 2019-06-03"}}',
    ),
    "curation.questions": _help(
        'Your answers to the key questions that `confocal-bag inspect` shows, in words or "not applicable"',
        '{reuse_expectations: "Measuring spindles anew", structure: {answer: "yes", note: "One folder per day"}}',
    ),
}

#: What levels ask for that is no field of its own, or that a field must hold besides: the level of each.
PARTS: dict[str, PracticeLevel] = {
    "protocols": _MINIMUM,
    "transformed": _GOOD,
    "transformed of everything": _MOST,
    "metadata": _MOST,
    "channels.probe RRID": _MOST,
    "protocols.processing in detail": _MOST,
}


def needed_level(key: str) -> PracticeLevel:
    """The least demanding level that needs a field or part; KeyError where none does."""
    level = PARTS.get(key) or FIELD_HELP[key].level
    if level is None:
        raise KeyError(key)
    return level


def field_help(path: str) -> FieldHelp | None:
    """The help for a field, by its place without list positions."""
    return FIELD_HELP.get(path)
