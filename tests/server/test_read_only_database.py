"""A database that can only be read: a standby, or one in maintenance. Readers get everything, and nothing is saved."""

import contextlib
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg2
import pytest
from django.db.migrations.loader import MigrationLoader

from tests.processes import Process, first_run, free_port, postgres_of, status_of, temporary_data_dir
from tests.reading import read

PAGES = ["/", "/help/", "/resources/", "/resources/?q=sleep", "/resources/?q=nosuchword", "/sections/podcasts/"]
PAGES += ["/sections/podcasts/?q=sleep&category=suicide-prevention", "/pack/", "/privacy/", "/anchors.json", "/readyz"]
PAGES += ["/sitemap.xml", "/report/", "/suggest/", "/admin/account/login/"]
_MAY_WRITE = "-c default_transaction_read_only=off"
SENTENCE = "The database is read-only: readers are served, but nothing can be saved."


def run(data_dir: Path, statement: str) -> None:
    """Have the owner of the library say this to the server, which runs."""
    connection = psycopg2.connect(host=str(data_dir / "postgres"), dbname="library", user="library", options=_MAY_WRITE)
    with contextlib.closing(connection):
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)


@contextlib.contextmanager
def served(data_dir: Path) -> Iterator[tuple[Process, str]]:
    port = free_port()
    environment = {"DATA_DIR": str(data_dir), "DURABLE": "false", "PORT": port, "WEB_CONCURRENCY": "1"}
    site = Process([sys.executable, "manage.py", "serve"], **environment, REQUIRE_SECOND_FACTOR="false")
    try:
        yield site, port
    finally:
        site.close()


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A library whose database takes nothing any more, and whose server runs."""
    with temporary_data_dir(like=first_run().data_dir) as folder, served(folder) as (site, _port):
        site.line_with("The site is at")
        run(folder, "ALTER DATABASE library SET default_transaction_read_only = on")
        yield folder


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[tuple[Process, str]]:
    with served(data_dir) as (site, port):
        site.line_with("The site is at")
        yield site, port


def test_it_starts_with_one_sentence(site: tuple[Process, str]) -> None:
    process, port = site

    assert process.output == f"{SENTENCE}\n\nThe site is at http://127.0.0.1:{port}\n"


def test_every_page_is_served(site: tuple[Process, str]) -> None:
    _process, port = site

    assert {path: status_of(port, path) for path in PAGES} == dict.fromkeys(PAGES, 200)


def test_what_is_counted_is_lost_and_nobody_is_told(site: tuple[Process, str]) -> None:
    _process, port = site

    with build_opener().open(Request(f"http://127.0.0.1:{port}/r/nosuchref/opened/", method="POST")) as answer:
        assert answer.status == 204


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/admin/account/login/", {"login": "curator", "password": "wrong or not"}),
        ("/suggest/", {"address": "https://course.example/"}),
        ("/report/", {"reason": "other", "words": "This page does not open any more."}),
    ],
)
def test_what_would_have_to_be_saved_is_answered_with_503(
    site: tuple[Process, str], path: str, form: dict[str, str]
) -> None:
    _process, port = site
    address = f"http://127.0.0.1:{port}{path}"
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(address) as answer:
        shown = read(answer.read()).all("input")
    hidden = {field["name"]: field.get("value") or "" for field in shown if field.get("type") == "hidden"}

    with pytest.raises(HTTPError) as refused:
        browser.open(Request(address, urlencode(hidden | form).encode(), {"Referer": address}))

    with refused.value as answer:
        assert answer.code == 503
        assert answer.headers["Retry-After"]
        assert read(answer.read()).one("aside", class_="help-strip")


def test_migrations_that_wait_are_a_reason_not_to_start(site: tuple[Process, str], data_dir: Path) -> None:
    run(data_dir, "CREATE TABLE taken AS SELECT * FROM django_migrations WHERE app = 'library'")
    run(data_dir, "DELETE FROM django_migrations WHERE app = 'library'")
    number = sum(app == "library" for app, _name in MigrationLoader(None).disk_migrations)
    try:
        with served(data_dir) as (second, _port):
            assert second.ended() == 1
            assert second.output == (
                f"CommandError: The database is read-only, but {number} migrations must be applied first: "
                "start the site once where it can write to the database.\n"
            )
    finally:
        run(data_dir, "INSERT INTO django_migrations SELECT * FROM taken; DROP TABLE taken")
    assert postgres_of(data_dir)


def test_saving_works_again_by_itself(site: tuple[Process, str], data_dir: Path) -> None:
    _process, port = site
    run(data_dir, "ALTER DATABASE library RESET default_transaction_read_only")
    run(
        data_dir,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()",
    )

    with build_opener().open(Request(f"http://127.0.0.1:{port}/r/nosuchref/opened/", method="POST")) as answer:
        assert answer.status == 204
    assert status_of(port, "/admin/account/login/") == 200
