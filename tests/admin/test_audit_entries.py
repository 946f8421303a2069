"""The activity log: a list for administrators, of everything that was done by whatever way."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library.admin.base import CuratedAdmin
from library.history.record import record, record_before
from library.models import AuditEntry, Resource, User
from tests.admin.conftest import filled_in
from tests.factories import make_report, make_resources, make_section, make_tag
from tests.reading import read

LIST = "/admin/library/auditentry/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rows_of(client: Client, query: str = "") -> list[str]:
    """The words of each row, without those that open the rest of it on a small screen."""
    table = read(client.get(LIST + query).content).all("tbody")
    return [row.words.removesuffix(" More") for row in table[0].all("tr")] if table else []


@pytest.fixture
def acts(signed_in: Client) -> list[Resource]:
    """An edit of a resource by the curator, a bulk change by Maria, a new tag by a command; the last one last."""
    resource, *others = make_resources(3)
    form = f"/admin/library/resource/{resource.pk}/change/"
    signed_in.post(form, filled_in(signed_in.get(form), title="Sleep"))
    maria = User.objects.create_user("maria", first_name="Maria", last_name="Ruiz")
    chosen = [other.pk for other in others]
    record(Resource, chosen, AuditEntry.Kind.CHANGED, by=maria, now=NOW, comment="Added a tag.")
    record(type(make_tag()), [make_tag("rest").pk], AuditEntry.Kind.ADDED, by=None, now=NOW)
    return [resource, *others]


def test_list_says_who_did_what_newest_first(signed_in: Client, acts: list[Resource]) -> None:
    tag, many, one = rows_of(signed_in)
    assert "a command" in tag
    assert "Tag: rest" in tag
    assert "Maria Ruiz" in many
    assert "Resources: 2" in many
    assert "Added a tag." in many
    assert "curator" in one
    assert "Resource: Sleep" in one
    assert "Changed Title." in one


def test_list_is_filtered_by_person_and_model(signed_in: Client, acts: list[Resource], curator: User) -> None:
    tag = AuditEntry.objects.acts()[0]
    assert len(rows_of(signed_in, f"?user__id__exact={curator.pk}")) == 1
    assert len(rows_of(signed_in, f"?about={tag.entity_type_id}")) == 1
    assert len(rows_of(signed_in, "?kind__exact=changed")) == 2
    assert len(rows_of(signed_in, "?about=x")) == 3
    assert rows_of(signed_in, "?about=99999999") == []


def test_act_leads_to_its_difference_and_to_its_rows(signed_in: Client, acts: list[Resource]) -> None:
    _tag, many, one = AuditEntry.objects.acts()
    answer = signed_in.get(f"{LIST}{one.pk}/rows/", follow=True)
    assert f"/library/resource/{acts[0].pk}/history/" in answer.redirect_chain[-1][0]
    assert "[inserted: Sleep" in read(answer.content).words
    page = read(signed_in.get(f"{LIST}{many.pk}/rows/").content)
    assert len(page.one("div", id="content-main").all("li")) == 2
    assert all("/history/" in link["href"] for link in page.one("div", id="content-main").all("a"))
    for address in ("0/rows/", "99999999999999999999999/rows/"):
        assert signed_in.get(LIST + address).status_code == 404


@pytest.mark.parametrize("rest", ["", "?kind__exact=changed&about=7", "deleted/?q=sleep", "7/rows/?page=2"])
def test_former_addresses_lead_to_those_of_today(client: Client, db: None, rest: str) -> None:
    answer = client.get(f"/admin/library/deed/{rest}")
    assert (answer.status_code, answer["Location"]) == (301, f"{LIST}{rest}")


def test_former_address_of_what_one_person_did_shows_it(signed_in: Client, acts: list[Resource], curator: User) -> None:
    response = signed_in.get(f"/admin/library/deed/?revision__user__id__exact={curator.pk}", follow=True)
    assert len(read(response.content).one("tbody").all("tr")) == 1


def test_baseline_stands_in_no_list(signed_in: Client) -> None:
    resource = make_resources(1)[0]
    record_before(Resource, [resource.pk], now=NOW)
    assert rows_of(signed_in) == rows_of(signed_in, "?kind__exact=baseline") == []
    assert signed_in.get(f"{LIST}{AuditEntry.objects.get().pk}/rows/").status_code == 404
    assert "As it was before" not in signed_in.get(LIST).text
    assert "As it was before the next change" in signed_in.get(f"/admin/library/resource/{resource.pk}/history/").text


def test_act_on_what_is_gone_says_so(signed_in: Client) -> None:
    tag = make_tag()
    signed_in.post(f"/admin/library/tag/{tag.pk}/delete/", {"post": "yes"})
    page = read(signed_in.get(f"{LIST}{AuditEntry.objects.acts().get().pk}/rows/").content)
    assert "sleep (since deleted)" in page.words


def test_nobody_changes_the_list(signed_in: Client, acts: list[Resource]) -> None:
    entry = AuditEntry.objects.acts().first()
    assert entry is not None
    assert signed_in.get(f"{LIST}add/").status_code == 403
    assert signed_in.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert signed_in.post(f"{LIST}{entry.pk}/change/", {"subject": "x"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    signed_in.post(LIST, form)
    assert AuditEntry.objects.acts().count() == 3


def test_only_administrators_see_it(acts: list[Resource]) -> None:
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_resource"))
    client = Client()
    client.force_login(editor)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{AuditEntry.objects.acts()[0].pk}/rows/").status_code == 403
    assert "Activity log" not in read(client.get("/admin/").content).words


def test_list_asks_no_more_for_more_acts(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    counts = []
    signed_in.get(LIST)  # which content types there are is asked once in a process
    for title in ("Sleep", "Rest"):
        for resource in make_resources(5, title):
            record(Resource, [resource.pk], AuditEntry.Kind.CHANGED, by=None, now=NOW)
        with django_assert_max_num_queries(20) as captured:
            signed_in.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_people_and_reports_and_moves_are_noted_without_their_texts(signed_in: Client, curator: User) -> None:
    form = f"/admin/library/user/{curator.pk}/change/"
    signed_in.post(form, filled_in(signed_in.get(form), first_name="Ann"))
    make_report(reason="other", words="Officer Smith told me.")
    signed_in.post("/admin/library/readerreport/", {"action": "dismiss", "_selected_action": make_report().pk})
    section = make_section()
    _one, two = make_resources(2, section=section)
    signed_in.post(f"/admin/library/resource/?section__id__exact={section.pk}", {"move": f"up {two.pk}"})
    moved, closed, named = rows_of(signed_in)
    assert "Changed the order" in moved
    assert "Officer Fatigue 2" in moved
    assert "Move up" in moved
    assert "1 open report was closed." in closed
    assert "Curator: curator" in named
    assert "Smith" not in signed_in.get(LIST).content.decode()


def test_what_was_done_to_people_and_groups_stands_on_their_own_pages_too(signed_in: Client, curator: User) -> None:
    people, groups = "/admin/library/user/", "/admin/auth/group/"
    signed_in.post(f"{groups}add/", filled_in(signed_in.get(f"{groups}add/"), name="Reviewers"))
    group = Group.objects.get(name="Reviewers")
    maria = User.objects.create_user("maria", is_staff=True)
    form = f"{people}{maria.pk}/change/"
    signed_in.post(form, filled_in(signed_in.get(form), first_name="Maria", groups=[group.pk]))
    words = "four words in row"
    signed_in.post(f"{people}{maria.pk}/password/", {"password1": words, "password2": words, "usable_password": "true"})

    password, named = history_of(signed_in, f"{people}{maria.pk}/")
    (added,) = history_of(signed_in, f"{groups}{group.pk}/")
    assert "curator Changed. Changed password." in password
    assert "curator Changed. Changed First name and Groups." in named
    assert "curator Added" in added
    assert [row.rpartition("curator")[2] for row in rows_of(signed_in)] == [
        " Changed Curator: maria Changed password.",
        " Changed Curator: maria Changed First name and Groups.",
        " Added Group: Reviewers -",
    ]

    signed_in.post(f"{groups}{group.pk}/delete/", {"post": "yes"})
    assert "Deleted Group: Reviewers" in rows_of(signed_in)[0]


def test_page_of_what_nobody_changed_says_so(signed_in: Client) -> None:
    page = read(signed_in.get(f"/admin/library/readerreport/{make_report().pk}/history/").content)
    assert "No changes recorded." in page.words
    assert page.all("table") == []


def history_of(client: Client, address: str) -> list[str]:
    return [row.words for row in read(client.get(f"{address}history/").content).one("tbody").all("tr")]


def test_nothing_is_written_into_the_log_of_django_or_read_from_it(signed_in: Client, acts: list[Resource]) -> None:
    tag = make_tag("gone")
    signed_in.post("/admin/library/tag/", {"action": "delete_selected", "_selected_action": tag.pk, "post": "yes"})
    signed_in.post(f"/admin/library/tag/{make_tag('fatigue').pk}/delete/", {"post": "yes"})
    assert AuditEntry.objects.filter(kind="deleted").count() == 2
    assert not LogEntry.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        assert "Recent actions" not in signed_in.get("/admin/").text
    assert "django_admin_log" not in str(queries.captured_queries)


def test_every_admin_writes_the_one_log() -> None:
    assert all(isinstance(owner, CuratedAdmin) for owner in admin.site._registry.values())
