"""`manage.py serve` as a person runs it: started, asked, interrupted, killed, and started again."""

import contextlib
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil
import psycopg2
import pytest

from config.embedded_postgres.server import PrivateServer
from library.db.locks import Lock
from tests.processes import (
    Process,
    copy_static_files,
    eventually,
    first_run,
    free_port,
    postgres_of,
    status_of,
    temporary_data_dir,
)
from tests.reading import read

pytestmark = pytest.mark.xdist_group("serve")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Where the site has run before."""
    with temporary_data_dir(like=first_run().data_dir) as folder:
        yield folder


def start(data_dir: Path, port: str, *words: str, **environment: str) -> Process:
    settings = {"DATA_DIR": str(data_dir), "DURABLE": "false", "PORT": port, "WEB_CONCURRENCY": "1"} | environment
    # Under `nohup` and the like, the site would inherit deaf ears.
    before = {order: signal.signal(order, signal.SIG_DFL) for order in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)}
    try:
        return Process([sys.executable, "manage.py", "serve", *words], **settings)
    finally:
        for order, handler in before.items():
            signal.signal(order, handler)


@pytest.fixture
def serve() -> Iterator[Callable[..., Process]]:
    processes: list[Process] = []

    def start_one(data_dir: Path, port: str, *words: str, **environment: str) -> Process:
        processes.append(start(data_dir, port, *words, **environment))
        return processes[-1]

    yield start_one
    for process in processes:
        process.close()


@contextlib.contextmanager
def database(data_dir: Path) -> Iterator[Any]:
    """A cursor into the library there, whose server runs."""
    with contextlib.closing(psycopg2.connect(host=data_dir / "postgres", user="library", dbname="library")) as own:
        own.autocommit = True
        yield own.cursor()


def test_prepares_everything_and_serves() -> None:
    run = first_run()

    assert "A curator was created." in run.output
    assert run.output.rstrip().splitlines()[-1].startswith("The site is at http://127.0.0.1:")
    assert run.statuses == [200, 200]
    assert run.exit_status == 0
    assert "Traceback" not in run.output
    assert postgres_of(run.data_dir) == []


@dataclass(frozen=True)
class SecondRun:
    """The site started once more, visited, and ended by SIGTERM."""

    port: str
    first_lines: str
    output: str
    log_lines_shown: list[str]
    exit_status: int
    left: list[psutil.Process]


@pytest.fixture(scope="module")
def second_run() -> Iterator[SecondRun]:
    port = free_port()
    with temporary_data_dir(like=first_run().data_dir) as data_dir, contextlib.closing(start(data_dir, port)) as site:
        site.line_with("The site is at")
        first_lines = site.output
        shown = [privacy_page(port)]
        visit_with_secrets(port)
        time.sleep(1.1)
        shown.append(privacy_page(port))
        site.popen.send_signal(signal.SIGTERM)
        status = site.ended()
        yield SecondRun(port, first_lines, site.output, shown, status, postgres_of(data_dir))


def privacy_page(port: str) -> str:
    """The line of the log that the page shows."""
    with urlopen(f"http://127.0.0.1:{port}/privacy/?q=secret") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return read(answer.read()).one("section", class_="log-line").one("code").words


def visit_with_secrets(port: str) -> None:
    headers = {
        "Referer": "http://from.example/secret",
        "User-Agent": "secret-browser",
        "Authorization": "Basic c2VjcmV0",
    }
    assert status_of(port, "/resources/?q=secret", **headers) == 200
    status_of(port, "/a%0Afake%1b%5b31mline")
    with urlopen(Request(f"http://127.0.0.1:{port}/r/secret/opened/", method="POST")) as answer:
        assert answer.status == 204
    with socket.create_connection(("127.0.0.1", int(port))) as connection:
        connection.sendall(b"GET /?q=secret HTTP/1.1\r\nno header\r\n\r\n")
        assert b" 400 " in connection.recv(1000)


def test_the_next_start_repeats_nothing(second_run: SecondRun) -> None:
    assert second_run.first_lines == f"\nThe site is at http://127.0.0.1:{second_run.port}\n"


def test_the_log_knows_nobody(second_run: SecondRun) -> None:
    requests = [line for line in second_run.output.splitlines() if " GET " in line]

    assert [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC ", "", line) for line in requests] == [
        "GET /privacy/ 200",
        "GET /resources/ 200",
        "GET /a%0Afake%1B%5B31mline 404",
        "GET /privacy/ 200",
    ]
    assert "Refused a request that isn't valid HTTP." in second_run.output
    assert "secret" not in second_run.output
    assert "127.0.0.1" not in second_run.output.replace(f"http://127.0.0.1:{second_run.port}", "")


def test_the_privacy_page_shows_the_very_line_of_the_log(second_run: SecondRun) -> None:
    shown = second_run.log_lines_shown

    assert shown == [line for line in second_run.output.splitlines() if "/privacy/" in line]
    assert len(set(shown)) == 2
    assert all(line.endswith(" GET /privacy/ 200") for line in shown)


def test_an_order_to_end_stops_the_database_too(second_run: SecondRun) -> None:
    """SIGTERM does here; SIGINT and SIGHUP where two sites run on one data directory, and where one was killed."""
    assert second_run.exit_status == 0
    assert second_run.left == []


def test_an_order_to_end_while_it_prepares_stops_the_database_too(
    data_dir: Path, serve: Callable[..., Process]
) -> None:
    site = serve(data_dir, free_port())
    eventually(lambda: postgres_of(data_dir), every=0.02)

    assert site.interrupt() in {0, 130}

    assert "Traceback" not in site.output
    assert postgres_of(data_dir) == []


def test_a_site_outlives_its_database_and_a_start_takes_over_from_a_killed_site(
    data_dir: Path, serve: Callable[..., Process]
) -> None:
    """On the same port, with the clients and the import of the one that was killed."""
    port = free_port()
    killed = serve(data_dir, port, WEB_CONCURRENCY="2")
    killed.line_with("The site is at")
    assert status_of(port) == 200
    assert_comes_back_when_the_database_is_killed(data_dir, port)

    eventually(lambda: len(psutil.Process(killed.popen.pid).children()) == 2)
    workers = psutil.Process(killed.popen.pid).children()
    with contextlib.ExitStack() as clients, database(data_dir) as cursor:
        for _client in range(8):  # each keeps its connection
            client = clients.enter_context(contextlib.closing(HTTPConnection("127.0.0.1", int(port), timeout=60)))
            client.request("GET", "/help/")
            assert client.getresponse().read()
        slow = clients.enter_context(socket.create_connection(("127.0.0.1", int(port))))
        slow.sendall(b"POST /report/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nurl=")
        ask_for_an_import_that_waits(cursor)
        killed.kill()

        again = serve(data_dir, port)

        again.line_with("The site is at")
        assert status_of(port) == 200
        assert all(has_ended(worker) for worker in workers)

        eventually(lambda: waiting_for(Lock.IMPORT_WORKER, cursor))
        (program,) = imports_of(again)
        cursor.execute("DELETE FROM library_fileimport")  # the last start has nothing to resume
        again.kill()
        eventually(lambda: has_ended(program))
        eventually(lambda: not waiting_for(Lock.IMPORT_WORKER, cursor))

    last = serve(data_dir, port)
    last.line_with("The site is at")
    assert status_of(port) == 200
    last.popen.send_signal(signal.SIGHUP)
    assert last.ended() == 0
    assert postgres_of(data_dir) == []


def takes_connections(data_dir: Path) -> bool:
    with contextlib.suppress(psycopg2.OperationalError), database(data_dir):
        return True
    return False


def assert_comes_back_when_the_database_is_killed(data_dir: Path, port: str) -> None:
    for process in postgres_of(data_dir):
        process.kill()

    statuses = [status_of(port)]
    deadline = time.monotonic() + 20
    # The first answer may still come from a connection to the one that was killed.
    while not (statuses[-1] == 200 and takes_connections(data_dir)) and time.monotonic() < deadline:
        statuses.append(status_of(port))

    assert statuses[-1] == 200
    assert takes_connections(data_dir)
    assert set(statuses) <= {200, 503}


def ask_for_an_import_that_waits(cursor: Any) -> None:
    """Its turn doesn't come for as long as this connection lives."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.IMPORT_WORKER])
    cursor.execute(
        "INSERT INTO library_fileimport (name, has_file, state, uploaded_at, asked_at, create_missing, publish,"
        " skip_bad, rows_done, created, changed, unchanged, bad, warnings, made_publishers, made_tags, message)"
        " VALUES ('a.csv', true, 'checking', now(), now(), false, false,"
        " false, 0, 0, 0, 0, 0, '[]', '[]', '[]', '')"
    )


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone, or waits for nothing but to be taken note of."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def imports_of(site: Process) -> list[psutil.Process]:
    processes = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):  # it has ended meanwhile
            if "run_imports" in process.cmdline() and os.getsid(process.pid) == site.popen.pid:
                processes.append(process)
    return processes


def waiting_for(lock: int, cursor: Any) -> bool:
    """Whether anyone waits for it; nobody does once the server has ended, as it may with its last program."""
    try:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE objid = %s AND NOT granted)", [lock])
        return bool(cursor.fetchone()[0])
    except psycopg2.OperationalError:
        return False


def test_two_starts_at_once_on_one_data_directory(serve: Callable[..., Process]) -> None:
    with temporary_data_dir() as fresh:
        copy_static_files(fresh)
        ports = [free_port(), free_port()]
        sites = [serve(fresh, port) for port in ports]
        for site, port in zip(sites, ports, strict=True):
            site.line_with("The site is at")
            assert status_of(port) == 200
        assert sum("A curator was created." in site.output for site in sites) == 1
        assert len(postgres_of(fresh)) == 1

        assert sites[0].interrupt() == 0
        assert status_of(ports[1]) == 200
        sites[1].popen.send_signal(signal.SIGINT)
        assert sites[1].ended() == 0
        assert postgres_of(fresh) == []


def test_a_port_in_use_is_one_sentence(serve: Callable[..., Process], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        site = serve(tmp_path, port)

        assert site.ended() == 1

    assert site.output == (
        f"CommandError: Can't listen on 127.0.0.1 port {port}: it's in use. Choose another, as in PORT=8001 make run.\n"
    )


def test_a_curator_that_is_refused_is_one_sentence(data_dir: Path, serve: Callable[..., Process]) -> None:
    server = PrivateServer(data_dir, durable=False)
    server.use()
    with database(data_dir) as cursor:
        cursor.execute("UPDATE library_user SET is_superuser = false")
    server.leave()

    site = serve(data_dir, free_port(), DJANGO_SUPERUSER_PASSWORD="short")

    assert site.ended() == 1
    assert site.output.splitlines()[-1].startswith("CommandError: The curator “curator” ")
    assert postgres_of(data_dir) == []


def test_the_reloading_server_leaves_no_database_behind(data_dir: Path, serve: Callable[..., Process]) -> None:
    port = free_port()
    site = serve(data_dir, port, "--reload", DEBUG="true")
    site.line_with("Quit the server with")
    eventually(lambda: _answers(port))
    assert status_of(port) == 200

    site.interrupt()

    assert "Traceback" not in site.output
    assert postgres_of(data_dir) == []


def _answers(port: str) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", int(port))) == 0
