"""One fault in the structure of a TIFF file."""

from dataclasses import dataclass

__all__ = ["StructureFault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureFault:
    """What contradicts what. `code` is one word of `tiff_structure`; `message` a clause without a full stop.

    `is_damage` where pixels are missing or cannot be where the file says; else two descriptions of it disagree.
    """

    code: str
    message: str
    is_damage: bool
