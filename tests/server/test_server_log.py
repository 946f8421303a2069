"""What a visit leaves behind on the server: the log and all its files, read after visits that try to be known."""

import http.client
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.processes import Process, first_run, free_port, temporary_data_dir

ADDRESS = "203.0.113.77"
AGENT = "Peculiarbrowser/7.7"
CAME_FROM = "http://agency.example/chat/with-a-peculiar-friend"
COOKIE = "sessionid=peculiarcookie"
WORDS = "peculiarwords"
TYPED = "peculiarreport"
WHO = {
    "X-Forwarded-For": ADDRESS,
    "X-Real-IP": ADDRESS,
    "Forwarded": f"for={ADDRESS}",
    "User-Agent": AGENT,
    "Referer": CAME_FROM,
    "Cookie": COOKIE,
    "From": "peculiar@agency.example",
    "Accept-Language": "nv-peculiar",
}
TRACES = [ADDRESS, "peculiar", "Peculiar", "127.0.0.1", "agency.example", "?q=", "?r="]
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC [A-Z]+ /[^? ]* \d{3}")
# What a refusal adds: gunicorn's own line, and Django's.
REFUSALS = re.compile(
    r"\[[^]]+\] \[\d+\] \[WARNING\] Refused a request that isn't valid HTTP\."
    r"|WARNING django\.request [A-Za-z ]+( \([A-Z]+\))?: /[^? ]*"
    r"|ERROR django\.security\.\w+ Refused a request: \w+"
    # The name of a site that the request was for, which an operator may have forgotten, and nothing of who asked.
    r"(\. If “peculiar\.example” is a name of this site, add it to ALLOWED_HOSTS and start the site again\.)?"
)


class Reader:
    """Somebody whose every request says who they are."""

    def __init__(self, port: str) -> None:
        self.port = int(port)

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, WHO | headers)
            response = connection.getresponse()
            assert response.getheader("Set-Cookie") is None, path
            return response.status, response.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def send(self, path: str, **fields: str) -> int:
        """A form, as a reader fills it in."""
        _status, page = self.ask(path)
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        form = urlencode(fields | {"token": token[1]})
        site = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        return self.ask(path, "POST", form, **site)[0]

    def say(self, raw: bytes) -> None:
        """Bytes that need be no HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as wire:
            wire.sendall(raw)
            assert wire.recv(1000).startswith(b"HTTP/1.1 4")


@pytest.fixture(scope="module")
def visited() -> Iterator[tuple[str, Path]]:
    """What the server wrote during the visits, and the directory of its files."""
    port = free_port()
    with temporary_data_dir(like=first_run().data_dir) as data_dir:
        site = Process(
            [sys.executable, "manage.py", "serve"],
            DATA_DIR=str(data_dir),
            DURABLE="false",
            PORT=port,
            WEB_CONCURRENCY="1",
        )
        try:
            site.line_with("The site is at")
            visit(Reader(port))
            site.interrupt()
            yield site.output, data_dir
        finally:
            site.close()


def visit(reader: Reader) -> None:
    """Every kind of page and of answer."""
    words = quote(f'{WORDS} -"x')
    for path, status in {
        "/": 200,
        f"/?q={words}": 200,
        f"/resources/?q={words}&kind=podcast&tag={WORDS}&unknown={WORDS}": 200,
        f"/sections/podcasts/?q={words}": 200,
        f"/resources/leo-near-miss/?from={WORDS}": 200,
        f"/pack/?r=2r7gzbq&r={WORDS}": 200,
        f"/help/?{WORDS}": 200,
        "/privacy/": 200,
        f"/r/2r7gzbq/?{WORDS}": 302,
        f"/resources/?page=999&q=suicide&x={WORDS}": 302,
        f"/nowhere/?{WORDS}": 404,
        f"/resources/?q=%00{WORDS}": 400,
        f"/resources/?q=%ff{WORDS}": 400,
        f"/healthz?{WORDS}": 200,
        f"/favicon.ico?{WORDS}": 200,
    }.items():
        assert reader.ask(path)[0] == status, path
    assert reader.ask(f"/?{WORDS}", "HEAD")[0] == 200
    assert reader.ask(f"/?{WORDS}", "PUT", WORDS)[0] == 405
    assert reader.ask("/", Host="peculiar.example")[0] == 400
    assert reader.send("/report/?r=2r7gzbq", reason="dead-link", words=TYPED) == 303
    assert reader.send("/suggest/", words=TYPED) == 422
    assert reader.ask("/report/", "POST", f"words={TYPED}", Origin=CAME_FROM)[0] == 403
    assert reader.ask("/report/", "POST", TYPED * 10_000)[0] in {400, 403, 413}
    reader.say(f"PECULIAR {WORDS}\r\n\r\n".encode())
    reader.say(f"GET /?q={WORDS} HTTP/1.1\r\nHost: x\r\nX-{WORDS}\r\n\r\n".encode())
    reader.say(f"GET /?q={WORDS} HTTP/1.1\r\nHost: x\r\nHost: {WORDS}\r\n\r\n".encode())
    reader.say(f"GET /?q={WORDS * 1000} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def test_the_log_has_time_method_path_and_status_and_nothing_else(visited: tuple[str, Path]) -> None:
    output, _data_dir = visited
    lines = [line for line in output.splitlines() if line and not line.startswith("The site is at")]

    assert len([line for line in lines if LINE.fullmatch(line)]) >= 20
    others = {line for line in lines if not (LINE.fullmatch(line) or REFUSALS.fullmatch(line))}
    assert not others, sorted(others)


def test_nothing_of_who_asked_is_in_the_log(visited: tuple[str, Path]) -> None:
    output, _data_dir = visited
    written = "\n".join(line for line in output.splitlines() if "The site is at" not in line)

    lines = [line for line in written.splitlines() if "ALLOWED_HOSTS" not in line]
    assert [line for line in lines if any(trace in line for trace in TRACES)] == []


def test_nothing_of_who_asked_is_in_any_file_of_the_server(visited: tuple[str, Path]) -> None:
    """The database's own log and write-ahead log too; what was reported is kept, and nothing of who did."""
    _output, data_dir = visited
    stored = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())

    assert TYPED.encode() in stored  # so a trace would be found
    traces = [trace for trace in (ADDRESS, AGENT, COOKIE, WORDS, CAME_FROM) if trace.encode() in stored]
    assert traces == []
