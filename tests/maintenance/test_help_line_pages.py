"""Help lines' own pages: a number that goes from one is the first thing a curator hears of."""

from typing import Any

import pytest
from django.test import Client

from library.accounts.permissions import Role
from library.models import HelpLine, Link
from tests.admin.roles import client_of, make_person
from tests.factories import make_help_line
from tests.links.days import page
from tests.maintenance.other_sites import World
from tests.reading import read

pytestmark = pytest.mark.django_db
PAGE = "https://lines.example/call"
DESK = "/admin/library/resource/links/"


@pytest.fixture
def world() -> World:
    """A line whose page has shown its number for a day."""
    world = World()
    make_help_line("Copline", call_number="1-800-267-5463", url=PAGE)
    world.pages["https://lines.example/"] = page("Front")
    world.pages[PAGE] = page("Copline", "Call (800) 267-5463 at any hour. " * 30)
    world.pass_days(1)
    return world


def without_number(world: World) -> None:
    world.pages[PAGE] = page("Copline", "Call us at any hour of the day, we are there. " * 30)


def test_a_number_that_is_gone_from_the_page_is_told_within_days_and_by_mail(
    world: World, settings: Any, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST, settings.SITE_ADDRESS = "mail.example", "https://library.example"
    editor = make_person("ed", Role.EDITOR)
    editor.email, editor.wants_alerts = "ed@example.org", True
    editor.save()
    client = client_of(editor)
    assert "no longer show" not in client.get("/admin/").text
    without_number(world)
    with django_capture_on_commit_callbacks(execute=True):
        world.pass_days(4)
    first = read(client.get("/admin/").content).one("section", id="attention").all("a")[0]
    assert first.words == "The page of a help line no longer shows its number: Copline"
    desk = client.get(first["href"])
    assert "This page no longer shows 1-800-267-5463." in desk.text
    assert [mail.to for mail in mailoutbox] == [["ed@example.org"]]
    assert f"{DESK}#lines" in mailoutbox[0].body


def test_who_has_checked_the_number_says_so_and_is_told_again_only_after_it_was_back(
    world: World, admin_client: Client
) -> None:
    without_number(world)
    world.pass_days(4)
    link = Link.objects.get()
    answer = admin_client.post(DESK, {"number": link.pk}, follow=True)
    assert "record the date on the help line" in answer.text
    world.pass_days(10)
    assert "no longer shows" not in admin_client.get(DESK).text
    world.pages[PAGE] = page("Copline", "Call 1-800-267-5463. " * 30)
    world.pass_days(4)
    without_number(world)
    world.pass_days(4)
    assert "no longer shows" in admin_client.get(DESK).text


def test_a_page_that_is_gone_is_told_and_one_of_no_line_is_laid_aside(world: World, admin_client: Client) -> None:
    del world.pages[PAGE]
    world.pass_days(14)
    assert "This page is gone." in admin_client.get(DESK).text
    HelpLine.objects.all().delete()
    world.pass_days(0.1)
    assert Link.objects.get().unused_since is not None
    assert "This page is gone." not in admin_client.get(DESK).text


def test_who_may_not_change_help_lines_decides_nothing(world: World) -> None:
    author = client_of(make_person("ana", Role.AUTHOR))
    assert author.post(DESK, {"number": "1"}).status_code == 403
