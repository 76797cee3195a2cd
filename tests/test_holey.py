"""Raw files that stay where they are: a bag that names them, and is completed from there."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.validate import validate_bag
from tests import make
from tests.recording import Ran

Run = Callable[..., Ran]
Watch = Callable[[Callable[[Path], Path]], Path]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the loopback address where its files can be fetched."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_raw_files_can_stay_where_they_are_and_be_fetched_later(
    deposit: Watch, run: Run, tmp_path: Path, shelf: tuple[Path, str]
) -> None:
    """They are listed, converted and proven, and the completed bag is valid to the last plane."""
    folder, url = shelf
    source = deposit(make.demo_deposit)
    ran = run("build", source, tmp_path / "bag", "--raw-by-reference", url)
    assert ran.code == 0, ran
    assert not (tmp_path / "bag/data/raw").exists()
    assert (tmp_path / "bag/data/transformed/fibroblasts.lsm.ome.tiff").is_file()
    size = (source / "fibroblasts.lsm").stat().st_size
    assert (tmp_path / "bag/fetch.txt").read_text() == f"{url}/fibroblasts.lsm {size} data/raw/fibroblasts.lsm\n"
    assert url in (tmp_path / "bag/data/readme/README.txt").read_text()
    report = validate_bag(tmp_path / "bag")
    assert {finding.rule for finding in report.findings if finding.detail.get("fetchable")} == {"bag.file-missing"}
    assert report.verdict is Verdict.INVALID
    (folder / "fibroblasts.lsm").write_bytes((source / "fibroblasts.lsm").read_bytes())
    assert run("complete", tmp_path / "bag", "--allow-host", "127.0.0.1").code == 0
    assert validate_bag(tmp_path / "bag", pixels=True).verdict is Verdict.VALID


def test_a_wrong_file_is_not_taken_for_the_raw_one(
    deposit: Watch, run: Run, tmp_path: Path, shelf: tuple[Path, str]
) -> None:
    """The digests in the bag decide, not the name."""
    folder, url = shelf
    source = deposit(make.demo_deposit)
    run("build", source, tmp_path / "bag", "--raw-by-reference", url)
    content = bytearray((source / "fibroblasts.lsm").read_bytes())
    content[5000] ^= 1
    (folder / "fibroblasts.lsm").write_bytes(bytes(content))
    ran = run("complete", tmp_path / "bag", "--allow-host", "127.0.0.1", "--format", "json")
    assert ran.code == 1
    assert "bag.fetch-wrong-content" in {finding["rule"] for finding in json.loads(ran.out)["findings"]}
    assert not (tmp_path / "bag/data/raw/fibroblasts.lsm").exists()


@pytest.mark.parametrize("address", ["ftp://example.org/x", "file:///tmp", "https://user@example.org/raw", "raw", ""])
def test_an_address_that_nobody_could_trust_is_refused(deposit: Watch, tmp_path: Path, address: str) -> None:
    """Before anything is built."""
    with pytest.raises(CannotFinish):
        build_bag(deposit(make.demo_deposit), tmp_path / "bag", BuildOptions(raw_url=address))
    assert not (tmp_path / "bag").exists()
