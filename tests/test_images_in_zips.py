"""Images in zip files and OME-Zarr folders of a deposit become OME-TIFFs of the bag, and are proven again from it."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha1
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.bag.writing.staging import staging_path
from confocal_bag.build import BuildOptions, BuildResult, build_bag, plan_bag
from confocal_bag.findings import Finding, Report, Severity, Verdict
from confocal_bag.image.file_names import safe_stem
from confocal_bag.image.model import UnreadableImage
from confocal_bag.image.sidecar_check import read_sidecar
from confocal_bag.image.synthetic import cell_stack
from confocal_bag.validate import Depth, validate_bag
from tests import make
from tests.image.synthetic_lif import LifImage, write_lif
from tests.image.synthetic_oif import write_oif
from tests.image.synthetic_ome import write_set
from tests.image.synthetic_zarr import stack, write_zarr
from tests.recording import Ran

Watch = Callable[[Callable[[Path], Path]], Path]

DRAFT = BuildOptions(draft=True)


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    """A zip file with these members."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def below(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def names(folder: Path) -> list[str]:
    """The names of the files below a folder; none where it is not there."""
    return list(below(folder))


def lsm(folder: Path, *, planes: int = 3) -> bytes:
    """A z-stack in a vendor's format."""
    return make.lsm(folder / "one.lsm", planes=planes).read_bytes()


def deposit_of(members: Mapping[str, bytes], name: str = "scans.zip") -> Callable[[Path], Path]:
    """Makes a described deposit with one zip file more."""

    def maker(folder: Path) -> Path:
        described(folder)
        zipped(folder / name, members)
        return folder

    return maker


def described(folder: Path) -> Path:
    """The demonstration deposit, whose deposit.yaml speaks of zip files besides."""
    make.demo_deposit(folder)
    path = folder / "deposit.yaml"
    entry = '  - {path: "**/*.zip", acquisition: a1, description: "Scans as the microscope wrote them"}\nnaming:'
    path.write_text(path.read_text().replace("naming:", entry))
    return folder


def of_rule(report: Report, rule: str) -> list[Finding]:
    """What one rule found."""
    return [one for one in report.findings if one.rule == rule]


def errors(report: Report) -> list[tuple[str, str | None]]:
    """The rules that found errors, and where."""
    return [(one.rule, one.path) for one in report.findings if one.severity is Severity.ERROR]


def migrations(bag: Path) -> list[dict[str, Any]]:
    """The migration events of a bag."""
    lines = (bag / "data/metadata/events.jsonl").read_text().splitlines()
    return [event for event in map(json.loads, lines) if event["type"] == "migration"]


def built(source: Path, bag: Path, options: BuildOptions = DRAFT) -> BuildResult:
    """A bag that was built and that nothing is left beside."""
    before = {path.name for path in bag.parent.iterdir()}
    result = build_bag(source, bag, options)
    assert {path.name for path in bag.parent.iterdir()} == before | {bag.name}
    return result


def test_a_vendors_image_in_a_zip_is_converted_and_proven(deposit: Watch, tmp_path: Path) -> None:
    """The zip stays as it came; the copy, both sidecars and every plane are those of the image outside a zip."""
    source = deposit(deposit_of({"day 1/cells.lsm": lsm(tmp_path), "notes.txt": b"notes"}))
    result = built(source, tmp_path / "bag", BuildOptions())
    data = tmp_path / "bag/data"
    assert result.report.summary["series_converted"] == 2
    assert (data / "raw/scans.zip").read_bytes() == (source / "scans.zip").read_bytes()
    assert names(data / "transformed/scans.zip") == ["day 1/cells.lsm.ome.tiff"]
    raw = read_sidecar((data / "metadata/ome/raw/scans.zip/day 1/cells.lsm.ome.xml").read_bytes())
    copy = read_sidecar((data / "metadata/ome/transformed/scans.zip/day 1/cells.lsm.ome.tiff.ome.xml").read_bytes())
    values = cell_stack(planes=3, size=24)
    expected = {(0, c, z): sha1(values[z, c].tobytes()).hexdigest() for z in range(3) for c in range(2)}
    assert raw.images[0].plane_hashes == copy.images[0].plane_hashes == expected
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert (report.verdict, errors(report)) == (Verdict.VALID, [])


def test_the_bag_says_where_the_image_came_from(deposit: Watch, tmp_path: Path) -> None:
    """In events, inventory, readme and sidecar: the zip file and the path in it."""
    source = deposit(deposit_of({"day1/cells.lsm": lsm(tmp_path)}))
    built(source, tmp_path / "bag", BuildOptions())
    data = tmp_path / "bag/data"
    (event,) = [one for one in migrations(tmp_path / "bag") if "zip" in one["detail"]]
    first, second = event["objects"]
    assert (first["path"], first["member"], first["role"]) == ("data/raw/scans.zip", "day1/cells.lsm", "source")
    assert (second["path"], "member" in second) == ("data/transformed/scans.zip/day1/cells.lsm.ome.tiff", False)
    assert "6 planes read again" in event["outcome"]
    rows = {row["path"]: row for row in csv.DictReader(io.StringIO((data / "metadata/inventory.csv").read_text()))}
    assert rows["data/raw/scans.zip"]["origin"] == "scans.zip"
    copy = rows[second["path"]]
    assert copy["reason"] == "converted from raw/scans.zip!/day1/cells.lsm; 6 planes equal"
    assert (copy["origin"], copy["tier"], copy["dimensions"] != "") == ("", "transformed", True)
    readme = (data / "readme/README.txt").read_text()
    assert "data/raw/scans.zip!/day1/cells.lsm\n" in readme
    assert "-> data/transformed/scans.zip/day1/cells.lsm.ome.tiff" in readme
    sidecar = (data / "metadata/ome/raw/scans.zip/day1/cells.lsm.ome.xml").read_text()
    assert "data/raw/scans.zip!/day1/cells.lsm<" in sidecar


def test_images_of_several_files_and_series_are_converted_whole(deposit: Watch, tmp_path: Path) -> None:
    """An OIF with its folder, an OME-Zarr, a LIF of two series, in a zip file of a folder of the deposit."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_oif(folder / "a.oif", {"X": 6, "Y": 8, "C": 2, "Z": 3})
    write_zarr(folder / "deep/b.zarr", stack(1, 1, 2, 4, 4))
    pixels = np.arange(2 * 8 * 9, dtype="u1").reshape(2, 8, 9)
    write_lif(folder / "two.lif", [LifImage("a", "ZYX", pixels), LifImage("b", "ZYX", pixels + 1)])
    source = deposit(deposit_of(below(folder), "raw/day/s.zip"))
    built(source, tmp_path / "bag")
    data = tmp_path / "bag/data"
    assert names(data / "transformed/day/s.zip") == [
        "a.oif.ome.tiff",
        "deep/b.zarr.ome.tiff",
        "two.lif_s00.ome.tiff",
        "two.lif_s01.ome.tiff",
    ]
    assert names(data / "metadata/ome/raw/day/s.zip") == [
        "a.oif.ome.xml",
        "deep/b.zarr/.zattrs.ome.xml",
        "two.lif.ome.xml",
    ]
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert errors(report) == []
    assert of_rule(report, "tier.not-transformed") == []


def test_a_zipped_ome_zarr_is_converted_under_its_own_name(deposit: Watch, tmp_path: Path) -> None:
    """A .ozx is an image, and no folder of images."""
    write_zarr(tmp_path / "c.zarr", stack(1, 1, 2, 4, 4), zarr_format=3)
    source = deposit(deposit_of(below(tmp_path / "c.zarr"), "c.ozx"))
    built(source, tmp_path / "bag")
    assert (tmp_path / "bag/data/transformed/c.ozx.ome.tiff").is_file()
    assert errors(validate_bag(tmp_path / "bag", pixels=True)) == []


def test_tiffs_in_a_zip_are_described_where_they_lie(deposit: Watch, tmp_path: Path) -> None:
    """As loose ones, they are no vendor's format, and not converted; each image has its sidecar and digests."""
    folder = tmp_path / "in"
    make.plane_sequence(folder / "planes", planes=2)
    (folder / "set").mkdir()
    write_set(folder / "set", companion=True)
    source = deposit(deposit_of(below(folder)))
    result = built(source, tmp_path / "bag")
    data = tmp_path / "bag/data"
    assert result.report.summary["series_converted"] == 1
    assert not (data / "transformed/scans.zip").exists()
    described = names(data / "metadata/ome/raw/scans.zip")
    assert described[:2] == ["planes/stack_z001.tif.ome.xml", "planes/stack_z002.tif.ome.xml"]
    assert len(described) == 3
    whole = read_sidecar((data / "metadata/ome/raw/scans.zip" / described[2]).read_bytes())
    assert len(whole.images[0].plane_hashes) == 6
    assert errors(validate_bag(tmp_path / "bag", pixels=True)) == []


def test_an_ome_zarr_in_the_raw_tier_is_kept_and_converted(deposit: Watch, tmp_path: Path) -> None:
    """The folder as it came, an OME-TIFF beside its tier; elsewhere it is an open copy, and stays alone."""

    def maker(folder: Path) -> Path:
        make.demo_deposit(folder)
        write_zarr(folder / "raw/day/a.zarr", stack(1, 2, 3, 4, 4), zarr_format=3)
        write_zarr(folder / "b.zarr", stack(1, 1, 2, 4, 4))
        return folder

    source = deposit(maker)
    result = built(source, tmp_path / "bag")
    data = tmp_path / "bag/data"
    assert below(data / "raw/day/a.zarr") == below(source / "raw/day/a.zarr")
    assert names(data / "transformed/day") == ["a.zarr.ome.tiff"]
    assert not (data / "transformed/b.zarr.ome.tiff").exists()
    assert result.report.summary["planes_proven"] == 16 + 6
    sources = [event["objects"][0]["path"] for event in migrations(tmp_path / "bag")]
    assert sources == ["data/raw/fibroblasts.lsm", "data/raw/day/a.zarr/zarr.json"]
    assert errors(validate_bag(tmp_path / "bag", pixels=True)) == []


def test_an_ome_zarr_that_ome_tiff_cannot_hold_stays_alone(deposit: Watch, tmp_path: Path) -> None:
    """It is in an open format already, and no error."""

    def maker(folder: Path) -> Path:
        make.demo_deposit(folder)
        write_zarr(folder / "raw/a.zarr", stack(1, 1, 2, 4, 4).astype("i8"))
        return folder

    source = deposit(maker)
    _, plan = plan_bag(source, tmp_path / "bag", DRAFT)
    assert [str(one.source) for one in plan.conversions] == ["raw/fibroblasts.lsm"]


def test_a_zip_in_another_tier_is_described_and_not_converted(deposit: Watch, tmp_path: Path) -> None:
    """As a vendor's file there is not."""
    source = deposit(deposit_of({"cells.lsm": lsm(tmp_path)}, "processed/scans.zip"))
    built(source, tmp_path / "bag")
    data = tmp_path / "bag/data"
    assert not (data / "transformed/scans.zip").exists()
    assert names(data / "metadata/ome/processed/scans.zip") == ["cells.lsm.ome.xml"]
    assert errors(validate_bag(tmp_path / "bag", pixels=True)) == []


def spoil(content: bytes) -> bytes:
    """An LSM file with one sample changed."""
    return content[:8] + bytes([content[8] ^ 1]) + content[9:]


def test_a_changed_plane_in_a_zip_is_found(deposit: Watch, tmp_path: Path) -> None:
    """Whatever the manifests say: the zip is unpacked, and each plane hashed again."""
    content = lsm(tmp_path)
    built(deposit(deposit_of({"day1/cells.lsm": content, "b.lsm": content})), tmp_path / "bag")
    zipped(tmp_path / "bag/data/raw/scans.zip", {"day1/cells.lsm": spoil(content), "b.lsm": content})
    report = validate_bag(tmp_path / "bag", pixels=True)
    (found,) = of_rule(report, "image.planes-differ")
    assert found.path == "data/raw/scans.zip!/day1/cells.lsm"
    assert "data/raw/scans.zip!/day1/cells.lsm" in found.message
    assert of_rule(validate_bag(tmp_path / "bag"), "image.planes-differ") == []


def test_an_image_that_is_gone_from_a_zip_is_found(deposit: Watch, tmp_path: Path) -> None:
    """By its sidecar; with the zip file the sidecar is an orphan."""
    built(deposit(deposit_of({"cells.lsm": lsm(tmp_path)})), tmp_path / "bag")
    path = zipped(tmp_path / "bag/data/raw/scans.zip", {"other.txt": b"other"})
    report = validate_bag(tmp_path / "bag", pixels=True)
    for rule in ("image.planes-differ", "image.sidecar-contradicts"):
        (found,) = of_rule(report, rule)
        assert found.path == "data/raw/scans.zip!/cells.lsm"
        assert "data/raw/scans.zip has no member cells.lsm" in found.message
        assert str(tmp_path) not in found.message
    path.unlink()
    (orphan,) = of_rule(validate_bag(tmp_path / "bag"), "image.sidecar-orphan")
    assert orphan.path == "data/metadata/ome/raw/scans.zip/cells.lsm.ome.xml"


def test_an_image_that_was_cut_short_in_a_zip_is_found(deposit: Watch, tmp_path: Path) -> None:
    """What is said of it names its place in the bag, and no private folder."""
    content = lsm(tmp_path)
    built(deposit(deposit_of({"cells.lsm": content})), tmp_path / "bag")
    zipped(tmp_path / "bag/data/raw/scans.zip", {"cells.lsm": content[:-2000]})
    report = validate_bag(tmp_path / "bag", pixels=True)
    for rule in ("image.planes-differ", "image.sidecar-contradicts"):
        (found,) = of_rule(report, rule)
        assert found.message.count("data/raw/scans.zip!/cells.lsm") == 2
        assert "confocal-bag-members" not in found.message


def test_a_vendors_image_in_a_zip_without_its_copy_is_noticed(deposit: Watch, tmp_path: Path) -> None:
    """As a loose one is."""
    built(deposit(deposit_of({"cells.lsm": lsm(tmp_path)})), tmp_path / "bag")
    assert of_rule(validate_bag(tmp_path / "bag"), "tier.not-transformed") == []
    shutil.rmtree(tmp_path / "bag/data/metadata/ome/transformed/scans.zip")
    (found,) = of_rule(validate_bag(tmp_path / "bag"), "tier.not-transformed")
    assert found.path == "data/raw/scans.zip!/cells.lsm"


def test_a_packed_bag_is_proven_too(deposit: Watch, tmp_path: Path) -> None:
    """The zip file in the zip file is unpacked when pixels are asked for, and left alone otherwise."""
    built(deposit(deposit_of({"cells.lsm": lsm(tmp_path)})), tmp_path / "bag")
    serialize_bag(tmp_path / "bag", tmp_path / "bag.zip")
    for pixels, depth in ((True, Depth.FULL), (False, Depth.FULL), (False, Depth.FAST)):
        assert errors(validate_bag(tmp_path / "bag.zip", pixels=pixels, depth=depth)) == []


def encrypted(path: Path, name: str) -> None:
    """Mark a member as encrypted, in both places where a zip file says so."""
    content = bytearray(path.read_bytes())
    for sign, flags, name_at in ((b"PK\3\4", 6, 30), (b"PK\1\2", 8, 46)):
        at = content.find(sign)
        while content[at + name_at : at + name_at + len(name)] != name.encode():
            at = content.find(sign, at + 1)
        content[at + flags] |= 1
    path.write_bytes(content)


def test_members_that_cannot_be_had_keep_nothing_else_from_the_bag(deposit: Watch, tmp_path: Path) -> None:
    """Encrypted, truncated, damaged in the zip, and an archive in the archive: a draft converts the sound one."""
    content = lsm(tmp_path)
    inner = zipped(tmp_path / "inner.zip", {"deep.lsm": content}).read_bytes()
    noise = np.random.default_rng(1).bytes(4000)

    def maker(folder: Path) -> Path:
        described(folder)
        members = {"good.lsm": content, "secret.lsm": content, "cut.lsm": content[:-2000], "more.zip": inner}
        path = zipped(folder / "scans.zip", {**members, "z.tif": noise})
        encrypted(path, "secret.lsm")
        path.write_bytes(path.read_bytes().replace(noise[:64], noise[64:128]))
        return folder

    source = deposit(maker)
    assert build_bag(source, tmp_path / "refused", BuildOptions()).bag is None
    result = built(source, tmp_path / "bag")
    data = tmp_path / "bag/data"
    assert names(data / "transformed/scans.zip") == ["good.lsm.ome.tiff"]
    assert names(data / "metadata/ome/raw/scans.zip") == ["good.lsm.ome.xml"]
    (members,) = of_rule(result.report, "deposit.archive-unreadable")
    assert "secret.lsm: it is encrypted" in members.message
    assert [one.path for one in of_rule(result.report, "image.unreadable-in-archive")] == ["scans.zip!/cut.lsm"]
    (nested,) = of_rule(result.report, "deposit.archive-nested")
    assert "scans.zip!/more.zip" in nested.message
    assert errors(validate_bag(tmp_path / "bag", pixels=True)) == []


def test_an_image_that_fails_while_it_is_converted_is_a_finding(
    deposit: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its place in the zip; nobody is told of private folders; no sidecar claims what was not read."""
    from confocal_bag.image import convert

    honest = convert.convert_image

    def fail(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "bad.lsm":
            raise UnreadableImage(f"{path} is damaged in plane 3.")
        return honest(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(convert, "convert_image", fail)
    content = lsm(tmp_path)
    source = deposit(deposit_of({"bad.lsm": content, "good.lsm": content}))
    refused = build_bag(source, tmp_path / "refused", BuildOptions())
    assert (refused.bag, errors(refused.report)) == (None, [("image.unreadable-in-archive", "scans.zip!/bad.lsm")])
    result = built(source, tmp_path / "bag")
    (found,) = of_rule(result.report, "image.unreadable-in-archive")
    assert (found.path, found.severity) == ("scans.zip!/bad.lsm", Severity.WARNING)
    assert found.message == "scans.zip!/bad.lsm is damaged in plane 3."
    assert result.report.summary["images_without_proof"] == 1
    data = tmp_path / "bag/data"
    assert names(data / "transformed/scans.zip") == ["good.lsm.ome.tiff"]
    assert names(data / "metadata/ome/raw/scans.zip") == ["good.lsm.ome.xml"]
    kept = json.loads((data / "metadata/findings.json").read_text())
    assert "scans.zip!/bad.lsm" in [one["path"] for one in kept["findings"]]


def test_names_that_a_bag_cannot_hold_stay_in_the_zip(deposit: Watch, tmp_path: Path) -> None:
    """Each is a finding; what has a fit name is converted."""
    content = lsm(tmp_path)
    long = "x" * 245 + ".lsm"
    source = deposit(deposit_of({"a.lsm": content, "A.LSM": content, "b\\..\\c.lsm": content, long: content}))
    result = built(source, tmp_path / "bag", BuildOptions())
    found = of_rule(result.report, "image.unfit-name-in-archive")
    assert [one.path for one in found] == ["scans.zip!/a.lsm", "scans.zip!/b\\..\\c.lsm", f"scans.zip!/{long}"]
    assert "some systems cannot tell it from A.LSM" in found[0].message
    assert names(tmp_path / "bag/data/transformed/scans.zip") == ["A.LSM.ome.tiff"]
    assert errors(validate_bag(tmp_path / "bag", pixels=True)) == []


def test_awkward_names_are_made_safe_for_the_copies(deposit: Watch, tmp_path: Path) -> None:
    """No two copies meet, whatever the members are called."""
    content = lsm(tmp_path)
    pixels = np.arange(2 * 8 * 9, dtype="u1").reshape(2, 8, 9)
    write_lif(tmp_path / "a.lif", [LifImage("a", "ZYX", pixels), LifImage("b", "ZYX", pixels + 1)])
    members = {"a:b/c.lsm": content, "a?b/c.lsm": content, "line\nend.lsm": content, "a.lif_s00": content}
    source = deposit(deposit_of({**members, "a.lif": (tmp_path / "a.lif").read_bytes()}, "all.zarr"))
    built(source, tmp_path / "bag")
    made = [PurePosixPath(one) for one in names(tmp_path / "bag/data/transformed/all.zarr.unpacked")]
    assert len(made) == 6
    assert not any(set('?:\n"') & set(str(one)) for one in made)
    assert PurePosixPath("2/a.lif_s00.ome.tiff") in made or PurePosixPath("2/a.lif_s01.ome.tiff") in made
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert errors(report) == []
    assert of_rule(report, "tier.not-transformed") == []


def test_every_system_can_unpack_a_bag_whatever_members_are_called(deposit: Watch, tmp_path: Path) -> None:
    """No name of the bag is one that Windows refuses; the sidecars say the true names, and are found to be theirs."""
    content = lsm(tmp_path)
    members = ["con/aux.lsm", "new\nline.lsm", "trail./b.lsm", "a:b.lsm", ".hidden.lsm", "plain/c.lsm"]
    folder = tmp_path / "in"
    write_zarr(folder / "x?y.zarr", stack(1, 1, 2, 4, 4))
    source = deposit(deposit_of({**dict.fromkeys(members, content), **below(folder)}, "raw/scans.zip"))
    result = built(source, tmp_path / "bag")
    paths = [PurePosixPath(one) for one in names(tmp_path / "bag/data")]
    assert {part: safe_stem(part) for path in paths for part in path.parts if part != ".zattrs.ome.xml"} == {
        part: part for path in paths for part in path.parts if part != ".zattrs.ome.xml"
    }
    assert result.report.summary["series_converted"] == 1 + len(members) + 1
    sidecars = below(tmp_path / "bag/data/metadata/ome/raw/scans.zip")
    assert "plain/c.lsm.ome.xml" in sidecars
    assert sum(b"data/raw/scans.zip!/con/aux.lsm<" in text for text in sidecars.values()) == 1
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert errors(report) == []
    for rule in ("image.sidecar-missing", "image.not-proven", "tier.not-transformed"):
        assert of_rule(report, rule) == []


def test_bags_whose_sidecars_have_the_members_own_names_are_proven(deposit: Watch, tmp_path: Path) -> None:
    """As earlier versions named them."""
    content = lsm(tmp_path)
    built(deposit(deposit_of({"a:b.lsm": content}, "raw/scans.zip")), tmp_path / "bag")
    folder = tmp_path / "bag/data/metadata/ome/raw/scans.zip"
    (sidecar,) = folder.iterdir()
    sidecar.rename(folder / "a:b.lsm.ome.xml")
    report = validate_bag(tmp_path / "bag", pixels=True)
    for rule in ("image.sidecar-missing", "image.not-proven", "image.planes-differ", "image.sidecar-contradicts"):
        assert of_rule(report, rule) == []
    zipped(tmp_path / "bag/data/raw/scans.zip", {"a:b.lsm": spoil(content)})
    assert len(of_rule(validate_bag(tmp_path / "bag", pixels=True), "image.planes-differ")) == 1


def test_what_a_killed_build_left_unpacked_is_deleted(deposit: Watch, tmp_path: Path) -> None:
    """The folder beside the bag is made anew, and gone afterwards."""
    source = deposit(deposit_of({"cells.lsm": lsm(tmp_path)}))
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    staging = staging_path(shelf / "bag").name
    left = shelf / f"{staging.removesuffix('staging')}members"
    (left / "tmp1").mkdir(parents=True)
    (left / "tmp1/cells.lsm").write_bytes(b"left")
    build_bag(source, shelf / "bag", DRAFT)
    assert [path.name for path in shelf.iterdir()] == ["bag"]


def test_a_stopped_build_takes_conversions_from_zips_over(
    deposit: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With their proof; nothing is converted twice."""
    source = deposit(deposit_of({"cells.lsm": lsm(tmp_path)}))
    with monkeypatch.context() as stopped:
        stopped.setattr("confocal_bag.build.write_sidecars", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build_bag(source, tmp_path / "bag", DRAFT)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith("members")]
    monkeypatch.setattr("confocal_bag.image.convert.convert_image", None)  # would fail if it were called
    assert build_bag(source, tmp_path / "bag", DRAFT).report.summary["planes_proven"] == 16 + 6
    assert errors(validate_bag(tmp_path / "bag", pixels=True)) == []


def test_a_chunk_that_changed_after_a_build_was_stopped_is_converted_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file at the top of the OME-Zarr is the same; what is in the folder counts."""
    source = make.demo_deposit(tmp_path / "deposit")
    values = stack(1, 1, 2, 4, 4)
    write_zarr(source / "raw/a.zarr", values)
    with monkeypatch.context() as stopped:
        stopped.setattr("confocal_bag.build.write_sidecars", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build_bag(source, tmp_path / "bag", DRAFT)
    chunks = sorted(path for path in (source / "raw/a.zarr/0").rglob("*") if path.name.isdecimal() and path.is_file())
    chunks[0].write_bytes(chunks[1].read_bytes())
    build_bag(source, tmp_path / "bag", DRAFT)
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert errors(report) == []
    copy = read_sidecar((tmp_path / "bag/data/metadata/ome/transformed/a.zarr.ome.tiff.ome.xml").read_bytes())
    assert set(copy.images[0].plane_hashes.values()) == {sha1(values[0, 0, 1].tobytes()).hexdigest()}


def test_zips_that_are_kept_elsewhere_are_converted_all_the_same(deposit: Watch, tmp_path: Path) -> None:
    """From the deposit; the bag has the copy and both sidecars, and looks at what it has."""
    source = deposit(deposit_of({"cells.lsm": lsm(tmp_path)}))
    built(source, tmp_path / "bag", BuildOptions(draft=True, raw_url="https://example.org/raw"))
    data = tmp_path / "bag/data"
    assert not (data / "raw/scans.zip").exists()
    assert names(data / "transformed/scans.zip") == ["cells.lsm.ome.tiff"]
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert of_rule(report, "image.sidecar-orphan") + of_rule(report, "image.planes-differ") == []


def test_personal_data_of_images_in_zips_are_told_and_left_out(deposit: Watch, tmp_path: Path) -> None:
    """In findings, in the log of events and in the readme, by their place in the zip."""
    source = deposit(deposit_of({"cells.lsm": lsm(tmp_path)}))
    result = built(source, tmp_path / "bag", BuildOptions())
    assert "scans.zip!/cells.lsm" in [one.path for one in of_rule(result.report, "privacy.free-text")]
    lines = (tmp_path / "bag/data/metadata/events.jsonl").read_text().splitlines()
    redacted = [event["objects"][0] for event in map(json.loads, lines) if event["type"] == "redaction"]
    assert {"path": "data/raw/scans.zip", "member": "cells.lsm", "role": "source"} in redacted
    assert "data/raw/scans.zip!/cells.lsm, left out" in (tmp_path / "bag/data/readme/README.txt").read_text()


def test_a_zip_of_vendors_images_will_have_transformed_files(tmp_path: Path, run: Callable[..., Ran]) -> None:
    """The practice levels ask for them; a zip of tables will not have any."""
    for name, members, missing in (("a", {"cells.lsm": lsm(tmp_path)}, False), ("b", {"t.csv": b"a,b\n"}, True)):
        zipped(tmp_path / name / "scans.zip", members)
        document = json.loads(run("inspect", "--format", "json", tmp_path / name).out)
        wanted = [one["message"] for one in document["level"]["missing"]["most-reproducible"]]
        assert any("no transformed files" in one for one in wanted) is missing


def test_the_plan_names_what_is_made_of_a_zip(deposit: Watch, tmp_path: Path) -> None:
    """--dry-run is the plan of the build, here too."""
    source = deposit(deposit_of({"day1/cells.lsm": lsm(tmp_path)}))
    _, plan = plan_bag(source, tmp_path / "bag", DRAFT)
    steps = list(plan.steps())
    copy = "data/transformed/scans.zip/day1/cells.lsm.ome.tiff"
    assert ("convert", "data/raw/scans.zip!/day1/cells.lsm", copy) in steps
    planned = {target for what, _, target in steps if what != "seal"}
    built(source, tmp_path / "bag")
    assert planned == {f"data/{name}" for name in names(tmp_path / "bag/data")}


def test_depositors_files_are_not_in_the_way_of_the_copies(deposit: Watch, tmp_path: Path) -> None:
    """Neither a file of the folder's name, nor a sidecar of the same place."""

    def maker(folder: Path) -> Path:
        deposit_of({"cells.lsm": lsm(tmp_path)}, "raw/scans.zip")(folder)
        zipped(folder / "transformed/scans.zip", {"notes.txt": b"notes"})
        other = folder / "metadata/ome/raw/scans.zip/cells.lsm.ome.xml"
        other.parent.mkdir(parents=True)
        other.write_text("<mine/>")
        return folder

    built(deposit(maker), tmp_path / "bag")
    data = tmp_path / "bag/data"
    assert names(data / "transformed/scans.zip") == ["cells.lsm.ome.tiff"]
    assert (data / "transformed/depositor/scans.zip").is_file()
    assert (data / "metadata/depositor/ome/raw/scans.zip/cells.lsm.ome.xml").read_text() == "<mine/>"


def test_the_page_of_the_bag_shows_the_copies(deposit: Watch, tmp_path: Path, run: Callable[..., Ran]) -> None:
    """Each image of the zip beside its copy, all planes equal, and the copy among the pictures."""
    built(deposit(deposit_of({"cells.lsm": lsm(tmp_path)})), tmp_path / "bag")
    assert run("report", tmp_path / "bag", "-o", tmp_path / "page.html").code == 0
    page = (tmp_path / "page.html").read_text()
    assert "6 of 6" in page
    assert "data/raw/scans.zip/cells.lsm" in page
    assert page.count("scans.zip/cells.lsm.ome.tiff") >= 2
