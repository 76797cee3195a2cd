"""The fields of deposit.yaml that speak of protocols, quality, files and curation."""

from confocal_bag.deposit.description.field_help import GOOD, MINIMUM, MOST, FieldHelp, told

__all__ = ["FILE_FIELDS"]

FILE_FIELDS: dict[str, FieldHelp] = {
    "protocols.sample_preparation": told(
        "How the samples were prepared: text, DOI or address (minimum needs one of the three protocols)",
        "Fixed in 4% PFA for 15 min, permeabilised in 0.1% Triton X-100, stained overnight.",
        MOST,
    ),
    "protocols.acquisition": told(
        "How the images were taken",
        "Z-stacks at 0.5 um, lines averaged four times, one cell per field.",
        MOST,
    ),
    "protocols.processing": told(
        "What was done to the images since, with program and version",
        "Converted to OME-TIFF; no contrast change.",
        GOOD,
    ),
    "quality.calibration": told("Standards and calibration", "Point spread function of 100 nm beads, 2019-04-16", MOST),
    "quality.qa": told("Checks that were made on the data", "Saturated pixels below 0.1% in every stack"),
    "quality.notes": told("Anything else about quality", "Field 3 is slightly out of focus"),
    "files": told("What the files contain; a pattern such as raw/*.czi may stand for many", "", MINIMUM),
    "files.path": told("A path, or a pattern: * within a folder, ** across folders", "raw/*.czi"),
    "files.tier": told("The tier: raw, transformed, processed, readme or metadata", "raw"),
    "files.description": told("What these files contain", "z-stack of one cell as acquired", MINIMUM),
    "files.acquisition": told(
        "The id of an acquisition above; of a file with several images one for all, or a list with one for each", "a1"
    ),
    "files.specimen": told("The id of the specimen, where the acquisition does not name it", "s1"),
    "files.derived_from": told("The files these were made from", "[raw/cell01.czi]"),
    "files.tool": told("The program they were made with", '{name: Fiji, version: "2.14"}'),
    "files.created": told("When they were made", "2019-05-02"),
    "files.codes": told("Codes in their names or tables, with what they mean", "[ctl = control]"),
    "child_works": told(
        "Parts of the dataset with a readme of their own; folders with samples or acquisitions of their own get one "
        "anyway",
        "[{folder: balbc, title: Spindles in BALB/c mice}]",
    ),
    "child_works.folder": told("The folder, with or without the folder of its tier", "balbc"),
    "child_works.title": told("What this part is called", "Spindles in BALB/c mice"),
    "child_works.description": told("What this part holds, in a few sentences", "The mice of the second litter"),
    "child_works.creators": told(
        "Who made this part, where these are not the creators of the dataset", "[{family: Hopper, given: Grace}]"
    ),
    "child_works.specimens": told("The ids of its specimens, where the files do not say it", "[s2]"),
    "child_works.acquisitions": told("The ids of its acquisitions, where the files do not say it", "[a2]"),
    "child_works.protocols.sample_preparation": told("How its samples were prepared", "As the others, unfixed"),
    "child_works.protocols.acquisition": told("How its images were taken", "As the others, at zoom 4"),
    "child_works.protocols.processing": told("What was done to its images", "Deconvolved in Huygens 22.10"),
    "naming.pattern": told("How the files of a stack are named", '"{sample}_c{c}_z{z:03d}"'),
    "companion": told("Movies and previews that show the data", "[previews/cell01.gif]"),
    "curation.curator": told("Who curated the deposit", "Chris Doe"),
    "curation.log": told("Where the log of the curation lies", "curation-log.txt"),
    "curation.tree": told(
        "What you know better than the evidence: your answers (yes, no or unknown) to questions of the decision tree "
        "that `confocal-bag inspect` shows, each with a note",
        '{modified: {answer: no, note: "Asked by telephone, 2019-06-03"}}',
    ),
    "curation.findings": told(
        "Answers to what was found and cannot be mended, such as planes that were never acquired; `ask --sheet` has a "
        "row for each",
        '[{rule: sequence.gap, path: a_z1.tif, seen: 1f0c33d2, note: "J. Doe: not acquired, the laser failed"}]',
    ),
    "curation.findings.rule": told("The rule that found it", "sequence.gap"),
    "curation.findings.path": told("The file that the finding names", "a_z1.tif"),
    "curation.findings.seen": told("The mark of what was seen, as the answer sheet has it", "1f0c33d2"),
    "curation.findings.note": told("Who says what of it", '"J. Doe: not acquired, the laser failed"'),
    "curation.questions": told(
        'Your answers to the key questions that `confocal-bag inspect` shows, in words or "not applicable"',
        '{reuse_expectations: "Measuring spindles anew", structure: {answer: "yes", note: "One folder per day"}}',
    ),
}
