"""The page of reports: which report is about which folder or file, and the text of the page."""

from collections.abc import Sequence
from pathlib import Path

from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import Report, readable_path

__all__ = ["page_text"]


def page_text(reports: Sequence[Report], subjects: Sequence[Path], *, pictures: int | None = None) -> str:
    """The page of some reports; `subjects` are looked at again for what the reports themselves do not hold."""
    from confocal_bag.page.page import Wanted, make_page
    from confocal_bag.page.run import run_of
    from confocal_bag.render.html import as_html

    known = {readable_path(subject): subject for subject in subjects}
    wanted = (Wanted() if pictures is None else Wanted(pictures=pictures)).shared_by(len(reports))
    with progress_bar() as progress:
        pages = [
            make_page(run_of(report), known.get(report.subject), wanted=share, progress=progress)
            for report, share in zip(reports, wanted, strict=True)
        ]
    return as_html(pages)
