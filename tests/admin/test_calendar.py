"""What is to come, by month, for those who may see entries."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from library.admin.dashboard.calendar import calendar_items
from tests.admin.roles import client_of, make_person
from tests.factories import make_guide, make_resource
from tests.reading import read

CALENDAR = "/admin/library/resource/calendar/"


def test_what_is_to_come_is_listed_by_month(signed_in: Client) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    make_resource("Later", listed_at=now + timedelta(days=400))
    make_resource("Short", expires_at=now + timedelta(days=40))
    entry = make_resource("Old", review_by=today)
    make_resource("Overdue", review_by=today - timedelta(days=1))
    make_resource("Idea", state="draft", review_by=today)
    make_guide("Sleep", review_by=today + timedelta(days=80))

    page = read(signed_in.get(CALENDAR).content).one("div", id="content-main")

    assert [link.words for link in page.all("a")] == ["Old", "Short", "Sleep", "Later"]
    assert page.all("a")[0]["href"] == f"/admin/library/resource/{entry.pk}/change/"
    lines = [line.words.partition("· ")[2] for line in page.all("li")]
    assert lines == ["Review due: Old", "Ends: Short", "Guide: review due: Sleep", "Goes live: Later"]
    assert page.all("h2")[0].words == today.strftime("%B %Y")
    assert [item.title for item in calendar_items(now, may_see_guides=False)] == ["Old", "Short", "Later"]
    assert CALENDAR in {link["href"] for link in read(signed_in.get("/admin/").content).all("a")}


def test_calendar_is_for_those_who_may_see_entries(signed_in: Client) -> None:
    assert "Nothing is scheduled" in signed_in.get(CALENDAR).content.decode()
    assert client_of(make_person("nobody")).get(CALENDAR).status_code == 403
