"""Synthetic inventories and descriptions for the tests of descriptions, levels and readmes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from confocal_bag.deposit.inventory import FileRecord, Inventory
from confocal_bag.image.formats import FORMATS
from confocal_bag.image.model import PixelSize
from confocal_bag.image.record import ChannelRecord, ImageRecord, InstrumentRecord
from confocal_bag.vocabulary import Tier

GREEN = ChannelRecord(
    name="Ch1-T1",
    fluor="Alexa Fluor 488",
    excitation_nm=488.0,
    emission_nm=520.0,
    color="#00FF00",
    pinhole_um=48.9,
    laser_lines_nm=(488.0,),
    detector="GaAsP 1",
    gain="650 V",
)
RED = ChannelRecord(
    name="Ch2-T1",
    fluor="MitoTracker Red",
    excitation_nm=561.0,
    emission_nm=599.0,
    color="#FF0000",
    pinhole_um=48.9,
    laser_lines_nm=(561.0,),
    detector="PMT 2",
    gain="7.5",
)
MICROSCOPE = InstrumentRecord(
    manufacturer="Zeiss",
    model="LSM 880",
    objective="Plan-Apochromat 63x/1.4 Oil DIC M27",
    magnification=63.0,
    numerical_aperture=1.4,
    immersion="Oil",
    software="ZEN 2.3",
    acquired="2019-04-17T10:11:12",
    zoom=2.0,
    pixel_dwell_us=1.02,
    averaging="4 lines",
)
STACK = ImageRecord(
    series=0,
    name="cell",
    axes={"T": 1, "C": 2, "Z": 10, "Y": 512, "X": 512},
    dtype="uint16",
    pixel_size_um=PixelSize(x=0.0902, y=0.0902, z=0.5),
    channels=(GREEN, RED),
    instrument=MICROSCOPE,
    lossy=False,
    complete=True,
)
BARE = ImageRecord(series=0, name="", axes={"Y": 64, "X": 48}, dtype="uint8")


def stack(**changes: Any) -> ImageRecord:
    """A two-channel z-stack with a full header, changed as asked."""
    return replace(STACK, **changes)


def file(
    path: str, kind: str = "czi", tier: Tier = Tier.RAW, *images: ImageRecord, problem: str | None = None
) -> FileRecord:
    """A file of a deposit."""
    return FileRecord(
        path=PurePosixPath(path),
        bytes=1_234_567,
        digests={"sha512": "00"},
        format=FORMATS[kind],
        tier=tier,
        tier_reason=f'it lies in the folder "{tier}"',
        images=images,
        image_problem=problem,
    )


def inventory(*files: FileRecord) -> Inventory:
    """A deposit of these files."""
    return Inventory(root=Path("deposit"), files=tuple(sorted(files, key=lambda one: str(one.path))))


def two_cells() -> Inventory:
    """Two raw stacks that were taken alike, and an OME-TIFF of the first without acquisition settings."""
    copy = stack(channels=(), instrument=InstrumentRecord())
    return inventory(
        file("raw/cell01.czi", "czi", Tier.RAW, STACK),
        file("raw/cell02.czi", "czi", Tier.RAW, STACK),
        file("transformed/cell01.ome.tif", "ome-tiff", Tier.TRANSFORMED, copy),
    )


COMPLETE = """\
schema: confocal-bag/deposit/1
level: most-reproducible
identifier: {doi: 10.5072/example}
title: Stacks of dividing fibroblasts
abstract: Fixed fibroblasts, stained for tubulin and mitochondria, imaged as stacks.
creators:
  - {family: Lovelace, given: Ada, orcid: 0000-0002-1825-0097, email: ada@example.org, affiliation: {name: NC State University, ror: https://ror.org/04tj63d06}, roles: [contact]}
organization: {name: University Library, address: "1 Main Street, Raleigh"}
publisher: {name: Example Repository}
dates: {collected: 2019-04-17, issued: 2019-07-01}
version: "1.0"
keywords: [mitosis]
license: {spdx: CC0-1.0}
access: {level: open}
audience: [researchers]
location: {name: Raleigh}
privacy: {human_subjects: false, restricted: false}
specimens:
  - id: s1
    organism: {name: Mus musculus, term: "NCBITaxon:10090"}
    origin: Primary cells of strain C57BL/6J
    strain: C57BL/6J
    cell_type: {name: embryonic fibroblast, term: "CL:2000042"}
    fixation: {name: formaldehyde fixed tissue, term: "FBbi:00000010"}
    sectioning: none
    mounting: {medium: ProLong Gold, coverslip: "#1.5H"}
channels:
  - {id: c0, name: tubulin, target: alpha-tubulin, probe: "DM1A mAb (RRID:AB_477593)", fluor: Alexa Fluor 488, excitation_nm: 488, emission_nm: 520}
  - {id: c1, name: mitochondria, probe: MitoTracker Red, excitation_nm: 561, emission_nm: 599}
instruments:
  - id: m1
    method: {name: single-spot confocal microscopy, term: "FBbi:00000252"}
    microscope: {manufacturer: Zeiss, model: LSM 880}
    objective: {model: Plan-Apochromat 63x/1.4 Oil DIC M27, na: 1.4, magnification: 63}
    lasers: [{id: l0, wavelength_nm: 488}, {id: l1, wavelength_nm: 561}]
    detectors: [{id: d0, type: PMT}]
    software: {name: ZEN, version: "2.3"}
acquisitions:
  - id: a1
    instrument: m1
    specimen: s1
    pixel_size_um: [0.0902, 0.0902]
    z_step_um: 0.5
    pinhole_au: 1.0
    zoom: 2.0
    pixel_dwell_us: 1.02
    scan_direction: Unidirectional
    averaging: {number: 4, unit: Line, method: Average}
    channels:
      - {channel: c0, laser: l0, laser_power_percent: 2.0, detector: d0, gain_v: 650, emission_band_nm: [499, 553]}
      - {channel: c1, laser: l1, laser_power_percent: 1.5, detector: d0, gain_v: 700, emission_band_nm: [570, 695]}
protocols: {sample_preparation: Fixed and stained., acquisition: Stacks of whole cells., processing: Converted only.}
quality: {calibration: Beads of 100 nm}
files:
  - {path: "raw/*.czi", tier: raw, acquisition: a1, description: Stack of one cell as acquired}
  - {path: "transformed/*.ome.tif", tier: transformed, acquisition: a1, description: The same as OME-TIFF, derived_from: [raw/cell01.czi]}
"""  # noqa: E501 - YAML as people write it


def changed(text: str, changes: Mapping[str, str]) -> str:
    """The text with each key replaced by its value; every key must be there."""
    for old, new in changes.items():
        assert old in text, f"{old!r} is not in the text"
        text = text.replace(old, new)
    return text
