"""What readers see of an entry, said on its form and after each save, and the buttons that change it."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library.accounts.permissions import Role
from library.models import Resource
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import TEN_YEARS, make_resource, make_section, withdraw
from tests.reading import read

ADD = "/admin/library/resource/add/?kind=site"


def form_of(resource: Resource) -> str:
    return f"/admin/library/resource/{resource.pk}/change/"


def press(client: Client, resource: Resource, button: str, **typed: Any) -> Any:
    """The page after this button was pressed on the form of an entry."""
    form = filled_in(client.get(form_of(resource)), **{button: "x"}, **typed)
    answer = client.post(form_of(resource), form, follow=True)
    resource.refresh_from_db()
    return answer


def buttons_on(client: Client, address: str) -> list[str]:
    """The buttons that stay in sight, and the labels of those with fields beside them."""
    parts = read(client.get(address).content).one("div", class_="form_bar").all("input", "summary")
    shown = [part for part in parts if part.tag == "summary" or part.get("type") == "submit"]
    return [part.get("value") or part.words for part in shown if part.get("name") not in {"_schedule", "_withdraw"}]


def sentence_on(client: Client, resource: Resource) -> str:
    return str(read(client.get(form_of(resource)).content).one("p", id="readers_see").words)


def typed_moment(moment: datetime) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {"listed_at_0": f"{local:%Y-%m-%d}", "listed_at_1": f"{local:%H:%M:%S}"}


def entry_in(state: str) -> Resource:
    match state:
        case "draft":
            return make_resource("Draft", state="draft", listed_at=None)
        case "scheduled":
            return make_resource("Soon", listed_at=TEN_YEARS)
        case "withdrawn":
            return withdraw(make_resource("Gone"))
    return make_resource("Out")


@pytest.mark.parametrize(
    ("state", "publishers", "editors", "sentence"),
    [
        ("draft", ["Publish", "Save draft", "Schedule…"], ["Save draft"], "Only curators see this draft."),
        (
            "scheduled",
            ["Save changes", "Publish now", "Back to draft", "Schedule…"],
            ["Save changes"],
            "Goes live Jan. 5, 2036, 7 a.m. (America/New_York).",
        ),
        (
            "published",
            ["Save changes", "Withdraw…"],
            ["Save changes"],
            "Readers see this entry at /r/{ref}/. Saved changes go live right away.",
        ),
        (
            "withdrawn",
            ["Save changes", "Publish again"],
            ["Save changes"],
            "Withdrawn: readers see the reason at /r/{ref}/.",
        ),
    ],
)
def test_the_form_says_what_readers_see_and_has_the_buttons_for_it(
    signed_in: Client, state: str, publishers: list[str], editors: list[str], sentence: str
) -> None:
    entry, editor = entry_in(state), client_of(make_person("editor", Role.EDITOR))
    assert buttons_on(signed_in, form_of(entry)) == publishers
    assert [name for name in buttons_on(editor, form_of(entry)) if name != "Submit for review"] == editors
    assert sentence_on(editor, entry) == sentence.format(ref=entry.ref)


def test_an_entry_is_added_and_published_with_one_button_and_the_message_leads_to_it(signed_in: Client) -> None:
    assert buttons_on(signed_in, ADD) == ["Publish", "Save draft", "Schedule…"]
    typed = {"title": "Sleep & rest", "section": str(make_section().pk)}
    page = signed_in.post(ADD, filled_in(signed_in.get(ADD), **typed, _publish="x"), follow=True)
    entry = Resource.objects.get()
    assert (entry.state, entry.listed_at is not None) == ("published", True)
    message = read(page.content).one("ul", class_="messagelist")
    assert message.words == f"Saved “Sleep & rest”. Readers see this entry at /r/{entry.ref}/."
    assert [link["href"] for link in message.all("a")] == [form_of(entry), f"/r/{entry.ref}/"]
    assert Client().get(f"/r/{entry.ref}/", follow=True).status_code == 200


def test_scheduling_takes_a_moment_that_is_still_to_come(signed_in: Client) -> None:
    entry, now = entry_in("draft"), timezone.now()
    for moment, words in (("", "when it goes live"), (now - timedelta(days=1), "That time has passed.")):
        typed = typed_moment(moment) if isinstance(moment, datetime) else {}
        page = press(signed_in, entry, "_schedule", **typed)
        assert words in str(page.context["adminform"].form.errors["listed_at"])
        assert read(page.content).one("div", class_="form_bar").one("details").get("open") is not None
    later = typed_moment(now + timedelta(days=3))
    assert "listed_at" in press(signed_in, entry, "_publish", **later).context["adminform"].form.errors
    assert entry.state == "draft"
    assert "Goes live " in press(signed_in, entry, "_schedule", **later).text
    assert (entry.state, entry.is_published(timezone.now())) == ("published", False)


def test_what_is_scheduled_is_published_now_or_made_a_draft_again(signed_in: Client) -> None:
    entry = entry_in("scheduled")
    press(signed_in, entry, "_back_to_draft")
    assert entry.state == "draft"
    assert "Goes live" in press(signed_in, entry, "_schedule").text
    press(signed_in, entry, "_publish_now", title="Typed")
    assert (entry.title, entry.is_published(timezone.now())) == ("Typed", True)


def test_what_is_withdrawn_is_published_again_and_a_later_end_is_said(signed_in: Client) -> None:
    entry = entry_in("withdrawn")
    press(signed_in, entry, "_publish")
    assert entry.is_published(timezone.now())
    press(signed_in, entry, "_save", expires_at_0="2090-01-01", expires_at_1="0:00")
    assert "until Jan. 1, 2090, midnight (America/New_York)." in sentence_on(signed_in, entry)
    press(signed_in, entry, "_withdraw", withdrawn_reason="Old.", successor=str(make_resource("Newer").pk))
    assert "the reason and a link to “Newer”" in sentence_on(signed_in, entry)


def test_a_button_that_failed_is_not_pressed_by_the_next_one(signed_in: Client) -> None:
    draft, seen = entry_in("draft"), entry_in("published")
    for entry, button, typed in ((draft, "_publish", {"title": ""}), (seen, "_withdraw", {"withdrawn_reason": ""})):
        state = entry.state
        page = press(signed_in, entry, button, **typed)
        assert page.context["adminform"].form.errors
        assert read(page.content).one("p", id="readers_see").words == sentence_on(signed_in, entry)
        again = filled_in(page, title="Typed", withdrawn_reason="Typed", _save="x")
        assert signed_in.post(form_of(entry), again).status_code == 302
        entry.refresh_from_db()
        assert (entry.title, entry.state) == ("Typed", state)


def test_a_list_writes_all_its_dates_in_one_way(signed_in: Client) -> None:
    make_resource("Soon", listed_at=TEN_YEARS, published_on=date(2013, 1, 5))
    make_resource("Ends", expires_at=TEN_YEARS, published_on=date(2013, 2, 1), published_precision="month")

    words = read(signed_in.get("/admin/library/resource/").content).one("table", id="result_list").words

    for written in ("From Jan. 5, 2036, ", "Until Jan. 5, 2036, ", "Jan. 5, 2013", "February 2013"):
        assert written in words
    assert re.findall(r"\d+/\d+/\d+|\d{4}-\d\d", words) == []
