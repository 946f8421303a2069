"""The Internet Archive as a test has it: captures in a dictionary, an index of them, and switches for its bad days.

It answers as its documentation and its users say that it does (November 2026), at the wire.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.outside import PUBLIC, Outside, Reply

Page = tuple[str, bytes]  # its media type, and what it was
KEY = "key:secret"
HTML = "text/html; charset=utf-8"


@dataclass
class FakeArchive:
    """`captures` by their timestamps, of each the address and the page. `bad_day` answers in the place of the index.

    `elsewhere`: a capture that leads to one of another date. `statuses`: of a job, one after the other; `orders` are
    the forms that came with the key.
    """

    captures: dict[str, tuple[str, Page]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    bad_day: Reply | None = None
    statuses: list[dict[str, str]] = field(default_factory=list)
    orders: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def keep(self, timestamp: str, address: str, body: bytes | str, content_type: str = HTML) -> None:
        self.captures[timestamp] = (address, (content_type, body.encode() if isinstance(body, str) else body))

    def stand_in(self, outside: Outside) -> None:
        """Be what is found at web.archive.org."""
        outside.numbers["web.archive.org"] = [PUBLIC]
        outside.replies = _Everywhere(self)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        if handler.path.startswith("/save"):
            self._take(handler)
        elif handler.path.startswith("/cdx/"):
            (self.bad_day or self._index)(handler)
        else:
            self._play(handler)

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        """Save Page Now: a job for a form with a key, and its next status for its number."""
        if handler.headers.get("Authorization") != f"LOW {KEY}":
            send('{"message": "You need to be logged in."}', "application/json", status=401)(handler)
        elif handler.command == "POST":
            sent = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
            self.orders.append({name: values[0] for name, values in parse_qs(sent).items()})
            send('{"url": "x", "job_id": "spn2-1"}', "application/json")(handler)
        else:
            send(json.dumps(self.statuses.pop(0)), "application/json")(handler)

    def _index(self, handler: BaseHTTPRequestHandler) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        columns = asked["fl"].split(",")
        rows = [
            {"timestamp": stamp, "original": address, "statuscode": "200"}
            for stamp, (address, _page) in sorted(self.captures.items())
            if address == asked["url"] and stamp[: len(asked.get("to", ""))] <= asked.get("to", "")
        ][int(asked["limit"]) :]
        table = [columns, *([row[name] for name in columns] for row in rows)] if rows else []
        send(json.dumps(table), "application/json")(handler)

    def _play(self, handler: BaseHTTPRequestHandler) -> None:
        stamp = handler.path.removeprefix("/web/")[:14]
        if to := self.elsewhere.get(stamp):
            send("", status=302, Location=handler.path.replace(stamp, to))(handler)
        elif stamp in self.captures:
            content_type, body = self.captures[stamp][1]
            send(body, content_type)(handler)
        else:
            send("Not archived.", status=404)(handler)


class _Everywhere(dict[str, Reply]):
    """Answers at every path."""

    def __init__(self, archive: FakeArchive) -> None:
        super().__init__()
        self.archive = archive

    def get(self, _path: str, _default: object = None) -> Reply:  # type: ignore[override]
        return self.archive.answer


def send(body: bytes | str, content_type: str = HTML, status: int = 200, **headers: str) -> Reply:
    raw = body.encode() if isinstance(body, str) else body

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        named = {"Content-Type": content_type, "Content-Length": str(len(raw))}
        for name, value in (named | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(raw)

    return reply


BAD_DAYS: dict[str, Reply] = {
    "too many requests": send("Slow down.", status=429, Retry_After="7200"),
    "a name is asked for": send("{}", "application/json", status=401),
    "a page that says it is down": send("<h1>Temporarily offline</h1>"),
    "half of an answer": send('[["timestamp","original","statuscode"],["2025', "application/json"),
    "another answer": send('{"error": "none"}', "application/json"),
    "out of order": send("", status=503),
    "silence": lambda _handler: time.sleep(1.5),
}
LEFT_OUT: Callable[[BaseHTTPRequestHandler], None] = send(
    "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error", status=403
)
