"""Fetching a page of another site: what we get, what we refuse, and that no server can hold us up or fill us up."""

import gzip
import ssl
import time
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler

import pytest

from library.links.client import LIMIT, call, fetch
from library.links.faults import CannotFetch, WireFault
from library.links.wire import tls_context
from tests.links.certificates import Authority
from tests.outside import PUBLIC, Outside, outside_world


def refusal(address: str, seconds: float = 10) -> str:
    with pytest.raises(CannotFetch) as refused:
        fetch(address, seconds=seconds)
    return str(refused.value)


def test_fetches_a_page(outside: Outside) -> None:
    outside.page("/sleep?a=b", "<title>Sleep</title>")
    answer = fetch("http://example.org/sleep?a=b#part")
    assert (answer.status, answer.body, answer.is_cut) == (200, b"<title>Sleep</title>", False)
    assert answer.content_type == "text/html; charset=utf-8"
    assert outside.connected == [(PUBLIC, 80)]
    assert outside.resolved[0] == "example.org"
    path, headers = outside.requests[0]
    assert (path, headers["Host"], headers["Accept-Encoding"]) == ("/sleep?a=b", "example.org", "gzip")


def test_a_page_that_is_missing_is_an_answer_too(outside: Outside) -> None:
    assert fetch("http://example.org/nowhere").status == 404


def test_name_is_resolved_once_and_only_its_checked_number_is_connected_to(outside: Outside) -> None:
    outside.page("/", "Hello")
    outside.on_connect = lambda: outside.numbers.update({"example.org": ["127.0.0.1"]})
    fetch("http://example.org/")
    assert outside.resolved.count("example.org") == 1
    assert outside.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "numbers",
    [["127.0.0.1"], ["10.1.2.3"], [PUBLIC, "127.0.0.1"], ["169.254.169.254"], ["64:ff9b::7f00:1"], ["::ffff:10.0.0.1"]],
)
def test_name_with_any_private_number_is_not_connected_to(outside: Outside, numbers: list[str]) -> None:
    outside.numbers["inside.example"] = numbers
    assert "private network" in refusal("http://inside.example/")
    assert outside.connected == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "0", "[::1]", "[::ffff:7f00:1]"])
def test_no_spelling_of_this_machine_is_connected_to(outside: Outside, host: str) -> None:
    refusal(f"http://{host}/")
    assert outside.connected == []


def test_second_number_is_tried_where_the_first_does_not_answer(outside: Outside) -> None:
    outside.page("/", "Hello")
    outside.numbers["example.org"] = ["2606:2800::1", PUBLIC]

    def first_fails() -> None:
        if len(outside.connected) == 1:
            raise OSError("no route")

    outside.on_connect = first_fails
    assert fetch("http://example.org/").body == b"Hello"
    assert [number for number, _port in outside.connected] == ["2606:2800::1", PUBLIC]


def test_follows_five_redirects_and_no_sixth(outside: Outside) -> None:
    for number in range(6):
        outside.redirect(f"/{number}", f"{number + 1}")
    outside.page("/6", "Here")
    assert fetch("http://example.org/1").url == "http://example.org/6"
    assert "redirects in circles" in refusal("http://example.org/0")


@pytest.mark.parametrize(
    "to",
    [
        "http://inside.example/",
        "http://127.0.0.1/",
        "//127.0.0.1/",
        "http://example.org:8080/",
        "file:///etc/passwd",
        "http://user@example.org/",
        "http://127.0.0.1\\@example.org/",
        "gopher://example.org/",
    ],
)
def test_each_redirect_is_checked(outside: Outside, to: str) -> None:
    outside.numbers["inside.example"] = ["192.168.0.1"]
    outside.redirect("/", to)
    refusal("http://example.org/")
    assert len(outside.connected) == 1


def test_no_cookie_is_kept_between_redirects(outside: Outside) -> None:
    outside.page("/", "", status=302, headers={"Location": "/there", "Set-Cookie": "id=1"})
    outside.page("/there", "Here")
    fetch("http://example.org/")
    assert [headers.get("Cookie") for _path, headers in outside.requests] == [None, None]


def test_reads_a_packed_page(outside: Outside) -> None:
    outside.page("/", gzip.compress(b"Hello"), headers={"Content-Encoding": "gzip"})
    assert fetch("http://example.org/").body == b"Hello"


def test_more_than_a_megabyte_is_cut(outside: Outside) -> None:
    outside.page("/long", b"x" * (LIMIT + 1))
    outside.page("/right", b"x" * LIMIT)
    answer = fetch("http://example.org/long")
    assert (len(answer.body), answer.is_cut) == (LIMIT, True)
    assert not fetch("http://example.org/right").is_cut


def test_packed_page_is_never_unpacked_beyond_a_megabyte(outside: Outside) -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _part in range(200)) + packer.flush()
    outside.page("/", bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    answer = fetch("http://example.org/")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(answer.body), answer.is_cut) == (LIMIT, True)
    assert most < 10_000_000


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "zstd", "unheard-of"])
def test_other_packings_are_refused(outside: Outside, encoding: str) -> None:
    outside.page("/", gzip.compress(gzip.compress(bytes(1000))), headers={"Content-Encoding": encoding})
    assert "in a format we can’t read" in refusal("http://example.org/")


def test_broken_packing_is_told_in_words(outside: Outside) -> None:
    outside.page("/", b"no gzip", headers={"Content-Encoding": "gzip"})
    assert "connection was lost" in refusal("http://example.org/")


def test_one_byte_after_the_other_does_not_hold_us_beyond_the_deadline(outside: Outside) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 90\r\n\r\n" if "body" in handler.path else b""))
        for _byte in range(60):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    outside.replies = {"/body": drip, "/head": drip}
    for path in outside.replies:
        start = time.monotonic()
        assert "too slow" in refusal(f"http://example.org{path}", seconds=0.5)
        assert time.monotonic() - start < 3


def test_slow_resolver_does_not_hold_us_either(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_options: time.sleep(2) or [])
    start = time.monotonic()
    assert "too slow" in refusal("http://example.org/", seconds=0.3)
    assert time.monotonic() - start < 1.9


def test_deadline_is_for_all_redirects_together(outside: Outside) -> None:
    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        handler.send_response(302)
        handler.send_header("Location", "/")
        handler.end_headers()

    outside.replies["/"] = slowly
    assert "too slow" in refusal("http://example.org/", seconds=0.5)


@pytest.mark.parametrize("words", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_what_is_no_website_is_told_in_words(outside: Outside, words: bytes) -> None:
    outside.replies["/"] = lambda handler: handler.wfile.write(words)
    assert "connection was lost" in refusal("http://example.org/")


def test_endless_headers_are_refused(outside: Outside) -> None:
    outside.replies["/"] = lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Header: long\r\n" * 50_000)
    assert refusal("http://example.org/")


def test_unknown_name_and_no_connection_are_told_apart(outside: Outside) -> None:
    assert "couldn’t find that site" in refusal("http://nowhere.invalid/")

    def fail() -> None:
        raise ConnectionRefusedError

    outside.on_connect = fail
    assert "can’t reach the site" in refusal("http://example.org/")


def test_certificate_must_be_that_of_the_name(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority.certificate("example.org"))
    with outside_world(monkeypatch, context) as outside:
        outside.page("/", "Safe")
        outside.numbers["other.example"] = [PUBLIC]
        assert fetch("https://example.org/").body == b"Safe"
        assert outside.connected[-1] == (PUBLIC, 443)
        assert "certificate" in refusal("https://other.example/")
        monkeypatch.delenv("SSL_CERT_FILE")
        tls_context.cache_clear()
        assert "certificate" in refusal("https://example.org/")


def test_a_key_is_sent_with_a_form_and_to_no_other_site(outside: Outside) -> None:
    outside.redirect("/save", "http://other.example/")
    answer = call("http://example.org/save", agent="tests", authorization="LOW k", seconds=2, form={"url": "x"})
    assert answer.fault is WireFault.CIRCLES
    assert "other.example" not in outside.resolved
    assert outside.requests[0][1]["Authorization"] == "LOW k"
