"""Everything of an entry as a file: columns to choose, a filter that goes along, and an import that changes nothing."""

import csv
import io
import json
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from library.exports.columns import COLUMNS, MORE
from library.exports.formats import MORE_VALUES
from library.imports.worker import run_imports
from library.models import FileImport, Resource
from tests.admin.test_importing import ADD, words
from tests.factories import make_resource
from tests.reading import read

LIST = "/admin/library/resource/"
# What is in the columns of an import, made by the database, or a place that others may move.
ELSEWHERE = {"id", "kind", "title", "summary", "url", "section", "publisher", "published_on", "published_precision"}
ELSEWHERE |= {"ref", "body_html", "address_key", "position", "withdrawn_at", "slot", "has_link"}


def file_of(client: Client, query: str, ending: str = "csv") -> str:
    response = client.get(f"{LIST}export/{ending}/?{query}")
    assert response.status_code == 200
    return bytes(response.getvalue()).decode("utf-8-sig")


def test_every_field_of_a_resource_has_a_column() -> None:
    fields = {field.name for field in Resource._meta.concrete_fields}
    exported = {name.partition("__")[0] for name in MORE_VALUES.values()}

    assert fields - exported <= ELSEWHERE | {name for name in fields if name.startswith(("link_", "picture"))}
    assert not set(MORE) & set(COLUMNS)


def test_columns_are_chosen_and_the_filter_of_the_list_goes_along(signed_in: Client) -> None:
    make_resource("Calm", url="https://example.org/1")
    make_resource("Sleep", url="https://example.org/2")
    shown = read(signed_in.get(f"{LIST}export/?q=calm").content)
    names = [box["value"] for box in shown.all("input", type="checkbox")]
    assert names == [*COLUMNS, *MORE]
    assert shown.one("input", type="hidden", name="q")["value"] == "calm"

    rows = list(csv.DictReader(io.StringIO(file_of(signed_in, "q=calm&column=state&column=title&column=nonsense"))))

    assert rows == [{"title": "Calm", "state": "published"}]
    link = f"{LIST}export/?q=calm"
    assert link in {each["href"] for each in read(signed_in.get(f"{LIST}?q=calm").content).all("a")}


def test_a_file_with_everything_is_imported_without_a_change_or_a_warning(signed_in: Client) -> None:
    entry = make_resource(
        "Calm", url="https://example.org/1", tags=["sleep"], keywords="rest", review_by=date(2030, 1, 2)
    )
    query = "&".join(f"column={column}" for column in (*COLUMNS, *MORE))
    (row,) = csv.DictReader(io.StringIO(file_of(signed_in, query)))
    assert (row["ref"], row["search_words"], row["next_review"], row["tags"]) == (
        entry.ref,
        "rest",
        "2030-01-02",
        "sleep",
    )
    assert json.loads(file_of(signed_in, query, "jsonl"))["state"] == "published"
    response = signed_in.get(f"{LIST}export/xlsx/?{query}")
    assert load_workbook(io.BytesIO(response.getvalue())).active.max_column == len((*COLUMNS, *MORE))

    for ending in ("csv", "jsonl"):
        file = SimpleUploadedFile(f"all.{ending}", file_of(signed_in, query, ending).encode())
        address = signed_in.post(ADD, {"file": file})["Location"]
        run_imports(timezone.now)
        text = words(signed_in, address)
        assert "New entries: 0. Entries that change: 0. No changes needed: 1. Bad rows: 0." in text
        assert FileImport.objects.order_by("-pk")[0].warnings == []
