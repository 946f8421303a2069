"""Somebody saves while an import holds what that needs: a sentence, with everything typed, and nothing changed."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from library.history.snapshot import versions_of
from library.models import AuditEntry, CrisisTerm, Publisher, Resource, Section
from tests.admin.conftest import filled_in
from tests.admin.test_bulk import answer, choose
from tests.admin.test_feed_pages import messages_of, preview, take
from tests.factories import make_crisis_term, make_resource, make_section, make_series
from tests.imports.conftest import item
from tests.reading import read

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/library/resource/"
ADD = f"{LIST}add/?kind=site"
WHY = "That took too long, maybe because an import is running. Try again in a minute."

# As an undo locks them, so that nobody adds or moves an entry; and as imports do, each entry that a row speaks of.
SECTIONS = "SELECT id FROM library_section ORDER BY id FOR NO KEY UPDATE"
ENTRIES = "SELECT id FROM library_resource ORDER BY id FOR UPDATE"


@pytest.fixture(autouse=True)
def _short_patience(settings: Any) -> None:
    settings.ADMIN_STATEMENT_TIMEOUT = 0.6


@contextmanager
def held(statement: str) -> Iterator[None]:
    """What this statement locks, another connection holds meanwhile; not for ever, where somebody waits without end."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout TO '30s'")
        cursor.execute("BEGIN")
        cursor.execute(statement)
        yield


@contextmanager
def trigger(statement: str) -> Iterator[None]:
    """This is run at the end of each transaction that changes an entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION at_the_end() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {statement}; RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER at_the_end AFTER UPDATE ON library_resource DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION at_the_end()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION at_the_end() CASCADE")


def form_of(row: Any) -> str:
    return f"/admin/library/{row._meta.model_name}/{row.pk}/change/"


def above(page: Any) -> list[str]:
    """What is said above the form; nothing must have been told of a success."""
    assert page.status_code == 200
    assert messages_of(page) == ""
    return list(page.context["adminform"].form.non_field_errors())


def test_new_entry_comes_back_as_it_was_typed_and_can_be_saved_then(signed_in: Client) -> None:
    section = make_section()
    form = filled_in(signed_in.get(ADD), title="Sleep", slug="", summary="Long words.", section=section.pk)

    with held(SECTIONS):
        page = signed_in.post(ADD, form)

    assert above(page) == [f"Nothing was saved, and what you typed is still here. {WHY}"]
    again = filled_in(page)
    assert (again["title"], again["summary"]) == ("Sleep", "Long words.")
    assert not Resource.objects.exists()
    assert signed_in.post(ADD, again).status_code == 302
    assert Resource.objects.get().summary == "Long words."


@pytest.mark.parametrize("lock", [SECTIONS, ENTRIES])
def test_entry_that_moves_comes_back_as_it_was_typed_and_can_be_saved_then(signed_in: Client, lock: str) -> None:
    resource, other = make_resource(), make_section("there")
    form = filled_in(signed_in.get(form_of(resource)), title="Sleep", slug="sleep", section=other.pk)

    with held(lock):
        page = signed_in.post(form_of(resource), form)

    assert above(page) == [f"Nothing was saved, and what you typed is still here. {WHY}"]
    assert not AuditEntry.objects.acts().exists()
    assert signed_in.post(form_of(resource), filled_in(page)).status_code == 302
    resource.refresh_from_db()
    assert (resource.title, resource.section) == ("Sleep", other)


def test_what_somebody_else_saved_in_that_minute_is_asked_about(signed_in: Client) -> None:
    resource = make_resource()
    mine = filled_in(signed_in.get(form_of(resource)), title="Mine")
    theirs = filled_in(signed_in.get(form_of(resource)), title="Theirs")

    with held(ENTRIES):
        page = signed_in.post(form_of(resource), mine)
    assert signed_in.post(form_of(resource), theirs).status_code == 302

    assert signed_in.post(form_of(resource), filled_in(page)).status_code == 409


def test_nothing_is_moved_and_the_list_says_why(signed_in: Client) -> None:
    section = make_section()
    first, second = make_resource("One", section=section), make_resource("Two", section=section)
    address = f"{LIST}?section__id__exact={section.pk}"

    with held(SECTIONS):
        page = signed_in.post(address, {"move": f"up {second.pk}"}, follow=True)

    assert page.redirect_chain == [(f"{address}#up_{second.pk}", 302)]
    assert messages_of(page) == f"Nothing was moved. {WHY}"
    assert list(section.resources.order_by("position")) == [first, second]


def test_chosen_episodes_stay_chosen(signed_in: Client) -> None:
    make_series()
    make_section()
    page = preview(signed_in, item("1", "Sleep"), item("2", "Stress"))

    with held(SECTIONS):
        page = take(signed_in, page, 1)

    assert page.status_code == 200
    assert messages_of(page) == f"No drafts were made. Your selection is still here. {WHY}"
    boxes = {box["value"]: box.get("checked") is not None for box in read(page.content).all("input", name="chosen")}
    assert boxes == {"0": False, "1": True}
    assert take(signed_in, page, 1).status_code == 200
    assert Resource.objects.get().title == "Stress"


def test_many_at_once_are_left_and_the_question_stays(signed_in: Client) -> None:
    entry = make_resource(state="draft", listed_at=None)
    page = choose(signed_in, "publish", entry)

    with held(ENTRIES):
        page = answer(signed_in, page, "publish", confirmed="yes")

    assert messages_of(page) == f"Nothing was changed. {WHY}"
    assert answer(signed_in, page, "publish", confirmed="yes").status_code == 302


def test_what_is_chosen_in_a_list_is_left(signed_in: Client) -> None:
    term = make_crisis_term("resilience")
    form = {"action": "delete_selected", "_selected_action": [term.pk], "post": "yes"}

    with held("SELECT id FROM library_crisisterm FOR UPDATE"):
        page = signed_in.post("/admin/library/crisisterm/", form, follow=True)

    assert messages_of(page) == WHY
    assert CrisisTerm.objects.get() == term


def test_older_version_is_not_brought_back_and_nothing_deleted(signed_in: Client) -> None:
    section = make_section(state="draft")
    form = filled_in(signed_in.get(form_of(section)), title="Other")
    assert signed_in.post(form_of(section), form).status_code == 302
    old = versions_of(Section, section.pk)[1]
    address = form_of(section).replace("change/", f"history/{old.pk}/")
    seen = read(signed_in.get(address).content).one("input", name="_seen")["value"]

    with held(SECTIONS):
        page = signed_in.post(address, {"_seen": seen}, follow=True)
        assert messages_of(page) == f"Nothing was changed. {WHY}"
        page = signed_in.post(form_of(section).replace("change/", "delete/"), {"post": "yes"}, follow=True)
        assert messages_of(page) == WHY

    section.refresh_from_db()
    assert section.title == "Other"


def test_proposed_publisher_that_an_import_is_making_costs_nothing_typed(signed_in: Client) -> None:
    make_section()
    form = filled_in(signed_in.get(ADD), title="Sleep", _use="publisher", proposed_publisher="COPS Office")

    with held("INSERT INTO library_publisher (name, slug, url) VALUES ('COPS Office', 'cops-office', '')"):
        page = signed_in.post(ADD, form)

    assert (messages_of(page), filled_in(page)["title"]) == (WHY, "Sleep")
    assert not Publisher.objects.exists()


def test_a_save_that_would_wait_at_its_very_end_does_not_wait_for_ever(signed_in: Client) -> None:
    resource = make_resource()
    form = filled_in(signed_in.get(form_of(resource)), title="Sleep", slug="sleep")
    with trigger("PERFORM 1 FROM library_section FOR NO KEY UPDATE"), held(SECTIONS):
        page = signed_in.post(form_of(resource), form)

    assert above(page) == [f"Nothing was saved, and what you typed is still here. {WHY}"]
    resource.refresh_from_db()
    assert resource.slug == "building-personal-resilience"


def test_what_is_refused_at_the_very_end_is_not_told_as_done(signed_in: Client) -> None:
    resource = make_resource()
    form = filled_in(signed_in.get(form_of(resource)), title="Sleep", slug="sleep")
    with trigger("RAISE EXCEPTION 'Not at night.' USING ERRCODE = 'restrict_violation'"):
        page = signed_in.post(form_of(resource), form)

    assert above(page) == ["Not at night."]
    resource.refresh_from_db()
    assert resource.slug == "building-personal-resilience"


def test_a_database_that_is_away_is_the_page_that_says_so(signed_in: Client) -> None:
    resource = make_resource()
    form = filled_in(signed_in.get(form_of(resource)), title="Sleep")
    with trigger("PERFORM pg_terminate_backend(pg_backend_pid())"):
        assert signed_in.post(form_of(resource), form).status_code == 503
        connection.close()
