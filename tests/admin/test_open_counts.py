"""Curators see what readers open most: in tens, from ten upwards, and never today's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from library.models import OpenCount, Resource, User
from tests.factories import make_resource, make_resources
from tests.reading import read

pytestmark = pytest.mark.django_db
MOST_OPENED = "/admin/library/resource/most-opened/"


def used(resource: Resource, number: int, days: int = 1) -> None:
    OpenCount.objects.create(resource=resource, day=localdate() - timedelta(days), number=number)


def rows(client: Client) -> list[list[str]]:
    page = read(client.get(MOST_OPENED).content)
    return [[cell.words for cell in row.all("th", "td")] for row in page.one("table").one("tbody").all("tr")]


def test_the_most_opened_stand_first_with_their_tens(signed_in: Client) -> None:
    first, second, third, fourth = make_resources(4)
    used(second, 19)
    used(first, 127)
    used(third, 9)
    used(fourth, 500, days=0)

    assert rows(signed_in) == [
        ["Officer Fatigue 1", "Podcast episode", "–", "At least 120 times"],
        ["Officer Fatigue 2", "Podcast episode", "–", "At least 10 times"],
    ]
    link = read(signed_in.get(MOST_OPENED).content).one("table").all("a")[0]
    assert link["href"] == f"/admin/library/resource/{first.pk}/change/"


def test_without_any_it_says_so(signed_in: Client) -> None:
    used(make_resource(), 9)

    assert "No entry has been opened 10 times or more yet." in signed_in.get(MOST_OPENED).text


def test_the_form_of_an_entry_tells_its_own_number(signed_in: Client) -> None:
    much, little = make_resources(2)
    used(much, 35)
    used(little, 9)

    assert "At least 30 times" in signed_in.get(f"/admin/library/resource/{much.pk}/change/").text
    assert "Fewer than 10 times, or unknown" in signed_in.get(f"/admin/library/resource/{little.pk}/change/").text


def test_more_entries_cost_no_more_queries(signed_in: Client) -> None:
    used(make_resource(), 10)
    with CaptureQueriesContext(connection) as before:
        signed_in.get(MOST_OPENED)
    for entry in make_resources(10):
        used(entry, 10)
    with CaptureQueriesContext(connection) as after:
        assert len(rows(signed_in)) == 11
    assert len(after) == len(before)


def test_only_who_may_see_entries_sees_it(client: Client) -> None:
    assert client.get(MOST_OPENED).status_code == 302
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert client.get(MOST_OPENED).status_code == 403
