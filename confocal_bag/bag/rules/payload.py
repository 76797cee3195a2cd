"""Rules about the payload: complete, listed, unchanged, and nothing in it that is no file."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from confocal_bag.bag.bag import ManifestFile, Match
from confocal_bag.bag.paths import nfc, unsafe_because
from confocal_bag.bag.rules.inspection import Inspection
from confocal_bag.bag.tagtext import Fault
from confocal_bag.findings import NotApplicable, Problem, Severity, readable_path, rule

if TYPE_CHECKING:
    from confocal_bag.bag.rules.verification import Mismatch


@rule("bag.payload-folder-missing", severity=Severity.ERROR, reference="RFC 8493 2.1.2")
def payload_folder_missing(inspection: Inspection) -> Iterator[Problem]:
    """A bag has a folder data/ for its payload, even if the payload is empty."""
    if "data" not in inspection.bag.source.listing.folders:
        inspection.need_whole_archive()
        because = inspection.why_absent("data")
        yield Problem(path="data", message=f"There is no folder data/{f': {because}' if because else ''}.")


@rule("bag.manifest-missing", severity=Severity.ERROR, reference="RFC 8493 2.1.3")
def manifest_missing(inspection: Inspection) -> Iterator[Problem]:
    """A bag has at least one payload manifest."""
    inspection.need_manifests()
    if not inspection.bag.manifests:
        inspection.need_whole_archive()
        yield Problem(
            message="There is no payload manifest (manifest-sha512.txt), so nothing in data/ can be verified."
        )


@rule("bag.irregular-file", severity=Severity.ERROR, reference="RFC 8493 5.1")
def irregular_file(inspection: Inspection) -> Iterator[Problem]:
    """Everything in a bag is a regular file or a folder.

    A link may lead out of the bag and its target is not what travels with it; pipes and devices have no
    content that could be verified. None of them is ever opened.
    """
    for one in inspection.bag.source.irregular:
        yield Problem(
            path=readable_path(one.path),
            message=f"'{readable_path(one.path)}' is a {one.kind}; only files and folders belong in a bag.",
            remedy="Ask for the bag with the file itself in place of it.",
        )


@rule("bag.unreadable", severity=Severity.ERROR, reference="RFC 8493 3")
def unreadable(inspection: Inspection) -> Iterator[Problem]:
    """Every folder of the bag can be listed; what cannot be seen cannot be verified."""
    for one in inspection.bag.source.listing.unreadable:
        yield Problem(
            path=readable_path(one.path) or ".",
            message=f"'{readable_path(one.path) or '.'}' cannot be looked at: {one.reason}.",
            remedy="Give read permission to whoever validates, and validate again.",
        )


@rule("bag.path-unsafe", severity=Severity.ERROR, reference="RFC 8493 5.1")
def path_unsafe(inspection: Inspection) -> Iterator[Problem]:
    """No listed path leads out of the bag on any platform: no .., no absolute path, no drive letter, no ~."""
    inspection.need_manifests()
    for one, match in inspection.odd_lines():
        if (because := unsafe_because(match.entry.path)) is not None:
            yield _line(one, match, f"lists '{readable_path(match.entry.path)}', which is not safe: {because}")


@rule("bag.path-outside-payload", severity=Severity.ERROR, reference="RFC 8493 2.1.3")
def path_outside_payload(inspection: Inspection) -> Iterator[Problem]:
    """A payload manifest lists files below data/ and no others; tag files belong in a tag manifest."""
    inspection.need_manifests()
    for one, match in inspection.odd_lines():
        path = match.entry.path
        if not one.is_tag_manifest and unsafe_because(path) is None and not path.startswith("data/"):
            yield _line(one, match, f"lists '{readable_path(path)}', which is not below data/")


@rule("bag.path-spelling", severity=Severity.WARNING, reference="RFC 8493 2.1.3")
def path_spelling(inspection: Inspection) -> Iterator[Problem]:
    """Paths are spelled as the version of the bag asks.

    In BagIt 1.0 they begin with data/, not ./data/, and a percent sign in a name is written %25. Common tools
    write both otherwise; the file is still found and verified.
    """
    inspection.need_manifests()
    faults = (Fault.NOT_PLAIN, Fault.RAW_PERCENT)
    yield from inspection.line_problems(*faults, debatable=faults if inspection.is_1_0 else ())
    for one, match in inspection.odd_lines():
        if match.file is not None and match.file == match.entry.spelled != match.entry.path:
            said = f"lists '{readable_path(match.file)}' without encoding the percent sign"
            yield _line(one, match, said, severity=inspection.debatable)


@rule("bag.path-binary-marker", severity=Severity.WARNING, reference="RFC 8493 6.1.4")
def path_binary_marker(inspection: Inspection) -> Iterator[Problem]:
    """Manifest lines do not carry the asterisk that md5sum and its kin put before the path."""
    inspection.need_manifests()
    yield from inspection.line_problems(Fault.BINARY_MARKER)


@rule("bag.path-normalization", severity=Severity.WARNING, reference="RFC 8493 6.1.3")
def path_normalization(inspection: Inspection) -> Iterator[Problem]:
    """Names in manifests and on disk are the same characters, not only the same letters.

    The same accented letter can be one character or two (Unicode normalization), and some file systems and
    transfers change one into the other. The file is still found and verified.
    """
    inspection.need_manifests()
    for one, match in inspection.odd_lines():
        if match.file is not None and match.file not in (match.entry.path, match.entry.spelled):
            said = f"lists '{readable_path(match.entry.path)}' in another Unicode normalization than the file"
            yield _line(one, match, said)


@rule("bag.path-listed-twice", severity=Severity.ERROR, reference="RFC 8493 2.1.3")
def path_listed_twice(inspection: Inspection) -> Iterator[Problem]:
    """A manifest lists each file once. Before BagIt 1.0, the same line twice is only a warning."""
    inspection.need_manifests()
    for name, listed in inspection.listed.items():
        for match in listed.again:
            key = match.file if match.file is not None else match.entry.path
            earlier = listed.first[key]
            same = earlier.digest == match.entry.digest
            shown = readable_path(key)
            yield Problem(
                path=shown,
                message=f"{readable_path(name)} lists '{shown}' in line {earlier.line} and "
                f"again in line {match.entry.line}, with {'the same' if same else 'another'} checksum.",
                detail={"manifest": readable_path(name), "line": match.entry.line},
                severity=Severity.WARNING if same and not inspection.is_1_0 else None,
            )


@rule("bag.file-missing", severity=Severity.ERROR, reference="RFC 8493 3")
def file_missing(inspection: Inspection) -> Iterator[Problem]:
    """Every file listed in a manifest is there; a bag to be completed from fetch.txt is not valid yet."""
    inspection.need_manifests()
    fetch = inspection.bag.fetch
    fetchable = {nfc(entry.path) for entry in fetch.entries} if fetch else set()
    for path, names in _missing(inspection).items():
        shown = readable_path(path)
        because = inspection.why_absent(path)
        where = f": {because}" if because else ""
        to_fetch = nfc(path) in fetchable
        yield Problem(
            path=shown,
            message=f"'{shown}' is listed in {', '.join(names)} but is not there{where}.",
            remedy="fetch.txt says where to fetch it from; complete the bag and validate again."
            if to_fetch
            else "Ask for the file, or for the bag, again.",
            detail={"fetchable": to_fetch},
        )


def _missing(inspection: Inspection) -> dict[str, list[str]]:
    missing: dict[str, list[str]] = {}
    for one, match in inspection.odd_lines():
        if match.file is None and unsafe_because(match.entry.path) is None:
            names = missing.setdefault(match.entry.path, [])
            if (name := readable_path(one.name)) not in names:
                names.append(name)
    return missing


@rule("bag.file-unlisted", severity=Severity.ERROR, reference="RFC 8493 2.1.3, 3")
def file_unlisted(inspection: Inspection) -> Iterator[Problem]:
    """Every payload file is listed in every payload manifest (before BagIt 1.0: in at least one)."""
    inspection.need_manifests()
    manifests = inspection.bag.manifests.values()
    if not manifests:
        raise NotApplicable("there is no payload manifest")
    listed = {one.name: inspection.listed[one.name].first for one in manifests}
    for path in inspection.bag.payload:
        absent = [readable_path(name) for name, files in listed.items() if path not in files]
        if absent and (inspection.is_1_0 or len(absent) == len(listed)):
            yield Problem(
                path=readable_path(path),
                message=f"'{readable_path(path)}' is not listed in {', '.join(absent)}.",
                remedy="Ask whether the file belongs in the bag.",
            )


@rule("bag.file-changed", severity=Severity.ERROR, reference="RFC 8493 3")
def file_changed(inspection: Inspection) -> Iterator[Problem]:
    """Every listed file has the checksum listed, in every manifest. Every byte is read."""
    changed: dict[str, list[Mismatch]] = {}
    for one in inspection.need_digests().mismatches:
        changed.setdefault(one.file, []).append(one)
    for file, mismatches in changed.items():
        manifests = [readable_path(one.manifest) for one in mismatches]
        first = mismatches[0]
        yield Problem(
            path=readable_path(file),
            message=f"'{readable_path(file)}' is not the file that {' and '.join(manifests)} "
            f"{'list' if len(manifests) > 1 else 'lists'}: its checksum is {_short(first.seen)}, "
            f"{_short(first.expected)} is expected.",
            remedy="Restore the file from another copy, or ask for the bag again.",
            detail={readable_path(one.manifest): {"expected": one.expected, "seen": one.seen} for one in mismatches},
        )


def _short(digest: str) -> str:
    return digest if len(digest) <= 16 else f"{digest[:16]}..."


@rule("bag.file-unreadable", severity=Severity.ERROR, reference="RFC 8493 3")
def file_unreadable(inspection: Inspection) -> Iterator[Problem]:
    """Every listed file can be read to its end, and keeps its size meanwhile."""
    verification = inspection.need_digests()
    for path, reason in verification.unreadable.items():
        yield Problem(
            path=readable_path(path),
            message=f"'{readable_path(path)}' could not be read: {reason}.",
            remedy="Make it readable, or restore it from another copy; of an archive, ask for it again.",
        )
    for path, size in verification.resized.items():
        seen = inspection.bag.source.files[path]
        yield Problem(
            path=readable_path(path),
            message=f"'{readable_path(path)}' had {seen:,} bytes when listed and {size:,} when read.",
            remedy="Validate again when nothing writes to the bag any more.",
        )


@rule("bag.names-collide", severity=Severity.WARNING, reference="RFC 8493 6.1.3")
def names_collide(inspection: Inspection) -> Iterator[Problem]:
    """No two files have names that differ only in letter case or Unicode normalization."""
    files = inspection.bag.source.files
    if len({nfc(path).casefold() for path in files}) == len(files):
        return
    groups: dict[str, list[str]] = defaultdict(list)
    for path in files:
        groups[nfc(path).casefold()].append(path)
    for paths in groups.values():
        if len(paths) > 1:
            shown = [f"'{readable_path(path)}'" for path in paths]
            kind = "Unicode normalization" if len({nfc(path) for path in paths}) == 1 else "letter case"
            yield Problem(
                path=readable_path(paths[0]),
                message=f"{', '.join(shown)} differ only in {kind}; some file systems keep only one of them.",
            )


def _line(one: ManifestFile, match: Match, said: str, severity: Severity | None = None) -> Problem:
    return Problem(
        path=readable_path(match.file or match.entry.path),
        message=f"Line {match.entry.line} of {readable_path(one.name)} {said}.",
        detail={"manifest": readable_path(one.name), "line": match.entry.line},
        severity=severity,
    )
