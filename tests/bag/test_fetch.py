"""Completing holey bags, from servers that behave and servers that do not."""

import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.bag.fetch_list import FetchEntry, format_fetch, parse_fetch
from confocal_bag.bag.holey.address import AddressRefused, judge_address, read_hosts, reference_url
from confocal_bag.bag.holey.completion import Completion, Trouble
from confocal_bag.bag.holey.download import Downloader, DownloadFailed
from confocal_bag.bag.holey.fetch import complete_bag
from confocal_bag.bag.holey.rules import FETCH_RULES, check_completion
from confocal_bag.bag.holey.staging import FetchStaging, fetch_staging_path
from confocal_bag.bag.rules import check_bag
from confocal_bag.findings import CannotFinish, Outcome, Severity
from tests.bag.bags import append, make_bag, make_zip, members, write

CONTENT = bytes(range(256)) * 40
Answer = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class Server:
    """A web server on this machine, what it was asked, and how it answers each path."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        """The address of a path on this server."""
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def server() -> Iterator[Server]:
    """A running server that answers /good with CONTENT and everything else with 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.path, dict(self.headers.items())))
            self.close_connection = True
            answer = state.answers.get(self.path, body(b"", status=404))
            with suppress(OSError):  # the client may have hung up
                answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = False
        request_queue_size = 16

    httpd = Quiet(("127.0.0.1", 0), Handler)
    state = Server(port=httpd.server_address[1])
    state.answers["/good"] = body(CONTENT)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    state.over.set()
    httpd.shutdown()
    thread.join(10)
    httpd.server_close()


def body(content: bytes, *, status: int = 200, length: int | None = -1, **headers: str) -> Answer:
    """An answer with this body; `length` is what it announces, None for nothing."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if length is not None:
            handler.send_header("Content-Length", str(len(content) if length < 0 else length))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def redirect(location: str) -> Answer:
    """An answer that sends the client elsewhere."""
    return body(b"", status=302, Location=location)


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other, the last for ever."""
    left = list(answers)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        now = left.pop(0) if len(left) > 1 else left[0]
        now(handler)

    return answer


def ranged(content: bytes, tag: str = '"1"') -> Answer:
    """A server that knows Range and If-Range."""

    def answer(handler: BaseHTTPRequestHandler) -> object:
        asked, condition = handler.headers.get("Range"), handler.headers.get("If-Range")
        if asked is None or condition not in (None, tag):
            return body(content, ETag=tag)(handler)
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        part = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return body(content[start:], status=206, Content_Range=part, ETag=tag)(handler)

    return answer


def holey(
    folder: Path,
    lines: dict[str, str],
    *,
    content: bytes = CONTENT,
    length: int | str | None = None,
    algorithms: tuple[str, ...] = ("sha512",),
) -> Path:
    """A bag whose files in `lines` (path to address) are listed in its manifests and fetch.txt, and not there."""
    size = len(content) if length is None else length
    bag = make_bag(
        folder / "bag",
        payload={"data/here.txt": b"here\n", **dict.fromkeys(lines, content)},
        algorithms=algorithms,
        fetch=[f"{url} {size} {path}" for path, url in lines.items()],
    )
    for path in lines:
        (bag / path).unlink()
    return bag


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def complete(bag: Path, **options: Any) -> Completion:
    """Complete from this machine, without waiting between attempts."""
    settings = {"allowed_hosts": ["127.0.0.1"], "timeout_s": 20.0, "pause": lambda _: None, **options}
    return complete_bag(bag, **settings)


def outcomes(completion: Completion) -> dict[str, Outcome]:
    """What became of each rule."""
    return {check.rule: check.outcome for check in check_completion(completion)[0]}


def only_failure(completion: Completion) -> tuple[Trouble, str]:
    """The one thing that went wrong, and that a finding says so."""
    (failure,) = completion.failures
    findings = check_completion(completion)[1]
    assert [(one.severity, failure.reason in one.message) for one in findings] == [(Severity.ERROR, True)]
    return failure.trouble, failure.reason


def test_a_holey_bag_becomes_a_valid_one(tmp_path: Path, server: Server) -> None:
    """Every missing file is fetched, into folders that are made for it, and nothing is left beside the bag."""
    server.answers["/a%20b?x=1"] = body(CONTENT)
    bag = holey(tmp_path, {"data/one": server.url("/good"), "data/deep/er/two é": server.url("/a%20b?x=1")})
    heard: list[int] = []
    completion = complete(bag, on_bytes=heard.append)
    assert completion.is_complete
    assert [one.path for one in completion.fetched] == ["data/one", "data/deep/er/two é"]
    assert sum(heard) == 2 * len(CONTENT)
    assert (bag / "data/deep/er/two é").read_bytes() == CONTENT
    assert set(outcomes(completion).values()) == {Outcome.PASSED}
    assert not [one for one in check_bag(bag).findings if one.severity is Severity.ERROR]
    assert names_in(tmp_path) == ["bag"]


def test_what_is_there_is_not_fetched_again(tmp_path: Path, server: Server) -> None:
    """A second run asks nobody."""
    bag = holey(tmp_path, {"data/one": server.url("/good")})
    complete(bag)
    server.asked.clear()
    completion = complete(bag)
    assert (completion.is_complete, completion.present, completion.fetched) == (True, ("data/one",), ())
    assert server.asked == []


def test_an_empty_file_needs_no_server(tmp_path: Path) -> None:
    """Its length says all; its digests are verified like any."""
    bag = holey(tmp_path, {"data/none": "http://127.0.0.1:9/none"}, content=b"")
    assert complete(bag).is_complete
    assert (bag / "data/none").read_bytes() == b""


def test_a_bag_without_fetch_txt_is_complete_or_lacks_files(tmp_path: Path) -> None:
    """Nothing is fetched; a file that no line offers is named."""
    bag = make_bag(tmp_path / "bag")
    assert complete(bag).is_complete
    assert outcomes(complete(bag))["bag.fetch-refused"] is Outcome.NOT_APPLICABLE
    (bag / "data/a.txt").unlink()
    completion = complete(bag)
    assert only_failure(completion)[0] is Trouble.NOT_OFFERED
    assert completion.failures[0].path == "data/a.txt"


NAMES = [
    ("../bag-evil/x", "climbs"),
    ("data/../../bag-evil/x", "climbs"),
    ("data/sub/../../x", "climbs"),
    ("/etc/x", "absolute"),
    ("bag-info2.txt", "not below data/"),
    ("data\\..\\x", "climbs"),
]


@pytest.mark.parametrize(("name", "said"), NAMES)
def test_a_name_that_leads_out_of_the_payload_is_refused(tmp_path: Path, server: Server, name: str, said: str) -> None:
    """Also when a manifest lists it, and nobody is asked for it."""
    bag = holey(tmp_path, {"data/fine": server.url("/good")})
    (tmp_path / "bag-evil").mkdir()
    append(bag / "fetch.txt", f"{server.url('/good')} {len(CONTENT)} {name}\n")
    append(bag / "manifest-sha512.txt", f"{hashlib.sha512(CONTENT).hexdigest()}  {name}\n")
    completion = complete(bag)
    trouble, reason = only_failure(completion)
    assert trouble is Trouble.REFUSED
    assert said in reason
    assert [one.path for one in completion.fetched] == ["data/fine"]
    assert len(server.asked) == 1
    assert names_in(tmp_path) == ["bag", "bag-evil"]
    assert names_in(tmp_path / "bag-evil") == []


def test_percent_encoded_dots_are_a_folder_of_that_name(tmp_path: Path, server: Server) -> None:
    """fetch.txt escapes line ends and percent signs only, so that nothing is decoded after it was checked."""
    bag = holey(tmp_path, {"data/one": server.url("/good")})
    text = (bag / "fetch.txt").read_text()
    write(bag / "fetch.txt", text.replace("data/one", "data/%2e%2e/%2E%2E/x"))
    manifest = (bag / "manifest-sha512.txt").read_text()
    write(bag / "manifest-sha512.txt", manifest.replace("data/one", "data/%2e%2e/%2E%2E/x"))
    assert complete(bag).is_complete
    assert (bag / "data/%2e%2e/%2E%2E/x").read_bytes() == CONTENT
    assert names_in(tmp_path) == ["bag"]


@pytest.mark.parametrize("linked", ["data", "data/deep", "data/deep/er"])
def test_a_folder_that_is_a_link_is_not_entered(tmp_path: Path, server: Server, linked: str) -> None:
    """Wherever in the path it stands; nobody is asked for the file."""
    bag = holey(tmp_path, {"data/deep/er/x": server.url("/good")})
    outside = tmp_path / "outside"
    (outside / "er").mkdir(parents=True)
    if linked == "data":
        shutil.rmtree(bag / "data")
    (bag / linked).unlink() if (bag / linked).is_symlink() else shutil.rmtree(bag / linked, ignore_errors=True)
    (bag / linked).parent.mkdir(exist_ok=True)
    (bag / linked).symlink_to(outside)
    completion = complete(bag)
    failure = next(one for one in completion.failures if one.path == "data/deep/er/x")
    assert failure.trouble is Trouble.NOT_PLACED
    assert "link" in failure.reason
    assert outcomes(completion)["bag.fetch-not-placed"] is Outcome.FAILED
    assert server.asked == []
    assert [path for path in outside.rglob("*") if not path.is_dir()] == []


def test_a_folder_exchanged_for_a_link_during_the_transfer_is_not_entered(tmp_path: Path, server: Server) -> None:
    """The folders are opened again, one in the other, when the file gets its name."""
    bag = holey(tmp_path, {"data/deep/x": server.url("/swap")})
    (bag / "data/deep").mkdir(exist_ok=True)
    outside = tmp_path / "outside"
    outside.mkdir()

    def swap(handler: BaseHTTPRequestHandler) -> None:
        (bag / "data/deep").rmdir()
        (bag / "data/deep").symlink_to(outside)
        body(CONTENT)(handler)

    server.answers["/swap"] = swap
    assert only_failure(complete(bag))[0] is Trouble.NOT_PLACED
    assert names_in(outside) == []


def test_a_name_taken_during_the_transfer_is_not_overwritten(tmp_path: Path, server: Server) -> None:
    """Whoever came first keeps it."""
    bag = holey(tmp_path, {"data/x": server.url("/taken")})

    def take(handler: BaseHTTPRequestHandler) -> None:
        write(bag / "data/x", b"mine")
        body(CONTENT)(handler)

    server.answers["/taken"] = take
    assert only_failure(complete(bag))[0] is Trouble.NOT_PLACED
    assert (bag / "data/x").read_bytes() == b"mine"


@pytest.mark.parametrize("kind", ["link", "dangling", "pipe", "folder", "other length"])
def test_what_has_the_name_already_stays(tmp_path: Path, server: Server, kind: str) -> None:
    """It is reported, not replaced, and a link is not written through."""
    bag = holey(tmp_path, {"data/x": server.url("/good")})
    outside = write(tmp_path / "outside", b"precious")
    place = bag / "data/x"
    if kind == "link":
        place.symlink_to(outside)
    elif kind == "dangling":
        place.symlink_to(tmp_path / "nowhere")
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        place.write_bytes(b"short")
    before = place.lstat()
    assert only_failure(complete(bag))[0] is Trouble.NOT_PLACED
    assert place.lstat().st_ino == before.st_ino
    assert outside.read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()
    assert server.asked == []


def _drip(server: Server, *, headers: bool) -> Answer:
    """A byte now and then, for ever."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if not headers:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(CONTENT)))
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not server.over.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    return answer


def _chunked(content: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for start in range(0, len(content), 1000):
            chunk = content[start : start + 1000]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        handler.wfile.write(b"0\r\n\r\n")

    return answer


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(bytes(1 << 16))


HOSTILE: list[tuple[str, Answer | None, Trouble, str]] = [
    ("longer, announced", body(CONTENT + b"x"), Trouble.NOT_DOWNLOADED, "announces"),
    ("longer, not announced", body(CONTENT + b"x", length=None), Trouble.NOT_DOWNLOADED, "more than"),
    ("longer, in chunks", _chunked(CONTENT + b"x"), Trouble.NOT_DOWNLOADED, "more than"),
    ("endless", _endless, Trouble.NOT_DOWNLOADED, "more than"),
    ("shorter, announced", body(CONTENT[:-1]), Trouble.NOT_DOWNLOADED, "announces"),
    ("shorter than announced", body(CONTENT[:-1], length=len(CONTENT)), Trouble.NOT_DOWNLOADED, "broke off"),
    ("shorter, not announced", body(CONTENT[:-1], length=None), Trouble.NOT_DOWNLOADED, "broke off"),
    ("shorter, in chunks", _chunked(CONTENT[:-1]), Trouble.NOT_DOWNLOADED, "broke off"),
    ("wrong content", body(CONTENT[:-1] + b"!"), Trouble.WRONG_CONTENT, "manifest-sha512.txt"),
    ("404", None, Trouble.NOT_DOWNLOADED, "404"),
    ("401", body(b"", status=401), Trouble.NOT_DOWNLOADED, "401"),
    ("500", body(b"", status=500), Trouble.NOT_DOWNLOADED, "500"),
    ("206 without asking", body(CONTENT, status=206), Trouble.NOT_DOWNLOADED, "206"),
    ("204", body(b"", status=204), Trouble.NOT_DOWNLOADED, "204"),
    ("compressed", body(CONTENT, Content_Encoding="gzip"), Trouble.NOT_DOWNLOADED, "compressed"),
    ("to a file", redirect("file:///etc/passwd"), Trouble.REFUSED, "redirected from http to file"),
    ("to https", redirect("https://127.0.0.1/x"), Trouble.REFUSED, "redirected from http to https"),
    ("to ftp", redirect("ftp://127.0.0.1/x"), Trouble.REFUSED, "redirected from http to ftp"),
    ("to another host", redirect("http://localhost:1/x"), Trouble.REFUSED, "localhost is not among"),
    ("to another host, no scheme", redirect("//evil.example/x"), Trouble.REFUSED, "evil.example is not among"),
    ("to a password", redirect("http://me:secret@127.0.0.1/x"), Trouble.REFUSED, "password"),
    ("to nowhere", body(b"", status=302), Trouble.NOT_DOWNLOADED, "nowhere"),
    ("to nonsense", redirect("http://[::1/x"), Trouble.REFUSED, "address"),
    ("in circles", redirect("/bad"), Trouble.NOT_DOWNLOADED, "more than 5 times"),
    ("no HTTP", lambda one: one.wfile.write(b"hello\r\n"), Trouble.NOT_DOWNLOADED, "broke off"),
    ("nothing", lambda one: None, Trouble.NOT_DOWNLOADED, "connection failed"),
    (
        "headers without end",
        lambda one: one.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200),
        Trouble.NOT_DOWNLOADED,
        "broke off",
    ),
]


@pytest.mark.parametrize(("kind", "answer", "trouble", "said"), HOSTILE, ids=[one[0] for one in HOSTILE])
def test_a_bad_server_harms_nothing_and_stops_no_other_file(
    tmp_path: Path, server: Server, kind: str, answer: Answer | None, trouble: Trouble, said: str
) -> None:
    """The file stays missing with a reason, the good one after it is fetched, nothing half-finished has a name."""
    if answer:
        server.answers["/bad"] = answer
    bag = holey(tmp_path, {"data/bad": server.url("/bad"), "data/good": server.url("/good")})
    completion = complete(bag)
    seen, reason = only_failure(completion)
    assert seen is trouble
    assert said in reason
    assert completion.failures[0].path == "data/bad"
    assert [one.path for one in completion.fetched] == ["data/good"]
    assert names_in(bag / "data") == ["good", "here.txt"]


@pytest.mark.parametrize("headers", [True, False])
def test_a_server_that_drips_is_given_up(tmp_path: Path, server: Server, *, headers: bool) -> None:
    """Each byte comes in time, the file never would."""
    server.answers["/slow"] = _drip(server, headers=headers)
    bag = holey(tmp_path, {"data/slow": server.url("/slow")})
    trouble, reason = only_failure(complete(bag, timeout_s=0.3, attempts=2))
    assert trouble is Trouble.NOT_DOWNLOADED
    assert "next to nothing" in reason
    assert len(server.asked) == 2


def test_a_server_that_falls_silent_is_given_up(tmp_path: Path, server: Server) -> None:
    """In the middle of the body."""

    def silent(handler: BaseHTTPRequestHandler) -> None:
        body(CONTENT[:100], length=len(CONTENT))(handler)
        handler.wfile.flush()
        server.over.wait(20)

    server.answers["/silent"] = silent
    bag = holey(tmp_path, {"data/x": server.url("/silent")})
    assert "next to nothing" in only_failure(complete(bag, timeout_s=0.3, attempts=1))[1]


def test_a_redirect_within_the_rules_is_followed(tmp_path: Path, server: Server) -> None:
    """Relative ones too."""
    server.answers["/one"] = redirect("/two")
    server.answers["/two"] = redirect(server.url("/good"))
    assert complete(holey(tmp_path, {"data/x": server.url("/one")})).is_complete


def test_a_server_that_is_busy_is_asked_again(tmp_path: Path, server: Server) -> None:
    """After the pause it asks for, within reason, and after longer and longer ones otherwise."""
    busy = body(b"", status=503)
    patient = body(b"", status=503, Retry_After="7")
    server.answers["/busy"] = in_turn(busy, busy, patient, body(CONTENT))
    pauses: list[float] = []
    assert complete(holey(tmp_path, {"data/x": server.url("/busy")}), pause=pauses.append).is_complete
    assert pauses == [1.0, 2.0, 7.0]


def test_a_host_that_never_answers_is_not_asked_for_ever(tmp_path: Path) -> None:
    """After three files the rest are not tried."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    bag = holey(tmp_path, {f"data/{number}": f"http://127.0.0.1:{port}/{number}" for number in range(10)})
    pauses: list[float] = []
    completion = complete(bag, pause=pauses.append, attempts=2)
    assert len(completion.failures) == 10
    assert len(pauses) == 3


def test_an_interrupted_transfer_is_resumed(tmp_path: Path, server: Server) -> None:
    """The same version is asked for, and only what is missing of it."""
    server.answers["/x"] = in_turn(body(CONTENT[:3000], length=len(CONTENT), ETag='"1"'), ranged(CONTENT))
    bag = holey(tmp_path, {"data/x": server.url("/x")})
    assert not complete(bag, attempts=1).is_complete
    assert len(list(fetch_staging_path(bag).glob("*.part"))) == 1
    heard: list[int] = []
    assert complete(bag, on_bytes=heard.append).is_complete
    assert server.asked[-1][1]["Range"] == "bytes=3000-"
    assert server.asked[-1][1]["If-Range"] == '"1"'
    assert sum(heard) == len(CONTENT) - 3000
    assert names_in(tmp_path) == ["bag"]


def test_what_was_left_of_an_address_given_up_is_removed_in_the_end(tmp_path: Path, server: Server) -> None:
    """Once nothing is missing any more, and not before."""
    server.answers["/x"] = body(CONTENT[:9], length=len(CONTENT))
    bag = holey(tmp_path, {"data/x": server.url("/x")})
    complete(bag, attempts=1)
    assert fetch_staging_path(bag).exists()
    write(bag / "fetch.txt", f"{server.url('/good')} {len(CONTENT)} data/x\n")
    assert complete(bag).is_complete
    assert names_in(tmp_path) == ["bag"]


RESUMED: list[tuple[str, Answer]] = [
    ("no Range", body(CONTENT)),
    ("another version", ranged(CONTENT, tag='"2"')),
    ("another part", in_turn(body(CONTENT, status=206, Content_Range=f"bytes 0-{len(CONTENT) - 1}/*"), body(CONTENT))),
    ("not satisfiable", in_turn(body(b"", status=416), body(CONTENT))),
    ("no Content-Range", in_turn(body(CONTENT[3000:], status=206), body(CONTENT))),
]


@pytest.mark.parametrize(("kind", "answer"), RESUMED, ids=[one[0] for one in RESUMED])
def test_a_server_that_cannot_resume_starts_over(tmp_path: Path, server: Server, kind: str, answer: Answer) -> None:
    """What was there before is thrown away, never mixed with the new."""
    server.answers["/x"] = in_turn(body(b"?" * 3000, length=len(CONTENT), ETag='"1"'), answer)
    bag = holey(tmp_path, {"data/x": server.url("/x")})
    complete(bag, attempts=1)
    assert complete(bag).is_complete
    assert (bag / "data/x").read_bytes() == CONTENT


@pytest.mark.parametrize("left", [b"?" * 3000, b"?" * len(CONTENT), b"?" * (len(CONTENT) + 5)])
def test_a_resumed_file_that_is_wrong_is_fetched_once_more_from_the_start(
    tmp_path: Path, server: Server, left: bytes
) -> None:
    """A server without ETag may have changed the file in between."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.headers.replace_header("If-Range", '"1"') if "If-Range" in handler.headers else None
        ranged(CONTENT)(handler)

    server.answers["/x"] = in_turn(body(b"?" * 3000, length=len(CONTENT)), answer)
    bag = holey(tmp_path, {"data/x": server.url("/x")})
    complete(bag, attempts=1)
    (unfinished,) = fetch_staging_path(bag).glob("*.part")
    unfinished.write_bytes(left)
    assert complete(bag).is_complete


def test_a_length_that_is_not_stated_is_bounded_by_the_user(tmp_path: Path, server: Server) -> None:
    """And is complete where the server says that it is."""
    bag = holey(tmp_path, {"data/x": server.url("/good")}, length="-")
    trouble, reason = only_failure(complete(bag, max_size=len(CONTENT) - 1))
    assert trouble is Trouble.NOT_DOWNLOADED
    assert "more than" in reason
    assert complete(bag, max_size=len(CONTENT)).is_complete


def test_a_file_larger_than_the_disk_is_not_begun(tmp_path: Path, server: Server) -> None:
    """A stated length of a hundred petabytes fills no disk."""
    bag = holey(tmp_path, {"data/x": server.url("/good")}, length=10**17)
    trouble, reason = only_failure(complete(bag))
    assert trouble is Trouble.NOT_PLACED
    assert "the disk has" in reason
    assert server.asked == []


def test_every_manifest_must_agree(tmp_path: Path, server: Server) -> None:
    """One checksum that differs is enough."""
    bag = holey(tmp_path, {"data/x": server.url("/good")}, algorithms=("md5", "sha512"))
    manifest = (bag / "manifest-md5.txt").read_text()
    write(bag / "manifest-md5.txt", manifest.replace(hashlib.md5(CONTENT).hexdigest(), "0" * 32))
    trouble, reason = only_failure(complete(bag))
    assert trouble is Trouble.WRONG_CONTENT
    assert "manifest-md5.txt" in reason
    assert "sha512" not in reason
    assert not (bag / "data/x").exists()


def test_a_file_that_cannot_be_verified_is_not_fetched(tmp_path: Path, server: Server) -> None:
    """No manifest lists it, or one by an algorithm that is not known here, or with a checksum that is none."""
    bag = holey(tmp_path, {"data/x": server.url("/good")})
    append(bag / "fetch.txt", f"{server.url('/good')} {len(CONTENT)} data/unlisted\n")
    assert only_failure(complete(bag))[1] == "no payload manifest lists it, so it could not be verified"
    (bag / "data/x").unlink()
    write(bag / "manifest-shake128.txt", "00  data/x\n00  data/here.txt\n")
    assert "algorithm that is not known" in complete(bag).failures[0].reason
    (bag / "manifest-shake128.txt").unlink()
    write(bag / "manifest-md5.txt", "xyz  data/x\n")
    assert "no readable checksum" in complete(bag).failures[0].reason
    assert len(server.asked) == 1


def test_a_line_that_cannot_be_read_is_reported(tmp_path: Path, server: Server) -> None:
    """The others are followed."""
    bag = holey(tmp_path, {"data/x": server.url("/good")})
    append(bag / "fetch.txt", "nonsense\n")
    completion = complete(bag)
    trouble, reason = only_failure(completion)
    assert trouble is Trouble.REFUSED
    assert "line 2" in reason
    assert len(completion.fetched) == 1


def test_a_second_address_is_tried_when_the_first_fails(tmp_path: Path, server: Server) -> None:
    """The file is there in the end, and that is what counts."""
    bag = holey(tmp_path, {"data/x": server.url("/missing")})
    append(bag / "fetch.txt", f"{server.url('/good')} {len(CONTENT)} data/x\n")
    assert complete(bag).is_complete


def test_a_name_in_another_unicode_form_is_the_one_the_manifest_lists(tmp_path: Path, server: Server) -> None:
    """RFC 8493 6.1.3."""
    bag = holey(tmp_path, {"data/\u00e9": server.url("/good")})
    text = (bag / "fetch.txt").read_text()
    write(bag / "fetch.txt", text.replace("\u00e9", "e\u0301"))
    assert complete(bag).is_complete
    assert "\u00e9" in names_in(bag / "data")


ADDRESSES = [
    ("https://data.example.org/a", None),
    ("https://DATA.example.org./a", None),
    ("https://data.example.org:8443/a", None),
    ("HTTPS://data.example.org", None),
    ("https://other.example.org/a", "not among"),
    ("https://data.example.org.evil.example/a", "not among"),
    ("https://data.example.org@evil.example/a", "password"),
    ("https://user:secret@data.example.org/a", "password"),
    ("https://evil.example\\@data.example.org/a", "backslash"),
    ("https://data.example.org\\@evil.example/a", "backslash"),
    ("https://evil.example#@data.example.org/a", "not among"),
    ("https://evil.example?@data.example.org/a", "not among"),
    ("https://data.example.org\t/a", "control"),
    ("https://data.example.org\r\nHost: x/a", "blank"),
    ("http://data.example.org/a", "this machine only"),
    ("http://mixed.example.org/a", "this machine only"),
    ("http://mirror.example.org/a", None),
    ("ftp://data.example.org/a", "only https"),
    ("file:///etc/passwd", "only https"),
    ("file://data.example.org/etc/passwd", "only https"),
    ("data:text/plain,x", "only https"),
    ("//data.example.org/a", "only https"),
    ("data.example.org/a", "only https"),
    ("https:///a", "no host"),
    ("https:a", "no host"),
    ("https://data.example.org:port/a", "no number"),
    ("https://data.example.org:99999/a", "no number"),
    ("https://[::1/a", "cannot be read"),
    ("https://" + "a" * 300 + "/", "no host"),
    ("https://data.example.org/" + "a" * 9000, "longer"),
    ("https://0x7f.1/a", "not among"),
]


@pytest.mark.parametrize(("url", "said"), ADDRESSES)
def test_an_address_is_judged_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str | None
) -> None:
    """By its kind, its host, and for http by the numbers the host's name stands for."""
    numbers = {
        "data.example.org": ["192.0.2.7"],
        "mixed.example.org": ["127.0.0.1", "192.0.2.7"],
        "mirror.example.org": ["127.0.0.9", "::1", "::ffff:127.0.0.1"],
    }

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        return [(0, 0, 0, "", (number, port)) for number in numbers[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    allowed = read_hosts(numbers)
    if said is None:
        assert judge_address(url, allowed).numbers
    else:
        with pytest.raises(AddressRefused, match=said):
            judge_address(url, allowed)


def test_a_host_with_a_port_allows_that_port_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host without one allows them all."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("192.0.2.7", 0))])
    allowed = read_hosts(["Data.Example.org:8443", "[2001:db8::1]:444", "2001:db8::2", "b\u00fccher.example"])
    for url in ("data.example.org:8443", "[2001:db8::1]:444", "[2001:DB8::2]:9", "xn--bcher-kva.example"):
        assert judge_address(f"https://{url}/", allowed)
    for url in ("data.example.org", "data.example.org:444", "[2001:db8::1]"):
        with pytest.raises(AddressRefused):
            judge_address(f"https://{url}/", allowed)


@pytest.mark.parametrize("host", ["", "https://x.org/", "x.org/a", "a@b", "x y", "*.example.org", "x:port"])
def test_what_is_no_host_cannot_be_allowed(tmp_path: Path, host: str) -> None:
    """A mistake in the option is said, not ignored."""
    with pytest.raises(CannotFinish, match="no name of a host"):
        complete(make_bag(tmp_path / "bag"), allowed_hosts=[host])


def test_a_host_that_was_not_named_is_not_asked(tmp_path: Path, server: Server) -> None:
    """Even when it is this machine."""
    bag = holey(tmp_path, {"data/x": server.url("/good")})
    trouble, reason = only_failure(complete(bag, allowed_hosts=["data.example.org"]))
    assert trouble is Trouble.REFUSED
    assert "127.0.0.1" in reason
    assert server.asked == []


def test_a_host_nobody_knows_is_a_failure_of_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be known again tomorrow."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    bag = holey(tmp_path, {"data/x": "https://data.example.org/x"})
    trouble, reason = only_failure(complete(bag, allowed_hosts=["data.example.org"]))
    assert trouble is Trouble.NOT_DOWNLOADED
    assert "not known" in reason


@pytest.mark.parametrize("kind", ["archive", "no bag", "no manifest", "nothing", "unreadable"])
def test_what_cannot_be_completed_is_said_in_a_sentence(tmp_path: Path, kind: str) -> None:
    """Before anything is fetched."""
    bag = make_bag(tmp_path / "bag")
    path = bag
    if kind == "archive":
        path = make_zip(tmp_path / "bag.zip", members(bag))
    elif kind == "no bag":
        (bag / "bagit.txt").unlink()
    elif kind == "no manifest":
        (bag / "manifest-sha512.txt").unlink()
    elif kind == "nothing":
        path = tmp_path / "none"
    else:
        write(bag / "bagit.txt", bytes(100_000))
    with pytest.raises(CannotFinish, match=path.name):
        complete(path)


@pytest.mark.parametrize("kind", ["link", "writable", "file"])
def test_a_staging_folder_of_somebody_else_is_not_used(tmp_path: Path, server: Server, kind: str) -> None:
    """Others could exchange what is in it after it was verified."""
    bag = holey(tmp_path, {"data/x": server.url("/good")})
    place, outside = fetch_staging_path(bag), tmp_path / "outside"
    outside.mkdir(mode=0o700)
    if kind == "link":
        place.symlink_to(outside)
    elif kind == "file":
        place.touch()
    else:
        place.mkdir()
        place.chmod(0o777)
    with pytest.raises(CannotFinish, match=r"\.bag\.confocal-bag-fetch"):
        complete(bag)
    assert server.asked == []
    assert names_in(outside) == []


def test_two_runs_do_not_complete_one_bag_at_once(tmp_path: Path, server: Server) -> None:
    """The second one says so."""
    bag = holey(tmp_path, {"data/x": server.url("/good")})
    with FetchStaging(bag), pytest.raises(CannotFinish, match="another run"):
        complete(bag)
    assert complete(bag).is_complete


def test_an_unfinished_file_that_is_a_link_or_has_a_second_name_is_not_written_to(
    tmp_path: Path, server: Server
) -> None:
    """A killed run may have left the second name in the payload."""
    bag = holey(tmp_path, {"data/x": server.url("/x")})
    server.answers["/x"] = in_turn(body(CONTENT[:9], length=len(CONTENT)), body(CONTENT))
    complete(bag, attempts=1)
    (unfinished,) = fetch_staging_path(bag).glob("*.part")
    other = tmp_path / "other"
    os.link(unfinished, other)
    assert complete(bag).is_complete
    assert other.read_bytes() == CONTENT[:9]
    (bag / "data/x").unlink()
    fetch_staging_path(bag).mkdir(mode=0o700)
    unfinished.symlink_to(other)
    assert only_failure(complete(bag))[0] is Trouble.NOT_PLACED
    assert other.read_bytes() == CONTENT[:9]


def test_a_disk_without_hard_links_will_do(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is renamed instead, onto a name that is free."""

    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "supports_dir_fd", {*os.supports_dir_fd, no_links})
    monkeypatch.setattr(os, "link", no_links)
    bag = holey(tmp_path, {"data/x": server.url("/good"), "data/y": server.url("/taken")})

    def take(handler: BaseHTTPRequestHandler) -> None:
        write(bag / "data/y", b"mine")
        body(CONTENT)(handler)

    server.answers["/taken"] = take
    completion = complete(bag)
    assert [one.path for one in completion.fetched] == ["data/x"]
    assert only_failure(completion)[0] is Trouble.NOT_PLACED
    assert (bag / "data/y").read_bytes() == b"mine"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine that nobody else trusts, with its key."""
    tool = shutil.which("openssl")
    if tool is None:
        pytest.skip("openssl is not on this machine")
    path = tmp_path / "certificate.pem"
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test"
    extension = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", str(tmp_path / "c.pem")]
    subprocess.run([tool, *asked.split(), *extension], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (tmp_path / "c.pem").read_bytes())
    return path


def test_https_is_followed_with_a_certificate_that_is_trusted_and_no_other(tmp_path: Path, certificate: Path) -> None:
    """The system's authorities decide."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body(CONTENT)(self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    httpd = Quiet(("127.0.0.1", 0), Handler)
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        url = f"https://127.0.0.1:{httpd.server_address[1]}/x"
        bag = holey(tmp_path, {"data/x": url})
        assert "certificate" in only_failure(complete(bag))[1]
        trusting = ssl.create_default_context(cafile=str(certificate))
        downloader = Downloader(allowed=read_hosts(["127.0.0.1"]), timeout_s=20, context=trusting)
        with FetchStaging(bag) as staging, staging.download("key") as download:
            downloader.fetch(url, download, length=len(CONTENT), limit=len(CONTENT))
            assert download.size == len(CONTENT)
            download.remove()
    finally:
        httpd.shutdown()
        thread.join(10)
        httpd.server_close()


def test_a_server_without_tls_is_no_https_server(tmp_path: Path, server: Server) -> None:
    """One sentence, no trace."""
    bag = holey(tmp_path, {"data/x": server.url("/good").replace("http:", "https:")})
    assert only_failure(complete(bag))[0] is Trouble.NOT_DOWNLOADED


def test_the_downloader_says_why_it_failed(tmp_path: Path, server: Server) -> None:
    """To whoever calls it directly."""
    bag = make_bag(tmp_path / "bag")
    downloader = Downloader(allowed=read_hosts(["127.0.0.1"]), timeout_s=20)
    with FetchStaging(bag) as staging, staging.download("key") as download:
        with pytest.raises(DownloadFailed, match="404"):
            downloader.fetch(server.url("/none"), download, length=None, limit=10)
        download.remove()


def test_every_rule_passes_for_a_bag_that_is_complete(tmp_path: Path, server: Server) -> None:
    """One check each, in the order of the report."""
    checks, findings = check_completion(complete(holey(tmp_path, {"data/x": server.url("/good")})))
    assert [check.rule for check in checks] == list(FETCH_RULES)
    assert findings == []


names = st.text(st.characters(min_codepoint=1, exclude_characters="/", exclude_categories=()), min_size=1, max_size=12)
raw_names = st.lists(st.sampled_from([*range(1, 47), *range(48, 256)]), min_size=1, max_size=12).map(
    lambda raw: os.fsdecode(bytes(raw))
)


def is_plain(name: str) -> bool:
    """Whether it can be the name of a file on this machine."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return name not in (".", "..")


@given(st.lists((names | raw_names).filter(is_plain), min_size=1, max_size=4))
def test_the_address_of_a_file_leads_back_to_its_name(parts: list[str]) -> None:
    """Whatever the name holds: blanks, percent signs, line ends, bytes that are not UTF-8."""
    url = reference_url("https://data.example.org/depot/", "/".join(parts))
    split = urlsplit(url)
    assert (split.scheme, split.netloc, split.query, split.fragment) == ("https", "data.example.org", "", "")
    assert url.isascii()
    assert unquote_to_bytes(split.path) == b"/depot/" + os.fsencode("/".join(parts))
    assert split.path.count("/") == len(parts) + 1


@given(st.lists(names.filter(is_plain), min_size=1, max_size=4), st.none() | st.integers(0, 10**17))
def test_what_is_written_into_fetch_txt_is_read_back(parts: list[str], length: int | None) -> None:
    """Names and addresses alike."""
    path = "data/" + "/".join(parts)
    entry = FetchEntry(url=reference_url("https://x.org", path), length=length, path=path, spelled="", line=0)
    try:
        written = format_fetch([entry])
    except CannotFinish:
        return  # a name that no bag may hold, or that is not UTF-8
    fetch = parse_fetch(written, "utf-8")
    assert [(one.url, one.length, one.path) for one in fetch.entries] == [(entry.url, length, path)]
    assert fetch.problems == ()


def test_fetch_txt_is_the_same_whatever_the_order() -> None:
    """Sorted by name."""
    entries = [
        FetchEntry(url=f"https://x.org/{name}", length=1, path=f"data/{name}", spelled="", line=0) for name in "abc"
    ]
    assert format_fetch(reversed(entries)) == format_fetch(entries)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "x.org/a"},
        {"url": "https://x.org/a b"},
        {"url": "https://x.org/a\n"},
        {"url": "https://x.org/\u00e9"},
        {"length": -1},
        {"path": "a"},
        {"path": "data/../a"},
        {"path": "data//a"},
        {"path": "data/\udcff"},
    ],
)
def test_what_fetch_txt_cannot_hold_is_refused(change: dict[str, Any]) -> None:
    """Rather than written in another spelling."""
    fields: dict[str, Any] = {"url": "https://x.org/a", "length": 1, "path": "data/a", "spelled": "", "line": 0}
    with pytest.raises(CannotFinish):
        format_fetch([FetchEntry(**{**fields, **change})])


@pytest.mark.parametrize(
    "base",
    [
        "",
        "x.org",
        "ftp://x.org",
        "https://",
        "https://x.org/?a=",
        "https://x.org/#",
        "https://a@x.org/",
        "https://x y/",
    ],
)
def test_a_base_that_is_no_web_folder_is_refused(base: str) -> None:
    """With a sentence that shows a good one."""
    with pytest.raises(CannotFinish, match=r"data\.example\.org"):
        reference_url(base, PurePosixPath("a"))


@pytest.mark.parametrize("path", ["", "/a", "a//b", "a/../b", "./a", "a/", "a\0"])
def test_a_path_that_could_climb_has_no_address(path: str) -> None:
    """Servers and clients fold such paths, each in its own way."""
    with pytest.raises(CannotFinish, match="plain relative path"):
        reference_url("https://x.org", path)


def test_the_base_keeps_what_is_encoded_in_it() -> None:
    """Only what may not stand in an address is encoded."""
    assert reference_url("https://x.org/a%20b/\u00e9/", "c d") == "https://x.org/a%20b/%C3%A9/c%20d"
