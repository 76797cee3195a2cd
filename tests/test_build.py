"""Deposit in, bag out."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from confocal_bag.build import BuildOptions, build_bag, plan_bag
from confocal_bag.findings import CannotFinish, Severity, Verdict
from confocal_bag.validate import validate_bag
from confocal_bag.vocabulary import PracticeLevel
from tests import make

Watch = Callable[[Callable[[Path], Path]], Path]


def bag_info(bag: Path) -> dict[str, str]:
    """bag-info.txt as a dictionary; enough for labels that do not repeat."""
    lines = (bag / "bag-info.txt").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def test_a_described_deposit_becomes_a_valid_bag(deposit: Watch, tmp_path: Path) -> None:
    """The demonstration deposit reaches the most demanding level, and its bag validates to the last plane."""
    result = build_bag(deposit(make.demo_deposit), tmp_path / "bag")
    assert result.bag == tmp_path / "bag"
    assert result.report.verdict is Verdict.VALID
    assert result.report.summary["planes_proven"] == 16
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert (report.verdict, report.findings) == (Verdict.VALID, ())
    assert report.summary["profiles"] == "confocal-most-reproducible"


def test_a_bag_holds_every_file_of_the_deposit_in_its_tier(deposit: Watch, tmp_path: Path) -> None:
    """Byte for byte, with the time of change, and with what was made from it."""
    source = deposit(make.demo_deposit)
    build_bag(source, tmp_path / "bag")
    data = tmp_path / "bag" / "data"
    pairs = {
        "fibroblasts.lsm": "raw/fibroblasts.lsm",
        "MAX_fibroblasts.tif": "processed/MAX_fibroblasts.tif",
        "methods.txt": "readme/methods.txt",
        "deposit.yaml": "metadata/deposit.yaml",
        "planes/fibroblasts_z008_c2.tif": "transformed/planes/fibroblasts_z008_c2.tif",
    }
    for origin, target in pairs.items():
        assert (data / target).read_bytes() == (source / origin).read_bytes()
    assert (data / "raw/fibroblasts.lsm").stat().st_mtime_ns == (source / "fibroblasts.lsm").stat().st_mtime_ns
    for made in (
        "transformed/fibroblasts.lsm.ome.tiff",
        "metadata/ome/raw/fibroblasts.lsm.ome.xml",
        "metadata/ome/transformed/fibroblasts.lsm.ome.tiff.ome.xml",
        "metadata/ome/processed/MAX_fibroblasts.tif.ome.xml",
        "metadata/inventory.csv",
        "metadata/events.jsonl",
        "metadata/findings.json",
        "readme/README.txt",
    ):
        assert (data / made).is_file(), made


def test_a_deposit_that_misses_its_level_is_refused_with_all_that_is_missing(deposit: Watch, tmp_path: Path) -> None:
    """Nothing is written, and each missing thing has a remedy."""
    result = build_bag(deposit(make.small_deposit), tmp_path / "bag", BuildOptions(level=PracticeLevel.GOOD_ENOUGH))
    assert result.bag is None
    assert [path.name for path in tmp_path.iterdir()] == ["deposit"]
    missing = [finding for finding in result.report.findings if finding.rule == "level.not-reached"]
    assert len(missing) > 5
    assert all(finding.remedy and finding.severity is Severity.ERROR for finding in missing)


def test_a_draft_is_built_anyway_and_says_so(deposit: Watch, tmp_path: Path) -> None:
    """In bag-info.txt, in the readme, and in the verdict of whoever receives it."""
    result = build_bag(
        deposit(make.small_deposit), tmp_path / "bag", BuildOptions(level=PracticeLevel.GOOD_ENOUGH, draft=True)
    )
    assert result.bag is not None
    assert bag_info(result.bag)["Confocal-Draft"] == "true"
    assert "DRAFT" in (result.bag / "data/readme/README.txt").read_text()
    report = validate_bag(result.bag)
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert report.summary["draft"] is True


def test_a_finished_bag_does_not_call_itself_a_draft(deposit: Watch, tmp_path: Path) -> None:
    """The label is absent, not false."""
    build_bag(deposit(make.demo_deposit), tmp_path / "bag")
    assert "Confocal-Draft" not in bag_info(tmp_path / "bag")


def test_raw_and_transformed_sidecars_record_the_same_plane_digests(deposit: Watch, tmp_path: Path) -> None:
    """Which are the digests of the planes that were written into the vendor file."""
    import hashlib

    from confocal_bag.image.sidecar_check import read_sidecar
    from confocal_bag.image.synthetic import cell_stack

    build_bag(deposit(make.demo_deposit), tmp_path / "bag")
    ome = tmp_path / "bag/data/metadata/ome"
    raw = read_sidecar((ome / "raw/fibroblasts.lsm.ome.xml").read_bytes())
    transformed = read_sidecar((ome / "transformed/fibroblasts.lsm.ome.tiff.ome.xml").read_bytes())
    stack = cell_stack()
    expected = {(0, c, z): hashlib.sha1(stack[z, c].tobytes()).hexdigest() for z in range(8) for c in range(2)}
    assert raw.images[0].plane_hashes == transformed.images[0].plane_hashes == expected


def test_the_depositors_facts_are_in_the_sidecar(deposit: Watch, tmp_path: Path) -> None:
    """Organism and probe come from deposit.yaml, the objective from the header."""
    build_bag(deposit(make.demo_deposit), tmp_path / "bag")
    text = (tmp_path / "bag/data/metadata/ome/raw/fibroblasts.lsm.ome.xml").read_text()
    for word in ("Mus musculus", "DM1A mAb", "Plan-Apochromat 63x/1.40 Oil DIC M27"):
        assert word in text


def test_the_events_say_what_was_converted(deposit: Watch, tmp_path: Path) -> None:
    """One migration event for each series, with source, outcome and proof."""
    build_bag(deposit(make.demo_deposit), tmp_path / "bag")
    lines = (tmp_path / "bag/data/metadata/events.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    (migration,) = [event for event in events if event["type"] == "migration"]
    assert [(one["path"], one["role"]) for one in migration["objects"]] == [
        ("data/raw/fibroblasts.lsm", "source"),
        ("data/transformed/fibroblasts.lsm.ome.tiff", "outcome"),
    ]
    for one in migration["objects"]:
        assert one["sha256"] == sha256((tmp_path / "bag" / one["path"]).read_bytes()).hexdigest()
    assert "16 planes" in migration["outcome"]


def test_the_depositors_own_readme_is_kept_beside_ours(deposit: Watch, tmp_path: Path) -> None:
    """Nothing of the deposit is overwritten by what the bag generates."""

    def with_readme(folder: Path) -> Path:
        make.small_deposit(folder)
        (folder / "README.txt").write_text("From the depositor.\n")
        return folder

    build_bag(deposit(with_readme), tmp_path / "bag", BuildOptions(draft=True))
    data = tmp_path / "bag/data/readme"
    assert (data / "depositor/README.txt").read_text() == "From the depositor.\n"
    assert "DRAFT" in (data / "README.txt").read_text()


def test_a_plan_names_every_step_and_writes_nothing(deposit: Watch, tmp_path: Path) -> None:
    """--dry-run is the plan of the build, not another one."""
    source = deposit(make.demo_deposit)
    _, plan = plan_bag(source, tmp_path / "bag", BuildOptions())
    planned = {target for what, _, target in plan.steps() if what != "seal"}
    assert not (tmp_path / "bag").exists()
    build_bag(source, tmp_path / "bag")
    made = {
        f"data/{path.relative_to(tmp_path / 'bag/data')}"
        for path in (tmp_path / "bag/data").rglob("*")
        if path.is_file()
    }
    assert planned == made


@pytest.mark.parametrize("compression", ["deflate", "lzw", "zstd"])
def test_compressed_copies_hold_the_same_planes(deposit: Watch, tmp_path: Path, compression: str) -> None:
    """Every offered compression is lossless, and the bag proves it."""
    result = build_bag(deposit(make.demo_deposit), tmp_path / "bag", BuildOptions(compression=compression))
    assert result.report.summary["planes_proven"] == 16
    assert validate_bag(tmp_path / "bag", pixels=True).verdict is Verdict.VALID


def test_a_destination_that_exists_is_never_touched(deposit: Watch, tmp_path: Path) -> None:
    """Neither a folder nor a file nor a dangling link."""
    source = deposit(make.demo_deposit)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("folder", "file", "link"):
        with pytest.raises(CannotFinish, match="already exists"):
            build_bag(source, tmp_path / name)


def test_a_destination_inside_the_deposit_is_refused(deposit: Watch) -> None:
    """The deposit is never written to, by whatever way the path leads there."""
    source = deposit(make.demo_deposit)
    for place in (source / "bag", source / "planes" / ".." / "bag"):
        with pytest.raises(CannotFinish, match="inside the deposit"):
            build_bag(source, place)


def test_a_damaged_conversion_fails_the_build(deposit: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plane that reads back differently stops the build and names the plane; only what can be resumed is kept."""
    import numpy as np
    from tifffile import TiffPage

    source = deposit(make.demo_deposit)
    monkeypatch.setattr("confocal_bag.image.worker.process.is_inside", lambda: True)
    honest = TiffPage.asarray

    def flipped(page: TiffPage, *args: object, **options: object) -> object:
        pixels = honest(page, *args, **options)  # type: ignore[arg-type]
        if page.index == 3 and page.parent.filename.endswith(".partial"):
            pixels = np.array(pixels)
            pixels[0, 0] ^= 1
        return pixels

    monkeypatch.setattr(TiffPage, "asarray", flipped)
    with pytest.raises(CannotFinish, match=r"C=1.*Z=1|Z=1.*C=1"):
        build_bag(source, tmp_path / "bag")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".bag.confocal-bag-staging", "deposit"]
