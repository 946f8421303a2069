"""Importing on the curators' desk: upload, look, say yes, take it back; and everything that is refused."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from library.accounts.permissions import Role
from library.exports.columns import COLUMNS
from library.imports.worker import run_imports
from library.models import FileImport, Resource, User
from tests.admin.conftest import refuse
from tests.admin.roles import client_of, make_person
from tests.factories import make_resource, make_section
from tests.reading import Element, read

LIST = "/admin/library/fileimport/"
ADD = f"{LIST}add/"
HEADER = "title,kind,section,url"
GOOD = "Resilience,podcast,podcasts,https://example.org/1"


@pytest.fixture(autouse=True)
def _section(db: None) -> None:
    make_section("podcasts")


def send(client: Client, *rows: str, name: str = "list.csv", header: str = HEADER, **fields: str) -> Any:
    content = "\n".join([header, *rows]).encode()
    return client.post(ADD, {"file": SimpleUploadedFile(name, content), **fields})


def uploaded(client: Client, *rows: str, **fields: str) -> str:
    """The address of the page of an import that was checked."""
    response = send(client, *rows, **fields)
    assert response.status_code == 302
    run_imports(timezone.now)
    return str(response["Location"])


def press(client: Client, address: str, **fields: str) -> str:
    """What the page says when that was done."""
    assert client.post(address, fields)["Location"] == address
    run_imports(timezone.now)
    return words(client, address)


def page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return read(response.content.decode())


def words(client: Client, address: str) -> str:
    return page(client, address).one("div", id="content-main").words


def test_a_file_is_checked_imported_and_undone(signed_in: Client) -> None:
    old = make_resource("Old", url="https://example.org/2")
    address = uploaded(signed_in, GOOD, "New,podcast,podcasts,https://example.org/2")

    text = words(signed_in, address)
    assert "New entries: 1. Entries that change: 1. No changes needed: 0. Bad rows: 0." in text
    assert "New entries become drafts." in text
    assert "title : Old → New" in text
    assert "kind : podcast" in text
    assert "section : Podcasts" in text
    assert page(signed_in, address).one("a", href=f"/admin/library/resource/{old.pk}/change/").words == "New"
    assert Resource.objects.get() == old

    text = press(signed_in, address, do="import")
    assert "Imported." in text
    assert Resource.objects.count() == 2

    text = press(signed_in, address, do="undo", sure="yes")
    assert "Undone: 1 as before, 1 drafts deleted, 0 withdrawn." in text
    assert [resource.title for resource in Resource.objects.all()] == ["Old"]


def test_bad_rows_are_told_and_can_be_left_out(signed_in: Client) -> None:
    address = uploaded(signed_in, GOOD, "Other,novel,podcasts,nonsense")

    text = words(signed_in, address)
    assert "kind : “novel” isn’t a kind of resource." in text
    assert "Import 1 row, skip the bad ones" in text
    assert press(signed_in, address, do="import").count("Checked; nothing written yet.") == 1
    assert Resource.objects.count() == 0
    assert "Bad rows skipped: 1." in press(signed_in, address, do="import-good")
    assert Resource.objects.count() == 1


def test_an_address_that_the_library_has_is_told_with_a_link(signed_in: Client) -> None:
    old = make_resource("Resilience", url="http://example.org/1/")
    address = uploaded(signed_in, "Resilience,podcast,podcasts,http://example.org/1/#part")

    shown = page(signed_in, f"{address}?show=changed").one("table")
    assert shown.one("a")["href"] == f"/admin/library/resource/{old.pk}/change/"


def test_an_address_of_another_entry_is_told_with_a_link(signed_in: Client) -> None:
    first = make_resource("First", url="https://example.org/1")
    second, third = (make_resource(title, url=f"https://example.org/{title}") for title in ("Second", "Third"))
    rows = [
        f",,,https://example.org/1,{second.ref}",
        "New,podcast,podcasts,https://example.org/new,",
        f",,,https://example.org/new,{third.ref}",
    ]
    address = uploaded(signed_in, *rows, header=f"{HEADER},ref")

    shown = page(signed_in, address)
    assert "Lines that give an entry the address of another entry: 2, 4" in shown.words
    to_first, to_new = shown.one("tbody").all("p", class_="wrong")
    assert to_first.words == "Another entry has the same address: First"
    assert to_first.one("a")["href"] == f"/admin/library/resource/{first.pk}/change/"
    assert to_new.words == "Another entry has the same address: line 3, New"
    assert "Imported." in press(signed_in, address, do="import")
    assert "Another entry has the same address: First" in words(signed_in, address)


def test_parts_of_the_table_and_its_pages_have_addresses(signed_in: Client) -> None:
    rows = [f"Officer Fatigue {number},podcast,podcasts,https://example.org/{number}" for number in range(1, 121)]
    address = uploaded(signed_in, "Bad,novel,podcasts,https://example.org/x", *rows)

    def shown(query: str) -> int:
        return len(page(signed_in, address + query).one("tbody").all("tr"))

    assert (shown(""), shown("?show=bad"), shown("?show=new"), shown("?show=new&page=2")) == (100, 1, 100, 20)
    assert (shown("?show=nonsense&page=x"), shown("?page=99999")) == (100, 21)
    assert page(signed_in, f"{address}?show=same").one("tbody").words == "No rows."


def test_page_costs_the_same_for_any_number_of_rows(signed_in: Client) -> None:
    def queries(*rows: str) -> int:
        address = uploaded(signed_in, *rows)
        with CaptureQueriesContext(connection) as captured:
            words(signed_in, address)
        return len(captured)

    many = [f"Fatigue {number},podcast,podcasts,https://example.org/{number}" for number in range(30)]
    assert queries(GOOD) == queries(*many) <= 10


def reloads_itself(shown: Element) -> bool:
    """Whether the page asks by itself how far it is."""
    return any("js/admin/progress" in (script.get("src") or "") for script in shown.all("script"))


def test_says_how_far_it_is_and_looks_again_by_itself(signed_in: Client) -> None:
    address = send(signed_in, GOOD)["Location"]
    assert "Starts in a moment" in words(signed_in, address)

    FileImport.objects.update(rows_done=42_000)

    shown = page(signed_in, address)
    assert "42,000 rows so far." in shown.words
    assert "42,000 rows so far." in shown.one("span", id="import_progress").words
    assert reloads_itself(shown)
    assert shown.one("a", href="?").words == "Refresh"


def test_says_how_far_an_undoing_is(signed_in: Client) -> None:
    address = uploaded(signed_in, GOOD)
    press(signed_in, address, do="import")
    FileImport.objects.update(state="undoing", created=90_000, rows_done=42_000, requested_at=timezone.now())

    assert "42,000 of 90,000 entries undone so far." in words(signed_in, address)


def test_says_so_when_the_work_has_stopped_and_starts_it_again(signed_in: Client) -> None:
    address = send(signed_in, GOOD)["Location"]
    assert "can’t be done now" in signed_in.post(address, {"do": "again"}, follow=True).content.decode()
    FileImport.objects.update(requested_at=timezone.now() - timedelta(minutes=1))

    shown = page(signed_in, address)
    assert "The work stopped before it finished" in shown.words
    assert not reloads_itself(shown)
    assert "New entries: 1." in press(signed_in, address, do="again")


def test_says_which_entries_stand_in_the_way_of_undoing(signed_in: Client) -> None:
    address = uploaded(signed_in, GOOD)
    press(signed_in, address, do="import")
    Resource.objects.update(title="Corrected")

    text = press(signed_in, address, do="undo", sure="yes")

    assert "Nothing was undone: 1 entry has been edited since the import." in text
    assert "Blocking undo: 1" in text
    edited = page(signed_in, f"{address}?show=edited").one("tbody")
    assert edited.one("a")["href"] == f"/admin/library/resource/{Resource.objects.get().pk}/change/"


def test_says_which_entries_somebody_has_changed_since_the_check(signed_in: Client) -> None:
    make_resource("Old title", url="https://example.org/1")
    address = uploaded(signed_in, GOOD)
    Resource.objects.update(title="Bob’s title")

    text = press(signed_in, address, do="import")

    assert "Nothing was written: since the check, someone edited 1 entry this file would change." in text
    assert "Edited since the last check: 1" in text
    rows = page(signed_in, f"{address}?show=edited").one("tbody").all("tr")
    assert [row.all("td")[0].words for row in rows] == ["2"]
    assert "Someone edited this entry after the last check." in rows[0].words
    assert "Bob’s title" in rows[0].words
    assert Resource.objects.get().title == "Bob’s title"
    assert "Imported." in press(signed_in, address, do="import")
    assert "someone edited" not in words(signed_in, address)


def test_undoing_asks_for_a_tick_and_ends_after_a_month(signed_in: Client) -> None:
    address = uploaded(signed_in, GOOD)
    assert "Undo" not in words(signed_in, address)
    press(signed_in, address, do="import")
    assert "Undo this import" in press(signed_in, address, do="undo")

    FileImport.objects.update(imported_at=timezone.now() - timedelta(days=30))

    assert "imported more than 30 days ago" in press(signed_in, address, do="undo", sure="yes")
    assert Resource.objects.count() == 1


@pytest.mark.parametrize("wish", ["", "import", "import-good", "undo", "again", "nonsense"])
def test_nothing_happens_that_the_page_does_not_offer(signed_in: Client, wish: str) -> None:
    address = uploaded(signed_in, "Bad,novel,podcasts,https://example.org/x")

    assert "can’t be done now" in signed_in.post(address, {"do": wish, "sure": "yes"}, follow=True).content.decode()
    assert FileImport.objects.get().state == "checked"


def test_what_a_curator_chose_is_done(signed_in: Client) -> None:
    address = uploaded(
        signed_in, "News,podcast,Newer,https://example.org/1", publish="yes", create_missing="on", name="l.csv"
    )

    assert "New entries are published right away." in words(signed_in, address)
    press(signed_in, address, do="import")
    resource = Resource.objects.get()
    assert (resource.state, resource.section.title) == ("published", "Newer")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "This field is required."),
        ({"file": SimpleUploadedFile("list.xls", b"x")}, "Choose a file that ends in .csv"),
        ({"file": SimpleUploadedFile("list.csv", b"x"), "publish": "maybe"}, "Select a valid choice."),
    ],
)
def test_an_upload_with_a_fault_says_which(signed_in: Client, fields: dict[str, Any], reason: str) -> None:
    response = signed_in.post(ADD, fields)

    assert response.status_code == 200
    assert reason in read(response.content.decode()).words
    assert not FileImport.objects.exists()


def test_a_file_that_is_too_large_is_told(signed_in: Client, settings: Any) -> None:
    settings.IMPORT_FILE_LIMIT = 10

    assert "larger than 50 MB" in send(signed_in, GOOD).content.decode()


def test_an_empty_file_is_told_by_its_check(signed_in: Client) -> None:
    response = signed_in.post(ADD, {"file": SimpleUploadedFile("list.csv", b"")})
    run_imports(timezone.now)

    assert "The file is empty." in words(signed_in, response["Location"])


def test_no_room_for_the_file_is_told(signed_in: Client) -> None:
    refuse("INSERT", "No space left on device", table="library_importchunk", code="53100")

    assert "There wasn’t enough room to store the file." in send(signed_in, GOOD).content.decode()


def test_words_of_a_file_are_never_markup(signed_in: Client) -> None:
    address = uploaded(signed_in, "<marquee>alert(1)</marquee>,<b>,podcasts,https://example.org/1", name="<i>.csv")

    content = signed_in.get(address).content.decode()
    assert "<marquee>" not in content
    assert "<b>" not in content
    assert "&lt;marquee&gt;" in content


def test_a_request_that_is_far_too_long_is_refused_unread(signed_in: Client, settings: Any) -> None:
    response = signed_in.post(ADD, {}, headers={"Content-Length": "100000001"})

    assert response.status_code == 413
    for length in ("100000001", "0000000000100000001", "9" * 5000):
        assert Client().post(ADD, {}, headers={"Content-Length": length}).status_code == 413, length


@pytest.mark.parametrize("key", ["abc", "0", "99999999999999999999999", "1_5F"])
def test_no_address_of_an_import_breaks(signed_in: Client, key: str) -> None:
    for name in ("change", "delete", "history"):
        for answer in (signed_in.get(f"{LIST}{key}/{name}/"), signed_in.post(f"{LIST}{key}/{name}/", {"do": "undo"})):
            assert answer.status_code in {302, 403, 404}


def test_list_says_what_became_of_each_with_the_same_number_of_queries(signed_in: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(LIST).status_code == 200
        return len(captured)

    uploaded(signed_in, GOOD)
    before = queries()
    for _number in range(10):
        send(signed_in, GOOD)
    assert queries() == before <= 14
    assert "Checked; nothing written yet" in signed_in.get(LIST).content.decode()


def test_is_for_those_who_may_add_resources_and_change_every_one(client: Client, signed_in: Client) -> None:
    address = uploaded(signed_in, GOOD)
    person = User.objects.create_user("author", is_staff=True)
    client = Client()
    client.force_login(person)
    for names in ([], ["add_resource", "change_resource"], ["view_resource", "edit_every_resource"]):
        person.user_permissions.set(Permission.objects.filter(codename__in=names))
        for path in (LIST, ADD, address, f"{LIST}template/csv/"):
            assert client.get(path).status_code == 403
        assert send(client, GOOD).status_code == client.post(address, {"do": "import"}).status_code == 403

    needed = ["add_resource", "change_resource", "edit_every_resource"]
    person.user_permissions.set(Permission.objects.filter(codename__in=needed))
    for path in (LIST, ADD, address, f"{LIST}template/csv/", f"{address.removesuffix('change/')}history/"):
        assert client.get(path).status_code == 200
    assert client.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert Client().get(ADD)["Location"].startswith("/admin/login/")


def test_what_readers_would_see_at_once_is_a_publishers_decision(signed_in: Client) -> None:
    published = uploaded(signed_in, GOOD, publish="yes")
    editor = client_of(make_person("editor", Role.EDITOR))

    assert editor.post(published, {"do": "import"}).status_code == 403
    assert "only someone who can publish" in words(editor, published)
    assert set(editor.get(ADD).context["form"].fields) == {"file"}
    drafts = uploaded(editor, GOOD, publish="yes", create_missing="on")
    press(editor, drafts, do="import")
    assert Resource.objects.get().state == "draft"
    press(editor, drafts, do="undo", sure="yes")
    assert not Resource.objects.exists()
    press(signed_in, published, do="import")
    assert editor.post(published, {"do": "undo", "sure": "yes"}).status_code == 403
    assert Resource.objects.get().state == "published"


def test_templates_have_the_columns_and_a_row_that_no_import_takes(signed_in: Client) -> None:
    text = signed_in.get(f"{LIST}template/csv/").getvalue().decode("utf-8-sig")
    header, example = csv.reader(io.StringIO(text))
    assert tuple(header) == COLUMNS
    assert example[0].startswith("EXAMPLE")

    book = load_workbook(io.BytesIO(signed_in.get(f"{LIST}template/xlsx/").getvalue()))
    assert [cell.value for cell in book["list"][2]][:4] == example[:4]
    assert [row[0].value for row in book["columns"]] == list(COLUMNS)
    assert signed_in.get(f"{LIST}template/exe/").status_code == 404

    response = signed_in.post(ADD, {"file": SimpleUploadedFile("template.csv", text.encode())})
    run_imports(timezone.now)
    assert "This is the template’s example. Delete this row." in words(signed_in, response["Location"])


def test_who_did_what_is_remembered(signed_in: Client) -> None:
    address = uploaded(signed_in, GOOD)
    press(signed_in, address, do="import")

    history = signed_in.get(f"{address.removesuffix('change/')}history/").content.decode()
    assert "Uploaded to be checked." in history
    assert "Import requested." in history
