"""Questions about the samples."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Kind, Topic, Wording, asked

__all__ = ["SAMPLES", "SPECIES_OF_EACH"]

#: The question where several samples are described already.
SPECIES_OF_EACH = "Which species does this sample come from? (If it comes from no living thing: which material is it?)"

SAMPLES: Mapping[str, Wording] = {
    "specimens.organism.name": asked(
        Topic.SAMPLES,
        "Which species do the samples come from? (If they come from no living thing: which material are they?) Do all "
        "images show the same kind of sample? If not, list the kinds, and which files show which.",
        "Mus musculus",
        "the species or material",
    ),
    "specimens.origin": asked(
        Topic.SAMPLES,
        "Where do the samples come from: which animal, plant, cell line, supplier or place?",
        "Primary embryonic fibroblasts, E13.5, from C57BL/6J mice (JAX 000664)",
        "where the samples come from",
    ),
    "acquisitions.specimen": asked(
        Topic.SAMPLES, "Which of your samples do these images show?", "s1", "which sample is in which image"
    ),
    "specimens.cell_type.name": asked(
        Topic.SAMPLES,
        "Which cell type, tissue or part of the cell do the images show?",
        "embryonic fibroblast",
        "the cell type or tissue",
    ),
    "specimens.fixation.name": asked(
        Topic.SAMPLES,
        'How were the samples fixed? (If they were alive during imaging, write "live".)',
        "4% paraformaldehyde, 15 min, room temperature",
        "how the samples were fixed",
        Kind.FIXATION,
    ),
    "specimens.sectioning.method": asked(
        Topic.SAMPLES,
        'Were the samples cut into sections, how, and how thick? (If not, write "none".)',
        "cryosections of 10 µm",
        "how the samples were sectioned",
    ),
    "specimens.strain": asked(
        Topic.SAMPLES,
        "Which strain or line are the samples (or their genotype, sex, age or stage, whichever fits)?",
        "C57BL/6J",
        "the strain, genotype, sex, age or stage",
    ),
    "specimens.mounting.medium": asked(
        Topic.SAMPLES, "In which medium were the samples mounted or imaged?", "ProLong Gold", "the mounting medium"
    ),
    "specimens.mounting.coverslip": asked(
        Topic.SAMPLES, "Which coverslips or dishes were used?", "#1.5H, 170 µm", "the coverslip"
    ),
}
