"""Templates of one's own: by name, extending the built-in ones, in a sandbox, with errors in one sentence."""

from pathlib import Path

import pytest

from confocal_bag.deposit.exports.template import Templates
from confocal_bag.findings import CannotFinish
from tests.deposit.test_readme import headings, readme


def own(folder: Path, text: str, name: str = "readme.txt.j2") -> Templates:
    """The templates of a folder that holds one."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return Templates(folder)


def test_a_template_extends_the_built_in_one_of_its_own_name(tmp_path: Path) -> None:
    """A block is added to, the rest stays."""
    text = (
        '{% extends "readme.txt.j2" %}\n{% block sharing %}{{ super() }}\n'
        '{{ entry("House rule", said.title) }}\n{% endblock %}\n'
        '{% block end %}{{ heading("Our library") }}\n\n{{ paragraph("Call us.") }}\n{% endblock %}\n'
    )
    found = readme(templates=own(tmp_path / "mine", text))
    assert "  House rule:           Stacks of dividing fibroblasts\n" in found
    assert headings(found)[-1] == "14. OUR LIBRARY"
    assert headings(found)[:13] == headings(readme())


def test_a_template_replaces_the_built_in_one(tmp_path: Path) -> None:
    """Without extending anything."""
    assert readme(templates=own(tmp_path / "mine", "Hello {{ bag_name }}")) == "Hello cells\n"


def test_other_templates_stay_built_in(tmp_path: Path) -> None:
    """A folder with one template leaves the others as they are; helpers may lie beside it."""
    mine = own(tmp_path / "mine", "x", "methods.txt.j2")
    assert readme(templates=mine) == readme()
    own(tmp_path / "mine", "{% macro shout(text) %}{{ text | upper }}{% endmacro %}", "shout.j2")
    text = (
        '{% extends "readme.txt.j2" %}{% from "shout.j2" import shout %}'
        '{% block title %}{{ shout("hi") }}{% endblock %}'
    )
    assert readme(templates=own(tmp_path / "mine", text)).startswith("HI\n")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n\n{{ titel }}", 3, "'titel' is undefined"),
        ("\n{% if %}", 2, "Expected an expression"),
        ("{{ said.nothing.more }}", 1, "has no attribute 'nothing'"),
        ("{{ 1 + 'a' }}", 1, "unsupported operand"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
        ("\n{{ said.title | shout }}", 2, "No filter named 'shout'"),
        ('{% include "nowhere.j2" %}', 1, "there is no template nowhere.j2"),
        ('{% include "../secret.j2" %}', 1, "there is no template ../secret.j2"),
        ("{{ entry() }}", 1, "missing"),
    ],
)
def test_errors_are_one_sentence_with_file_and_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    """Whatever is wrong with a template."""
    (tmp_path / "secret.j2").write_text("secret")
    with pytest.raises(CannotFinish) as caught:
        readme(templates=own(tmp_path / "mine", text))
    told = str(caught.value)
    assert told.startswith(f"The template {tmp_path / 'mine' / 'readme.txt.j2'}, line {line}: ")
    assert reason in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ said.__class__.__mro__ }}",
        "{{ entry.__globals__ }}",
        "{{ said | attr('__class__') }}",
        "{{ said.model_dump() }}",
        "{{ said.model_validate({}) }}",
        "{{ said.parse_file('/etc/passwd') }}",
        "{{ '{0.__class__}'.format(said) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler }}",
        "{{ said.keywords.append }}",
        "{% set said.title = 1 %}{{ said.title.__doc__ }}",
        "{{ super.__self__ }}",
        "{{ paragraph.__wrapped__ }}",
        "{{ specimens.append(1) }}",
        "{{ (said.acquisitions | first).model_copy() }}",
    ],
)
def test_a_template_reaches_nothing_but_its_values(tmp_path: Path, text: str) -> None:
    """No private attributes, no methods of models, no change of lists."""
    with pytest.raises(CannotFinish, match="line 1"):
        readme(templates=own(tmp_path / "mine", text))


@pytest.mark.parametrize(
    "text",
    [
        '{{ "x" * 9999999999 }}',
        '{{ 9999999999 * "x" }}',
        "{{ [1] * 9999999999 }}",
        "{{ 10 ** 1000000000 }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ '%*d' % (9999999999, 1) }}",
    ],
)
def test_a_template_cannot_fill_the_memory(tmp_path: Path, text: str) -> None:
    """Neither where it is compiled nor where it runs; in one sentence."""
    with pytest.raises(CannotFinish, match=r"line 1: .*too large"):
        readme(templates=own(tmp_path / "mine", text))


def test_a_text_that_no_memory_holds_is_told(tmp_path: Path) -> None:
    """However it came about."""
    with pytest.raises(CannotFinish, match=r"line 1: .*larger than the memory"):
        readme(templates=own(tmp_path / "mine", "{{ 'x' | center(99999999999999) }}"))


def test_short_repetitions_and_formats_work(tmp_path: Path) -> None:
    """A rule of hyphens, a square, a percentage."""
    mine = own(tmp_path / "mine", "{{ '-' * 9 }}|{{ 3 ** 2 }}|{{ '%5.1f %%' % 2 }}|{{ 7 % 4 }}|{{ 2 * 3 }}")
    assert readme(templates=mine) == "---------|9|2.0 %|3|6\n"


def test_filters_reach_no_more_than_dots_do(tmp_path: Path) -> None:
    """A filter that looks up attributes finds no private ones."""
    mine = own(tmp_path / "mine", "{{ [said] | map(attribute='__class__') | list }}")
    assert "class" not in readme(templates=mine)


def test_methods_of_plain_values_may_be_called(tmp_path: Path) -> None:
    """Texts and lists keep theirs, loops and macros work."""
    text = (
        "{% macro twice(word) %}{{ word }}{{ word }}{% endmacro %}"
        "{{ said.title.upper() }}|{{ twice('ab') }}|{% for k in said.keywords %}{{ loop.index }}{{ k }}{% endfor %}"
    )
    assert readme(templates=own(tmp_path / "mine", text)) == "STACKS OF DIVIDING FIBROBLASTS|abab|1mitosis\n"


def test_values_stay_on_one_line_in_templates_of_ones_own(tmp_path: Path) -> None:
    """A value that is printed as it is cannot begin a line."""
    from confocal_bag.deposit.description.model import Description

    said = Description.model_validate({"title": "x\n1. FORGED\n------"})
    assert readme(description=said, templates=own(tmp_path / "mine", "{{ said.title }}")) == "x 1. FORGED ------\n"


def test_templates_that_extend_each_other_without_end_are_told(tmp_path: Path) -> None:
    """One sentence, no crash."""
    mine = own(tmp_path / "mine", '{% extends "other.j2" %}')
    own(tmp_path / "mine", '{% extends "readme.txt.j2" %}', "other.j2")
    with pytest.raises(CannotFinish, match="without end"):
        readme(templates=mine)


def test_a_folder_is_checked_before_the_work_begins(tmp_path: Path) -> None:
    """It must be a folder, hold a template that is used, and compile; the built-in templates need no check."""
    Templates().check()
    with pytest.raises(CannotFinish, match="is no folder"):
        Templates(tmp_path / "missing").check()
    (tmp_path / "empty").mkdir()
    with pytest.raises(CannotFinish, match=r"holds no template with the name of a built-in one\. .*readme\.txt\.j2"):
        Templates(tmp_path / "empty").check()
    with pytest.raises(CannotFinish, match="line 1"):
        own(tmp_path / "broken", "{% if %}").check()
    own(tmp_path / "good", '{% extends "readme.txt.j2" %}').check()


def test_templates_that_are_no_text_are_told(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, a file that is far too large, a link out of the folder."""
    mine = own(tmp_path / "mine", "x")
    (tmp_path / "mine" / "readme.txt.j2").write_bytes(b"caf\xe9")
    with pytest.raises(CannotFinish, match="is not UTF-8"):
        readme(templates=mine)
    (tmp_path / "mine" / "readme.txt.j2").write_bytes(b"x" * 1_000_001)
    with pytest.raises(CannotFinish, match="too large"):
        readme(templates=mine)
    (tmp_path / "secret").write_text("secret")
    own(tmp_path / "mine", '{% include "link.j2" %}')
    (tmp_path / "mine" / "link.j2").symlink_to(tmp_path / "secret")
    with pytest.raises(CannotFinish, match=r"there is no template link\.j2"):
        readme(templates=mine)
