"""The fields of deposit.yaml that speak of samples, and of what channels show."""

from confocal_bag.deposit.description.field_help import GOOD, MINIMUM, MOST, FieldHelp, told

__all__ = ["SAMPLE_FIELDS"]

SAMPLE_FIELDS: dict[str, FieldHelp] = {
    "specimens": told("What was imaged; one entry for each biological or material source", "", MINIMUM),
    "specimens.id": told("A short name to refer to the specimen by", "s1", None, "; to be referred to it needs one"),
    "specimens.organism.name": told(
        "The species (or fill in `material` instead)", "Mus musculus", MINIMUM, ", this or a material"
    ),
    "specimens.organism.term": told("Its NCBI Taxonomy identifier, in quotation marks", '"NCBITaxon:10090"'),
    "specimens.material": told(
        "The material, where it is not an organism", "polymer film", MINIMUM, ", if no organism"
    ),
    "specimens.origin": told("Where the sample comes from", "Primary MEFs, E13.5, C57BL/6J (JAX 000664)", MINIMUM),
    "specimens.cell_type.name": told("The cell type", "embryonic fibroblast", GOOD, ", this, tissue or component"),
    "specimens.cell_type.term": told("Its Cell Ontology identifier", '"CL:2000042"'),
    "specimens.cell_line.name": told("The cell line, where cells of one were grown", "HeLa"),
    "specimens.cell_line.term": told("Its Cellosaurus identifier (an RRID)", '"CVCL_0030"'),
    "specimens.tissue.name": told(
        "The tissue or organ", "cerebellum", GOOD, ", unless cell type or component is given"
    ),
    "specimens.tissue.term": told("Its UBERON identifier", '"UBERON:0002037"'),
    "specimens.component.name": told(
        "The part of the cell", "mitotic spindle", GOOD, ", unless cell type or tissue is given"
    ),
    "specimens.component.term": told("Its Gene Ontology identifier", '"GO:0072686"'),
    "specimens.strain": told("Strain, line or breed", "C57BL/6J", MOST, ", this or another sample detail"),
    "specimens.genotype": told("Genotype", "wild type", MOST, ", this or another sample detail"),
    "specimens.sex": told("Sex", "female", MOST, ", this or another sample detail"),
    "specimens.age": told("Age", "8 weeks", MOST, ", this or another sample detail"),
    "specimens.stage": told("Developmental stage", "E13.5", MOST, ", this or another sample detail"),
    "specimens.fixation.name": told("How the sample was fixed", "formaldehyde fixed tissue", GOOD, ", unless live"),
    "specimens.fixation.term": told("Its FBbi identifier", '"FBbi:00000010"'),
    "specimens.fixation.protocol": told("The fixation in one line", "4% PFA, 15 min, room temperature"),
    "specimens.live": told("Whether the sample was alive when imaged: true or false", "false", GOOD, ", unless fixed"),
    "specimens.sectioning.method": told('How it was cut, or "none"', "cryosection", GOOD, ", unless live"),
    "specimens.sectioning.thickness_um": told("Thickness of the section in micrometres", "10"),
    "specimens.sectioning.term": told("Its FBbi identifier", '"FBbi:00000027"'),
    "specimens.mounting.medium": told("The mounting or imaging medium", "ProLong Gold", MOST),
    "specimens.mounting.coverslip": told("The coverslip, in quotation marks", '"#1.5H"', MOST),
    "specimens.mounting.holder": told("What the sample lay in", "35 mm glass-bottom dish"),
    "specimens.growth": told("How cells or organisms were grown", "DMEM with 10% FBS, 37 degrees C, 5% CO2"),
    "specimens.description": told("Anything else about the sample", "Passage 4"),
    "specimens.treatment": told("What was done to the sample", "[nocodazole 100 ng/ml for 4 h]"),
    "specimens.variables.intrinsic": told("What differs between samples by nature", "[genotype]"),
    "specimens.variables.extrinsic": told("What differs by what was done to them", "[dose of nocodazole]"),
    "specimens.variables.experimental": told("What differs by when or how they were imaged", "[time after release]"),
    "channels": told("What each channel (colour) shows", "", MINIMUM),
    "channels.id": told("A short name to refer to the channel by", "c0", None, "; to be referred to it needs one"),
    "channels.name": told("What to call the channel", "tubulin", MINIMUM),
    "channels.target": told("The structure or molecule it shows", "alpha-tubulin"),
    "channels.probe": told(
        "What makes it visible, with the RRID of an antibody (needed for most-reproducible); "
        "or write `contrast: brightfield`",
        "DM1A mAb (RRID:AB_477593) + goat anti-mouse Alexa Fluor 488",
        MINIMUM,
    ),
    "channels.fluor": told("The dye or fluorescent protein", "Alexa Fluor 488"),
    "channels.excitation_nm": told("Excitation wavelength in nanometres", "488", GOOD, ", this or the laser"),
    "channels.emission_nm": told("Emission wavelength in nanometres", "520", GOOD, ", this or the detected band"),
    "channels.color": told("The colour it is displayed in, in quotation marks", '"#00FF00"'),
    "channels.contrast": told("What makes it visible, where no dye does", "brightfield"),
}
