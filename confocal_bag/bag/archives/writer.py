"""Members written into a zip or tar in one stream, with nothing in them that differs from run to run."""

import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from confocal_bag.bag.archives.compression import DEFLATE_LEVEL, Compression, open_compressing

__all__ = ["Packed", "write_tar", "write_zip"]

#: The earliest time a zip can hold, for every member: 1980-01-01, midnight UTC.
_TIME = (1980, 1, 1, 0, 0, 0)
_TIME_SECONDS = 315_532_800
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
_UNIX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One member on its way into an archive; the name of a folder ends in a slash."""

    name: str
    size: int
    chunks: Iterator[bytes] = field(repr=False)
    is_folder: bool = False


def write_zip(sink: BinaryIO, members: Iterable[Packed]) -> None:
    """A zip of the members, deflated; with zip64 records where sizes, places or numbers need them."""
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            info = zipfile.ZipInfo(member.name, date_time=_TIME)
            info.create_system = _UNIX
            if member.is_folder:
                info.external_attr = (stat.S_IFDIR | _FOLDER_MODE) << 16
                info.CRC = info.compress_size = 0  # mkdir leaves these to its caller
                archive.mkdir(info)
                continue
            info.external_attr = (stat.S_IFREG | _FILE_MODE) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            info._compresslevel = DEFLATE_LEVEL  # type: ignore[attr-defined]  # zipfile asks the member alone
            info.file_size = member.size  # tells zipfile whether the member needs zip64
            with archive.open(info, "w") as stream:
                for chunk in member.chunks:
                    stream.write(chunk)


def write_tar(sink: BinaryIO, members: Iterable[Packed], *, compression: Compression) -> None:
    """A POSIX tar of the members, with extended headers for names and sizes that a plain one cannot hold."""
    with open_compressing(sink, compression) as stream:
        written = 0
        for member in members:
            written += stream.write(_tar_header(member))
            for chunk in member.chunks:
                written += stream.write(chunk)
            written += stream.write(bytes(-written % tarfile.BLOCKSIZE))
        stream.write(bytes(2 * tarfile.BLOCKSIZE + -(written + 2 * tarfile.BLOCKSIZE) % tarfile.RECORDSIZE))


def _tar_header(member: Packed) -> bytes:
    info = tarfile.TarInfo(member.name.rstrip("/"))
    info.type = tarfile.DIRTYPE if member.is_folder else tarfile.REGTYPE
    info.mode = _FOLDER_MODE if member.is_folder else _FILE_MODE
    info.size, info.mtime = member.size, _TIME_SECONDS
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
