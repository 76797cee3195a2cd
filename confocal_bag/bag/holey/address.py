"""Addresses of files kept elsewhere: which may be followed, and how one is written for a file.

What fetch.txt names comes from a stranger, so an address is judged whole and before anything is sent: its kind, its
host, which the user must have named, and for plain http the numbers the host's name stands for (RFC 8493 5.2).
"""

import ipaddress
import os
import re
import socket
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, urlsplit

from confocal_bag.findings import CannotFinish, UsageProblem, one_line, readable_path

__all__ = ["Address", "AddressRefused", "HostUnknown", "judge_address", "read_hosts", "reference_url"]

_LONGEST_URL = 8192
_PORTS = {"https": 443, "http": 80}
#: No blank, no control character, no backslash: each is read differently by different programs.
_PLAIN = re.compile(r"[^\x00-\x20\x7f-\xa0\\\ud800-\udfff]+")
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
#: What may stand in the path and query of an address as it is; all else is percent-encoded before it is sent.
_SENT_AS_IT_IS = "/?:@!$&'()*+,;=-._~%[]"


class AddressRefused(Exception):  # noqa: N818 - says what was decided
    """The address must not be followed; the text says why."""


class HostUnknown(OSError):  # noqa: N818 - says what was seen
    """The name of the host stands for no address at the moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that may be followed: `numbers` are the IP addresses to connect to, and no others."""

    scheme: str
    host: str
    port: int
    target: str
    numbers: tuple[str, ...]


def read_hosts(hosts: Iterable[str]) -> frozenset[str]:
    """The hosts a user named, as `judge_address` compares them: `name`, `name:port`, or a number.

    Raises UsageProblem for what is no host.
    """
    return frozenset(_read_host(host.strip()) for host in hosts)


def _read_host(text: str) -> str:
    try:
        bare = text if text.count(":") <= 1 or text.startswith("[") else f"[{text}]"
        parts = urlsplit(f"//{bare}")
        port = parts.port
        host = _host_of(parts)
    except (ValueError, AddressRefused):
        host, parts, port = "", None, None
    if parts is None or not host or parts.path or parts.query or parts.fragment or "@" in text:
        raise UsageProblem(
            f"{one_line(readable_path(text))} is no name of a host; write it alone, as in data.example.org."
        )
    return host if port is None else _with_port(host, port)


def _with_port(host: str, port: int) -> str:
    return f"{host}|{port}"


def judge_address(url: str, allowed: Collection[str], *, redirected_from: str | None = None) -> Address:
    """The address, if it may be followed; `allowed` comes from `read_hosts`.

    https may be followed to any host the user named, http only where that name stands for nothing but this
    machine (loopback). A redirect keeps its scheme. Raises AddressRefused, and HostUnknown where the name cannot be
    looked up.
    """
    parts = _split(url)
    scheme = parts.scheme.lower()
    if redirected_from is not None and scheme != redirected_from:
        raise AddressRefused(f"it was redirected from {redirected_from} to {one_line(scheme) or 'no scheme'}")
    if scheme not in _PORTS:
        raise AddressRefused(f"{one_line(scheme) or 'an address without a scheme'} is not followed, only https is")
    if "@" in parts.netloc:
        raise AddressRefused("it holds a user name or password")
    host = _host_of(parts)
    try:
        port = parts.port if parts.port is not None else _PORTS[scheme]
    except ValueError:
        raise AddressRefused("its port is no number") from None
    if host not in allowed and _with_port(host, port) not in allowed:
        raise AddressRefused(f"the host {host} is not among those that may be asked")
    numbers = _look_up(host, port)
    if scheme == "http" and not all(map(_is_loopback, numbers)):
        raise AddressRefused("http is followed on this machine only, everywhere else https is needed")
    path = quote(parts.path, safe=_SENT_AS_IT_IS) or "/"
    target = f"{path}?{quote(parts.query, safe=_SENT_AS_IT_IS)}" if parts.query else path
    return Address(scheme=scheme, host=host, port=port, target=target, numbers=numbers)


def _split(url: str) -> SplitResult:
    if len(url) > _LONGEST_URL:
        raise AddressRefused(f"it is longer than {_LONGEST_URL} characters")
    if not _PLAIN.fullmatch(url):
        raise AddressRefused("it holds a blank, a backslash or a control character")
    try:
        return urlsplit(url)
    except ValueError as error:
        raise AddressRefused(f"it cannot be read ({one_line(str(error))})") from None


def _host_of(parts: SplitResult) -> str:
    """The host in small letters, a name in its ASCII form."""
    host = (parts.hostname or "").rstrip(".")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass  # a name, then
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if not _HOST_NAME.fullmatch(name):
        raise AddressRefused("it names no host")
    return name


def _look_up(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise HostUnknown(f"the host {host} is not known ({error.strerror or error})") from error
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def _is_loopback(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def reference_url(base: str, path: PurePosixPath | str) -> str:
    """The address of a file below `base`, its name percent-encoded byte by byte (RFC 3986 2.1).

    `path` is relative to what `base` stands for. Names that are not UTF-8 keep their bytes. Raises CannotFinish for a
    base that is no https address (or http, for a mirror on this machine) and for a path that could climb.
    """
    try:
        parts = _split(base)
        _host_of(parts)
        is_fit = parts.scheme.lower() in _PORTS and not (parts.query or parts.fragment or "@" in parts.netloc)
    except AddressRefused:
        is_fit = False
    if not is_fit or base.endswith(("?", "#")):
        raise UsageProblem(
            f"{one_line(readable_path(base))} cannot be the address of a folder of files; "
            "give one like https://data.example.org/deposit, without a query or a password."
        )
    names = str(path).split("/")
    if any(name in ("", ".", "..") or "\0" in name for name in names):
        raise CannotFinish(
            f"{one_line(readable_path(str(path)))} cannot be made an address; it is no plain relative path."
        )
    folder = quote(base, safe=_SENT_AS_IT_IS).rstrip("/")
    return "/".join([folder, *(quote(os.fsencode(name), safe="") for name in names)])
