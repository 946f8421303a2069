"""The database stops answering without closing anything: a stopped server, a network that drops every packet."""

import contextlib
import fcntl
import http.client
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

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

PAGES = ["/", "/help/", "/resources/", "/resources/?q=sleep", "/sections/podcasts/", "/readyz", "/admin/account/login/"]
CLIENTS = 16
# A reader has left by then. It tells what answers from what hangs, on a machine that has much else to do, too.
PATIENCE = 12.0


class Road:
    """A way to a database's socket over TCP that can swallow everything, as a network does whose other end vanished."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.is_open = threading.Event()
        self.is_open.set()
        self.ends: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                server = socket.socket(socket.AF_UNIX)
                self.ends += [client, server]
                server.connect(str(self.target))
                for pair in ((client, server), (server, client)):
                    self.threads.append(threading.Thread(target=self._carry, args=pair, daemon=True))
                    self.threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.is_open.wait()
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.is_open.set()
        for end in (self.listener, *self.ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        for end in (self.listener, *self.ends):
            end.close()


def cluster_of(data_dir: Path) -> list[psutil.Process]:
    """All processes of the server: the postmaster first, so that it starts no others meanwhile."""
    return [process for master in postgres_of(data_dir) for process in [master, *master.children(recursive=True)]]


@contextlib.contextmanager
def stopped(data_dir: Path) -> Iterator[None]:
    for process in cluster_of(data_dir):
        process.suspend()
    try:
        yield
    finally:
        for process in cluster_of(data_dir):
            process.resume()


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    with temporary_data_dir(like=first_run().data_dir) as folder:
        yield folder


@pytest.fixture(scope="module")
def site(data_dir: Path) -> Iterator[str]:
    """The port of a site with its own database, two processes of four threads each."""
    port = free_port()
    process = Process([sys.executable, "manage.py", "serve"], DATA_DIR=str(data_dir), DURABLE="false", PORT=port)
    try:
        process.line_with("The site is at")
        yield port
    finally:
        process.close()


@pytest.fixture(scope="module")
def far(site: str, data_dir: Path) -> Iterator[tuple[str, Road]]:
    """Another site, whose way to the same database is a network."""
    road, port = Road(data_dir / "postgres" / ".s.PGSQL.5432"), free_port()
    with temporary_data_dir() as own:
        copy_static_files(own)
        url = f"postgres://library@127.0.0.1:{road.port}/library"
        process = Process([sys.executable, "manage.py", "serve"], DATA_DIR=str(own), DATABASE_URL=url, PORT=port)
        try:
            process.line_with("The site is at")
            yield port, road
        finally:
            process.close()
            road.close()


def ask(port: str, path: str) -> int:
    """The status of a page; raises TimeoutError for what hangs."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def statuses_of(port: str, paths: list[str]) -> set[int]:
    return {ask(port, path) for path in paths}


def statuses_meanwhile(port: str) -> set[int]:
    """What many clients get, page after page; the process says that it lives all the while."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        visits = [clients.submit(statuses_of, port, PAGES) for _client in range(CLIENTS)]
        while not all(visit.done() for visit in visits):
            assert ask(port, "/healthz") == 200
            time.sleep(0.05)
    return {status for visit in visits for status in visit.result()}


def test_a_stopped_server_costs_every_page_a_moment_and_comes_back_by_itself(site: str, data_dir: Path) -> None:
    assert statuses_of(site, PAGES) == {200}

    with stopped(data_dir):
        assert statuses_meanwhile(site) == {503}
        assert statuses_of(site, PAGES) == {503}

    eventually(lambda: statuses_of(site, PAGES) == {200})


def test_a_network_that_swallows_everything_does_so_too(far: tuple[str, Road]) -> None:
    port, road = far
    assert statuses_of(port, PAGES) == {200}

    road.is_open.clear()
    assert statuses_meanwhile(port) == {503}
    assert statuses_of(port, PAGES) == {503}

    road.is_open.set()
    eventually(lambda: statuses_of(port, PAGES) == {200})


def test_a_start_that_takes_long_holds_no_page_up(site: str, data_dir: Path) -> None:
    assert status_of(site) == 200
    with (data_dir / "postgres.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever starts the server has it
        killed = cluster_of(data_dir)
        for process in killed:
            with contextlib.suppress(psutil.NoSuchProcess):  # they end by themselves when the first has
                process.kill()
        psutil.wait_procs(killed)

        assert statuses_meanwhile(site) == {503}

    eventually(lambda: statuses_of(site, PAGES) == {200})
