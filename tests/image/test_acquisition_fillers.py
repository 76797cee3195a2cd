"""What other programs write into OME-XML where nothing is known: 0, "Other", a contrast in the place of a dye."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from ome_types import OME

from confocal_bag.image.acquisition.records import records
from confocal_bag.image.model import ImageFile, Series
from confocal_bag.image.record import ImageRecord


def _recorded(fluor: str = "TL Brightfield", gain: float = 0.0, light: str = "Transmitted") -> ImageRecord:
    lens = {"id": "Objective:0", "immersion": "Other"}
    channel = {"id": "Channel:0", "fluor": fluor, "illumination_type": light,
               "detector_settings": {"id": "Detector:0", "gain": gain}}  # fmt: skip
    pixels = {"id": "Pixels:0", "dimension_order": "XYCZT", "type": "uint16", "significant_bits": 12, "size_x": 4,
              "size_y": 4, "size_z": 1, "size_c": 1, "size_t": 1,
              "channels": [channel], "metadata_only": {}}  # fmt: skip
    ome = OME.model_validate({
        "instruments": [{"id": "Instrument:0", "objectives": [lens], "detectors": [{"id": "Detector:0"}]}],
        "images": [{"id": "Image:0", "pixels": pixels, "instrument_ref": {"id": "Instrument:0"},
                    "objective_settings": {"id": "Objective:0"}}],
    })  # fmt: skip
    series = Series(index=0, name="x", axes={"Y": 4, "X": 4}, dtype=np.dtype("uint16"))
    return records(cast("ImageFile", SimpleNamespace(series=(series,))), ome)[0]


@pytest.mark.parametrize(("fluor", "light", "dye", "contrast"), [
    ("TL Brightfield", "Transmitted", None, "brightfield"),
    ("TL Brightfield", "Other", None, None),
    ("DAPI", "Epifluorescence", "DAPI", None),
])  # fmt: skip
def test_a_contrast_is_no_dye(fluor: str, light: str, dye: str | None, contrast: str | None) -> None:
    """It is the contrast where the light is recorded as transmitted."""
    channel = _recorded(fluor, light=light).channels[0]
    assert (channel.fluor, channel.contrast) == (dye, contrast)


def test_a_gain_of_nought_and_another_immersion_are_not_recorded() -> None:
    """A gain above 0 is, and so are the bits that were filled."""
    image = _recorded()
    assert (image.channels[0].gain, image.instrument.immersion, image.significant_bits) == (None, None, 12)
    assert _recorded(gain=2.0).channels[0].gain == "2"
