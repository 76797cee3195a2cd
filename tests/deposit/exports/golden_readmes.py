"""Write the golden readmes and Methods paragraphs anew, one of each per practice level; read them before they are kept.

python -m tests.deposit.exports.golden_readmes
"""

from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.exports.child_works import child_works
from confocal_bag.deposit.exports.readme import (
    ConversionFacts,
    ReadmeFacts,
    StackFacts,
    render_child_readme,
    render_methods,
    render_readme,
)
from confocal_bag.deposit.inventory import Inventory, LeftOut
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.deposit.tiers import payload_paths
from confocal_bag.image.lossy.compression import Compression
from confocal_bag.image.model import PixelSize
from confocal_bag.vocabulary import PracticeLevel, Tier
from tests.deposit.described import BARE, GREEN, RED, file, inventory, stack

FOLDER = Path(__file__).parents[2] / "golden"

MINIMUM = """\
level: minimum
title: Lamin A in nuclei of HeLa cells
abstract: Confocal images of lamin A in HeLa cells, received with the figure made from them.
creators: [{family: Sneff, given: Greta, email: greta@example.edu, affiliation: Example University}]
organization: {name: Example University Library, address: "2 Main Street, Example City"}
license: CC-BY-4.0
access: open
audience: [researchers]
privacy: {human_subjects: false, restricted: false}
specimens: [{id: s1, organism: Homo sapiens, origin: "HeLa cells, ATCC CCL-2"}]
channels: [{id: c0, name: lamin, probe: anti-lamin A}]
instruments: [{id: m1, microscope: {manufacturer: Zeiss, model: LSM 880}, objective: {na: 1.4}}]
acquisitions: [{id: a1, instrument: m1, specimen: s1, pixel_size_um: [0.1, 0.1], channels: [c0]}]
protocols: {acquisition: {link: https://doi.org/10.1083/jcb.000}}
files:
  - {path: "raw/*", description: Nuclei as the microscope recorded them, acquisition: a1}
  - {path: "*.jpg", description: Figure 2 of the publication}
"""

GOOD_ENOUGH = """\
level: good-enough
identifier: {doi: 10.5072/roots}
title: Cell walls in roots of Arabidopsis
abstract: Stacks of roots stained with propidium iodide, as published, one TIFF for each plane.
creators:
  - {family: Wang, given: Hua, orcid: 0000-0002-1825-0097, email: hua@example.edu, affiliation: {name: Example University, ror: https://ror.org/04tj63d06}, roles: [contact]}
publisher: Example Repository
organization: {name: Example University Library, address: "2 Main Street, Example City"}
dates: {collected: 2018-05-03/2018-05-04, issued: 2019-07-01}
keywords: [root, cell wall]
license: CC0-1.0
access: {level: embargoed, until: 2030-01-01}
audience: [researchers, education]
location: Example City
related: [{id: 10.1083/jcb.111, type: DOI, relation: IsSupplementTo}]
privacy: {human_subjects: false, restricted: false}
specimens:
  - {id: s1, organism: {name: Arabidopsis thaliana, term: "NCBITaxon:3702"}, origin: "Col-0 seedlings, 5 days", tissue: root, live: true, mounting: water}
channels: [{id: c0, name: wall, target: cell wall, probe: propidium iodide, excitation_nm: 561, emission_nm: 617, color: "#FF0000"}]
instruments:
  - id: m1
    method: {name: laser scanning confocal microscopy, term: "FBbi:00000251"}
    microscope: {manufacturer: Zeiss, model: LSM 710}
    objective: {model: Plan-Apochromat 20x/0.8, na: 0.8, magnification: 20}
    lasers: [{id: l0, wavelength_nm: 561}]
    detectors: [{id: d0, type: PMT}]
    software: {name: ZEN, version: "2.1"}
acquisitions:
  - {id: a1, instrument: m1, specimen: s1, pixel_size_um: [0.4, 0.4], z_step_um: 1, pinhole_um: 48, channels: [{channel: c0, laser: l0, laser_power_percent: 3}]}
protocols: {sample_preparation: "Seedlings were stained for 5 min in 10 µg/ml propidium iodide.", processing: "Exported from ZEN as one TIFF per plane, without change of contrast."}
files: [{path: "**/*.tif", description: One plane of a stack of one root, acquisition: a1}]
naming: {pattern: "root_z{z:02d}.tif"}
"""  # noqa: E501 - YAML as people write it

MOST_REPRODUCIBLE = """\
level: most-reproducible
identifier: {doi: 10.5072/spindles}
title: Spindles of dividing fibroblasts in two mouse strains
abstract: Fixed fibroblasts of two mouse strains, stained for tubulin and mitochondria, imaged as confocal z-stacks.
creators:
  - {family: Lovelace, given: Ada, orcid: 0000-0002-1825-0097, email: ada@example.edu, affiliation: {name: NC State University, ror: https://ror.org/04tj63d06}, roles: [principal-investigator, contact]}
contributors: [{family: Doe, given: Chris, roles: [data-curator]}]
organization: {name: Example University Library, address: "1 Main Street, Raleigh"}
publisher: Example Repository
dates: {collected: 2019-04-17, issued: 2019-07-01}
version: "1.0"
language: en
keywords: [mitosis, tubulin]
license: {spdx: CC0-1.0, holder: NC State University}
access: open
audience: [researchers, education, public]
location: {name: "Raleigh, NC, USA", lat: 35.78, lon: -78.64}
funding: [{funder: IMLS, award: RE-85-18-0040-18}]
related:
  - {id: 10.1083/jcb.222, type: DOI, relation: IsSupplementTo}
  - {id: 10.17504/protocols.io.x, type: DOI, relation: IsDocumentedBy}
privacy: {human_subjects: false, restricted: false}
acknowledgements: We thank the staff of the imaging facility.
specimens:
  - id: s1
    organism: {name: Mus musculus, term: "NCBITaxon:10090"}
    origin: Primary embryonic fibroblasts
    strain: C57BL/6J
    genotype: wild type
    sex: not determined
    age: E13.5
    stage: embryo
    cell_type: {name: embryonic fibroblast, term: "CL:2000042"}
    component: {name: mitotic spindle, term: "GO:0072686"}
    fixation: {name: formaldehyde fixed tissue, term: "FBbi:00000010", protocol: "4 % PFA, 15 min, RT"}
    sectioning: none
    mounting: {medium: ProLong Gold, coverslip: "#1.5H"}
  - id: s2
    organism: {name: Mus musculus, term: "NCBITaxon:10090"}
    origin: Primary embryonic fibroblasts
    strain: BALB/c
    genotype: wild type
    sex: not determined
    age: E13.5
    stage: embryo
    cell_type: {name: embryonic fibroblast, term: "CL:2000042"}
    fixation: {name: formaldehyde fixed tissue, term: "FBbi:00000010", protocol: "4 % PFA, 15 min, RT"}
    sectioning: none
    mounting: {medium: ProLong Gold, coverslip: "#1.5H"}
channels:
  - {id: c0, name: tubulin, target: alpha-tubulin, probe: "DM1A mAb (RRID:AB_477593) + goat anti-mouse Alexa Fluor 488", fluor: Alexa Fluor 488, excitation_nm: 488, emission_nm: 520, color: "#00FF00"}
  - {id: c1, name: mitochondria, target: mitochondria, probe: MitoTracker Red CMXRos (RRID:none), fluor: MitoTracker Red, excitation_nm: 561, emission_nm: 599, color: "#FF0000"}
instruments:
  - id: m1
    method: {name: single-spot confocal microscopy, term: "FBbi:00000252"}
    microscope: {manufacturer: Zeiss, model: LSM 880, stand: Inverted}
    objective: {model: Plan-Apochromat 63x/1.4 Oil DIC M27, na: 1.4, magnification: 63, immersion: Oil}
    lasers: [{id: l0, wavelength_nm: 488, type: Gas}, {id: l1, wavelength_nm: 561, type: SolidState}]
    detectors: [{id: d0, type: GaAsP}, {id: d1, type: PMT}]
    software: {name: ZEN black, version: "2.3"}
core_facility: {name: Imaging Facility of NC State, rrid: "RRID:SCR_000001"}
acquisitions:
  - id: a1
    instrument: m1
    specimen: s1
    pixel_size_um: [0.0902, 0.0902]
    z_step_um: 0.5
    pinhole_au: 1.0
    pinhole_um: 48.9
    zoom: 2.0
    pixel_dwell_us: 1.02
    scan_direction: Unidirectional
    averaging: {number: 4, unit: Line, method: Average}
    channels:
      - {channel: c0, laser: l0, laser_power_percent: 2.0, detector: d0, gain_v: 650, emission_band_nm: [499, 553]}
      - {channel: c1, laser: l1, laser_power_percent: 1.5, detector: d1, gain_v: 700, emission_band_nm: [570, 695]}
  - id: a2
    instrument: m1
    specimen: s2
    pixel_size_um: [0.0902, 0.0902]
    z_step_um: 0.5
    pinhole_au: 1.0
    pinhole_um: 48.9
    zoom: 2.0
    pixel_dwell_us: 1.02
    scan_direction: Unidirectional
    averaging: {number: 4, unit: Line, method: Average}
    channels:
      - {channel: c0, laser: l0, laser_power_percent: 2.0, detector: d0, gain_v: 650, emission_band_nm: [499, 553]}
      - {channel: c1, laser: l1, laser_power_percent: 1.5, detector: d1, gain_v: 700, emission_band_nm: [570, 695]}
protocols:
  sample_preparation: "Fixed in 4 % paraformaldehyde, blocked in 3 % BSA, stained overnight at 4 °C."
  acquisition: "Sequential scan, sampled as Nyquist asks."
  processing: "Maximum-intensity projection of all planes in Fiji 2.14, without change of contrast."
quality: {calibration: "PSF measured with beads of 100 nm on the day of imaging."}
files:
  - {path: raw/black6/*, acquisition: a1, description: z-stack of dividing cells as acquired}
  - {path: raw/balbc/*, acquisition: a2, description: z-stack of dividing cells as acquired}
  - {path: processed/*, description: Maximum-intensity projection, derived_from: [raw/black6/cell01.czi], tool: {name: Fiji, version: "2.14"}}
child_works:
  - folder: balbc
    title: Spindles in BALB/c mice
    description: The second strain, imaged to see whether the first is typical.
    creators: [{family: Hopper, given: Grace, email: grace@example.edu, affiliation: NC State University}]
curation:
  curator: Chris Doe
  tree: {modified: {answer: "yes", note: "The projection alone, as Ada Lovelace wrote on 2019-06-03."}}
  questions: {reuse_expectations: Measure spindle lengths anew., structure: "One folder for each strain, which makes sense."}
"""  # noqa: E501 - YAML as people write it


def _minimum() -> Inventory:
    lossy = (Compression(name="JPEG", lossy=True, evidence="compression 7", blocks=1),)
    taken = stack(axes={"Y": 1024, "X": 1024}, channels=(GREEN,), pixel_size_um=PixelSize(), dtype="uint8")
    return inventory(
        file("raw/nuclei.czi", "czi", Tier.RAW, taken, replace(taken, series=1, name="Pos 2")),
        file(
            "figure2.jpg", "jpeg", Tier.PROCESSED, replace(BARE, axes={"Y": 600, "X": 800, "S": 3}, compression=lossy)
        ),
    )


def _good_enough() -> Inventory:
    plane = replace(BARE, axes={"Y": 512, "X": 512}, lossy=False)
    return inventory(*(file(f"transformed/root_z{z:02d}.tif", "tiff", Tier.TRANSFORMED, plane) for z in range(1, 13)))


def _most() -> Inventory:
    pictures = replace(BARE, axes={"Y": 512, "X": 512, "S": 3}, lossy=False)
    taken = stack(channels=(GREEN, RED))
    received = inventory(
        file("raw/black6/cell01.czi", "czi", Tier.RAW, taken),
        file("raw/black6/cell02.czi", "czi", Tier.RAW, taken),
        file("raw/balbc/cell01.czi", "czi", Tier.RAW, taken),
        file("processed/projection.tif", "tiff", Tier.PROCESSED, pictures),
    )
    return replace(received, left_out=(LeftOut(path=PurePosixPath("raw/.DS_Store"), reason="settings of macOS"),))


def _facts(level: PracticeLevel, text: str, received: Inventory) -> ReadmeFacts:
    said = read_description(text).description
    places = payload_paths({one.path: one.tier for one in received.files})
    planes = frozenset(one.path for one in received.files if one.path.name.startswith("root_z"))
    assessed = assess_level(said, received, transformed=True, z_planes=planes)
    higher = [one for one in PracticeLevel if assessed.reached and one.rank > assessed.reached.rank]
    names = tuple(map(str, sorted(planes)))
    roots = StackFacts(
        folder="transformed",
        stem="root",
        axes=["Z = depth (z-stack), 1 to 12 (12 of them)"],
        count=12,
        files=names,
        example="root_z01.tif is plane Z 1",
    )
    raw = [one for one in received.files if one.tier is Tier.RAW and level is not PracticeLevel.MINIMUM]
    return ReadmeFacts(
        description=said,
        inventory=received,
        stacks=[roots] if planes else [],
        conversions=[
            ConversionFacts(
                source=str(one.path),
                result=f"transformed/{one.path.relative_to('raw')}.ome.tiff",
                planes=20,
                series_name="cell",
            )
            for one in raw
        ],
        level_claimed=level,
        level_reached=assessed.reached,
        draft=False,
        tool_version="1.0",
        bag_name=level.value,
        created=date(2026, 1, 2),
        algorithms=("sha256", "sha512"),
        places=places,
        missing=[one.message for one in assessed.missing[higher[0]]] if higher else [],
        next_level=higher[0] if higher else None,
        redacted=[(str(one.path), ["Document/UserName"]) for one in raw],
        documents=[("data/metadata/deposit.yaml", "the description of the deposit")],
        children=child_works(said, received, places),
    )


DEPOSITS = {
    PracticeLevel.MINIMUM: (MINIMUM, _minimum()),
    PracticeLevel.GOOD_ENOUGH: (GOOD_ENOUGH, _good_enough()),
    PracticeLevel.MOST_REPRODUCIBLE: (MOST_REPRODUCIBLE, _most()),
}


def facts_of(level: PracticeLevel) -> ReadmeFacts:
    """What the readme of the golden deposit of a level says."""
    return _facts(level, *DEPOSITS[level])


def golden_texts() -> dict[str, str]:
    """Every golden text by the name of its file."""
    texts: dict[str, str] = {}
    for level in PracticeLevel:
        facts = facts_of(level)
        texts[f"readme-{level}.txt"] = render_readme(facts)
        texts[f"methods-{level}.txt"] = render_methods(facts)
        for work in facts.children:
            texts[f"child-readme-{level}-{work.folder}.txt"] = render_child_readme(facts, work)
    return texts


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in golden_texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
