"""Package confocal microscopy deposits as BagIt bags, with every converted pixel proven.

The public functions are the ones the commands use; each is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from confocal_bag.build import build_bag
    from confocal_bag.deposit.sequences import find_sequences
    from confocal_bag.image.convert import convert_image
    from confocal_bag.inspect import inspect_deposit
    from confocal_bag.validate import validate_bag

__version__ = "0.1.0"

__all__ = ["__version__", "build_bag", "convert_image", "find_sequences", "inspect_deposit", "validate_bag"]

_HOMES = {
    "build_bag": "confocal_bag.build",
    "convert_image": "confocal_bag.image.convert",
    "find_sequences": "confocal_bag.deposit.sequences",
    "inspect_deposit": "confocal_bag.inspect",
    "validate_bag": "confocal_bag.validate",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
