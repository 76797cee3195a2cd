"""What the practice levels ask of each channel, and what they ask where no image can be read."""

import re
from collections.abc import Callable, Iterator, Sequence

from confocal_bag.deposit.description.images import DescribedImage
from confocal_bag.deposit.levels.missing import Missing, Place, first_of, is_said, needed
from confocal_bag.deposit.levels.view import DepositView, Need
from confocal_bag.deposit.placeholders import says_something

__all__ = ["CHANNEL_NEEDS", "UNREAD_NEEDS"]

#: Whether the channel of an image at a position lacks something.
Lacks = Callable[[DescribedImage, int], bool]

_ANTIBODY = re.compile(r"antibod|\banti[- ]|\b(?:m|p)?ab\b|\bigg\b", re.IGNORECASE)


def _lacks(*fields: str, settings: Sequence[str] = ()) -> Lacks:
    """Whether none of the fields, nor of the settings that answer it too, is known of a channel."""

    def lacks(image: DescribedImage, position: int) -> bool:
        said, header = image.channels[position], image.header.channels[position]
        setting, recorded = image.settings[position], image.header.settings[position]
        known = any(field in header or is_said(said, field) for field in fields)
        return not known and not any(field in recorded or is_said(setting, field) for field in settings)

    return lacks


def _lacks_rrid(image: DescribedImage, position: int) -> bool:
    said = image.channels[position]
    probe = said.probe if said else None
    return bool(probe and _ANTIBODY.search(probe) and "RRID" not in probe)


def _channel_need(key: str, what: str, lacks: Lacks, *answers: str) -> Need:
    field = key.removesuffix(" RRID")

    def find(view: DepositView) -> Iterator[Missing]:
        places: dict[str, Place | None] = {}
        subjects: dict[str, None] = {}
        for image in view.images:
            for position, said in enumerate(image.channels):
                if lacks(image, position):
                    place = view.place("channels", said) if said else None
                    unnamed = f"channel {image.header.channel_number(position)} of {image.header.path}"
                    places.setdefault(place.words if place else unnamed, place)
                    subjects.setdefault(f"channel {said.id}" if said and said.id else unnamed)
        if places:
            yield needed(
                key,
                f"{what} is not recorded for {first_of(list(places))}.",
                _rrid_remedy(places) if key != field else None,
                places=[place for place in places.values() if place is not None],
                subjects=list(subjects),
            )

    return Need(fields=(key,), find=find, answers=answers)


def _rrid_remedy(places: dict[str, Place | None]) -> str:
    return f"Add the RRID of the antibody to `probe` of {first_of(list(places))}, for example: (RRID:AB_477593)"


_lacks_excitation = _lacks("excitation_nm", "contrast", settings=("laser",))
_lacks_emission = _lacks("emission_nm", "contrast", settings=("emission_band_nm",))

CHANNEL_NEEDS: tuple[Need, ...] = (
    _channel_need("channels.name", "The name", _lacks("name")),
    _channel_need(
        "channels.probe",
        "The probe (what makes it visible)",
        _lacks("probe", "fluor", "contrast"),
        "channels.fluor",
        "channels.contrast",
    ),
    _channel_need(
        "channels.excitation_nm",
        "The excitation wavelength",
        _lacks_excitation,
        "channels.contrast",
        "acquisitions.channels.laser",
    ),
    _channel_need(
        "channels.emission_nm",
        "The emission wavelength",
        _lacks_emission,
        "channels.contrast",
        "acquisitions.channels.emission_band_nm",
    ),
    _channel_need("channels.probe RRID", "The RRID of the antibody", _lacks_rrid),
)


def _unread(key: str, message: str, known: Callable[[DepositView], bool]) -> Need:
    def find(view: DepositView) -> Iterator[Missing]:
        if not view.images and not known(view):
            yield needed(key, message)

    return Need(fields=(key,), find=find)


def _knows_probe(view: DepositView) -> bool:
    return any(
        says_something(one.name) and any(is_said(one, field) for field in ("probe", "fluor", "contrast"))
        for one in view.description.channels
    )


#: No image can be read, so that only the description can say how it was taken.
UNREAD_NEEDS: tuple[Need, ...] = (
    _unread(
        "acquisitions.pixel_size_um",
        "The size of a pixel is not recorded.",
        lambda view: any(one.pixel_size_um or one.scale_bar for one in view.description.acquisitions),
    ),
    _unread("channels.probe", "What the channels show is not recorded.", _knows_probe),
    _unread(
        "instruments.microscope.model",
        "The microscope is not recorded.",
        lambda view: any(one.microscope.model for one in view.description.instruments),
    ),
    _unread(
        "instruments.objective.na",
        "The numerical aperture of the objective is not recorded.",
        lambda view: any(one.objective.na for one in view.description.instruments),
    ),
)
