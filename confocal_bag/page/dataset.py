"""What a bag says of its dataset, as the head of its page has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confocal_bag.deposit.description.file import decode_description
from confocal_bag.deposit.description.model import Dates, Description
from confocal_bag.deposit.exports.rights import licence_text

__all__ = ["Dataset", "dataset_of"]

_DOI = "https://doi.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Title, people in reading order, licence, DOI without its resolver, and dates with what each is the date of.

    What nobody recorded is None or empty. `is_draft` says that the bag calls itself one.
    """

    title: str | None = None
    creators: tuple[str, ...] = ()
    licence: str | None = None
    doi: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    is_draft: bool = False

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """What is recorded beside the title, as names and words."""
        known = (
            ("Creator" if len(self.creators) == 1 else "Creators", "; ".join(self.creators)),
            ("Licence", self.licence),
            ("DOI", self.doi),
            *self.dates,
        )
        return tuple((name, words) for name, words in known if words)


def dataset_of(bag_info: Sequence[tuple[str, str]], description: bytes | None) -> Dataset:
    """The dataset as deposit.yaml has it, and bag-info.txt where that says nothing; e-mail addresses are not shown.

    Raises CannotFinish where deposit.yaml is no text, or no YAML.
    """
    said = decode_description(description, name="deposit.yaml").description if description else Description()
    info = _first_values(bag_info)
    return Dataset(
        title=said.title or info.get("external-description"),
        creators=tuple(name for one in said.creators if (name := one.full_name)),
        licence=licence_text(said.license) or info.get("license"),
        doi=_doi(said.identifier.doi) or _doi_among(bag_info),
        dates=(*_dates(said.dates), *((("Bagged", info["bagging-date"]),) if "bagging-date" in info else ())),
        is_draft=info.get("confocal-draft", "").casefold() == "true",
    )


def _first_values(bag_info: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """The first value of each label; labels are read whatever their case (RFC 8493 2.2.2)."""
    return {label.casefold(): value.strip() for label, value in reversed(bag_info) if value.strip()}


def _doi(text: str | None) -> str | None:
    return text.strip().removeprefix(_DOI) if text and text.strip() else None


def _doi_among(bag_info: Sequence[tuple[str, str]]) -> str | None:
    identifiers = (value.strip() for label, value in bag_info if label.casefold() == "external-identifier")
    return next((_doi(one) for one in identifiers if one.startswith(_DOI)), None)


def _dates(dates: Dates) -> tuple[tuple[str, str], ...]:
    known = (("Issued", dates.issued), ("Created", dates.created), ("Collected", dates.collected))
    return tuple((name, value) for name, value in known if value)
