"""Rules about the form of a bag: bagit.txt, encodings, the names of manifests, lines that cannot be read."""

from collections.abc import Iterator

from confocal_bag.bag.bag import MANIFEST_NAME, ManifestFile
from confocal_bag.bag.rules.inspection import Inspection, line_problem
from confocal_bag.bag.tagtext import Fault, is_known_encoding, is_utf8
from confocal_bag.findings import NotApplicable, Problem, Severity, readable_path, rule

KNOWN_VERSIONS = {(0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0)}
TAG_FILES = {"bagit.txt", "bag-info.txt", "fetch.txt"}


@rule("bag.declaration-missing", severity=Severity.ERROR, reference="RFC 8493 2.1.1")
def declaration_missing(inspection: Inspection) -> Iterator[Problem]:
    """A bag has the file bagit.txt at its top; without it the folder is no bag."""
    if "bagit.txt" not in inspection.bag.source.files:
        inspection.need_whole_archive()
        yield Problem(
            path="bagit.txt",
            message="There is no file bagit.txt, so this is no bag.",
            remedy="Check that the path is that of the bag itself, not of a folder above or inside it.",
        )


@rule("bag.declaration-malformed", severity=Severity.ERROR, reference="RFC 8493 2.1.1")
def declaration_malformed(inspection: Inspection) -> Iterator[Problem]:
    """bagit.txt has exactly two lines, `BagIt-Version: M.N` and `Tag-File-Character-Encoding: ENCODING`.

    It is UTF-8 and does not begin with a byte order mark. Labels in other letters, blanks around the colon in
    bags older than 1.0 and blank lines at the end are common and only earn a warning.
    """
    declaration = inspection.bag.declaration
    if declaration is None:
        raise NotApplicable("bagit.txt could not be read")
    for one in declaration.problems:
        loose = one.fault in (Fault.LOOSE, Fault.BLANK)
        yield line_problem("bagit.txt", one, severity=inspection.debatable if loose else None)


@rule("bag.version-unknown", severity=Severity.ERROR, reference="RFC 8493 2.1.1")
def version_unknown(inspection: Inspection) -> Iterator[Problem]:
    """The bag follows a version of BagIt whose rules are known: 0.93 to 0.97, or 1.0."""
    declaration = inspection.bag.declaration
    if declaration is None or declaration.version is None:
        raise NotApplicable("bagit.txt states no version")
    if declaration.version not in KNOWN_VERSIONS:
        version = "{}.{}".format(*declaration.version)
        yield Problem(
            path="bagit.txt",
            message=f"The bag declares BagIt version {version}; the known versions are 0.93 to 0.97 and 1.0.",
            remedy="Ask whoever made the bag which rules it follows.",
        )


@rule("bag.encoding-unknown", severity=Severity.ERROR, reference="RFC 8493 2.1.1")
def encoding_unknown(inspection: Inspection) -> Iterator[Problem]:
    """Tag-File-Character-Encoding names a character encoding that can be read."""
    encoding = _declared_encoding(inspection)
    if not is_known_encoding(encoding):
        yield Problem(
            path="bagit.txt",
            message=f"'{readable_path(encoding[:120])}' is no known character encoding; "
            "the tag files were read as UTF-8.",
            remedy="Correct Tag-File-Character-Encoding; nearly always it is UTF-8.",
        )


@rule("bag.encoding-not-utf8", severity=Severity.WARNING, reference="RFC 8493 2.1.1")
def encoding_not_utf8(inspection: Inspection) -> Iterator[Problem]:
    """Tag files should be UTF-8: other encodings are allowed, but many tools cannot read them."""
    encoding = _declared_encoding(inspection)
    if is_known_encoding(encoding) and not is_utf8(encoding) and encoding.upper() != "US-ASCII":
        yield Problem(
            path="bagit.txt",
            message=f"The tag files are in {encoding}; UTF-8 is recommended.",
            remedy="Leave the bag, or ask for one in UTF-8; rewriting a tag file changes its checksum.",
        )


def _declared_encoding(inspection: Inspection) -> str:
    declaration = inspection.bag.declaration
    if declaration is None or declaration.encoding is None:
        raise NotApplicable("bagit.txt states no encoding")
    return declaration.encoding


@rule("bag.encoding-wrong", severity=Severity.ERROR, reference="RFC 8493 2.3")
def encoding_wrong(inspection: Inspection) -> Iterator[Problem]:
    """Every tag file is in the encoding that bagit.txt declares."""
    yield from inspection.line_problems(Fault.UNDECODABLE)


@rule("bag.byte-order-mark", severity=Severity.ERROR, reference="RFC 8493 2.3")
def byte_order_mark(inspection: Inspection) -> Iterator[Problem]:
    """A tag file in UTF-8 does not begin with a byte order mark: tools take it for part of the first line."""
    yield from inspection.line_problems(Fault.BYTE_ORDER_MARK)


@rule("bag.line-malformed", severity=Severity.ERROR, reference="RFC 8493 2.1.3, 2.2.2, 2.2.3")
def line_malformed(inspection: Inspection) -> Iterator[Problem]:
    """Every line of a tag file has the form the standard gives it.

    A manifest line is a checksum and a path, a line of bag-info.txt a label, a colon, a blank and a value, a
    line of fetch.txt a URL, a length and a path. A line that cannot be read may stand for a file nobody
    checks.
    """
    yield from inspection.line_problems(Fault.MALFORMED)


@rule("bag.line-loose", severity=Severity.WARNING, reference="RFC 8493 2.1.3, 2.2.2")
def line_loose(inspection: Inspection) -> Iterator[Problem]:
    """No line is blank, or spaced in a way that the standard does not know, even if its meaning is clear."""
    loose = (Fault.BLANK, Fault.LOOSE)
    yield from inspection.line_problems(Fault.SPACING, *loose, debatable=loose)


@rule("bag.tag-file-unreadable", severity=Severity.ERROR, reference="RFC 8493 3")
def tag_file_unreadable(inspection: Inspection) -> Iterator[Problem]:
    """The tag files that describe the bag are files, can be read, and are of a size that can be read."""
    for one in inspection.bag.unread:
        yield Problem(path=readable_path(one.path), message=f"{readable_path(one.path)} was not read: {one.reason}.")
    for folder in sorted(inspection.bag.source.listing.folders):
        if folder in TAG_FILES or ("/" not in folder and MANIFEST_NAME.fullmatch(folder)):
            yield Problem(path=readable_path(folder), message=f"{readable_path(folder)} is a folder, not a file.")


@rule("bag.manifest-name", severity=Severity.ERROR, reference="RFC 8493 2.4")
def manifest_name(inspection: Inspection) -> Iterator[Problem]:
    """The algorithm in the name of a manifest is in lower-case letters and digits: manifest-sha512.txt.

    Punctuation, as in manifest-sha3_256.txt, is what a widespread tool writes and earns a warning; capital
    letters hide the manifest from most tools.
    """
    for one in _manifests(inspection):
        if one.spelled != one.algorithm:
            yield Problem(
                path=readable_path(one.name),
                message=f"{readable_path(one.name)} spells its algorithm '{readable_path(one.spelled)}'; "
                f"the standard spells it '{one.algorithm}'.",
                severity=inspection.debatable if one.spelled == one.spelled.lower() else None,
            )


@rule("bag.algorithm-unknown", severity=Severity.ERROR, reference="RFC 8493 2.4, 3")
def algorithm_unknown(inspection: Inspection) -> Iterator[Problem]:
    """Every manifest uses an algorithm that can be computed: a bag is valid only if all of them verify."""
    for one in _manifests(inspection):
        if not one.is_verifiable:
            yield Problem(
                path=readable_path(one.name),
                message=f"The algorithm of {readable_path(one.name)} is not known; nothing was verified.",
                remedy="Verify this manifest with the tool that wrote it.",
            )


@rule("bag.algorithm-weak", severity=Severity.WARNING, reference="RFC 8493 2.4")
def algorithm_weak(inspection: Inspection) -> Iterator[Problem]:
    """At least one payload manifest is stronger than MD5 and SHA-1, which detect accidents, not tampering."""
    inspection.need_manifests()
    algorithms = {one.algorithm for one in inspection.bag.manifests.values()}
    if algorithms and algorithms <= {"md5", "sha1"}:
        names = " and ".join(sorted(algorithms))
        yield Problem(
            message=f"The payload is protected only by {names}; SHA-512 or SHA-256 is expected.",
            remedy="Add a manifest-sha512.txt when the bag is next worked on.",
        )


def _manifests(inspection: Inspection) -> tuple[ManifestFile, ...]:
    inspection.need_manifests()
    return inspection.bag.all_manifests
