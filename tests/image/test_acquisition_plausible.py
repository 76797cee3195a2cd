"""Numbers that no instrument can have never reach a sidecar."""

import math
from dataclasses import replace

import numpy as np
import pytest

from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.facts import ChannelFacts, FileFacts, Objective, SeriesFacts, StagePosition
from confocal_bag.image.acquisition.plausible import plausible
from confocal_bag.image.model import PixelSize, Series
from confocal_bag.image.sidecar import ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar

_FACTS = SeriesFacts(
    pixel_size_um=PixelSize(x=0.1, y=0.1, z=0.5),
    time_increment_s=2.0,
    bit_depth=12,
    objective=Objective(magnification=63.0, numerical_aperture=1.4, refractive_index=1.518),
    zoom=2.0,
    pixel_dwell_us=1.2,
    stage=StagePosition(x_um=-8000.0, y_um=120.0, z_um=0.0),
    channels=(
        ChannelFacts(name="A", excitation_nm=488.0, pinhole_um=50.0, pinhole_au=1.0, gain=700.0, voltage_v=700.0),
    ),
)
_ABSURD = [math.inf, -math.inf, math.nan, -1.0, 0.0, 1e308, 1e-308]


def test_what_an_instrument_can_have_is_kept() -> None:
    """Nothing of a plain confocal scan is touched."""
    assert plausible(_FACTS, bits=16) == _FACTS


@pytest.mark.parametrize("number", _ABSURD)
def test_what_none_can_have_is_not_recorded(number: float) -> None:
    """Infinite, below zero, zero where zero says nothing, or the largest number there is."""
    told = replace(
        _FACTS,
        pixel_size_um=PixelSize(x=number, y=number, z=number),
        time_increment_s=number,
        objective=Objective(magnification=number, numerical_aperture=number, refractive_index=number),
        zoom=number,
        channels=(
            ChannelFacts(pinhole_um=number, pinhole_au=number, gain=number, voltage_v=number, exposure_s=number),
        ),
    )
    kept = plausible(told, bits=16)
    assert kept.pixel_size_um == PixelSize()
    assert kept.objective == Objective()
    assert (kept.time_increment_s, kept.zoom) == (None, None)
    assert kept.channels == (ChannelFacts(),)


@pytest.mark.parametrize("number", [math.inf, math.nan, 1e308, -1e12])
def test_half_a_stage_position_is_none(number: float) -> None:
    """Zero and below are places; ten metres away are none."""
    assert plausible(replace(_FACTS, stage=StagePosition(x_um=number, y_um=0.0)), bits=16).stage == StagePosition()


def test_more_bits_than_a_sample_has_were_not_used() -> None:
    """A depth of 16 stands in headers of 8-bit images."""
    assert plausible(replace(_FACTS, bit_depth=16), bits=8).bit_depth is None


@pytest.mark.parametrize("number", _ABSURD)
def test_a_sidecar_is_sound_whatever_number_a_header_holds(number: float) -> None:
    """The schema knows no infinity in the form Python writes it, and no size of zero."""
    series = Series(index=0, name="x", axes={"T": 1, "C": 1, "Z": 1, "Y": 4, "X": 4}, dtype=np.dtype("uint8"))
    absurd = replace(
        _FACTS,
        pixel_size_um=PixelSize(x=number, y=number, z=number),
        stage=StagePosition(x_um=number, y_um=number, z_um=number),
        objective=Objective(model="a lens", numerical_aperture=number, refractive_index=number, magnification=number),
        zoom=number,
        channels=(ChannelFacts(detector="d", gain=number, voltage_v=number, pinhole_um=number, exposure_s=number),),
    )
    ome = build_ome([replace(series, pixel_size_um=PixelSize(x=number))], FileFacts(series=(absurd,)))
    assert list(check_sidecar(ome_bytes(ome, source_name="x.czi"))) == []
