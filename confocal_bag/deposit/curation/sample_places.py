"""Where deposit.yaml names the specimen of an image, written so that files and their acquisitions agree.

What sheets wrote is remembered place by place, so that a corrected sheet takes back that and nothing that a person or
a header wrote.
"""

from collections.abc import Mapping, Sequence

from confocal_bag.deposit.curation.answered import Written
from confocal_bag.deposit.curation.placing import place_answer
from confocal_bag.deposit.curation.taking_back import without_field
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.description.model import AcquisitionDescription, Description, FileDescription
from confocal_bag.deposit.description.text import yaml_text
from confocal_bag.deposit.file_entries import FileEntries
from confocal_bag.deposit.inventory import Inventory

__all__ = ["SampleFiles"]

#: Before the name of a place in the record: it follows from an answer about files, and no row asked for it.
_FOLLOWS = "samples."


class SampleFiles:
    """The text of deposit.yaml and the record of what sheets wrote, while the samples of files are written.

    `first` is the id of the specimen that all files show for which no other one is named.
    """

    def __init__(self, *, text: str, record: Mapping[str, Written], first: str) -> None:
        self.text = text
        self.record = dict(record)
        self._first = first

    def take_back(self, specimen: str, wanted: Sequence[str]) -> None:
        """Take a specimen off the files that an earlier sheet named for it and that are not `wanted`."""
        kept = {_key("files", path) for path in wanted}
        for key, one in list(self.record.items()):
            if key.startswith(f"{_FOLLOWS}files[") and one.value == yaml_text(specimen) and key not in kept:
                self._take_off("files", key.removeprefix(f"{_FOLLOWS}files[").removesuffix("].specimen"))

    def show(self, section: str, name: str, specimen: str) -> None:
        """Write the specimen of a file or an acquisition. Raises `AlreadyAnswered` where a person wrote another."""
        key, field, value = _key(section, name), f"{section}[{name}].specimen", yaml_text(specimen)
        there = self.record.get(key)
        is_ours = there is not None and place_answer(self.text, field, there.value, replacing=True) == self.text
        text = place_answer(self.text, field, value, replacing=is_ours)
        if text != self.text:
            self.text = text
            self.record[key] = Written(field=field, value=value)

    def agree(self, inventory: Inventory) -> None:
        """Give each acquisition the specimen that all of its files show; where they differ, leave it to the files.

        An acquisition for which a person named the specimen keeps it.
        """
        said = read_description(self.text).description
        used = _used_entries(said, inventory)
        for number, acquisition in enumerate(said.acquisitions):
            name = acquisition.id or str(number)
            if acquisition.is_recorded and (
                acquisition.specimen is None or self._wrote("acquisitions", name, acquisition.specimen)
            ):
                self._agree(acquisition, name, [one for one in used if _is_of(one, acquisition, said)])

    def _agree(self, acquisition: AcquisitionDescription, name: str, entries: Sequence[FileDescription]) -> None:
        unsaid = [one for one in entries if one.specimen is None or self._fills_in(one)]
        shown = {self._first if one in unsaid else one.specimen or "" for one in entries} or {self._first}
        if len(shown) == 1:
            for one in unsaid:
                if one.specimen is not None:
                    self._take_off("files", one.path or "")
            self.show("acquisitions", name, shown.pop())
        elif any(len(one.acquisition) > 1 for one in unsaid):
            self.show("acquisitions", name, self._first)  # a file of several acquisitions says nothing of one
        else:
            if acquisition.specimen is not None:
                self._take_off("acquisitions", name)
            for one in unsaid:
                self.show("files", one.path or "", self._first)

    def _fills_in(self, entry: FileDescription) -> bool:
        """Whether an entry names the first specimen only because its acquisition cannot."""
        return entry.specimen == self._first and self._wrote("files", entry.path or "", self._first)

    def _wrote(self, section: str, name: str, specimen: str) -> bool:
        there = self.record.get(_key(section, name))
        return there is not None and there.value == yaml_text(specimen)

    def _take_off(self, section: str, name: str) -> None:
        there = self.record.pop(_key(section, name))
        self.text = without_field(self.text, section, name, "specimen", there.value)


def _key(section: str, name: str) -> str:
    return f"{_FOLLOWS}{section}[{name}].specimen"


def _used_entries(said: Description, inventory: Inventory) -> list[FileDescription]:
    """The entries that speak of an image at all: one of a pattern may be left without any."""
    entries = FileEntries(one.path or "" for one in said.files)
    places = {entries.index_for(file.path) for file in inventory.every if file.images}
    return [said.files[place] for place in sorted(one for one in places if one is not None)]


def _is_of(entry: FileDescription, acquisition: AcquisitionDescription, said: Description) -> bool:
    if not entry.acquisition:
        return len(said.acquisitions) == 1
    return acquisition.id is not None and acquisition.id in entry.acquisition
