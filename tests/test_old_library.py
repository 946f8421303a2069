"""A library that an older version of the code has left starts on today's, and loses nothing (`tests.old_library`)."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from library.accounts.encryption import decrypt
from library.history.record import record
from library.history.snapshot import versions_of
from library.imports.worker import run_imports
from library.models import AuditEntry, Category, FileImport, Guide, HelpLine, HelpLineChange, Resource, Tag, User
from tests.accounts.people import STEP, digits_of, sign_in
from tests.accounts.software_passkey import SoftwarePasskey
from tests.admin.roles import client_of
from tests.old_library import ANN, BOB, MOMENT, SECRET_KEY, clock_at, expected, statements
from tests.old_library.looking import pages, rows_of_tables
from tests.old_library.restoring import lead_to, new_database, upgraded_library
from tests.reading import Element, read

pytestmark = pytest.mark.xdist_group("old_library")  # restored once
BY_PASSKEY = "/admin/account/login/passkey/"
# Tables that have another name today.
MOVED = {"library_auditentry": "reversion_revision", "library_version": "reversion_version"}
ACTS = """
SELECT id, kind, entity_type_id, object_id, subject, total, created_at, user_id, comment
FROM library_auditentry ORDER BY id"""
# Beside when, by whom and in which words stood what was done; nothing did where a row was found as it was.
FORMER_ACTS = """
SELECT id, coalesce(kind, 'baseline'), coalesce(about_id, v.type), CASE WHEN kind IS NULL THEN v.pk ELSE object_id END,
    coalesce(subject, v.name, ''), coalesce(total, v.number), date_created, user_id, comment
FROM reversion_revision AS r LEFT JOIN library_deed AS d ON d.revision_id = r.id LEFT JOIN LATERAL (
    SELECT min(content_type_id) AS type, count(*) AS number,
        CASE count(*) WHEN 1 THEN min(o.object_id)::bigint END AS pk,
        CASE count(*) WHEN 1 THEN min(object_repr) END AS name
    FROM reversion_version AS o WHERE o.revision_id = r.id) AS v ON true ORDER BY id"""
VERSIONS = """
SELECT v.id, entry_id, entity_type_id, object_id, label,
    jsonb_build_array(data || jsonb_build_object('model', app_label || '.' || model, 'pk', object_id))
FROM library_version AS v JOIN django_content_type AS t ON t.id = entity_type_id ORDER BY v.id"""
FORMER_VERSIONS = """
SELECT id, revision_id, content_type_id, object_id::bigint, object_repr, serialized_data::jsonb
FROM reversion_version ORDER BY id"""
RIGHTS = """
SELECT g.name, t.app_label, p.codename
FROM auth_group_permissions JOIN auth_group AS g ON g.id = group_id
JOIN auth_permission AS p ON p.id = permission_id JOIN django_content_type AS t ON t.id = content_type_id
ORDER BY 1, 2, 3"""
# The dump has none: here they are of two published entries and a draft.
BEST_BETS = """
SET search_path TO public;
INSERT INTO public.library_bestbet (words, folded, position, resource_id)
SELECT words, folded, place, id FROM (
    SELECT id, row_number() OVER (ORDER BY id DESC) AS place FROM public.library_resource
    WHERE state = 'published' AND listed_at < now() AND expires_at IS NULL ORDER BY id DESC LIMIT 2
) AS shown JOIN (VALUES ('Shift-work', 'shift work', 1), ('shift work', 'shift work', 2)) AS v (words, folded, number)
ON number = place;
INSERT INTO public.library_bestbet (words, folded, position, resource_id)
SELECT 'Quiet', 'quiet', 1, id FROM public.library_resource WHERE state = 'draft' ORDER BY id LIMIT 1;
"""
RENAMED_MODELS = {
    "bestbet": "guide",
    "change": "pendingchange",
    "deed": "auditentry",
    "entryuse": "opencount",
    "formmark": "ratelimitcounter",
    "missedday": "zeroresultday",
    "missedword": "zeroresultterm",
}


def renamed(right: str) -> str:
    action, model = right.split("_", 1)
    return f"{action}_{RENAMED_MODELS.get(model, model)}"


@pytest.fixture(scope="module")
def upgraded(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a database to copy: the dump, and what `migrate` makes of it."""
    with django_db_blocker.unblock():
        before, name = str(connection.settings_dict["NAME"]), f"old_library_{os.getpid()}"
        with upgraded_library(name, also=BEST_BETS):
            lead_to(before)  # one that is to be copied has no connection
            yield name


@pytest.fixture
def own_copy(upgraded: str) -> Iterator[None]:
    """For a test that writes: a library of its own."""
    with new_database(f"{upgraded}_copy", like=upgraded):
        yield


@pytest.fixture(autouse=True)
def _old_library(upgraded: str, settings: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """All other tests read the same one."""
    settings.SECRET_KEY = SECRET_KEY
    if "own_copy" in request.fixturenames:
        request.getfixturevalue("own_copy")
        yield
        return
    before = str(connection.settings_dict["NAME"])
    lead_to(upgraded)
    answers("SET default_transaction_read_only = on")
    yield
    lead_to(before)


def page_of(client: Client, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return read(answer.content)


def answers(question: str) -> list[Any]:
    """The rows that this database has for it, if any."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def ann() -> Client:
    return client_of(User.objects.get(username=ANN))


# What others keep or rely on: anchors, entries, permanent links, ways out, and numbers to call.
_KEPT = re.compile(
    r'(?: id="[a-z][a-z0-9-]*"| href="(?:/(?:resources|sections|r|s)/[^"?]+|https?:[^"]+|tel:[^"]+|sms:[^"]+)"'
    r'|<loc>[^<]+</loc>|"(?:anchor|path|url)": "[^"]*")'
)


def test_every_public_page_has_the_anchors_links_and_numbers_that_it_had() -> None:
    before = expected()["pages"]
    with clock_at(MOMENT):
        now = pages(list(before))

    assert {path: page[:3] for path, page in now.items()} == {path: page[:3] for path, page in before.items()}
    lost = {
        path: gone for path in before if (gone := {*_KEPT.findall(before[path][3])} - {*_KEPT.findall(now[path][3])})
    }
    assert not lost
    assert {status for status, *_rest in now.values()} == {200, 301, 302, 404, 410}


def test_no_table_has_lost_a_row_or_got_one() -> None:
    rows = rows_of_tables()

    before = expected()["rows"]
    for today, former in MOVED.items():
        before[today] = before.pop(former)
    del before["library_bestbet"]  # guides
    del before["library_deed"]  # in the same rows as the revisions
    assert {table: rows.get(table) for table in before} == before


@pytest.mark.usefixtures("own_copy")
def test_every_act_and_version_is_there_with_its_person_moment_words_and_data(upgraded: str) -> None:
    today, acts, rights = answers(VERSIONS), answers(ACTS), answers(RIGHTS)
    with new_database(f"{upgraded}_before", like="template0"):
        answers(statements())
        connection.close()  # the dump has set up this one for itself
        assert answers(FORMER_VERSIONS) == today
        assert answers(FORMER_ACTS) == acts
        assert sorted((*row[:2], renamed(row[2])) for row in answers(RIGHTS)) == sorted(rights)

    assert {kind for _pk, kind, *_rest in acts} >= {"baseline", "added", "deleted", "restored", "imported"}
    assert ("Administrator", "library", "view_auditentry") in rights
    assert ("Administrator", "library", "view_zeroresultterm") in rights
    tag = Tag.objects.create(name="new", slug="new")
    record(Tag, [tag.pk], AuditEntry.Kind.ADDED, by=None, now=timezone.now())
    version = versions_of(Tag, tag.pk).get()
    assert (version.pk, version.entry_id) == (today[-1][0] + 1, acts[-1][0] + 1)
    assert answers("SELECT 1 FROM django_content_type WHERE app_label = 'reversion'") == []


def test_best_bets_are_guides_with_the_same_entries_and_words() -> None:
    draft, guide = Guide.objects.order_by("title")

    shown = list(Resource.objects.published(timezone.now()).filter(expires_at=None).order_by("-pk")[:2])
    assert (guide.title, guide.slug, guide.phrases) == ("Shift-work", "shift-work", "Shift-work\nshift work")
    assert (guide.folded, guide.state, guide.refs) == (["shift work"], "published", [row.ref for row in shown])
    assert (draft.title, draft.state) == ("Quiet", "draft")
    assert Client().get("/guides/shift-work/").status_code == 200
    card = page_of(Client(), "/resources/?q=shift+work").one("section", class_="guide-card")
    assert card.one("a")["href"] == "/guides/shift-work/"


def test_categories_stand_in_an_order() -> None:
    slugs = list(Category.objects.in_order().values_list("slug", flat=True))

    assert slugs[0] == "suicide-prevention"
    assert slugs.index("critical-incidents") > slugs.index("peer-support")


@pytest.mark.usefixtures("own_copy")
def test_history_is_there_and_an_older_version_can_be_restored() -> None:
    resource = Resource.objects.get(slug="building-personal-resilience")
    history = f"/admin/library/resource/{resource.pk}/history/"
    rows = page_of(ann(), history).one("tbody").all("tr")
    assert [next(name for name in ("ann", "bob", "eve", "As it was before") if name in row.words) for row in rows] == [
        "ann",
        "bob",
        "eve",
        "As it was before",
    ]
    address = rows[2].one("a")["href"]
    address = address if address.startswith("/") else history + address
    seen = page_of(ann(), address).one("input", name="_seen")["value"]

    assert ann().post(address, {"_seen": seen}).status_code == 302

    resource.refresh_from_db()
    assert resource.title == "Building Personal Resilience"
    assert set(resource.tags.names()) == {"resilience", "good habits"}


@pytest.mark.usefixtures("own_copy")
def test_what_was_deleted_can_be_recovered() -> None:
    root = client_of(User.objects.get(username="root"))
    deleted = "/admin/library/auditentry/deleted/"
    (row,) = [row for row in page_of(root, deleted).one("tbody").all("tr") if "A mistake" in row.words]

    root.post(deleted, {"version": row.one("input", name="version")["value"]})

    assert Resource.objects.get(title="A mistake").state == "draft"


@pytest.mark.usefixtures("own_copy")
def test_the_import_can_be_undone_and_the_other_one_was() -> None:
    root = client_of(User.objects.get(username="root"))
    imported, undone = FileImport.objects.get(name="kept.csv"), FileImport.objects.get(name="undone.csv")
    address = f"/admin/library/fileimport/{imported.pk}/change/"
    assert "A newer guide → A guide from a file" in page_of(root, address).words

    assert root.post(address, {"do": "undo", "sure": "yes"}).status_code == 302
    run_imports(timezone.now)

    states = {row.name: row.state for row in FileImport.objects.all()}
    assert states == {"kept.csv": "undone", "undone.csv": "undone"}
    assert Resource.objects.get(slug="a-newer-guide").title == "A newer guide"
    assert Resource.objects.get(url="https://example.org/from-a-file").state == "withdrawn"
    assert f"{undone.message}" in page_of(root, f"/admin/library/fileimport/{undone.pk}/change/").words


@pytest.mark.usefixtures("own_copy")
def test_both_second_steps_sign_in() -> None:
    secret = decrypt(Authenticator.objects.get(user__username=ANN, type="totp").data["secret"])
    client = Client()
    assert sign_in(client, ANN)["Location"] == STEP
    assert client.post(STEP, {"code": digits_of(secret)})["Location"] == "/admin/"

    passkey, other = SoftwarePasskey(User.objects.get(username=ANN)), Client()
    options = other.get(BY_PASSKEY, headers={"accept": "application/json"}).json()["request_options"]
    assert other.post(BY_PASSKEY, {"credential": passkey.answer(options)})["Location"] == "/admin/"
    assert Authenticator.objects.filter(type="webauthn").count() == 1


@pytest.mark.usefixtures("own_copy")
def test_the_change_of_a_help_line_is_approved_by_a_second_person() -> None:
    waiting = HelpLineChange.objects.open().get()
    address = f"/admin/library/helplinechange/{waiting.pk}/change/"
    form = {"_seen": page_of(ann(), address).one("input", name="_seen")["value"], "decision": "approve"}
    assert ann().post(address, form).status_code == 403

    assert client_of(User.objects.get(username=BOB)).post(address, form).status_code == 302

    assert HelpLine.objects.get(name="COPLINE").call_number == "1-800-555-0199"
    assert "1-800-555-0199" in Client().get("/help/").text


@pytest.mark.parametrize(
    ("path", "status", "leads_to"),
    [
        ("/s/podcasts/", 302, "/#the-beat"),
        ("/sections/podcasts/", 301, "/sections/the-beat/"),
        ("/resources/leo-near-miss/", 301, "/resources/near-miss/"),
    ],
)
def test_former_addresses_lead_to_those_of_today(path: str, status: int, leads_to: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (status, leads_to)


@pytest.mark.parametrize(("former", "today"), [("habits", "good-habits"), ("slepe", "sleep")])
def test_former_filters_show_the_lists_of_today(former: str, today: str) -> None:
    link = page_of(Client(), f"/resources/?tag={former}").one("link", rel="canonical")
    assert link["href"] == f"http://testserver/resources/?tag={today}"


@pytest.mark.usefixtures("own_copy")
def test_what_comes_later_is_noted_as_ever() -> None:
    """The triggers are there: a change is searched, counted and seen at once."""
    resource = Resource.objects.get(slug="near-miss")
    Resource.objects.filter(pk=resource.pk).update(title="Peregrine")
    assert "Peregrine" in Client().get("/resources/?q=peregrine").text
