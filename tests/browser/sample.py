"""The page of a bag of every sample file."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

__all__ = ["make_sample_page"]

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


def make_sample_page(folder: Path) -> Path:
    """Build a bag of all samples in a folder, and write its page, which calls the bag by its name alone.

    Skips the test where the samples are not there.
    """
    if not SAMPLES.is_dir():
        pytest.skip("the folder of shared reference files is not beside this checkout")
    from confocal_bag.build import BuildOptions, build_bag
    from confocal_bag.page.page import make_page
    from confocal_bag.page.run import run_of
    from confocal_bag.render.html import as_html
    from confocal_bag.validate import validate_bag

    ignored = shutil.ignore_patterns("expected", "MANIFEST.tsv")
    deposit = shutil.copytree(SAMPLES, folder / "samples", ignore=ignored)
    bag = folder / "samples-bag"
    build_bag(deposit, bag, BuildOptions(draft=True, override_privacy="sample files that anybody may have"))
    page = folder / "page.html"
    report = replace(validate_bag(bag), subject=bag.name)
    page.write_text(as_html([make_page(run_of(report), bag)]), encoding="utf-8")
    return page
