"""Other formats through the bioio plugins that are installed: found by their entry points, asked by extension.

Plugins for formats that this program reads itself are never asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from math import isfinite
from pathlib import Path, PurePath
from typing import Any

from confocal_bag.image.format_table import Format, Kind
from confocal_bag.image.model import PixelSize
from confocal_bag.image.readers.choice import READER_ERRORS, READERS, Choice

__all__ = ["Plugin", "choice_for", "find_plugins", "is_readable", "plugin_header"]

_GROUP = "bioio.readers"
#: Their formats are all in READERS; not to load them saves a second.
_KNOWN = frozenset({"confocal-bag", "bioio-nd2", "bioio-tifffile", "bioio-ome-tiff", "bioio-lif", "bioio-czi"})
#: Pictures made from image data: opened when asked for, but no microscope's images that a deposit must describe.
_PICTURES = frozenset({"png", "jpeg", "jpeg2000", "gif", "bmp", "webp", "psd", "svg"})
#: What a plugin may raise when its module is loaded and asked.
_LOADING_ERRORS: tuple[type[Exception], ...] = (ImportError, *READER_ERRORS)
_ASKED = frozenset({Kind.IMAGE, Kind.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A bioio plugin. `problem` says why it cannot be used, in which case it has no extensions."""

    distribution: str
    version: str
    extensions: tuple[str, ...] = ()
    reader: Any = None
    problem: str | None = None


@cache
def find_plugins() -> tuple[Plugin, ...]:
    """The plugins installed beside those this program brings, by name. `find_plugins.cache_clear()` looks again."""
    found = {
        (one.dist.name.lower().replace("_", "-"), one.value): one
        for one in entry_points(group=_GROUP)
        if one.dist is not None
    }
    return tuple(_load(name, entry) for (name, _), entry in sorted(found.items()) if name not in _KNOWN)


def _load(name: str, entry: EntryPoint) -> Plugin:
    from confocal_bag.image.ome_units import bring_units

    bring_units()
    version = entry.dist.version if entry.dist is not None else ""
    try:
        metadata = entry.load().ReaderMetadata
        extensions = tuple(f".{str(one).lower().lstrip('.')}" for one in metadata.get_supported_extensions())
        return Plugin(distribution=name, version=version, extensions=extensions, reader=metadata.get_reader())
    except _LOADING_ERRORS as error:
        return Plugin(distribution=name, version=version, problem=f"{type(error).__name__}: {error}")


def is_readable(path: PurePath, found: Format) -> bool:
    """Whether a file of a deposit is to be read as an image: its format is read here, or a plugin claims it."""
    if found.id in READERS:
        return True
    return found.id not in _PICTURES and found.kind in _ASKED and bool(_claiming(path))


def choice_for(path: Path, found: Format) -> Choice | None:
    """The reader of a file: our own for its format, else a plugin's; None where there is none.

    Of a file whose bytes nobody knows, a plugin must also say that it can read it.
    """
    if found.id in READERS:
        return READERS[found.id]
    if found.kind in _ASKED:
        for plugin in _claiming(path):
            if found.kind is Kind.IMAGE or _accepts(plugin, path):
                return _choice(plugin)
    return None


def _claiming(path: PurePath) -> list[Plugin]:
    """The plugins that name the extension of a file: the longest extension first, then those for few formats."""
    name = path.name.lower()
    lengths = {
        plugin: max((len(one) for one in plugin.extensions if name.endswith(one)), default=0)
        for plugin in find_plugins()
    }
    claiming = [plugin for plugin, length in lengths.items() if length]
    return sorted(claiming, key=lambda one: (-lengths[one], len(one.extensions), one.distribution))


def _accepts(plugin: Plugin, path: Path) -> bool:
    from confocal_bag.image.readers.choice import reader_errors

    try:
        return bool(plugin.reader.is_supported_image(path))
    except reader_errors():
        return False


def _choice(plugin: Plugin) -> Choice:
    return Choice(
        name=f"{plugin.distribution} {plugin.version} (plugin of bioio)",
        open=plugin.reader,
        reason="the plugin installed here for this extension",
    )


def plugin_header(reader: Any, channels: int) -> tuple[tuple[str | None, ...], PixelSize]:
    """Channel names and pixel size of the current scene as a plugin gives them, without what plugins make up."""
    return _names(reader.channel_names, channels), _sizes(reader.physical_pixel_sizes)


def _names(given: Iterable[Any] | None, channels: int) -> tuple[str | None, ...]:
    names = [str(one) for one in given or ()]
    if len(names) != channels:
        return ()
    # bioio calls a channel without a name Channel:0:1.
    return tuple(None if not one.strip() or one.startswith("Channel:") else one for one in names)


def _sizes(given: Any) -> PixelSize:
    return PixelSize(x=_step(given.X), y=_step(given.Y), z=_step(given.Z))


def _step(value: Any) -> float | None:
    """A step in micrometres; 0 and exactly 1 are what readers put where nothing is recorded."""
    if value is None:
        return None
    step = abs(float(value))
    return step if isfinite(step) and step not in (0.0, 1.0) else None
