"""The page of evidence says what is so: real samples as an independent reader has them, and sidecars that are true."""

from pathlib import Path

import pytest

from docs import evidence
from docs.evidence import EXPLAINED, Agreement, agreements, evidence_page, judged, write_sidecars

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> list[Agreement]:
    """Every sample against the reference."""
    if not evidence.has_reference(evidence.SAMPLES):
        pytest.skip("the samples with reference answers are not beside this checkout")
    return agreements(evidence.SAMPLES)


def test_every_plane_of_every_sample_is_the_reference_s(found: list[Agreement]) -> None:
    """At the same place of the same series, and none more."""
    compared = [one for one in found if one.planes_equal is not None]
    assert len(compared) == len(list((evidence.SAMPLES / "expected").glob("*.planes.json")))
    assert {one.sample: one.planes for one in compared} == {one.sample: one.planes_equal for one in compared}


def test_sizes_types_and_pixel_sizes_differ_only_where_the_reference_is_wrong(found: list[Agreement]) -> None:
    """Each exception has its reason, and none is stale."""
    assert [one.differing for one in found if one.differing] == []
    used = {(fault.sample, fault.field) for one in found for fault in one.wrong_in_reference}
    assert used == set(EXPLAINED)
    # An exception is a value left out for want of a record, never one put in.
    assert {fault.ours for one in found for fault in one.wrong_in_reference} == {"not recorded"}


def test_every_sidecar_is_valid_keeps_what_the_schema_does_not_check_and_agrees_with_its_file(
    found: list[Agreement],
) -> None:
    """All samples, those without a reference too."""
    assert len(found) > 30
    assert [(one.sample, one.problems) for one in found if one.problems] == []


def test_the_judge_finds_nothing_wrong_and_nothing_invented(shared: Path, tmp_path: Path) -> None:
    """And nearly nothing lost, in any format."""
    write_sidecars(shared / "samples", tmp_path)
    ours = judged(shared / "samples", tmp_path)
    assert (ours["total"].get("wrong", 0), ours["total"].get("invented", 0)) == (0, 0)
    assert ours["recall"] >= 0.97
    assert {name for name, row in ours["formats"].items() if row["right"] < 0.97 * row["facts"]} == set()


def test_the_page_of_evidence_is_up_to_date(shared: Path) -> None:
    """Run `make docs` after changing a reader or what it says."""
    assert evidence.PAGE.read_text(encoding="utf-8") == evidence_page(shared / "samples")


def test_without_samples_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the sentence says where they were looked for."""
    monkeypatch.setattr("sys.argv", ["evidence", str(tmp_path)])
    monkeypatch.setattr(evidence, "PAGE", tmp_path / "evidence.md")
    with pytest.raises(SystemExit, match="No samples"):
        evidence.main()
    assert list(tmp_path.iterdir()) == []
