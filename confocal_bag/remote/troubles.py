"""The exceptions of the libraries that reach stores, told as OSErrors with a sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from confocal_bag.findings import CannotFinish

__all__ = ["as_os_errors", "cannot_finish", "why"]

#: Where the libraries that may be at work below fsspec keep their exceptions; only loaded ones can have raised any.
_FOREIGN = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("asyncssh", "Error"),
)


def _foreign() -> tuple[type[BaseException], ...]:
    found = (getattr(sys.modules.get(module), name, None) for module, name in _FOREIGN)
    return tuple(one for one in found if one is not None)


@contextmanager
def as_os_errors() -> Iterator[None]:
    """Turn the exceptions of store libraries inside the block into OSErrors."""
    try:
        yield
    except _foreign() as error:
        raise OSError(str(error) or type(error).__name__) from error


@contextmanager
def cannot_finish(what: str, remedy: str) -> Iterator[None]:
    """Turn them, and OSErrors, into CannotFinish: "`what`: the reason. `remedy`"."""
    try:
        with as_os_errors():
            yield
    except OSError as error:
        raise CannotFinish(f"{what}: {why(error)}. {remedy}") from error


def why(error: OSError) -> str:
    """The reason of an error in words."""
    text = error.strerror or str(error) or type(error).__name__
    return " ".join(text.split()).rstrip(".")
