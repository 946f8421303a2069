"""The files in `deploy/`, each run by its own program in front of the real site.

Changed are only what a machine decides: ports, folders and the certificate.
"""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import ROOT
from tests.processes import Process, eventually, first_run, free_port, temporary_data_dir
from tests.raw_http import ATTACKS, Answer, Tls, ask, connect, new_address

HOST = "library.example.org"
READER = "127.0.0.77"  # a reader's address, as the proxy sees it
TRACES = [READER, "peculiar", "Peculiar"]
WHO = ("User-Agent: Peculiarbrowser/7.7", "Cookie: a=peculiarcookie", "Referer: https://agency.example/peculiar")


@dataclass(frozen=True)
class Proxy:
    """One of the two, running: its ports for HTTP and HTTPS, and the folder of all its files."""

    process: Process
    http: str
    https: str
    folder: Path
    tls: Tls

    def ask(self, line: str, *lines: str, body: bytes = b"", source: str = READER) -> Answer:
        host = () if any(line.startswith("Host:") for line in lines) else (f"Host: {HOST}",)
        return ask(self.https, f"{line} HTTP/1.1", *host, *lines, body=body, source=source, tls=self.tls)


def changed(text: str, *changes: tuple[str, str]) -> str:
    """`text` with all that these patterns match replaced; each of them matches something."""
    for pattern, replacement in changes:
        text, number = re.subn(pattern, replacement, text)
        assert number, pattern
    return text


def nginx(folder: Path, site: str, http: str, https: str) -> list[str]:
    temporary = "".join(f"{name}_temp_path {folder}/{name}; " for name in ("fastcgi", "uwsgi", "scgi"))
    text = changed(
        (ROOT / "deploy" / "nginx.conf").read_text(),
        ("/etc/ssl/library/fullchain.pem", f"{folder}/certificate.pem"),
        ("/etc/ssl/library/privkey.pem", f"{folder}/key.pem"),
        (r"\blisten ((?:\[::\]:)?)80\b", rf"listen \g<1>{http}"),
        (r"\blisten ((?:\[::\]:)?)443\b", rf"listen \g<1>{https}"),
        ("/dev/shm/library-pages", f"{folder}/pages"),
        ("/run/nginx.pid|/var/log/nginx/error.log|/var/lib/nginx/(?=body|proxy)", f"{folder}/nginx-"),
        (r"\bhttp {", f"http {{ {temporary}"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{site}"),
    )
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        text = changed(text, (r"\s+listen \[::\].*", ""))
    (folder / "nginx.conf").write_text(text)
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]


def caddy(folder: Path, site: str, http: str, https: str) -> list[str]:
    text = changed(
        (ROOT / "deploy" / "Caddyfile").read_text(),
        (r"# Your own certificate: tls .*", f"tls {folder}/certificate.pem {folder}/key.pem"),
        (r"admin off", f"admin off\n\thttp_port {http}\n\thttps_port {https}"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{site}"),
    )
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


RECIPES = {"nginx": nginx, "caddy": caddy}
Recipe = Callable[[Path, str, str, str], list[str]]


@contextlib.contextmanager
def in_front_of(site: str, recipe: Recipe) -> Iterator[Proxy]:
    """The proxy of this recipe before the port `site`; skips the test where its program isn't installed."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    for program in (recipe.__name__, "openssl"):
        if not shutil.which(program, path=path):
            pytest.skip(f"{program} is not installed")
    with temporary_data_dir() as folder:
        folder.chmod(0o755)  # nginx serves as another user
        subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "9"]
        files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *files]
        subprocess.run(command, check=True, capture_output=True)
        tls = Tls(HOST, ssl.create_default_context(cafile=folder / "certificate.pem"))
        http, https = free_port(), free_port()
        homes = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        process = Process(recipe(folder, site, http, https), **homes, PATH=path)
        try:
            eventually(lambda: is_open(https) or process.popen.poll() is not None)
            yield Proxy(process, http, https, folder, tls)
        finally:
            process.close()


def is_open(port: str) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), 1):
        return True
    return False


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The port of the site, as it runs behind a proxy: one process, so four requests at once."""
    port = free_port()
    with temporary_data_dir(like=first_run().data_dir) as data_dir:
        process = Process(
            [sys.executable, "manage.py", "serve"],
            DATA_DIR=str(data_dir),
            DURABLE="false",
            PORT=port,
            WEB_CONCURRENCY="1",
            HTTPS="true",
            ALLOWED_HOSTS=HOST,
        )
        try:
            process.line_with("The site is at")
            yield port
        finally:
            process.close()


@pytest.fixture(scope="module", params=RECIPES.values(), ids=RECIPES)
def proxy(site: str, request: pytest.FixtureRequest) -> Iterator[Proxy]:
    with in_front_of(site, request.param) as running:
        yield running


def test_pages_come_through_with_the_address_that_readers_know(proxy: Proxy) -> None:
    page = proxy.ask("GET /about/")

    assert page.status == 200
    assert f'<link rel="canonical" href="https://{HOST}/about/">' in page.text
    assert "\r\nStrict-Transport-Security: max-age=31536000" in page.head
    assert "X-Accel" not in page.head
    assert proxy.ask("GET /healthz").text == "ok\n"
    assert proxy.ask("GET /admin/account/login/").status == 200
    assert proxy.ask("GET /nowhere/").status == 404


def test_nginx_keeps_pages_for_a_second_and_nothing_that_was_searched_for(site: str) -> None:
    with in_front_of(site, nginx) as running:
        first, again = running.ask("GET /about/"), running.ask("GET /about/")
        assert (again.status, again.body) == (200, first.body)
        for other in ("/resources/?q=peculiar", "/about/?peculiar", "/peculiar/", "/report/", "/admin/"):
            running.ask(f"GET {other}")
        kept = [path.read_bytes() for path in (running.folder / "pages").rglob("*") if path.is_file()]

    assert [re.findall(rb"\nKEY: (.*)\n", each) for each in kept] == [[f"{HOST}/about/".encode()]]


def test_http_leads_to_https(proxy: Proxy) -> None:
    answer = ask(proxy.http, "GET /about/?x=1 HTTP/1.1", f"Host: {HOST}")

    assert answer.status in {301, 308}
    assert re.search(rf"\r\nLocation: https://{HOST}(:{proxy.https})?/about/\?x=1\r\n", f"{answer.head}\r\n")


@pytest.mark.parametrize("host", [f"{HOST}:4444", HOST.upper(), f"{HOST}:443"])
def test_a_page_shows_the_host_without_what_a_reader_adds(proxy: Proxy, host: str) -> None:
    page = proxy.ask(f"GET {new_address()}", f"Host: {host}")

    assert f'<link rel="canonical" href="https://{HOST}/about/">' in page.text


def test_no_header_of_one_reader_is_in_the_page_of_the_next(proxy: Proxy) -> None:
    clean = proxy.ask(f"GET {new_address()}")
    assert clean.status == 200

    for name, attack in ATTACKS.items():
        page = new_address()
        for path in (f"/phish{page}", page):
            proxy.ask(f"GET {path}", attack)
        assert proxy.ask(f"GET {page}").body == clean.body, name


def test_a_host_that_is_not_ours_gets_no_page(proxy: Proxy) -> None:
    with connect(proxy.https, tls=proxy.tls) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: phish.example\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(65_536), b""))

    assert b"phish" not in answer
    assert b"<html" not in answer


def test_what_is_too_long_is_refused(proxy: Proxy) -> None:
    """As much as a form of its place takes comes through: the answer is the site's own then."""
    assert sent(proxy, "/report/", 100_000, 10).status == 413
    assert sent(proxy, "/", 10**12, 10).status == 413
    assert sent(proxy, "/report/", 40_000).status in {400, 403}
    large = sent(proxy, "/admin/library/resource/add/", 13_000_000)
    assert (large.status, "Sign in" in large.text) == (413, True)
    assert sent(proxy, "/admin/", settings.ADMIN_BODY_LIMIT + 1, 200_000).status == 413


def sent(proxy: Proxy, path: str, length: int, size: int | None = None) -> Answer:
    """A form that says it has `length` bytes, of which `size` are sent."""
    kind = "Content-Type: multipart/form-data; boundary=x"
    body = b"a" * (length if size is None else size)
    return proxy.ask(f"POST {path}", kind, f"Content-Length: {length}", body=body)


def test_slow_clients_hold_no_worker_of_the_site(proxy: Proxy) -> None:
    slow = []
    try:
        for number in range(20):
            form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000"
            head = f"POST /report/ HTTP/1.1\r\nHost: {HOST}\r\n{form}\r\n\r\nwords=".encode()
            page = f"GET {new_address()} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
            for begun in (head, head[:20], page):
                slow.append(connect(proxy.https, f"127.0.1.{number}", proxy.tls))
                slow[-1].sendall(begun)

        assert proxy.ask(f"GET {new_address()}").status == 200
        still_waiting = slow[-3]
        still_waiting.settimeout(0.1)
        with pytest.raises(TimeoutError):  # the page didn't have to wait until slow ones were sent away
            still_waiting.recv(1)
    finally:
        for wire in slow:
            wire.close()


def visit(proxy: Proxy) -> list[int]:
    """Whatever a reader does who says in every header who they are, from an address of their own."""
    form = b"words=peculiarwords&reason=peculiar"
    kind = "Content-Type: application/x-www-form-urlencoded"
    statuses = [
        proxy.ask("GET /resources/?q=peculiarwords", *WHO).status,
        proxy.ask("GET /nowhere/?peculiarwords", *WHO).status,
        proxy.ask("POST /report/?peculiarwords", *WHO, kind, f"Content-Length: {len(form)}", body=form).status,
        proxy.ask("POST /report/?peculiarwords", *WHO, "Content-Length: 160000", body=b"peculiar").status,
        proxy.ask("GET /?peculiarwords", *WHO, "X-Peculiar_Name: peculiar").status,
    ]
    with contextlib.suppress(OSError):
        ask(proxy.https, "GET /?q=peculiarwords HTTP/1.1", f"Host: {HOST}", *WHO, source=READER)  # no TLS
    for raw in (b"GET /?q=peculiarwords\r\n\r\n", b"PECULIAR\r\n\r\n", b"GET /peculiar HTTP/1.1\r\nHost: a b\r\n\r\n"):
        with contextlib.suppress(OSError), connect(proxy.https, READER, proxy.tls) as wire:
            wire.sendall(raw)
            wire.recv(100)
    with connect(proxy.https, READER, proxy.tls) as wire:  # gone in the middle of a form
        wire.sendall(f"POST /report/?peculiar HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 99\r\n\r\npeculiar".encode())
    return statuses


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_nothing_of_a_reader_is_in_any_file_of_the_proxy(site: str, recipe: Recipe) -> None:
    """Neither while the site answers nor while it doesn't, and then it names the number to call all the same."""
    with in_front_of(site, recipe) as up:
        assert visit(up)[:2] == [200, 404]
        assert traces(up) == []
    with in_front_of(free_port(), recipe) as down:
        assert visit(down)[:2] == [503, 503]
        page = down.ask("GET /help/")
        assert (page.status, 'href="tel:988"' in page.text) == (503, True)
        assert "\r\nRetry-After: 30" in page.head
        assert traces(down) == []


def traces(proxy: Proxy) -> list[str]:
    """What of the reader is in the proxy's files or in what it said, when it has ended."""
    proxy.process.popen.terminate()
    proxy.process.ended()
    written = [path.read_bytes() for path in proxy.folder.rglob("*") if path.is_file()]
    written.append(proxy.process.output.encode())
    return [trace for trace in TRACES if any(trace.encode() in each for each in written)]
