"""Files that were written to do harm, or that nobody has foreseen: each comes to its end and holds up nobody."""

import contextlib
import io
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

import psutil
import pytest
from django.conf import settings

from library.imports.uploads import receive
from library.imports.worker import revert_step, run_imports
from library.models import FileImport, Resource
from library.models.file_import import is_worker_running
from tests.factories import make_section
from tests.imports.asking import curator, work
from tests.imports.conftest import NOW
from tests.imports.test_spreadsheet import HEADER, SHEET, TEXTS, sheet_of, with_part, workbook
from tests.processes import Process, eventually, this_database

pytestmark = pytest.mark.django_db(transaction=True)

ROW = "Building Personal Resilience,podcast,podcasts,https://example.org/1"
COLUMNS = b"title,kind,section,url\n"
PLAIN = '{"title": "Fatigue", "kind": "podcast", "section": "podcasts", "url": "https://example.org/%s", %s}\n'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def link_in_a_zip() -> bytes:
    """A workbook whose sheet is a symbolic link to a file of the system."""
    target, link = io.BytesIO(), zipfile.ZipInfo(SHEET)
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(io.BytesIO(workbook(HEADER))) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            new.writestr(*((link, b"/etc/passwd") if part == SHEET else (part, old.read(part))))
    return target.getvalue()


# Name, content, the state in which it ends, and the beginning of what its page says.
FILES: list[tuple[str, bytes, str, str]] = [
    ("empty.csv", b"", "unreadable", "The file is empty."),
    ("blank.csv", b",,,\n" * 100_000, "unreadable", "The file is empty."),
    ("commas.csv", b"," * 5_000_000, "unreadable", "Line 1: This row is too long"),
    ("blank-rows.csv", COLUMNS + b",,,\n" * 500_000, "checked", ""),
    ("columns.csv", COLUMNS[:-1] + b",a" * 100_000 + b"\n" + b"a," * 100_000, "unreadable", "Line 1: The header has"),
    ("cells.csv", COLUMNS + b"," * 1_900_000 + b"\n", "checked", ""),
    ("cell.csv", COLUMNS + b'"' + b"a" * 3_000_000 + b'"', "unreadable", "Line 2: This row is too long"),
    ("line.csv", b"a" * 5_000_000, "unreadable", "Line 1: This row is too long"),
    ("quote.csv", COLUMNS + b'"' + b"a\n" * 3_000_000, "unreadable", "Line 2: "),
    ("nul.csv", bytes(10_000_000), "unreadable", "Line 1: "),
    ("nul-cells.csv", COLUMNS + b"a\0b,podcast,podcasts,https://example.org/\0\n", "checked", ""),
    ("utf-16.csv", (COLUMNS.decode() + ROW).encode("utf-16"), "checked", ""),
    ("utf-16-line.csv", ("a" * 5_000_000).encode("utf-16"), "unreadable", "Line 1: This row is too long"),
    ("utf-16-bare.csv", (COLUMNS.decode() + ROW).encode("utf-16-le"), "unreadable", "Line 1: This isn’t text"),
    ("deep.jsonl", b"[" * 1_000_000, "checked", ""),
    ("deep-object.jsonl", b'{"a":' * 300_000, "checked", ""),
    ("number.jsonl", (PLAIN % (1, '"published": ' + "9" * 1_000_000)).encode(), "checked", ""),
    ("names.jsonl", ("{" + ", ".join(f'"{number}": 1' for number in range(100_000)) + "}").encode(), "checked", ""),
    ("blank.jsonl", b"\n" * 2_000_000, "unreadable", "The file is empty."),
    ("broken.xlsx", b"PK\3\4" + b"a" * 1000, "unreadable", "We can’t read this spreadsheet"),
    ("bomb.xlsx", with_part(TEXTS, b"<sst><si><t>" + b"a" * 60_000_000 + b"</t></si></sst>"), "unreadable", "This sp"),
    ("entities.xlsx", with_part(SHEET, ENTITIES + sheet_of(b"")), "unreadable", "This spreadsheet has far more"),
    ("entities.xml", ENTITIES + b"<rss>&b;</rss>", "unreadable", "We can’t read this XML file"),
    ("deep.xml", b"<a>" * 10_000_000, "unreadable", "We can’t read this XML file"),
    ("blown.ods", with_part("content.xml", b" " * 30_000_000), "unreadable", "This spreadsheet has far more"),
    ("tags.html", b"<a " * 10_000_000, "unreadable", "There are no bookmarks in this file"),
    ("link.xlsx", link_in_a_zip(), "unreadable", "We can’t read this spreadsheet"),
]
FAULTS = {
    "raises.csv": (b"!raise\n", "Processing this file failed with an unexpected error."),
    "hangs.csv": (b"!hang\n", "Processing this file stopped making progress"),
    "fills.csv": (b"!fill\n", "This file takes too much memory."),
    "killed.csv": (b"!kill\n", "The system stopped processing this file"),
    "crashes.csv": (b"!crash\n", "The system stopped processing this file"),
}


def send(name: str, content: bytes, after: float = 0) -> FileImport:
    """A file that was uploaded so many seconds later than the first one."""
    moment = NOW + timedelta(seconds=after)
    return receive([content], name, curator(), moment, create_missing=False, publish=False)


@contextlib.contextmanager
def worker() -> Iterator[Process]:
    """The program that does what is asked, on the database of the tests and their files."""
    process = Process(
        [sys.executable, "-m", "tests.imports.faulty_worker", "run_imports"],
        DATA_DIR=str(settings.DATA_DIR),
        DATABASE_URL=this_database(),
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    try:
        yield process
    finally:
        process.close()


@pytest.fixture(autouse=True)
def _section() -> None:
    make_section("podcasts")


def test_every_hostile_file_comes_to_an_end_within_a_minute() -> None:
    ends, longest = {}, 0.0
    for name, content, *_end in FILES:
        file_import, started = send(name, content), time.monotonic()
        assert work() == 1
        longest = max(longest, time.monotonic() - started)
        file_import.refresh_from_db()
        ends[name] = (file_import.state, file_import.message)

    for name, _content, state, words in FILES:
        assert (name, ends[name][0], ends[name][1][: len(words)]) == (name, state, words)
    assert Resource.objects.count() == 0
    assert longest < 60


def test_a_file_that_ends_its_process_is_told_and_holds_up_nobody() -> None:
    for place, (name, (content, _words)) in enumerate(FAULTS.items()):
        send(name, content, place)
    again = send("again.csv", b"!kill\n", 50)
    FileImport.objects.filter(pk=again.pk).update(state="importing")
    good = send("good.csv", COLUMNS + ROW.encode(), 100)
    last = time.monotonic()
    longest, waiting = 0.0, FileImport.objects.waiting().count()

    with worker() as process:
        while waiting:
            eventually(lambda: FileImport.objects.waiting().count() < waiting)  # noqa: B023 - called at once
            waiting = FileImport.objects.waiting().count()
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        assert process.ended() == 0

    ends = {one.name: (one.state, one.message) for one in FileImport.objects.all()}
    for name, (_content, words) in FAULTS.items():
        assert (name, ends[name][0], ends[name][1][: len(words)]) == (name, "unreadable", words)
    assert ends["again.csv"][0] == "checked"
    assert again.chunks.exists()
    good.refresh_from_db()
    assert (good.state, good.created, good.message) == ("checked", 1, "")
    assert "Nobody has foreseen this." in process.output
    assert f"Steps done: {len(FAULTS) + 2}." in process.output
    assert longest < 60


def test_a_worker_that_is_killed_takes_its_file_up_again_but_not_for_ever() -> None:
    poison, good = send("hangs.csv", b"!hang\n"), None

    for attempt in (1, 2):
        with worker() as process:
            eventually(lambda: FileImport.objects.get(pk=poison.pk).attempts == attempt)  # noqa: B023 - called at once
            eventually(psutil.Process(process.popen.pid).children)
            (child,) = psutil.Process(process.popen.pid).children()
            process.kill()
            eventually(lambda: not child.is_running())  # noqa: B023 - called at once
        assert FileImport.objects.get(pk=poison.pk).state == "checking"
        assert not is_worker_running()
        good = good or send("good.csv", COLUMNS + ROW.encode(), 1)
    assert FileImport.objects.get(pk=good.pk).state == "checked"
    assert work() == 1

    poison.refresh_from_db()
    assert (poison.state, poison.message.partition(",")[0]) == (
        "unreadable",
        "Processing this file was interrupted twice",
    )


def test_a_step_that_ends_with_the_site_does_not_count() -> None:
    send("good.csv", COLUMNS)

    def stop(_file_import: FileImport, _now: datetime) -> None:
        assert FileImport.objects.get().attempts == 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_imports(lambda: NOW, stop)

    assert FileImport.objects.values_list("state", "attempts").get() == ("checking", 0)


@pytest.mark.parametrize(
    ("step", "back", "stays"),
    [("checking", "unreadable", False), ("importing", "checked", True), ("undoing", "imported", True)],
)
def test_a_step_that_came_to_nothing_can_be_asked_for_again_while_there_is_a_file(
    step: str, back: str, stays: bool
) -> None:
    file_import = send("good.csv", COLUMNS)
    FileImport.objects.update(state=step, imported_at=NOW if step == "undoing" else None)
    file_import.refresh_from_db()

    revert_step(file_import, "It came to nothing.")

    assert FileImport.objects.values_list("state", "message").get() == (back, "It came to nothing.")
    assert file_import.chunks.exists() == stays


def test_what_has_ended_after_all_is_not_given_back() -> None:
    file_import = send("good.csv", COLUMNS)
    FileImport.objects.update(state="checked")

    revert_step(file_import, "It came to nothing.")

    assert FileImport.objects.values_list("state", "message").get() == ("checked", "")
    assert file_import.chunks.exists()
