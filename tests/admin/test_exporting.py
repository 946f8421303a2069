"""Lists as files: what they show, in their order; for those who may see them."""

import csv
import io
import json
from datetime import datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from library.accounts.permissions import make_groups
from library.admin import exports
from library.admin.base import CuratedAdmin
from library.help_lines.approval import propose
from library.history.record import record_event
from library.models import AuditEntry, Resource, SiteIdentity, User
from tests.admin.roles import make_person
from tests.factories import (
    make_category,
    make_crisis_term,
    make_guide,
    make_help_line,
    make_page,
    make_publisher,
    make_report,
    make_resource,
    make_resources,
    make_section,
    make_series,
    make_synonyms,
    make_tag,
    miss,
)
from tests.imports.asking import upload
from tests.reading import read

CSV = "/admin/library/resource/export/csv/"
JSON = "/admin/library/resource/export/jsonl/"
XLSX = "/admin/library/resource/export/xlsx/"


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{JSON}{query}")
    assert response.status_code == 200
    return [json.loads(line)["title"] for line in response.getvalue().decode().splitlines()]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (CSV, "text/csv; charset=utf-8"),
        (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (JSON, "application/jsonl; charset=utf-8"),
    ],
)
def test_gives_a_file_to_keep(signed_in: Client, address: str, kind: str) -> None:
    make_resource()

    response = signed_in.get(address)

    assert (response.status_code, response["Content-Type"]) == (200, kind)
    ending = address.rstrip("/").rpartition("/")[2]
    assert response["Content-Disposition"].startswith('attachment; filename="resources-20')
    assert response["Content-Disposition"].endswith(f'.{ending}"')
    assert "no-store" in response["Cache-Control"]
    assert len(response.getvalue()) > 100


def test_has_what_the_list_shows_in_its_order_on_all_pages(signed_in: Client) -> None:
    make_resources(60)
    make_resource("Peer support", kind="site", section=make_section("websites"))
    make_resource("Draft", state="draft")

    assert len(titles(signed_in)) == 62
    assert titles(signed_in, "?kind__exact=site") == ["Peer support"]
    assert titles(signed_in, "?q=peer") == ["Peer support"]
    assert titles(signed_in, "?state__exact=draft&o=1") == ["Draft"]
    query = "?kind__exact=podcast&o=1&p=2"
    shown = signed_in.get(f"/admin/library/resource/{query}").context["cl"].queryset
    assert titles(signed_in, query) == list(shown.values_list("title", flat=True))
    by_title = signed_in.get("/admin/library/resource/").context["cl"].list_display.index("title")
    assert titles(signed_in, f"?o={by_title}")[:2] == ["Draft", "Officer Fatigue 1"]
    assert titles(signed_in, f"?o=-{by_title}")[0] == "Peer support"


def test_has_a_section_in_the_order_that_curators_gave_it(signed_in: Client) -> None:
    first, second = make_resources(2)
    second.section.move_entry(second.pk, "top")

    assert titles(signed_in, f"?section__id__exact={first.section_id}") == [second.title, first.title]


def test_list_links_to_its_own_files(signed_in: Client) -> None:
    make_resource()

    page = read(signed_in.get("/admin/library/resource/?q=resilience&o=1").content.decode())

    links = [link["href"] for link in page.one("ul", class_="object-tools").all("a")]
    query = "?o=1&q=resilience"
    files = [CSV + query, XLSX + query, JSON + query]
    assert links[-5:] == ["/admin/library/fileimport/add/", *files, f"/admin/library/resource/export/{query}"]


@pytest.mark.parametrize("query", ["?title__regex=(", "?unknown=1", "?position__range=1", "?o=" + "1." * 50])
def test_question_that_a_list_did_not_offer_leads_to_the_plain_list(signed_in: Client, query: str) -> None:
    make_resource()

    response = signed_in.get(f"{CSV}{query}", follow=True)

    assert response.redirect_chain == [("/admin/library/resource/", 302)]
    assert "That link asked for something this list doesn’t have" in response.content.decode()


def test_more_than_an_xlsx_should_hold_is_left_to_csv(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_resources(2)
    monkeypatch.setattr(exports, "XLSX_LIMIT", 1)

    assert "or export it as CSV" in signed_in.get(XLSX, follow=True).content.decode()
    assert signed_in.get(CSV).status_code == 200


def test_is_for_those_who_may_see_resources(client: Client, db: None) -> None:
    make_resource()
    person = User.objects.create_user("viewer", is_staff=True)
    client.force_login(person)
    assert client.get(CSV).status_code == 403

    person.user_permissions.add(Permission.objects.get(codename="view_resource"))
    assert client.get(CSV).status_code == 200
    assert "Import from a file" not in client.get("/admin/library/resource/").content.decode()
    client.logout()
    assert client.get(CSV)["Location"].startswith("/admin/login/")


def test_asks_as_often_for_sixty_as_for_one(signed_in: Client) -> None:
    make_resource()
    with CaptureQueriesContext(connection) as before:
        signed_in.get(CSV).getvalue()
    make_resources(59)
    with CaptureQueriesContext(connection) as after:
        signed_in.get(CSV).getvalue()

    assert Resource.objects.count() == 60
    assert len(after) == len(before) <= 16


def test_xlsx_opens(signed_in: Client) -> None:
    make_resource("=1+1")

    sheet = load_workbook(io.BytesIO(signed_in.get(XLSX).getvalue())).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


LISTS = sorted(
    f"{owner.opts.app_label}/{owner.opts.model_name}"
    for owner in admin.site._registry.values()
    if isinstance(owner, CuratedAdmin) and owner.model is not SiteIdentity  # one row, whose list is its form
)


def exported(client: Client, model: str, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/admin/{model}/export/jsonl/{query}")
    assert response.status_code == 200
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


def make_one_of_each(by: User) -> None:
    entry = make_resource("Peer support", publisher=make_publisher(), tags=["stress"])
    make_category("sleep", "Sleep")
    make_series(entry.publisher)
    make_synonyms("cop, officer")
    make_crisis_term("end it all")
    make_guide("Peers", entry)
    make_page("about")
    miss("rhabdo")
    make_groups()
    make_report(resource=entry, words="word " * 50 + "end")
    line = make_help_line()
    line.audience = "Anyone awake"
    propose(line, {"audience"}, by, timezone.now())
    record_event(Resource, AuditEntry.Kind.MOVED, row=entry, by=by, now=timezone.now(), comment="To the top")
    upload("Night,forum,forums,https://example.org/night,,,,,")


@pytest.mark.parametrize("model", LISTS)
def test_every_list_is_had_as_a_file_of_each_kind(signed_in: Client, curator: User, model: str) -> None:
    make_one_of_each(curator)
    answer = signed_in.get(f"/admin/{model}/")
    links = [link["href"] for link in read(answer.content.decode()).one("ul", class_="object-tools").all("a")]
    files = [f"/admin/{model}/export/{ending}/?" for ending in ("csv", "xlsx", "jsonl")]
    assert [link for link in links if link in files] == files

    rows = exported(signed_in, model)
    assert len(rows) == answer.context["cl"].result_count > 0
    assert not [value for row in rows for value in row.values() if "</" in value or "<function" in value]
    table = list(csv.reader(io.StringIO(signed_in.get(files[0]).getvalue().decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(signed_in.get(files[1]).getvalue())).active
    assert table[0] == [cell.value for cell in sheet[1]] == list(rows[0])
    assert len(set(table[0])) == len(table[0])
    assert len(table) == sheet.max_row == len(rows) + 1


def test_file_has_the_words_of_the_list_without_its_links(signed_in: Client, curator: User) -> None:
    make_one_of_each(curator)
    make_tag("R&R <off> duty")

    assert exported(signed_in, "library/tag", "?q=r%26r") == [
        {"Name": "R&R <off> duty", "Slug": "rr-off-duty", "Entries": "0 entries"}
    ]
    section = exported(signed_in, "library/section")[0]
    assert (section["Anchor"], section["State"], section["Entries"]) == ("podcasts", "Published", "1")
    report = exported(signed_in, "library/readerreport")[0]
    assert report["The reader’s words"] == "word " * 50 + "end"
    act = exported(signed_in, "library/auditentry", "?kind__exact=moved")[0]
    assert (act["Item"], act["Comment"]) == ("Resource: Peer support", "To the top")
    change = exported(signed_in, "library/helplinechange")[0]
    assert change["Proposed by"] == str(curator)
    assert datetime.fromisoformat(change["Proposed on"]).tzinfo is not None


def test_other_lists_ask_as_often_for_sixty_as_for_one_and_name_no_formula(signed_in: Client) -> None:
    make_tag("=1+1")
    address = "/admin/library/tag/export/csv/"
    with CaptureQueriesContext(connection) as before:
        assert "'=1+1," in signed_in.get(address).getvalue().decode()
    for number in range(59):
        make_tag(f"tag {number}")
    with CaptureQueriesContext(connection) as after:
        assert signed_in.get(address).getvalue().decode().count("\n") == 61
    assert len(after) == len(before)


@pytest.mark.parametrize("model", LISTS)
def test_no_list_is_a_file_for_those_who_may_not_see_it(client: Client, db: None, model: str) -> None:
    client.force_login(make_person("nobody"))
    for ending in ("csv", "xlsx", "jsonl"):
        assert client.get(f"/admin/{model}/export/{ending}/").status_code == 403
