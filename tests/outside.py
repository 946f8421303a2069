"""The Internet as a test has it: names, numbers, and servers on this machine that answer in their place.

What is replaced is the resolver and the connection of Python's own `socket`; the code that is tested runs as it is.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

PUBLIC = "93.184.215.14"

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Outside:
    """What stands at which address, whom we connected to, and what we asked."""

    numbers: dict[str, list[str]] = field(default_factory=lambda: {"example.org": [PUBLIC]})
    replies: dict[str, Reply] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    on_connect: Callable[[], object] = lambda: None
    port: int = 0

    def page(self, path: str, body: bytes | str, content_type: str = "text/html; charset=utf-8", **more: Any) -> None:
        """Let a GET of this path be answered with these bytes; `more` may be its `status` and `headers`."""
        raw = body.encode() if isinstance(body, str) else body
        headers = {"Content-Type": content_type, "Content-Length": str(len(raw))} | more.get("headers", {})

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(more.get("status", 200))
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(raw)

        self.replies[path] = reply

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.page(path, "", status=status, headers={"Location": to})


@contextmanager
def outside_world(patch: pytest.MonkeyPatch, context: ssl.SSLContext | None = None) -> Iterator[Outside]:
    """Every connection to a port of the web ends at one server of this test; every other one is refused."""
    outside = Outside()
    resolve, connect = socket.getaddrinfo, socket.create_connection

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            outside.requests.append((self.path, dict(self.headers)))
            missing: Reply = lambda handler: handler.send_error(404)  # noqa: E731
            outside.replies.get(self.path, missing)(self)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    outside.port = server.server_port

    def answer(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        outside.resolved.append(host)
        if host not in outside.numbers:
            return resolve(host, port, *args, flags=socket.AI_NUMERICHOST)
        return [
            (socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))
            for number in outside.numbers[host]
        ]

    def detour(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        outside.connected.append(address)
        outside.on_connect()
        if address[1] not in {80, 443}:
            raise ConnectionRefusedError(address)
        return connect(("127.0.0.1", outside.port), *args, **options)

    patch.setattr(socket, "getaddrinfo", answer)
    patch.setattr(socket, "create_connection", detour)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args: Any) -> None:
        """We break off where we have seen enough."""
