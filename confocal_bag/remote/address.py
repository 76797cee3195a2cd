"""Addresses of what lies in a store: s3://bucket/name, sftp://host/folder."""

import os
from dataclasses import dataclass
from pathlib import Path

from confocal_bag.findings import STORE_SCHEMES, CannotFinish, readable_path

__all__ = ["LOCAL", "Address", "address_of", "destination_of"]

#: The scheme of a folder on this machine, for what treats it as one place among others.
LOCAL = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`scheme://place`; the place of a bucket or host comes first in `place`, what lies there after a slash."""

    scheme: str
    place: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}"

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
    password, which would end up in reports, and for one that stands for several stores at once.
    """
    text = path.as_posix() if isinstance(path, Path) else path
    scheme, colon, rest = text.partition(":/")
    if not colon or scheme not in STORE_SCHEMES or os.path.lexists(path):
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
    return address


def destination_of(text: str) -> Address:
    """The address that somebody names as a destination; a path means a folder on this machine."""
    return address_of(text) or Address(scheme=LOCAL, place=os.path.realpath(text))
