"""What a build leaves out of headers is recorded, and kept where that is asked for."""

import json
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from confocal_bag.deposit.privacy.texts import redaction_sentence
from tests import make
from tests.image import headers
from tests.recording import Ran

_WHERE = "ImageDocument/Metadata/Information/Document/UserName"
_USER = "<Information><Document><UserName>smcardle</UserName></Document></Information>"


def _texts(bag: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(bag)): path.read_bytes()
        for path in bag.rglob("*")
        if path.is_file() and path.name != "a.czi"
    }


def test_a_build_records_what_it_leaves_out(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """The field in an event of its own and in the sidecar, a sentence in the readme; the value nowhere."""
    folder = make.small_deposit(tmp_path / "d")
    headers.czi(folder / "a.czi", _USER)
    assert run("build", folder, tmp_path / "bag", "--draft").code == 0
    texts = _texts(tmp_path / "bag")
    events = [json.loads(line) for line in texts["data/metadata/events.jsonl"].splitlines()]
    (event,) = [one for one in events if one["type"] == "redaction" and one["objects"][0]["path"] == "data/raw/a.czi"]
    assert _WHERE in event["detail"]
    assert b"Names of people, paths and serial numbers" in b" ".join(texts["data/readme/README.txt"].split())
    assert [name for name, content in texts.items() if b"smcardle" in content] == []


def test_a_build_keeps_personal_data_where_that_is_asked_for(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """In sidecars and converted copies; findings and events stay masked."""
    folder = make.small_deposit(tmp_path / "d")
    headers.czi(folder / "a.czi", _USER)
    assert run("build", folder, tmp_path / "bag", "--draft", "--keep-personal-data").code == 0
    texts = _texts(tmp_path / "bag")
    told = {name for name, content in texts.items() if b"smcardle" in content}
    assert told == {
        "data/metadata/ome/raw/a.czi.ome.xml",
        "data/metadata/ome/transformed/a.czi.ome.tiff.ome.xml",
        "data/transformed/a.czi.ome.tiff",
    }
    assert b'"redaction"' not in texts["data/metadata/events.jsonl"]


def test_convert_leaves_people_out_unless_asked(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """The same option."""
    image = headers.czi(tmp_path / "a.czi", _USER)
    assert run("convert", image, tmp_path / "plain").code == 0
    assert run("convert", "--keep-personal-data", image, tmp_path / "asked").code == 0
    assert b"smcardle" not in (tmp_path / "plain/a.czi.ome.tiff").read_bytes()
    assert b"smcardle" in (tmp_path / "asked/a.czi.ome.tiff").read_bytes()


def test_texts_that_name_people_are_told_of_in_the_readme(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Nothing is left out of them; one that names the creator alone is not told of."""
    folder = make.small_deposit(tmp_path / "d")
    (folder / "notes.txt").write_text("Ask grace.hopper@example.org for the antibody.\n", encoding="utf-8")
    (folder / "own.txt").write_text("Ask ada@example.org for the antibody.\n", encoding="utf-8")
    (folder / "deposit.yaml").write_text("creators: [{family: Lovelace, email: ada@example.org}]\n", encoding="utf-8")
    assert run("build", folder, tmp_path / "bag", "--draft").code == 0
    readme = (tmp_path / "bag/data/readme/README.txt").read_text(encoding="utf-8")
    section = readme.partition("Other files that name people")[2].partition("SAMPLES")[0]
    assert "data/readme/notes.txt" in section
    assert "own.txt" not in section
    assert "nothing was taken out of them" in " ".join(section.split())


def test_the_sentence_of_the_redaction_speaks_of_texts() -> None:
    """One, or several."""
    texts = [PurePosixPath(f"{name}.txt") for name in "abcde"]
    assert redaction_sentence(1, ()).endswith("the files themselves are unchanged.")
    assert "in the headers of one file are" in redaction_sentence(1, texts[:1])
    assert redaction_sentence(2, texts[:1]).endswith("Nothing is left out of a.txt, which names people too.")
    assert redaction_sentence(2, texts).endswith(
        "Nothing is left out of a.txt, b.txt, c.txt and 2 more, which name people too."
    )
