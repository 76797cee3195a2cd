"""The closed sets everyone shares: tiers, practice levels, forms of a bag, axis letters."""

from enum import StrEnum

__all__ = ["AXIS_NAMES", "BagForm", "PracticeLevel", "Tier"]


class Tier(StrEnum):
    """The folders of a bag's payload, in the order of the primer."""

    RAW = "raw"
    TRANSFORMED = "transformed"
    PROCESSED = "processed"
    README = "readme"
    METADATA = "metadata"


class PracticeLevel(StrEnum):
    """The primer's three practice levels, least demanding first."""

    MINIMUM = "minimum"
    GOOD_ENOUGH = "good-enough"
    MOST_REPRODUCIBLE = "most-reproducible"

    @property
    def rank(self) -> int:
        """0 for the least demanding level."""
        return list(PracticeLevel).index(self)


class BagForm(StrEnum):
    """What a bag travels as: a folder of files, or one archive."""

    FOLDER = "folder"
    ZIP = "zip"
    TAR = "tar"
    TAR_GZ = "tar.gz"
    TAR_ZST = "tar.zst"


#: What each axis letter stands for, in words a reader of a readme understands.
AXIS_NAMES = {
    "X": "columns",
    "Y": "rows",
    "Z": "depth (z-stack)",
    "C": "channels",
    "T": "time points",
    "S": "colour samples",
    "L": "wavelength steps (lambda)",
    "P": "positions",
    "M": "mosaic tiles",
    "W": "wells",
    "H": "detector phases",
    "R": "rotations",
    "A": "angles",
    "E": "excitation wavelength steps",
    "I": "illuminations",
    "V": "views",
    "K": "loops (repeats of a scan)",
    "N": "plain counter (its meaning is not recorded)",
}
