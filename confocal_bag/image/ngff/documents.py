"""Read the JSON documents of a Zarr: only inside its folder, never through a link, never more than fits."""

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confocal_bag.findings import readable_path
from confocal_bag.image.format_table import ZARR_TOPS
from confocal_bag.image.regular_file import open_regular

__all__ = ["NgffError", "attributes", "inside", "read_document", "zarr_root"]

#: Consolidated metadata of a plate with thousands of fields stay below this.
_LARGEST_DOCUMENT = 64 << 20


class NgffError(ValueError):
    """A Zarr whose metadata are damaged, hostile, or say what this program does not read; the sentence says what."""


def zarr_root(path: Path) -> Path:
    """The folder of an OME-Zarr, given itself or the file at its top that stands for it in lists of files."""
    return path.parent if path.name in ZARR_TOPS and not path.is_dir() else path


def inside(root: Path, relative: str) -> Path:
    """The folder `relative` of a Zarr. Raises NgffError where it leads out of the Zarr or through a link."""
    parts = [part for part in relative.split("/") if part]
    if ".." in parts or "." in parts or "\0" in relative or "\\" in relative or relative.startswith("/"):
        raise NgffError(f"it names the folder {readable_path(relative)}, which leads out of it")
    folder = root
    for part in parts:
        folder /= part
        if _is_link(folder):
            raise NgffError(f"{readable_path(folder.relative_to(root))} is a symbolic link")
    return folder


def _is_link(path: Path) -> bool:
    try:
        return stat.S_ISLNK(path.lstat().st_mode)
    except OSError:
        return False  # what is not there is said by whoever opens it


def read_document(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file, or None where there is no such file. Raises NgffError for anything else in it."""
    try:
        with open_regular(path) as stream:
            if os.fstat(stream.fileno()).st_size > _LARGEST_DOCUMENT:
                raise NgffError(f"{readable_path(path.name)} has more than {_LARGEST_DOCUMENT:,} bytes")
            document = json.loads(stream.read())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, RecursionError) as error:
        if isinstance(error, NgffError):
            raise
        raise NgffError(f"{readable_path(path.name)} is not JSON ({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise NgffError(f"{readable_path(path.name)} holds no JSON object")
    return document


def attributes(group: Path) -> Mapping[str, Any]:
    """What NGFF says of a group: the attributes of Zarr 2, or those below "ome" of Zarr 3; empty where nothing."""
    document = read_document(group / "zarr.json")
    if document is None:
        return read_document(group / ".zattrs") or {}
    held = document.get("attributes")
    known = held.get("ome") if isinstance(held, dict) else None
    return known if isinstance(known, dict) else {}
