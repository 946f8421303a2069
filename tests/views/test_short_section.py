"""`/s/<anchor>/`: the permanent short link to a section."""

import pytest
from django.test import Client

from library.models import Section, SectionAlias
from tests.factories import make_section
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_leads_to_the_section_on_the_library_page(client: Client) -> None:
    make_section("podcasts")

    response = client.get("/s/podcasts/")

    assert (response.status_code, response["Location"]) == (302, "/#podcasts")


def test_leads_from_every_older_or_merged_anchor_too(client: Client) -> None:
    section = make_section("podcasts")
    Section.objects.update(anchor="the-beat")
    SectionAlias.objects.create(anchor="audio", section=section)

    for anchor in ("the-beat", "podcasts", "audio"):
        assert client.get(f"/s/{anchor}/")["Location"] == "/#the-beat"


def test_says_why_a_section_was_withdrawn(client: Client) -> None:
    make_section("podcasts", title="Podcasts – The Beat", state="withdrawn", withdrawn_reason="See the forums.")
    Section.objects.update(anchor="the-beat")

    for anchor in ("podcasts", "the-beat"):
        response = client.get(f"/s/{anchor}/")
        assert response.status_code == 410
        main = read(response.content).one("main")
        assert main.one("h1").words == "Podcasts – The Beat"
        assert "See the forums." in main.words


@pytest.mark.parametrize("anchor", ["beat", "Podcasts", "podcasts%20", "1", "%F0%9F%98%B4", "a" * 5000])
def test_knows_no_other_anchor(client: Client, anchor: str) -> None:
    make_section("podcasts")

    assert client.get(f"/s/{anchor}/").status_code == 404


def test_knows_no_draft(client: Client) -> None:
    make_section("podcasts", state="draft")

    assert client.get("/s/podcasts/").status_code == 404


def test_costs_one_query(client: Client, django_assert_num_queries) -> None:
    make_section("podcasts")
    for anchor in ("the-beat", "audio", "listening"):
        Section.objects.update(anchor=anchor)

    with django_assert_num_queries(2):  # the state of the library, the section
        client.get("/s/the-beat/")
