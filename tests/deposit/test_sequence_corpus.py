"""The labelled corpora of file names, scored as their own scorer does."""

import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from confocal_bag.deposit.sequences import FileFacts, SequenceReport, conventions, find_sequences

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora" / "sequences"

pytestmark = [
    pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora of file names are not here"),
    # The scorer leaves the files it reads for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"),
]


def load(name: str | Path) -> list[dict[str, Any]]:
    """The lines of one corpus file."""
    with (CORPORA / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def score() -> ModuleType:
    """The scorer that belongs to the corpora."""
    spec = spec_from_file_location("score", CORPORA / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.path.insert(0, str(CORPORA))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(CORPORA))
    return module


def facts_of(meta: dict[str, Any] | None) -> dict[str, FileFacts] | None:
    """The corpus' description of headers as facts."""
    if not meta:
        return None
    facts = {}
    for path, header in meta.items():
        sizes = header.get("imagej") or header.get("ome") or {}
        facts[path] = FileFacts(
            pages=header.get("pages"),
            width=header["shape"][1],
            height=header["shape"][0],
            samples=header.get("samples"),
            dtype=header.get("dtype"),
            size_z=sizes.get("slices", sizes.get("SizeZ")),
            size_t=sizes.get("frames", sizes.get("SizeT")),
            size_c=sizes.get("channels", sizes.get("SizeC")),
        )
    return facts


def prediction(identifier: str, files: list[str], report: SequenceReport) -> dict[str, Any]:
    """A report in the form the scorer reads."""
    place = {file.path: (at, dict(file.coordinates)) for at, one in enumerate(report.sequences) for file in one.files}
    return {
        "id": identifier,
        "series_of": [place[path][0] if path in place else None for path in files],
        "coords": [place[path][1] if path in place else None for path in files],
        "problems": sorted({problem.code for problem in report.problems}),
    }


def scored(score: ModuleType, corpus: str | Path, folder: Path) -> tuple[dict[str, Any], list[Any]]:
    """Predict every case of a corpus and score the answers."""
    answers = folder / "answers.jsonl"
    with answers.open("w", encoding="utf-8") as lines:
        for case in load(corpus):
            report = find_sequences(case["files"], facts=facts_of(case.get("meta")))
            lines.write(json.dumps(prediction(case["id"], case["files"], report)) + "\n")
    result: tuple[dict[str, Any], list[Any]] = score.main(str(CORPORA / corpus), str(answers), verbose=True)
    return result


@pytest.mark.slow
def test_the_development_corpus_is_read_right(score: ModuleType, tmp_path: Path) -> None:
    """Series, axes, problem codes and false alarms of the labelled corpus."""
    result, wrong = scored(score, "corpus-dev.jsonl", tmp_path)
    assert result["cases"] == 124
    assert result["series"] >= 122, wrong
    assert result["axes"] >= 122, wrong
    assert result["f1_error"] >= 0.98, wrong
    assert result["f1_warning"] >= 0.98, wrong
    assert result["false_alarm_clean"] == 0, wrong


def test_real_listings_are_read_right(score: ModuleType, tmp_path: Path) -> None:
    """Listings of published data sets, some of them no sequences at all."""
    result, wrong = scored(score, "listings-dev.jsonl", tmp_path)
    assert result["cases"] == 30
    assert result["axes"] >= 29, wrong
    assert result["false_alarm_clean"] == 0, wrong


def expanded(pattern: str) -> dict[str, tuple[str, ...]]:
    """Every name that a pattern with <0-1> and <r,g,b> blocks stands for, with the value of each block."""
    texts = re.split(r"<([^>]*)>", pattern)
    blocks = []
    for block in texts[1::2]:
        first, dash, last = block.partition("-")
        blocks.append([str(n) for n in range(int(first), int(last) + 1)] if dash else block.split(","))
    names = {}
    for values in product(*blocks):
        pieces = [text + value for text, value in zip(texts[::2], (*values, ""), strict=True)]
        names["".join(pieces)] = values
    return names


def axis_of_block(report: SequenceReport, names: dict[str, tuple[str, ...]], block: int) -> str | None:
    """The axis that changes exactly when a block changes; S for what tells sequences (or positions) apart."""
    places = {f.path: (at, f.coordinates) for at, one in enumerate(report.sequences) for f in one.files}
    if places.keys() != names.keys():
        return None
    count = len({values[block] for values in names.values()})

    def follows(said: dict[str, object]) -> bool:
        return len({(names[n][block], said[n]) for n in names}) == len(set(said.values())) == count

    for axis in report.sequences[0].axes:
        if follows({name: places[name][1].get(axis) for name in names}):
            return "S" if axis == "P" else axis
    return "S" if follows({name: places[name][0] for name in names}) else None


def test_the_axes_that_bio_formats_promises_are_found() -> None:
    """Its acceptance patterns, except those where it hands out axes by position, which we never do."""
    right = 0
    for case in load("bioformats-acceptance.jsonl"):
        if "pattern" not in case or case["test"].endswith(("testSwap", "testFillIn")):
            continue
        names = expanded(case["pattern"])
        report = find_sequences(names)
        found = [axis_of_block(report, names, block) for block in range(len(case["axes"]))]
        assert found == list(case["axes"]), case["pattern"]
        right += 1
    assert right == 600


def test_the_files_that_bio_formats_groups_are_grouped() -> None:
    """Two numbers written as one, and a series for every extension."""
    cases = [case for case in load("bioformats-acceptance.jsonl") if "files" in case]
    assert len(cases) == 3
    for case in cases:
        report = find_sequences(case["files"])
        home = next(one for one in report.sequences if case["seed"] in {file.path for file in one.files})
        if "expect" in case:
            assert {file.path for file in home.files} == set(expanded_foo(case["files"]))
        else:
            series = {frozenset(f.path for f in home.files if f.coordinates["P"] == p) for p in (1, 2)}
            assert series == {frozenset(expanded(pattern)) for pattern in case["series"]}


def expanded_foo(files: list[str]) -> list[str]:
    """The files that belong together: all but the outlier."""
    return [name for name in files if not name.startswith("outlier")]


@pytest.mark.slow
def test_a_convention_that_is_not_in_the_table_is_mostly_read_all_the_same(
    score: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each convention is taken out of the table in turn; its cases must come out right by markers and structure alone.

    The figure stands in docs/sequences.md.
    """
    cases = load("corpus-dev.jsonl") + load("listings-dev.jsonl")
    table = conventions.CONVENTIONS
    followers: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        report = find_sequences(case["files"], facts=facts_of(case.get("meta")))
        for name in {one.convention for one in report.sequences if one.convention}:
            followers.setdefault(name, []).append(case)
    right = total = 0
    for name, followed in followers.items():
        monkeypatch.setattr(conventions, "CONVENTIONS", tuple(row for row in table if row.name != name))
        (tmp_path / "held-out.jsonl").write_text("".join(json.dumps(case) + "\n" for case in followed))
        result, _ = scored(score, tmp_path / "held-out.jsonl", tmp_path)
        right, total = right + result["axes"], total + result["cases"]
    assert len(followers) >= 24
    assert right > 0.8 * total
    page = (Path(__file__).parents[2] / "docs" / "sequences.md").read_text(encoding="utf-8")
    assert f"{right} of {total}" in page
