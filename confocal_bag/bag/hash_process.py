"""A process that hashes small files for another one: a line of JSON in for each batch, a line of JSON out.

Threads share one interpreter lock; for a small file opening it costs more than hashing it, and holds the lock. In comes
`[algorithms, paths]`, out comes for each path `[size, digest, ...]` in the order of the algorithms, or
`[errno, reason, whether it is no regular file]` in an object under "error". JSON keeps names that are not UTF-8 as the
lone surrogates they are in Python.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from confocal_bag.bag.digester import Fixity
from confocal_bag.bag.fixity import NotARegularFile, hash_file
from confocal_bag.findings import CannotFinish

__all__ = ["HashProcess"]

_PACKAGE = Path(__file__).parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from confocal_bag.bag.hash_process import serve; serve()"


class HashProcess:
    """One such process. Use it from one thread at a time, and close it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter with a text of ours
            [sys.executable, "-E", "-S", "-c", _START, os.fspath(_PACKAGE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def hash(self, paths: Sequence[str], algorithms: Sequence[str]) -> list[Fixity | OSError]:
        """Size and digests of each file, or the OSError met. Raises CannotFinish when the process was ended."""
        assert self._process.stdin, "opened as a pipe"
        assert self._process.stdout, "opened as a pipe"
        try:
            self._process.stdin.write(_line([list(algorithms), list(paths)]))
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer.endswith(b"\n"):
            raise CannotFinish("A process that computes checksums was ended from outside; start again.")
        return [_outcome(one, algorithms) for one in json.loads(answer)]

    def close(self) -> None:
        """End the process, at once."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):  # what was not sent yet is not missed
                if pipe:
                    pipe.close()
        self._process.wait()


def _outcome(answer: Any, algorithms: Sequence[str]) -> Fixity | OSError:
    if isinstance(answer, dict):
        number, reason, irregular = answer["error"]
        return (NotARegularFile if irregular else OSError)(number, reason)
    size, *digests = answer
    return Fixity(size=size, digests=dict(zip(algorithms, digests, strict=True)))


def _line(value: Any) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"


def serve() -> None:
    """Answer until the other side closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other side gets it too, and decides
    for line in sys.stdin.buffer:
        algorithms, paths = json.loads(line)
        sys.stdout.buffer.write(_line([_answer(path, algorithms) for path in paths]))
        sys.stdout.buffer.flush()


def _answer(path: str, algorithms: Sequence[str]) -> Any:
    try:
        fixity = hash_file(path, algorithms)
    except OSError as error:
        reason = error.strerror or str(error)
        return {"error": [error.errno, reason, isinstance(error, NotARegularFile)]}
    return [fixity.size, *(fixity.digests[name] for name in algorithms)]
