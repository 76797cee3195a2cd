"""ome_types with or without pint.

pint makes quantities ("0.1 micrometer") of the numbers of an OME document. ome_types loads without it, and nothing here
needs it; to load it, with dask and scipy where they are installed, takes longer than ome_types itself.
"""

import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["bring_units", "leave_out_units"]

_UNITS = "ome_types.units"


def leave_out_units() -> None:
    """Have this process load ome_types as if pint were not installed, unless it has loaded it already."""
    if "ome_types" not in sys.modules:
        # What the import system takes for a module that is not there.
        sys.modules[_UNITS] = None  # type: ignore[assignment]


def bring_units() -> None:
    """Undo `leave_out_units`, for plugins of bioio, which need pint; classes that are loaded get their quantities."""
    if sys.modules.get(_UNITS, sys) is not None:
        return
    del sys.modules[_UNITS]
    if "ome_types" in sys.modules:
        from ome_types._mixins._base_type import OMEType
        from ome_types.units import add_quantity_properties

        for one in _subclasses(OMEType):
            add_quantity_properties(one)


def _subclasses(of: type[Any]) -> Iterator[type[Any]]:
    one: type[Any]
    for one in of.__subclasses__():
        yield one
        yield from _subclasses(one)
