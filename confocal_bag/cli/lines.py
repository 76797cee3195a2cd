"""Reports as JSON lines, each written when its subject is done, so that what was done is never lost."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from confocal_bag.cli.ending import refuse_protected
from confocal_bag.findings import CannotFinish, Report

__all__ = ["LineWriter", "line_writer"]


class LineWriter:
    """Writes one report a line and hands each line on at once."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, report: Report) -> None:
        """Write one report."""
        from confocal_bag.render.machine import as_json_lines

        self._stream.write(as_json_lines([report]))
        self._stream.flush()


@contextmanager
def line_writer(output: Path | None, protected: Sequence[Path]) -> Iterator[LineWriter]:
    """A writer to a file, or to standard output. Raises `CannotFinish` where no report may be written."""
    if output is None:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # stdout is a text file here
        yield LineWriter(sys.stdout)
        return
    refuse_protected(output, protected)
    try:
        stream = output.open("w", encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise CannotFinish(
            f"The report cannot be written to {output}: {error.strerror}. Choose another file."
        ) from error
    with stream:
        yield LineWriter(stream)
