"""Each page of each model answers: list, form, form for a new row, and for those who may only look."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from library.history.snapshot import VERSIONED_MODELS
from library.models import Publisher, User
from tests.admin.conftest import filled_in
from tests.factories import (
    make_help_line,
    make_resource,
)
from tests.reading import read

MODELS = [
    *(f"library/{model._meta.model_name}" for model in VERSIONED_MODELS),
    "library/readerreport",
    "library/zeroresultterm",
    "library/user",
    "auth/group",
]
NEVER_ADDED = {"library/page", "library/readerreport", "library/siteidentity", "library/zeroresultterm"}


def test_front_page_names_what_is_looked_after_in_a_natural_order(signed_in: Client) -> None:
    page = signed_in.get("/admin/")
    groups = page.context["app_list"]
    assert [str(group["name"]) for group in groups] == ["The library", "People"]
    assert [model["object_name"] for model in groups[0]["models"]] == [
        "Resource",
        "Guide",
        "ReaderReport",
        "FileImport",
        "ZeroResultTerm",
        "Section",
        "HelpLine",
        "HelpLineChange",
        "Page",
        "SiteIdentity",
        "Publisher",
        "Series",
        "Category",
        "Tag",
        "SynonymGroup",
        "CrisisTerm",
    ]
    assert [model["object_name"] for model in groups[1]["models"]] == ["User", "Group", "AuditEntry"]
    assert "Officer Mental Health Resources – curators" in page.content.decode()


def test_taggits_own_tags_are_not_offered(signed_in: Client) -> None:
    assert signed_in.get("/admin/taggit/tag/").status_code == 404


def status_of(model: str, address: str) -> int:
    """The list of what has one row leads to its form, whatever it is asked for."""
    return 302 if model == "library/siteidentity" and "/" not in address else 200


@pytest.mark.parametrize("model", MODELS)
def test_list_and_form_of_each_model_answer(signed_in: Client, every_model: dict[str, Any], model: str) -> None:
    row = every_model[model]
    for address in ("", "?q=officer", f"{row.pk}/change/", f"{row.pk}/history/"):
        page = signed_in.get(f"/admin/{model}/{address}")
        assert page.status_code == status_of(model, address), address
        if page.context and "cl" in page.context:
            assert read(page.content).one("h1").words.lower() == str(row._meta.verbose_name_plural).lower()


@pytest.mark.parametrize("model", [model for model in MODELS if model not in NEVER_ADDED])
def test_form_for_a_new_row_of_each_model_answers(signed_in: Client, every_model: dict[str, Any], model: str) -> None:
    assert signed_in.get(f"/admin/{model}/add/").status_code == 200


@pytest.mark.parametrize("model", [model for model in MODELS if model != "library/zeroresultterm"])
def test_form_of_each_model_is_saved_as_it_came(signed_in: Client, every_model: dict[str, Any], model: str) -> None:
    address = f"/admin/{model}/{every_model[model].pk}/change/"
    response = signed_in.post(address, filled_in(signed_in.get(address)))
    assert response.status_code == 302, response.context["errors"]


@pytest.mark.parametrize("model", MODELS)
def test_who_may_only_look_sees_every_form_and_changes_nothing(every_model: dict[str, Any], model: str) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(
        permission for permission in viewer.user_permissions.model.objects.filter(codename__startswith="view_")
    )
    client = Client()
    client.force_login(viewer)
    address = f"/admin/{model}/{every_model[model].pk}/change/"
    assert client.get(f"/admin/{model}/").status_code == status_of(model, "")
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "Mine"}).status_code == 403
    assert client.get(f"/admin/{model}/add/").status_code == 403


def test_ten_more_entries_of_a_section_in_order_cost_no_more_queries(signed_in: Client) -> None:
    section = make_resource().section
    address = f"/admin/library/resource/?section__id__exact={section.pk}"
    with CaptureQueriesContext(connection) as before:
        signed_in.get(address)
    for number in range(10):
        make_resource(f"Episode {number}", section=section)
    with CaptureQueriesContext(connection) as after:
        assert signed_in.get(address).context["cl"].result_count == 11
    assert len(after) == len(before) <= 15  # one of them for the filters that one has kept


def test_texts_of_the_site_are_changed_but_neither_made_nor_deleted(
    signed_in: Client, every_model: dict[str, Any]
) -> None:
    page = every_model["library/page"]
    address = f"/admin/library/page/{page.pk}/change/"
    signed_in.post(address, filled_in(signed_in.get(address), name="privacy", body="New words."))
    page.refresh_from_db()
    assert (page.name, page.body) == ("about", "New words.")
    assert signed_in.get("/admin/library/page/add/").status_code == 403
    assert signed_in.post(f"/admin/library/page/{page.pk}/delete/", {"post": "yes"}).status_code == 403


def test_help_line_begins_with_the_day_of_its_verification(signed_in: Client) -> None:
    line = make_help_line("COPLINE", call_number="1-800-267-5463", verified_on=localdate() - timedelta(days=400))
    page = signed_in.get(f"/admin/library/helpline/{line.pk}/change/")
    assert next(iter(page.context["adminform"])).fields[0] == "verified_on"
    assert "Overdue" in (words := signed_in.get("/admin/library/helpline/").content.decode())
    assert "(400 days ago)" in words


def test_a_new_day_of_verification_is_signed_by_whoever_wrote_it_down(signed_in: Client) -> None:
    line = make_help_line("COPLINE", call_number="1", verified_by="Somebody", verified_on=localdate() - timedelta(5))
    address = f"/admin/library/helpline/{line.pk}/change/"
    signed_in.post(address, filled_in(signed_in.get(address), notes="Quick"))
    line.refresh_from_db()
    assert (line.notes, line.verified_by) == ("Quick", "Somebody")
    signed_in.post(address, filled_in(signed_in.get(address), verified_on=localdate().isoformat()))
    line.refresh_from_db()
    assert (line.verified_on, line.verified_by) == (localdate(), "curator")
    changes = {"verified_on": (localdate() - timedelta(1)).isoformat(), "verified_by": "Another"}
    signed_in.post(address, filled_in(signed_in.get(address), **changes))
    line.refresh_from_db()
    assert line.verified_by == "Another"


def test_front_page_leads_to_the_help_lines_that_somebody_has_to_verify(signed_in: Client) -> None:
    make_help_line("COPLINE", call_number="1", verified_on=localdate() - timedelta(days=90))
    assert "last verified" not in signed_in.get("/admin/").content.decode()
    make_help_line("Older", call_number="1", verified_on=localdate() - timedelta(days=91))
    assert "1 help line was last verified more than 90 days ago" in signed_in.get("/admin/").content.decode()
    make_help_line("Oldest", call_number="1", verified_on=localdate() - timedelta(days=92))
    assert "2 help lines were last verified more than 90 days ago" in signed_in.get("/admin/").content.decode()
    rows = signed_in.get("/admin/library/helpline/?verified=overdue").context["cl"].result_list
    assert [line.name for line in rows] == ["Older", "Oldest"]


def test_front_page_names_none_to_whom_they_are_hidden(client: Client, db: None) -> None:
    make_help_line("Older", call_number="1", verified_on=localdate() - timedelta(days=91))
    client.force_login(User.objects.create_user("author", is_staff=True))
    assert "help line" not in client.get("/admin/").content.decode()


def test_publisher_gets_an_address_name_from_its_name(signed_in: Client) -> None:
    address = "/admin/library/publisher/add/"
    signed_in.post(address, {"name": "Blue H.E.L.P.", "slug": "", "url": ""})
    assert Publisher.objects.get(name="Blue H.E.L.P.").slug == "blue-help"
    signed_in.post(address, {"name": "Blue HELP", "slug": "blue-help", "url": ""})
    assert Publisher.objects.get(name="Blue HELP").slug == "blue-help-2"
