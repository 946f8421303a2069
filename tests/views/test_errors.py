"""Errors: plain words, a way on, and the help strip, always."""

import pytest
from django.test import Client

from library.models import Section
from tests.factories import make_help_line, make_resource, make_section, withdraw
from tests.reading import Element, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def calm() -> Client:
    """A client that shows the page of a fault instead of raising it."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def library() -> None:
    make_help_line()
    make_section("podcasts", title="Podcasts – The Beat")
    make_section("forums", title="Forums", state="draft")


def numbers(page: Element) -> list[str]:
    return [link["href"] for link in page.all("aside", class_="help-strip")[0].all("a")]


def assert_offers_a_way_on(page: Element) -> None:
    assert numbers(page) == ["tel:988", "sms:988", "/help/"]
    main = page.one("main")
    assert main.one("form")["action"] == "/resources/"
    assert main.one("input", type="search")["name"] == "q"
    ways = {link["href"]: link.words for link in main.all("a")}
    assert ways["/sections/podcasts/"] == "Podcasts – The Beat"
    assert "/sections/forums/" not in ways
    assert ways["/"]


def test_an_unknown_address_is_not_found(client: Client) -> None:
    response = client.get("/nothing/here/")
    page = read(response.content)

    assert response.status_code == 404
    assert page.one("h1").words == "Page not found"
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert_offers_a_way_on(page)


def test_addresses_that_people_guess_lead_on(client: Client) -> None:
    make_resource("Officer Fatigue")
    for guessed, place in {
        "/search": "/search/",
        "/search/?q=fatigue&kind=podcast": "/resources/?q=fatigue&kind=podcast",
        "/podcasts": "/sections/podcasts/",
        "/podcasts/": "/sections/podcasts/",
    }.items():
        assert client.get(guessed)["Location"] == place
    for guessed in ("/search?q=", "/search/", "/podcasts"):
        assert "Officer Fatigue" in read(client.get(guessed, follow=True).content).one("main").words
    assert client.get("/forums").status_code == client.get("/podcasts/x").status_code == 404


def test_never_repeats_an_unknown_address_in_its_words(client: Client) -> None:
    page = read(client.get("/buy-cheap-watches/?q=watches").content)

    assert "watches" not in page.one("main").words


def test_broken_text_is_refused(client: Client) -> None:
    response = client.get("/resources/?q=%00")
    page = read(response.content)

    assert response.status_code == 400
    assert page.one("h1").words == "That link didn’t work"
    assert_offers_a_way_on(page)


def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example"}, REMOTE_ADDR="192.0.2.7")

    assert response.status_code == 400
    assert numbers(read(response.content))[0] == "tel:988"
    assert "evil.example" not in response.text


def test_whoever_opens_the_site_by_another_name_on_its_own_machine_is_told_the_variable(client: Client) -> None:
    response = client.get("/", headers={"Host": "library.local:8000"}, REMOTE_ADDR="127.0.0.1")

    assert response.status_code == 400
    text = "If you run this site: it doesn’t recognize the name library.local yet. Add it to ALLOWED_HOSTS"
    assert text in read(response.content).one("main").words
    assert "ALLOWED_HOSTS" not in client.get("/resources/?q=%00", REMOTE_ADDR="127.0.0.1").text


def test_too_many_parameters_are_refused(client: Client) -> None:
    assert client.get("/resources/?" + "&".join(["tag=x"] * 1101)).status_code == 400


@pytest.mark.urls("tests.faulty_urls")
def test_what_is_forbidden_says_so(client: Client) -> None:
    response = client.get("/forbidden/")
    page = read(response.content)

    assert response.status_code == 403
    assert page.one("h1").words == "You don’t have access to this page"
    assert_offers_a_way_on(page)


def test_what_is_gone_says_so(client: Client) -> None:
    withdraw(make_resource("Officer Fatigue"), "It was replaced.")

    response = client.get("/resources/officer-fatigue/")
    page = read(response.content)

    assert response.status_code == 410
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert_offers_a_way_on(page)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_is_refused_with_the_help_strip(client: Client, method: str) -> None:
    response = client.generic(method, "/")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "tel:988" in numbers(read(response.content))


@pytest.mark.urls("tests.faulty_urls")
def test_a_fault_of_ours_has_a_calm_page(calm: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):  # whether a cached page may be given
        response = calm.get("/fault/")
    page = read(response.content)

    assert response.status_code == 500
    assert page.one("h1").words == "Something went wrong"
    assert "tel:988" in numbers(page)
    assert "RuntimeError" not in response.text


@pytest.mark.urls("tests.faulty_urls")
def test_a_question_that_takes_too_long_is_ended_calmly(calm: Client) -> None:
    response = calm.get("/slow/")

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "no-store" in response["Cache-Control"]
    assert "tel:988" in numbers(read(response.content))


@pytest.mark.urls("tests.faulty_urls")
@pytest.mark.parametrize("path", ["/nothing/", "/forbidden/", "/fault/", "/resources/%FF/"])
def test_an_error_sets_no_cookie_and_keeps_the_policy(calm: Client, path: str) -> None:
    calm.cookies["sessionid"] = "stray"

    response = calm.get(path)

    assert response.status_code >= 400
    assert not response.cookies
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_sections_are_left_out_where_there_are_none(client: Client) -> None:
    Section.objects.update(state="withdrawn", withdrawn_reason="It has moved.")

    assert "Browse by section" not in client.get("/nothing/").text
