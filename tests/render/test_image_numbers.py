"""The images of a file are counted from 1 wherever people read of them, and from 0 where programs do."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lxml import html

from confocal_bag.findings import Report
from confocal_bag.image.numbering import image_number
from confocal_bag.page.kept import Conversion, Kept, KeptEvent
from confocal_bag.page.page import make_page
from confocal_bag.page.proof import prove_planes
from confocal_bag.page.run import run_of
from confocal_bag.render.html import as_html
from tests.render.runs import image_file


def test_the_page_counts_the_images_of_a_file_from_one() -> None:
    """And of how many each is one; a file of one image has no number."""
    several = image_file("several.lif")
    several["images"].append({**deepcopy(several["images"][0]), "series": 1, "name": "second"})
    report = Report(command="inspect", subject="deposit", extra={"files": [several, image_file("one.tif")]})
    page: Any = html.fromstring(as_html([make_page(run_of(report))]))
    table = page.xpath("//div[@aria-label='Images without pictures']//tbody//th")
    assert [" ".join(one.text_content().split()) for one in table] == [
        "several.lif image 1 of 2",
        "several.lif image 2 of 2",
        "one.tif",
    ]
    assert [one["series"] for one in report.extra["files"][0]["images"]] == [0, 1]


@pytest.mark.parametrize("detail", ["series 1 of Leica LIF to OME-TIFF", "image 2 of 3 of Leica LIF to OME-TIFF"])
def test_the_log_of_a_bag_is_understood_whoever_wrote_it(detail: str) -> None:
    """Earlier versions counted from 0."""
    event = KeptEvent(
        type="migration",
        time="",
        agent="",
        detail=detail,
        outcome="equal",
        sources=("data/raw/a.lif",),
        outcomes=("b",),
    )
    kept = Kept(
        bag_info=(), manifests=(), payload={}, files=(), origins={}, events=(event,), packed=None, sidecars={}, notes=()
    )
    assert kept.conversions == (Conversion(source="data/raw/a.lif", series=1, copy="b", outcome="equal"),)


def test_the_proof_of_planes_counts_them_too() -> None:
    """A sidecar of two images: the second is image 2 of 2."""
    image = SimpleNamespace(plane_hashes={(0, 0, 0): "a" * 40})
    facts = SimpleNamespace(images=(image, image))
    kept = cast("Any", SimpleNamespace(sidecars={"data/raw/a.lif": facts}, conversions=()))
    rows = prove_planes(kept)
    assert [image_number(row.series, row.of) for row in rows] == ["image 1 of 2", "image 2 of 2"]
