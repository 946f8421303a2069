"""The site's own texts: which there are is fixed, what they say is the curators'."""

import pytest

from library.models import Page
from tests.factories import make_page
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("library", "/"),
        ("help", "/help/"),
        ("about", "/about/"),
        ("privacy", "/privacy/"),
        ("accessibility", "/accessibility/"),
        ("linking", "/linking/"),
        ("checks", "/about/checks/"),
    ],
)
def test_each_has_its_address(name: str, address: str) -> None:
    page = make_page(name)

    assert page.get_absolute_url() == address
    assert Page.objects.get_by_natural_key(*page.natural_key()) == page


def test_renders_its_text_when_it_is_saved() -> None:
    page = make_page("about", body="## Why\n\nSee [help](/help/) or [call](tel:988).")

    assert str(page) == page.title
    assert page.body_as_html == (
        "<h2>Why</h2>\n"
        '<p>See <a href="/help/" rel="noreferrer">help</a> or <a href="tel:988" rel="noreferrer">call</a>.</p>\n'
    )


def test_a_text_without_an_address_is_refused() -> None:
    make_page("about")

    with refused("page_has_an_address"):
        Page.objects.update(name="imprint")


def test_each_text_exists_once() -> None:
    make_page("about")
    other = make_page("privacy")

    with refused("page_name_unique"):
        Page.objects.filter(pk=other.pk).update(name="about")
