"""The report of a bag of all samples, in a real browser."""

from base64 import b64decode
from pathlib import Path

import pytest

from confocal_bag.page.page import make_page
from confocal_bag.page.run import run_of
from confocal_bag.render.html import as_html
from tests.browser.browsing import AXE, Browser
from tests.render.runs import HOSTILE, deposit_report

pytestmark = pytest.mark.slow


def test_the_page_is_silent_and_alone(browser: Browser, sample_page: Path) -> None:
    """The console says nothing, and nothing but the page itself is asked for."""
    browser.open(sample_page)
    browser.ask("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.ask("return [...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert browser.ask("return document.images.length") > 60
    assert browser.complaints() == []
    assert browser.requests() == [sample_page.resolve().as_uri()]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_filters_hide_and_show(browser: Browser, sample_page: Path, *, script: bool) -> None:
    """By severity and by family, with the script of the page and without."""
    browser.open(sample_page, script=script)
    # The page's own script is off at most; what the test asks of the page is not.
    browser.tell("Emulation.setScriptExecutionDisabled", value=False)
    before = ".before "
    browser.ask("document.querySelector('.before').open = true")
    everything, warnings = browser.seen(before + ".finding"), browser.seen(before + ".finding.warning")
    assert 0 < warnings < everything
    browser.click(before + ".show-warning")
    assert browser.seen(before + ".finding.warning") == 0
    assert browser.seen(before + ".finding") == everything - warnings
    browser.click(before + ".show-warning")
    first = browser.seen(before + ".family-0 .finding")
    browser.click(before + ".show-family-0")
    assert browser.seen(before + ".finding") == everything - first
    browser.click(before + ".show-family-0")
    assert browser.seen(before + ".finding") == everything


def test_the_search_finds_and_says_how_many(browser: Browser, sample_page: Path) -> None:
    """Folded findings too."""
    browser.open(sample_page)
    browser.ask("document.querySelector('.before').open = true")
    browser.find(".before input[type=search]").send_keys("DAPI_GFP")
    found = browser.seen(".before .finding")
    assert found > 0
    assert all(
        "DAPI_GFP" in text
        for text in browser.ask(
            "return [...document.querySelectorAll('.before .finding')]"
            ".filter(e => e.checkVisibility()).map(e => e.textContent)"
        )
    )
    assert browser.find(".before .shown").text.startswith(f"{found} of ")


def test_the_slider_walks_through_depth(browser: Browser, sample_page: Path) -> None:
    """By keyboard: another frame is shown, and its place is told in words."""
    from selenium.webdriver.common.keys import Keys

    browser.open(sample_page)
    browser.ask("document.querySelector('.depth').scrollIntoView({block: 'center', behavior: 'instant'})")
    slider = browser.find(".depth input[type=range]")
    said, before = browser.find(".depth output").text, browser.picture(".depth .window")
    slider.send_keys(Keys.ARROW_RIGHT)
    assert browser.find(".depth output").text != said
    assert slider.get_attribute("aria-valuetext") == browser.find(".depth output").text
    assert browser.picture(".depth .window") != before
    sideways = (
        "const element = name => document.querySelector(name).getBoundingClientRect().left;"
        "return element('.depth .window') - element('.depth img')"
    )
    assert browser.ask(sideways) == pytest.approx(0, abs=1)
    slider.send_keys(Keys.HOME)
    assert browser.find(".depth output").text.startswith("plane 1 of ")
    box = browser.ask(
        "const w = document.querySelector('.depth .window').getBoundingClientRect();"
        "const i = document.querySelector('.depth img').getBoundingClientRect();"
        "return [w.top - i.top, w.width - i.width, i.height / w.height]"
    )
    frames = int(browser.find(".depth").get_attribute("data-frames"))
    assert box[0] == pytest.approx(0, abs=1)
    assert box[1] == pytest.approx(0, abs=1)
    assert box[2] == pytest.approx(frames, rel=0.02)


def test_without_script_the_walk_is_a_movie_that_can_be_stopped(browser: Browser, sample_page: Path) -> None:
    """An animation of the style sheet, with a box to tick."""
    browser.open(sample_page, script=False)
    browser.tell("Emulation.setScriptExecutionDisabled", value=False)
    state = (
        "const style = getComputedStyle(document.querySelector('.depth img'));"
        "return [style.animationName, style.animationPlayState]"
    )
    assert browser.ask(state) == ["depth", "running"]
    browser.click(".hold input")
    assert browser.ask(state) == ["depth", "paused"]


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_sticks_out_sideways(browser: Browser, sample_page: Path, width: int) -> None:
    """The page fits a telephone, with everything unfolded."""
    browser.open(sample_page, width=width)
    browser.ask(
        "for (const one of document.querySelectorAll('details')) one.open = true;"
        "for (const one of document.querySelectorAll('.card, .finding')) one.style.contentVisibility = 'visible'"
    )
    assert browser.ask("return document.documentElement.scrollWidth") == width
    assert browser.ask("return document.querySelector('h1').getBoundingClientRect().left") >= 16


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_use_the_page(browser: Browser, sample_page: Path, *, dark: bool) -> None:
    """axe-core finds nothing serious, contrast of every text included, with everything unfolded."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; `make browser` does")
    browser.open(sample_page, dark=dark)
    browser.ask(
        "for (const one of document.querySelectorAll('details')) one.open = true;"
        "for (const one of document.querySelectorAll('.card, .finding')) one.style.contentVisibility = 'visible'"
    )
    assert [one for one in browser.violations() if one[0] in ("serious", "critical")] == []


def test_the_keyboard_reaches_the_contents_first(browser: Browser, sample_page: Path) -> None:
    """The first stop leads past everything, the next are the sections, and the focus can be seen."""
    from selenium.webdriver.common.keys import Keys

    browser.open(sample_page)
    browser.find("body").send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to the report"
    browser.find("body").send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Images"
    assert browser.ask("return getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_page_prints(browser: Browser, sample_page: Path) -> None:
    """As PDF of several pages, without the controls that paper has no use for."""
    browser.open(sample_page)
    content = b64decode(browser.tell("Page.printToPDF", printBackground=True)["data"])
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page/") + content.count(b"/Type /Page ") > 5


def test_hostile_names_do_nothing(browser: Browser, tmp_path: Path) -> None:
    """No script of theirs runs, nothing is fetched, and they can be read."""
    page = tmp_path / "page.html"
    page.write_text(as_html([make_page(run_of(deposit_report(HOSTILE)))]), encoding="utf-8")
    browser.open(page)
    assert browser.complaints() == []
    assert browser.requests() == [page.as_uri()]
    assert "<script>alert('x')</script>" in browser.find("header.head").text
    assert browser.ask("return document.scripts.length") == 1
