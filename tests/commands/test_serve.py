"""`manage.py serve` as a person runs it: started, asked, interrupted, killed, and started again."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil
import psycopg2
import pytest

from library.db.locks import Lock
from tests.processes import Process, eventually, first_run, free_port, postgres_of, status_of, temporary_data_dir
from tests.reading import read


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Where the site has run before."""
    with temporary_data_dir(like=first_run().data_dir) as folder:
        yield folder


@pytest.fixture
def serve(data_dir: Path) -> Iterator[Callable[..., Process]]:
    processes: list[Process] = []

    def start(port: str, *words: str, **environment: str) -> Process:
        settings = {"DATA_DIR": str(data_dir), "DURABLE": "false", "PORT": port, "WEB_CONCURRENCY": "1"} | environment
        processes.append(Process([sys.executable, "manage.py", "serve", *words], **settings))
        return processes[-1]

    yield start
    for process in processes:
        process.close()


def test_prepares_everything_and_serves() -> None:
    run = first_run()

    assert "A curator was made." in run.output
    assert run.output.rstrip().splitlines()[-1].startswith("The site is at http://127.0.0.1:")
    assert run.statuses == [200, 200]
    assert run.exit_status == 0
    assert "Traceback" not in run.output
    assert postgres_of(run.data_dir) == []


def test_the_next_start_repeats_nothing(serve: Callable[..., Process]) -> None:
    port = free_port()
    site = serve(port)
    site.line_with("The site is at")

    assert status_of(port) == 200
    assert site.output == f"\nThe site is at http://127.0.0.1:{port}\n"


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_any_order_to_end_stops_the_database_too(
    order: signal.Signals, data_dir: Path, serve: Callable[..., Process]
) -> None:
    port = free_port()
    before = signal.signal(order, signal.SIG_DFL)  # under `nohup` and the like, the site would inherit deaf ears
    try:
        site = serve(port)
    finally:
        signal.signal(order, before)
    site.line_with("The site is at")
    assert status_of(port) == 200

    site.popen.send_signal(order)

    assert site.ended() == 0
    assert postgres_of(data_dir) == []


def test_an_order_to_end_while_it_prepares_stops_the_database_too(
    data_dir: Path, serve: Callable[..., Process]
) -> None:
    site = serve(free_port())
    eventually(lambda: postgres_of(data_dir))

    assert site.interrupt() in {0, 130}

    assert "Traceback" not in site.output
    assert postgres_of(data_dir) == []


def test_starts_again_on_the_same_port_after_a_kill(data_dir: Path, serve: Callable[..., Process]) -> None:
    port = free_port()
    killed = serve(port)
    killed.line_with("The site is at")
    assert status_of(port) == 200
    killed.kill()

    again = serve(port)

    again.line_with("The site is at")
    assert status_of(port) == 200
    assert again.interrupt() == 0
    assert postgres_of(data_dir) == []


def test_a_start_takes_over_from_a_killed_site_that_has_clients(serve: Callable[..., Process]) -> None:
    port = free_port()
    killed = serve(port, WEB_CONCURRENCY="2")
    killed.line_with("The site is at")
    eventually(lambda: len(psutil.Process(killed.popen.pid).children()) == 2)
    workers = psutil.Process(killed.popen.pid).children()
    with contextlib.ExitStack() as clients:
        for _client in range(8):  # each keeps its connection
            client = clients.enter_context(contextlib.closing(HTTPConnection("127.0.0.1", int(port), timeout=60)))
            client.request("GET", "/help/")
            assert client.getresponse().read()
        slow = clients.enter_context(socket.create_connection(("127.0.0.1", int(port))))
        slow.sendall(b"POST /report/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nurl=")
        killed.kill()

        again = serve(port)

        again.line_with("The site is at")
        assert status_of(port) == 200
    assert all(has_ended(worker) for worker in workers)


def test_an_interrupted_import_is_resumed_and_ends_with_its_site(data_dir: Path, serve: Callable[..., Process]) -> None:
    port = free_port()
    first = serve(port)
    first.line_with("The site is at")
    with contextlib.closing(psycopg2.connect(host=data_dir / "postgres", user="library", dbname="library")) as database:
        database.autocommit = True
        cursor = database.cursor()
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.IMPORT_WORKER])  # the import waits for its turn
        cursor.execute(
            "INSERT INTO library_fileimport (name, has_file, state, uploaded_at, asked_at, create_missing, publish,"
            " skip_bad, rows_done, created, changed, unchanged, bad, warnings, made_publishers, made_tags, message)"
            " VALUES ('a.csv', true, 'checking', now(), now(), false, false,"
            " false, 0, 0, 0, 0, 0, '[]', '[]', '[]', '')"
        )
        first.kill()

        second = serve(port)
        second.line_with("The site is at")
        (program,) = imports_of(second)
        eventually(lambda: waiting_for(Lock.IMPORT_WORKER, cursor))
        second.kill()

        eventually(lambda: has_ended(program))
        eventually(lambda: not waiting_for(Lock.IMPORT_WORKER, cursor))


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


def test_recovers_by_itself_when_the_database_is_killed(data_dir: Path, serve: Callable[..., Process]) -> None:
    port = free_port()
    serve(port).line_with("The site is at")
    assert status_of(port) == 200
    for process in postgres_of(data_dir):
        process.kill()

    statuses = [status_of(port)]
    deadline = time.monotonic() + 20
    while statuses[-1] != 200 and time.monotonic() < deadline:
        statuses.append(status_of(port))

    assert statuses[-1] == 200
    assert set(statuses) <= {200, 503}


def test_two_starts_at_once_on_one_data_directory(serve: Callable[..., Process]) -> None:
    with temporary_data_dir() as fresh:
        for name in ("static", "static.collected"):  # the slowest part, which is not at stake
            subprocess.run(["cp", "-a", first_run().data_dir / name, fresh], check=True)
        ports = [free_port(), free_port()]
        sites = [serve(port, DATA_DIR=str(fresh)) for port in ports]
        for site, port in zip(sites, ports, strict=True):
            site.line_with("The site is at")
            assert status_of(port) == 200
        assert sum("A curator was made." in site.output for site in sites) == 1
        assert len(postgres_of(fresh)) == 1

        assert sites[0].interrupt() == 0
        assert status_of(ports[1]) == 200
        assert sites[1].interrupt() == 0
        assert postgres_of(fresh) == []


def test_a_port_in_use_is_one_sentence(serve: Callable[..., Process]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        site = serve(port)

        assert site.ended() == 1

    assert site.output == (
        f"CommandError: Cannot listen on 127.0.0.1 port {port}: it is in use. "
        "Choose another, as in PORT=8001 make run.\n"
    )


def test_a_curator_that_is_refused_is_one_sentence(serve: Callable[..., Process]) -> None:
    with temporary_data_dir() as fresh:
        site = serve(free_port(), DATA_DIR=str(fresh), DJANGO_SUPERUSER_PASSWORD="short")

        assert site.ended() == 1
        assert site.output.splitlines()[-1].startswith("CommandError: The curator “curator” ")
        assert postgres_of(fresh) == []


def test_the_log_knows_nobody(serve: Callable[..., Process]) -> None:
    port = free_port()
    site = serve(port)
    site.line_with("The site is at")

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
    assert site.interrupt() == 0

    requests = [line for line in site.output.splitlines() if " GET " in line]
    assert [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC ", "", line) for line in requests] == [
        "GET /resources/ 200",
        "GET /a%0Afake%1B%5B31mline 404",
    ]
    assert "Refused a request that is not valid HTTP." in site.output
    assert "secret" not in site.output
    assert "127.0.0.1" not in site.output.replace(f"http://127.0.0.1:{port}", "")


def test_the_privacy_page_shows_the_very_line_of_the_log(serve: Callable[..., Process]) -> None:
    port = free_port()
    site = serve(port)
    site.line_with("The site is at")

    shown = []
    for _visit in range(2):
        with urlopen(f"http://127.0.0.1:{port}/privacy/?q=secret") as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            page = read(answer.read())
        shown.append(page.one("section", class_="log-line").one("code").words)
        time.sleep(1.1)
    assert site.interrupt() == 0

    assert shown == [line for line in site.output.splitlines() if "/privacy/" in line]
    assert len(set(shown)) == 2
    assert all(line.endswith(" GET /privacy/ 200") for line in shown)


def test_the_reloading_server_leaves_no_database_behind(data_dir: Path, serve: Callable[..., Process]) -> None:
    port = free_port()
    site = serve(port, "--reload", DEBUG="true")
    site.line_with("Quit the server with")
    eventually(lambda: _answers(port))
    assert status_of(port) == 200

    site.interrupt()

    assert "Traceback" not in site.output
    assert postgres_of(data_dir) == []


def _answers(port: str) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", int(port))) == 0
