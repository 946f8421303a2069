"""`/styleguide/`: every part of the public pages in every state, for those who sign in."""

from typing import Any

import pytest
from django.test import Client

from library.models import Resource, Section
from tests.conftest import ROOT
from tests.reading import read

pytestmark = pytest.mark.django_db

TEMPLATES = ROOT / "templates"
PARTS = sorted(
    str(path.relative_to(TEMPLATES)) for name in ("_shared", "library") for path in (TEMPLATES / name).glob("_*")
)


def test_leads_those_who_are_not_signed_in_to_the_sign_in(client: Client) -> None:
    door = client.get("/styleguide/")
    assert (door.status_code, door["Location"]) == (302, "/admin/library/page/styleguide/")
    assert not door.cookies

    response = client.get("/admin/library/page/styleguide/")
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_shows_every_part_there_is(admin_client: Any) -> None:
    page = read(admin_client.get("/admin/library/page/styleguide/").content)

    shown = [heading.words for heading in page.all("h2") if heading.words.endswith(".html")]
    assert sorted(shown) == PARTS


def test_shows_the_states_of_what_readers_depend_on(admin_client: Any) -> None:
    words = read(admin_client.get("/admin/library/page/styleguide/").content).one("main").words

    for state in Resource.LinkState.labels + Resource.Access.labels:
        assert words.count(str(state)) >= 2, state  # its name, and the part that says it
    for words_of_a_state in (
        "Open 24/7",
        "Open now until",
        "Closed. Opens",
        "We haven’t checked it recently.",
        "(13 years ago)",
        "(less than a year ago)",
        "Date unknown",
        "We removed this section.",
        "Nothing here yet.",
        "No results for",
        "There’s a problem",
        "more than 1,000 resources",
    ):
        assert words_of_a_state in words, words_of_a_state


def test_keeps_nothing_and_is_not_kept(admin_client: Any) -> None:
    response = admin_client.get("/admin/library/page/styleguide/")

    assert "no-store" in response["Cache-Control"]
    assert not Resource.objects.exists()
    assert not Section.objects.exists()
