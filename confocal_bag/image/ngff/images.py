"""The images of an OME-Zarr: one, those of a bioformats2raw layout, or the fields of the wells of a plate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confocal_bag.findings import readable_path
from confocal_bag.image.ngff.documents import NgffError, attributes, inside

__all__ = ["NgffAxis", "NgffImage", "read_images"]

_MOST_IMAGES = 100_000
#: NGFF 0.1 and 0.2 have these axes and no list of them.
_OLD_AXES = ("t", "c", "z", "y", "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class NgffAxis:
    """One axis: its name, its type ("space", "time", "channel"), and the unit and step of its samples if recorded."""

    name: str
    type: str | None = None
    unit: str | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NgffImage:
    """One image at full resolution. `group` and `array` are folders below the root; `channels` are those of omero."""

    group: str
    array: str
    name: str
    axes: tuple[NgffAxis, ...]
    channels: tuple[Mapping[str, Any], ...] = ()


def read_images(root: Path) -> tuple[NgffImage, ...]:
    """Every image of an OME-Zarr in the order it lists them; labels are none. Raises NgffError where it has none."""
    found: list[NgffImage] = []
    for group in _groups(root):
        found += _images_of(root, group)
        if len(found) > _MOST_IMAGES:
            raise NgffError(f"it lists more than {_MOST_IMAGES:,} images")
    if not found:
        raise NgffError("it lists no image")
    return tuple(found)


def _groups(root: Path) -> Iterator[str]:
    """The groups with an image, below the root.

    In the order of the OME group where there is one, which is that of the OME-XML too; then those it does not list.
    """
    said = attributes(root)
    if "plate" in said:
        fields = (field for well in _paths(_object(said["plate"]).get("wells")) for field in _fields(root, well))
        yield from dict.fromkeys((*_listed_series(root), *fields))
    elif "well" in said:
        yield from _fields(root, "")
    elif "bioformats2raw.layout" in said:
        yield from _listed_series(root) or _numbered_series(root)
    else:
        yield ""


def _fields(root: Path, well: str) -> Iterator[str]:
    listed = _object(attributes(inside(root, well)).get("well")).get("images")
    for field in _paths(listed):
        yield f"{well}/{field}" if well else field


def _listed_series(root: Path) -> list[str]:
    """The images that the OME group of a bioformats2raw layout lists; none where there is no list."""
    return [_text(one) for one in _list(attributes(inside(root, "OME")).get("series"))]


def _numbered_series(root: Path) -> Iterator[str]:
    number = 0
    while attributes(inside(root, str(number))).get("multiscales"):
        yield str(number)
        number += 1


def _images_of(root: Path, group: str) -> Iterator[NgffImage]:
    said = attributes(inside(root, group))
    listed = said.get("multiscales")
    if not isinstance(listed, list) or not listed:
        raise NgffError(f"its image {readable_path(group) or 'at the top'} is not there or has no multiscales")
    omero = _object(said.get("omero"))
    # A field of a well is called "0" by those who write it; its path says which well.
    place = group if "/" in group else None
    channels = tuple(one for one in _list(omero.get("channels")) if isinstance(one, dict))
    for multiscale in map(_object, listed):
        full = next(iter(_list(multiscale.get("datasets"))), None)
        path = _text(_object(full).get("path"))
        yield NgffImage(
            group=group,
            array=f"{group}/{path}" if group else path,
            name=next((one for one in (place, multiscale.get("name"), omero.get("name")) if isinstance(one, str)), ""),
            axes=_axes(multiscale, _object(full)),
            channels=channels,
        )


def _axes(multiscale: Mapping[str, Any], full: Mapping[str, Any]) -> tuple[NgffAxis, ...]:
    listed = multiscale.get("axes", _OLD_AXES)
    described = [one if isinstance(one, dict) else {"name": one} for one in listed]
    names = [_text(one.get("name")) for one in described]
    if len(set(names)) < len(names):
        raise NgffError("two axes of an image have the same name")
    steps = _steps(multiscale, full, len(names))
    return tuple(
        NgffAxis(name=name, type=_text_or_none(one.get("type")), unit=_text_or_none(one.get("unit")), step=step)
        for name, one, step in zip(names, described, steps, strict=True)
    )


def _steps(multiscale: Mapping[str, Any], full: Mapping[str, Any], axes: int) -> list[float | None]:
    """The distance of samples along each axis: the scale of the full resolution times that of the whole."""
    steps: list[float | None] = [None] * axes
    for holder in (full, multiscale):
        for one in _list(holder.get("coordinateTransformations")):
            scale = _object(one).get("scale")
            if isinstance(scale, list) and len(scale) == axes:
                steps = [_product(step, value) for step, value in zip(steps, scale, strict=True)]
    return steps


def _product(step: float | None, value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if step is None else step * value


def _paths(listed: Any) -> Iterator[str]:
    for one in _list(listed):
        yield _text(_object(one).get("path"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise NgffError("its list of images or axes lacks a name")
    return value


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None
