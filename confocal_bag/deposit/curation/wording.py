"""How each thing that is missing is asked for: in words for a depositor, with an example of a good answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CURATOR_FIELDS", "FOLLOWING", "WORDINGS", "Kind", "Topic", "Wording"]


class Topic(StrEnum):
    """What a question is about; the letter goes through them in this order, most useful for reuse first."""

    FILES = "About the files"
    SAMPLES = "About the samples"
    CHANNELS = "About the channels (colours)"
    IMAGING = "About the microscope and its settings"
    PROCESSING = "About how the images were made and worked on"
    REUSE = "About what others may do with the images"
    DATASET = "About the dataset and the people behind it"


class Kind(StrEnum):
    """How an answer is read."""

    TEXT = "text"
    NUMBER = "number"
    NUMBERS = "numbers"
    SIZE = "size"
    LIST = "list"
    YES_NO = "yes-no"
    FIXATION = "fixation"
    PROBE = "probe"
    LASERS = "lasers"
    DETECTORS = "detectors"
    NODE = "node"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One question to a depositor. `short` names what it asks for, in a list of what is still missing.

    `parts` are the fields that answer it where they are several, each with its own words.
    """

    topic: Topic
    question: str
    example: str
    short: str
    kind: Kind = Kind.TEXT
    parts: tuple[tuple[str, str, str], ...] = ()


def _ask(
    topic: Topic,
    question: str,
    example: str,
    short: str,
    kind: Kind = Kind.TEXT,
    *,
    parts: tuple[tuple[str, str, str], ...] = (),
) -> Wording:
    return Wording(topic=topic, question=question, example=example, short=short, kind=kind, parts=parts)


_F, _S, _C, _I, _P, _R, _D = Topic

#: By the field of deposit.yaml that takes the answer, list positions left out; the order is that of the letter.
WORDINGS: Mapping[str, Wording] = {
    "curation.tree.can_be_opened": _ask(
        _F,
        "We cannot open these files; they may be damaged, or of a kind that only the microscope's program reads. Could "
        "you send intact copies, or save them as TIFF with that program (OME-TIFF where it offers that) and send both?",
        "TIFF files are on their way, exported with ZEN 3.4 as OME-TIFF without compression",
        "TIFF copies of the files that cannot be opened",
        Kind.NOTE,
    ),
    "curation.tree.multipage_explained": _ask(
        _F,
        "Each of these files holds several pages. What does one page stand for: a plane in depth (z-stack), a moment "
        "in time, a channel, or something else?",
        "Each page is one plane of a z-stack, from the coverslip upwards, 0.5 µm apart",
        "what the pages of the multipage files are",
        Kind.NODE,
    ),
    "files.description": _ask(
        _F,
        "What do these files show or contain? One sentence for each group of files is enough.",
        "z-stack of one mitotic cell as acquired; day 2, untreated control",
        "what the files contain",
    ),
    "specimens.organism.name": _ask(
        _S,
        "Which species do the samples come from? (If they come from no living thing: which material are they?)",
        "Mus musculus",
        "the species or material",
    ),
    "specimens.origin": _ask(
        _S,
        "Where do the samples come from: which animal, plant, cell line, supplier or place?",
        "Primary embryonic fibroblasts, E13.5, from C57BL/6J mice (JAX 000664)",
        "where the samples come from",
    ),
    "acquisitions.specimen": _ask(
        _S, "Which of your samples do these images show?", "s1", "which sample is in which image"
    ),
    "specimens.cell_type.name": _ask(
        _S,
        "Which cell type, tissue or part of the cell do the images show?",
        "embryonic fibroblast",
        "the cell type or tissue",
    ),
    "specimens.fixation.name": _ask(
        _S,
        'How were the samples fixed? (If they were alive during imaging, write "live".)',
        "4% paraformaldehyde, 15 min, room temperature",
        "how the samples were fixed",
        Kind.FIXATION,
    ),
    "specimens.sectioning.method": _ask(
        _S,
        'Were the samples cut into sections, how, and how thick? (If not, write "none".)',
        "cryosections of 10 µm",
        "how the samples were sectioned",
    ),
    "specimens.strain": _ask(
        _S,
        "Which strain or line are the samples (or their genotype, sex, age or stage, whichever fits)?",
        "C57BL/6J",
        "the strain, genotype, sex, age or stage",
    ),
    "specimens.mounting.medium": _ask(
        _S, "In which medium were the samples mounted or imaged?", "ProLong Gold", "the mounting medium"
    ),
    "specimens.mounting.coverslip": _ask(_S, "Which coverslips or dishes were used?", "#1.5H, 170 µm", "the coverslip"),
    "channels.probe": _ask(
        _C,
        "What makes each channel visible: which dye, antibody or fluorescent protein, and which structure does it "
        'show? (For transmitted light write "brightfield", "DIC" or "phase contrast".)',
        "anti-alpha-tubulin (DM1A, RRID:AB_477593) with Alexa Fluor 488, shows microtubules",
        "what each channel shows",
        Kind.PROBE,
    ),
    "channels.name": _ask(_C, "What should each channel be called?", "tubulin", "the names of the channels"),
    "channels.excitation_nm": _ask(
        _C,
        "With which wavelength was each channel excited, in nanometres?",
        "488",
        "the excitation wavelengths",
        Kind.NUMBER,
    ),
    "channels.emission_nm": _ask(
        _C, "At which wavelength does each channel emit, in nanometres?", "520", "the emission wavelengths", Kind.NUMBER
    ),
    "channels.probe RRID": _ask(
        _C, "Which RRID (rrid.site) do these antibodies have?", "RRID:AB_477593", "the RRIDs of the antibodies"
    ),
    "curation.tree.settings_provided": _ask(
        _I,
        "These images carry no record of how they were taken. Which microscope, objective and lasers were used, and "
        "with which settings? The settings as your program exports them are welcome too.",
        "Zeiss LSM 880, Plan-Apochromat 63x/1.4 oil, 488 and 561 nm lasers, pinhole 1 Airy unit, zoom 2",
        "the imaging settings",
        Kind.NODE,
    ),
    "acquisitions.pixel_size_um": _ask(
        _I,
        "How large is one pixel, in micrometres (width and height)?",
        "0.0902 x 0.0902",
        "the size of a pixel",
        Kind.SIZE,
    ),
    "acquisitions.z_step_um": _ask(
        _I,
        "How far apart are the planes of the z-stack, in micrometres?",
        "0.5",
        "the distance between z-planes",
        Kind.NUMBER,
    ),
    "acquisitions.time_increment_s": _ask(
        _I, "How many seconds lie between two time points?", "30", "the time between time points", Kind.NUMBER
    ),
    "instruments.microscope.model": _ask(_I, "Which microscope was used (model)?", "LSM 880", "the microscope"),
    "instruments.objective.na": _ask(
        _I,
        "Which numerical aperture does the objective have?",
        "1.4",
        "the numerical aperture of the objective",
        Kind.NUMBER,
    ),
    "instruments.microscope.manufacturer": _ask(_I, "Who made the microscope?", "Zeiss", "the maker of the microscope"),
    "instruments.method.name": _ask(
        _I, "Which kind of microscopy is it?", "single-spot confocal microscopy", "the kind of microscopy"
    ),
    "instruments.lasers": _ask(
        _I, "Which laser lines were used, in nanometres?", "405, 488 and 561 nm", "the laser lines", Kind.LASERS
    ),
    "instruments.detectors": _ask(
        _I, "Which detectors or cameras were used?", "PMT; GaAsP", "the detectors", Kind.DETECTORS
    ),
    "instruments.software.name": _ask(
        _I, "With which program were the images taken?", "ZEN black", "the acquisition program"
    ),
    "instruments.software.version": _ask(
        _I, "Which version does that program have?", "2.3", "the version of that program"
    ),
    "acquisitions.pinhole_au": _ask(_I, "How wide was the pinhole, in Airy units?", "1.0", "the pinhole", Kind.NUMBER),
    "acquisitions.channels.laser_power_percent": _ask(
        _I, "At which laser power was each channel taken, in percent?", "2.0", "the laser power", Kind.NUMBERS
    ),
    "acquisitions.zoom": _ask(_I, "Which zoom was used?", "2.0", "the zoom", Kind.NUMBER),
    "acquisitions.pixel_dwell_us": _ask(
        _I, "How long was each pixel scanned, in microseconds?", "1.02", "the scan speed", Kind.NUMBER
    ),
    "acquisitions.scan_direction": _ask(
        _I, "Were lines scanned in one direction or in both?", "Unidirectional", "the scan direction"
    ),
    "acquisitions.averaging.number": _ask(
        _I,
        "How many times was each line or frame scanned and averaged? (1 if it was not.)",
        "4",
        "the averaging",
        Kind.NUMBER,
    ),
    "acquisitions.averaging.unit": _ask(_I, "Were lines averaged, or frames?", "Line", "what was averaged"),
    "acquisitions.averaging.method": _ask(_I, "Were the scans averaged or summed?", "Average", "how was averaged"),
    "acquisitions.channels.laser": _ask(
        _I, "Which laser line lit each channel?", "488 nm", "the laser of each channel"
    ),
    "acquisitions.channels.detector": _ask(
        _I, "Which detector took each channel?", "GaAsP 1", "the detector of each channel"
    ),
    "acquisitions.channels.gain_v": _ask(
        _I, "At which gain was each channel taken, in volts?", "650", "the detector gain", Kind.NUMBER
    ),
    "acquisitions.channels.emission_band_nm": _ask(
        _I,
        "Which band of light was detected in each channel, in nanometres?",
        "499, 553",
        "the detected bands",
        Kind.NUMBERS,
    ),
    "quality.calibration": _ask(
        _I,
        "Was the microscope calibrated or checked, and how?",
        "Point spread function measured with 100 nm beads on the day of imaging",
        "calibration and quality control",
    ),
    "protocols.processing": _ask(
        _P,
        "What was done to the images after they were taken, with which program and version? (If nothing was changed, "
        'write "no processing".)',
        "Maximum-intensity projections made in Fiji 2.14; contrast stretched alike for all images",
        "what was done to the images",
    ),
    "curation.tree.regions_labelled": _ask(
        _P,
        "The analysis was made on certain regions of the images. Could you send images in which the regions are drawn, "
        "or name the files that show them?",
        "ROI_overlay_01.tif to ROI_overlay_12.tif show the outlines of the cells that were measured",
        "images that show the regions of interest",
        Kind.NODE,
    ),
    "protocols.sample_preparation": _ask(
        _P,
        "How were the samples prepared and stained? A link to an open protocol or paper is fine.",
        "Fixed in 4% PFA for 15 min, permeabilised in 0.1% Triton X-100, stained overnight at 4 °C",
        "how the samples were prepared",
    ),
    "protocols.acquisition": _ask(
        _P,
        "How were the images taken: which order, which fields of view, what was kept the same?",
        "Z-stacks at 0.5 µm, lines averaged four times, one cell per field, same settings for all",
        "how the images were taken",
    ),
    "protocols": _ask(
        _P,
        "How were the images made, from the sample to the files you sent? A few sentences, or a link to a paper or "
        "protocol that says it.",
        "Cells fixed in 4% PFA, stained with DM1A; imaged as z-stacks; described in doi:10.1083/jcb.201912345",
        "how the images were made",
        parts=(
            (
                "protocols.sample_preparation",
                "How were the samples prepared and stained?",
                "Fixed in 4% PFA for 15 min, stained overnight at 4 °C",
            ),
            ("protocols.acquisition", "How were the images taken?", "Z-stacks at 0.5 µm, one cell per field"),
            (
                "protocols.processing",
                'What was done to the images since? ("no processing" if nothing.)',
                "Converted to TIFF in Fiji 2.14",
            ),
        ),
    ),
    "license.spdx": _ask(
        _R,
        "Under which licence may others use the images? We recommend CC0, which lets everybody use them; please check "
        "first whether your publisher holds rights in published images.",
        "CC0-1.0",
        "the licence",
    ),
    "privacy.human_subjects": _ask(
        _R, "Do any of the samples come from people?", "no", "whether samples come from people", Kind.YES_NO
    ),
    "privacy.restricted": _ask(
        _R,
        "Must any of the images or files be kept from the public?",
        "no",
        "whether any data must be restricted",
        Kind.YES_NO,
    ),
    "access.level": _ask(_R, "Who may have the data: open, embargoed or restricted?", "open", "who may have the data"),
    "access.until": _ask(_R, "Until which day are the data under embargo?", "2027-01-31", "the end of the embargo"),
    "curation.questions.reuse_expectations": _ask(
        _R,
        "What do you expect others to do with your images?",
        "Measure spindle lengths anew; use the control stacks to train a segmentation program",
        "what you expect others to do with the images",
    ),
    "audience": _ask(
        _R,
        "Whom are the images meant for: researchers, education, media, public? You may name several.",
        "researchers, education",
        "whom the images are meant for",
        Kind.LIST,
    ),
    "title": _ask(
        _D, "What should the dataset be called?", "Confocal z-stacks of mitotic mouse embryonic fibroblasts", "a title"
    ),
    "abstract": _ask(
        _D,
        "What was imaged, how and why? Two or three sentences.",
        "Fixed mouse fibroblasts stained for tubulin and mitochondria, imaged as confocal z-stacks to measure spindles",
        "an abstract",
    ),
    "keywords": _ask(
        _D,
        "By which words would a colleague search for these images?",
        "confocal microscopy; mitosis; tubulin",
        "keywords",
        Kind.LIST,
    ),
    "dates.collected": _ask(
        _D, "When were the images taken (first and last day)?", "2019-04-17/2019-04-18", "when the images were taken"
    ),
    "location.name": _ask(_D, "Where were the images taken?", "Raleigh, NC, USA", "where the images were taken"),
    "creators": _ask(
        _D,
        "Who should be named as author of the dataset?",
        "Lovelace, Ada",
        "the authors",
        parts=(
            ("creators[0].family", "What is the first author's family name?", "Lovelace"),
            ("creators[0].given", "What is the first author's given name?", "Ada"),
            ("creators[0].orcid", "What is the first author's ORCID iD, if there is one?", "0000-0002-1825-0097"),
        ),
    ),
    "creators.email": _ask(
        _D, "At which e-mail address can we and others reach you?", "ada@example.org", "an e-mail address"
    ),
    "creators.affiliation.name": _ask(
        _D, "At which institution was the work done?", "NC State University", "the institution"
    ),
    "creators.orcid": _ask(_D, "What is the ORCID iD of each author?", "0000-0002-1825-0097", "the ORCID iDs"),
    "raw_location": _ask(
        _D,
        "The raw files are not among what we received. Where are they kept?",
        "https://data.example/raw/42",
        "where the raw files are",
    ),
}

#: What an answer may call for besides: the field beside it, its question, an example.
FOLLOWING: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "acquisitions.averaging.number": (
        ("unit", "If averaged: were lines averaged, or frames?", "Line"),
        ("method", "If averaged: were the scans averaged or summed?", "Average"),
    ),
    "access.level": (("until", "If embargoed: until which day?", "2027-01-31"),),
}

#: What levels ask for that the curator knows, not the depositor; the words are for the curator.
CURATOR_FIELDS: Mapping[str, str] = {
    "organization.name": "the institution that hands over the data",
    "organization.address": "its address",
    "publisher.name": "the repository that publishes the data",
    "dates.issued": "the date of publication",
    "version": "the version of the dataset",
    "files": "image files, of which there are none",
    "transformed": "transformed files: let `confocal-bag build` convert the raw images",
    "transformed of everything": "transformed files of every raw image",
    "metadata": "readable images, from which OME-XML can be written",
}
