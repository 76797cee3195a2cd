"""Writes evidence.md: every real sample against a reference, figure by figure.

`python -m docs.evidence [SAMPLES]`. SAMPLES is a folder of image files with the reference's answers in `expected/` (an
MD5 of every plane in `*.planes.json`, its OME-XML in `*.ome.xml`) and the judge of sidecars beside it in
`corpora/metadata`; by default `../shared/samples`. Without that folder nothing is written.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from math import isclose
from pathlib import Path
from typing import Any

from confocal_bag.image.acquisition import describe_acquisition
from confocal_bag.image.acquisition.records import records
from confocal_bag.image.bioio_image import BioioImage
from confocal_bag.image.model import plane_bytes
from confocal_bag.image.ome_checks import ome_problems
from confocal_bag.image.open import open_image
from confocal_bag.image.plane_digests import plane_digests
from confocal_bag.image.sidecar import ome_bytes
from confocal_bag.image.sidecar_check import SidecarImage, check_sidecar, compare_sidecar, read_sidecar
from docs.evidence_tables import evidence_lines

__all__ = [
    "EXPLAINED",
    "PAGE",
    "SAMPLES",
    "Agreement",
    "ReferenceFault",
    "agreements",
    "evidence_page",
    "has_reference",
    "judged",
    "write_sidecars",
]

_FOLDER = Path(__file__).resolve().parent
SAMPLES = _FOLDER.parents[1] / "shared" / "samples"
PAGE = _FOLDER / "evidence.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFault:
    """A value of the reference that is wrong, what it and this program say, and the reason."""

    sample: str
    field: str
    reference: str
    ours: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One sample: how much of it is as the reference has it.

    `planes_equal` counts planes equal to the reference's at the same place of the same series. `differing` names each
    field of the reference's OME-XML that this program contradicts without a reason; `wrong_in_reference` those with
    one. `problems` is what the schema and the further checks find in our sidecar.
    """

    sample: str
    reader: str
    series: int
    planes: int
    planes_equal: int | None
    fields: int
    differing: tuple[str, ...]
    wrong_in_reference: tuple[ReferenceFault, ...]
    problems: tuple[str, ...]


def has_reference(samples: Path) -> bool:
    """Whether the folder has samples with the reference's answers."""
    return (samples / "expected").is_dir()


def agreements(samples: Path) -> list[Agreement]:
    """Every sample, in the order of their names; those without a reference too."""
    return [_agreement(samples, path) for path in _images(samples)]


def judged(samples: Path, folder: Path) -> dict[str, Any]:
    """What the judge of sidecars says of those in a folder, as its own JSON."""
    judge = samples.parent / "corpora/metadata/judge.py"
    command = [sys.executable, str(judge), str(folder), "--only-present", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def write_sidecars(samples: Path, folder: Path) -> None:
    """The sidecar of every sample, named so that the judge finds its file."""
    for path in _images(samples):
        with open_image(path) as image:
            content = ome_bytes(describe_acquisition(image), source_name=path.name)
        (folder / f"{_flat(samples, path)}.ome.xml").write_bytes(content)


def evidence_page(samples: Path) -> str:
    """The whole page as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        write_sidecars(samples, Path(folder))
        ours = judged(samples, Path(folder))
    theirs = judged(samples, samples / "expected")
    return "\n".join(evidence_lines(agreements(samples), ours, theirs)) + "\n"


def _images(samples: Path) -> list[Path]:
    """The samples that are image files of their own; archives are unpacked before anything in them is read."""
    found = [path for path in samples.rglob("*") if path.is_file() and path.suffix not in (".zip", ".tsv")]
    return sorted(path for path in found if not path.is_relative_to(samples / "expected"))


def _flat(samples: Path, path: Path) -> str:
    return path.relative_to(samples).as_posix().replace("/", "_")


def _agreement(samples: Path, path: Path) -> Agreement:
    name = path.relative_to(samples).as_posix()
    expected = samples / "expected" / f"{_flat(samples, path)}.planes.json"
    with open_image(path) as image:
        ome = describe_acquisition(image)
        content = ome_bytes(ome, source_name=path.name, plane_hashes=plane_digests(image))
        said = read_sidecar(content)
        problems = (*check_sidecar(content), *_broken_promises(content), *compare_sidecar(said, records(image, ome)))
        equal = _equal_planes(image, json.loads(expected.read_bytes())) if expected.is_file() else None
        total = sum(series.plane_count for series in image.series)
        reader, series = image.reader, len(image.series)
    differences = list(_differences(name, said.images, expected)) if expected.is_file() else []
    return Agreement(
        sample=name,
        reader=reader,
        series=series,
        planes=total,
        planes_equal=equal,
        fields=sum(len(_FIELDS) for _ in said.images) if expected.is_file() else 0,
        differing=tuple(f"{one.field}: {one.ours}, reference {one.reference}" for one in differences if not one.reason),
        wrong_in_reference=tuple(one for one in differences if one.reason),
        problems=problems,
    )


def _broken_promises(content: bytes) -> Iterator[str]:
    from lxml import etree

    yield from ome_problems(etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True)))


def _equal_planes(image: BioioImage, reference: Mapping[str, Any]) -> int:
    """How many planes are where the reference has them, byte for byte; none where the series are not as many."""
    if len(reference["series"]) != len(image.series):
        return 0
    equal = 0
    for series, expected in zip(image.series, reference["series"], strict=True):
        digests = [md5(plane_bytes(one.pixels), usedforsecurity=False).hexdigest() for one in image.planes(series)]
        if len(digests) == len(expected["planes"]):
            equal += sum(mine == theirs for mine, (_, theirs) in zip(digests, expected["planes"], strict=True))
    return equal


_FIELDS = (
    "size_x", "size_y", "size_z", "size_c", "size_t", "pixel_type", "channel_count",
    "physical_size_x_um", "physical_size_y_um", "physical_size_z_um",
)  # fmt: skip

_NO_STEP = "a single slice has no step; the header holds 0 or a placeholder there"
_NO_UNIT = "the header gives no unit and no calibration; one pixel for one pixel is no size"
#: Where the reference is wrong: sample and field, and why.
EXPLAINED = {
    ("lsm/jim_test.lsm", "physical_size_z_um"): _NO_STEP,
    ("lsm/phasorpy_38_mixture.lsm", "physical_size_z_um"): _NO_STEP,
    ("oib/test.oib", "physical_size_z_um"): _NO_STEP,
    ("tiff/xyc_16bit__nuclei_tubulin.tif", "physical_size_x_um"): _NO_UNIT,
    ("tiff/xyc_16bit__nuclei_tubulin.tif", "physical_size_y_um"): _NO_UNIT,
}


def _differences(name: str, ours: Sequence[SidecarImage], planes: Path) -> Iterator[ReferenceFault]:
    """Every field of the reference's OME-XML that ours contradicts or does not have, and any that ours adds."""
    theirs = read_sidecar(planes.with_name(planes.name.replace(".planes.json", ".ome.xml")).read_bytes()).images
    if len(ours) != len(theirs):
        yield ReferenceFault(sample=name, field="images", reference=str(len(theirs)), ours=str(len(ours)), reason="")
        return
    for mine, other in zip(ours, theirs, strict=True):
        for field in _FIELDS:
            here, there = getattr(mine, field), getattr(other, field)
            if not _same(here, there):
                reason = EXPLAINED.get((name, field), "")
                yield ReferenceFault(
                    sample=name, field=field, reference=_shown(there), ours=_shown(here), reason=reason
                )


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-4)
    return one == other


def _shown(value: object) -> str:
    return "not recorded" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Write the page, or say why not."""
    samples = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    if not has_reference(samples):
        raise SystemExit(f"No samples with reference answers in {samples}; name their folder. Nothing was written.")
    PAGE.write_text(evidence_page(samples), encoding="utf-8")


if __name__ == "__main__":
    main()
