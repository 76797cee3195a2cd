"""One browser, and one page of a bag of every sample."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.browsing import Browser, browse
from tests.browser.sample import make_sample_page


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium."""
    with browse(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="session")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a bag of all samples."""
    return make_sample_page(tmp_path_factory.mktemp("samples"))
