"""What other BagIt tools say of a bag: bagit.py in this process, bdbag in one of its own."""

import json
import logging
import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bagit

DRIVER = Path(__file__).with_name("bdbag_driver.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that a tool has against a bag: its kind, and the path it is about or its sentence."""

    kind: str
    text: str


def ask_bagit_py(bag: Path) -> list[Complaint]:
    """The complaints of bagit.py, which reads every file; none when it accepts the bag."""
    logger = logging.getLogger(bagit.LOGGER.name)
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bagit, about its own use of codecs
            bagit.Bag(os.fspath(bag)).validate()
    except bagit.BagError as error:
        details = getattr(error, "details", None)
        if details:
            return [Complaint(kind=type(one).__name__, text=one.path) for one in details]
        return [Complaint(kind=type(error).__name__, text=str(error))]
    except KeyError as error:  # it looks up a name in a form in which it did not store it
        return [Complaint(kind="Crash", text=error.args[0])]
    finally:
        logger.disabled = before
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Bdbag:
    """A running bdbag, asked about one bag after the other."""

    process: subprocess.Popen[str]

    def ask(self, bag: Path) -> list[Complaint]:
        """Its complaints about a folder or an archive."""
        questions, answers = self.process.stdin, self.process.stdout
        assert questions is not None
        assert answers is not None
        questions.write(json.dumps(os.fspath(bag)) + "\n")
        questions.flush()
        answer = answers.readline()
        assert answer, f"bdbag ended while it was asked about {bag}"
        return [Complaint(kind=kind, text=text) for kind, text in json.loads(answer)]


@contextmanager
def running_bdbag(python: Path, home: Path) -> Iterator[Bdbag]:
    """Start bdbag with the Python it is installed for; it keeps its settings in `home`."""
    command = [os.fspath(python), os.fspath(DRIVER)]
    environment = {**os.environ, "HOME": os.fspath(home), "TMPDIR": os.fspath(home), "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process:
        yield Bdbag(process=process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
