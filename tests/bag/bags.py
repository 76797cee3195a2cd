"""Bags for the tests, made with hashlib alone so that the product does not vouch for itself."""

import hashlib
import io
import os
import re
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

PAYLOAD = {"data/a.txt": b"alpha\n", "data/sub/b.bin": bytes(range(256))}
INFO = ("Source-Organization: Example University", "Bagging-Date: 2026-01-31")


def write(path: Path, content: bytes | str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def digest(algorithm: str, content: bytes) -> str:
    """The checksum, for an algorithm in BagIt's spelling."""
    return hashlib.new(re.sub(r"^sha3(?=\d{3})", "sha3_", algorithm), content).hexdigest()


def listing(algorithm: str, files: Mapping[str, bytes]) -> str:
    """Manifest lines for the files, names encoded as BagIt 1.0 asks."""
    lines = []
    for name, content in files.items():
        spelled = name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
        lines.append(f"{digest(algorithm, content)}  {spelled}\n")
    return "".join(lines)


def make_bag(
    bag: Path,
    *,
    payload: Mapping[str, bytes] = PAYLOAD,
    version: str = "1.0",
    encoding: str = "UTF-8",
    algorithms: Sequence[str] = ("sha512",),
    info: Iterable[str] = INFO,
    fetch: Iterable[str] = (),
    tag_files: Mapping[str, bytes] | None = None,
) -> Path:
    """A valid bag of these files."""
    (bag / "data").mkdir(parents=True)
    for name, content in payload.items():
        write(bag / name, content)
    write(bag / "bagit.txt", f"BagIt-Version: {version}\nTag-File-Character-Encoding: {encoding}\n")
    for algorithm in algorithms:
        write(bag / f"manifest-{algorithm}.txt", listing(algorithm, payload).encode(encoding))
    oxum = f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}"
    write(bag / "bag-info.txt", "".join(f"{line}\n" for line in (*info, oxum)).encode(encoding))
    if fetch:
        write(bag / "fetch.txt", "".join(f"{line}\n" for line in fetch).encode(encoding))
    for name, content in (tag_files or {}).items():
        write(bag / name, content)
    seal(bag, algorithms, encoding)
    return bag


def seal(bag: Path, algorithms: Sequence[str] = ("sha512",), encoding: str = "UTF-8") -> None:
    """Write the tag manifests over whatever tag files lie there now."""
    for algorithm in algorithms:
        files = {}
        for path in sorted(bag.rglob("*")):
            name = path.relative_to(bag).as_posix()
            outside = not name.startswith(("data/", "tagmanifest-"))
            if outside and path.is_file() and not path.is_symlink():
                files[name] = path.read_bytes()
        write(bag / f"tagmanifest-{algorithm}.txt", listing(algorithm, files).encode(encoding))


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text that must be there."""
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def append(path: Path, text: str) -> None:
    """Add to the end of a file."""
    path.write_bytes(path.read_bytes() + text.encode())


def members(bag: Path, top: str = "bag") -> dict[str, bytes]:
    """Every file of a bag by the name it has in an archive."""
    files = (path for path in sorted(bag.rglob("*")) if path.is_file())
    return {f"{top}/{path.relative_to(bag).as_posix()}": path.read_bytes() for path in files}


def make_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    """A zip file of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def make_tar(
    path: Path, files: Mapping[str, bytes], *, gzipped: bool = False, further: Iterable[tarfile.TarInfo] = ()
) -> Path:
    """A tar file of these members, then of further ones that have no content."""
    with tarfile.open(path, "w:gz" if gzipped else "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in further:
            archive.addfile(member)
    return path


def state(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    """Kind, size, modification and access time of everything below a folder."""
    seen = {}
    for path in sorted([folder, *folder.rglob("*")]):
        one = os.lstat(path)
        seen[str(path)] = (
            one.st_mode,
            one.st_size,
            one.st_mtime_ns,
            one.st_atime_ns if path.is_file() else 0,
        )
    return seen
