"""The letter to the depositor: what it asks, that it reads well, and that nothing in a deposit can forge it."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from confocal_bag.asking import Asked, ask_depositor
from confocal_bag.deposit.curation.cells import without_places
from confocal_bag.deposit.curation.layout import MARKDOWN, PLAIN, WIDTH, named, numbers_in_words
from confocal_bag.deposit.curation.wordings.curator import CURATOR_FIELDS
from confocal_bag.deposit.curation.wordings.findings import finding_key
from confocal_bag.deposit.curation.wordings.table import WORDINGS
from confocal_bag.deposit.description.fields import FIELD_HELP, PARTS
from confocal_bag.deposit.description.file import read_description
from confocal_bag.deposit.levels.assess import assess_level
from confocal_bag.deposit.levels.table import NEEDS
from confocal_bag.inspect import inspect_deposit
from confocal_bag.vocabulary import PracticeLevel
from tests import make
from tests.deposit.curation.curated import PAGES, facts_of
from tests.recording import Ran

MINIMUM, GOOD, MOST = PracticeLevel
GOLDEN = Path(__file__).parent / "golden"
Run = Callable[..., Ran]
WHOLE = finding_key("curation.whole-stack")
Watch = Callable[[Callable[[Path], Path]], Path]


def asked(deposit: Path, aim: PracticeLevel = MINIMUM, sheet: str | None = None) -> Asked:
    """What is asked of the depositor of a folder."""
    inspection = inspect_deposit(deposit, with_digests=False, default_level=aim)
    return ask_depositor(inspection, aim=aim, size="23.5 kB", sheet=sheet)


def readable(letter: str) -> None:
    """What every letter must be."""
    assert letter.endswith("\n")
    assert "None" not in letter
    assert "not recorded" not in letter.replace("pixel size not recorded", "")
    assert not re.search(
        r"\b(?:most-reproducible|good-enough|human_subjects|Kind\.|Topic\.|[a-z]+_[a-z]+_[a-z]+)\b", letter
    )
    assert "\n\n\n" not in letter
    assert all(line == line.rstrip() for line in letter.splitlines())
    assert not re.search(r"\b(\w+) \1\b", re.sub(r"\d+ x \d+", "", letter)), "a word twice"
    lines = letter.splitlines()
    for number, line in enumerate(lines):
        if set(line) == {"-"}:
            assert any(one.strip() for one in lines[number + 1 :][:3])
            assert set(lines[number + 2]) != {"-"}


@pytest.mark.parametrize("level", list(PracticeLevel))
@pytest.mark.parametrize("maker", [make.small_deposit, make.demo_deposit])
def test_a_letter_reads_well_at_every_level(
    deposit: Watch, maker: Callable[[Path], Path], level: PracticeLevel
) -> None:
    """Plain words, short lines, nothing empty."""
    what = asked(deposit(maker), level, sheet="answers.csv")
    letter = what.letter()
    readable(letter)
    assert all(len(line) <= WIDTH for line in letter.splitlines())
    markdown = what.letter(markdown=True)
    assert "None" not in markdown
    assert markdown.count("## ") >= 3
    questions = [int(one) for one in re.findall(r"^ ?(\d+)\. ", letter, re.MULTILINE)]
    assert questions == list(range(1, len(what.requests.now) + 1))


@pytest.mark.parametrize("level", list(PracticeLevel))
def test_the_letter_is_the_one_that_was_read_for_sense(deposit: Watch, level: PracticeLevel) -> None:
    """Golden letters, one for each level; they are written anew with `python -m tests.deposit.curation.golden`."""
    golden = GOLDEN / f"letter-{level}.txt"
    assert asked(deposit(make.small_deposit), level, sheet="answers.csv").letter() == golden.read_text(encoding="utf-8")


def test_every_need_of_every_level_is_asked_or_left_to_the_curator() -> None:
    """Nothing that a level needs can be missing from the letter."""
    aliases = {"specimens": "specimens.organism.name", "specimens.material": "specimens.organism.name"}
    keys = {aliases.get(need.fields[0], need.fields[0]) for need in NEEDS}
    keys |= {key for key in PARTS if " " in key}
    known = {*WORDINGS, *CURATOR_FIELDS, "protocols.processing in detail"}
    assert keys <= known


def test_every_question_has_a_place_that_exists() -> None:
    """An answer must not get lost."""
    for key, wording in WORDINGS.items():
        for field in [part[0] for part in wording.parts] or [key]:
            plain = without_places(field.removesuffix(" RRID"))
            assert plain in FIELD_HELP or plain.startswith("curation.") or plain == "related.id", key
        assert wording.example
        assert wording.question.rstrip(")").endswith((".", "?", '".')) or wording.question.endswith(")"), key


def test_the_most_useful_comes_first(deposit: Watch) -> None:
    """The files and samples before the e-mail address."""
    keys = [one.key for one in asked(deposit(make.small_deposit)).requests.now]
    assert keys.index("files.description") < keys.index("specimens.origin") < keys.index("channels.probe")
    assert keys.index("channels.probe") < keys.index("license.spdx") < keys.index("creators.email")


def test_a_person_is_greeted_by_name_and_the_curator_signs(deposit: Watch) -> None:
    """Where they are known."""

    def maker(folder: Path) -> Path:
        make.demo_deposit(folder)
        text = (folder / "deposit.yaml").read_text(encoding="utf-8")
        (folder / "deposit.yaml").write_text(text + "curation: {curator: Chris Doe}\n", encoding="utf-8")
        return folder

    letter = asked(deposit(maker), MOST).letter()
    assert letter.startswith("Dear Ada Lovelace,\n\nthank you for depositing")
    assert "With kind regards,\n\nChris Doe\nExample Data Repository\n\n" in letter


def test_what_is_answered_is_not_asked_again(deposit: Watch) -> None:
    """The demonstration deposit has everything but the expectations, and whether its stacks are whole."""
    what = asked(deposit(make.demo_deposit), MOST)
    assert [one.key for one in what.requests.now] == [WHOLE, "curation.questions.reuse_expectations"]
    assert what.left == ()
    assert "leave 2 questions open" in what.letter()


def test_a_template_of_ones_own_changes_the_letter(deposit: Watch, run: Run, tmp_path: Path) -> None:
    """By name, plain and Markdown alike; without a template of a known name nothing is written."""
    mine = tmp_path / "mine"
    mine.mkdir()
    folder = deposit(make.small_deposit)
    assert run("ask", folder, "--templates", mine).code == 3
    (mine / "letter.txt.j2").write_text("Guten Tag {{ depositor or 'und danke' }},\n\n\n\n{{ count }} Fragen.  \n")
    letter = tmp_path / "deposit.curation" / "letter.txt"
    assert not letter.exists()
    assert run("ask", folder, "--templates", mine).code == 0
    found = re.fullmatch(r"Guten Tag und danke,\n\n(\d+) Fragen\.\n", letter.read_text(encoding="utf-8"))
    assert found
    assert run("ask", folder, "--templates", mine, "--markdown").code == 0
    assert letter.with_suffix(".md").read_text(encoding="utf-8") == found[0]
    (mine / "letter.txt.j2").write_text("{{ depositor.__class__ }}{{ nobody }}")
    ran = run("ask", folder, "--templates", mine)
    assert ran.code == 3
    assert "letter.txt.j2" in ran.err


def test_nothing_to_ask_is_said(deposit: Watch) -> None:
    """A letter without questions thanks and ends."""

    def maker(folder: Path) -> Path:
        make.demo_deposit(folder)
        text = (folder / "deposit.yaml").read_text(encoding="utf-8")
        more = "curation: {questions: {reuse_expectations: Counting cells}}\n"
        (folder / "deposit.yaml").write_text(text + more, encoding="utf-8")
        (folder / "stacks.txt").write_text("The deposit holds whole z-stacks.\n", encoding="utf-8")
        return folder

    letter = asked(deposit(maker), MOST).letter()
    readable(letter)
    assert "We have no questions" in letter
    assert "How to answer" not in letter


def test_a_deposit_without_images_is_told_so(deposit: Watch) -> None:
    """And is asked about its channels all the same."""

    def maker(folder: Path) -> Path:
        folder.mkdir()
        (folder / "readme.txt").write_text("Images follow.\n", encoding="utf-8")
        return folder

    what = asked(deposit(maker))
    readable(what.letter())
    assert "There is no image among these files. Please send us the images as well." in what.letter()
    assert {"channels[0].probe", "channels[0].name"} <= {cell.field for one in what.requests.now for cell in one.cells}


def test_many_files_are_counted_not_listed() -> None:
    """Four names and a number."""
    assert named([f"f{number}.tif" for number in range(16)]) == "f0.tif, f1.tif, f2.tif, f3.tif and 12 more"
    assert named(["a", "b"]) == "a and b"


def test_question_numbers_are_drawn_together() -> None:
    """As people write them."""
    assert numbers_in_words([1, 2, 3, 4, 7, 9]) == "1 to 4, 7 and 9"
    assert numbers_in_words([4, 5]) == "4 and 5"
    assert numbers_in_words([6]) == "6"
    assert numbers_in_words([27, 32, 33]) == "27, 32 and 33"


def test_the_tree_asks_in_the_letter(deposit: Watch) -> None:
    """A damaged file and one without axes: convert, explain, describe."""

    def maker(folder: Path) -> Path:
        folder.mkdir()
        make.lsm(folder / "cells.lsm")
        (folder / "broken.lsm").write_bytes(b"this is no image")
        return folder

    keys = [one.key for one in asked(deposit(maker)).requests.now]
    assert keys[:2] == ["curation.findings image.extension-disagrees", "curation.tree.can_be_opened"]
    facts = facts_of(PAGES)
    assert facts.unnamed_pages


def test_the_layout_is_safe_by_itself() -> None:
    """Whatever a template of the user's own hands to it."""
    for layout in (PLAIN, MARKDOWN):
        assert layout["paragraph"]("a\n\x1b[2J\u202eb").isprintable()
        assert layout["line"]("a\n\u2066b").isprintable()
        assert "\u202e" not in layout["detail"]("It is about:", "x\u202e")
    assert MARKDOWN["detail"]("-", "a part") == "    - a part"
    assert MARKDOWN["detail"]("It is about:", "a.tif") == "    - *It is about:* a.tif"
    assert MARKDOWN["paragraph"]("# <b> `x` [y](z)") == "\\# \\<b\\> \\`x\\` \\[y\\](z)"


def test_brackets_in_the_name_of_a_file_are_no_place() -> None:
    """They mean themselves."""
    assert without_places("files[a[1].b].tif].description") == "files.description"
    assert without_places("acquisitions[a1].channels[c0..c27].laser") == "acquisitions.channels.laser"


HOSTILE = "Dear curator,\n\n1. Everything is fine.\n\x1b[2J\u202egnp.exe\u2066 # heading\n* z-stack *\n"


def test_names_and_texts_cannot_forge_a_line(deposit: Watch) -> None:
    """Control characters, line breaks and turned writing in names, titles and readmes."""

    def maker(folder: Path) -> Path:
        folder.mkdir()
        make.lsm(folder / "a\n 1. Accept this deposit.\u202e.lsm")
        (folder / "readme.txt").write_text(HOSTILE * 10, encoding="utf-8")
        title = '"x\\n\\nWith kind regards,\\n\\nThe Dean\\u202e {{ 7 * 7 }} <script>"'
        person = '{family: "Eve\\n\\nWhat we received\\n----\\u2028", email: e@example.org}'
        (folder / "deposit.yaml").write_text(f"title: {title}\ncreators: [{person}]\n", encoding="utf-8")
        return folder

    what = asked(deposit(maker), GOOD)
    for letter in (what.letter(), what.letter(markdown=True)):
        assert all(line.isprintable() for line in letter.splitlines())
        assert letter.count("With kind regards,\n") == 1
        assert len([line for line in letter.splitlines() if line.lstrip("# ") == "What we received"]) == 1
        assert "49" not in letter
        assert not re.search(r"^ 1\. Accept", letter, re.MULTILINE)
    assert "\\<script\\>" in what.letter(markdown=True)
    assert not any("\u202e" in cell for cell in what.sheet().split(","))


def test_a_huge_readme_and_one_in_another_encoding_are_read(deposit: Watch) -> None:
    """At most a quarter of a megabyte; Windows-1252 and UTF-16 as well."""

    def maker(folder: Path) -> Path:
        folder.mkdir()
        make.lsm(folder / "cells.lsm")
        (folder / "readme.txt").write_bytes(b"z" * 3_000_000 + b" The images were cropped in Fiji.")
        (folder / "notes.txt").write_bytes("The images were cropped to 20 \u00b5m in Fiji.".encode("cp1252"))
        (folder / "methods.txt").write_bytes("The images were cropped with ZEN.".encode("utf-16"))
        return folder

    study = inspect_deposit(deposit(maker), with_digests=False).curation
    documents = study.facts.documents
    assert PurePosixPath("readme.txt") in {one.path for one in documents.unread}
    step = study.path.step("modified")
    assert step is not None
    assert {str(one.path) for one in step.answered.evidence} == {"notes.txt", "methods.txt"}


def test_a_level_that_is_reached_by_the_letter_needs_nothing_else() -> None:
    """The field that the levels name is the one the question writes to."""
    facts = facts_of(PAGES, said="specimens: [{origin: x}]\n")
    level = assess_level(read_description("specimens: [{origin: x}]\n").description, facts.inventory, transformed=None)
    assert replace(facts, level=level).level.missing[MINIMUM]
    fields = {without_places(one.field) for one in level.missing[MOST]}
    assert fields <= {*FIELD_HELP, *CURATOR_FIELDS, "protocols", "transformed", "metadata"}
