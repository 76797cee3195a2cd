"""What a BagIt profile asks of a bag's manifests, tag files, payload files and fetch.txt."""

from collections.abc import Iterable, Iterator

from confocal_bag.bag.paths import nfc
from confocal_bag.bag.profiles.model import Comparison
from confocal_bag.bag.profiles.patterns import allows
from confocal_bag.findings import NotApplicable, Problem, Severity, rule

__all__: list[str] = []

_SPECIFICATION = "BagIt Profiles 1.4.0"
#: Files each reported by name; the rest of a long list becomes one finding, so that memory stays bounded.
_MOST_NAMED = 100


@rule("profile.manifests-required", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Manifests-Required")
def _manifests_required(comparison: Comparison) -> Iterator[Problem]:
    """The bag has a payload manifest for each algorithm in Manifests-Required."""
    yield from _missing(comparison.profile.manifests_required, comparison.subject.manifests, "manifest")


@rule("profile.manifests-allowed", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Manifests-Allowed")
def _manifests_allowed(comparison: Comparison) -> Iterator[Problem]:
    """Every payload manifest is of an algorithm in Manifests-Allowed."""
    yield from _surplus(comparison.profile.manifests_allowed, comparison.subject.manifests, "manifest")


@rule(
    "profile.tag-manifests-required",
    severity=Severity.ERROR,
    reference=f"{_SPECIFICATION}, Tag-Manifests-Required",
)
def _tag_manifests_required(comparison: Comparison) -> Iterator[Problem]:
    """The bag has a tag manifest for each algorithm in Tag-Manifests-Required."""
    yield from _missing(comparison.profile.tag_manifests_required, comparison.subject.tag_manifests, "tagmanifest")


@rule(
    "profile.tag-manifests-allowed",
    severity=Severity.ERROR,
    reference=f"{_SPECIFICATION}, Tag-Manifests-Allowed",
)
def _tag_manifests_allowed(comparison: Comparison) -> Iterator[Problem]:
    """Every tag manifest is of an algorithm in Tag-Manifests-Allowed."""
    yield from _surplus(comparison.profile.tag_manifests_allowed, comparison.subject.tag_manifests, "tagmanifest")


@rule("profile.tag-files-required", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Tag-Files-Required")
def _tag_files_required(comparison: Comparison) -> Iterator[Problem]:
    """Every file in Tag-Files-Required is in the bag, as a file at exactly that path."""
    there = {nfc(path) for path in comparison.subject.tag_files}
    for path in comparison.profile.tag_files_required:
        if nfc(path) not in there:
            yield Problem(
                path=path,
                message=f"The tag file {path} is missing; the profile requires it.",
                remedy="Add the file to the bag and to its tag manifests.",
            )


@rule("profile.tag-files-allowed", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Tag-Files-Allowed")
def _tag_files_allowed(comparison: Comparison) -> Iterator[Problem]:
    """Every tag file matches Tag-Files-Allowed.

    The files of BagIt itself (bagit.txt, bag-info.txt, fetch.txt, manifests) are always allowed. An
    asterisk stands for any characters but a slash (glob(7)); a lone asterisk allows everything.
    """
    allowed = comparison.profile.tag_files_allowed
    if allowed is None:
        raise NotApplicable("the profile allows any tag file")
    strangers = (
        path
        for path in sorted(comparison.subject.tag_files)
        if not _is_of_bagit(path) and not allows(allowed, path, whole_folders=False)
    )
    yield from _each(strangers, f"the profile allows {_list(allowed)}")


@rule(
    "profile.payload-files-required",
    severity=Severity.ERROR,
    reference=f"{_SPECIFICATION}, Payload-Files-Required",
)
def _payload_files_required(comparison: Comparison) -> Iterator[Problem]:
    """Every file in Payload-Files-Required is in the payload.

    An entry that ends in a slash is a folder, which must hold at least one file.
    """
    wanted = comparison.profile.payload_files_required
    if not wanted:
        raise NotApplicable("the profile requires no payload file")
    there = {nfc(path) for path in comparison.subject.payload}
    folders = {path[: position + 1] for path in there for position, sign in enumerate(path) if sign == "/"}
    for path in wanted:
        if nfc(path) not in (folders if path.endswith("/") else there):
            kind, what = ("folder", "is missing or empty") if path.endswith("/") else ("file", "is missing")
            yield Problem(
                path=path,
                message=f"The payload {kind} {path} {what}; the profile requires it.",
                remedy="Make the bag again with what belongs there, or claim another profile.",
            )


@rule(
    "profile.payload-files-allowed",
    severity=Severity.ERROR,
    reference=f"{_SPECIFICATION}, Payload-Files-Allowed",
)
def _payload_files_allowed(comparison: Comparison) -> Iterator[Problem]:
    """Every payload file matches Payload-Files-Allowed.

    An asterisk stands for any characters but a slash (glob(7)); data/folder/* permits the folder with all
    that lies in it at any depth; a lone asterisk allows everything.
    """
    allowed = comparison.profile.payload_files_allowed
    if allowed is None:
        raise NotApplicable("the profile allows any payload file")
    strangers = (path for path in sorted(comparison.subject.payload) if not allows(allowed, path, whole_folders=True))
    yield from _each(strangers, f"the profile allows {_list(allowed)}")


@rule("profile.fetch-allowed", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Allow-Fetch.txt")
def _fetch_allowed(comparison: Comparison) -> Iterator[Problem]:
    """The bag has no fetch.txt when the profile does not allow one."""
    if comparison.subject.has_fetch and not comparison.profile.fetch_allowed:
        yield Problem(
            path="fetch.txt",
            message="The bag has a fetch.txt; the profile does not allow one.",
            remedy="Complete the bag with its remote files and remove fetch.txt.",
        )


@rule("profile.fetch-required", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Fetch.txt-Required")
def _fetch_required(comparison: Comparison) -> Iterator[Problem]:
    """The bag has a fetch.txt when the profile requires one."""
    if comparison.profile.fetch_required and not comparison.subject.has_fetch:
        yield Problem(
            path="fetch.txt",
            message="The bag has no fetch.txt; the profile requires one.",
            remedy="Add a fetch.txt that tells where the payload files are.",
        )


@rule("profile.data-empty", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Data-Empty")
def _data_empty(comparison: Comparison) -> Iterator[Problem]:
    """The payload is empty, or one file of zero bytes, when the profile asks for that."""
    payload = comparison.subject.payload
    if comparison.profile.data_empty and (len(payload) > 1 or any(payload.values())):
        yield Problem(
            path="data",
            message=f"The payload has {len(payload)} files, {sum(payload.values())} bytes; the profile asks "
            "for none, or for one of zero bytes.",
            remedy="Move the files out of the payload, or claim another profile.",
        )


def _missing(wanted: Iterable[str], there: Iterable[str], kind: str) -> Iterator[Problem]:
    present = {algorithm.lower() for algorithm in there}
    for algorithm in wanted:
        if algorithm.lower() not in present:
            name = f"{kind}-{algorithm}.txt"
            yield Problem(
                path=name,
                message=f"The profile requires {name}.",
                remedy=f"Make the bag again with {algorithm}.",
            )


def _surplus(allowed: Iterable[str] | None, there: Iterable[str], kind: str) -> Iterator[Problem]:
    if allowed is None:
        raise NotApplicable("the profile allows any algorithm")
    names = [algorithm.lower() for algorithm in allowed]
    for algorithm in sorted(there):
        if algorithm.lower() not in names:
            name = f"{kind}-{algorithm}.txt"
            yield Problem(
                path=name,
                message=f"The bag has {name}; the profile allows the algorithms {_list(names)}.",
                remedy=f"Make the bag again without {algorithm}.",
            )


def _each(strangers: Iterable[str], sentence: str) -> Iterator[Problem]:
    """One problem for each path that is not allowed, the surplus of a long list in one last problem."""
    remedy = "Move the file to where the profile allows it, or claim another profile."
    beyond = 0
    for count, path in enumerate(strangers):
        if count < _MOST_NAMED:
            yield Problem(path=path, message=f"{path} is not allowed: {sentence}.", remedy=remedy)
        else:
            beyond += 1
    if beyond:
        yield Problem(
            message=f"{beyond} more files are not allowed: {sentence}.",
            remedy=remedy,
            detail={"files": beyond},
        )


def _is_of_bagit(path: str) -> bool:
    """Whether the file is one that RFC 8493 defines, which no profile lists."""
    if path in {"bagit.txt", "bag-info.txt", "fetch.txt"}:
        return True
    return path.startswith(("manifest-", "tagmanifest-")) and path.endswith(".txt") and "/" not in path


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
