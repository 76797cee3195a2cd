"""A store that speaks S3, asked by object names as they are: nothing is normalised, guessed or cached.

Credentials, region and endpoint come from where every S3 tool takes them: the environment, ~/.aws, the machine's role.
"""

import io
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.address import Address
from confocal_bag.remote.blocks import Blocks
from confocal_bag.remote.multipart import Multipart, hex_digest
from confocal_bag.remote.read_back import hash_object
from confocal_bag.remote.store import MAX_OBJECTS, Entry, Sending, Sent, Store
from confocal_bag.remote.troubles import as_os_errors, cannot_finish, why

__all__ = ["PART_BYTES", "S3Store"]

#: What is sent in one request; S3 allows 10,000 parts of 5 MiB to 5 GiB.
PART_BYTES = 16 << 20
_TRIES = 3
_REMEDY = "Check the address, the credentials and the endpoint in the environment or in ~/.aws."


class S3Store(Store):
    """A bucket, and a prefix in it."""

    def __init__(self, address: Address) -> None:
        import s3fs

        self.address = address
        self._bucket, self._key = address.host, address.within
        # No listing and no answer is kept: a preservation check asks what is there now.
        self._files = s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)

    def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """One request to the bucket. Raises OSError."""
        with as_os_errors():
            answer: dict[str, Any] = self._files.call_s3(method, Bucket=self._bucket, **arguments)
        return answer

    def key(self, name: str) -> str:
        """The whole name of an object, of the address itself for an empty name."""
        return "/".join(part for part in (self._key, name) if part)

    def entries(self) -> Iterator[Entry]:
        """Every object whose name begins with the prefix and a slash."""
        prefix = f"{self._key}/" if self._key else ""
        token: dict[str, str] = {}
        number = 0
        while True:
            with cannot_finish(f"{self._shown} cannot be listed", _REMEDY):
                page = self.call("list_objects_v2", Prefix=prefix, **token)
            for one in page.get("Contents", ()):
                number += 1
                yield _entry(one, prefix)
            if number > MAX_OBJECTS:
                raise CannotFinish(f"{self._shown} holds more than the {MAX_OBJECTS:,} objects that are listed of one.")
            following = page.get("NextContinuationToken")
            if not page.get("IsTruncated") or not following or not page.get("Contents"):
                return
            token = {"ContinuationToken": following}

    def find(self, name: str) -> Entry | None:
        """One object, asked for by its whole name."""
        head = self._head(name)
        if head is None:
            return None
        return Entry(name=name, size=head["ContentLength"], version=head.get("ETag"))

    def open(self, entry: Entry) -> BinaryIO:
        """The bytes of an object, as it was when it was listed: one that was replaced since is an OSError."""
        blocks = Blocks(partial(self._range, entry), entry.size)
        return cast("BinaryIO", io.BufferedReader(blocks))

    def _range(self, entry: Entry, start: int, end: int) -> bytes:
        from fsspec.asyn import sync

        for left in reversed(range(_TRIES)):
            try:
                with as_os_errors():
                    content: bytes = sync(self._files.loop, self._get, entry, start, end)
                return content
            except (FileNotFoundError, PermissionError):
                raise
            except OSError as error:
                if "PreconditionFailed" in str(error) or "pre-condition" in str(error).lower():
                    raise OSError("the object was replaced while it was being read") from error
                if not left:
                    raise
        raise AssertionError("every try returns or raises")

    async def _get(self, entry: Entry, start: int, end: int) -> bytes:
        condition = {"IfMatch": entry.version} if entry.version else {}
        answer = await self._files._call_s3(
            "get_object",
            Bucket=self._bucket,
            Key=self.key(entry.name),
            Range=f"bytes={start}-{end - 1}",
            **condition,
        )
        async with answer["Body"] as body:
            content: bytes = await body.read()
        if len(content) > end - start:
            raise OSError("the store sends whole objects where a part was asked for")
        return content

    def vouched_sha256(self, entry: Entry) -> str | None:
        """The checksum that S3 computed of the whole object; of one sent in parts it knows only theirs."""
        head = self._head(entry.name)
        return _whole_sha256(head) if head else None

    def _head(self, name: str) -> dict[str, Any] | None:
        if not self.key(name):
            return None
        try:
            return self.call("head_object", Key=self.key(name), ChecksumMode="ENABLED")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CannotFinish(f"{self._shown} cannot be looked at: {why(error)}. {_REMEDY}") from error

    def send(self, sending: Sending) -> Sent:
        """Send a file, in parts if it is large; S3 compares the checksum of each."""
        shown = readable_path(str(self.address.below(sending.name)))
        try:
            with cannot_finish(f"{shown} cannot be written", _REMEDY):
                fixity = Multipart(store=self, sending=sending, part_bytes=PART_BYTES).send()
        except CannotFinish as problem:
            if "PreconditionFailed" in str(problem) or "pre-condition" in str(problem).lower():
                raise CannotFinish(f"{shown} exists already and is never overwritten without --replace.") from problem
            raise
        head = self._head(sending.name)
        if head is None or head["ContentLength"] != fixity.size:
            raise CannotFinish(f"{shown} is not there as it was sent; look at the store and start again.")
        if not sending.read_back and _whole_sha256(head) == fixity.digests["sha256"]:
            return Sent(size=fixity.size, digests=fixity.digests, proof="checksum of the store")
        entry = Entry(name=sending.name, size=fixity.size, version=head.get("ETag"))
        if hash_object(self, entry, ("sha256",)).digests != {"sha256": fixity.digests["sha256"]}:
            self.remove(sending.name)
            raise CannotFinish(f"{shown} was not what was sent when it was read back, and was removed; start again.")
        return Sent(size=fixity.size, digests=fixity.digests, proof="read back")

    def remove(self, name: str) -> None:
        """Remove one object."""
        with cannot_finish(f"{readable_path(str(self.address.below(name)))} cannot be removed", _REMEDY):
            self.call("delete_object", Key=self.key(name))

    @property
    def _shown(self) -> str:
        return readable_path(str(self.address))


def _whole_sha256(head: dict[str, Any]) -> str | None:
    known, kind = head.get("ChecksumSHA256"), head.get("ChecksumType", "FULL_OBJECT")
    return hex_digest(known) if known and "-" not in known and kind == "FULL_OBJECT" else None


def _entry(listed: dict[str, Any], prefix: str) -> Entry:
    name = listed["Key"][len(prefix) :]
    asleep = listed.get("StorageClass") in ("GLACIER", "DEEP_ARCHIVE")
    return Entry(
        name=name,
        size=listed["Size"],
        kind="object in cold storage, which must be restored before it can be read" if asleep else None,
        version=listed.get("ETag"),
    )
