"""Rules about fetch.txt. Nothing is ever fetched here."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from confocal_bag.bag.fetch_list import FetchEntry
from confocal_bag.bag.paths import nfc, unsafe_because
from confocal_bag.bag.rules.inspection import Inspection
from confocal_bag.findings import NotApplicable, Problem, Severity, readable_path, rule

WEB = {"http", "https"}
#: Addresses that lead somewhere by themselves and are used for research data.
KNOWN_SCHEMES = WEB | {"ftp", "ftps", "sftp", "s3", "gs", "globus", "ark", "doi", "minid", "hdl"}


@rule("bag.fetch-path-unsafe", severity=Severity.ERROR, reference="RFC 8493 5.1")
def fetch_path_unsafe(inspection: Inspection) -> Iterator[Problem]:
    """No file to be fetched would be written outside the bag, on any platform."""
    for entry in _entries(inspection):
        if (because := unsafe_because(entry.path)) is not None:
            yield _line(entry, f"names '{readable_path(entry.path)}', which is not safe: {because}")


@rule("bag.fetch-outside-payload", severity=Severity.ERROR, reference="RFC 8493 2.2.3")
def fetch_outside_payload(inspection: Inspection) -> Iterator[Problem]:
    """fetch.txt lists payload files only; tag files are never fetched."""
    for entry in _entries(inspection):
        if unsafe_because(entry.path) is None and not entry.path.startswith("data/"):
            yield _line(entry, f"names '{readable_path(entry.path)}', which is not below data/")


@rule("bag.fetch-not-in-manifest", severity=Severity.ERROR, reference="RFC 8493 2.2.3")
def fetch_not_in_manifest(inspection: Inspection) -> Iterator[Problem]:
    """Every file to be fetched is listed in every payload manifest (before BagIt 1.0: in at least one)."""
    entries = _entries(inspection)
    inspection.need_manifests()
    listed = {
        one.name: {nfc(entry.path) for entry in one.manifest.entries} for one in inspection.bag.manifests.values()
    }
    for entry in entries:
        absent = [readable_path(name) for name, paths in listed.items() if nfc(entry.path) not in paths]
        if absent and (inspection.is_1_0 or len(absent) == len(listed)):
            said = f"names '{readable_path(entry.path)}', which {', '.join(absent)} does not list"
            yield _line(entry, said)


@rule("bag.fetch-url-relative", severity=Severity.ERROR, reference="RFC 8493 2.2.3")
def fetch_url_relative(inspection: Inspection) -> Iterator[Problem]:
    """Every address in fetch.txt is absolute: it begins with a scheme such as https:."""
    for entry in _entries(inspection):
        scheme, names_host = _address(entry.url)
        if not scheme:
            yield _line(entry, f"has the address '{readable_path(entry.url[:200])}', which is not absolute")
        elif scheme in WEB and not names_host:
            yield _line(entry, f"has the address '{readable_path(entry.url[:200])}', which names no host")


@rule("bag.fetch-url-unusual", severity=Severity.WARNING, reference="RFC 8493 5.2")
def fetch_url_unusual(inspection: Inspection) -> Iterator[Problem]:
    """Addresses are those of a server. A file: address would read the disk of whoever completes the bag."""
    for entry in _entries(inspection):
        scheme, _ = _address(entry.url)
        if scheme and scheme not in KNOWN_SCHEMES:
            yield _line(entry, f"has an address of the kind {readable_path(scheme)}:, which should not be followed")


@rule("bag.fetch-length", severity=Severity.WARNING, reference="RFC 8493 2.2.3, 5.3")
def fetch_length(inspection: Inspection) -> Iterator[Problem]:
    """A file that is there already has the length that fetch.txt states."""
    for entry in _entries(inspection):
        file = inspection.bag.find(entry.path, entry.spelled)
        size = inspection.bag.source.files[file] if file is not None else None
        if size is not None and entry.length is not None and size != entry.length:
            said = f"states {entry.length:,} bytes for '{readable_path(entry.path)}', which has {size:,}"
            yield _line(entry, said)


@rule("bag.fetch-listed-twice", severity=Severity.WARNING, reference="RFC 8493 2.2.3")
def fetch_listed_twice(inspection: Inspection) -> Iterator[Problem]:
    """fetch.txt names each file once; with two addresses it is open which of them is meant."""
    first: dict[str, int] = {}
    for entry in _entries(inspection):
        earlier = first.setdefault(nfc(entry.path), entry.line)
        if earlier != entry.line:
            yield _line(entry, f"names '{readable_path(entry.path)}' again, after line {earlier}")


def _address(url: str) -> tuple[str, bool]:
    """The scheme of an address, empty where it has none, and whether it names a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", False
    return parts.scheme.lower(), bool(parts.netloc)


def _entries(inspection: Inspection) -> tuple[FetchEntry, ...]:
    if inspection.bag.fetch is None:
        raise NotApplicable("the bag has no fetch.txt")
    return inspection.bag.fetch.entries


def _line(entry: FetchEntry, said: str) -> Problem:
    return Problem(
        path=readable_path(entry.path),
        message=f"Line {entry.line} of fetch.txt {said}.",
        detail={"line": entry.line},
    )
