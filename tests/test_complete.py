"""`confocal-bag complete`: what it prints and how it ends."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from confocal_bag.cli.complete import complete
from confocal_bag.findings import CannotFinish
from confocal_bag.validate import validate_bag

CONTENT = b"raw plane\n" * 100


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a folder of a server on this machine, which has the file scan.czi and no other."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/raw/scan.czi" else 404)
            self.end_headers()
            self.wfile.write(CONTENT)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/raw"
    server.shutdown()
    thread.join(10)
    server.server_close()


def holey_bag(folder: Path, url: str) -> Path:
    """A bag that lacks its one payload file."""
    bag = folder / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "manifest-sha512.txt").write_text(f"{hashlib.sha512(CONTENT).hexdigest()}  data/raw/scan.czi\n")
    (bag / "fetch.txt").write_text(f"{url} {len(CONTENT)} data/raw/scan.czi\n")
    return bag


def run(*arguments: object) -> Result:
    """Run the command alone."""
    app = typer.Typer()
    app.command()(complete)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_bag_is_completed_and_the_report_says_so(tmp_path: Path, address: str) -> None:
    """Exit code 0, the files and bytes counted, and the bag is valid afterwards."""
    bag = holey_bag(tmp_path, f"{address}/scan.czi")
    ended = run(bag, "--allow-host", "127.0.0.1", "--format", "json")
    document = json.loads(ended.stdout)
    assert ended.exit_code == 0
    assert document["command"] == "complete"
    assert document["summary"] == {
        "files_fetched": 1,
        "bytes_fetched": len(CONTENT),
        "files_there_before": 0,
        "files_failed": 0,
        "complete": True,
    }
    assert [one["path"] for one in document["fetched"]] == ["data/raw/scan.czi"]
    assert validate_bag(bag).verdict in ("valid", "valid-with-warnings")
    again = run(bag, "--allow-host", "127.0.0.1", "--format", "json")
    assert (again.exit_code, json.loads(again.stdout)["summary"]["files_there_before"]) == (0, 1)


def test_a_bag_that_stays_incomplete_ends_with_1_and_names_the_file(tmp_path: Path, address: str) -> None:
    """And the address it was not had from."""
    ended = run(holey_bag(tmp_path, f"{address}/other.czi"), "--allow-host", "127.0.0.1")
    assert ended.exit_code == 1
    assert "bag.fetch-not-downloaded" in ended.stdout
    assert "data/raw/scan.czi" in ended.stdout
    assert "404" in ended.stdout


def test_without_a_host_nothing_is_fetched_and_the_host_is_named(tmp_path: Path, address: str) -> None:
    """So that the user can decide."""
    ended = run(holey_bag(tmp_path, f"{address}/scan.czi"))
    assert ended.exit_code == 1
    assert "the host 127.0.0.1 is not among those that may be asked" in ended.stdout
    assert "--allow-host" in ended.stdout


def test_what_is_no_bag_cannot_be_completed(tmp_path: Path) -> None:
    """One sentence, which main prints with exit code 3."""
    assert isinstance(run(tmp_path, "--allow-host", "127.0.0.1").exception, CannotFinish)


def test_the_length_that_is_not_stated_is_bounded_by_an_option(tmp_path: Path, address: str) -> None:
    """And the attempts, and the time."""
    bag = holey_bag(tmp_path, f"{address}/scan.czi")
    (bag / "fetch.txt").write_text(f"{address}/scan.czi - data/raw/scan.czi\n")
    options = ["--allow-host", "127.0.0.1", "--attempts", 1, "--timeout", 20, "--max-size"]
    assert "more than the 10 bytes" in run(bag, *options, 10).stdout
    assert run(bag, *options, len(CONTENT)).exit_code == 0
