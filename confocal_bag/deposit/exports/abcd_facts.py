"""What the two versions of ABCD (Access to Biological Collection Data) have in common: a unit for each specimen."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.model import Description, Specimen, Term
from confocal_bag.deposit.exports.abcd_measurements import Measurement, image_measurements
from confocal_bag.deposit.exports.child_works import child_work_creators
from confocal_bag.deposit.exports.dimensions import short_number
from confocal_bag.deposit.exports.export_facts import ExportedImage, ExportFacts
from confocal_bag.deposit.exports.identities import dataset_identifiers, identifier_uri, ror_uri
from confocal_bag.deposit.exports.inventory_csv import InventoryRow
from confocal_bag.deposit.exports.plain_text import shown_path
from confocal_bag.deposit.exports.sentence_words import is_not_done

__all__ = [
    "AbcdImage",
    "AbcdUnit",
    "abcd_language",
    "abcd_units",
    "contributor_names",
    "institution",
    "lacks_for_abcd",
    "scientific_name",
    "short",
    "source_id",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcdImage:
    """One image of a specimen, and in `comment` what people say of it and how large it is.

    Width and height are in pixels, None where the header has no such axes.
    """

    id: str
    image: ExportedImage
    row: InventoryRow
    comment: str | None
    width: int | None
    height: int | None
    acquired: str | None
    equipment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcdUnit:
    """One specimen; `preparations` holds the kind and the process of each step."""

    id: str
    specimen: Specimen
    basis: str
    kinds: Sequence[str]
    preparations: Sequence[tuple[str, str | None]]
    sex: str | None
    images: Sequence[AbcdImage]
    measurements: Sequence[Measurement]


def lacks_for_abcd(said: Description) -> str | None:
    """What ABCD requires and the description does not say; None if nothing."""
    required = {
        "title": said.title,
        "creators": any(one.full_name for one in said.creators),
        "organization.name": institution(said),
        "specimens": said.specimens,
    }
    missing = [name for name, value in required.items() if not value]
    return f"not said in deposit.yaml: {', '.join(missing)}" if missing else None


def institution(said: Description) -> str | None:
    """The institution that answers for the specimens: its ROR address, else its name."""
    for one in (said.organization, said.publisher, *(person.affiliation for person in said.creators)):
        known = ror_uri(one.ror) or one.name
        if known:
            return known
    return None


def source_id(facts: ExportFacts) -> str:
    """The identifier of the dataset among those of the institution: its own, else that of the bag."""
    known = dataset_identifiers(facts.description.identifier)
    return identifier_uri(*known[0]) if known else facts.bag_uuid.urn


def abcd_language(said: Description) -> str:
    """The language of the texts (BCP 47); `und` is the code of one that nobody recorded."""
    text = said.language or ""
    return text if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", text) else "und"


def contributor_names(said: Description) -> tuple[str, ...]:
    """Who had a part in the dataset, and who made its child works, each once."""
    people = (*said.contributors, *child_work_creators(said))
    return tuple(dict.fromkeys(one.inverted_name for one in people if one.inverted_name))


def short(text: str | None) -> str | None:
    """The text, cut to the 255 characters of ABCD's String255."""
    return text if text is None or len(text) <= 255 else f"{text[:254]}…"


def abcd_units(facts: ExportFacts) -> Iterator[AbcdUnit]:
    """A unit for each specimen, with its images in path order."""
    rows = {row.path: row for row in facts.files}
    for number, specimen in enumerate(facts.description.specimens, 1):
        images = [one for one in facts.images if one.described.specimen is specimen and one.path in rows]
        counts = Counter(one.shown for one in images)
        images.sort(key=lambda one: one.shown)
        listed = [_image(facts, one, rows[one.path], counts[one.shown]) for one in images]
        yield AbcdUnit(
            id=specimen.id or str(number),
            specimen=specimen,
            basis=_basis(specimen),
            kinds=list(filter(None, map(_term, _kind_terms(specimen)))),
            preparations=list(_preparations(specimen)),
            sex=_sex(specimen),
            images=listed,
            measurements=[
                *_measurements(specimen),
                *(fact for one in listed for fact in image_measurements(facts.description, one.id, one.image)),
            ],
        )


def _kind_terms(specimen: Specimen) -> tuple[Term, ...]:
    return specimen.cell_type, specimen.cell_line, specimen.tissue, specimen.component


def _basis(specimen: Specimen) -> str:
    """What a record is of, in ABCD's words; where it is not recorded what was kept of a specimen, it is of images.

    Cells of a culture are no specimen of a collection, alive or fixed.
    """
    fixation = specimen.fixation.name or specimen.fixation.protocol
    is_fixed = fixation is not None and not is_not_done(fixation)
    is_culture = any(filter(None, (specimen.cell_line.name, specimen.cell_line.term, specimen.growth)))
    if is_culture or (is_fixed and specimen.live):
        return "OtherSpecimen"
    if specimen.live:
        return "LivingSpecimen"
    return "PreservedSpecimen" if is_fixed else "MultimediaObject"


def scientific_name(specimen: Specimen) -> str | None:
    """The name of the organism, without what people wrote behind it: "Mus musculus; fibroblasts" is no name."""
    return (specimen.organism.name or "").partition(";")[0].strip() or None


def _term(term: Term) -> str | None:
    if term.name and term.term:
        return f"{term.name} ({term.term})"
    return term.name or term.term


def _preparations(specimen: Specimen) -> Iterator[tuple[str, str | None]]:
    cut, mount = specimen.sectioning, specimen.mounting
    thickness = f"{short_number(cut.thickness_um)} µm" if cut.thickness_um else None
    steps: list[tuple[str, list[str | None]]] = [
        ("growth", [specimen.growth]),
        ("treatment", list(specimen.treatment)),
        ("fixation", [_term(specimen.fixation), specimen.fixation.protocol]),
        ("sectioning", [] if cut.method == "none" else [_term(Term(name=cut.method, term=cut.term)), thickness]),
        ("mounting", [mount.medium, f"coverslip {mount.coverslip}" if mount.coverslip else None]),
    ]
    for kind, parts in steps:
        known = [part for part in parts if part]
        if known:
            yield kind, "; ".join(known)


def _sex(specimen: Specimen) -> str | None:
    return {"male": "M", "m": "M", "female": "F", "f": "F"}.get((specimen.sex or "").casefold())


def _measurements(specimen: Specimen) -> Iterator[Measurement]:
    """What a unit says that is a specimen: the schema lets it not be a culture or an animal besides."""
    variables = specimen.variables
    known: list[tuple[str, str | None]] = [
        ("organism, as described", specimen.organism.name if ";" in (specimen.organism.name or "") else None),
        ("organism term", specimen.organism.term),
        ("material", specimen.material.name if specimen.organism.name else None),
        ("material term", specimen.material.term),
        ("origin", specimen.origin),
        ("description", specimen.description),
        ("imaged alive", {True: "yes", False: "no", None: None}[specimen.live]),
        ("specimen holder", specimen.mounting.holder),
        ("strain", specimen.strain),
        ("genotype", specimen.genotype),
        ("sex", None if _sex(specimen) else specimen.sex),
        ("developmental stage", specimen.stage),
        *(("intrinsic variable", text) for text in variables.intrinsic),
        *(("extrinsic variable", text) for text in variables.extrinsic),
        *(("experimental variable", text) for text in variables.experimental),
    ]
    yield from (Measurement(parameter=name, value=value) for name, value in known if value)


def _image(facts: ExportFacts, one: ExportedImage, row: InventoryRow, of_file: int) -> AbcdImage:
    """An image of a file that holds so many."""
    said = facts.descriptions.get(one.shown)
    inside = f"In the zip file, as {shown_path(one.member)}" if one.member is not None else None
    width, height = one.record.axes.get("X"), one.record.axes.get("Y")
    acquired = (one.record.instrument.acquired or "")[:10]
    return AbcdImage(
        id=shown_path(one.shown) + (f"#{one.record.series + 1}" if of_file > 1 else ""),
        image=one,
        row=row,
        comment=". ".join(filter(None, (said.description if said else None, inside, one.dimensions))) or None,
        width=width if width and height else None,
        height=height if width and height else None,
        acquired=acquired if re.fullmatch(r"\d{4}-\d\d-\d\d", acquired) else None,
        equipment=_equipment(one),
    )


def _equipment(one: ExportedImage) -> str | None:
    said = one.described.instrument
    if said is None:
        return None
    scope, lens = said.microscope, said.objective
    aperture = f"numerical aperture {short_number(lens.na)}" if lens.na else None
    parts = [" ".join(filter(None, (scope.manufacturer, scope.model))), scope.stand, lens.model, aperture]
    return "; ".join(part for part in parts if part) or None
