"""Whether lasers and detectors that settings name are ones that the instrument has."""

from collections.abc import Iterator

from confocal_bag.deposit.description.context import DescriptionContext, told
from confocal_bag.deposit.description.model import AcquisitionDescription, Description, InstrumentDescription
from confocal_bag.deposit.description.yaml import field_name
from confocal_bag.findings import NotApplicable, Problem, Severity, rule

__all__: list[str] = []


@rule(
    "description.unknown-device",
    severity=Severity.WARNING,
    reference="OME 2016-06 LightSourceSettings, DetectorSettings",
)
def unknown_device(context: DescriptionContext) -> Iterator[Problem]:
    """The settings of a channel name a laser or detector that the instrument does not have.

    `laser` and `detector` hold ids from `lasers` and `detectors` of the instrument of the acquisition, as l0 or d1.
    "488 nm" or "HyD 1" is none; nothing tells then which wavelength or which detector is meant.
    """
    said = context.description
    if not any(one.laser or one.detector for entry in said.acquisitions for one in entry.channels):
        raise NotApplicable("no settings name a laser or detector")
    for index, entry in enumerate(said.acquisitions):
        instrument = _instrument(said, entry)
        for place, setting in enumerate(entry.channels):
            where = ("acquisitions", index, "channels", place)
            known = {
                "laser": {one.id for one in instrument.lasers if one.id} if instrument else set(),
                "detector": {one.id for one in instrument.detectors if one.id} if instrument else set(),
            }
            named = [("laser", name) for name in setting.laser] + [("detector", setting.detector)]
            for leaf, name in named:
                if name and name not in known[leaf]:
                    path = (*where, leaf)
                    listed = ", ".join(sorted(known[leaf])) or "none"
                    yield told(
                        context,
                        path,
                        f"{field_name(path)} is {name!r}, but the {leaf}s of its instrument are: {listed}",
                        f"Write the id of one of them, or add an entry with this id to `{leaf}s` of the instrument.",
                    )


def _instrument(said: Description, entry: AcquisitionDescription) -> InstrumentDescription | None:
    """The instrument of an acquisition; the only one where it names none."""
    if entry.instrument is None:
        return said.instruments[0] if len(said.instruments) == 1 else None
    return next((one for one in said.instruments if one.id == entry.instrument), None)
