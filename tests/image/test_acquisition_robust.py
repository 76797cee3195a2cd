"""Headers with fields taken out, emptied, or filled with what no vendor writes: still described, and soundly."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from lxml import etree

from confocal_bag.image.acquisition.build import build_ome
from confocal_bag.image.acquisition.czi import czi_facts
from confocal_bag.image.acquisition.facts import FileFacts
from confocal_bag.image.acquisition.lif import lif_facts
from confocal_bag.image.acquisition.lsm import lsm_facts
from confocal_bag.image.acquisition.oif import oif_facts
from confocal_bag.image.model import Series
from confocal_bag.image.sidecar import ome_bytes
from confocal_bag.image.sidecar_check import check_sidecar
from tests.image import test_acquisition_czi as czi
from tests.image import test_acquisition_lif as lif
from tests.image import test_acquisition_lsm as lsm
from tests.image import test_acquisition_oif as oif

_STRANGE = [
    "", " ", "0", "-1", "nan", "inf", "1e308", "-1e308", "1e-308", "9999", "9" * 400, "12,5", "0,207.0", "1_0", "0x10",
    "None", "true", "µm", "\u03bcm", "\u2603", "\u0661\u0662", "²", "a" * 2000, "#GGGGGG", "1,2,3", "5 µm",
    "0001-01-01T00:00:00", "2021-13-45T99:99:99", "2021-06-15T06:09:43.0304818Z", "2021-06-15T06:09:43+99:00",
]  # fmt: skip
_SEEDS = range(60)


def _is_soundly_described(facts: FileFacts) -> bool:
    series = Series(index=0, name="x", axes={"T": 3, "C": 2, "Z": 2, "Y": 4, "X": 4}, dtype=np.dtype("uint16"))
    return list(check_sidecar(ome_bytes(build_ome([series], facts), source_name="x"))) == []


def _changed_xml(document: str, chance: random.Random) -> Iterator[Any]:
    """The document, once with few and once with many of its elements and attributes changed."""
    for times in (3, 40):
        root = etree.fromstring(document.encode())
        for _ in range(times):
            element = chance.choice(list(root.iter("*")))
            parent = element.getparent()
            if parent is not None and chance.random() < 0.2:
                parent.remove(element)
            elif element.attrib and chance.random() < 0.6:
                element.set(chance.choice(list(element.attrib)), chance.choice(_STRANGE))
            elif len(element) == 0:
                element.text = chance.choice(_STRANGE)
        yield root


def _changed(part: Any, chance: random.Random) -> Any:
    """Settings with a tenth of their values changed or left out; lists and mappings stay what they are."""
    if isinstance(part, dict):
        return {key: _changed(value, chance) for key, value in part.items() if chance.random() > 0.05}
    if isinstance(part, list):
        return [_changed(value, chance) for value in part]
    numbers = [0, -1, 2**31 - 1, float("nan"), float("inf"), 1e308, -1e308]
    return chance.choice([*numbers, *_STRANGE]) if chance.random() < 0.1 else part


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_czi_header_is_described_whatever_it_holds(seed: int) -> None:
    """Both of ZEN black and of ZEN blue."""
    document = czi._DOCUMENT.replace("CHANNEL", czi._CHANNEL + czi._BLUE)
    series = Series(index=0, name="x", axes={"T": 3, "C": 2, "Z": 2, "Y": 4, "X": 4}, dtype=np.dtype("uint16"))
    for root in _changed_xml(document, random.Random(seed)):
        assert _is_soundly_described(czi_facts(etree.tostring(root), [series], {}))


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("document", [lif._IMAGE, lif._CAMERA], ids=["confocal", "camera"])
def test_a_lif_header_is_described_whatever_it_holds(document: str, seed: int) -> None:
    """Of a laser scan and of a camera."""
    for root in _changed_xml(document, random.Random(seed)):
        assert _is_soundly_described(FileFacts(series=(lif_facts(root),)))


@pytest.mark.parametrize("seed", _SEEDS)
def test_fluoview_settings_are_described_whatever_they_hold(seed: int) -> None:
    """Numbers where there is text, and text where there are numbers."""
    chance = random.Random(seed)
    settings, plane = _changed(oif._SETTINGS, chance), _changed(oif._PLANE, chance)
    assert _is_soundly_described(FileFacts(series=(oif_facts(settings, {1: plane}, {1: (0, 255, 0)}),)))


@pytest.mark.parametrize("seed", _SEEDS)
def test_an_lsm_scan_is_described_whatever_it_holds(seed: int) -> None:
    """The scan information gives every entry the type it has in the file."""
    scan = _changed(lsm._INFO["ScanInformation"], random.Random(seed))
    assert _is_soundly_described(FileFacts(series=(lsm_facts({**lsm._INFO, "ScanInformation": scan}, {}),)))
