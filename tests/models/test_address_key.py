"""When two addresses are the same one, and where a resource keeps what tells that."""

from importlib import import_module

import pytest
from django.apps import apps

from library.models import Resource
from library.models.web_address import KEY_LIMIT, address_key, without_tracking
from tests.factories import make_resource

KEY = "example.org/course?id=6"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/course?id=6",
        "http://example.org/course?id=6",
        "HTTPS://Example.ORG/course?id=6",
        "https://example.org./course?id=6",
        "https://example.org:443/course?id=6",
        "http://example.org:80/course?id=6",
        "https://example.org/course/?id=6",
        "https://example.org/course//?id=6",
        "https://example.org/course?id=6#top",
        "https://example.org/course?id=6#/",
        "https://example.org/course?id=6&utm_source=news&UTM_Medium=mail",
        "https://example.org/course?fbclid=x&id=6&gclid=y&mc_cid=z&mc_eid=w&msclkid",
        "https://example.org/course?&id=6&",
        "  https://example.org/course?id=6\n",
    ],
)
def test_the_same_page(url: str) -> None:
    assert address_key(url) == KEY


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/course?id=6",
        "https://example.org/Course?id=6",
        "https://example.org/course?id=7",
        "https://example.org/course?ID=6",
        "https://example.org/course",
        "https://example.org:8443/course?id=6",
        "http://example.org:443/course?id=6",
        "https://example.org/course?id=6&lang=es",
        "https://example.org/course?id=6&utmost=1",
        "https://example.org/course?id=6&fbclids=1",
        "https://example.com/course?id=6",
        "https://example.org/course?id=6#/course/1",
        "https://example.org/course?id=6#!course",
    ],
)
def test_another_page(url: str) -> None:
    assert address_key(url) != KEY


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://e.org/a?utm_source=news&id=6&fbclid=x&&lang=es#top", "https://e.org/a?id=6&&lang=es#top"),
        ("https://e.org/a/?mc_cid=1&mc_eid=2", "https://e.org/a/"),
        *[
            (same, same)
            for same in ("https://e.org/a?", "https://e.org/a?utmost=1&ref=2", "https://e.org/a#b?gclid=1", "")
        ],
    ],
)
def test_tracking_parameters_are_removed_and_nothing_else(url: str, kept: str) -> None:
    assert without_tracking(url) == kept


def test_routes_of_one_page_are_pages_of_their_own() -> None:
    one, two = (address_key(f"https://lms.example.org/#/course/{number}") for number in (1, 2))
    assert one == address_key("http://LMS.example.org#/course/1/") == "lms.example.org#/course/1" != two


@pytest.mark.django_db
def test_an_existing_entry_gets_its_key_anew() -> None:
    entry, other = make_resource(url="https://lms.example.org/#/course/1"), make_resource(url="https://e.org/a#top")
    Resource.objects.update(address_key="lms.example.org")
    import_module("library.migrations.0034_keys_with_routes").renew(apps, None)
    keys = dict(Resource.objects.values_list("pk", "address_key"))
    assert keys == {entry.pk: "lms.example.org#/course/1", other.pk: "lms.example.org"}


def test_the_order_of_parameters_makes_a_difference() -> None:
    assert address_key("https://e.org/?a=1&b=2") == "e.org?a=1&b=2" != address_key("https://e.org/?b=2&a=1")


def test_a_host_in_letters_of_any_alphabet_is_the_one_that_browsers_ask_for() -> None:
    assert (
        address_key("https://Bücher.example/") == address_key("http://xn--bcher-kva.example") == "xn--bcher-kva.example"
    )
    assert address_key("https://[2001:DB8::1]:8080/a") == "[2001:db8::1]:8080/a"


@pytest.mark.parametrize(
    "text",
    [
        "http://[::1",
        "https://",
        "https:///path",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://exa\ud800mple.org/",
        "https://" + "ü" * 100 + ".org/",
        "https://ü..org/",
        "\x00",
        "mailto:a@example.org",
        "not an address",
        "a" * 10_000,
        "https://example.org/" + "\ud800" * 500,
    ],
    ids=lambda text: ascii(text[:30]),
)
def test_any_text_has_a_key_that_stays_the_same(text: str) -> None:
    key = address_key(text)

    assert key
    assert key == address_key(text)
    assert len(key) <= KEY_LIMIT


def test_no_address_has_no_key() -> None:
    assert address_key("") == address_key(" \n") == ""


def test_the_key_of_a_long_address_is_its_hash() -> None:
    longest = "https://example.org/" + "a" * (KEY_LIMIT - len("example.org/"))

    assert address_key(longest) == longest.removeprefix("https://")
    assert address_key(longest + "a").startswith("sha256:")
    assert len(address_key(longest + "a")) == 71
    assert (
        address_key(longest + "a")
        == address_key(longest.replace("https", "http") + "a/#top")
        != address_key(longest + "b")
    )


@pytest.mark.django_db
def test_a_resource_keeps_the_key_of_its_address() -> None:
    resource = make_resource(url="https://Example.org/a/")
    assert resource.address_key == "example.org/a"

    resource.url = "https://example.org/" + "警" * 1900
    resource.save()
    resource.refresh_from_db()
    assert resource.address_key.startswith("sha256:")

    resource.url = ""
    resource.save()
    assert Resource.objects.get().address_key == ""


@pytest.mark.django_db
def test_a_key_of_the_greatest_length_fits_into_the_index() -> None:
    resource = make_resource(url="https://example.org/" + "𝒜" * (KEY_LIMIT - len("example.org/")))

    assert len(resource.address_key) == KEY_LIMIT
    assert len(resource.address_key.encode()) > 1500
