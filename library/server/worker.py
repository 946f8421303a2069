"""gunicorn's threaded worker, with a thread of its own for `/healthz`: busy threads don't make a process look dead.

A connection gets a thread once something has arrived on it, so that silent ones take none. The thread for health checks
takes only those that have arrived whole: it never waits for a client.
"""

import re
import selectors
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

HEALTH_CHECKS = (b"GET /healthz ", b"HEAD /healthz ")
LONGEST_HEAD = 2048  # bytes: a health check with a longer head waits for an ordinary thread
_BODY = re.compile(rb"content-length|transfer-encoding", re.IGNORECASE)
SILENCE = 7.0  # seconds in which something has to arrive on a new connection: as long as with gunicorn's own worker


class SiteWorker(ThreadWorker):  # type: ignore[misc]
    def init_process(self) -> None:
        self.health = ThreadPoolExecutor(1, thread_name_prefix="health")
        super().init_process()

    def handle_quit(self, sig: int, frame: Any) -> None:
        """End at the first order. Ctrl-C reaches the worker twice, from the terminal and from its master.

        The second order would interrupt the first in the middle, and wait for the lock that the first holds. It isn't
        left to SIG_IGN: Python complains of a signal that came before it was ignored.
        """
        signal.signal(signal.SIGINT, _do_nothing)
        signal.signal(signal.SIGQUIT, _do_nothing)
        super().handle_quit(sig, frame)

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread: a new one once something has arrived, a health check to its own thread."""
        start = _arrived(conn)
        if start is None and not conn.initialized:
            conn.timeout = time.monotonic() + SILENCE
            self.pending_conns.append(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))
            return
        pool = self.health if _is_health_check(start or b"") and not _has_begun(conn) else self.tpool
        handled = pool.submit(self.handle, conn)
        handled.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))


def _do_nothing(sig: int, frame: Any) -> None:
    return None


def _is_health_check(start: bytes) -> bool:
    """Whether this is the whole head of a health check, with no body to wait for."""
    head, end, _rest = start.partition(b"\r\n\r\n")
    return bool(end) and head.startswith(HEALTH_CHECKS) and not _BODY.search(head)


def _has_begun(conn: Any) -> bool:
    """Whether the start of the next request was read already, together with the request before."""
    return conn.parser is not None and bool(conn.parser.unreader.buf.getvalue())


def _arrived(conn: Any) -> bytes | None:
    """The first bytes to read, left where they are; none at the end of the connection, None when nothing has come."""
    try:
        start: bytes = conn.sock.recv(LONGEST_HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""
    return start
