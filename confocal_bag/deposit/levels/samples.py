"""What the practice levels ask of the samples: a minimal, plain or detailed sample description."""

from collections.abc import Callable, Iterator

from confocal_bag.deposit.description.model import Specimen
from confocal_bag.deposit.levels.missing import Missing, Place, first_of, is_said, needed
from confocal_bag.deposit.levels.view import DepositView, Need

__all__ = ["SAMPLE_NEEDS"]

_CELLS = ("cell_type.name", "tissue.name", "component.name")
_DETAILS = ("strain", "genotype", "sex", "age", "stage")


def _specimen_need(leaves: tuple[str, ...], what: str, given: Callable[[Specimen], bool]) -> Need:
    """A need of every specimen; the first field is the one to fill in."""
    fields = tuple(f"specimens.{leaf}" for leaf in leaves)

    def find(view: DepositView) -> Iterator[Missing]:
        bare = [one for one in view.description.specimens if not given(one)]
        places: list[Place] = [place for one in bare if (place := view.place("specimens", one))]
        if places:
            words = [place.words for place in places]
            yield needed(fields[0], f"{what} of {first_of(words)} is not recorded.", places=places, subjects=words)

    return Need(fields=fields, find=find)


def _any(*fields: str) -> Callable[[Specimen], bool]:
    return lambda specimen: any(is_said(specimen, field) for field in fields)


def _of_organism(given: Callable[[Specimen], bool]) -> Callable[[Specimen], bool]:
    """What is asked of organisms only."""
    return lambda specimen: is_said(specimen, "material.name") or given(specimen)


def _unless_live(given: Callable[[Specimen], bool]) -> Callable[[Specimen], bool]:
    return _of_organism(lambda specimen: bool(specimen.live) or given(specimen))


def _any_specimen(view: DepositView) -> Iterator[Missing]:
    if not view.description.specimens:
        yield needed(
            "specimens",
            "No specimen is described: what was imaged is not recorded.",
            "Add an entry to `specimens` in deposit.yaml with its organism and origin",
        )


def _which_specimen(view: DepositView) -> Iterator[Missing]:
    """With several specimens, each image must be of one of them."""
    if len(view.description.specimens) < 2:
        return
    bare = [image for image in view.images if image.specimen is None]
    if bare:
        paths = list(dict.fromkeys(image.header.path for image in bare))
        found = (view.place("acquisitions", image.acquisition) for image in bare if image.acquisition)
        yield needed(
            "acquisitions.specimen",
            f"Which of several specimens was imaged is not recorded for {first_of(paths)}.",
            places=list(dict.fromkeys(place for place in found if place)),
            subjects=paths,
        )


SAMPLE_NEEDS: tuple[Need, ...] = (
    Need(fields=("specimens",), find=_any_specimen),
    Need(fields=("acquisitions.specimen",), find=_which_specimen),
    _specimen_need(("organism.name", "material"), "The organism or material", _any("organism.name", "material.name")),
    _specimen_need(("origin",), "The origin", _any("origin")),
    _specimen_need(_CELLS, "The cell type, tissue or cellular component", _of_organism(_any(*_CELLS))),
    _specimen_need(
        ("fixation.name", "live"),
        "The fixation (or that it was imaged alive)",
        _unless_live(_any("fixation.name", "fixation.protocol")),
    ),
    _specimen_need(
        ("sectioning.method",),
        "The sectioning (or that there was none)",
        _unless_live(_any("sectioning.method", "sectioning.thickness_um")),
    ),
    _specimen_need(_DETAILS, "The strain, genotype, sex, age or stage", _of_organism(_any(*_DETAILS))),
    _specimen_need(("mounting.medium",), "The mounting medium", _any("mounting.medium")),
    _specimen_need(("mounting.coverslip",), "The coverslip", _any("mounting.coverslip")),
)
