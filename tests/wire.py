"""A request as a web server hands it to the site, every byte of it ours. For tests."""

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from library.server.handler import EdgeHandler


@contextlib.contextmanager
def connection_of_the_test() -> Iterator[None]:
    """The site asks the database through the test's own connection, which no request closes."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Wire:
    """The site behind its WSGI door, all middleware and signals included."""

    def __init__(self) -> None:
        self.site = EdgeHandler()

    def ask(self, path: bytes | str, query: str = "", method: str = "GET", **environ: Any) -> Answer:
        """`path` is what stands between the host and the `?`, after the server took its escapes away."""
        raw = path.encode() if isinstance(path, str) else path
        given: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            given.update(status=int(status.split()[0]), headers=dict(headers))

        response = self.site(
            {
                "REQUEST_METHOD": method,
                "SCRIPT_NAME": "",
                "PATH_INFO": raw.decode("latin-1"),
                "QUERY_STRING": query,
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": "testserver",
                "REMOTE_ADDR": "127.0.0.1",
                "wsgi.input": io.BytesIO(),
                "wsgi.errors": sys.stderr,
                "wsgi.url_scheme": "http",
                "wsgi.version": (1, 0),
            }
            | environ,
            start_response,
        )
        body = b"".join(response)
        if hasattr(response, "close"):  # as a server does
            response.close()
        return Answer(given["status"], given["headers"], body)
