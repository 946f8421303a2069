"""What holds a thread of the server, and what does not."""

import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gunicorn.config import Config

from library.server.worker import SiteWorker
from tests.processes import Process, free_port, status_of

THREADS = 2


@pytest.fixture
def go_on(tmp_path: Path) -> Path:
    """Once this file is there, pages are answered."""
    return tmp_path / "go-on"


@pytest.fixture
def port(go_on: Path) -> Iterator[str]:
    port = free_port()
    options = ["-k", "library.server.worker.SiteWorker", f"--threads={THREADS}", "-b", f"127.0.0.1:{port}"]
    server = Process(
        [sys.executable, "-m", "gunicorn", "--no-control-socket", *options, "tests.waiting_app"], GO_ON=str(go_on)
    )
    try:
        server.line_with("Booting worker")
        yield port
    finally:
        server.close()


def test_a_health_check_is_answered_while_every_thread_is_busy(port: str, go_on: Path) -> None:
    with ThreadPoolExecutor(2 * THREADS) as clients, contextlib.ExitStack() as at_the_end:
        at_the_end.callback(go_on.touch)
        pages = [clients.submit(status_of, port, "/") for _client in range(2 * THREADS)]
        for _check in range(5):
            assert status_of(port, "/healthz") == 200
        assert not any(page.done() for page in pages)

        go_on.touch()
        assert [page.result() for page in pages] == [200] * len(pages)


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        b"HTTP/1.1\r\nHost: localhost\r\n",
        b"HTTP/1.1\r\nHost: localhost\r\ncontent-LENGTH: 9\r\n\r\n",
        b"HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 3000,
    ],
)
def test_a_health_check_that_never_arrives_whole_is_in_the_way_of_no_other(port: str, go_on: Path, rest: bytes) -> None:
    go_on.touch()
    with socket.create_connection(("127.0.0.1", int(port))) as unfinished:
        unfinished.sendall(b"GET /healthz " + rest)

        assert status_of(port, "/") == 200  # the worker has seen it
        assert status_of(port, "/healthz") == 200


def test_a_page_that_began_with_the_request_before_is_no_health_check(port: str, go_on: Path) -> None:
    """Its first bytes were read with that request: what is left to read looks like a health check."""
    with socket.create_connection(("127.0.0.1", int(port))) as connection, contextlib.ExitStack() as at_the_end:
        at_the_end.callback(go_on.touch)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + b"GET / HTTP/1.1\r\nX: ")
        assert connection.recv(12) == b"HTTP/1.1 200"
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")

        assert status_of(port, "/healthz") == 200


def test_connections_on_which_nothing_arrives_take_no_thread(port: str, go_on: Path) -> None:
    go_on.touch()
    with contextlib.ExitStack() as silent:
        for _connection in range(25 * THREADS):
            silent.enter_context(socket.create_connection(("127.0.0.1", int(port))))

        # gunicorn's own worker would wait five seconds for each pair of them, longer than this test does.
        assert [status_of(port, "/") for _page in range(3)] == [200] * 3


def test_several_requests_on_one_connection_are_answered_in_their_order(port: str, go_on: Path) -> None:
    go_on.touch()
    request = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(port))) as connection:
        connection.settimeout(60)
        connection.sendall(request % b"/" + request % b"/healthz" + request % b"/")
        received = b""
        while received.count(b"ok\n") < 3:
            received += connection.recv(1000)

    assert received.count(b"HTTP/1.1 200 OK") == 3


ORDERS = [signal.SIGINT, signal.SIGQUIT]


class InterruptedPool(ThreadPoolExecutor):
    """While it shuts down, with its lock held, the second order comes."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._shutdown_lock:
            signal.raise_signal(signal.SIGQUIT)
        super().shutdown(wait, cancel_futures=cancel_futures)


@pytest.fixture
def stopping_worker() -> Iterator[SiteWorker]:
    """A worker in this process, that hears orders to end it."""
    worker, before = SiteWorker.__new__(SiteWorker), {order: signal.getsignal(order) for order in ORDERS}
    worker.cfg, worker.tpool = Config(), ThreadPoolExecutor(1)
    for order in ORDERS:
        signal.signal(order, worker.handle_quit)
    yield worker
    for order, handler in before.items():
        signal.signal(order, handler)


def test_a_second_order_to_end_does_not_hold_up_the_first(stopping_worker: SiteWorker) -> None:
    stopping_worker.tpool = InterruptedPool(1)

    with pytest.raises(SystemExit):
        signal.raise_signal(signal.SIGINT)


def test_two_orders_to_end_at_the_same_moment_end_it_once(stopping_worker: SiteWorker) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
    for order in ORDERS:
        signal.raise_signal(order)

    with pytest.raises(SystemExit):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)
