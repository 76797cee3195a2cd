"""The BagIt rules: a good bag passes them all, and each mutation of it fails the rule that is about it."""

import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confocal_bag.bag.rules import BAG_RULES, BagCheck, Depth, check_bag
from confocal_bag.findings import CannotFinish, Outcome, Severity, Verdict, verdict_of
from tests.bag.bags import (
    INFO,
    PAYLOAD,
    append,
    digest,
    edit,
    listing,
    make_bag,
    make_tar,
    make_zip,
    members,
    seal,
    state,
    write,
)
from tests.ordinary_user import folder_for, give, run_apart

NFC = unicodedata.normalize("NFC", "data/Núñez.txt")
NFD = unicodedata.normalize("NFD", NFC)
TAG_FILES = ("bagit.txt", "bag-info.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt", "fetch.txt")
FETCH = ("http://127.0.0.1:9/a.txt 6 data/a.txt",)


def failed(check: BagCheck, *, at_least: Severity = Severity.WARNING) -> set[str]:
    """The rules with findings of this severity or worse."""
    return {one.rule for one in check.findings if one.severity.rank <= at_least.rank}


def verdict(check: BagCheck) -> Verdict:
    """The verdict of all findings."""
    return verdict_of(check.findings)


def good(folder: Path) -> Path:
    """A bag with everything: two algorithms, a further tag file, a fetch.txt."""
    return make_bag(
        folder / "bag",
        algorithms=("sha256", "sha512"),
        tag_files={"metadata/premis.xml": b"<premis/>\n"},
        fetch=FETCH,
    )


def test_a_good_bag_passes_every_rule(tmp_path: Path) -> None:
    """No finding at all, every rule looked at, and every file read once."""
    bag = good(tmp_path)
    check = check_bag(bag)
    assert check.findings == ()
    assert [one.rule for one in check.checks] == [rule.id for rule in BAG_RULES]
    assert {one.outcome for one in check.checks if not one.rule.startswith("bag.archive")} == {Outcome.PASSED}
    listed = (path for path in bag.rglob("*") if path.is_file() and not path.name.startswith("tagmanifest"))
    assert check.bytes_hashed == sum(path.stat().st_size for path in listed)


def test_a_check_changes_nothing(tmp_path: Path) -> None:
    """Not a byte, not a time of modification, not a time of access."""
    bag = good(tmp_path)
    for path in bag.rglob("*"):
        os.utime(path, ns=(1_000_000_000, 2_000_000_000))
    before = state(bag)
    check_bag(bag)
    assert state(bag) == before


def remanifest(bag: Path, lines: Callable[[str], str]) -> None:
    """Rewrite the payload manifest and seal the bag again."""
    manifest = bag / "manifest-sha512.txt"
    write(manifest, lines(manifest.read_bytes().decode()))
    seal(bag)


def _steps(*steps: Callable[[Path], object]) -> Callable[[Path], None]:
    """Several mutations, one after the other."""

    def mutate(bag: Path) -> None:
        for step in steps:
            step(bag)

    return mutate


def _add_line(line: str) -> Callable[[Path], None]:
    return lambda bag: remanifest(bag, lambda text: text + line + "\n")


def _declare(text: bytes) -> Callable[[Path], None]:
    def mutate(bag: Path) -> None:
        write(bag / "bagit.txt", text)
        seal(bag)

    return mutate


def _info(line: str) -> Callable[[Path], None]:
    def mutate(bag: Path) -> None:
        append(bag / "bag-info.txt", line)
        seal(bag)

    return mutate


def _fetch(line: str) -> Callable[[Path], None]:
    def mutate(bag: Path) -> None:
        write(bag / "fetch.txt", line + "\n")
        seal(bag)

    return mutate


def _further_manifest(name: str, text: str = "") -> Callable[[Path], None]:
    def mutate(bag: Path) -> None:
        write(bag / name, text or listing("sha512", PAYLOAD))
        seal(bag)

    return mutate


def _list_in_tag_manifest(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda bag: append(bag / "tagmanifest-sha512.txt", f"{digest('sha512', content)}  {name}\n")


def _list_tag_manifest_in_tag_manifest(bag: Path) -> None:
    """Add a second tag manifest, right in itself, and list it in the first."""
    names = ("bagit.txt", "bag-info.txt", "manifest-sha512.txt")
    text = listing("md5", {name: (bag / name).read_bytes() for name in names})
    write(bag / "tagmanifest-md5.txt", text)
    _list_in_tag_manifest("tagmanifest-md5.txt", text.encode())(bag)


def _add_payload(name: str, content: bytes = b"x", spelled: str | None = None) -> Callable[[Path], None]:
    """Add a listed payload file, spelled in the manifest as it is or otherwise."""

    def mutate(bag: Path) -> None:
        write(bag / name, content)
        edit(bag / "bag-info.txt", "262.2", f"{262 + len(content)}.3")
        remanifest(bag, lambda text: text + f"{digest('sha512', content)}  {spelled or name}\n")

    return mutate


def _unlist(text: str, name: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if name not in line)


def _rename(old: str, new: str) -> Callable[[Path], None]:
    def mutate(bag: Path) -> None:
        (bag / old).rename(bag / new)
        seal(bag)

    return mutate


BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

#: One mutation of a good bag, and exactly the rules that must then have errors or warnings.
MUTATIONS: list[tuple[str, Callable[[Path], object], set[str]]] = [
    ("no bagit.txt", _steps(lambda bag: (bag / "bagit.txt").unlink(), seal), {"bag.declaration-missing"}),
    ("bom", _declare(b"\xef\xbb\xbf" + BAGIT), {"bag.declaration-malformed"}),
    ("three lines", _declare(BAGIT + b"More: x\n"), {"bag.declaration-malformed"}),
    ("version 1.1", _declare(BAGIT.replace(b"1.0", b"1.1")), {"bag.version-unknown"}),
    ("version 2.0", _declare(BAGIT.replace(b"1.0", b"2.0")), {"bag.version-unknown"}),
    ("codec", _declare(BAGIT.replace(b"UTF-8", b"zlib_codec")), {"bag.encoding-unknown"}),
    ("latin-1", _declare(BAGIT.replace(b"UTF-8", b"ISO-8859-1")), {"bag.encoding-not-utf8"}),
    (
        "stray byte",
        _steps(lambda bag: write(bag / "bag-info.txt", b"Contact-Name: Jos\xe9\n"), seal),
        {"bag.encoding-wrong"},
    ),
    ("bom in manifest", lambda bag: remanifest(bag, "\ufeff{}".format), {"bag.byte-order-mark"}),
    ("garbage line", _add_line("garbage"), {"bag.line-malformed"}),
    ("comment line", _add_line("# made by hand"), {"bag.line-malformed"}),
    ("short checksum", lambda bag: remanifest(bag, lambda text: text[1:]), {"bag.line-malformed"}),
    ("blank line", _add_line(""), {"bag.line-loose"}),
    ("label blank", _info("Contact-Name : x\n"), {"bag.line-malformed"}),
    ("no blank", _info("Contact-Name:x\n"), {"bag.line-malformed"}),
    ("two blanks", _info("Contact-Name:  x\n"), {"bag.line-loose"}),
    ("manifest folder", lambda bag: (bag / "manifest-md5.txt").mkdir(), {"bag.tag-file-unreadable"}),
    ("capitals", _rename("manifest-sha512.txt", "manifest-SHA512.txt"), {"bag.manifest-name"}),
    (
        "punctuation",
        _further_manifest("manifest-sha3_256.txt", listing("sha3256", PAYLOAD)),
        {"bag.manifest-name", "bag.tag-algorithms-differ"},
    ),
    (
        "unknown algorithm",
        _further_manifest("manifest-xxh3.txt"),
        {"bag.algorithm-unknown", "bag.tag-algorithms-differ"},
    ),
    (
        "variable length",
        _further_manifest("manifest-shake_128.txt"),
        {"bag.algorithm-unknown", "bag.manifest-name", "bag.tag-algorithms-differ"},
    ),
    (
        "wrong sha3",
        _further_manifest("manifest-sha3256.txt", listing("sha3256", dict.fromkeys(PAYLOAD, b"other"))),
        {"bag.file-changed", "bag.tag-algorithms-differ"},
    ),
    (
        "no data",
        _steps(
            lambda bag: shutil.rmtree(bag / "data"),
            lambda bag: write(bag / "manifest-sha512.txt", ""),
            lambda bag: write(bag / "bag-info.txt", ""),
            seal,
        ),
        {"bag.payload-folder-missing"},
    ),
    ("no manifest", _steps(lambda bag: (bag / "manifest-sha512.txt").unlink(), seal), {"bag.manifest-missing"}),
    ("link", lambda bag: (bag / "data/link").symlink_to("/etc/passwd"), {"bag.irregular-file"}),
    ("loop", lambda bag: (bag / "data/loop").symlink_to("."), {"bag.irregular-file"}),
    ("pipe", lambda bag: os.mkfifo(bag / "data/pipe"), {"bag.irregular-file"}),
    ("pipe as fetch.txt", lambda bag: os.mkfifo(bag / "fetch.txt"), {"bag.irregular-file"}),
    (
        "listed pipe",
        _steps(lambda bag: (bag / "data/a.txt").unlink(), lambda bag: os.mkfifo(bag / "data/a.txt")),
        {"bag.irregular-file", "bag.file-missing", "bag.oxum-wrong"},
    ),
    (
        "data is a link",
        _steps(
            lambda bag: (bag / "data").rename(bag.parent / "else"), lambda bag: (bag / "data").symlink_to("../else")
        ),
        {"bag.irregular-file", "bag.file-missing", "bag.payload-folder-missing", "bag.oxum-wrong"},
    ),
    ("sibling", _add_line("0" * 128 + "  ../bag-evil/x"), {"bag.path-unsafe"}),
    ("absolute", _add_line("0" * 128 + "  /etc/passwd"), {"bag.path-unsafe"}),
    ("drive", _add_line("0" * 128 + "  C:\\x"), {"bag.path-unsafe"}),
    ("NUL", _add_line("0" * 128 + "  data/a\0b"), {"bag.path-unsafe"}),
    ("encoded climb", _add_line("0" * 128 + "  data/x%0A/../../../x"), {"bag.path-unsafe"}),
    (
        "tag file in payload manifest",
        _add_line(f"{digest('sha512', BAGIT)}  bagit.txt"),
        {"bag.path-outside-payload"},
    ),
    ("dot slash", lambda bag: remanifest(bag, lambda text: text.replace("  data", "  ./data")), {"bag.path-spelling"}),
    ("raw percent", _add_payload("data/100%.txt"), {"bag.path-spelling"}),
    ("raw escape", _add_payload("data/a%0Ab.txt"), {"bag.path-spelling"}),
    (
        "md5sum mark",
        lambda bag: remanifest(bag, lambda text: text.replace("  ", " *")),
        {"bag.path-binary-marker"},
    ),
    ("NFD in manifest", _add_payload(NFC, spelled=NFD), {"bag.path-normalization"}),
    ("NFC in manifest", _add_payload(NFD, spelled=NFC), {"bag.path-normalization"}),
    ("line twice", lambda bag: remanifest(bag, lambda text: text + text), {"bag.path-listed-twice"}),
    (
        "twice via dot",
        lambda bag: remanifest(bag, lambda text: text + text.replace("  data", "  ./data")),
        {"bag.path-listed-twice", "bag.path-spelling"},
    ),
    (
        "twice, once wrong",
        _add_line("0" * 128 + "  data/a.txt"),
        {"bag.path-listed-twice", "bag.file-changed"},
    ),
    ("missing", lambda bag: (bag / "data/a.txt").unlink(), {"bag.file-missing", "bag.oxum-wrong"}),
    ("listed, never there", _add_line("0" * 128 + "  data/gone"), {"bag.file-missing"}),
    ("tag file gone", _list_in_tag_manifest("gone.xml", b""), {"bag.file-missing"}),
    ("unlisted", lambda bag: remanifest(bag, lambda text: _unlist(text, "a.txt")), {"bag.file-unlisted"}),
    (
        "manifests disagree",
        _further_manifest("manifest-md5.txt", _unlist(listing("md5", PAYLOAD), "a.txt")),
        {"bag.file-unlisted", "bag.tag-algorithms-differ"},
    ),
    (
        "name not UTF-8",
        lambda bag: write(bag / "data/\udcff", b""),
        {"bag.name-not-utf8", "bag.file-unlisted", "bag.oxum-wrong"},
    ),
    ("flipped byte", lambda bag: write(bag / "data/a.txt", b"alphA\n"), {"bag.file-changed"}),
    ("changed tag file", lambda bag: append(bag / "bag-info.txt", "A: b\n"), {"bag.file-changed"}),
    (
        "weak one wrong",
        _further_manifest("manifest-md5.txt", listing("md5", {**PAYLOAD, "data/a.txt": b"other"})),
        {"bag.file-changed", "bag.tag-algorithms-differ"},
    ),
    ("case", _add_payload("data/A.txt"), {"bag.names-collide"}),
    ("oxum twice", _info("payload-oxum: 262.2\n"), {"bag.oxum-repeated"}),
    (
        "oxum without files",
        _steps(lambda bag: edit(bag / "bag-info.txt", "262.2", "262"), seal),
        {"bag.oxum-malformed"},
    ),
    (
        "oxum in odd digits",
        _steps(lambda bag: edit(bag / "bag-info.txt", "262.2", "26².2"), seal),
        {"bag.oxum-malformed"},
    ),
    (
        "wrong oxum in small letters",
        _steps(lambda bag: edit(bag / "bag-info.txt", "Payload-Oxum: 262.2", "payload-oxum: 263.2"), seal),
        {"bag.oxum-wrong"},
    ),
    ("two dates", _info("Bagging-Date: 2026-02-01\n"), {"bag.info-repeated"}),
    (
        "unprotected manifest",
        lambda bag: write(
            bag / "tagmanifest-sha512.txt", _unlist((bag / "tagmanifest-sha512.txt").read_text(), "manifest-")
        ),
        {"bag.tag-manifest-omits-manifest"},
    ),
    (
        "unprotected bag-info",
        lambda bag: write(
            bag / "tagmanifest-sha512.txt", _unlist((bag / "tagmanifest-sha512.txt").read_text(), "bag-info")
        ),
        {"bag.tag-manifest-incomplete"},
    ),
    (
        "tag manifest in tag manifest",
        _list_tag_manifest_in_tag_manifest,
        {"bag.tag-manifest-lists-tag-manifest", "bag.tag-algorithms-differ"},
    ),
    ("payload in tag manifest", _list_in_tag_manifest("data/a.txt", b"alpha\n"), {"bag.tag-manifest-lists-payload"}),
    ("fetch climbs", _fetch("http://x/a 6 data/../../x"), {"bag.fetch-path-unsafe", "bag.fetch-not-in-manifest"}),
    ("fetch absolute", _fetch("http://x/a 6 /x"), {"bag.fetch-path-unsafe", "bag.fetch-not-in-manifest"}),
    ("fetch home", _fetch("http://x/a 6 ~/x"), {"bag.fetch-path-unsafe", "bag.fetch-not-in-manifest"}),
    (
        "fetch of a tag file",
        _fetch(f"http://x/a {len(BAGIT)} bagit.txt"),
        {"bag.fetch-outside-payload", "bag.fetch-not-in-manifest"},
    ),
    ("fetch of an unlisted file", _fetch("http://x/a 6 data/new"), {"bag.fetch-not-in-manifest"}),
    ("relative address", _fetch("files/a.txt 6 data/a.txt"), {"bag.fetch-url-relative"}),
    ("address without host", _fetch("http:/a.txt 6 data/a.txt"), {"bag.fetch-url-relative"}),
    ("broken address", _fetch("http://[x/a 6 data/a.txt"), {"bag.fetch-url-relative"}),
    ("file address", _fetch("file:///etc/passwd 6 data/a.txt"), {"bag.fetch-url-unusual"}),
    ("wrong length", _fetch("http://x/a 999 data/a.txt"), {"bag.fetch-length"}),
    ("bad length", _fetch("http://x/a six data/a.txt"), {"bag.line-malformed"}),
    ("fetched twice", _fetch("http://x/a 6 data/a.txt\nhttp://y/a 6 data/a.txt"), {"bag.fetch-listed-twice"}),
    ("empty folder", lambda bag: (bag / "data/empty/inner").mkdir(parents=True), {"bag.folder-empty"}),
    ("system file", _add_payload("data/.DS_Store"), {"bag.system-file"}),
]


@pytest.mark.parametrize(("mutate", "rules"), [pytest.param(*rest, id=name) for name, *rest in MUTATIONS])
def test_a_mutation_fails_the_rule_about_it(tmp_path: Path, mutate: Callable[[Path], object], rules: set[str]) -> None:
    """Exactly the rules named have errors or warnings, and every finding says where and why."""
    bag = make_bag(tmp_path / "bag")
    mutate(bag)
    check = check_bag(bag)
    assert failed(check) == rules
    for finding in check.findings:
        (finding.message + str(finding.path)).encode("utf-8")
        assert finding.message.endswith(".")


ERRORS_NEVER = {
    "bag.encoding-not-utf8",
    "bag.algorithm-weak",
    "bag.path-binary-marker",
    "bag.path-normalization",
    "bag.names-collide",
    "bag.info-repeated",
    "bag.tag-manifest-incomplete",
    "bag.tag-algorithms-differ",
    "bag.fetch-url-unusual",
    "bag.fetch-length",
    "bag.fetch-listed-twice",
    "bag.folder-empty",
    "bag.system-file",
}
DEBATABLE = {"blank line", "dot slash", "raw percent", "raw escape", "punctuation", "payload in tag manifest"}


@pytest.mark.parametrize(("name", "mutate", "rules"), MUTATIONS, ids=[name for name, *_ in MUTATIONS])
def test_a_mutation_has_the_verdict_of_the_standard(
    tmp_path: Path, name: str, mutate: Callable[[Path], object], rules: set[str]
) -> None:
    """What the standard only recommends leaves the bag valid; what is debatable is an error when strict."""
    bag = make_bag(tmp_path / "bag")
    mutate(bag)
    strict = verdict(check_bag(bag, strict=True))
    lenient = verdict(check_bag(bag))
    if rules <= ERRORS_NEVER or name == "two blanks":
        assert (lenient, strict) == (Verdict.VALID_WITH_WARNINGS, Verdict.VALID_WITH_WARNINGS)
    elif name in DEBATABLE:
        assert (lenient, strict) == (Verdict.VALID_WITH_WARNINGS, Verdict.INVALID)
    else:
        assert (lenient, strict) == (Verdict.INVALID, Verdict.INVALID)


@pytest.mark.parametrize(
    ("payload", "version"),
    [
        ({"data/line\nbreak.txt": b"x"}, "1.0"),
        ({"data/100%.txt": b"x", "data/a%0Ab": b"y"}, "1.0"),
        ({"data/trail ": b"x", "data/ lead": b"y"}, "1.0"),
        ({"data/a\u2028b\u0085c\x0bd.txt": b"x"}, "1.0"),
        ({"data/a\\b.txt": b"x"}, "1.0"),
        ({"data/~x/%7E/$HOME/*": b"x"}, "1.0"),
        ({}, "1.0"),
        ({"data/empty.bin": b""}, "1.0"),
        ({"data/a.txt": b"x"}, "0.97"),
        ({"data/tagmanifest-x/manifest-md5.txt": b"x"}, "1.0"),
    ],
    ids=repr,
)
def test_an_odd_but_right_bag_is_valid(tmp_path: Path, payload: dict[str, bytes], version: str) -> None:
    """Names may hold nearly everything, the payload may be empty, drafts of the standard are bags too."""
    bag = make_bag(tmp_path / "tagmanifest-x" / "bag", payload=payload, version=version)
    assert verdict(check_bag(bag)) is Verdict.VALID


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1", "windows-1252"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    """Tag files in another encoding are understood, with a warning."""
    bag = make_bag(tmp_path / "bag", payload={"data/café.txt": b"x"}, encoding=encoding, info=("Contact-Name: José",))
    check = check_bag(bag)
    assert failed(check) == {"bag.encoding-not-utf8"}
    assert check.bag.bag_info[0] == ("Contact-Name", "José")


def test_only_weak_algorithms_earn_a_warning(tmp_path: Path) -> None:
    """MD5 alone is allowed and named; beside SHA-512 it is no matter."""
    weak = make_bag(tmp_path / "weak", algorithms=("md5", "sha1"))
    assert failed(check_bag(weak)) == {"bag.algorithm-weak"}
    assert check_bag(make_bag(tmp_path / "both", algorithms=("md5", "sha512"))).findings == ()


def test_two_files_that_differ_in_normalization_keep_their_own_lines(tmp_path: Path) -> None:
    """Exact names come first, so that neither file is checked against the other's checksum."""
    bag = make_bag(tmp_path / "bag", payload={NFC: b"one", NFD: b"two"})
    assert failed(check_bag(bag)) == {"bag.names-collide"}


def test_the_drafts_take_the_same_line_twice(tmp_path: Path) -> None:
    """Before 1.0 a repeated line is a warning, a contradicting one an error."""
    bag = make_bag(tmp_path / "bag", version="0.97")
    remanifest(bag, lambda text: text + text)
    assert verdict(check_bag(bag)) is Verdict.VALID_WITH_WARNINGS
    remanifest(bag, lambda text: text + "0" * 128 + "  data/a.txt\n")
    assert verdict(check_bag(bag)) is Verdict.INVALID


def test_the_drafts_ask_for_each_file_in_one_manifest(tmp_path: Path) -> None:
    """Before 1.0 manifests may share the payload between them."""
    bag = make_bag(tmp_path / "bag", version="0.97")
    write(bag / "manifest-sha512.txt", listing("sha512", {"data/a.txt": PAYLOAD["data/a.txt"]}))
    write(bag / "manifest-md5.txt", listing("md5", {"data/sub/b.bin": PAYLOAD["data/sub/b.bin"]}))
    seal(bag)
    assert failed(check_bag(bag), at_least=Severity.ERROR) == set()


def test_the_old_name_of_bag_info_is_known(tmp_path: Path) -> None:
    """Before 0.96 bag-info.txt was package-info.txt."""
    bag = make_bag(tmp_path / "bag", version="0.95")
    (bag / "bag-info.txt").rename(bag / "package-info.txt")
    seal(bag)
    assert dict(check_bag(bag).bag.bag_info)["Payload-Oxum"] == "262.2"


def test_all_faults_are_found_in_one_run(tmp_path: Path) -> None:
    """A wrong Payload-Oxum does not hide the changed file, nor that one the missing one."""
    bag = make_bag(tmp_path / "bag")
    write(bag / "data/a.txt", b"changed and longer\n")
    (bag / "data/sub/b.bin").unlink()
    write(bag / "data/new", b"")
    paths = {one.path for one in check_bag(bag).findings if one.severity is Severity.ERROR}
    assert paths == {"data/a.txt", "data/sub/b.bin", "data/new", "bag-info.txt"}


def test_a_holey_bag_says_where_to_fetch(tmp_path: Path) -> None:
    """A file still to be fetched is missing, and the finding says so."""
    bag = make_bag(tmp_path / "bag", fetch=FETCH)
    (bag / "data/a.txt").unlink()
    (finding,) = (one for one in check_bag(bag).findings if one.rule == "bag.file-missing")
    assert finding.detail["fetchable"] is True
    assert "fetch.txt" in str(finding.remedy)


def test_a_file_below_a_link_says_why_it_is_not_seen(tmp_path: Path) -> None:
    """The finding about a missing file names the link that stands in the way."""
    bag = make_bag(tmp_path / "bag")
    (bag / "data/sub").rename(tmp_path / "elsewhere")
    (bag / "data/sub").symlink_to(tmp_path / "elsewhere")
    (finding,) = (one for one in check_bag(bag).findings if one.rule == "bag.file-missing")
    assert "symbolic link" in finding.message


def test_a_completeness_check_reads_no_payload(tmp_path: Path) -> None:
    """Names are compared, contents are not, and the rules about contents are reported as skipped."""
    bag = make_bag(tmp_path / "bag")
    write(bag / "data/a.txt", b"alphA\n")
    write(bag / "data/new", b"")
    check = check_bag(bag, depth=Depth.COMPLETENESS)
    assert failed(check) == {"bag.file-unlisted", "bag.oxum-wrong"}
    assert check.bytes_hashed == 0
    skipped = {one.rule for one in check.checks if one.outcome is Outcome.SKIPPED}
    assert skipped == {"bag.file-changed", "bag.file-unreadable"}
    assert all(one.reason for one in check.checks if one.outcome is Outcome.SKIPPED)


def test_a_fast_check_rests_on_payload_oxum(tmp_path: Path) -> None:
    """A wrong size is found without a manifest being read; everything not looked at is skipped."""
    bag = make_bag(tmp_path / "bag")
    write(bag / "manifest-sha512.txt", "never read")
    assert check_bag(bag, depth=Depth.FAST).findings == ()
    write(bag / "data/a.txt", b"longer than before")
    check = check_bag(bag, depth=Depth.FAST)
    assert failed(check) == {"bag.oxum-wrong"}
    outcomes = {one.rule: one.outcome for one in check.checks}
    for rule in ("file-missing", "file-unlisted", "file-changed", "path-unsafe", "line-malformed", "algorithm-weak"):
        assert outcomes[f"bag.{rule}"] is Outcome.SKIPPED


def test_a_fast_check_without_payload_oxum_is_no_verdict_of_valid(tmp_path: Path) -> None:
    """Where there is nothing to compare, the bag is not called valid."""
    bag = make_bag(tmp_path / "bag")
    write(bag / "bag-info.txt", "".join(f"{line}\n" for line in INFO))
    assert failed(check_bag(bag, depth=Depth.FAST)) == {"bag.oxum-wrong"}


def test_a_folder_that_is_no_bag_gives_findings(tmp_path: Path) -> None:
    """An ordinary folder is not an exception."""
    write(tmp_path / "folder" / "notes.txt", "x")
    found = failed(check_bag(tmp_path / "folder"))
    assert found == {"bag.declaration-missing", "bag.payload-folder-missing", "bag.manifest-missing"}


def test_a_path_that_does_not_exist_cannot_be_checked(tmp_path: Path) -> None:
    """The sentence names the path."""
    with pytest.raises(CannotFinish, match="nowhere"):
        check_bag(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("data/sub", {"bag.unreadable", "bag.file-missing"}), ("data/a.txt", {"bag.file-unreadable"})],
)
def test_what_an_ordinary_user_may_not_read_is_named(path: str, expected: set[str]) -> None:
    """A folder that cannot be listed is an error of its own, not only a missing file; so is a file."""
    with folder_for() as folder:
        bag = make_bag(folder / "bag")
        (bag / path).chmod(0)
        give(folder)
        assert expected <= run_apart(lambda: failed(check_bag(bag)))


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason of the system is passed on, for the folder and for the files listed below it."""
    bag = make_bag(tmp_path / "bag")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("confocal_bag.bag.listing.os.scandir", refuse)
    check = check_bag(bag)
    assert failed(check) == {"bag.unreadable", "bag.file-missing", "bag.oxum-wrong"}
    assert all("Permission denied" in one.message for one in check.findings if "oxum" not in one.rule)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read error of the disk is reported for its file, and the others are checked all the same."""
    bag = make_bag(tmp_path / "bag")
    write(bag / "data/sub/b.bin", bytes(256))
    from confocal_bag.bag import fixity

    real = fixity.hash_file

    def broken(path: Path, *rest: object, **more: object) -> object:
        if path.name == "a.txt":
            raise OSError(5, "Input/output error")
        return real(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(fixity, "hash_file", broken)
    check = check_bag(bag)
    assert failed(check) == {"bag.file-unreadable", "bag.file-changed"}


def test_names_that_windows_refuses_earn_advice(tmp_path: Path) -> None:
    """Advice only: the bag is valid."""
    names = ("data/con.txt", "data/a:b", "data/end.", f"data/{'é' * 127}xx")
    bag = make_bag(tmp_path / "bag", payload=dict.fromkeys(names[:3], b"x"))
    check = check_bag(bag)
    assert verdict(check) is Verdict.VALID
    assert {one.path for one in check.findings if one.rule == "bag.name-not-portable"} == set(names[:3])


def test_further_tag_files_outside_the_tag_manifest_earn_advice(tmp_path: Path) -> None:
    """They may change unnoticed, which the standard allows."""
    bag = make_bag(tmp_path / "bag")
    write(bag / "metadata/x.xml", "<x/>")
    check = check_bag(bag)
    assert verdict(check) is Verdict.VALID
    assert [one.path for one in check.findings] == ["metadata/x.xml"]


def test_very_many_findings_of_one_rule_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first are listed, the rest are one finding that says how many, as severe as the worst of them."""
    monkeypatch.setattr("confocal_bag.bag.rules.MAX_FINDINGS_PER_RULE", 3)
    bag = make_bag(tmp_path / "bag")
    remanifest(bag, lambda text: text + "".join(f"{'0' * 128}  data/gone{number}\n" for number in range(10)))
    found = [one for one in check_bag(bag).findings if one.rule == "bag.file-missing"]
    assert len(found) == 4
    assert (found[-1].detail, found[-1].severity) == ({"left_out": 7}, Severity.ERROR)
    remanifest(bag, lambda text: text + "\n" * 10)
    found = [one for one in check_bag(bag).findings if one.rule == "bag.line-loose"]
    assert {one.severity for one in found} == {Severity.WARNING}


def test_progress_counts_every_byte_hashed(tmp_path: Path) -> None:
    """The numbers add up to what was hashed, never to more."""
    counted: list[int] = []
    check = check_bag(make_bag(tmp_path / "bag"), on_bytes=counted.append, jobs=3)
    assert sum(counted) == check.bytes_hashed


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_a_good_archive_passes_every_rule(tmp_path: Path, kind: str) -> None:
    """An archive is checked like the folder it was made from, and the archive rules pass."""
    files = members(good(tmp_path / "made"))
    path = tmp_path / f"bag.{kind}"
    make_zip(path, files) if kind == "zip" else make_tar(path, files, gzipped=kind == "tar.gz")
    check = check_bag(path)
    assert check.findings == ()
    assert {one.outcome for one in check.checks} == {Outcome.PASSED}
    assert check.bytes_hashed == check_bag(tmp_path / "made/bag").bytes_hashed


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(TAG_FILES),
    place=st.integers(0, 400),
    junk=st.binary(max_size=6) | st.sampled_from([b"\n", b"\r", b"%0A", b"../", b"\0", b"\xef\xbb\xbf", b" *"]),
    cut=st.integers(0, 40),
    depth=st.sampled_from(Depth),
)
def test_no_damage_to_a_tag_file_breaks_the_check(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, junk: bytes, cut: int, depth: Depth
) -> None:
    """Whatever is done to a tag file, the check ends with findings that can be printed, and no rule crashes."""
    bag = make_bag(tmp_path_factory.mktemp("damaged") / "bag", fetch=FETCH)
    content = (bag / name).read_bytes()
    write(bag / name, content[:place] + junk + content[place + cut :])
    check = check_bag(bag, depth=depth)
    assert not any(one.rule.startswith("internal") for one in check.findings)
    for finding in check.findings:
        (finding.message + str(finding.path)).encode("utf-8")
    if depth is Depth.FULL and (bag / name).read_bytes() != content and not name.startswith("tagmanifest"):
        assert verdict(check) is Verdict.INVALID
