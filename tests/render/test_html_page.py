"""The page says what the run says, as text, and needs nothing but itself."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.findings import Finding, Report, Severity
from confocal_bag.page.page import make_page
from confocal_bag.page.run import RunCoverage, run_of
from confocal_bag.render.html import as_html
from confocal_bag.render.html.coverage import plot_coverage
from confocal_bag.resources import templates_folder
from tests.render.runs import HOSTILE, deposit_report


def read(text: str) -> Any:
    """The page as elements."""
    from lxml import html

    return html.document_fromstring(text)


def page_of(*reports: Report) -> str:
    """The page of reports about nothing that is at hand."""
    return as_html([make_page(run_of(report)) for report in reports])


@pytest.fixture(scope="module")
def hostile() -> Any:
    """The page of a report that is hostile wherever it can be."""
    return read(page_of(deposit_report(HOSTILE)))


def test_the_page_allows_only_its_own_script_and_style() -> None:
    """The policy names the digests of exactly the two blocks that are there, and nothing from elsewhere."""
    document = read(page_of(deposit_report()))
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for element in ("style", "script"):
        (block,) = document.xpath(f"//{element}")
        digest = b64encode(sha256(block.text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert not document.xpath("//@style")
    assert not document.xpath("//@*[starts-with(name(), 'on')]")


def test_nothing_is_loaded_from_elsewhere() -> None:
    """Every address is a place on the page or a picture in it."""
    document = read(page_of(deposit_report()))
    addresses = document.xpath("//@src | //@href | //@action | //@srcset")
    assert addresses
    assert all(one.startswith(("#", "data:")) for one in addresses)


def test_hostile_text_stays_text(hostile: Any) -> None:
    """One script, one style, one title, no picture: nothing of what a depositor wrote became an element."""
    assert len(hostile.xpath("//script")) == len(hostile.xpath("//style")) == len(hostile.xpath("//head/title")) == 1
    assert not hostile.xpath("//img")
    assert "alert" not in hostile.xpath("//script")[0].text
    assert hostile.text_content().count("<script>alert('x')</script>") > 20
    assert "{{ 7*7 }}" in hostile.text_content()


def test_letters_that_turn_the_text_around_are_shown(hostile: Any) -> None:
    """A name cannot end in exe and look as if it ended in jpg."""
    assert "\u202e" not in page_of(deposit_report(HOSTILE))
    assert "\\u202egpj.exe" in hostile.text_content()


def test_hostile_text_is_in_no_address_and_no_name_of_a_place(hostile: Any) -> None:
    """Identifiers and classes are our own."""
    for value in hostile.xpath("//@id | //@href | //@class | //@for | //@aria-labelledby"):
        assert "alert" not in value


def test_the_template_marks_nothing_as_safe() -> None:
    """Escaping is never switched off."""
    text = (templates_folder() / "report.html.j2").read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape\s+false|Markup", text.replace("marked safe", ""))


def test_identifiers_are_unique_and_all_links_arrive() -> None:
    """Also with several reports on one page."""
    document = read(page_of(deposit_report(), deposit_report("other")))
    names = document.xpath("//@id")
    assert len(names) == len(set(names))
    assert {one.removeprefix("#") for one in document.xpath("//a/@href")} <= set(names)
    for labels in document.xpath("//@aria-labelledby"):
        assert set(labels.split()) <= set(names)


def test_headings_go_down_step_by_step() -> None:
    """No level is left out on the way down."""
    document = read(page_of(deposit_report()))
    levels = [int(one.tag[1]) for one in document.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_headers() -> None:
    """With a scope, so that a screen reader can say which column a cell is in."""
    document = read(page_of(deposit_report()))
    tables = document.xpath("//table")
    assert len(tables) >= 5
    for table in tables:
        assert table.xpath(".//th[@scope]")


def test_the_page_says_what_the_run_says() -> None:
    """Verdict, level, findings with remedies, what is missing of the sequence, the way through the tree, FAIR."""
    document = read(page_of(deposit_report("scan.tif")))
    text = " ".join(document.text_content().split())
    assert document.xpath("//strong[contains(@class, 'valid-with-warnings')]")
    assert document.xpath("//ol[@class='levels']/li[1]/@class") == ["reached"]
    assert "scan.tif holds a name." in text
    assert "Ask about scan.tif." in text
    assert "1 plane missing" in text
    assert "Missing: Z2" in text
    assert "Ask the depositor (1 open)" in text
    assert document.xpath("//section[contains(@aria-labelledby, 'fair')]//td[text()='fail']")
    assert "A***" in text


def test_findings_beyond_the_most_are_counted_not_listed() -> None:
    """A page that nobody could open helps nobody."""
    many = tuple(
        Finding(rule="bag.file-changed", severity=Severity.ERROR, message=f"file {number} differs", path=f"{number}")
        for number in range(5000)
    )
    text = page_of(Report(command="validate", subject="bag", findings=many))
    assert "file 99 differs" in text
    assert "file 100 differs" not in text
    assert "4,900 findings" in text


def test_worst_reports_come_first() -> None:
    """In the table of all, and on the page."""
    bad = Report(
        command="validate", subject="bad", findings=(Finding(rule="bag.x", severity=Severity.ERROR, message="m"),)
    )
    document = read(page_of(Report(command="validate", subject="good"), bad))
    assert document.xpath("//table[@class='overview']/tbody/tr/th//bdi/text()") == ["bad", "good"]


def test_bytes_of_names_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    """They are shown as \\xNN, and the page is UTF-8."""
    page_of(Report(command="inspect", subject="caf\udce9")).encode("utf-8")


def test_an_audit_shows_its_shelf() -> None:
    """The plot of coverage, and the bags that are worth a look."""
    coverage = [{"at": f"2026-0{month}-01T00:00:00+00:00", "bags": 4, "checked": month} for month in range(1, 5)]
    bags = [{"path": HOSTILE, "verdict": "invalid", "checked": "2026-01-01T00:00:00", "change": "damaged"}]
    report = Report(command="audit", subject="shelf", extra={"coverage": coverage, "bags": bags})
    document = read(page_of(report))
    (curve,) = document.xpath("//path[@class='curve']/@d")
    assert curve.startswith("M0.0 120.0L")
    assert curve.endswith("L640.0 0.0")
    assert "4 of 4 bags were checked recently enough" in document.text_content()
    assert HOSTILE.replace("\u202e", "\\u202e") in document.text_content()


def test_the_plot_of_one_day_is_marked_with_times() -> None:
    """Of several days with the days."""
    points = [RunCoverage(at=f"2026-01-{day}:00:00.000Z", bags=4, checked=1) for day in ("01T08", "01T09", "02T09")]
    for shown, expected in (
        (points[:2], ("2026-01-01 08:00", "2026-01-01 09:00")),
        (points, ("2026-01-01", "2026-01-02")),
    ):
        plot = plot_coverage(shown)
        assert plot is not None
        assert (plot.begin, plot.end) == expected
