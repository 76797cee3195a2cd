"""The commands pack and unpack, and validating a packed bag down to its pixels."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from confocal_bag import validate as validate_module
from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.build import build_bag
from confocal_bag.cli.pack import pack
from confocal_bag.cli.unpack import unpack
from confocal_bag.findings import CannotFinish, Check, Outcome, Report, Severity, Verdict
from confocal_bag.validate import validate_bag
from tests import make
from tests.bag.bags import make_bag, members, seal, write

#: Rules about images, which a look at the stream of an archive leaves out.
IMAGE_RULES = {"image.sidecar-missing", "image.sidecar-contradicts", "image.planes-differ", "tier.not-transformed"}
STREAM_RULES = {"tier.outside", "tier.no-readme", "image.sidecar-orphan", "image.sidecar-invalid"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One bag of the demonstration deposit, for all tests of this module."""
    folder = tmp_path_factory.mktemp("built")
    build_bag(make.demo_deposit(folder / "deposit"), folder / "bag")
    return folder / "bag"


@pytest.fixture
def bag(built: Path, tmp_path: Path) -> Path:
    """A copy of the bag to spoil."""
    return shutil.copytree(built, tmp_path / "bag")


def call(command: Callable[..., None], *arguments: object) -> Result:
    """Run one command as the command line does."""
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(one) for one in arguments])


def by_rule(report: Report) -> dict[str, Check]:
    """The checks of a report."""
    return {one.rule: one for one in report.checks}


def reseal(bag: Path) -> None:
    """Make every manifest agree with the files again, as somebody would who hides a change."""
    payload = {name: one for name, one in members(bag, "").items() if name.startswith("/data/")}
    for algorithm in ("sha256", "sha512"):
        lines = [f"{hashlib.new(algorithm, one).hexdigest()}  {name[1:]}\n" for name, one in payload.items()]
        write(bag / f"manifest-{algorithm}.txt", "".join(lines))
    info = [line for line in (bag / "bag-info.txt").read_text().splitlines() if not line.startswith("Payload-Oxum")]
    oxum = f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}"
    write(bag / "bag-info.txt", "".join(f"{line}\n" for line in [*info, oxum]))
    seal(bag, ("sha256", "sha512"))


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz"])
def test_a_bag_goes_into_an_archive_and_out_again(built: Path, tmp_path: Path, ending: str) -> None:
    """The size goes to standard error, the digests of the archive to standard output."""
    archive = tmp_path / f"bag{ending}"
    packed = call(pack, built, archive)
    assert packed.exit_code == 0, packed.output
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert f"sha256  {digest}  bag{ending}\n" in packed.stdout
    unpacked = call(unpack, archive, tmp_path)
    assert unpacked.exit_code == 0, unpacked.output
    assert members(tmp_path / "bag") == members(built)
    assert validate_bag(tmp_path / "bag", pixels=True).verdict is not Verdict.INVALID


def test_an_invalid_bag_is_not_packed(bag: Path, tmp_path: Path) -> None:
    """Its report says why, and the exit code is that of an invalid bag."""
    write(bag / "data/readme/README.txt", "changed")
    packed = call(pack, bag, tmp_path / "bag.zip")
    assert packed.exit_code == 1
    assert "Not packed: the bag is not valid." in packed.stderr
    assert "data/readme/README.txt" in packed.stdout
    assert not (tmp_path / "bag.zip").exists()


def test_what_cannot_be_packed_is_said_before_the_bag_is_read(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive that exists, and a name without a format."""
    monkeypatch.setattr(validate_module, "validate_bag", None)
    write(tmp_path / "bag.zip", b"precious")
    for name, sentence in (("bag.zip", "exists already"), ("bag.rar", "which archive is wanted")):
        packed = call(pack, bag, tmp_path / name)
        assert isinstance(packed.exception, CannotFinish)
        assert sentence in str(packed.exception)


def test_a_bag_to_be_completed_can_be_packed(tmp_path: Path) -> None:
    """It lacks nothing but what its fetch.txt names."""
    bag = make_bag(tmp_path / "bag", fetch=["https://example.org/a 6 data/a.txt"])
    (bag / "data/a.txt").unlink()
    assert call(pack, bag, tmp_path / "bag.zip").exit_code == 0
    assert (tmp_path / "bag.zip").exists()


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_a_packed_bag_is_validated_as_far_as_its_stream_allows(built: Path, tmp_path: Path, ending: str) -> None:
    """Tiers by their names and sidecars by their XML; what needs an image says that it was not looked at."""
    serialize_bag(built, tmp_path / f"bag{ending}")
    report = validate_bag(tmp_path / f"bag{ending}")
    checks = by_rule(report)
    assert {checks[one].outcome for one in STREAM_RULES} == {Outcome.PASSED}
    assert {checks[one].outcome for one in IMAGE_RULES} == {Outcome.SKIPPED}
    assert "--pixels" in (checks["image.sidecar-missing"].reason or "")


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_tiers_and_sidecars_of_a_packed_bag_are_looked_at(bag: Path, tmp_path: Path, ending: str) -> None:
    """A file beside the tiers and a sidecar that is no XML, in an archive whose checksums are all right."""
    write(bag / "data/stray.txt", b"stray")
    sidecar = next((bag / "data/metadata/ome").rglob("*.ome.xml"))
    write(sidecar, b"<OME")
    reseal(bag)
    serialize_bag(bag, tmp_path / f"bag{ending}")
    report = validate_bag(tmp_path / f"bag{ending}")
    errors = {one.rule for one in report.findings if one.severity is Severity.ERROR}
    assert errors >= {"tier.outside", "image.sidecar-invalid"}


def test_with_pixels_a_packed_bag_is_like_its_folder(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is unpacked for the while, privately, and nothing stays behind."""
    serialize_bag(built, tmp_path / "bag.zip")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    packed, folder = validate_bag(tmp_path / "bag.zip", pixels=True), validate_bag(built, pixels=True)
    for rule in IMAGE_RULES | STREAM_RULES:
        assert by_rule(packed)[rule] == by_rule(folder)[rule]
    assert by_rule(packed)["image.planes-differ"].outcome is Outcome.PASSED
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_changed_pixel_in_a_packed_bag_is_found(bag: Path, tmp_path: Path) -> None:
    """Although every checksum was made anew."""
    image = next((bag / "data/transformed").rglob("*.tif"))
    content = bytearray(image.read_bytes())
    content[-1] ^= 1
    write(image, bytes(content))
    reseal(bag)
    serialize_bag(bag, tmp_path / "bag.tar.gz")
    report = validate_bag(tmp_path / "bag.tar.gz", pixels=True)
    assert "image.planes-differ" in {one.rule for one in report.findings}
    assert "image.planes-differ" not in {one.rule for one in validate_bag(tmp_path / "bag.tar.gz").findings}


@pytest.mark.parametrize("pixels", [False, True])
def test_a_damaged_packed_bag_still_gets_its_report(built: Path, tmp_path: Path, *, pixels: bool) -> None:
    """A sidecar that cannot be read is a finding; with pixels, an invalid archive is not unpacked."""
    serialize_bag(built, tmp_path / "bag.tar")
    sidecar = next((built / "data/metadata/ome").rglob("*.ome.xml")).read_bytes()
    packed = (tmp_path / "bag.tar").read_bytes()
    write(tmp_path / "bag.tar", packed.replace(sidecar, b"!" * len(sidecar)))
    report = validate_bag(tmp_path / "bag.tar", pixels=pixels)
    assert report.verdict is Verdict.INVALID
    check = by_rule(report)["image.sidecar-invalid"]
    assert check.outcome is (Outcome.SKIPPED if pixels else Outcome.FAILED)
    assert not pixels or "was not unpacked" in (check.reason or "")


def test_an_archive_with_unsafe_members_is_not_opened_for_its_images(built: Path, tmp_path: Path) -> None:
    """Not even with pixels asked for."""
    serialize_bag(built, tmp_path / "bag.zip")
    with zipfile.ZipFile(tmp_path / "bag.zip", "a") as archive:
        archive.writestr("bag/../../evil.txt", b"evil")
    report = validate_bag(tmp_path / "bag.zip", pixels=True)
    assert report.verdict is Verdict.INVALID
    assert by_rule(report)["tier.outside"].outcome is Outcome.SKIPPED
    assert not list(tmp_path.parent.glob("evil.txt"))


@pytest.mark.parametrize("form", ["tar", "gztar", "zip"])
def test_an_archive_made_by_an_ordinary_tool_is_judged_by_its_bag(built: Path, tmp_path: Path, form: str) -> None:
    """Such archives hold an entry for the bag's own folder, with or without a slash, which is no stray file."""
    import shutil

    archive = Path(shutil.make_archive(str(tmp_path / built.name), form, built.parent, built.name))
    assert validate_bag(archive).verdict is Verdict.VALID
    assert validate_bag(archive, pixels=True).verdict is Verdict.VALID
