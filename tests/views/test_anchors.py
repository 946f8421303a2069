"""`/anchors.json`: every public anchor, for programs."""

from datetime import date

import pytest
from django.test import Client

from library.models import Section
from tests.factories import make_section

pytestmark = pytest.mark.django_db


def test_lists_every_anchor_with_its_aliases_and_its_state(client: Client) -> None:
    make_section("podcasts", title="Podcasts – The Beat", since=date(2026, 11, 23))
    Section.objects.update(anchor="the-beat")
    make_section("forums", title="Forums", since=date(2027, 1, 2), state="withdrawn", withdrawn_reason="See elsewhere.")

    response = client.get("/anchors.json")

    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "anchors": [
            {
                "anchor": "the-beat",
                "heading": "Podcasts – The Beat",
                "state": "published",
                "since": "2026-11-23",
                "reason": "",
                "aliases": [{"anchor": "podcasts", "since": "2026-11-23"}],
                "url": "http://testserver/#the-beat",
                "short_url": "http://testserver/s/the-beat/",
            },
            {
                "anchor": "forums",
                "heading": "Forums",
                "state": "withdrawn",
                "since": "2027-01-02",
                "reason": "See elsewhere.",
                "aliases": [],
                "url": "http://testserver/#forums",
                "short_url": "http://testserver/s/forums/",
            },
        ]
    }


def test_hides_drafts(client: Client) -> None:
    make_section("podcasts", state="draft")

    assert client.get("/anchors.json").json() == {"anchors": []}


def test_costs_two_queries(client: Client, django_assert_num_queries) -> None:
    for number in range(10):
        make_section(f"section-{number}")
    with django_assert_num_queries(2):
        client.get("/anchors.json")
