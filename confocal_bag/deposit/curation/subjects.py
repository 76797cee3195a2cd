"""Say in a depositor's words what a field of deposit.yaml is about: which files, which channel."""

import re
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from confocal_bag.deposit.description.channel_ids import expanded_ids
from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.description.model import ChannelDescription
from confocal_bag.deposit.exports.plain_text import cleaned, shown_path
from confocal_bag.deposit.file_entries import FileEntries, is_pattern
from confocal_bag.deposit.levels.view import DepositView
from confocal_bag.findings import readable_path

__all__ = ["Subjects", "channel_of", "section_of", "selector_of"]


class Subjects:
    """What the fields of a description are about."""

    def __init__(self, view: DepositView) -> None:
        self._view = view

    def files(self, field: str) -> tuple[str, ...]:
        """The files that a field speaks of; none for those of the whole dataset."""
        section = section_of(field)
        name = selector_of(field, section)
        if section == "channels":
            return _once(_path(image) for one in expanded_ids(name) for _, image in self._places(one))
        if section in ("specimens", "acquisitions", "instruments"):
            return self._images(section, name)
        return ()

    def channel(self, field: str) -> str | None:
        """The channel that a field is about, as the header or the depositor calls it; None for other fields."""
        name, section = channel_of(field), section_of(field)
        if name is None:
            return None
        if section == "acquisitions" and name.isdigit():
            return f"channel {int(name) + 1}"
        several = [place for one in expanded_ids(name) for place, _ in self._places(one)[:1]]
        if len(several) > 1:
            return f"channels {min(several) + 1} to {max(several) + 1}"
        said = self._said(name)
        told = list(_once(text for text in (said.name, said.fluor or said.target) if text)) if said else []
        places = self._places(name)
        what = f"channel {cleaned(told[0])}" if told else f"channel {places[0][0] + 1 if places else name}"
        return what + (f" ({cleaned(told[1])})" if len(told) > 1 else "") + _named_after(places)

    def plane_sizes(self, field: str) -> tuple[int | None, int | None] | None:
        """The width and height, in pixels, of the first image that a field of an acquisition speaks of."""
        wanted = self.files(field)[:1]
        axes = next((image.header.record.axes for image in self._view.images if _path(image) in wanted), None)
        return (axes.get("X"), axes.get("Y")) if axes is not None else None

    def alike_channels(self, field: str) -> Hashable | None:
        """What channels have in common that one answer can speak of: name, dye and wavelengths.

        Those without any of these are alike where they stand at the same place of images in the same folder. None for
        a field that is asked for by itself.
        """
        name = channel_of(field)
        said = self._said(name) if name else None
        if said is None or "," in (name or "") or ".." in (name or ""):
            return None
        known = (said.name, said.fluor, said.target, said.probe, said.excitation_nm, said.emission_nm)
        if any(one is not None for one in known):
            return known
        places = self._places(name or "")
        if not places:
            return None
        position, image = places[0]
        return str(PurePosixPath(_path(image)).parent), position, len(image.channels)

    def entries(self, paths: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The files by the pattern of the entry of deposit.yaml that speaks of them; by themselves where none does."""
        by_entry: dict[str, list[str]] = {}
        files = self._view.description.files
        for path in paths:
            index = self._index.index_for(path)
            pattern = files[index].path or path if index is not None else path
            by_entry.setdefault(pattern, []).append(path)
        return {pattern: tuple(concerned) for pattern, concerned in by_entry.items()}

    @property
    def has_images(self) -> bool:
        """Whether any image can be read."""
        return bool(self._view.images)

    def stack(self, path: str) -> str | None:
        """What the names of the planes of one z-stack have in common; None for other files."""
        if path not in self._view.z_planes:
            return None
        folder, slash, name = path.rpartition("/")
        return f"{folder}{slash}{re.sub(r'[0-9]+', '#', name)}"

    def shown(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Files in few words: those that one entry of deposit.yaml names together, by its pattern."""
        if len(paths) > 1 and set(paths) == self._all_images:
            return ("all images",)
        groups: dict[int, list[str]] = {}
        for path in paths:
            index = self._index.index_for(path)
            if index is not None and path in self._paths:
                groups.setdefault(index, []).append(path)
        words: dict[str, None] = {}
        together = {path: index for index, listed in groups.items() if len(listed) > 2 for path in listed}
        for path in paths:
            index = together.get(path)
            if index is None or not is_pattern(self._view.description.files[index].path or ""):
                words[shown_path(path)] = None
            else:
                words[f"{shown_path(self._view.description.files[index].path)} ({len(groups[index])} files)"] = None
        return tuple(words)

    @cached_property
    def _index(self) -> FileEntries:
        return FileEntries(entry.path or "" for entry in self._view.description.files)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(readable_path(one.path) for one in self._view.inventory.every)

    @cached_property
    def _all_images(self) -> frozenset[str]:
        return frozenset(readable_path(one.path) for one in self._view.inventory.every if one.images)

    @cached_property
    def _by_channel(self) -> dict[str, list[tuple[int, DescribedImage]]]:
        found: dict[str, list[tuple[int, DescribedImage]]] = {}
        for image in self._view.images:
            for position, one in enumerate(image.channels):
                if one is not None:
                    number = image.header.channel_number(position) - 1
                    found.setdefault(one.id or "", []).append((number, image))
        return found

    def _places(self, name: str) -> list[tuple[int, DescribedImage]]:
        """The images that have a channel, and its position in each."""
        return self._by_channel.get(name, [])

    def _said(self, name: str) -> ChannelDescription | None:
        return next((one for i, one in enumerate(self._view.description.channels) if name in (one.id, str(i))), None)

    def _images(self, section: str, name: str) -> tuple[str, ...]:
        entries = getattr(self._view.description, section)
        attribute = section.removesuffix("s")
        if len(entries) <= 1 and section == "specimens":
            return ()
        found = [image for image in self._view.images if _is(getattr(image, attribute), name, entries)]
        return _once(_path(image) for image in found)


def _named_after(places: Sequence[tuple[int, DescribedImage]]) -> str:
    """Which files are a channel, where only their names tell."""
    named = places[0][1].header.named if places else None
    return f" (files such as {shown_path(named.example.name)})" if named else ""


def _is(entry: object, name: str, entries: Sequence[object]) -> bool:
    if entry is None:
        return False
    own = getattr(entry, "id", None)
    return own == name if own else name.isdigit() and int(name) < len(entries) and entries[int(name)] is entry


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _path(image: DescribedImage) -> str:
    return image.header.path


def section_of(field: str) -> str:
    """The section of deposit.yaml that a field stands in: channels for channels[c0].probe."""
    return field.partition("[")[0].partition(".")[0]


def channel_of(field: str) -> str | None:
    """The channel in the brackets of channels[c0].probe and acquisitions[a1].channels[c0].laser."""
    section = section_of(field)
    if section == "channels":
        return selector_of(field, section)
    within = field.partition(".channels[")[2]
    return within.partition("]")[0] if section == "acquisitions" and within else None


def selector_of(field: str, section: str) -> str:
    """What stands in the brackets behind the name of a section: c0 for channels[c0].probe; "" where there are none."""
    rest = field.removeprefix(f"{section}[")
    return re.split(r"\](?:\.|$)", rest)[0] if rest != field else ""
