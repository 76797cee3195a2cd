"""Fetch one file over HTTPS: bounded in bytes, time, redirects and attempts, resumed where the server can.

The server is not trusted: not with the length, the time it takes, where it redirects to, nor the content, which the
caller verifies.
"""

import http.client
import re
import ssl
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin

from confocal_bag import __version__
from confocal_bag.bag.digester import OnBytes
from confocal_bag.bag.holey.address import AddressRefused, HostUnknown, judge_address
from confocal_bag.bag.holey.connection import Answer, Exchange, Interrupted
from confocal_bag.bag.holey.unfinished import Download
from confocal_bag.findings import one_line

__all__ = ["DownloadFailed", "Downloader"]

_CHUNK_BYTES = 1 << 18
_MOST_REDIRECTS = 5
#: An attempt that brought this much was worth it and does not count.
_WORTHWHILE_BYTES = 1 << 20
_LONGEST_PAUSE_S = 30.0
#: A host that could not be reached for this many files in a row is not asked for the rest.
_TIRED_AFTER = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)", re.IGNORECASE)


class DownloadFailed(Exception):  # noqa: N818 - says what was seen
    """The file cannot be had from this address; the text says why."""


@dataclass(kw_only=True)
class Downloader:
    """Fetches files from the hosts in `allowed` (from `read_hosts`), and remembers which do not answer."""

    allowed: Collection[str]
    timeout_s: float
    attempts: int = 4
    pause: Callable[[float], None] = time.sleep
    on_bytes: OnBytes | None = None
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _tired: Counter[str] = field(default_factory=Counter)

    def fetch(self, url: str, into: Download, *, length: int | None, limit: int) -> None:
        """Fetch until `into` holds the whole file: `length` bytes, or where that is unknown at most `limit`.

        Raises AddressRefused, DownloadFailed, and OSError where the disk fails.
        """
        if length is not None and into.size > length:
            into.restart()
        host = _host_key(url)
        left = self.attempts
        while length is None or into.size != length:
            if self._tired[host] >= _TIRED_AFTER:
                raise DownloadFailed(f"{_TIRED_AFTER} files could not be had from this host, however often asked")
            before = into.size
            try:
                self._attempt(url, into, length, limit)
                self._tired[host] = 0
                return
            except Interrupted as broken:
                left = self.attempts if into.size - before >= _WORTHWHILE_BYTES else left - 1
                if left <= 0:
                    self._tired[host] += 1
                    raise DownloadFailed(f"{broken} (tried {self.attempts} times)") from broken
                self.pause(broken.pause_s if broken.pause_s is not None else self._backoff_s(left))

    def _backoff_s(self, left: int) -> float:
        return min(2.0 ** (self.attempts - left - 1), _LONGEST_PAUSE_S)

    def _attempt(self, url: str, into: Download, length: int | None, limit: int) -> None:
        try:
            with self._answer(url, into) as answer:
                expected = _agree(answer.response, into, length)
                self._receive(answer, into, expected, limit if length is None else length)
                wanted = length if expected is None else expected
                if wanted is not None and into.size < wanted:
                    raise Interrupted(f"the server broke off after {into.size:,} of {wanted:,} bytes")
        except HostUnknown as error:
            raise Interrupted(str(error)) from error
        except ssl.SSLCertVerificationError as error:
            raise DownloadFailed(
                f"the certificate of the host is not to be trusted ({one_line(error.verify_message)})"
            ) from error
        except http.client.HTTPException as error:
            raise Interrupted(f"the server broke off ({type(error).__name__})") from error

    def _receive(self, answer: Answer, into: Download, expected: int | None, limit: int) -> None:
        """Take in the body; `expected` is the size the file then has, None where the server does not say."""
        while expected is None or into.size < expected:
            room = (limit + 1 if expected is None else expected) - into.size
            chunk = answer.read(min(_CHUNK_BYTES, room))
            if not chunk:
                break
            if into.size + len(chunk) > limit:
                into.restart()
                raise DownloadFailed(f"the server sends more than the {limit:,} bytes that may come")
            into.append(chunk)
            if self.on_bytes:
                self.on_bytes(len(chunk))

    @contextmanager
    def _answer(self, url: str, into: Download) -> Iterator[Answer]:
        """The answer to a request, redirects followed; each of them is judged as if it stood in fetch.txt."""
        scheme = None
        for _ in range(_MOST_REDIRECTS + 1):
            address = judge_address(url, self.allowed, redirected_from=scheme)
            with Exchange(address, self.context, self.timeout_s) as exchange:
                answer = exchange.ask(_headers(into))
                if answer.response.status not in _REDIRECTS:
                    yield answer
                    return
                location = answer.response.getheader("Location")
            if not location:
                raise DownloadFailed("the server redirects to nowhere")
            try:
                url, scheme = urljoin(url, location), address.scheme
            except ValueError:
                raise AddressRefused("it was redirected to what is no address") from None
        raise DownloadFailed(f"the server redirects more than {_MOST_REDIRECTS} times")


def _host_key(url: str) -> str:
    """The part of an address that names its host, to count failures by."""
    return url.split("/", 3)[2].lower() if url.count("/") >= 2 else url


def _headers(into: Download) -> dict[str, str]:
    headers = {
        "User-Agent": f"confocal-bag/{__version__}",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if into.size:
        headers["Range"] = f"bytes={into.size}-"
        if into.validator:
            headers["If-Range"] = into.validator
    return headers


def _agree(response: http.client.HTTPResponse, into: Download, length: int | None) -> int | None:
    """Check what the server announces, and make `into` ready for it; the size the whole file will have, if known."""
    _refuse_status(response, into)
    if response.getheader("Content-Encoding", "identity").strip().lower() != "identity":
        raise DownloadFailed("the server sends it compressed although asked not to")
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        _check_range(response, into)
    else:
        into.restart(_validator(response))
    if response.length is None:
        return None
    whole = into.size + response.length
    if length is not None and whole != length:
        raise DownloadFailed(f"the server announces {whole:,} bytes where fetch.txt states {length:,}")
    return whole


def _refuse_status(response: http.client.HTTPResponse, into: Download) -> None:
    status = response.status
    if status == http.HTTPStatus.OK or (status == http.HTTPStatus.PARTIAL_CONTENT and into.size):
        return
    said = f"the server answers {status} {one_line(response.reason)[:80]}".rstrip()
    if status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and into.size:
        into.restart()
        raise Interrupted(said)
    if status in _TRY_AGAIN:
        raise Interrupted(said, pause_s=_asked_pause_s(response))
    raise DownloadFailed(said)


def _asked_pause_s(response: http.client.HTTPResponse) -> float | None:
    """How long the server asks to wait, within reason."""
    asked = response.getheader("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE_S) if re.fullmatch(r"[0-9]{1,6}", asked) else None


def _check_range(response: http.client.HTTPResponse, into: Download) -> None:
    match = _RANGE.fullmatch(response.getheader("Content-Range", "").strip())
    if match is None or int(match[1]) != into.size:
        into.restart()
        raise Interrupted("the server sends another part of the file than was asked for")


def _validator(response: http.client.HTTPResponse) -> str | None:
    """What If-Range may name: a strong ETag, else the date of the last change (RFC 9110 13.1.5)."""
    tag = response.getheader("ETag", "").strip()
    if re.fullmatch(r'"[\x21\x23-\x7e]{1,500}"', tag):
        return tag
    changed = response.getheader("Last-Modified", "").strip()
    return changed if re.fullmatch(r"[A-Za-z0-9,: ]{1,60}", changed) else None
