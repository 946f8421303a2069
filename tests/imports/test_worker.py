"""What is asked of uploaded files, and done apart from any request: the check, the import; interrupted, forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from library.imports.uploads import receive
from library.imports.worker import run_imports, start_worker
from library.models import FileImport, ImportChunk, ImportedRow, Publisher, Resource, Section
from library.models.file_import import is_worker_running
from tests.admin.conftest import refuse
from tests.factories import make_category, make_publisher, make_resource, make_section, withdraw
from tests.imports.asking import ask, checked, curator, imported, report_of, upload, work
from tests.imports.conftest import NOW, everything

pytestmark = pytest.mark.django_db

ROW = "Building Personal Resilience,podcast,podcasts,https://example.org/1"


@pytest.fixture(autouse=True)
def section() -> Section:
    return make_section("podcasts")


def test_a_check_tells_row_by_row_what_would_become_of_it_and_writes_nothing() -> None:
    make_category("sleep", "Sleep")
    old = make_resource(
        "Old title",
        url="https://example.org/2",
        publisher=make_publisher(),
        tags=["fatigue"],
        published_on=NOW.date().replace(day=1),
        published_precision="month",
    )
    same = make_resource("Same", url="http://EXAMPLE.org:80/3/?utm_source=x#part")
    before = everything()

    file_import = checked(
        ROW,
        "New title,podcast,podcasts,https://example.org/2,,sleep,ptsd,2020,BJA",
        "Same,podcast,podcasts,http://EXAMPLE.org:80/3/?utm_source=x#part",
        "No kind,novel,podcasts,https://example.org/4",
    )

    assert everything() == before
    assert (file_import.state, file_import.imported_at) == ("checked", None)
    assert (file_import.created, file_import.changed, file_import.unchanged, file_import.bad) == (1, 1, 1, 1)
    assert file_import.warnings == [
        *("New publishers: “BJA”", "New tags: “ptsd”"),
        "Tracking codes such as utm_source were removed from addresses. Lines: 4",
    ]
    new, changed, unchanged, bad = report_of(file_import)
    values = [["kind", "podcast"], ["section", "Podcasts"], ["url", "https://example.org/1"]]
    assert new == (2, "new", "Building Personal Resilience", values)
    assert changed == (
        3,
        "changed",
        "New title",
        [
            ["title", "Old title", "New title"],
            ["publisher", "COPS Office", "BJA"],
            ["published", "2026-02", "2020"],
            ["categories", "", "Sleep"],
            ["tags", "fatigue", "ptsd"],
        ],
    )
    assert unchanged == (4, "same", "Same", [])
    assert bad[:2] == (5, "bad")
    assert bad[3][0][0] == "kind"
    assert list(file_import.rows.order_by("line").values_list("resource", flat=True)) == [None, old.pk, same.pk, None]


def test_of_a_new_row_everything_that_it_sets_is_told() -> None:
    (row,) = report_of(checked(f'{ROW},Calm.,,"sleep, ptsd",Feb-20,BJA'))

    assert row[3][3:] == [
        ["summary", "Calm."],
        ["publisher", "BJA"],
        ["published", "2020-02"],
        ["tags", "ptsd, sleep"],
    ]


def test_of_a_new_row_its_date_is_told_as_exactly_as_it_is_known() -> None:
    (row,) = report_of(checked(f"{ROW},,,,2020-02"))

    assert row[3][-1] == ["published", "2020-02"]


def test_an_address_that_was_withdrawn_is_told_with_its_entry() -> None:
    old = withdraw(make_resource("Old", url="https://example.org/1"))

    row = checked(ROW).rows.get()

    assert (row.outcome, row.resource_id) == ("bad", old.pk)
    assert "was withdrawn" in row.details[0][1]


def test_equal_titles_are_two_entries() -> None:
    make_resource("Building Personal Resilience", url="https://example.org/9")

    assert checked(ROW).created == 1


def test_a_yes_imports_what_was_checked_and_deletes_the_file() -> None:
    file_import = checked(ROW)
    assert file_import.chunks.exists()

    ask(file_import, "importing")

    resource = Resource.objects.get()
    assert (resource.title, resource.state) == ("Building Personal Resilience", "draft")
    assert (file_import.state, file_import.has_file, file_import.created) == ("imported", False, 1)
    assert not ImportChunk.objects.exists()
    row = file_import.rows.get()
    assert (row.resource_id, len(row.mark)) == (resource.pk, 32)


def test_new_entries_are_published_where_that_was_asked_for() -> None:
    imported(ROW, publish=True)

    assert Resource.objects.values_list("state", "listed_at").get() == ("published", NOW + timedelta(minutes=1))


def test_bad_rows_are_left_out_where_that_was_asked_for() -> None:
    file_import = imported(ROW, "No kind,novel,podcasts,https://example.org/4", skip_bad=True)

    assert (file_import.state, file_import.created, file_import.bad) == ("imported", 1, 1)
    assert Resource.objects.count() == 1


def test_an_import_that_has_come_to_be_bad_writes_nothing_and_is_shown_again() -> None:
    file_import = checked(ROW)
    withdraw(make_resource("Meanwhile", url="https://example.org/1"))
    before = everything()

    ask(file_import, "importing")

    assert everything() == before
    assert (file_import.state, file_import.created, file_import.bad) == ("checked", 0, 1)
    assert file_import.message.startswith("Nothing was written: the library has changed")
    assert [row[1] for row in report_of(file_import)] == ["bad"]
    assert file_import.chunks.exists()


def test_an_import_overwrites_nothing_that_its_check_has_not_shown() -> None:
    old = make_resource("Old title", url="https://example.org/2", summary="Old words.")
    same = make_resource("Same", url="https://example.org/3")
    other = make_resource("Other", url="https://example.org/4")
    file_import = checked(
        ROW,
        "New title,podcast,podcasts,https://example.org/2,New words.",
        "Same,podcast,podcasts,https://example.org/3",
        "Another,podcast,podcasts,https://example.org/4",
    )
    Resource.objects.filter(pk=old.pk).update(summary="Bob’s words.")
    Resource.objects.filter(pk=same.pk).update(title="Bob’s title")
    before = everything()

    ask(file_import, "importing")

    assert everything() == before
    assert (file_import.state, file_import.message) == (
        "checked",
        "Nothing was written: since the check, someone edited 2 entries this file would change. See what would change "
        "now, then import again.",
    )
    assert [row.line for row in file_import.rows.filter(blocks_undo=True).order_by("line")] == [3, 4]
    assert report_of(file_import)[1][3] == [
        ["title", "Old title", "New title"],
        ["summary", "Bob’s words.", "New words."],
    ]

    ask(file_import, "importing")

    assert file_import.state == "imported"
    assert not file_import.rows.filter(blocks_undo=True).exists()
    other.refresh_from_db()
    assert other.title == "Another"
    assert Resource.objects.get(pk=old.pk).summary == "New words."


@pytest.mark.parametrize("bad", ["", "No kind,novel,podcasts,https://example.org/9"])
def test_an_edit_of_what_the_file_leaves_as_it_is_does_not_stand_in_its_way(bad: str) -> None:
    old = make_resource("Old title", url="https://example.org/2")
    rows = ["New title,podcast,podcasts,https://example.org/2", *filter(None, [bad])]
    file_import = checked(*rows)
    Resource.objects.filter(pk=old.pk).update(credit="Bob’s words.")

    ask(file_import, "importing", skip_bad=bool(bad))

    assert file_import.state == "imported"
    assert Resource.objects.values_list("title", "credit").get() == ("New title", "Bob’s words.")


def test_tags_that_somebody_has_added_since_the_check_are_not_replaced() -> None:
    old = make_resource("Title", url="https://example.org/2", tags=["fatigue"])
    file_import = checked("Title,podcast,podcasts,https://example.org/2,,,ptsd")
    old.tags.add("sleep")

    ask(file_import, "importing")

    assert file_import.state == "checked"
    assert sorted(old.tags.names()) == ["fatigue", "sleep"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("resources.csv", "Line 1: The header is missing"), ("resources.xlsx", "We can’t read this spreadsheet.")],
)
def test_a_file_that_cannot_be_read_is_told_and_deleted(name: str, words: str) -> None:
    file_import = checked(ROW, header="nothing", name=name)

    assert file_import.state == "unreadable"
    assert file_import.message.startswith(words)
    assert not ImportChunk.objects.exists()


def test_whatever_a_file_calls_its_columns_is_told() -> None:
    name = '{"title": "A\\u0000", "\\u0000": 1, "\\u0000": 2, "url": "\\ud800"}'

    (row,) = report_of(checked(name=" x.jsonl", header=name))

    assert row[:3] == (1, "bad", "A�")
    assert ["�", "This name is in the line twice."] in row[3]


def test_what_the_database_refuses_is_told_and_can_be_asked_for_again() -> None:
    file_import = checked(ROW)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE library_resource ADD CONSTRAINT nothing_more CHECK (title <> 'Building Personal Resilience')"
        )

    ask(file_import, "importing")

    assert file_import.state == "checked"
    assert file_import.message == (
        "Nothing was written, because the library’s rules don’t allow it. Someone changed or removed something this "
        "needs at the same moment. Check it and try again."
    )
    assert Resource.objects.count() == 0


def test_what_a_rule_refuses_is_told_in_the_words_of_the_rule() -> None:
    file_import = checked(ROW)
    refuse("INSERT", "The library is closed today.")

    ask(file_import, "importing")

    assert file_import.message.endswith("rules don’t allow it. The library is closed today.")


def test_no_file_stays_where_receiving_it_fails() -> None:
    def chunks() -> Any:
        yield b"title" * 1_000_000
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        receive(chunks(), "resources.csv", curator(), NOW, create_missing=False, publish=False)
    assert not FileImport.objects.exists()
    assert not ImportChunk.objects.exists()


def test_what_nobody_decides_on_is_forgotten_after_a_week() -> None:
    file_import = checked(ROW)

    FileImport.objects.purge(NOW + timedelta(days=6, hours=23))
    assert file_import.chunks.exists()
    FileImport.objects.purge(NOW + timedelta(days=7))

    assert not ImportChunk.objects.exists()
    file_import.refresh_from_db()
    assert (file_import.state, file_import.has_file, file_import.rows.count()) == ("forgotten", False, 0)


def test_rows_are_kept_for_as_long_as_an_import_can_be_undone() -> None:
    file_import = imported(ROW)

    FileImport.objects.purge(NOW + timedelta(days=30))
    assert file_import.rows.count() == 1
    FileImport.objects.purge(NOW + timedelta(days=30, minutes=1))
    assert ImportedRow.objects.count() == 0
    assert FileImport.objects.get().created == 1


def test_what_is_asked_is_done_in_the_order_in_which_it_was_asked() -> None:
    first, second = upload(ROW), upload("Other,podcast,podcasts,https://example.org/5")
    FileImport.objects.update(uploaded_at=timezone.now())
    FileImport.objects.filter(pk=first.pk).update(requested_at=NOW + timedelta(seconds=1))

    assert list(FileImport.objects.waiting()) == [second, first]
    assert work() == 2
    assert set(FileImport.objects.values_list("state", flat=True)) == {"checked"}
    assert work() == 0


def test_it_is_known_whether_somebody_works() -> None:
    assert not is_worker_running()
    seen: list[bool] = []
    upload(ROW)

    def clock() -> Any:
        seen.append(is_worker_running())
        return NOW

    run_imports(clock)

    assert seen == [True]
    assert not is_worker_running()


def test_a_program_that_cannot_be_started_breaks_nothing(settings: Any) -> None:
    settings.RUN_IMPORTS = ["/nowhere/at/all"]
    start_worker()


def test_publishers_that_a_check_would_make_are_not_there_afterwards() -> None:
    checked(f"{ROW},,,,,BJA")

    assert not Publisher.objects.exists()
