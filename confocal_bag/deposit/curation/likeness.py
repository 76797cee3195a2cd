"""What entries of deposit.yaml have in common that one answer can speak of for all of them.

Twenty acquisitions of one microscope that all lack the pinhole are one question, not twenty. What is said to be alike
here shares a row of the answer sheet; whoever knows better answers one of them in a row of its own.
"""

from collections.abc import Hashable
from pathlib import PurePosixPath

from confocal_bag.deposit.curation.subjects import Subjects, channel_of, section_of, selector_of
from confocal_bag.deposit.description.model import AcquisitionDescription, InstrumentDescription
from confocal_bag.deposit.levels.view import DepositView

__all__ = ["Likeness"]

#: What differs from entry to entry although nothing else does: each is asked for by itself.
_ONE_BY_ONE = frozenset({"acquisitions.specimen"})
#: Of what else the answer depends, besides the microscope and the objective.
_DEPENDS_ON = {"pixel_size_um": ("zoom",), "zoom": ("pixel_size_um",)}


class Likeness:
    """Tells which fields of a description one answer can speak of."""

    def __init__(self, view: DepositView, subjects: Subjects) -> None:
        self._view = view
        self._subjects = subjects

    def of(self, field: str) -> Hashable | None:
        """What the entry of a field has in common with others; None for one that is asked for by itself.

        Channels have their name, dye and wavelengths in common, acquisitions and instruments the microscope and the
        objective. Those of which nothing of this is known are alike where they are of files of one kind in one folder.
        """
        section = section_of(field)
        if channel_of(field) is not None:
            of_channel = self._subjects.alike_channels(field)
            in_settings = section == "acquisitions" and of_channel is not None
            return (of_channel, self._microscope(field, section)) if in_settings else of_channel
        leaf = field.rpartition("].")[2]
        if section not in ("acquisitions", "instruments") or f"{section}.{leaf}" in _ONE_BY_ONE:
            return None
        if section == "instruments":
            entry = self._entry(field, section)
            group = getattr(entry, leaf.partition(".")[0], None) if isinstance(entry, InstrumentDescription) else None
            return entry and (leaf, self._microscope(field, section), repr(group))
        return self._of_acquisition(field, leaf)

    def _of_acquisition(self, field: str, leaf: str) -> Hashable | None:
        entry = self._entry(field, "acquisitions")
        if not isinstance(entry, AcquisitionDescription):
            return None
        instrument = self._instrument(entry)
        known = [repr(getattr(entry, name)) for name in _DEPENDS_ON.get(leaf, ())]
        size = self._subjects.plane_sizes(field) if leaf in _DEPENDS_ON else None
        return leaf, self._microscope(field, "acquisitions"), repr(instrument and instrument.objective), *known, size

    def _microscope(self, field: str, section: str) -> Hashable:
        """What is known of the microscope; where nothing is, the folder and the ending of the first file."""
        entry = self._entry(field, section)
        instrument = self._instrument(entry) if isinstance(entry, AcquisitionDescription) else entry
        if isinstance(instrument, InstrumentDescription) and instrument.microscope.is_recorded:
            return repr(instrument.microscope)
        files = self._subjects.files(field)
        first = PurePosixPath(files[0]) if files else PurePosixPath()
        return str(first.parent), first.suffix.casefold()

    def _entry(self, field: str, section: str) -> AcquisitionDescription | InstrumentDescription | None:
        entries = getattr(self._view.description, section)
        name = selector_of(field, section)
        named = next((one for one in entries if one.id == name), None)
        if named is None and name.isdigit() and int(name) < len(entries):
            named = entries[int(name)]
        return named if isinstance(named, AcquisitionDescription | InstrumentDescription) else None

    def _instrument(self, entry: AcquisitionDescription) -> InstrumentDescription | None:
        listed = self._view.description.instruments
        if entry.instrument is None:
            return listed[0] if len(listed) == 1 else None
        return next((one for one in listed if one.id == entry.instrument), None)
