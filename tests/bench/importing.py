"""A file imported as a curator does it: checked, imported and undone by a program of its own, while the site is asked.

Of each step it prints the seconds, rows a second, the memory of that program, and how long readers and the curator
waited meanwhile at most, and how long the save of a new entry took.
"""

import csv
import subprocess
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from library.db.timeouts import statement_timeout
from library.imports.uploads import receive
from library.models import FileImport, Resource, Section, User

KINDS = ["course", "podcast", "review", "site"]
SECTIONS = ["part-1", "part-2", "part-3", "part-4"]
_STEPS = (("checked", "checking"), ("imported", "importing"), ("undone", "undoing"))


def measure(rows: int, folder: Path) -> None:
    """Print the table, of an import of drafts, and of one whose entries readers see at once."""
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    print("\n| import | s | rows/s | MB | readers wait | its page | a save waits | progress shown |")
    print("|---|---|---|---|---|---|---|---|")
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=static, REQUIRE_SECOND_FACTOR=False):
        for publish in (False, True):
            _measure_one(_file_of(rows, folder), rows, publish=publish)


def _file_of(rows: int, folder: Path) -> Path:
    path = folder / "import.csv"
    stamp = int(time.time())
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["title", "kind", "section", "summary", "url", "publisher", "published", "categories", "tags"])
        for number in range(rows):
            table.writerow(
                [
                    f"Imported entry {number} on sleep and stress",
                    KINDS[number % 4],
                    SECTIONS[number % 4],
                    f"What officer {number} learned about shift work, fatigue and peer support.",
                    f"https://import.example/{stamp}/{number}",
                    f"Maker {number % 200 + 1}",
                    f"{1990 + number % 30}-{number % 12 + 1:02}",
                    f"Subject {number % 14 + 1}|Subject {number % 13 + 1}",
                    f"Keyword {number % 300 + 1}|Keyword {number % 97 + 1}",
                ]
            )
    return path


def _measure_one(path: Path, rows: int, *, publish: bool) -> None:
    user = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("curator")
    with path.open("rb") as file:
        file_import = receive(file, path.name, user, timezone.now(), create_missing=False, publish=publish)
    for number, (done, step) in enumerate(_STEPS):
        if number:
            FileImport.objects.ask(file_import.pk, _STEPS[number - 1][0], step, timezone.now(), user)
        name = f"{done}, {'published' if publish else 'drafts'}"
        _take(file_import, user, name, rows)
        file_import.refresh_from_db()
        if file_import.state != done:
            print(f"It is {file_import.state}: {file_import.message}")
            return


def _take(file_import: FileImport, user: Any, name: str, rows: int) -> None:
    """Have the program do one step; print a row."""
    client = Client()
    client.force_login(user)
    readers, curator, saves, progress, memory = 0.0, 0.0, 0.0, set(), 0
    start = time.perf_counter()
    program = subprocess.Popen(settings.RUN_IMPORTS)
    while program.poll() is None:
        memory = max(memory, _memory_of(program.pid))
        readers = max(readers, _seconds(client, "/sections/part-3/"))
        curator = max(curator, _seconds(client, f"/admin/library/fileimport/{file_import.pk}/change/"))
        saves = max(saves, _seconds_to_add())
        progress.add(FileImport.objects.values_list("rows_done", flat=True).get(pk=file_import.pk))
        time.sleep(0.25)
    taken = time.perf_counter() - start
    waits = f"{readers * 1000:.0f} ms | {curator * 1000:.0f} ms | {saves * 1000:.0f} ms"
    print(f"| {name} | {taken:.0f} | {rows / taken:,.0f} | {memory} | {waits} | {len(progress)} times |", flush=True)
    connection.close()


def _seconds(client: Client, address: str) -> float:
    start = time.perf_counter()
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return time.perf_counter() - start


def _seconds_to_add() -> float:
    """How long it takes to save a new draft, however long that is; it goes again."""
    section = Section.objects.get(anchor=SECTIONS[0])
    draft = Resource(title="Meanwhile", kind="site", section=section, slug=f"meanwhile-{time.time_ns()}")
    with statement_timeout(0):
        start = time.perf_counter()
        draft.save()
        taken = time.perf_counter() - start
        draft.delete()
    return taken


def _memory_of(pid: int) -> int:
    """The most that it has had so far, in MB; 0 when it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM")), 0)
