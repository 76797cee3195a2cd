"""One HTTP exchange with a server that was judged before, cut off when next to nothing comes."""

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from confocal_bag.bag.holey.address import Address
from confocal_bag.findings import one_line

__all__ = ["Answer", "Exchange", "Interrupted"]

#: A server slower than this is given up for the moment; it would hold up the bag for years.
_SLOWEST_BYTES_PER_S = 512


class Interrupted(Exception):  # noqa: N818 - says what was seen
    """The transfer broke off, and another attempt may do; `pause_s` is how long the server asks to wait."""

    def __init__(self, reason: str, *, pause_s: float | None = None) -> None:
        super().__init__(reason)
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class Answer:
    """A response whose headers have come."""

    response: http.client.HTTPResponse
    watch: "Watch"

    def read(self, most: int) -> bytes:
        """The next bytes of the body, empty at its end. Raises Interrupted and HTTPException."""
        try:
            chunk = self.response.read1(most)
        except OSError as error:
            raise Interrupted(self.watch.reason(error)) from error
        if not chunk and self.watch.has_fired:
            raise Interrupted(self.watch.reason(None))
        self.watch.count(len(chunk))
        return chunk


class Exchange:
    """One request and its response, over a connection to exactly the numbers that were judged."""

    def __init__(self, address: Address, context: ssl.SSLContext, timeout_s: float) -> None:
        self._address = address
        self._context = context
        self._timeout_s = timeout_s
        self._connection: http.client.HTTPConnection | None = None
        self._watch: Watch | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.stop()
        if self._connection is not None:
            self._connection.close()

    def ask(self, headers: dict[str, str]) -> Answer:
        """Send the request and read the headers of the response. Raises Interrupted and HTTPException."""
        address = self._address
        is_secure = address.scheme == "https"
        kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
        self._connection = kind(address.host, address.port, timeout=self._timeout_s)
        line = _connect(address, self._timeout_s)
        if is_secure:
            line = self._context.wrap_socket(line, server_hostname=address.host, do_handshake_on_connect=False)
        self._connection.sock = line
        self._watch = Watch(line, self._timeout_s)
        try:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            self._connection.request("GET", address.target, headers=headers)
            response = self._connection.getresponse()
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            raise Interrupted(self._watch.reason(error)) from error
        except http.client.HTTPException as error:
            if self._watch.has_fired:
                raise Interrupted(self._watch.reason(None)) from error
            raise
        self._watch.is_alive()
        return Answer(response, self._watch)


def _connect(address: Address, timeout_s: float) -> socket.socket:
    problem: OSError | None = None
    for number in address.numbers:
        try:
            return socket.create_connection((number, address.port), timeout=timeout_s)
        except OSError as error:
            problem = error
    reason = (problem.strerror or str(problem)) if problem else "no address"
    raise Interrupted(f"the host {address.host} cannot be reached ({reason})")


class Watch:
    """Cuts a connection on which next to nothing came for `timeout_s`.

    A time limit on each read does not do: a server that sends a byte now and then would never reach it.
    """

    def __init__(self, line: socket.socket, timeout_s: float) -> None:
        self._line = line
        self._timeout_s = timeout_s
        self._least = max(1, int(timeout_s * _SLOWEST_BYTES_PER_S))
        self._seen = 0
        self._done = threading.Event()
        self.has_fired = False
        self._thread = threading.Thread(target=self._keep_watch, name="fetch-watch", daemon=True)
        self._thread.start()

    def count(self, number: int) -> None:
        """So many bytes came."""
        self._seen += number

    def is_alive(self) -> None:
        """The headers have come; the body has the full time again."""
        self._seen += self._least

    def stop(self) -> None:
        """The transfer is over."""
        self._done.set()
        self._thread.join()

    def reason(self, error: OSError | None) -> str:
        """Why the transfer broke off, in words."""
        if self.has_fired or isinstance(error, TimeoutError):
            return f"the server sends next to nothing for {self._timeout_s:g} seconds"
        return f"the connection failed ({one_line(str((error and error.strerror) or error))})"

    def _keep_watch(self) -> None:
        before = 0
        while not self._done.wait(self._timeout_s):
            if self._seen - before < self._least:
                self.has_fired = True
                with suppress(OSError):
                    socket.socket.shutdown(self._line, socket.SHUT_RDWR)
                return
            before = self._seen
