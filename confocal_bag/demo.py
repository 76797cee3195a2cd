"""Makes the demonstration deposit: small, true to life, and the same every time."""

import os
from pathlib import Path

from confocal_bag.findings import CannotFinish

__all__ = ["make_demo_deposit"]

_METHODS = """\
Methods note for the demonstration deposit

Cells: primary mouse embryonic fibroblasts, E13.5, C57BL/6J, passage 3, grown on #1.5H coverslips.
Fixation: 4 % paraformaldehyde, 15 min, room temperature. Mounted in ProLong Gold.
Stains: DAPI for DNA; DM1A anti-alpha-tubulin with goat anti-mouse Alexa Fluor 488 for microtubules.
Imaging: Zeiss LSM 880, Plan-Apochromat 63x/1.4 Oil, 90 nm pixels, 0.5 um z steps, line average of 4.
Processing: maximum-intensity projection of all planes of each channel in Fiji; no change of contrast.
"""

_DESCRIPTION = """\
# What the depositor told the curator about the demonstration deposit.
schema: https://example.org/confocal-bag/deposit/1
level: most-reproducible
identifier: {doi: 10.5072/confocal-bag-demo}
title: Demonstration z-stacks of mouse embryonic fibroblasts
abstract: A synthetic two-channel confocal z-stack, the same stack as one TIFF per plane, and its projection.
creators:
  - {family: Lovelace, given: Ada, orcid: 0000-0002-1825-0097, email: ada@example.org,
     affiliation: {name: Example University}, roles: [principal-investigator, contact]}
publisher: {name: Example Data Repository}
organization: {name: Example Data Repository, address: "1 Archive Road, Example City"}
dates: {collected: "2019-04-17", issued: "2019-07-01"}
version: "1.0"
language: en
keywords: [confocal microscopy, z-stack, fibroblast, tubulin]
license: {spdx: CC0-1.0, holder: Example University}
access: {level: open}
audience: [researchers, education]
location: {name: Example City}
related:
  - {id: 10.17504/protocols.io.example, type: DOI, relation: IsDocumentedBy}
privacy: {human_subjects: false, restricted: false}
specimens:
  - id: s1
    organism: {name: Mus musculus, term: "NCBITaxon:10090"}
    origin: Primary embryonic fibroblasts, E13.5
    strain: C57BL/6J
    genotype: wild type
    sex: not determined
    age: E13.5
    stage: embryo
    cell_type: {name: embryonic fibroblast, term: "CL:2000042"}
    component: {name: microtubule, term: "GO:0005874"}
    sectioning: none
    fixation: {name: formaldehyde fixed tissue, term: "FBbi:00000010", protocol: "4% PFA, 15 min, RT"}
    mounting: {medium: ProLong Gold, coverslip: "#1.5H"}
channels:
  - {id: c0, name: Ch1, target: DNA, probe: DAPI, fluor: DAPI, excitation_nm: 405, emission_nm: 460, color: "#0000FF"}
  - {id: c1, name: Ch2, target: alpha-tubulin, probe: "DM1A mAb (RRID:AB_477593) + goat anti-mouse Alexa Fluor 488",
     fluor: Alexa Fluor 488, excitation_nm: 488, emission_nm: 520, color: "#00FF00"}
instruments:
  - id: m1
    method: {name: single-spot confocal microscopy, term: "FBbi:00000252"}
    microscope: {manufacturer: Zeiss, model: LSM 880, stand: Inverted}
    objective: {model: Plan-Apochromat 63x/1.40 Oil DIC M27, na: 1.4, magnification: 63, immersion: Oil}
    lasers: [{id: l0, wavelength_nm: 405, type: SolidState}, {id: l1, wavelength_nm: 488, type: Gas}]
    detectors: [{id: d0, type: PMT}, {id: d1, type: PMT}]
    software: {name: ZEN black, version: "2.3"}
acquisitions:
  - id: a1
    instrument: m1
    specimen: s1
    dimension_order: XYCZT
    pixel_size_um: [0.09, 0.09]
    z_step_um: 0.5
    pinhole_au: 1.0
    pinhole_um: 48.9
    zoom: 2.0
    pixel_dwell_us: 1.02
    scan_direction: Unidirectional
    averaging: {number: 4, unit: Line, method: Average}
    channels:
      - {channel: c0, laser: l0, laser_power_percent: 2.0, detector: d0, gain_v: 650, emission_band_nm: [410, 495]}
      - {channel: c1, laser: l1, laser_power_percent: 2.0, detector: d1, gain_v: 700, emission_band_nm: [499, 553]}
  - id: a2
    instrument: m1
    specimen: s1
    dimension_order: XYCZT
    pixel_size_um: [0.09, 0.09]
    z_step_um: 0.5
    pinhole_au: 1.0
    pinhole_um: 48.9
    zoom: 2.0
    pixel_dwell_us: 1.02
    scan_direction: Unidirectional
    averaging: {number: 4, unit: Line, method: Average}
    channels:
      - {channel: c1, laser: l1, laser_power_percent: 2.0, detector: d1, gain_v: 700, emission_band_nm: [499, 553]}
protocols:
  sample_preparation: "Fixed in 4 % paraformaldehyde for 15 min, blocked in 3 % BSA, stained overnight at 4 C."
  acquisition: "Sequential scan, Nyquist sampled, line average of 4."
  processing: "Maximum-intensity projection of all z planes in Fiji 2.14; no change of contrast."
quality: {calibration: "PSF measured with 100 nm beads on the day of imaging."}
files:
  - {path: fibroblasts.lsm, tier: raw, acquisition: a1, description: "Two-channel z-stack as the microscope wrote it"}
  - {path: planes/*.tif, tier: transformed, acquisition: a2, derived_from: [fibroblasts.lsm],
     description: "The tubulin channel as one TIFF per plane, as used in the analysis"}
  - {path: MAX_fibroblasts.tif, tier: processed, derived_from: [fibroblasts.lsm],
     description: "Maximum-intensity projection of both channels"}
  - {path: methods.txt, tier: readme, description: "Methods note from the depositor"}
naming: {pattern: "fibroblasts_z{z:03d}_c{c}.tif"}
"""


def make_demo_deposit(folder: Path) -> Path:
    """Write the demonstration deposit into a new folder and return it.

    Raises `CannotFinish` when the folder already exists.
    """
    from confocal_bag.image.synthetic import cell_stack, write_lsm, write_plane

    try:
        (folder / "planes").mkdir(parents=True, exist_ok=False)
    except FileExistsError:
        raise CannotFinish(f"{folder} already exists. Choose a new folder for the demonstration.") from None
    stack = cell_stack()
    write_lsm(folder / "fibroblasts.lsm", stack)
    for number, plane in enumerate(stack[:, 1], start=1):
        write_plane(folder / "planes" / f"fibroblasts_z{number:03d}_c2.tif", plane)
    write_plane(folder / "MAX_fibroblasts.tif", stack.max(axis=0))
    (folder / "methods.txt").write_text(_METHODS, encoding="utf-8")
    (folder / "deposit.yaml").write_text(_DESCRIPTION, encoding="utf-8")
    _set_times(folder)
    return folder


def _set_times(folder: Path) -> None:
    """Give every file the date of the imaging session, so that two demonstrations are the same."""
    for path in folder.rglob("*"):
        os.utime(path, (1555497000, 1555497000))
