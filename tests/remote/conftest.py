"""An S3 server on the loopback interface, and bags to put into it."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bag.bags import make_bag

moto_server = pytest.importorskip("moto.server", reason="the S3 server of the tests (moto) is not installed")


@pytest.fixture(scope="session")
def _server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Iterator[Bucket]":
    """An empty bucket called `shelf`, reached by the environment alone."""
    import boto3

    settings = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": _server,
        "AWS_CONFIG_FILE": str(tmp_path / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "no-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="shelf")
    yield Bucket(client)
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{_server}/moto-api/reset", method="POST")).close()
    client.close()


class Bucket:
    """What the tests do to the bucket behind the program's back."""

    name = "shelf"

    def __init__(self, client: object) -> None:
        self.client = client

    def put(self, key: str, content: bytes) -> None:
        """Put an object."""
        self.client.put_object(Bucket=self.name, Key=key, Body=content)  # type: ignore[attr-defined]

    def get(self, key: str) -> bytes:
        """The content of an object."""
        answer = self.client.get_object(Bucket=self.name, Key=key)  # type: ignore[attr-defined]
        return bytes(answer["Body"].read())

    def names(self) -> list[str]:
        """The names of all objects."""
        listed = self.client.list_objects_v2(Bucket=self.name)  # type: ignore[attr-defined]
        return sorted(one["Key"] for one in listed.get("Contents", ()))

    def delete(self, key: str) -> None:
        """Remove an object."""
        self.client.delete_object(Bucket=self.name, Key=key)  # type: ignore[attr-defined]

    def copy(self, folder: Path, prefix: str) -> None:
        """Put every file of a folder."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())


#: A name that is not ASCII, a percent sign, a space, an empty file: what object names carry badly.
PAYLOAD = {
    "data/raw/a.txt": b"coral " * 100,
    "data/raw/b c+d.txt": b"polyp",
    "data/processed/\u00e9%41.txt": b"",
}


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A small valid bag."""
    return make_bag(tmp_path / "coral", payload=PAYLOAD)


@pytest.fixture
def memory() -> Iterator[Callable[[str, bytes], None]]:
    """Put a file into the store memory://, which is emptied afterwards."""
    import fsspec

    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files.pipe_file
    files.store.clear()
