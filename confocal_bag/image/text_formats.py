"""Tell text formats apart: here, and only here, the extension of a file has a say."""

import codecs

from confocal_bag.image.format_table import FORMATS, Format

__all__ = ["identify_text"]

_BY_EXTENSION = (
    "markdown", "json", "jsonl", "yaml", "csv", "tsv", "python", "imagej-macro", "matlab", "r", "groovy",
    "java", "javascript", "shell", "jupyter", "cellprofiler", "prism",
)  # fmt: skip

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def identify_text(head: bytes, name: str) -> Format | None:
    """The text format of a file from its first bytes and its name; None when the bytes are not text."""
    text = _decode(head)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")
    return _olympus(start, name) or _markup(start, name) or _by_extension(name) or FORMATS["text"]


def _decode(head: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    if b"\0" in head or any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return None
    try:
        # The last character may be cut in two by the end of what was read.
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        text = head.decode("cp1252", "replace")
        return text if sum(char.isprintable() or char in "\t\r\n\f" for char in text) > 0.95 * len(text) else None


def _olympus(start: str, name: str) -> Format | None:
    """The UTF-16 settings files of an Olympus OIF and its companions, told apart by their first section."""
    lowered = name.lower()
    if start.startswith("[ColorLUTData]") or (start.startswith("[Blue]") and lowered.endswith(".lut")):
        return FORMATS["olympus-lut"]
    if start.startswith(("[FileInformation]", "[ROIBase FileInformation]")) and lowered.endswith(".roi"):
        return FORMATS["olympus-roi"]
    if start.startswith(_SETTINGS) or (start.startswith("[") and lowered.endswith(FORMATS["oif"].extensions)):
        return FORMATS["olympus-pty" if lowered.endswith(".pty") else "oif"]
    return None


_SETTINGS = ("[Acquisition Parameters Common]", "[Axis 0 Parameters Common]", "[ProfileSaveInfo]")

_ROOTS = (("<lmsdatacontainerheader", "xlef"), ("<svg", "svg"), ("<!doctype html", "html"), ("<html", "html"),
          ("<graphpadprismfile", "prism"))  # fmt: skip


def _markup(start: str, name: str) -> Format | None:
    if not start.startswith("<"):
        return None
    beginning, lowered = start[:4096].lower(), name.lower()
    if "<ome" in beginning and "openmicroscopy.org/schemas/ome" in beginning:
        return FORMATS["ome-companion" if lowered.endswith(".companion.ome") else "ome-xml"]
    for root, found in _ROOTS:
        if root in beginning:
            return FORMATS[found]
    is_xml = start.startswith("<?xml") or lowered.endswith(FORMATS["xml"].extensions)
    return FORMATS["xml"] if is_xml else None


def _by_extension(name: str) -> Format | None:
    lowered = name.lower()
    for one in _BY_EXTENSION:
        if lowered.endswith(FORMATS[one].extensions):
            return FORMATS[one]
    return None
