"""Deposits with names that are hard to write down, to compare and to pack, as hypothesis makes them."""

import re
from dataclasses import dataclass

from hypothesis import strategies as st

from confocal_bag.bag.paths import unsafe_because
from confocal_bag.bag.writing.targets import target_keys

Files = dict[str, bytes]

#: What bagit.py and bdbag take for the end of a line although RFC 8493 2.1.3 ends lines with LF, CR or both.
_FALSE_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_PIECES = (
    *("%", "%0A", "%25", "%0d", "\n", "\r", " ", "*", "'", '"', "\u2028", "\x85", "\x1f", "\xa0", "\u200f", "\ufeff"),
    *("\u00e9", "e\u0301", "\uac00", "\u1100\u1161", "\u00c5", "\u212b", "~", ".", "..", "-", "=", ":", "#", "$HOME"),
)
_WHOLE = (
    *("manifest-sha256.txt", "tagmanifest-sha512.txt", "bag-info.txt", "fetch.txt", "bagit.txt", "data", "con", "nul"),
    *("-rf", "--", "-", "~", "~root", "$HOME", "*", "?", "C:", "a:b", "aux.txt", ".hidden", "...", ".keep", "raw"),
    *("ends in a dot.", "ends in a blank ", " begins with a blank", "README.txt", "Manifest.txt", "inventory.csv"),
    *("x" * 255, "\u00e9" * 127, "y" * 120 + "\n" + "y" * 100, "\U0001f52c" * 63, "e\u0301" * 80),
)
_CONTENTS = st.one_of(st.just(b""), st.binary(max_size=60), st.binary(min_size=400, max_size=400))


def misread_because(path: str) -> str | None:
    """Why bagit.py 1.9 and bdbag 1.8 do not find the file of a rightly written manifest line, or None if they do."""
    reasons = (
        ("%" in path, "%25 is not decoded"),
        (path.count("\n") > 2 or path.count("\r") > 2, "only the first two %0A and the first two %0D are decoded"),
        (path != path.rstrip(), "blanks at the end of the line are dropped"),
        (re.search(f"[{_FALSE_LINE_ENDS}]", path) is not None, "lines end at characters that end none"),
    )
    return next((reason for applies, reason in reasons if applies), None)


def names(*, readable: bool) -> st.SearchStrategy[str]:
    """Names of files and folders; the `readable` ones hold nothing that the other tools misread wherever it stands."""
    forbidden = "/\0" + ("%" + _FALSE_LINE_ENDS if readable else "")
    pieces = [one for one in _PIECES if not set(one) & set(forbidden)]
    letters = st.characters(exclude_categories=["Cs"], exclude_characters=forbidden)
    composed = st.lists(st.sampled_from(pieces) | letters, min_size=1, max_size=10).map("".join)
    return (composed | st.sampled_from(_WHOLE)).filter(_is_name)


def _is_name(name: str) -> bool:
    return name not in (".", "..") and len(name.encode()) <= 255 and unsafe_because(f"data/{name}") is None


def paths(*, readable: bool) -> st.SearchStrategy[str]:
    """Paths inside a deposit, some in deep folders."""
    one = names(readable=readable)
    shallow = st.lists(one, min_size=1, max_size=3)
    folders = st.builds(lambda folder, depth: [folder] * depth, one.filter(_is_short), st.integers(6, 15))
    deep = st.builds(lambda above, name: [*above, name], folders, one)
    found = (shallow | shallow | shallow | shallow | shallow | deep).map("/".join)
    return found.filter(lambda path: misread_because(path) is None) if readable else found


def _is_short(name: str) -> bool:
    return len(name.encode()) < 20 and not set(name) & set("\n\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """The files of a deposit, and one more that comes later."""

    files: Files
    later: str


@st.composite
def deposits(draw: st.DrawFn, *, readable: bool) -> Hostile:
    """One to six files whose names no system takes for one another, and the name of another one."""
    chosen = _distinct(draw(st.lists(paths(readable=readable), min_size=2, max_size=7)))
    files = {path: draw(_CONTENTS) for path in chosen[1:] or chosen}
    return Hostile(files=files, later=chosen[0] if len(chosen) > 1 else "later")


def _distinct(candidates: list[str]) -> list[str]:
    """Those that neither equal an earlier one nor have it for a folder, whatever the system."""
    files: set[str] = set()
    folders: set[str] = set()
    kept = []
    for path in candidates:
        key, *parents = target_keys(path)
        if key not in files | folders and not files & set(parents):
            files.add(key)
            folders.update(parents)
            kept.append(path)
    return kept
