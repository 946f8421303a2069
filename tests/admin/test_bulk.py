"""Many entries changed at once: chosen in their list, looked at, and changed after a yes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.accounts.permissions import Role
from library.history.snapshot import versions_of
from library.models import AuditEntry, Resource, Tag
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import TEN_YEARS, make_category, make_many, make_resource, make_resources
from tests.reading import read

LIST = "/admin/library/resource/"
DRAFT: dict[str, Any] = {"state": "draft", "listed_at": None}


def choose(client: Client, action: str, *entries: Resource, **more: Any) -> Any:
    form = {"action": action, "_selected_action": [entry.pk for entry in entries]}
    return client.post(LIST, form | more)


def answer(client: Client, page: Any, action: str, **values: Any) -> Any:
    return client.post(f"{LIST}bulk/{action}/", filled_in(page, **values))


def do(client: Client, action: str, *entries: Resource, **values: Any) -> Any:
    """From the list to the end; the page of questions comes between where there are any."""
    page = choose(client, action, *entries)
    page = answer(client, page, action, **values) if values else page
    return answer(client, page, action, confirmed="yes")


def test_publishes_drafts_and_leaves_the_others_alone(signed_in: Client) -> None:
    draft, gone = make_resource("Sleep", **DRAFT), make_resource("Forum")
    page = choose(signed_in, "publish", draft, gone)
    words = read(page.content.decode()).words
    assert "This changes 1 entry" in words
    assert "Draft Published" in words
    assert "Forum: It’s already published." in words
    assert Resource.objects.get(pk=draft.pk).state == "draft"

    done = answer(signed_in, page, "publish", confirmed="yes")
    assert done.url == LIST
    assert Resource.objects.published(timezone.now()).filter(pk=draft.pk).exists()
    page_text = read(signed_in.get(LIST).content.decode()).words
    assert "1 entry was changed." in page_text
    assert "“Forum”: It’s already published." in page_text


def test_what_is_scheduled_is_called_so_and_not_withdrawn(signed_in: Client) -> None:
    scheduled, seen = make_resource("Sleep", listed_at=TEN_YEARS), make_resource("Forum")
    page = choose(signed_in, "withdraw", scheduled, seen)
    words = read(answer(signed_in, page, "withdraw", reason="It is old.").content.decode()).words
    assert "This changes 1 entry" in words
    assert "Sleep: Readers haven’t seen it yet. Make it a draft instead." in words
    do(signed_in, "withdraw", scheduled, seen, reason="It is old.")
    assert set(Resource.objects.values_list("title", "state")) == {("Sleep", "published"), ("Forum", "withdrawn")}

    words = read(choose(signed_in, "publish", scheduled).content.decode()).words
    assert "Sleep: It’s already scheduled. Published starting Jan. 5, 2036" in words
    assert "already published" not in words


def test_withdraws_with_a_reason_and_a_successor(signed_in: Client) -> None:
    first, second, successor = make_resources(3)
    page = choose(signed_in, "withdraw", first, second)
    assert "Show what would change" in page.content.decode()
    assert "This field is required." in answer(signed_in, page, "withdraw").content.decode()
    wrong = answer(signed_in, page, "withdraw", reason="It is old.", successor="nothing-such")
    assert "No published entry has this ref" in wrong.content.decode()

    shown = answer(signed_in, page, "withdraw", reason="It is old.", successor=successor.slug)
    assert f"Withdrawn: It is old. Replaced by “{successor}”." in read(shown.content.decode()).words
    do(signed_in, "withdraw", first, second, successor, reason="It is old.", successor=f"/r/{successor.ref}/")
    first.refresh_from_db()
    assert (first.state, first.withdrawn_reason, first.successor) == ("withdrawn", "It is old.", successor)
    assert first.withdrawn_at is not None
    successor.refresh_from_db()
    assert successor.state == "published"


def test_withdrawing_without_a_successor_keeps_the_one_that_an_entry_names_and_says_so(signed_in: Client) -> None:
    newer = make_resource("Newer")
    first, second = make_resource("First", successor=newer), make_resource("Second")
    page = choose(signed_in, "withdraw", first, second)
    assert "Leave blank to keep the replacement each one has now." in page.content.decode()

    shown = read(answer(signed_in, page, "withdraw", reason="It is old.").content.decode())
    rows = [row.words for row in shown.one("table").all("tr")][1:]
    assert rows == [
        "First Published Withdrawn: It is old. Replaced by “Newer”.",
        "Second Published Withdrawn: It is old.",
    ]
    do(signed_in, "withdraw", first, second, reason="It is old.")
    assert set(Resource.objects.filter(state="withdrawn").values_list("title", "successor__title")) == {
        ("First", "Newer"),
        ("Second", None),
    }


def test_adds_and_removes_a_category(signed_in: Client) -> None:
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress")
    first, second = make_resource("One", categories=[stress]), make_resource("Two", categories=[sleep])
    do(signed_in, "add-category", first, second, category=sleep.pk)
    assert set(first.categories.all()) == {sleep, stress}
    assert set(second.categories.all()) == {sleep}
    do(signed_in, "remove-category", first, second, category=sleep.pk)
    assert (set(first.categories.all()), set(second.categories.all())) == ({stress}, set())


def test_adds_a_tag_in_any_case_and_removes_it(signed_in: Client) -> None:
    first, second = make_resource("One", tags=["PTSD"]), make_resource("Two")
    do(signed_in, "add-tag", first, second, name="ptsd")
    do(signed_in, "add-tag", first, second, name="shift work")
    assert set(second.tags.names()) == {"PTSD", "shift work"}
    assert Tag.objects.count() == 2
    do(signed_in, "remove-tag", first, second, name="PTSD")
    assert set(first.tags.names()) == {"shift work"}


@pytest.mark.parametrize("name", ["a, b", "---", "", "x" * 61])
def test_what_cannot_be_a_tag_is_refused_and_the_chosen_stay_chosen(signed_in: Client, name: str) -> None:
    entry = make_resource()
    page = answer(signed_in, choose(signed_in, "add-tag", entry), "add-tag", name=name)
    assert "errornote" in page.content.decode()
    answer(signed_in, answer(signed_in, page, "add-tag", name="sleep"), "add-tag", confirmed="yes")
    assert list(entry.tags.names()) == ["sleep"]


def test_sets_the_day_of_the_next_review_and_whose_it_is(signed_in: Client, curator: Any) -> None:
    entry, day = make_resource(), timezone.localdate() + timedelta(days=90)
    do(signed_in, "review", entry, day=day.isoformat())
    do(signed_in, "assign", entry, owner=curator.pk)
    entry.refresh_from_db()
    assert (entry.review_by, entry.owner) == (day, curator)
    page = answer(signed_in, choose(signed_in, "review", entry), "review", day=date(2001, 1, 1).isoformat())
    assert "Choose today or a later date." in page.content.decode()


def test_an_entry_that_somebody_has_edited_meanwhile_is_left_out_and_named(signed_in: Client) -> None:
    one, two, mine, gone = (make_resource(title, **DRAFT) for title in ("One", "Two", "Mine", "Gone"))
    page = choose(signed_in, "publish", one, two, mine, gone)
    do(signed_in, "add-tag", mine, name="sleep")
    Resource.objects.filter(pk=two.pk).update(summary="New.")
    gone.delete()
    answer(signed_in, page, "publish", confirmed="yes")
    assert list(Resource.objects.published(timezone.now())) == [one]
    page_text = read(signed_in.get(LIST).content.decode()).words
    assert "“Two”: Someone changed it in the meantime." in page_text
    assert "“Mine”: You changed it at " in page_text
    assert "1 was deleted in the meantime." in page_text


def test_the_history_keeps_each_entry_and_one_act(signed_in: Client, curator: Any) -> None:
    entries = make_resources(3, **DRAFT)
    do(signed_in, "publish", *entries)
    entry = AuditEntry.objects.acts().get()
    assert (entry.total, entry.user, entry.comment) == (3, curator, "Bulk change: Publish")
    assert versions_of(Resource, entries[0].pk).count() == 2  # what it was, and what it is


def test_all_of_a_filtered_list_are_taken_and_it_leads_back_there(signed_in: Client) -> None:
    drafts = make_resources(3, **DRAFT)
    other = make_resource("Other", kind="forum", **DRAFT)
    form = {"action": "publish", "select_across": "1", "_selected_action": drafts[0].pk}
    page = signed_in.post(f"{LIST}?kind__exact=podcast", form)
    assert answer(signed_in, page, "publish", confirmed="yes").url == f"{LIST}?kind__exact=podcast"
    assert Resource.objects.published(timezone.now()).count() == 3
    other.refresh_from_db()
    assert other.state == "draft"


def test_more_than_a_thousand_are_refused_in_words(signed_in: Client) -> None:
    entry = make_resource()
    make_many(1000, of=entry)
    page = choose(signed_in, "publish", entry, select_across="1")
    assert page.status_code == 302
    assert "You can change up to 1,000 entries" in read(signed_in.get(LIST).content.decode()).words


def test_costs_the_same_queries_however_many_they_are(signed_in: Client) -> None:
    entries = make_resources(12, tags=["stress"])
    counts = []
    do(signed_in, "add-tag", entries[0], name="sleep")
    for chosen in (entries[1:3], entries[3:]):
        page = choose(signed_in, "add-tag", *chosen)
        page = answer(signed_in, page, "add-tag", name="sleep")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer(signed_in, page, "add-tag", confirmed="yes")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Resource.objects.with_tags([Tag.objects.get(name="sleep")]).count() == 12


def test_names_every_entry_that_it_will_change(signed_in: Client) -> None:
    entry = make_resource(**DRAFT)
    make_many(999, of=entry)
    page = read(choose(signed_in, "publish", entry, select_across="1").content.decode())
    assert "This changes 1000 entries" in page.words.replace(",", "")
    links = page.one("table").all("a")
    assert {link["href"] for link in links} == {
        f"/admin/library/resource/{pk}/change/" for pk in Resource.objects.values_list("pk", flat=True)
    }
    page = read(choose(signed_in, "add-category", entry, select_across="1").content.decode())
    assert sum(item.words == entry.title for item in page.all("li")) == 1000
    assert "1000 entries selected" in page.words.replace(",", "")


def test_editors_publish_nothing_and_authors_have_no_actions(db: None) -> None:
    draft = make_resource(**DRAFT)
    editor, author = (client_of(make_person(role.value, role)) for role in (Role.EDITOR, Role.AUTHOR))
    publisher = client_of(make_person("publisher", Role.PUBLISHER))
    page = choose(publisher, "publish", draft)
    for client in (editor, author):
        assert 'value="publish"' not in client.get(LIST).content.decode()
        choose(client, "publish", draft)
        assert answer(client, page, "publish", confirmed="yes").status_code == 403
    assert answer(author, page, "add-tag", name="sleep").status_code == 403
    do(editor, "add-tag", draft, name="sleep")
    draft.refresh_from_db()
    assert (draft.state, list(draft.tags.names())) == ("draft", ["sleep"])


@pytest.mark.parametrize("plan", ["", "abc", "a:b:c", "\N{SNOWMAN}"])
def test_a_plan_that_nobody_made_changes_nothing(signed_in: Client, plan: str) -> None:
    draft = make_resource(**DRAFT)
    done = signed_in.post(f"{LIST}bulk/publish/", {"plan": plan, "confirmed": "yes"})
    assert (done.status_code, done.url) == (302, LIST)
    assert signed_in.get(f"{LIST}bulk/publish/").status_code == 302
    assert signed_in.post(f"{LIST}bulk/delete/", {}).status_code == 404
    draft.refresh_from_db()
    assert draft.state == "draft"
