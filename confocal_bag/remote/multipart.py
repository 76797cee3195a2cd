"""One file sent to S3: in one request, or in parts of which those sent by a killed run are not sent again."""

import hashlib
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.remote.read_back import StoredFixity
from confocal_bag.remote.store import Sending

if TYPE_CHECKING:
    from confocal_bag.remote.s3 import S3Store

__all__ = ["Multipart", "hex_digest"]

_MOST_PARTS = 10_000
_MIB = 1 << 20


def hex_digest(checksum: str) -> str:
    """A checksum as S3 spells it (base64), in hexadecimal digits."""
    return b64decode(checksum).hex()


@dataclass(kw_only=True)
class Multipart:
    """One file on its way into a bucket."""

    store: "S3Store"
    sending: Sending
    part_bytes: int
    _hashes: dict[str, Any] = field(init=False)
    _size: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._hashes = self.sending.hashes()

    def send(self) -> StoredFixity:
        """Send it; size and digests of what was sent. Raises OSError, and CannotFinish where the file changes."""
        with self.sending.path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            if before.st_size <= self.part_bytes:
                self._send_whole(stream.read(before.st_size + 1))
            else:
                self._send_parts(stream, before.st_size)
            after = os.fstat(stream.fileno())
        if self._size != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise CannotFinish(
                f"{readable_path(self.sending.path)} changed while it was being sent; "
                "wait until nothing writes to it any more and start again."
            )
        return StoredFixity(size=self._size, digests={name: one.hexdigest() for name, one in self._hashes.items()})

    @property
    def _key(self) -> str:
        return self.store.key(self.sending.name)

    @property
    def _condition(self) -> dict[str, str]:
        return {} if self.sending.replace else {"IfNoneMatch": "*"}

    def _take(self, content: bytes) -> str:
        """Hash the next bytes; their SHA-256 as S3 wants it."""
        self._size += len(content)
        for one in self._hashes.values():
            one.update(content)
        return b64encode(hashlib.sha256(content).digest()).decode()

    def _tell(self, size: int) -> None:
        if self.sending.on_bytes:
            self.sending.on_bytes(size)

    def _send_whole(self, content: bytes) -> None:
        checksum = self._take(content)
        self.store.call(
            "put_object",
            Key=self._key,
            Body=content,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=checksum,
            **self._condition,
        )
        self._tell(len(content))

    def _send_parts(self, stream: BinaryIO, size: int) -> None:
        part_bytes = max(self.part_bytes, -(-size // (_MOST_PARTS * _MIB)) * _MIB)
        upload, there = self._unfinished()
        if upload is None:
            begun = self.store.call("create_multipart_upload", Key=self._key, ChecksumAlgorithm="SHA256")
            upload = begun["UploadId"]
        parts = []
        number = 0
        while content := stream.read(part_bytes):
            number += 1
            parts.append(self._part(upload, number, content, there.get(number)))
            self._tell(len(content))
        self.store.call(
            "complete_multipart_upload",
            Key=self._key,
            UploadId=upload,
            MultipartUpload={"Parts": parts},
            **self._condition,
        )

    def _part(self, upload: str, number: int, content: bytes, there: Mapping[str, Any] | None) -> dict[str, Any]:
        """Send one part, unless the store has it already."""
        checksum = self._take(content)
        if there is not None and there["Size"] == len(content) and _is_same(there, content, checksum):
            etag = there["ETag"]
        else:
            etag = self.store.call(
                "upload_part",
                Key=self._key,
                UploadId=upload,
                PartNumber=number,
                Body=content,
                ChecksumSHA256=checksum,
            )["ETag"]
        return {"PartNumber": number, "ETag": etag, "ChecksumSHA256": checksum}

    def _unfinished(self) -> tuple[str | None, dict[int, Mapping[str, Any]]]:
        """The newest upload under this name that was begun and not ended, and its parts by number."""
        begun = self.store.call("list_multipart_uploads", Prefix=self._key).get("Uploads", ())
        ours = [one for one in begun if one["Key"] == self._key]
        if not ours:
            return None, {}
        upload = max(ours, key=lambda one: one["Initiated"])["UploadId"]
        return upload, {one["PartNumber"]: one for one in self._parts_of(upload)}

    def _parts_of(self, upload: str) -> Iterator[Mapping[str, Any]]:
        marker: dict[str, int] = {}
        for _ in range(_MOST_PARTS):
            page = self.store.call("list_parts", Key=self._key, UploadId=upload, **marker)
            yield from page.get("Parts", ())
            if not page.get("IsTruncated") or not page.get("Parts"):
                return
            marker = {"PartNumberMarker": int(page["NextPartNumberMarker"])}


def _is_same(there: Mapping[str, Any], content: bytes, checksum: str) -> bool:
    """Whether a part in the store is this one: by its SHA-256, else by the MD5 that many stores take for an ETag."""
    if there.get("ChecksumSHA256"):
        return bool(there["ChecksumSHA256"] == checksum)
    return bool(there["ETag"].strip('"') == hashlib.md5(content, usedforsecurity=False).hexdigest())
