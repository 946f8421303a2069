"""One look at an address over a real connection: what a browser would come to, and what kept us from it."""

import socket
import ssl
from http.server import BaseHTTPRequestHandler

import pytest

from library.links.client import MEDIA_LIMIT, Answer, fetch, look
from library.links.faults import CannotFetch, WireFault
from library.links.signals import Context, Signal, SignalKind, signal_of
from tests.links.certificates import Authority
from tests.links.days import text
from tests.links.old_server import old_server
from tests.outside import PUBLIC, Outside, Reply, outside_world

AGENT = "Mozilla/5.0 (compatible; library/1; +https://library.example/about/checks/)"
PAGE = f"<title>Sleep</title><h1>Sleep</h1><p>{text()}</p>"


def seen(address: str, answer: Answer, **context: object) -> Signal:
    return signal_of(address, answer, Context(**context))  # type: ignore[arg-type]


def unless(name: str, value: str, status: int) -> Reply:
    """The page for a request with this header, and an error for any other."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        is_right = value in handler.headers.get(name, "")
        handler.send_response(200 if is_right else status)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(PAGE.encode() if is_right else b"no")

    return reply


def test_c1_c2_c3_c15_only_get_is_asked_and_no_fragment_sent(outside: Outside) -> None:
    outside.page("/sleep", PAGE)
    answer = look("http://example.org/sleep#part", agent=AGENT)
    assert (answer.status, seen("http://example.org/sleep", answer).kind) == (200, SignalKind.GOOD)
    assert [path for path, _headers in outside.requests] == ["/sleep"]
    assert outside.requests[0][1]["User-Agent"] == AGENT


@pytest.mark.parametrize(("name", "value", "status"), [("Accept-Language", "en", 405), ("Accept", "text/html", 404)])
def test_c4_c5_we_ask_as_browsers_do(outside: Outside, name: str, value: str, status: int) -> None:
    outside.replies["/"] = unless(name, value, status)
    assert look("http://example.org/", agent=AGENT).status == 200


def test_c6_a_cookie_on_the_way_is_sent_back_to_its_own_site_alone(outside: Outside) -> None:
    outside.numbers |= {"www.example.org": [PUBLIC], "other.example": [PUBLIC]}

    def asks(handler: BaseHTTPRequestHandler) -> None:
        has_cookie = "id=7" in handler.headers.get("Cookie", "")
        handler.send_response(302)
        handler.send_header("Location", "http://other.example/there" if has_cookie else "/")
        handler.send_header("Set-Cookie", "id=7; Domain=example.org; Path=/; HttpOnly")
        handler.send_header("Set-Cookie", "spy=1; Domain=other.example")
        handler.send_header("Set-Cookie", "all=1; Domain=org")
        handler.end_headers()

    outside.replies["/"] = asks
    outside.page("/there", PAGE)
    answer = look("http://www.example.org/", agent=AGENT)
    assert (answer.status, answer.url) == (200, "http://other.example/there")
    assert [headers.get("Cookie") for _path, headers in outside.requests] == [None, "id=7", None]
    look("http://www.example.org/", agent=AGENT)
    assert outside.requests[3][1].get("Cookie") is None  # and forgotten after the check


def test_c9_a_page_that_breaks_off_is_what_came_of_it(outside: Outside) -> None:
    def breaks_off(handler: BaseHTTPRequestHandler) -> None:
        body = PAGE.encode() if handler.path == "/page" else b"short"
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999999\r\n\r\n" + body)

    outside.replies = {"/page": breaks_off, "/piece": breaks_off}
    for path, kind in (("/page", SignalKind.GOOD), ("/piece", SignalKind.TROUBLE)):
        answer = look(f"http://example.org{path}", agent=AGENT)
        assert (answer.is_whole, seen(f"http://example.org{path}", answer).kind) == (False, kind)


def test_c10_a_page_packed_in_another_way_is_there(outside: Outside) -> None:
    outside.page("/", b"\x0b\x02\x80", headers={"Content-Encoding": "br"})
    answer = look("http://example.org/", agent=AGENT)
    assert (answer.status, answer.is_readable, seen("http://example.org/", answer).kind) == (
        200,
        False,
        SignalKind.GOOD,
    )


def test_c11_both_families_of_addresses_are_tried(outside: Outside) -> None:
    outside.page("/", PAGE)
    sixes = [f"2606:2800::{number}" for number in range(1, 6)]
    outside.numbers["example.org"] = [*sixes, PUBLIC]

    def only_four() -> None:
        if ":" in outside.connected[-1][0]:
            raise OSError("no route")

    outside.on_connect = only_four
    assert look("http://example.org/", agent=AGENT).status == 200
    assert [number for number, _port in outside.connected] == [sixes[0], PUBLIC]


def test_c14_a_redirect_without_an_address_is_a_page(outside: Outside) -> None:
    outside.page("/", PAGE, status=308)
    answer = look("http://example.org/", agent=AGENT)
    assert (answer.status, answer.hops, seen("http://example.org/", answer).kind) == (308, (), SignalKind.GOOD)


def test_c16_an_address_is_encoded_once(outside: Outside) -> None:
    outside.page("/caf%C3%A9", PAGE)
    assert look("http://example.org/café", agent=AGENT).status == 200
    assert look("http://example.org/caf%C3%A9", agent=AGENT).status == 200


def test_c76_a_page_that_leads_on_at_once_is_a_redirect_for_now(outside: Outside) -> None:
    outside.page("/", '<meta http-equiv="refresh" content="0; url=/new">')
    outside.page("/new", PAGE)
    answer = look("http://example.org/", agent=AGENT)
    assert (answer.url, [hop.status for hop in answer.hops]) == ("http://example.org/new", [200])
    signal = seen("http://example.org/", answer)
    assert (signal.kind, signal.final, signal.is_permanent) == (SignalKind.ELSEWHERE, "http://example.org/new", False)


def test_c77_c79_ten_redirects_are_followed_and_no_circle(outside: Outside) -> None:
    for number in range(11):
        outside.redirect(f"/{number}", f"/{number + 1}", 301)
    outside.page("/11", PAGE)
    answer = look("http://example.org/1", agent=AGENT)
    assert (answer.status, len(answer.hops)) == (200, 10)
    assert look("http://example.org/0", agent=AGENT).fault is WireFault.CIRCLES


def test_c78_a_way_into_a_private_network_ends_there(outside: Outside) -> None:
    outside.numbers["inside.example"] = ["10.0.0.5"]
    outside.redirect("/", "http://inside.example/")
    answer = look("http://example.org/", agent=AGENT)
    assert (answer.status, answer.fault, len(outside.connected)) == (None, WireFault.PRIVATE, 1)


def test_c85_of_a_sound_the_beginning_is_read(outside: Outside) -> None:
    outside.page("/a.mp3", b"\xff" * 1_000_000, content_type="audio/mpeg")
    answer = look("http://example.org/a.mp3", agent=AGENT, is_media=True)
    assert (answer.status, len(answer.body), answer.is_whole) == (200, MEDIA_LIMIT, False)
    assert outside.requests[0][1]["Range"] == "bytes=0-1"
    assert seen("http://example.org/a.mp3", answer, is_media=True).kind is SignalKind.GOOD


def test_c22_what_has_not_changed_is_not_sent_again(outside: Outside) -> None:
    outside.page("/", "", status=304)
    answer = look("http://example.org/", agent=AGENT, etag='"a"', modified="Mon, 02 Mar 2026 04:00:00 GMT")
    headers = outside.requests[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"][:3]) == ('"a"', "Mon")
    assert seen("http://example.org/", answer).kind is SignalKind.GOOD


@pytest.mark.parametrize(
    ("number", "fault", "kind"),
    [
        (socket.EAI_NONAME, WireFault.NO_SUCH_NAME, SignalKind.GONE),
        (socket.EAI_AGAIN, WireFault.NO_RESOLVER, SignalKind.TROUBLE),
    ],
)
def test_c49_c52_no_such_name_is_told_from_no_answer(
    monkeypatch: pytest.MonkeyPatch, number: int, fault: WireFault, kind: SignalKind
) -> None:
    def resolve(*_args: object, **_options: object) -> None:
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    answer = look("http://example.org/", agent=AGENT)
    assert (answer.fault, seen("http://example.org/", answer).kind) == (fault, kind)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ConnectionRefusedError(), WireFault.REFUSED),
        (TimeoutError(), WireFault.TIMEOUT),
        (OSError("no route"), WireFault.UNREACHABLE),
    ],
)
def test_what_kept_us_from_a_connection_has_a_name(outside: Outside, error: OSError, fault: WireFault) -> None:
    def fail() -> None:
        raise error

    outside.on_connect = fail
    assert look("http://example.org/", agent=AGENT).fault is fault


@pytest.mark.parametrize(("words", "fault"), [(b"", WireFault.NOT_HTTP), (b"SSH-2.0-OpenSSH\r\n", WireFault.NOT_HTTP)])
def test_what_is_no_website_has_a_name(outside: Outside, words: bytes, fault: WireFault) -> None:
    outside.replies["/"] = lambda handler: handler.wfile.write(words)
    assert look("http://example.org/", agent=AGENT).fault is fault


@pytest.mark.parametrize(
    ("host", "days", "is_complete", "fault", "kind"),
    [
        ("example.org", 30, True, None, SignalKind.GOOD),
        ("example.org", -1, True, WireFault.EXPIRED, SignalKind.GOOD),
        ("example.org", 30, False, WireFault.CHAIN, SignalKind.GOOD),
        ("hoster.example", 30, True, WireFault.OTHER_NAME, SignalKind.TROUBLE),
    ],
)
def test_c13_c43_a_page_behind_a_faulty_certificate_is_seen_and_its_fault_named(
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    days: int,
    is_complete: bool,
    fault: WireFault | None,
    kind: SignalKind,
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority.certificate(host, days=days, is_complete=is_complete))
    with outside_world(monkeypatch, context) as outside:
        outside.page("/", PAGE, headers={"Set-Cookie": "id=1"})
        answer = look("https://example.org/", agent=AGENT)
    assert (answer.status, answer.fault, seen("https://example.org/", answer).kind) == (200, fault, kind)


def test_c12_a_server_of_old_is_asked_a_second_time(authority: Authority, outside: Outside) -> None:
    with old_server(authority.certificate("example.org"), PAGE.encode()) as (port, ends):
        outside.port = port
        answer = look("https://example.org/", agent=AGENT)
        with pytest.raises(CannotFetch) as refused:
            fetch("https://example.org/")
    assert (answer.status, answer.fault, answer.body.decode()) == (200, None, PAGE)
    assert seen("https://example.org/", answer).kind is SignalKind.GOOD
    assert refused.value.fault is WireFault.TLS  # what a curator asks for is asked for once
    assert ends == ["refused", "served", "refused"]
