"""Bags in a store are judged where they lie, and as strictly as bags on a disk."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.findings import CannotFinish, Outcome, Verdict
from confocal_bag.receiving import Judging, expand_names, judge_bags
from confocal_bag.remote import s3 as s3_module
from confocal_bag.remote.address import address_of
from confocal_bag.remote.s3 import S3Store
from confocal_bag.validate import validate_bag
from tests import make

if TYPE_CHECKING:
    from tests.recording import Ran


def test_a_bag_in_a_bucket_is_valid_as_on_the_disk(s3: Any, bag: Path) -> None:
    """The same rules run with the same outcome; only what lies beside a folder cannot be looked at."""
    s3.copy(bag, "2026/coral")
    here, there = validate_bag(bag), validate_bag("s3://shelf/2026/coral")
    assert here.verdict is there.verdict is Verdict.VALID
    assert here.checks == there.checks
    assert there.subject == "s3://shelf/2026/coral"
    assert there.summary["bytes_hashed"] == here.summary["bytes_hashed"]


def test_every_object_is_asked_for_once(s3: Any, bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte of the payload comes once over the wire, and tag files no more than twice."""
    s3.copy(bag, "coral")
    asked: Counter[str] = Counter()
    get = S3Store._range

    def counting(self: S3Store, entry: Any, start: int, end: int) -> bytes:
        asked[entry.name] += end - start
        return get(self, entry, start, end)

    monkeypatch.setattr(S3Store, "_range", counting)
    validate_bag("s3://shelf/coral", jobs=3)
    assert asked["data/raw/a.txt"] == 600
    assert asked["data/raw/b c+d.txt"] == 5


def test_one_corrupted_object_is_found(s3: Any, bag: Path) -> None:
    """A changed byte is a wrong checksum; a missing object a missing file; a new one an unlisted file."""
    s3.copy(bag, "coral")
    s3.put("coral/data/raw/b c+d.txt", b"Polyp")
    report = validate_bag("s3://shelf/coral")
    assert {(one.rule, one.path) for one in report.findings} == {("bag.file-changed", "data/raw/b c+d.txt")}
    s3.delete("coral/data/raw/b c+d.txt")
    s3.put("coral/data/new", b"")
    rules = {one.rule for one in validate_bag("s3://shelf/coral").findings}
    assert {"bag.file-missing", "bag.file-unlisted"} <= rules


@pytest.mark.parametrize("name", ["data/../../etc/passwd", "data//x", "/data/x", "data/./x", "data/x/", "~/x"])
def test_a_hostile_object_name_is_reported_and_its_object_never_read(s3: Any, bag: Path, name: str) -> None:
    """A name that no file of a folder can have is an error, whatever the object holds."""
    s3.copy(bag, "coral")
    s3.put(f"coral/{name}", b"content")
    report = validate_bag("s3://shelf/coral")
    assert report.verdict is Verdict.INVALID
    assert any(one.rule == "bag.irregular-file" and one.path == name for one in report.findings)


def test_an_object_with_the_name_of_a_folder_is_reported(s3: Any, bag: Path) -> None:
    """A bucket can hold both data/raw and data/raw/a.txt; no disk can."""
    s3.copy(bag, "coral")
    s3.put("coral/data/raw", b"content")
    paths = {one.path for one in validate_bag("s3://shelf/coral").findings if one.rule == "bag.irregular-file"}
    assert paths == {"data/raw"}


def test_a_folder_marker_is_no_file(s3: Any, bag: Path) -> None:
    """Consoles make empty objects that end in a slash to show folders."""
    s3.copy(bag, "coral")
    s3.put("coral/", b"")
    s3.put("coral/data/raw/", b"")
    assert validate_bag("s3://shelf/coral").verdict is Verdict.VALID


def test_an_object_replaced_while_it_is_read_is_no_mixture(s3: Any, bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was listed is what is read, or it is said that it was not."""
    s3.copy(bag, "coral")
    get = S3Store._range

    def replacing(self: S3Store, entry: Any, start: int, end: int) -> bytes:
        if entry.name.endswith("a.txt"):
            s3.put("coral/data/raw/a.txt", b"another")
        return get(self, entry, start, end)

    monkeypatch.setattr(S3Store, "_range", replacing)
    report = validate_bag("s3://shelf/coral")
    assert any("replaced while it was being read" in one.message for one in report.findings)


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz"])
def test_an_archive_in_a_bucket_is_read_without_a_download(
    s3: Any, bag: Path, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written to this machine, and damage inside the archive is found."""
    archive = tmp_path / f"coral{ending}"
    serialize_bag(bag, archive)
    s3.put(archive.name, archive.read_bytes())
    archive.unlink()
    report = validate_bag(f"s3://shelf/{archive.name}")
    assert report.verdict is Verdict.VALID, report.findings
    assert [one.outcome for one in report.checks if one.rule == "bag.archive-damaged"] == [Outcome.PASSED]
    content = bytearray(s3.get(archive.name))
    content[len(content) // 2] ^= 0xFF
    s3.put(archive.name, bytes(content))
    assert validate_bag(f"s3://shelf/{archive.name}").verdict is Verdict.INVALID


def test_nothing_at_an_address_is_said_in_a_sentence(s3: Any) -> None:
    """A slip of the pen is no valid bag and no crash."""
    with pytest.raises(CannotFinish, match=r"nothing at s3://shelf/corall; check the address"):
        validate_bag("s3://shelf/corall")
    with pytest.raises(CannotFinish, match=r"s3://no-such-bucket/coral cannot be listed: .+\. Check the address"):
        validate_bag("s3://no-such-bucket/coral")


def test_without_credentials_a_sentence_says_so(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """They come from the environment or ~/.aws, and from nowhere else."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CannotFinish, match=r"cannot be listed: .*credentials.*in the environment or in ~/.aws"):
        validate_bag("s3://shelf/coral")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sftp://me:secret@host/coral", "holds a password"),
        ("s3://shelf/coral::zip://x", "chains several addresses"),
        ("s3:///coral", "names no bucket"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address: str, said: str) -> None:
    """A password would end up in reports, so it is not even repeated here."""
    with pytest.raises(CannotFinish, match=said) as caught:
        address_of(address)
    assert "secret" not in str(caught.value)


def test_what_lies_here_under_such_a_name_is_meant_first(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder called `s3:` is still a folder."""
    (tmp_path / "s3:").mkdir()
    bag.rename(tmp_path / "s3:" / "coral")
    monkeypatch.chdir(tmp_path)
    assert validate_bag(Path("s3:/coral")).verdict is Verdict.VALID


def test_a_bag_in_memory_is_judged_too(memory: Callable[[str, bytes], None], bag: Path) -> None:
    """Any store that fsspec knows and that lists its files will do."""
    for path in bag.rglob("*"):
        if path.is_file():
            memory(f"/shelf/coral/{path.relative_to(bag)}", path.read_bytes())
    assert validate_bag("memory://shelf/coral").verdict is Verdict.VALID
    memory("/shelf/coral/data/raw/a.txt", b"changed")
    assert validate_bag("memory://shelf/coral").verdict is Verdict.INVALID


def test_the_command_takes_addresses(s3: Any, bag: Path, run: "Callable[..., Ran]") -> None:
    """Also several of them, of which one does not exist."""
    s3.copy(bag, "coral")
    ran = run("validate", "s3://shelf/coral", "--format", "json")
    assert ran.code == 0
    assert '"subject": "s3://shelf/coral"' in ran.out


def test_several_addresses_are_judged_at_once(s3: Any, bag: Path) -> None:
    """One that is not there does not keep the others from being judged."""
    s3.copy(bag, "one*[1]")
    s3.copy(bag, "two")
    bags = expand_names([Path("s3://shelf/one*[1]"), Path("s3://shelf/two"), Path("s3://shelf/three")])
    verdicts = {str(one.bag): one.report.verdict for one in judge_bags(bags, Judging(), jobs=2)}
    assert verdicts == {
        "s3:/shelf/one*[1]": Verdict.VALID,
        "s3:/shelf/two": Verdict.VALID,
        "s3:/shelf/three": Verdict.INCOMPLETE,
    }


def test_a_listing_without_end_is_not_read_to_its_end(s3: Any, bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile listing cannot fill the memory."""
    s3.copy(bag, "coral")
    monkeypatch.setattr(s3_module, "MAX_OBJECTS", 3)
    with pytest.raises(CannotFinish, match="holds more than the 3 objects that are listed of one"):
        validate_bag("s3://shelf/coral")


def test_the_pixels_of_a_bag_in_a_bucket_can_be_proven(s3: Any, tmp_path: Path, run: "Callable[..., Ran]") -> None:
    """Images are fetched for the while, and the outcome is that of the bag on the disk."""
    deposit, built = make.small_deposit(tmp_path / "deposit"), tmp_path / "built"
    assert (
        run(
            "build", deposit, built, "--draft", "--override-privacy", "testing without people", "--fail-on", "never"
        ).code
        == 0
    )
    s3.copy(built, "built")
    here, there = validate_bag(built, pixels=True), validate_bag("s3://shelf/built", pixels=True)
    assert here.summary["pixels_read"] is there.summary["pixels_read"] is True
    assert there.findings == here.findings
    assert validate_bag("s3://shelf/built").findings == validate_bag(built).findings
