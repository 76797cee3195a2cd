"""Questions about the files."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Kind, Topic, Wording, asked

__all__ = ["FILES", "file_example"]

#: A good answer to what a file contains, by the end of its name.
_EXAMPLES: Mapping[tuple[str, ...], str] = {
    (
        ".csv",
        ".tsv",
        ".xlsx",
        ".xls",
        ".ods",
    ): "areas of all nuclei, one row for each; columns: file, cell, area in µm²",
    (".png", ".jpg", ".jpeg", ".pdf", ".svg", ".eps"): "Figure 2b of the article: overlay of both channels",
    (".mp4", ".avi", ".mov"): "film of the time series cell01.czi, 10 images per second",
    (".ijm", ".py", ".r", ".m", ".cppipe", ".groovy"): "Fiji macro that outlines nuclei and measures their area",
    (".zip", ".roi"): "outlines of the nuclei that were measured in cell01.czi, as Fiji regions",
}


def file_example(path: str) -> str | None:
    """An example of an answer that fits a kind of file; None for images."""
    return next((text for ends, text in _EXAMPLES.items() if path.casefold().endswith(ends)), None)


FILES: Mapping[str, Wording] = {
    "curation.tree.can_be_opened": asked(
        Topic.FILES,
        "We cannot open these files; they may be damaged, or of a kind that only the microscope's program reads. Could "
        "you send intact copies, or save them as TIFF with that program (OME-TIFF where it offers that) and send both?",
        "TIFF files are on their way, exported with ZEN 3.4 as OME-TIFF without compression",
        "TIFF copies of the files that cannot be opened",
        Kind.NOTE,
    ),
    "curation.tree.multipage_explained": asked(
        Topic.FILES,
        "Each of these files holds several pages. What does one page stand for: a plane in depth (z-stack), a moment "
        "in time, a channel, or something else?",
        "Each page is one plane of a z-stack, from the coverslip upwards, 0.5 µm apart",
        "what the pages of the multipage files are",
        Kind.NODE,
    ),
    "files.description": asked(
        Topic.FILES,
        "What do these files show or contain? One sentence for each group of files is enough.",
        "z-stack of one mitotic cell as acquired; day 2, untreated control",
        "what the files contain",
    ),
}
