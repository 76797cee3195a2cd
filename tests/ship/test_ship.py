"""A bag sent somewhere arrives whole, is proven, is taken up again after an interruption, and overwrites nothing."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confocal_bag.bag.archives.serialize import serialize_bag
from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.remote import s3 as s3_module
from confocal_bag.remote.local import LocalStore
from confocal_bag.remote.multipart import _is_same
from confocal_bag.remote.s3 import S3Store
from confocal_bag.ship import Form, Order, Receipt, ship_bag
from confocal_bag.validate import validate_bag
from tests.bag.bags import make_bag

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.recording import Ran

MIB = 1 << 20


def shipped(bag: Path, destination: str, **order: Any) -> Receipt:
    """The receipt of a shipment that must succeed."""
    receipt = ship_bag(bag, destination, Order(**order)).receipt
    assert receipt is not None
    return receipt


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bag with a file that is sent in three parts."""
    monkeypatch.setattr(s3_module, "PART_BYTES", 5 * MIB)
    content = hashlib.shake_256(b"planes").digest(12 * MIB)
    return make_bag(tmp_path / "large", payload={"data/image.tif": content, "data/a.txt": b"a"})


def test_a_bag_arrives_in_a_bucket_and_is_valid_there(s3: Any, bag: Path) -> None:
    """Every file with its digests; the declaration last, so that half a bag is not taken for one."""
    receipt = shipped(bag, "s3://shelf/2026")
    assert receipt.destination == "s3://shelf/2026/coral"
    names = sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())
    assert s3.names() == [f"2026/coral/{name}" for name in names]
    assert [one.name for one in receipt.files][-1] == "bagit.txt"
    assert {one.proof for one in receipt.files} == {"checksum of the store"}
    for one in receipt.files:
        assert one.digests["sha256"] == hashlib.sha256((bag / one.name).read_bytes()).hexdigest()
    assert validate_bag("s3://shelf/2026/coral").verdict is Verdict.VALID


def test_a_second_shipment_sends_nothing(s3: Any, bag: Path) -> None:
    """What is there and the same is proven once more, and left alone."""
    shipped(bag, "s3://shelf")
    again = shipped(bag, "s3://shelf", read_back=True)
    assert not any(one.sent for one in again.files)
    assert {one.proof for one in again.files} == {"read back"}


def test_nothing_is_overwritten_without_being_told(s3: Any, bag: Path) -> None:
    """Neither a file of another size, nor one of the same, nor one the bag does not have."""
    shipped(bag, "s3://shelf")
    for content in (b"another", b"lypop"):
        s3.put("coral/data/raw/b c+d.txt", content)
        with pytest.raises(CannotFinish, match=r"b c\+d\.txt.*overwritten.*--replace"):
            shipped(bag, "s3://shelf")
        assert s3.get("coral/data/raw/b c+d.txt") == content
    s3.copy(bag, "coral")
    s3.put("coral/stranger", b"")
    with pytest.raises(CannotFinish, match=r"holds something else already \(stranger\)"):
        shipped(bag, "s3://shelf")


def test_an_object_that_appears_meanwhile_is_not_overwritten(
    s3: Any, bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store itself is told to take no object whose name is taken."""
    monkeypatch.setattr(S3Store, "entries", lambda self: iter(()))
    s3.put("coral/bagit.txt", b"mine")
    with pytest.raises(CannotFinish, match=r"bagit\.txt exists already and is never overwritten"):
        shipped(bag, "s3://shelf")
    assert s3.get("coral/bagit.txt") == b"mine"


def test_a_replaced_bag_is_the_new_one_and_nothing_else(s3: Any, bag: Path, tmp_path: Path) -> None:
    """Files that only the old bag had are removed, and the receipt names them."""
    shipped(bag, "s3://shelf")
    new = make_bag(tmp_path / "new" / "coral", payload={"data/raw/a.txt": b"new"})
    receipt = shipped(new, "s3://shelf", replace=True)
    assert "data/raw/b c+d.txt" in receipt.removed
    assert validate_bag("s3://shelf/coral").verdict is Verdict.VALID
    assert s3.get("coral/data/raw/a.txt") == b"new"


def test_what_is_no_bag_is_not_replaced(s3: Any, bag: Path) -> None:
    """--replace is for a bag; a folder of other things keeps them."""
    s3.put("coral/thesis.docx", b"years of work")
    with pytest.raises(CannotFinish, match=r"thesis\.docx and is no bag; --replace replaces a bag only"):
        shipped(bag, "s3://shelf", replace=True)
    assert s3.names() == ["coral/thesis.docx"]


def test_a_large_file_goes_in_parts_and_is_read_back(s3: Any, large: Path) -> None:
    """Of an object in parts S3 has no checksum of the whole."""
    receipt = shipped(large, "s3://shelf")
    proofs = {one.name: one.proof for one in receipt.files}
    assert proofs["data/image.tif"] == "read back"
    assert proofs["data/a.txt"] == "checksum of the store"
    assert s3.get("large/data/image.tif") == (large / "data/image.tif").read_bytes()
    assert not any(one.sent for one in shipped(large, "s3://shelf").files)


def test_parts_that_arrived_are_not_sent_again(s3: Any, large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted shipment leaves its parts in the store; the next one sends the others."""
    call = S3Store.call
    parts: list[int] = []

    def counting(self: S3Store, method: str, **arguments: Any) -> dict[str, Any]:
        if method == "upload_part":
            if parts == [1, 2]:
                parts.append(0)
                raise KeyboardInterrupt
            parts.append(arguments["PartNumber"])
        return call(self, method, **arguments)

    monkeypatch.setattr(S3Store, "call", counting)
    with pytest.raises(KeyboardInterrupt):
        shipped(large, "s3://shelf", jobs=1)
    assert "large/bagit.txt" not in s3.names()
    receipt = shipped(large, "s3://shelf", jobs=1)
    assert parts == [1, 2, 0, 3]
    assert [one.proof for one in receipt.files if one.name == "data/image.tif"] == ["read back"]
    assert s3.get("large/data/image.tif") == (large / "data/image.tif").read_bytes()


def test_a_part_that_is_not_of_this_file_is_sent_anew(s3: Any, large: Path) -> None:
    """An upload of the same name that somebody else began does not get into the file."""
    begun = s3.client.create_multipart_upload(Bucket="shelf", Key="large/data/image.tif", ChecksumAlgorithm="SHA256")
    s3.client.upload_part(
        Bucket="shelf",
        Key="large/data/image.tif",
        UploadId=begun["UploadId"],
        PartNumber=1,
        Body=bytes(5 * MIB),
        ChecksumAlgorithm="SHA256",
    )
    shipped(large, "s3://shelf")
    assert s3.get("large/data/image.tif") == (large / "data/image.tif").read_bytes()


def test_a_store_that_keeps_other_bytes_is_found_out(s3: Any, large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read back is compared, and a wrong copy does not stay."""
    get = S3Store._range

    def rotten(self: S3Store, entry: Any, start: int, end: int) -> bytes:
        content = get(self, entry, start, end)
        return b"\0" * len(content) if entry.name.endswith(".tif") else content

    monkeypatch.setattr(S3Store, "_range", rotten)
    with pytest.raises(CannotFinish, match=r"image\.tif was not what was sent when it was read back, and was removed"):
        shipped(large, "s3://shelf")
    assert not {"large/data/image.tif", "large/bagit.txt"} & set(s3.names())


@pytest.mark.parametrize("form", [Form.ZIP, Form.TAR, Form.TAR_GZ])
def test_a_bag_travels_as_an_archive(s3: Any, bag: Path, tmp_path: Path, form: Form) -> None:
    """The archive is made in a folder that is empty afterwards; a second run finds the same bytes there."""
    work = tmp_path / "work"
    work.mkdir()
    receipt = shipped(bag, "s3://shelf", form=form, work=work)
    assert [one.name for one in receipt.files] == [f"coral.{form}"]
    assert set(receipt.files[0].digests) == {"sha256", "sha512"}
    assert not list(work.iterdir())
    assert validate_bag(f"s3://shelf/coral.{form}").verdict is Verdict.VALID
    assert not shipped(bag, "s3://shelf", form=form, work=work).files[0].sent


def test_an_archive_is_sent_as_it_is(s3: Any, bag: Path, tmp_path: Path) -> None:
    """And not as anything else."""
    archive = tmp_path / "coral.tar"
    serialize_bag(bag, archive)
    assert shipped(archive, "s3://shelf").form == "tar"
    assert s3.get("coral.tar") == archive.read_bytes()
    with pytest.raises(CannotFinish, match="a tar already"):
        shipped(archive, "s3://shelf", form=Form.ZIP)


def test_the_profile_says_the_form(s3: Any, bag: Path, tmp_path: Path) -> None:
    """A profile that requires a tar gets one; what it does not accept is refused."""
    profile = tmp_path / "profile.json"
    document = {
        "BagIt-Profile-Info": {
            "BagIt-Profile-Identifier": "https://example.org/tar.json",
            "Source-Organization": "x",
            "External-Description": "x",
            "Version": "1",
        },
        "Serialization": "required",
        "Accept-Serialization": ["application/x-tar"],
        "Accept-BagIt-Version": ["1.0"],
    }
    profile.write_text(json.dumps(document), encoding="utf-8")
    assert shipped(bag, "s3://shelf", profiles=(str(profile),)).form == "tar"
    with pytest.raises(CannotFinish, match="travels as tar, not as folder"):
        shipped(bag, "s3://shelf", profiles=(str(profile),), form=Form.FOLDER)


def test_a_bag_that_is_not_valid_is_not_sent(s3: Any, bag: Path, run: "Callable[..., Ran]") -> None:
    """Its report says why, and nothing reaches the store."""
    (bag / "data/raw/a.txt").write_bytes(b"changed")
    ran = run("ship", bag, "s3://shelf")
    assert ran.code == 1
    assert "Not sent: the bag is not valid." in ran.err
    assert s3.names() == []


def test_a_file_that_changes_after_the_check_is_refused(s3: Any, bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent is what was found valid, by the digests of the manifest."""
    entries = S3Store.entries

    def changing(self: S3Store) -> Any:
        (bag / "data/raw/b c+d.txt").write_bytes(b"Polyp")
        return entries(self)

    monkeypatch.setattr(S3Store, "entries", changing)
    with pytest.raises(CannotFinish, match="no longer what it was when the bag was checked"):
        shipped(bag, "s3://shelf")
    assert "coral/data/raw/b c+d.txt" not in s3.names()


def test_a_folder_here_gets_the_bag_too(bag: Path, tmp_path: Path) -> None:
    """A mounted disk is a destination like others: written under another name, read back, never overwritten."""
    disk = tmp_path / "disk"
    disk.mkdir()
    receipt = shipped(bag, str(disk / "new"))
    assert validate_bag(disk / "new" / "coral").verdict is Verdict.VALID
    assert {one.proof for one in receipt.files} == {"read back"}
    assert not any("partial" in path.name for path in disk.rglob("*"))
    assert not any(one.sent for one in shipped(bag, str(disk / "new")).files)
    (disk / "new/coral/data/raw/b c+d.txt").write_bytes(b"lypop")
    with pytest.raises(CannotFinish, match="not the file of this bag"):
        shipped(bag, str(disk / "new"))


def test_a_disk_that_keeps_other_bytes_is_found_out(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read back means compared."""
    opened = LocalStore.open

    def rotten(self: LocalStore, entry: Any) -> Any:
        path = self._root / entry.name
        if entry.name.startswith("data/raw/a.txt"):
            path.write_bytes(b"x" * entry.size)
        return opened(self, entry)

    monkeypatch.setattr(LocalStore, "open", rotten)
    with pytest.raises(CannotFinish, match=r"a\.txt was not what was written when it was read back"):
        shipped(bag, str(tmp_path / "disk"))
    assert not (tmp_path / "disk/coral/bagit.txt").exists()


def test_half_a_file_is_continued(bag: Path, tmp_path: Path) -> None:
    """What a killed run left of a file is kept if it is the beginning of it, and found out if it is not."""
    folder = tmp_path / "disk/coral/data/raw"
    folder.mkdir(parents=True)
    partial = folder / "a.txt.confocal-bag-partial"
    partial.write_bytes(b"coral " * 50)
    shipped(bag, str(tmp_path / "disk"))
    assert validate_bag(tmp_path / "disk/coral").verdict is Verdict.VALID
    (folder / "a.txt").unlink()
    partial.write_bytes(b"CORAL " * 50)
    with pytest.raises(CannotFinish, match="was not what was written"):
        shipped(bag, str(tmp_path / "disk"))
    assert not partial.exists()


def test_a_bag_is_not_sent_into_itself(bag: Path) -> None:
    """Nor into a folder of it."""
    with pytest.raises(CannotFinish, match="lies in the bag itself"):
        shipped(bag, str(bag / "data"))


def test_the_receipt_is_written_as_asked(s3: Any, bag: Path, tmp_path: Path, run: "Callable[..., Ran]") -> None:
    """As text with a digest a line, or as JSON, into a file if one is named; never over another file."""
    ran = run("ship", bag, "s3://shelf", "-o", tmp_path / "receipt.txt")
    assert ran.code == 0, ran.err
    digest = hashlib.sha256(b"coral " * 100).hexdigest()
    assert f"sha256  {digest}  data/raw/a.txt" in (tmp_path / "receipt.txt").read_text(encoding="utf-8")
    assert digest not in ran.out
    receipt = tmp_path / "receipt.json"
    for _ in range(2):
        assert run("ship", bag, "s3://shelf", "--format", "json", "-o", receipt).code == 0
    document = json.loads(receipt.read_text(encoding="utf-8"))
    assert document["destination"] == "s3://shelf/coral"
    assert {one["sent"] for one in document["files"]} == {False}
    notes = tmp_path / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    assert run("ship", bag, "s3://shelf", "-o", notes).code == 3
    assert notes.read_text(encoding="utf-8") == "mine"


def test_a_receipt_that_nobody_gave_a_place_lies_beside_the_bag(
    bag: Path, tmp_path: Path, run: "Callable[..., Ran]"
) -> None:
    """What is printed is short and says where; JSON is whole, and no file is made of it."""
    ran = run("ship", bag, tmp_path / "out")
    assert ran.code == 0, ran.err
    (receipt,) = bag.parent.glob(".coral.shipped-*.txt")
    assert ran.out.splitlines()[-1] == f"Receipt      {receipt}"
    assert len(ran.out.splitlines()) == 8
    digest = hashlib.sha256(b"coral " * 100).hexdigest()
    assert f"sha256  {digest}  data/raw/a.txt" in receipt.read_text(encoding="utf-8")
    assert digest not in ran.out
    whole = json.loads(run("ship", bag, tmp_path / "out", "--format", "json").out)
    assert digest in {one["digests"]["sha256"] for one in whole["files"]}
    assert list(bag.parent.glob("*coral.shipped-*")) == [receipt]
    assert run("validate", bag.parent / "cor*").code == 0


def test_a_receipt_of_which_no_file_can_be_made_is_printed(tmp_path: Path, run: "Callable[..., Ran]") -> None:
    """A bag inside a bag: nothing is written beside it."""
    outer = make_bag(tmp_path / "outer")
    bag = make_bag(outer / "data/inner")
    ran = run("ship", bag, tmp_path / "out")
    assert ran.code == 0
    assert "which is never written to" in ran.err
    digest = hashlib.sha256((bag / "bagit.txt").read_bytes()).hexdigest()
    assert f"sha256  {digest}  bagit.txt" in ran.out
    assert [one.name for one in (outer / "data").iterdir() if "shipped" in one.name] == []


def test_a_name_that_is_not_unicode_is_refused_before_anything_is_sent(s3: Any, tmp_path: Path) -> None:
    """Object names are Unicode; an archive can hold such a name."""
    bag = make_bag(tmp_path / "old")
    (bag / "notes\udcff").touch()
    with pytest.raises(CannotFinish, match=r"\\xff is not Unicode.*--as tar"):
        shipped(bag, "s3://shelf")
    assert s3.names() == []


@pytest.mark.parametrize("with_checksum", [True, False])
def test_a_part_is_known_by_its_checksum_or_by_its_etag(with_checksum: bool) -> None:  # noqa: FBT001 - a parameter
    """Some stores list the SHA-256 of each part, others only an ETag; a part that differs is never taken for it."""
    content = b"part"
    checksum = b64encode(hashlib.sha256(content).digest()).decode()
    there = {"ETag": f'"{hashlib.md5(content).hexdigest()}"'} | ({"ChecksumSHA256": checksum} if with_checksum else {})
    other = b64encode(hashlib.sha256(b"trap").digest()).decode()
    assert _is_same(there, content, checksum)
    assert not _is_same(there, b"trap", other)


def test_an_archive_is_not_made_inside_the_bag(bag: Path, tmp_path: Path, run: Any) -> None:
    """Not even for the while: the bag keeps its times."""
    before = bag.stat()
    ran = run("ship", bag, tmp_path / "out", "--as", "zip", "--work", bag)
    assert ran.code == 3
    assert "never written to" in ran.err
    assert (bag.stat().st_mtime_ns, bag.stat().st_ctime_ns) == (before.st_mtime_ns, before.st_ctime_ns)
