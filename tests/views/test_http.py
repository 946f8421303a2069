"""What every public answer says to browsers and proxies: keep it, ask again, and nobody is known."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker

from config.settings import STORAGES
from tests.conftest import rows_for_many
from tests.factories import make_every_page, make_help_line, make_resource, make_section
from tests.reading import read

pytestmark = pytest.mark.django_db

HTML = [
    "/",
    "/sections/podcasts/",
    "/resources/",
    "/resources/?q=resilience&sort=title",
    "/resources/building-personal-resilience/",
    "/sections/podcasts/handout/",
    "/resources/building-personal-resilience/handout/",
    "/pack/",
    "/pack/?r=bpr2345",
    "/help/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/linking/",
    "/about/checks/",
]
OTHER = ["/anchors.json", "/robots.txt", "/opensearch.xml", "/favicon.ico", "/.well-known/security.txt"]
SITEMAPS = ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-sections.xml", "/sitemap-resources.xml"]
REDIRECTS = ["/s/podcasts/", "/r/bpr2345/", "/help", "/resources/?page=9"]
OPERATORS = ["/healthz", "/readyz"]
EVERYTHING = HTML + OTHER + SITEMAPS + REDIRECTS + OPERATORS

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture(autouse=True, scope="module")
def library(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with rows_for_many(django_db_blocker):
        make_every_page()
        make_help_line()
        make_resource("Building Personal Resilience", ref="bpr2345", section=make_section("podcasts"))
        yield


# The line that the log gets for this very visit is nobody else's.
CACHED_HTML = [path for path in HTML if path != "/privacy/"]


@pytest.mark.parametrize("path", CACHED_HTML + OTHER + SITEMAPS)
def test_anybody_may_keep_a_page_and_asks_again_for_nothing(client: Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert first.status_code == 200
    assert "public" in first["Cache-Control"]
    assert "private" not in first["Cache-Control"]
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


@pytest.mark.parametrize("path", CACHED_HTML)
def test_a_changed_page_is_a_new_one(client: Client, path: str) -> None:
    first = client.get(path)
    make_help_line("Better line", call_number="1", in_strip=True, position=0)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


@pytest.mark.parametrize("path", EVERYTHING)
def test_nobody_is_given_a_cookie_whatever_cookies_they_bring(client: Client, path: str) -> None:
    for name in ("sessionid", "csrftoken", "messages", "django_language"):
        client.cookies[name] = "stray"

    response = client.get(path)

    assert response.status_code < 400
    assert not response.has_header("Set-Cookie")
    assert not any(cookie.value != "stray" for cookie in response.cookies.values())
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.parametrize("path", EVERYTHING)
def test_cookies_change_nothing(client: Client, path: str) -> None:
    plain = Client().get(path)
    client.cookies["sessionid"] = "stray"

    assert _timeless(client.get(path).content) == _timeless(plain.content)


def _timeless(content: bytes) -> bytes:
    """Without the moment of the request, which one page tells to the second."""
    return re.sub(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", b"", content)


@pytest.mark.parametrize("path", HTML)
def test_no_page_holds_a_token_or_takes_a_form_but_a_search(client: Client, path: str) -> None:
    response = client.get(path)

    assert "csrf" not in response.text.lower()
    for form in read(response.content).all("form"):
        assert form["method"] == "get"
        assert form["action"].startswith("/")


@pytest.mark.parametrize("path", EVERYTHING)
def test_the_browser_is_told_to_trust_nothing_else(client: Client, path: str) -> None:
    response = client.get(path)

    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.has_header("Strict-Transport-Security")


@pytest.mark.parametrize("path", EVERYTHING)
def test_a_page_can_turn_on_nothing_and_other_sites_can_build_it_in_nowhere(client: Client, path: str) -> None:
    response = client.get(path)

    policy = response["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()", "publickey-credentials-get=()"} <= set(policy)
    assert all(feature.endswith("=()") for feature in policy)
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Embedder-Policy"] == "credentialless"
    reach = "cross-origin" if path == "/favicon.ico" else "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == reach


def test_only_curators_use_passkeys_and_nothing_else(client: Client) -> None:
    policy = client.get("/admin/account/login/")["Permissions-Policy"].split(", ")

    assert [feature for feature in policy if not feature.endswith("=()")] == [
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]


def test_agencies_may_show_a_picture_on_their_own_pages(client: Client) -> None:
    assert client.get("/media/nothing.webp")["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", HTML)
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(client: Client, path: str) -> None:
    page = read(client.get(path).content)

    for element in page.descendants:
        assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
        if element.tag in {"script", "img", "audio", "source", "iframe", "object", "embed"}:
            assert (element.get("src") or "/").startswith("/")
        if element.tag == "link" and element["rel"] != "canonical":
            assert element["href"].startswith("/")
    assert page.all("style") == []
    assert {script["type"] for script in page.all("script") if not script.get("src")} <= {"application/ld+json"}


@pytest.mark.parametrize("path", EVERYTHING)
def test_only_reading_is_allowed(path: str) -> None:
    client = Client(enforce_csrf_checks=True)

    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        response = client.generic(method, path, b"q=1", content_type="application/x-www-form-urlencoded")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD"), method


@pytest.mark.parametrize("path", EVERYTHING)
def test_a_head_answers_as_a_page_without_its_body(client: Client, path: str) -> None:
    page, head = client.get(path), client.head(path)

    assert (head.status_code, head.content) == (page.status_code, b"")
    for name in ("Content-Type", "Cache-Control", "Location"):
        assert head.get(name) == page.get(name)


@pytest.mark.parametrize("path", CACHED_HTML)
def test_a_page_travels_compressed_and_is_still_not_sent_twice(client: Client, path: str) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})

    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert again.status_code == 304


def test_https_is_kept_only_where_there_is_https(settings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    client = Client()

    assert client.get("/", secure=True)["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    plain = client.get("/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/")
    assert not plain.has_header("Strict-Transport-Security")
    assert client.get("/healthz").status_code == 200


def test_a_forgotten_slash_is_added(client: Client) -> None:
    response = client.get("/resources?q=sleep")

    assert (response.status_code, response["Location"]) == (301, "/resources/?q=sleep")


def test_nothing_of_the_admin_may_be_kept(client: Client) -> None:
    for path in ("/admin/", "/admin/login/", "/admin/account/login/", "/admin/nothing/", "/admin"):
        caching = client.get(path)["Cache-Control"]
        assert "no-store" in caching
        assert "private" in caching
        assert "public" not in caching


def test_an_address_that_only_begins_like_the_admin_is_public(client: Client) -> None:
    client.cookies["sessionid"] = "stray"

    response = client.get("/administration/")

    assert response.status_code == 404
    assert client.post("/administration/").status_code == 405


def test_the_admins_cookies_stay_in_the_admin(client: Client) -> None:
    response = client.get("/admin/account/login/")

    assert response.status_code == 200
    assert {cookie["path"] for cookie in response.cookies.values()} <= {"/admin/"}


# Static files


@pytest.fixture
def collected(settings, tmp_path: Path) -> Path:
    """The static files as in production."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = STORAGES | {"staticfiles": {"BACKEND": "config.static_storage.OneStylesheetStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_static_files_have_hashed_names_and_are_kept_for_ever(collected: Path) -> None:
    client = Client()
    address = read(client.get("/").content).one("link", rel="stylesheet")["href"]

    response = client.get(address, headers={"Accept-Encoding": "br"})

    assert address.startswith("/static/css/site.")
    assert address != "/static/css/site.css"
    assert response.status_code == 200
    assert response["Cache-Control"] == "max-age=315360000, public, immutable"
    response.close()
    suffixes = {path.suffix for path in collected.rglob("*.*")}
    assert suffixes >= {".css", ".br", ".gz"}
