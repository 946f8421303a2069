"""Bad rows as a file to correct, and an undo that leaves out what stands in its way."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from library.imports.worker import run_imports
from library.models import FileImport, Guide, Resource
from tests.admin.test_importing import ADD, GOOD, page, press, uploaded, words
from tests.factories import make_guide, make_resource, make_section

pytestmark = pytest.mark.django_db
MINE = "Name,Link,Date,Keywords\nCalm,https://example.org/1,soon,sleep\nKnown,https://example.org/2,never,\nFine,https://example.org/3,2020,\n"


@pytest.fixture(autouse=True)
def _section() -> None:
    make_section("podcasts")


def send(client: Client, content: bytes, name: str = "list.csv") -> str:
    address = client.post(ADD, {"file": SimpleUploadedFile(name, content)})["Location"]
    run_imports(timezone.now)
    return str(address)


def bad_rows(client: Client, address: str, ending: str = "csv") -> bytes:
    response = client.get(f"{address.removesuffix('change/')}bad-rows/{ending}/")
    assert response.status_code == 200
    return bytes(response.getvalue())


def test_bad_rows_are_a_file_to_correct_and_import_again(signed_in: Client) -> None:
    make_resource("Known", kind="podcast", section=make_section("reviews"), url="https://example.org/2")
    address = send(signed_in, MINE.encode())
    columns = {"column_0": "title", "column_1": "url", "column_2": "published", "column_3": "tags"}
    press(signed_in, address, do="columns", kind="site", section="podcasts", **columns)
    text = press(signed_in, address, do="import-good")
    assert "Correct the 2 bad rows in a file of their own" in text

    content = bad_rows(signed_in, address)
    new, known = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (new["title"], new["kind"], new["section"], new["published"], new["tags"]) == (
        *("Calm", "site", "podcasts", "soon", "sleep"),
    )
    assert new["problem"].startswith("published: “soon” isn’t a date.")
    assert (known["kind"], known["section"]) == ("", "")
    sheet = load_workbook(io.BytesIO(bad_rows(signed_in, address, "xlsx"))).active
    assert [cell.value for cell in sheet[2]][:2] == ["Calm", "site"]

    again = send(signed_in, content.replace(b"soon", b"2019").replace(b"never", b"Feb 2018"))
    text = words(signed_in, again)
    assert "New entries: 1. Entries that change: 1. No changes needed: 0. Bad rows: 0." in text
    assert "isn’t imported" not in text


def test_bad_rows_keep_whatever_stands_in_them(signed_in: Client) -> None:
    address = send(signed_in, b"title,kind,section,url\na\0b,podcast,podcasts,=1,more\n")

    (row,) = csv.DictReader(io.StringIO(bad_rows(signed_in, address).decode("utf-8-sig")))
    assert (row["title"], row["url"]) == ("ab", "'=1")
    assert "This row has 5 cells" in row["problem"]


def test_there_is_no_file_without_bad_rows_or_rights(signed_in: Client) -> None:
    address = uploaded(signed_in, GOOD)

    assert signed_in.get(f"{address.removesuffix('change/')}bad-rows/csv/").status_code == 404
    FileImport.objects.update(bad=1)
    assert signed_in.get(f"{address.removesuffix('change/')}bad-rows/exe/").status_code == 404
    assert Client().get(f"{address.removesuffix('change/')}bad-rows/csv/").status_code == 302


def test_the_rest_can_be_undone_without_what_stands_in_the_way(signed_in: Client) -> None:
    old = make_resource("Old", url="https://example.org/9")
    rows = [f"Fatigue {number},podcast,podcasts,https://example.org/{number}" for number in range(1, 5)]
    address = uploaded(signed_in, *rows, "New,podcast,podcasts,https://example.org/9")
    press(signed_in, address, do="import")
    Resource.objects.filter(title="Fatigue 1").update(title="Corrected")
    needed = Resource.objects.get(title="Fatigue 2")
    make_guide("Rest", needed, state="draft")
    text = press(signed_in, address, do="undo", sure="yes")
    assert "Nothing was undone: 1 entry has been edited since the import." in text
    assert "Undo all but those 2 entries" in text
    assert Resource.objects.count() == 5

    text = press(signed_in, address, do="undo-rest", sure="yes")

    assert "Undone: 1 as before, 2 drafts deleted, 0 withdrawn. 2 entries stay as they are" in text
    assert set(Resource.objects.values_list("title", flat=True)) == {"Corrected", "Fatigue 2", "Old"}
    assert len(page(signed_in, f"{address}?show=edited").one("tbody").all("tr")) == 2
    Guide.objects.all().delete()
    text = press(signed_in, address, do="undo-rest", sure="yes")
    assert "Undone: 0 as before, 1 drafts deleted" in text
    assert old.pk in Resource.objects.values_list("pk", flat=True)
