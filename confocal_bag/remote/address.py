"""Addresses of what lies in a store: s3://bucket/name, sftp://host/folder."""

import os
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.findings import STORE_SCHEMES, CannotFinish, readable_path

__all__ = ["LOCAL", "Address", "address_of", "destination_of"]

#: The scheme of a folder on this machine, for what treats it as one place among others.
LOCAL = "file"
#: Beginnings of addresses that people know and that lead to no store.
_NO_STORES = ("http", "https", "ftp", "ftps", "webdav", "davs", "scp", "smb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`scheme://place`; the place of a bucket or host comes first in `place`, what lies there after a slash.

    As text a folder on this machine is its path.
    """

    scheme: str
    place: str

    def __str__(self) -> str:
        return self.place if self.scheme == LOCAL else f"{self.scheme}://{self.place}"

    @property
    def host(self) -> str:
        """The bucket or the host, with its user and port where they are given."""
        return self.place.partition("/")[0]

    @property
    def within(self) -> str:
        """The name within the bucket or host, without slashes around it."""
        return self.place.partition("/")[2].strip("/")

    @property
    def name(self) -> str:
        """The last part of the name."""
        return self.place.rstrip("/").rpartition("/")[2]

    def below(self, name: str) -> "Address":
        """The address of something in this folder."""
        return Address(scheme=self.scheme, place=f"{self.place.rstrip('/')}/{name}")


def address_of(path: str | Path) -> Address | None:
    """The address that a path means; None where it means something on this machine.

    A path keeps one slash of `s3://`, so both spellings are understood, and an empty folder name (`a//b`) cannot be
    expressed. What lies here under such a name is meant first. Raises CannotFinish for an address that holds a
    password, which would end up in reports, one that stands for several stores at once, one with an empty, `.` or
    `..` part, and one that leads to no store.
    """
    text = path.as_posix() if isinstance(path, Path) else path
    scheme, colon, rest = text.partition(":/")
    if not colon or os.path.lexists(path):
        return None
    _refuse_no_store(scheme, rest)
    if scheme not in STORE_SCHEMES:
        return None
    address = Address(scheme=scheme, place=rest.removeprefix("/"))
    user, at, _ = address.host.rpartition("@")
    if at and ":" in user:
        raise CannotFinish(
            f"The address {scheme}://...@{address.host.rpartition('@')[2]} holds a password, which reports would "
            "repeat; leave it out and use a key, an agent or the configuration of the store."
        )
    if "::" in address.place:
        raise CannotFinish(f"{readable_path(str(address))} chains several addresses (::); give one address.")
    if not address.host and scheme != "memory":
        raise CannotFinish(f"{readable_path(str(address))} names no bucket or host; write {scheme}://NAME/FOLDER.")
    _refuse_odd_parts(address)
    return address


def _refuse_no_store(scheme: str, rest: str) -> None:
    if scheme == LOCAL:
        raise CannotFinish(
            f"{readable_path(f'{scheme}:/{rest}')} is an address of this machine; write the path itself: "
            f"{readable_path('/' + rest.lstrip('/'))}"
        )
    if scheme in _NO_STORES:
        known = ", ".join(f"{one}://" for one in STORE_SCHEMES if one != "memory")
        raise CannotFinish(
            f"{readable_path(f'{scheme}://' + rest.removeprefix('/'))} is no address of a store; those that can be "
            f"reached begin with {known}."
        )


def _refuse_odd_parts(address: Address) -> None:
    """Refuse what one store takes for a name and another for a step upwards or for nothing."""
    below = address.place.partition("/")[2].removesuffix("/")
    if below and any(part in ("", ".", "..") for part in below.split("/")):
        raise CannotFinish(
            f"{readable_path(str(address))} has an empty, . or .. part, which every store understands otherwise; "
            "write the address without it."
        )


def destination_of(text: str) -> Address:
    """The address that somebody names as a destination; a path means a folder on this machine."""
    return address_of(text) or Address(scheme=LOCAL, place=os.path.realpath(text))
