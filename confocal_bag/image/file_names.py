"""Names for files made from other files: safe on every file system, and as unique as the names they come from."""

import re
import unicodedata
from hashlib import sha256

from confocal_bag.findings import readable_path

__all__ = ["output_names", "safe_stem"]

# What Windows refuses, what shells trip over at the ends, and what cannot be printed.
_REFUSED = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST_BYTES = 200


def safe_stem(name: str) -> str:
    """`name` itself where every file system takes it; else a cleaned copy with 8 digits of the original's digest."""
    plain = readable_path(name)
    clean = _REFUSED.sub("_", unicodedata.normalize("NFC", plain)).replace("\\x", "_").strip(" .") or "image"
    if _RESERVED.match(clean):
        clean = f"_{clean}"
    if clean == name and len(clean.encode()) <= _LONGEST_BYTES:
        return clean
    digest = sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    kept = clean.encode()[: _LONGEST_BYTES - 9].decode("utf-8", "ignore").rstrip(" .")
    return f"{kept}-{digest}"


def output_names(stem: str, series_count: int) -> list[str]:
    """The names of the OME-TIFF files of an image file: one for each series, numbered when there are several."""
    digits = max(2, len(str(series_count - 1)))
    suffixes = [""] if series_count == 1 else [f"_s{index:0{digits}d}" for index in range(series_count)]
    return [f"{safe_stem(stem)}{suffix}.ome.tiff" for suffix in suffixes]
