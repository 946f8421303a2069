"""What a public page may know of a request, and that nobody's request changes the page of the next reader."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost
from django.test import RequestFactory, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from library.middleware.page_request import PageRequest, request_host, site_root
from tests.conftest import rows_for_many
from tests.factories import make_every_page, make_help_line, make_resource, make_section
from tests.wire import Answer, Wire, connection_of_the_test

PAGES = [
    ("/", ""),
    ("/about/", ""),
    ("/help/", "page=1"),
    ("/resources/", ""),
    ("/resources/", "kind=podcast&page=1"),
    ("/resources/bpr/", ""),
    ("/resources/bpr/handout/", ""),
    ("/sections/podcasts/", ""),
    ("/sections/podcasts/handout/", ""),
    ("/pack/", "r=bpr2345"),
    ("/report/thanks/", ""),
    ("/nothing/", ""),
]
# What a server in front of the site, or the one that serves it, may make of a header.
DANGEROUS = [
    *("SCRIPT_NAME", "SCRIPT_URL", "REDIRECT_URL", "PATH_TRANSLATED", "REMOTE_USER", "REMOTE_ADDR", "REMOTE_HOST"),
    *("AUTH_TYPE", "HTTPS", "CONTENT_TYPE", "CONTENT_LENGTH", "RAW_URI", "REQUEST_URI", "HTTP_SCRIPT_NAME"),
    *(f"HTTP_X_FORWARDED_{name}" for name in ("FOR", "HOST", "PORT", "PREFIX", "PROTO", "PROTOCOL", "SERVER", "SSL")),
    *("HTTP_FORWARDED", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL", "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_HOST"),
    *("HTTP_REMOTE_USER", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_REFERER"),
    *("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_USER_AGENT", "HTTP_RANGE", "HTTP_EXPECT"),
    *("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE"),
    *("HTTP_X_REQUESTED_WITH", "HTTP_X_CSRFTOKEN", "HTTP_SEC_FETCH_SITE", "HTTP_AUTHORIZATION", "HTTP_HOST"),
]
VALUES = [
    *("", "/phish", "/", "https", "http", "on", "POST", "evil.example", "evil.example:1", "for=1.2.3.4;host=evil"),
    *("testserver", "TESTSERVER.", "testserver:80", "testserver:443", "testserver:8000", "testserver:99999"),
    *("testserver:0", "testserver:", "127.0.0.1", "127.0.0.2", "::1", "10.9.9.9, 127.0.0.1", "sessionid=a", "a=\xff"),
    *("gzip", "br", "gzip;q=0", "xgzip", "*", "identity", '"a"', 'W/"a"', "bytes=0-1", "text/plain; charset=utf-7"),
    *("es", "1", "Mon, 30 Nov 2026 00:00:00 GMT", "XMLHttpRequest", "cross-site", "<script>", "https://evil.example"),
]
names = st.sampled_from(DANGEROUS) | st.from_regex(r"HTTP_[A-Z0-9_]{1,20}", fullmatch=True)
values = st.sampled_from(VALUES) | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
headers = st.dictionaries(names, values, max_size=6)
methods = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST"])


@pytest.fixture(scope="module")
def library(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with rows_for_many(django_db_blocker), connection_of_the_test():
        make_every_page()
        make_help_line()
        make_resource("BPR", ref="bpr2345", section=make_section("podcasts"))
        yield


def seen(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """An answer as a browser understands it: unpacked, for packing has a random part; without the second of now."""
    passing = {"Content-Length", "X-Accel-Expires"}
    headers = {name: value for name, value in answer.headers.items() if name not in passing}
    packed = answer.headers.get("Content-Encoding") == "gzip" and answer.body
    return answer.status, headers, gzip.decompress(answer.body) if packed else answer.body


@pytest.mark.django_db
@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("https", [False, True])
def test_what_one_reader_sends_changes_nothing_for_the_next(https: bool) -> None:
    forwarded = ("HTTP_X_FORWARDED_PROTO", "https")

    @settings(max_examples=50, deadline=None)  # of three pages each, by http and by https
    @given(page=st.sampled_from(PAGES), method=methods, first=headers, second=headers)
    def give(page: tuple[str, str], method: str, first: dict[str, Any], second: dict[str, Any]) -> None:
        proxy = dict([forwarded]) if https else {}
        shared, alone = Wire(), Wire()
        shared.ask(*page, method=method, **proxy | first)

        after = shared.ask(*page, **proxy | second)

        assert seen(after) == seen(alone.ask(*page, **proxy | second))
        assert b"/phish" not in after.body
        assert b"evil" not in after.body

    with override_settings(HTTPS=https, SECURE_PROXY_SSL_HEADER=forwarded if https else None):
        give()


@pytest.mark.parametrize("page", PAGES)
def test_a_description_describes_what_is_made_from_it(page: tuple[str, str]) -> None:
    path, query = page
    request = RequestFactory().get(f"{path}?{query}", headers={"Accept-Encoding": "br, gzip"}, secure=True)

    described = PageRequest.of(request)

    assert described == PageRequest("https", "testserver", path, query, takes_gzip=True)
    assert PageRequest.of(described.as_request()) == described
    assert described.as_request().GET == request.GET


def test_a_description_has_only_what_a_page_knows() -> None:
    request = RequestFactory().get("/resources/?utm_source=mail&kind=podcast&x&=1&page=2&kindred=a")

    assert PageRequest.of(request).query == "kind=podcast&page=2"


def test_an_address_with_an_accent_stays_one() -> None:
    request = RequestFactory().get("/resources/caf\u00e9/%FF/")

    assert PageRequest.of(request).path == "/resources/caf\u00e9/%FF/"
    assert PageRequest.of(PageRequest.of(request).as_request()).path == "/resources/caf\u00e9/%FF/"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("testserver", "testserver"),
        ("TestServer", "testserver"),
        ("testserver.", "testserver"),
        ("testserver:80", "testserver"),
        ("testserver:443", "testserver:443"),
        ("testserver:1", "testserver:1"),
        ("testserver:08000", "testserver:8000"),
        ("testserver:65535", "testserver:65535"),
        ("[::1]:8000", "[::1]:8000"),
    ],
)
def test_a_page_shows_a_host_in_one_spelling(given: str, shown: str) -> None:
    with override_settings(ALLOWED_HOSTS=["testserver", "[::1]"]):
        request = RequestFactory().get("/", headers={"Host": given})

        assert request_host(request) == shown
        assert site_root(request) == f"http://{shown}"


@pytest.mark.parametrize("port", ["0", "00", "65536", "99999", "000080", "9" * 5_000])
def test_a_port_that_no_address_has_is_refused(port: str) -> None:
    request = RequestFactory().get("/", headers={"Host": f"testserver:{port}"})

    with pytest.raises(DisallowedHost):
        request_host(request)
    assert site_root(request) == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("path", ["/", "/resources/?q=x", "/robots.txt", "/admin/", "/healthz", "/help"])
def test_no_page_shows_such_a_port(path: str) -> None:
    path, _mark, query = path.partition("?")
    answer = Wire().ask(path, query, HTTP_HOST="testserver:99999")

    assert answer.status == 400
    assert b"99999" not in answer.body


@pytest.mark.parametrize(
    ("given", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=1.0", True),
        ("gzip;q=0.001", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip ; q=0.000, br", False),
        ("xgzip", False),
    ],
)
def test_a_page_travels_compressed_to_those_who_take_it(given: str, takes: bool) -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": given})

    assert PageRequest.of(request).takes_gzip is takes
