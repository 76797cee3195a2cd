"""The file formats this program can name, as data."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FORMATS", "ZARR_TOPS", "Format", "Kind"]

#: The file at the top of an OME-Zarr that stands for it in lists of files: of Zarr 3, of Zarr 2.
ZARR_TOPS = ("zarr.json", ".zattrs")


class Kind(StrEnum):
    """What a file is for."""

    IMAGE = "image"
    COMPANION = "companion"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    TABLE = "table"
    MOVIE = "movie"
    SCRIPT = "script"
    ROI = "roi"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One file format.

    `puid` is the PRONOM identifier (DROID signature file V125), `edam` the EDAM format identifier; None where
    the registry has none. `open` says whether the specification is public and free to implement. `extensions`
    are lower-case and start with a dot; `vendor` is empty where no microscope maker owns the format.
    """

    id: str
    name: str
    kind: Kind
    puid: str | None
    edam: str | None
    mime: str
    open: bool
    extensions: tuple[str, ...]
    vendor: str


_BINARY = "application/octet-stream"
_OPC = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
_I, _C, _A, _D = Kind.IMAGE, Kind.COMPANION, Kind.ARCHIVE, Kind.DOCUMENT
_T, _M, _S, _R, _U = Kind.TABLE, Kind.MOVIE, Kind.SCRIPT, Kind.ROI, Kind.UNKNOWN
_Row = tuple[str, str, Kind, str | None, str | None, str, bool, str, str]

# id, name, kind, PUID, EDAM, media type, open, extensions, vendor
_ROWS: tuple[_Row, ...] = (
    ("czi", "Zeiss CZI", _I, "fmt/1143", None, _BINARY, False, ".czi", "Zeiss"),
    ("lsm", "Zeiss LSM", _I, "fmt/353", "format_3988", "image/tiff", False, ".lsm", "Zeiss"),
    ("zvi", "Zeiss ZVI", _I, "fmt/111", None, _BINARY, False, ".zvi", "Zeiss"),
    ("nd2", "Nikon ND2", _I, None, None, _BINARY, False, ".nd2", "Nikon"),
    ("nd2-jpeg2000", "Nikon ND2 (JPEG 2000)", _I, None, None, _BINARY, False, ".nd2", "Nikon"),
    ("lif", "Leica LIF", _I, None, None, _BINARY, False, ".lif", "Leica"),
    ("lof", "Leica LOF", _I, None, None, _BINARY, False, ".lof", "Leica"),
    ("xlef", "Leica XLEF", _C, None, None, "text/xml", False, ".xlef .xlif .xlcf", "Leica"),
    ("oib", "Olympus OIB", _I, "fmt/111", None, _BINARY, False, ".oib", "Olympus"),
    ("oif", "Olympus OIF", _I, "x-fmt/111", None, "text/plain", False, ".oif", "Olympus"),
    ("oir", "Olympus OIR", _I, None, None, _BINARY, False, ".oir .poir .omp2info", "Olympus"),
    ("vsi", "Olympus cellSens VSI", _I, None, None, _BINARY, False, ".vsi", "Olympus"),
    ("slidebook", "SlideBook", _I, None, None, _BINARY, False, ".sldy", "Intelligent Imaging Innovations"),
    ("ets", "Olympus cellSens ETS", _I, None, None, _BINARY, False, ".ets", "Olympus"),
    ("olympus-pty", "Olympus plane settings", _C, None, None, "text/plain", False, ".pty", "Olympus"),
    ("olympus-lut", "Olympus look-up table", _C, None, None, "text/plain", False, ".lut", "Olympus"),
    ("olympus-roi", "Olympus region", _C, None, None, "text/plain", False, ".roi", "Olympus"),
    ("ome-tiff", "OME-TIFF", _I, "fmt/353", "format_3727", "image/tiff", True,
     ".ome.tif .ome.tiff .ome.btf .ome.tf2 .ome.tf8 .tif .tiff .btf", ""),
    ("imagej-tiff", "ImageJ TIFF", _I, "fmt/353", "format_3591", "image/tiff", True, ".tif .tiff", ""),
    ("tiff", "TIFF", _I, "fmt/353", "format_3591", "image/tiff", True, ".tif .tiff", ""),
    ("bigtiff", "BigTIFF", _I, "fmt/1917", "format_3591", "image/tiff", True, ".tif .tiff .btf .tf8", ""),
    ("stk", "MetaMorph STK", _I, "fmt/353", None, "image/tiff", False, ".stk .tif", "Molecular Devices"),
    ("fluoview-tiff", "Olympus FluoView TIFF", _I, "fmt/353", None, "image/tiff", False,
     ".tif .tiff", "Olympus"),
    ("ome-zarr", "OME-Zarr", _I, None, "format_3915", "application/vnd+zarr", True, ".ome.zarr .zarr", ""),
    ("zarr-part", "Part of a Zarr", _C, None, None, _BINARY, True, "", ""),
    ("ome-xml", "OME-XML", _C, "fmt/101", "format_2332", "application/xml", True, ".ome.xml .ome .xml", ""),
    ("ome-companion", "OME-TIFF companion", _C, "fmt/101", "format_2332", "application/xml", True,
     ".companion.ome", ""),
    ("imaris", "Imaris", _I, "fmt/807", "format_3590", "application/x-hdf5", False,
     ".ims", "Oxford Instruments"),
    ("hdf5", "HDF5", _U, "fmt/807", "format_3590", "application/x-hdf5", True, ".h5 .hdf5 .hdf .he5 .nc", ""),
    ("ics", "Image Cytometry Standard", _I, "fmt/577", None, _BINARY, True, ".ics", ""),
    ("deltavision", "DeltaVision", _I, None, None, _BINARY, False, ".dv .r3d .d3d", "Applied Precision"),
    ("biorad-pic", "Bio-Rad PIC", _I, None, None, _BINARY, False, ".pic", "Bio-Rad"),
    ("dicom", "DICOM", _I, "fmt/574", "format_3548", "application/dicom", True, ".dcm .dicom", ""),
    ("nrrd", "NRRD", _I, None, "format_3557", _BINARY, True, ".nrrd .nhdr", ""),
    ("fits", "FITS", _I, "x-fmt/383", None, "application/fits", True, ".fits .fit .fts", ""),
    ("png", "PNG", _I, "fmt/11", "format_3603", "image/png", True, ".png", ""),
    ("jpeg", "JPEG", _I, "fmt/43", "format_3579", "image/jpeg", True, ".jpg .jpeg .jpe .jfif", ""),
    ("jpeg2000", "JPEG 2000", _I, "x-fmt/392", None, "image/jp2", True, ".jp2 .jpx .j2k", ""),
    ("gif", "GIF", _I, "fmt/4", "format_3467", "image/gif", True, ".gif", ""),
    ("bmp", "Windows bitmap", _I, "fmt/119", "format_3592", "image/bmp", True, ".bmp .dib", ""),
    ("webp", "WebP", _I, "fmt/566", None, "image/webp", True, ".webp", ""),
    ("psd", "Photoshop", _I, "x-fmt/92", None, "image/vnd.adobe.photoshop", False, ".psd .psb", ""),
    ("svg", "SVG", _I, "fmt/92", "format_3604", "image/svg+xml", True, ".svg", ""),
    ("imagej-roi", "ImageJ ROI", _R, None, None, _BINARY, True, ".roi", ""),
    ("imagej-roiset", "ImageJ ROI set", _R, "x-fmt/263", None, "application/zip", True, ".zip", ""),
    ("imagej-lut", "NIH Image look-up table", _C, None, None, _BINARY, True, ".lut", ""),
    ("avi", "AVI", _M, "fmt/5", "format_3990", "video/vnd.avi", True, ".avi", ""),
    ("mp4", "MPEG-4", _M, "fmt/199", "format_3997", "video/mp4", True, ".mp4 .m4v", ""),
    ("mov", "QuickTime", _M, "x-fmt/384", None, "video/quicktime", False, ".mov .qt", ""),
    ("matroska", "Matroska", _M, "fmt/569", None, "video/x-matroska", True, ".mkv .webm", ""),
    ("wmv", "Windows Media", _M, "fmt/133", None, "video/x-ms-wmv", False, ".wmv .asf", ""),
    ("mpeg", "MPEG", _M, "x-fmt/385", None, "video/mpeg", True, ".mpg .mpeg", ""),
    ("zip", "ZIP", _A, "x-fmt/263", "format_3987", "application/zip", True, ".zip .ozx", ""),
    ("gzip", "gzip", _A, "x-fmt/266", "format_3989", "application/gzip", True, ".gz .tgz", ""),
    ("bzip2", "bzip2", _A, "x-fmt/268", None, "application/x-bzip2", True, ".bz2 .tbz .tbz2", ""),
    ("xz", "xz", _A, "fmt/1098", None, "application/x-xz", True, ".xz .txz", ""),
    ("zstd", "Zstandard", _A, None, None, "application/zstd", True, ".zst .tzst", ""),
    ("7z", "7-Zip", _A, "fmt/484", None, "application/x-7z-compressed", True, ".7z", ""),
    ("rar", "RAR", _A, "fmt/613", None, "application/vnd.rar", False, ".rar", ""),
    ("tar", "tar", _A, "x-fmt/265", "format_3981", "application/x-tar", True, ".tar", ""),
    ("pdf", "PDF", _D, "fmt/276", "format_3508", "application/pdf", True, ".pdf", ""),
    ("docx", "Word (docx)", _D, "fmt/412", "format_3506", f"{_OPC}.wordprocessingml.document", True,
     ".docx .docm .dotx", ""),
    ("pptx", "PowerPoint (pptx)", _D, "fmt/215", "format_3838", f"{_OPC}.presentationml.presentation", True,
     ".pptx .pptm .ppsx", ""),
    ("xlsx", "Excel (xlsx)", _T, "fmt/214", "format_3620", f"{_OPC}.spreadsheetml.sheet", True,
     ".xlsx .xlsm", ""),
    ("odt", "OpenDocument text", _D, None, None, f"{_ODF}.text", True, ".odt", ""),
    ("ods", "OpenDocument spreadsheet", _T, None, None, f"{_ODF}.spreadsheet", True,
     ".ods", ""),
    ("doc", "Word (doc)", _D, "fmt/40", None, "application/msword", False, ".doc .dot", ""),
    ("xls", "Excel (xls)", _T, "fmt/61", "format_3468", "application/vnd.ms-excel", False, ".xls", ""),
    ("ppt", "PowerPoint (ppt)", _D, "fmt/126", None, "application/vnd.ms-powerpoint", False, ".ppt .pps", ""),
    ("prism", "GraphPad Prism", _T, None, None, _BINARY, False, ".pzfx .pzf .prism", ""),
    ("rtf", "Rich Text", _D, "fmt/355", None, "application/rtf", True, ".rtf", ""),
    ("html", "HTML", _D, "fmt/96", "format_2331", "text/html", True, ".html .htm", ""),
    ("markdown", "Markdown", _D, "fmt/1149", None, "text/markdown", True, ".md .markdown", ""),
    ("text", "Plain text", _D, "x-fmt/111", "format_1964", "text/plain", True,
     ".txt .text .log .rst .ini .cfg", ""),
    ("xml", "XML", _D, "fmt/101", "format_2332", "application/xml", True,
     ".xml .xsd .abcd .lms .cal .sht", ""),
    ("json", "JSON", _D, "fmt/817", "format_3464", "application/json", True, ".json .geojson .jsonld", ""),
    ("jsonl", "JSON Lines", _D, None, "format_3464", "application/jsonl", True, ".jsonl .ndjson", ""),
    ("yaml", "YAML", _D, "fmt/818", "format_3750", "application/yaml", True, ".yaml .yml", ""),
    ("csv", "CSV", _T, "x-fmt/18", "format_3752", "text/csv", True, ".csv", ""),
    ("tsv", "TSV", _T, "x-fmt/13", "format_3475", "text/tab-separated-values", True, ".tsv .tab", ""),
    ("mat", "MATLAB data", _T, "fmt/806", "format_3626", "application/x-matlab-data", True, ".mat", ""),
    ("npy", "NumPy array", _T, None, "format_4003", _BINARY, True, ".npy", ""),
    ("python", "Python script", _S, "fmt/938", "format_3996", "text/x-python", True, ".py", ""),
    ("imagej-macro", "ImageJ macro", _S, None, None, "text/plain", True, ".ijm", ""),
    ("matlab", "MATLAB script", _S, None, "format_4007", "text/x-matlab", True, ".m", ""),
    ("r", "R script", _S, None, "format_3999", "text/x-r", True, ".r .rmd .qmd", ""),
    ("groovy", "Groovy script", _S, None, None, "text/x-groovy", True, ".groovy", ""),
    ("java", "Java source", _S, None, None, "text/x-java", True, ".java .bsh", ""),
    ("javascript", "JavaScript", _S, None, None, "text/javascript", True, ".js", ""),
    ("shell", "Shell script", _S, None, None, "text/x-shellscript", True, ".sh .bash .bat .ps1", ""),
    ("jupyter", "Jupyter notebook", _S, "fmt/1119", None, "application/x-ipynb+json", True, ".ipynb", ""),
    ("cellprofiler", "CellProfiler pipeline", _S, None, None, "text/plain", True,
     ".cppipe .cpproj .cpipe", ""),
    ("ole2", "OLE2 compound file", _U, "fmt/111", None, _BINARY, False, ".db .msi .ole .ipw", ""),
    ("ds-store", "macOS folder settings", _U, "fmt/394", None, _BINARY, False, ".ds_store", ""),
    ("empty", "Empty file", _U, None, None, "application/x-empty", True, "", ""),
    ("folder", "Folder", _U, None, None, "inode/directory", True, "", ""),
    ("link", "Symbolic link", _U, None, None, "inode/symlink", True, "", ""),
    ("special", "Device, pipe or socket", _U, None, None, _BINARY, True, "", ""),
    ("unknown", "Unknown", _U, None, None, _BINARY, False, "", ""),
)  # fmt: skip

#: Every format by its id.
FORMATS: dict[str, Format] = {
    row[0]: Format(
        id=row[0],
        name=row[1],
        kind=row[2],
        puid=row[3],
        edam=row[4],
        mime=row[5],
        open=row[6],
        extensions=tuple(row[7].split()),
        vendor=row[8],
    )
    for row in _ROWS
}
