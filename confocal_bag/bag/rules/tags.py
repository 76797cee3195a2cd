"""Rules about bag-info.txt and the tag manifests."""

import re
from collections import defaultdict
from collections.abc import Iterator

from confocal_bag.bag.rules.inspection import Depth, Inspection
from confocal_bag.findings import NotApplicable, Problem, Severity, readable_path, rule

OXUM = re.compile(r"([0-9]{1,30})\.([0-9]{1,30})")
NOT_REPEATED = ("Bagging-Date", "Bag-Size", "Bag-Group-Identifier", "Bag-Count")
SHOULD_BE_PROTECTED = {"bagit.txt", "bag-info.txt", "package-info.txt", "fetch.txt"}


@rule("bag.oxum-repeated", severity=Severity.ERROR, reference="RFC 8493 2.2.2")
def oxum_repeated(inspection: Inspection) -> Iterator[Problem]:
    """bag-info.txt states Payload-Oxum at most once, in whatever letters."""
    values = _values(inspection, "Payload-Oxum")
    if len(values) > 1:
        shown = readable_path(", ".join(values)[:120])
        yield _info_problem(inspection, f"states Payload-Oxum {len(values)} times ({shown})")


@rule("bag.oxum-malformed", severity=Severity.ERROR, reference="RFC 8493 2.2.2")
def oxum_malformed(inspection: Inspection) -> Iterator[Problem]:
    """Payload-Oxum is the number of bytes in the payload, a full stop, and the number of files."""
    for value in _values(inspection, "Payload-Oxum"):
        if OXUM.fullmatch(value) is None:
            shown = readable_path(value[:120])
            yield _info_problem(inspection, f"states Payload-Oxum as '{shown}'; BYTES.FILES is expected")


@rule("bag.oxum-wrong", severity=Severity.ERROR, reference="RFC 8493 2.2.2")
def oxum_wrong(inspection: Inspection) -> Iterator[Problem]:
    """The payload has as many bytes and files as Payload-Oxum states. The fast check rests on this alone."""
    values = _values(inspection, "Payload-Oxum")
    if not values and inspection.depth is Depth.FAST:
        yield _info_problem(inspection, "states no Payload-Oxum, so the fast check has nothing to compare")
        return
    if not values:
        raise NotApplicable("bag-info.txt states no Payload-Oxum")
    payload = inspection.bag.payload
    size, number = sum(payload.values()), len(payload)
    to_come = _to_be_fetched(inspection)
    whole = (size + sum(to_come), number + len(to_come))
    for value in values:
        match = OXUM.fullmatch(value)
        stated = (int(match[1]), int(match[2])) if match else None
        # Of a holey bag the field speaks of the whole; that files are missing is said by bag.file-missing, if it looks.
        if stated == whole and inspection.depth is not Depth.FAST:
            continue
        if match is not None and stated != (size, number):
            yield _info_problem(
                inspection,
                f"states {int(match[1]):,} bytes in {int(match[2]):,} files; data/ holds {size:,} bytes in {number:,}",
            )


@rule("bag.info-repeated", severity=Severity.WARNING, reference="RFC 8493 2.2.2")
def info_repeated(inspection: Inspection) -> Iterator[Problem]:
    """The fields of bag-info.txt that speak of the bag as a whole are stated once."""
    for label in NOT_REPEATED:
        values = _values(inspection, label)
        if len(values) > 1:
            yield _info_problem(inspection, f"states {label} {len(values)} times")


def _to_be_fetched(inspection: Inspection) -> list[int]:
    """The lengths of the payload files that fetch.txt names, with their lengths, and data/ lacks."""
    fetch, payload = inspection.bag.fetch, inspection.bag.payload
    entries = {entry.path: entry.length for entry in fetch.entries} if fetch else {}
    return [length for path, length in entries.items() if path not in payload and length is not None]


def _values(inspection: Inspection, label: str) -> list[str]:
    """The values of a reserved field; its name is in whatever letters (RFC 8493 2.2.2)."""
    return [value for name, value in inspection.bag.bag_info if name.lower() == label.lower()]


def _info_problem(inspection: Inspection, said: str) -> Problem:
    name = inspection.bag.info_name
    return Problem(path=name, message=f"{name} {said}.")


@rule("bag.tag-manifest-omits-manifest", severity=Severity.ERROR, reference="RFC 8493 2.2.1")
def tag_manifest_omits_manifest(inspection: Inspection) -> Iterator[Problem]:
    """Each tag manifest of a 1.0 bag lists every payload manifest, so that none changes unnoticed."""
    listed = _listed_tags(inspection)
    if not inspection.is_1_0:
        raise NotApplicable("before BagIt 1.0 a tag manifest need not list the payload manifests")
    for name, files in listed.items():
        for one in inspection.bag.manifests.values():
            if one.name not in files:
                shown = readable_path(one.name)
                yield Problem(path=shown, message=f"{readable_path(name)} does not list {shown}.")


@rule("bag.tag-manifest-lists-tag-manifest", severity=Severity.ERROR, reference="RFC 8493 2.2.1")
def tag_manifest_lists_tag_manifest(inspection: Inspection) -> Iterator[Problem]:
    """No tag manifest lists a tag manifest."""
    names = {one.name for one in inspection.bag.tag_manifests.values()}
    for name, files in _listed_tags(inspection).items():
        for file in sorted(files & names):
            shown = readable_path(file)
            yield Problem(path=shown, message=f"{readable_path(name)} lists the tag manifest {shown}.")


@rule("bag.tag-manifest-lists-payload", severity=Severity.WARNING, reference="RFC 8493 2.2.1")
def tag_manifest_lists_payload(inspection: Inspection) -> Iterator[Problem]:
    """Tag manifests list tag files; files of the payload belong in the payload manifests."""
    for name, files in _listed_tags(inspection).items():
        for file in sorted(files):
            if file.startswith("data/"):
                yield Problem(
                    path=readable_path(file),
                    message=f"{readable_path(name)} lists the payload file '{readable_path(file)}'.",
                    severity=inspection.debatable,
                )


@rule("bag.tag-manifest-incomplete", severity=Severity.ADVICE, reference="RFC 8493 2.2.1")
def tag_manifest_incomplete(inspection: Inspection) -> Iterator[Problem]:
    """Tag manifests should list every other tag file; a file that is not listed can change unnoticed.

    For bagit.txt, bag-info.txt and fetch.txt this is a warning, for further tag files advice.
    """
    names = {one.name for one in inspection.bag.all_manifests}
    for name, files in _listed_tags(inspection).items():
        for file in inspection.bag.tag_files:
            if file not in files and file not in names:
                yield Problem(
                    path=readable_path(file),
                    message=f"{readable_path(name)} does not list '{readable_path(file)}'.",
                    severity=Severity.WARNING if file in SHOULD_BE_PROTECTED else None,
                )


@rule("bag.tag-algorithms-differ", severity=Severity.WARNING, reference="RFC 8493 2.2.1")
def tag_algorithms_differ(inspection: Inspection) -> Iterator[Problem]:
    """Tag manifests use the algorithms of the payload manifests."""
    _listed_tags(inspection)
    tags = {one.algorithm for one in inspection.bag.tag_manifests.values()}
    payload = {one.algorithm for one in inspection.bag.manifests.values()}
    if payload and tags != payload:
        seen, expected = (", ".join(readable_path(name) for name in sorted(names)) for names in (tags, payload))
        yield Problem(message=f"The tag manifests use {seen}; {expected} is expected, as in the payload manifests.")


def _listed_tags(inspection: Inspection) -> dict[str, set[str]]:
    """For each tag manifest, by the name of its file: the files it lists."""
    inspection.need_manifests()
    if not inspection.bag.tag_manifests:
        raise NotApplicable("the bag has no tag manifest")
    listed: dict[str, set[str]] = defaultdict(set)
    for one in inspection.bag.tag_manifests.values():
        listed[one.name] = inspection.listed[one.name].first.keys() & inspection.bag.source.files.keys()
    return listed
