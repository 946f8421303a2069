"""Readers' pages through a real PgBouncer in transaction mode; the desk, imports and commands past it."""

import contextlib
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psycopg2
import pytest

from config.embedded_postgres.server import PrivateServer
from tests.processes import (
    ROOT,
    Process,
    copy_static_files,
    eventually,
    first_run,
    free_port,
    status_of,
    temporary_data_dir,
)
from tests.reading import read

pytestmark = pytest.mark.skipif(not shutil.which("pgbouncer"), reason="PgBouncer is not installed")

PAGES = ["/", "/help/", "/resources/", "/resources/?q=sleep", "/sections/podcasts/", "/readyz"]
PASSWORD = "a long word for tests"


class Bouncer:
    """PgBouncer with the settings that we recommend, on this machine, without passwords."""

    def __init__(self, folder: Path, server: Path, *more: str) -> None:
        self.port, self.pid_file = free_port(), folder / "pgbouncer.pid"
        recipe = (ROOT / "deploy" / "pgbouncer.ini").read_text()
        for old, new in {
            "host=127.0.0.1 port=5432": f"host={server} port=5432",
            "listen_port = 6432": f"listen_port = {self.port}",
            "auth_type = scram-sha-256": "auth_type = trust",
            "/etc/pgbouncer/userlist.txt": str(folder / "users.txt"),
            "default_pool_size = 20": "default_pool_size = 3",
        }.items():
            assert old in recipe
            recipe = recipe.replace(old, new)
        (folder / "users.txt").write_text('"library" ""\n"library_reader" ""\n')
        self.settings = folder / "pgbouncer.ini"
        self.settings.write_text("\n".join([recipe, "unix_socket_dir =", *more, ""]))
        # As the server's own user, which may have no name; root may not run it.
        owner = server.stat()
        as_owner = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
        self.command = [*(as_owner if os.geteuid() == 0 else []), "pgbouncer", str(self.settings)]
        self.process: Process | None = None

    def start(self) -> None:
        self.process = Process(self.command)
        eventually(self.is_up)

    def stop(self) -> None:
        if self.process:
            self.process.close()
            self.process = None

    def is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(self.port))) == 0

    def url(self, role: str) -> str:
        return f"postgres://{role}@127.0.0.1:{self.port}/library"


@dataclass(frozen=True)
class World:
    """A database, the pooler in front of it, and the port of a site that uses both."""

    server: Path
    bouncer: Bouncer
    environment: dict[str, str]
    port: str

    def ask(self, statement: str, *, user: str = "postgres", pooled: bool = False) -> list[tuple[object, ...]]:
        host, port = ("127.0.0.1", self.bouncer.port) if pooled else (str(self.server), "5432")
        with contextlib.closing(psycopg2.connect(host=host, port=port, user=user, dbname="library")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []


def manage(*words: str, **environment: str) -> str:
    """What a command writes, once it has ended."""
    process = Process([sys.executable, "manage.py", *words], DURABLE="false", **environment)
    try:
        process.ended()
        return process.output
    finally:
        process.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The socket's folder of a server with a library in it."""
    with temporary_data_dir(like=first_run().data_dir) as folder:
        folder.chmod(0o755)  # for PgBouncer, which is not root
        server = PrivateServer(folder, durable=False)
        yield server.use()
        server.leave()


@pytest.fixture(scope="module")
def world(server: Path) -> Iterator[World]:
    with temporary_data_dir() as folder:
        copy_static_files(folder)
        folder.chmod(0o755)
        bouncer = Bouncer(folder, server)
        environment = {
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"postgres://library@{quote(str(server), safe='')}/library",
            "DATABASE_POOL_URL": bouncer.url("library_reader"),
            "REQUIRE_SECOND_FACTOR": "false",
            "PORT": free_port(),
        }
        world = World(server, bouncer, environment, environment["PORT"])
        world.ask(manage("database_roles", **environment))
        bouncer.start()
        site = Process([sys.executable, "manage.py", "serve"], **environment)
        try:
            site.line_with("The site is at")
            yield world
        finally:
            site.close()
            bouncer.stop()


@pytest.fixture(scope="module")
def curator(world: World) -> OpenerDirector:
    """A browser, signed in."""
    code = (
        "from library.models import User; user = User.objects.get(username='curator');"
        f"user.set_password('{PASSWORD}'); user.save()"
    )
    assert manage("shell", "-v", "0", "-c", code, **world.environment) == ""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    send(browser, world, "/admin/account/login/", login="curator", password=PASSWORD)
    return browser


def send(browser: OpenerDirector, world: World, path: str, **values: str) -> str:
    """Open a page, fill in its form, and send it; the address that it leads to."""
    address = f"http://127.0.0.1:{world.port}{path}"
    with browser.open(address) as answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
    assert token
    body = urlencode({"csrfmiddlewaretoken": token[1]} | values).encode()
    with browser.open(Request(address, body, {"Referer": address})) as answer:
        return answer.geturl().partition(world.port)[2]


def limits(world: World) -> set[object]:
    """The time limits that readers' connections have at this moment, of as many as the pool holds."""
    statement = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), pg_sleep(0.05)"
    with ThreadPoolExecutor(12) as clients:
        answers = [clients.submit(world.ask, statement, user="library_reader", pooled=True) for _client in range(12)]
        return {answer.result()[0][:2] for answer in answers}


def test_pages_are_served_through_the_pool_and_have_its_limit(world: World) -> None:
    assert {status_of(world.port, path) for path in PAGES} == {200}
    assert limits(world) == {("2s", "0")}
    users = world.ask(
        "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'library' AND pid <> pg_backend_pid()"
    )
    assert ("library_reader",) in users


def test_a_curator_saves_past_it_and_leaves_no_limit_and_no_lock_behind(world: World, curator: OpenerDirector) -> None:
    with ThreadPoolExecutor(8) as readers:
        visits = [readers.submit(status_of, world.port, path) for path in PAGES * 5]
        for number in range(3):
            assert send(curator, world, "/admin/library/tag/add/", name=f"Tag {number}") == "/admin/library/tag/"
        assert {visit.result() for visit in visits} == {200}

    assert world.ask("SELECT count(*) FROM library_tag WHERE name LIKE 'Tag _'") == [(3,)]
    assert limits(world) == {("2s", "0")}
    with curator.open(f"http://127.0.0.1:{world.port}/admin/library/resource/export/csv/") as file:
        assert len(file.read().splitlines()) > 50
    assert world.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]


def test_a_file_is_imported_past_it_and_readers_see_it_at_once(world: World, tmp_path: Path) -> None:
    file = tmp_path / "resources.csv"
    file.write_text("title,kind,section,url\nBehind the Bouncer,site,websites,https://bouncer.example/\n")
    anchors = [anchor for (anchor,) in world.ask("SELECT anchor FROM library_section ORDER BY position")]
    file.write_text(file.read_text().replace("websites", str(anchors[-1])))

    written = manage("import_resources", str(file), **world.environment)

    assert world.ask("SELECT count(*) FROM library_resource WHERE title = 'Behind the Bouncer'") == [(1,)], written
    with build_opener().open(f"http://127.0.0.1:{world.port}/sections/{anchors[-1]}/") as answer:
        assert "Behind the Bouncer" in read(answer.read()).words
    assert world.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]


def test_a_restart_of_the_pooler_is_a_calm_page_and_nothing_more(world: World, curator: OpenerDirector) -> None:
    assert {status_of(world.port, path) for path in PAGES} == {200}
    world.bouncer.stop()

    assert {status_of(world.port, path) for path in PAGES} == {503}
    assert send(curator, world, "/admin/library/tag/add/", name="Meanwhile") == "/admin/library/tag/"

    world.bouncer.start()
    eventually(lambda: {status_of(world.port, path) for path in PAGES} == {200})


def test_a_pooled_role_without_a_limit_is_refused_in_one_sentence(world: World) -> None:
    environment = world.environment | {"DATABASE_POOL_URL": world.bouncer.url("library"), "PORT": free_port()}

    written = manage("serve", **environment)

    assert written.startswith("CommandError: Statements that go through DATABASE_POOL_URL have no time limit.")
    assert len(written.splitlines()) == 1


@pytest.mark.parametrize("more", [[], ["ignore_startup_parameters = options"]])
def test_a_pooler_in_place_of_the_database_is_refused_in_one_sentence(world: World, more: list[str]) -> None:
    with temporary_data_dir() as folder:
        folder.chmod(0o755)
        bouncer = Bouncer(folder, world.server, *more)
        bouncer.start()
        try:
            written = manage("serve", DATA_DIR=str(folder), DATABASE_URL=bouncer.url("library"), PORT=free_port())
        finally:
            bouncer.stop()

    assert written.startswith(
        "CommandError: DATABASE_URL points to a connection pooler, which drops the site's time limits."
    )
    assert len(written.splitlines()) == 1
