"""Keep a library from telling its developers' concerns to the users of this program, and hear them instead."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Heard", "quiet"]


class Heard(logging.Handler):
    """Whether a library complained of anything but what is known to be harmless, by how such messages begin."""

    def __init__(self, harmless: tuple[str, ...]) -> None:
        super().__init__(logging.WARNING)
        self.complained = False
        self._harmless = harmless

    def emit(self, record: logging.LogRecord) -> None:
        """Take a complaint; its words may quote the file, so that they are not kept."""
        self.complained = self.complained or not str(record.msg).startswith(self._harmless)


@contextmanager
def quiet(library: str, *, harmless: tuple[str, ...]) -> Iterator[Heard]:
    """Have what a library logs or warns of go nowhere else for a while; not for use in several threads."""
    logger, heard = logging.getLogger(library), Heard(harmless)
    before = logger.level, logger.propagate
    logger.addHandler(heard)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield heard
    finally:
        logger.removeHandler(heard)
        logger.level, logger.propagate = before
