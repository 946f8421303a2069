"""Who visits during a drill: a curator with a browser's cookies, and many readers at a steady pace."""

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.drill.hosts import HOST_NAME
from tests.reading import fields_of, read

# What a log or a file could keep of a reader: where they came from, with what, and what they searched for.
READER_ADDRESS = "127.0.0.77"
READER_BROWSER = "Drillbrowser/7.7"
READER_WORD = "zwiebelturm"
TIMEOUT = 20.0


@dataclass(frozen=True)
class Response:
    """What a server answered; status 0 when it didn't."""

    status: int
    headers: dict[str, str]
    content: bytes


NOTHING = Response(0, {}, b"")


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: Any) -> Response:
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Response(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


class Curator:
    """Somebody who signs in at one host directly, as the proxy would pass them on."""

    def __init__(self, port: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Response:
        return self._send("GET", path, None, {})

    def post(self, path: str, values: dict[str, Any]) -> Response:
        body = encode_multipart(BOUNDARY, values)
        return self._send("POST", path, body, {"Content-Type": MULTIPART_CONTENT})

    def sign_in(self, password: str) -> None:
        path = "/admin/account/login/"
        form = form_on(self.get(path), "login")
        answer = self.post(path, form | {"login": "curator", "password": password})
        if answer.status != 302:
            raise RuntimeError(f"The curator couldn't sign in: {answer.status}.")

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        origin = f"https://{HOST_NAME}"
        headers |= {"Host": HOST_NAME, "X-Forwarded-Proto": "https", "Cookie": cookies, "Accept": "text/html"}
        headers |= {"Origin": origin, "Referer": f"{origin}{path}", "X-Forwarded-For": "127.0.0.2"}
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=TIMEOUT)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


def form_on(page: Response, needed: str) -> dict[str, Any]:
    """What a browser sends of the form that has a field of this name, if nothing is typed."""
    if page.status != 200:
        raise RuntimeError(f"A page with a form answered {page.status}, {page.headers.get('location')}.")
    forms = read(page.content).all("form")
    return fields_of(next(form for form in forms if any(field.get("name") == needed for field in form.descendants)))


@dataclass(frozen=True)
class Visit:
    """When a reader asked, what they got, how long it took, and whether they had to ask twice."""

    began: float
    response: Response
    seconds: float
    again: bool


class Readers:
    """Readers who ask the proxy for pages, so many a second, until they are told to stop."""

    def __init__(self, port: str, cafile: str, paths: Sequence[str], *, a_second: int, retry: bool = False) -> None:
        self.port, self.paths, self.pause, self.retry = int(port), paths, 1 / a_second, retry
        self.context = ssl.create_default_context(cafile=cafile)
        self.visits: list[Visit] = []
        self._stopped = threading.Event()
        self._pace = threading.Thread(target=self._come, daemon=True)

    def __enter__(self) -> "Readers":
        self._pace.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._pace.join()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def visit(self, path: str) -> Response:
        """Through the proxy, once. The address of the reader and the name of the browser are known to it."""
        headers = {"Host": HOST_NAME, "User-Agent": READER_BROWSER, "Accept": "text/html"}
        connection = _Https("127.0.0.1", self.port, self.context)
        try:
            return ask(connection, "GET", path, None, headers)
        except (OSError, http.client.HTTPException):
            return NOTHING

    def _come(self) -> None:
        due, number = time.monotonic(), 0
        with ThreadPoolExecutor(64) as readers:
            while not self._stopped.is_set():
                readers.submit(self._one, self.paths[number % len(self.paths)])
                due, number = due + self.pause, number + 1
                self._stopped.wait(max(0.0, due - time.monotonic()))

    def _one(self, path: str) -> None:
        began, again = time.monotonic(), False
        response = self.visit(path)
        if self.retry and response.status not in {200, 304}:
            response, again = self.visit(path), True
        self.visits.append(Visit(began, response, time.monotonic() - began, again))


class _Https(http.client.HTTPSConnection):
    """Connected to this machine, and asking for the certificate of the library."""

    def __init__(self, address: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(address, port, timeout=TIMEOUT, context=context, source_address=(READER_ADDRESS, 0))
        self._tls = context

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=HOST_NAME)


def path_of(address: str) -> str:
    return urlsplit(address).path


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.monotonic()
    action()
    return time.monotonic() - began
