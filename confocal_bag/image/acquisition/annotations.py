"""MapAnnotations for what OME core cannot say, under namespaces of our own that carry their version."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.values import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree
    from ome_types.model import AnnotationRef, MapAnnotation, StructuredAnnotations, XMLAnnotation

    from confocal_bag.image.acquisition.facts import ChannelFacts, Modulo, SeriesFacts
    from confocal_bag.image.acquisition.layout import Layout

__all__ = [
    "ACQUISITION",
    "AXES_KEY",
    "CHANNEL",
    "DATE_KEY",
    "DYE_KEY",
    "LAYOUT",
    "LIGHT_KEY",
    "LIGHT_PEAK_KEY",
    "MODULO",
    "PROCESSING_KEY",
    "UNLIT_KEY",
    "Annotations",
    "acquisition_pairs",
    "as_text",
    "channel_pairs",
    "layout_pairs",
    "modulo_xml",
    "power_key",
]

#: Settings of the whole image; keys are the attribute names of 4DN-BINA-OME v02-01 where it has one.
ACQUISITION = "https://example.org/confocal-bag/ns/acquisition/1"
#: Settings of one channel.
CHANNEL = "https://example.org/confocal-bag/ns/channel/1"
#: How the file's own axes lie in OME's five dimensions.
LAYOUT = "https://example.org/confocal-bag/ns/layout/1"
#: OME's namespace for axes folded onto another (OME 6D, 7D and 8D storage).
MODULO = "openmicroscopy.org/omero/dimension/modulo"

_MODULO_SCHEMA = "http://www.openmicroscopy.org/Schemas/Additions/2011-09"

#: The key under which the layout annotation holds all axes; `sidecar` reads it back.
AXES_KEY = "Axes"
#: The key of a date that has more digits than a datetime holds.
DATE_KEY = "Acquisition date as recorded"
#: The key that says of a channel that its ExcitationWavelength is one that no laser in use had.
UNLIT_KEY = "Light at the excitation wavelength"
#: The keys of the light that a lamp sent through its filters: its range or ranges, and its peak.
LIGHT_KEY = "Illumination range"
LIGHT_PEAK_KEY = "Illumination peak"
#: The key that says of a channel that its ExcitationWavelength is a property of its dye, and of no light.
DYE_KEY = "Excitation wavelength is"
#: The key of what the header of an image says was computed from it by the microscope's software.
PROCESSING_KEY = "Processing recorded in the header"


def power_key(line_nm: float) -> str:
    """The key under which an image, or a channel, has the power of a laser line."""
    return f"LightSourceSettings.IlluminationPowerSettings {as_text(line_nm)} nm"


def as_text(number: float) -> str:
    """A number in its shortest exact form, without a trailing ".0"."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


class Annotations:
    """Collects the annotations of a document and numbers them in the order they come."""

    def __init__(self, *, start: int = 0) -> None:
        self._next = start
        self.maps: list[MapAnnotation] = []
        self.xml: list[XMLAnnotation] = []

    def add_map(self, namespace: str, pairs: Mapping[str, str]) -> list[AnnotationRef]:
        """References to a new MapAnnotation of these pairs; none where there is nothing to say."""
        from ome_types.model import Map, MapAnnotation

        if not pairs:
            return []
        value = Map(ms=[Map.M(k=printable(key), value=printable(words)) for key, words in pairs.items()])
        self.maps.append(MapAnnotation(id=self._take_id(), namespace=namespace, value=value))
        return self._reference(self.maps[-1].id)

    def add_xml(self, namespace: str, xml: str) -> list[AnnotationRef]:
        """References to a new XMLAnnotation of this element."""
        from ome_types.model import XMLAnnotation

        self.xml.append(XMLAnnotation.model_validate({"id": self._take_id(), "namespace": namespace, "value": xml}))
        return self._reference(self.xml[-1].id)

    def structured(self) -> StructuredAnnotations | None:
        """The element that holds them all, or None where there are none."""
        from ome_types.model import StructuredAnnotations

        if not (self.maps or self.xml):
            return None
        return StructuredAnnotations(map_annotations=self.maps, xml_annotations=self.xml)

    def _take_id(self) -> str:
        self._next += 1
        return f"Annotation:{self._next - 1}"

    @staticmethod
    def _reference(identity: str) -> list[AnnotationRef]:
        from ome_types.model import AnnotationRef

        return [AnnotationRef(id=identity)]


def acquisition_pairs(facts: SeriesFacts, layout: Layout) -> dict[str, str]:
    """The settings of an image that OME core has no place for."""
    pairs = {
        "Software": facts.software,
        "Software version": facts.software_version,
        "Creation date of the file": facts.created,
        "ConfocalScannerSettings.EffectiveZoom": _number(facts.zoom),
        "Plane.PixelDwellTime": _number(facts.pixel_dwell_us, "µs"),
        "Scan speed": facts.scan_speed,
        # Where other axes are folded onto T, TimeIncrement would be the step between those.
        "Time increment": _number(facts.time_increment_s, "s") if layout.folded else None,
        "ConfocalScannerSettings.ScanDirectionality": _direction(facts.bidirectional),
        "Scan mode": facts.scan_mode,
        "Scan axes": facts.scan_axes,
        **_averaging(facts),
        "Laser lines": ", ".join(f"{as_text(laser.wavelength_nm)} nm" for laser in facts.lasers) or None,
        "Mosaic tiles": _number(facts.tiles),
        "Lambda steps": _number(facts.lambda_count),
        "Lambda start": _number(facts.lambda_start_nm, "nm"),
        "Lambda step": _number(facts.lambda_step_nm, "nm"),
        "Stage position X": _number(facts.stage.x_um, "µm"),
        "Stage position Y": _number(facts.stage.y_um, "µm"),
        "Stage position Z": _number(facts.stage.z_um, "µm"),
        **{power_key(laser.wavelength_nm): laser.power for laser in facts.lasers},
        **facts.notes,
    }
    return {key: value for key, value in pairs.items() if value}


def _averaging(facts: SeriesFacts) -> dict[str, str | None]:
    if facts.averaging is None:
        return {}
    unit = facts.averaging_unit
    return {
        "Averaging": _number(facts.averaging, f"({unit.lower()})" if unit else ""),
        "ConfocalScannerSettings.IntegrationNumber": _number(facts.averaging),
        "ConfocalScannerSettings.IntegrationUnit": unit,
        "ConfocalScannerSettings.IntegrationMethod": "Average",
    }


def channel_pairs(channel: ChannelFacts) -> dict[str, str]:
    """The settings of a channel that OME core has no place for."""
    pairs = {
        "PinholeSettings.Aperture [AU]": _number(channel.pinhole_au, "AU"),
        "Detector": channel.detector,
        "Detector gain": _number(channel.gain),
        "Detector voltage": _number(channel.voltage_v, "V"),
        "Detection band": ", ".join(f"{as_text(a)}-{as_text(b)} nm" for a, b in channel.detection_bands_nm),
        "Laser lines": ", ".join(f"{as_text(line)} nm" for line in channel.laser_lines_nm),
        **{power_key(line): power for line, power in channel.laser_powers.items()},
        UNLIT_KEY: "none: no laser of this wavelength was in use" if channel.excitation_unlit else None,
        "Exposure time": _number(channel.exposure_s, "s"),
        **channel.notes,
    }
    return {key: value for key, value in pairs.items() if value}


def layout_pairs(layout: Layout) -> dict[str, str]:
    """Where the file's axes lie, said whenever that is not plainly T, C, Z, Y and X."""
    rows, columns = layout.plane_axes
    plain = not layout.folded and (rows, columns) == ("Y", "X")
    if plain:
        return {}
    pairs = {AXES_KEY: str(layout), "Rows run along": rows, "Columns run along": columns}
    if layout.folded:
        pairs |= {
            f"Axes folded onto {along}": ", ".join(f"{name} ({size})" for name, size in axes.items())
            for along, axes in layout.folded_onto.items()
            if axes
        }
    if layout.depth_axis == "Y":
        pairs["Planes are numbered along"] = "Y, in the place of Z"
    return pairs


#: The Type of an axis by its letter, of those the specification lists.
_MODULO_TYPES = {"L": "lambda", "E": "lambda", "A": "angle", "R": "angle", "H": "phase", "F": "lifetime", "G": "tile"}


def modulo_xml(layout: Layout, modulo: Mapping[str, Modulo]) -> str:
    """The Modulo element: one ModuloAlongT, C or Z for the axes folded onto each.

    Several axes folded onto one become one, rasterised, of type "other", which its description takes apart.
    """
    from lxml import etree

    root = etree.Element("Modulo", {"namespace": _MODULO_SCHEMA})
    for along, axes in layout.folded_onto.items():
        if axes:
            _add_modulo(etree.SubElement(root, f"ModuloAlong{along}"), axes, modulo)
    # Readers look for plain names; without xmlns="" these would be OME's, whose Label is another element.
    return etree.tostring(root, encoding="unicode").replace("<Modulo ", '<Modulo xmlns="" ', 1)


def _add_modulo(element: etree._Element, axes: Mapping[str, int], modulo: Mapping[str, Modulo]) -> None:
    from lxml import etree

    names, count = list(axes), prod(axes.values())
    known = modulo.get(names[0]) if len(names) == 1 else None
    kind = known.kind if known else (_MODULO_TYPES.get(names[0], "other") if len(names) == 1 else "other")
    element.set("Type", kind)
    if known and known.description:
        element.set("TypeDescription", known.description)
    elif kind == "other":
        element.set("TypeDescription", " ".join(f"{name}={size}" for name, size in axes.items()))
    if known and known.start is not None and known.step is not None:
        if known.unit:
            element.set("Unit", known.unit)
        element.set("Start", as_text(known.start))
        element.set("Step", as_text(known.step))
        element.set("End", as_text(known.start + known.step * (count - 1)))
        return
    for place in product(*map(range, axes.values())):
        etree.SubElement(element, "Label").text = " ".join(map(str, place))


def _number(value: float | None, unit: str = "") -> str | None:
    return None if value is None else f"{as_text(value)} {unit}".strip()


def _direction(bidirectional: bool | None) -> str | None:  # noqa: FBT001 - a fact, not an option
    if bidirectional is None:
        return None
    return "Bidirectional" if bidirectional else "Unidirectional"
