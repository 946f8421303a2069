"""The column for an address on the web refuses what is none, and what a browser and a server could read differently."""

import pytest
from django.core.exceptions import ValidationError

from library.models import Publisher


def publisher_at(url: str) -> Publisher:
    return Publisher(name="COPLINE", slug="copline", url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.copline.org",
        "http://cops.usdoj.gov/html/dispatch/02-2024/uvalde_critical_incident_review.html",
        "https://learn.copstrainingportal.org/course/info.php?id=6#top",
        "https://example.org/" + "a" * 1900,
        "",
    ],
)
def test_takes(url: str) -> None:
    publisher_at(url).clean_fields()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.org/file",
        "tel:988",
        "data:text/html,hello",
        "//example.org",
        "example.org",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "http://127.0.0.1\\@example.org/",
        "https://example.org/a b",
        "https://example.org/\t",
        "https://example.org/\n",
        "https://exa mple.org",
        "http://[::1",
        "https://",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_refuses(url: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        publisher_at(url).clean_fields()
    assert set(refusal.value.message_dict) == {"url"}


def test_a_form_completes_an_address_without_a_scheme_with_https() -> None:
    field = Publisher._meta.get_field("url").formfield()

    assert field.clean("www.copline.org") == "https://www.copline.org"
