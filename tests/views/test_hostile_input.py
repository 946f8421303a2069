"""Nothing that anybody can send makes the site fail, or think for long."""

import time
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.addresses import NEED_THE_DATABASE
from tests.conftest import rows_for_many
from tests.factories import make_category, make_every_page, make_help_line, make_resource, make_section, make_tag
from tests.wire import Answer, Wire, connection_of_the_test

pytestmark = pytest.mark.django_db

PATHS = [
    *NEED_THE_DATABASE,
    "/pack/",
    "/sitemap-pages.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/.well-known/security.txt",
    "/favicon.ico",
    "/healthz",
    "/readyz",
    "/nothing/",
]
WITH_NAMES = [
    "/sections/%s/",
    "/resources/%s/",
    "/sections/%s/handout/",
    "/resources/%s/handout/",
    "/s/%s/",
    "/r/%s/",
    "/preview/%s/",
    "/media/%s",
    "/sitemap-%s.xml",
    "/%s",
    "/%s/",
    "/static/%s",
]

QUERIES = {
    "NUL": "q=%00&page=%00&tag=%00",
    "no UTF-8": "q=%FF&tag=%FF",
    "half a surrogate": "q=%ED%A0%80",
    "raw bytes": "q=\xff\xfe",
    "raw NUL": "q=\0",
    "bad escapes": "q=%&tag=%zz&page=%1",
    "33 hyphens": "q=" + "-" * 33,
    "33 hyphens apart": "q=" + "+-" * 33,
    "quotes": "q=%22%22%22%27%27",
    "operators": "q=a%20%26%20%7C%20!%20(%20)%20%3C-%3E%20b%3A*",
    "backslashes": "q=%5C%5C%5C",
    "percent": "q=%25%25%25",
    "right to left": "q=%E2%80%AE%E2%80%8F",
    "emoji": "q=%F0%9F%98%B4&tag=%F0%9F%98%B4",
    "100 KB of letters": "q=" + "a" * 100_000,
    "100 KB of words": "q=" + "a+" * 50_000,
    "100 KB of hyphens": "q=" + "-" * 100_000,
    "100 KB of a tag": "tag=" + "a" * 100_000,
    "no page": "page=-1",
    "page 0": "page=0",
    "page NaN": "page=NaN",
    "page inf": "page=inf",
    "page far away": "page=999999999999",
    "page of 5,000 digits": "page=" + "9" * 5_000,
    "page in other digits": "page=%EF%BC%91%EF%BC%92",
    "years": "year=0&year=99999&year=-1&year=%C2%B2%C2%B2%C2%B2%C2%B2&year=9999&year=1000",
    "repeated 1,000 times": "&".join(["tag=sleep"] * 1_000),
    "1,000 tags": "&".join(f"tag=tag-{number}" for number in range(1_000)),
    "1,000 pages": "&".join(["page=2"] * 1_000),
    "1,001 parameters": "&".join(["kind=site"] * 1_001),
    "arrays": "tag[]=sleep&tag[0]=sleep&tag[a][b]=sleep&page[]=2&q[]=sleep",
    "lookups": "title__regex=(&id__in=1&q__contains=x&kind__gt=a",
    "refs": "r=%00&r=%FF&r=" + "a" * 20_000 + "&r[]=bpr2345&r=" + "/r/" * 5_000 + "&r='%20OR%201=1--&r=%F0%9F%98%B4",
    "whole refs": "r=bpr2345&r=" + "a" * 20_000 + "&r[]=bpr2345&r=" + "/r/" * 5_000 + "&r='%20OR%201=1--&r={{7*7}}",
    "1,000 refs": "&".join(f"r=ref{number}" for number in range(1_000)),
    "SQL": "sort=title;drop%20table&category='%20OR%201=1--&q='%20OR%201=1--",
    "templates": "q={{7*7}}{%25%20debug%20%25}",
    "another parameter": "p=%00",
    "only separators": "&&&&====&;&",
    "new lines": "q=%0D%0ASet-Cookie:%20a=b&tag=%0D%0A",
}
NAMES = {
    "NUL": b"a\0b",
    "no UTF-8": b"\xff\xfe",
    "half a surrogate": b"\xed\xa0\x80",
    "an accent": "café".encode(),
    "emoji": "😴".encode(),
    "dots": b"../../etc/passwd",
    "dots and NUL": b"..\0",
    "10,000 letters": b"a" * 10_000,
    "a number": b"9" * 400,
    "SQL": b"' OR 1=1 --",
    "percent": b"%00%FF%zz",
    "new lines": b"a\r\nSet-Cookie: a=b",
    "slashes": b"a//b",
    "backslashes": b"\\\\evil.example\\a",
    "another host": b"/evil.example/",
    "a tag": b"<script>alert(1)</script>",
    "spaces": b" ",
}


@pytest.fixture
def wire() -> Iterator[Wire]:
    with connection_of_the_test():
        yield Wire()


@pytest.fixture(autouse=True, scope="module")
def library(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with rows_for_many(django_db_blocker):
        make_every_page()
        make_help_line()
        make_tag("sleep")
        make_resource(ref="bpr2345", section=make_section("podcasts"), categories=[make_category()])
        yield


def assert_calm(answer: Answer, begun: float) -> None:
    assert 200 <= answer.status < 500
    assert time.process_time() - begun < 2  # of this process alone: the database has a limit of its own
    assert "Set-Cookie" not in answer.headers
    location = answer.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")
    assert "\\" not in location


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_no_query_upsets_any_page(wire: Wire, query: str) -> None:
    for path in PATHS:
        begun = time.process_time()
        assert_calm(wire.ask(path, query), begun)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_name_in_an_address_upsets_any_page(wire: Wire, name: bytes) -> None:
    for pattern in WITH_NAMES:
        begun = time.process_time()
        answer = wire.ask(pattern.encode().replace(b"%s", name))
        assert_calm(answer, begun)
        assert answer.status in {301, 400, 404}


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_COOKIE": "sessionid=a\0b"},
        {"HTTP_COOKIE": "sessionid=\xff\xfe; csrftoken=\xed\xa0\x80"},
        {"HTTP_COOKIE": "=;;;=a; \x01"},
        {"HTTP_COOKIE": "a=" + "b" * 60_000},
        {"HTTP_IF_NONE_MATCH": 'W/"'},
        {"HTTP_IF_NONE_MATCH": ", " * 5_000 + '"a"'},
        {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
        {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Nov 999999 99:99:99 GMT"},
        {"HTTP_ACCEPT_LANGUAGE": "xx-" * 2_000},
        {"HTTP_ACCEPT_ENCODING": "gzip;q=nonsense, \xff"},
        {"HTTP_RANGE": "bytes=999-1"},
        {"HTTP_HOST": "evil.example", "REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_HOST": "testserver:99999999"},
        {"HTTP_HOST": "testserver:" + "9" * 5_000},
        {"HTTP_HOST": "testserver:0"},
        {"HTTP_HOST": "a\0b"},
        {"HTTP_HOST": "\xff"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_REFERER": "\xff\0"},
        {"HTTP_USER_AGENT": "\xff\0"},
        {"CONTENT_LENGTH": "nonsense"},
        {"CONTENT_TYPE": "multipart/form-data; boundary=" + "a" * 5_000, "REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "G\xcbT"},
    ],
    ids=lambda header: repr(header)[:60],
)
def test_no_header_upsets_any_page(wire: Wire, header: dict[str, str]) -> None:
    for path in PATHS:
        begun = time.process_time()
        answer = wire.ask(path, **header)
        assert_calm(answer, begun)
        assert b"evil.example" not in answer.body


def test_broken_text_in_a_cookie_is_refused_where_cookies_are_read(wire: Wire) -> None:
    """A public page that may be kept is the same page for everyone, and for those with a broken cookie, too."""
    for cookie in ("a=\0", "a=\xff"):
        assert wire.ask("/admin/", HTTP_COOKIE=cookie).status == 400
        assert wire.ask("/resources/", "q=sleep", HTTP_COOKIE=cookie).status == 400
        assert wire.ask("/about/", HTTP_COOKIE=cookie).body == wire.ask("/about/").body


def test_an_address_with_an_accent_is_an_address(wire: Wire) -> None:
    assert wire.ask("/resources/café/").status == 404
    assert wire.ask("/resources/", "q=caf%C3%A9").status == 200


def test_an_address_names_no_other_host(wire: Wire) -> None:
    for path in ("//evil.example/help", "/\\evil.example/help", "//evil.example//", "/%2F/evil.example"):
        begun = time.process_time()
        assert_calm(wire.ask(path), begun)


CHARSETS = ["cp037", "utf-7", "unicode_escape", "rot13", "hex", "base64", "undefined", "utf-16", '"cp037"', "x" * 1000]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("parameter", ["charset=", "CharSet =", "a=b; charset=", "charset*=utf-8''"])
def test_no_charset_makes_a_page_another_one(wire: Wire, charset: str, parameter: str) -> None:
    """Not of the reader who names it, and not of the next one, who would get the page that was kept."""
    make_resource("Night Shift", ref="night23", kind="podcast")
    queries = [("/resources/", "kind=podcast"), ("/resources/", "tag=%2BAAA-x"), ("/report/", "r=%5Cu0000")]
    for path, query in [*queries, ("/pack/", "r=night23")]:
        strange = wire.ask(path, query, CONTENT_TYPE=f"text/plain; {parameter}{charset}")
        plain = wire.ask(path, query)

        assert (strange.status, plain.status) == (200, 200)
        if path != "/report/":  # whose token is another one each time
            assert strange.body == plain.body
    assert "Podcast episodes" in wire.ask("/resources/", "kind=podcast").text
