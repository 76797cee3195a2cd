"""What is remembered of a finished conversion, so that a later run can take it over with its proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from confocal_bag.counted import counted

if TYPE_CHECKING:
    from confocal_bag.image.convert import Conversion

__all__ = ["ConversionNote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionNote:
    """One proven OME-TIFF: its series, when it was made, and coordinates and SHA-1 of each plane in page order.

    `remarks` are the sentences of the conversion on what its numbers stand for, where that is not plain.
    `made_from` identifies the bytes it was made from, for whoever has to tell whether they still are the same.
    """

    made_from: str
    made: datetime
    series_index: int
    series_name: str
    compression: str | None
    planes: tuple[tuple[Mapping[str, int], str], ...]
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, conversion: "Conversion", made_from: str) -> Self:
        """The note of a conversion that has just been made."""
        return cls(
            made_from=made_from,
            made=datetime.now(UTC),
            series_index=conversion.series.index,
            series_name=conversion.series.name,
            compression=conversion.compression,
            planes=tuple((plane.coordinates, plane.sha1) for plane in conversion.planes),
            remarks=conversion.remarks,
        )

    @property
    def outcome(self) -> str:
        """What came of it, for the record of the event: the proof, and the remarks."""
        proof = f"{counted(len(self.planes), 'plane')} read again from the result; all equal"
        return " ".join([f"{proof}.", *self.remarks]) if self.remarks else proof

    def as_json(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return {
            "made_from": self.made_from,
            "made": self.made.isoformat(),
            "series_index": self.series_index,
            "series_name": self.series_name,
            "compression": self.compression,
            "planes": [[dict(coordinates), sha1] for coordinates, sha1 in self.planes],
            "remarks": list(self.remarks),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The note that `as_json` gave."""
        return cls(
            made_from=values["made_from"],
            made=datetime.fromisoformat(values["made"]),
            series_index=values["series_index"],
            series_name=values["series_name"],
            compression=values["compression"],
            planes=tuple((coordinates, sha1) for coordinates, sha1 in values["planes"]),
            # Staging folders of earlier versions have none.
            remarks=tuple(values.get("remarks", ())),
        )
