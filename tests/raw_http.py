"""Requests of these very bytes, and what a stranger may put into them. For tests of servers and of proxies."""

import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from tests.processes import PATIENCE

PROXY, STRANGER = "127.0.0.1", "127.0.0.2"
ATTACKS = {
    "a prefix": "SCRIPT_NAME: /phish",
    "a prefix with a dash": "Script-Name: /phish",
    "a prefix of a proxy": "X-Forwarded-Prefix: /phish",
    "an address before it was rewritten": "SCRIPT_URL: /phish/about/",
    "a redirect": "REDIRECT_URL: /phish/about/",
    "another path": "PATH_INFO: /phish/",
    "another path with a dash": "Path-Info: /phish/",
    "an original address": "X-Original-URL: /phish/",
    "a rewritten address": "X-Rewrite-URL: /phish/",
    "another host": "X-Forwarded-Host: phish.example",
    "another host with underscores": "X_Forwarded_Host: phish.example",
    "another host in one header": "Forwarded: host=phish.example;proto=https;for=1.2.3.4",
    "another host in the plainest header": "X-Forwarded: host=phish.example",
    "another server": "X-Forwarded-Server: phish.example",
    "another port": "X-Forwarded-Port: 4444",
    "another scheme": "X-Forwarded-Proto: https",
    "another scheme with underscores": "X_Forwarded_Proto: https",
    "another scheme by another name": "X-Forwarded-Protocol: ssl",
    "another scheme by a third name": "X-Forwarded-Ssl: on",
    "another method": "X-HTTP-Method-Override: POST",
    "another person": "Remote-User: phish",
    "another person with an underscore": "REMOTE_USER: phish",
    "another charset": "Content-Type: text/plain; charset=utf-7",
    "another language": "Accept-Language: es",
    "a cookie": "Cookie: sessionid=phish; django_language=es",
    "a condition": "If-Modified-Since: Mon, 30 Nov 2099 00:00:00 GMT",
    "a part": "Range: bytes=0-9",
}
_number = count()


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Tls:
    """The host that a connection is for, and how its certificate is looked at."""

    host: str
    context: ssl.SSLContext


def connect(port: str, source: str = PROXY, tls: Tls | None = None) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", int(port)), PATIENCE, source_address=(source, 0))
    return tls.context.wrap_socket(wire, server_hostname=tls.host) if tls else wire


def ask(port: str, *lines: str, body: bytes = b"", source: str = PROXY, tls: Tls | None = None) -> Answer:
    """The answer to a request of these very lines, from this address."""
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
    is_cut, answer = _length(head) > len(body), b""
    with connect(port, source, tls) as wire:
        # A server that has answered may close before it has read all of a long body.
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            wire.sendall(head + body)
        # Where the rest of a request is missing, some servers wait seconds for it before they close.
        while not (is_cut and _is_whole(answer)) and (part := wire.recv(65_536)):
            answer += part
    head, _gap, body = answer.partition(b"\r\n\r\n")
    return Answer(int(head.split()[1]), head.decode("latin-1"), body)


def _length(head: bytes) -> int:
    """What its Content-Length says, or 0."""
    said = re.search(rb"\r\nContent-Length: (\d+)\r\n", head + b"\r\n", re.IGNORECASE)
    return int(said[1]) if said else 0


def _is_whole(answer: bytes) -> bool:
    head, gap, body = answer.partition(b"\r\n\r\n")
    return bool(gap) and len(body) >= _length(head) > 0


def new_address() -> str:
    """One of the same page whose query is new, so that the page is made and not given again."""
    return f"/about/?n={next(_number)}"
