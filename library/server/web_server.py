"""The site's own web server: gunicorn inside this process, with a log that knows nobody.

What has to be in place before it serves is the business of `bootstrap`.
"""

import errno
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import DatabaseError, InterfaceError, connection
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from library.imports.worker import start_worker
from library.models import FileImport

from . import lifeline, scheduler
from .access_log import access_log_line
from .worker import SiteWorker

THREADS = 4
STOP_SIGNALS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
LEFTOVER_PATIENCE = 3.0  # seconds: the workers of a killed server let go of the port after `lifeline.GRACE`


class PortTaken(Exception):
    """Nobody can listen there; the message is one sentence for the person who runs the site."""


def reserve(host: str, port: int) -> socket.socket:
    """A socket bound to the address, that does not listen yet. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + LEFTOVER_PATIENCE
    while True:
        try:
            listener.bind((host, port))
            return listener
        except (OSError, UnicodeError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            if not taken or time.monotonic() > deadline:
                listener.close()
                raise PortTaken(_why_not(host, port, error)) from error
            time.sleep(0.1)


def _why_not(host: str, port: int, error: OSError | UnicodeError) -> str:
    """Why nobody can listen there, in a sentence that names the variable to change."""
    if isinstance(error, UnicodeError | socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"HOST is “{host}”, but this machine has no such address. Choose another, as in HOST=127.0.0.1 make run."
    reason = "it's in use" if error.errno == errno.EADDRINUSE else error.strerror
    return f"Can't listen on {host} port {port}: {reason}. Choose another, as in PORT=8001 make run."


def serve(listener: socket.socket, workers: int) -> None:
    """Serve the site until SIGINT, SIGTERM or SIGHUP, then leave by SystemExit."""
    sys.stdout.flush()
    import_module(settings.ROOT_URLCONF)  # once, and not in each worker
    # A new worker that is told to end before it has ears for it would be waited for in vain: it hears it when it has.
    os.register_at_fork(before=_block_signals, after_in_parent=_unblock_signals)
    lifeline.tie()
    _Site(listener, workers).run()


class PrivateLogger(Logger):  # type: ignore[misc]
    """Writes `access_log_line` for a request, and nothing else of it; nothing at all where no page was sent.

    A line for each entry that somebody opened would say when a reader followed a link, and pages do not tell that.
    """

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        is_understood = "PATH_INFO" in environ  # else a warning is all there is
        if is_understood and not str(resp.status).startswith("204"):
            super().access(resp, req, environ, request_time)

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        return {"line": access_log_line(environ, str(resp.status).split(None, 1)[0], datetime.now(UTC))}

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Invalid request from"):
            # gunicorn's own words hold the address of the sender and what they sent.
            msg = "Refused a request that isn't valid HTTP."
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Error handling request"):
            # The arguments hold the query.
            msg, args = "Error handling a request", ()
        super().exception(msg, *args, **kwargs)


class _Site(BaseApplication):  # type: ignore[misc]
    def __init__(self, listener: socket.socket, workers: int) -> None:
        self._listener = listener
        self._workers = workers
        self._stays = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup
        super().__init__()

    def load_config(self) -> None:
        values: dict[str, Any] = {
            "bind": f"fd://{self._listener.fileno()}",
            "workers": self._workers,
            "worker_class": SiteWorker,
            "threads": THREADS,
            "preload_app": False,
            "graceful_timeout": 10,
            "control_socket_disable": True,
            # No header names the path's prefix, the scheme or the sender here: `library.server.handler` reads the two
            # of the proxy. A name with an underscore, which could pass for one with a dash, is dropped.
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "forwarded_allow_ips": "",
            "header_map": "drop",
            "logger_class": PrivateLogger,
            "loglevel": "warning",
            "accesslog": "-",
            "access_log_format": "%(line)s",
            "when_ready": self._when_ready,
            "post_fork": self._post_fork,
            "post_worker_init": self._post_worker_init,
        }
        for name, value in values.items():
            self.cfg.set(name, value)
        # The numbers are gunicorn's, the address is ours.
        host, port = self._listener.getsockname()[:2]
        self._address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def load(self) -> WSGIHandler:
        return get_internal_wsgi_application()

    def _when_ready(self, arbiter: Any) -> None:
        self._listener.detach()  # gunicorn has its own copy, and closed this one
        if self._stays:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        else:
            arbiter.handle_hup = arbiter.handle_term  # a closed terminal stops the site instead of reloading it

    def _post_fork(self, arbiter: Any, worker: Any) -> None:
        lifeline.follow(partial(_finish_requests, worker))

    def _post_worker_init(self, worker: Any) -> None:
        _unblock_signals()
        scheduler.start()
        if worker.age == 1:
            _resume_programs()
            print(f"\nThe site is at {self._address}\n", flush=True)


def _finish_requests(worker: Any) -> None:
    """Wait until no request is under way; gunicorn itself would wait longer, for idle connections too."""
    deadline = time.monotonic() + lifeline.GRACE
    while worker.nr_conns > len(worker.keepalived_conns) + len(worker.pending_conns) and time.monotonic() < deadline:
        time.sleep(0.02)


def _resume_programs() -> None:
    """Start the program for links, and that for imports where the site was stopped in the middle of one."""
    with suppress(DatabaseError, InterfaceError):
        scheduler.keep_checking_links()
        if FileImport.objects.waiting().exists():
            start_worker()
    connection.close()


def _block_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)


def _unblock_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
