"""A database that the site cannot use ends its start with one sentence, at once, and without any part of a password."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tests.processes import Process, free_port, temporary_data_dir

SERVER = """
import sys
from pathlib import Path
from config.embedded_postgres.server import PrivateServer

print("socket in", PrivateServer(Path(sys.argv[1]), durable=False).use())
sys.stdin.readline()
"""

WAITING = """
import django
django.setup()
from django.core.management.base import CommandError
from library.db.checks import wait_for_database

try:
    wait_for_database(1)
except CommandError as error:
    print(error)
"""

ROLES = "CREATE ROLE reader LOGIN PASSWORD 'gh3im'"
DATABASES = {
    "others": "",
    "latin": "OWNER reader ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0",
    "bytes": "OWNER reader ENCODING SQL_ASCII LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0",
}


@pytest.fixture(scope="module")
def socket() -> Iterator[str]:
    """The folder of a server that asks `reader` for a password, like one of the operator's own."""
    with (
        temporary_data_dir() as folder,
        contextlib.closing(Process([sys.executable, "-c", SERVER, str(folder)])) as user,
    ):
        socket = user.line_with("socket in").removeprefix("socket in ")
        with contextlib.closing(psycopg2.connect(host=socket, user="postgres", dbname="postgres")) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(ROLES)
            for name, options in DATABASES.items():
                cursor.execute(f"CREATE DATABASE {name} {options}")
            rules = folder / "postgres" / "pg_hba.conf"
            rules.write_text("local all reader scram-sha-256\n" + rules.read_text())
            cursor.execute("SELECT pg_reload_conf()")
        yield socket


def refusal_of(data_dir: Path, address: str, **environment: str) -> str:
    """What `manage.py serve` says to a database."""
    settings = {"DATA_DIR": str(data_dir), "DATABASE_URL": address, "PORT": free_port()} | environment
    with contextlib.closing(Process([sys.executable, "-W", "error", "manage.py", "serve"], **settings)) as site:
        assert site.ended() == 1
        (line,) = site.output.splitlines()
    assert "gh3im" not in line
    return line


WRONG_PASSWORD = (
    'CommandError: The database refuses the connection: password authentication failed for user "reader". '
    "Correct the name and the password in DATABASE_URL."
)


def test_a_wrong_password_is_said_at_once_however_it_is_given(socket: str, tmp_path: Path) -> None:
    assert refusal_of(tmp_path, f"postgres://reader:not@gh3im@/others?host={socket}") == WRONG_PASSWORD
    assert refusal_of(tmp_path, f"postgres://reader@/others?host={socket}&password=gh3im0") == WRONG_PASSWORD
    assert refusal_of(tmp_path, f"postgres://reader@/others?host={socket}", PGPASSWORD="0gh3im") == WRONG_PASSWORD


def test_a_database_that_does_not_exist(socket: str, tmp_path: Path) -> None:
    assert refusal_of(tmp_path, f"postgres://reader:gh3im@/missing?host={socket}") == (
        'CommandError: The database refuses the connection: database "missing" does not exist. '
        "Create it, or correct its name in DATABASE_URL."
    )


def test_a_role_that_may_create_nothing(socket: str, tmp_path: Path) -> None:
    assert refusal_of(tmp_path, f"postgres://reader:gh3im@/others?host={socket}") == (
        "CommandError: The database role “reader” lacks a right that the site needs (permission denied for schema "
        'public). Let it own the database and the tables in it, as in ALTER DATABASE "others" OWNER TO "reader".'
    )


@pytest.mark.parametrize(("name", "encoding"), [("latin", "LATIN1"), ("bytes", "SQL_ASCII")])
def test_a_database_of_another_encoding(socket: str, tmp_path: Path, name: str, encoding: str) -> None:
    assert refusal_of(tmp_path, f"postgres://reader:gh3im@/{name}?host={socket}") == (
        f"CommandError: The database “{name}” has the encoding {encoding}, but the library needs UTF8: create "
        "another, as in CREATE DATABASE library ENCODING 'UTF8' TEMPLATE template0, and name it in DATABASE_URL."
    )


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgres://reader:gh3im@nowhere.invalid/library", 'could not translate host name "nowhere.invalid" '),
        ("postgres://reader:gh3im@127.0.0.1:1/library", 'connection to server at "127.0.0.1", port 1 failed: '),
        ("postgres://reader:gh3im@/library?host=/nowhere", 'connection to server on socket "/nowhere/.s.PGSQL.5432" '),
    ],
)
def test_one_that_is_not_up_yet_is_waited_for(tmp_path: Path, address: str, reason: str) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path), "DATABASE_URL": address}
    with contextlib.closing(Process([sys.executable, "-W", "error", "-c", WAITING], **settings)) as program:
        assert program.ended() == 0

    (line,) = program.output.splitlines()
    assert line.startswith(f"The database doesn't answer: {reason}")
    assert line.endswith("Start it, or correct DATABASE_URL.")
    assert "gh3im" not in line
