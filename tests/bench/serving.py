"""Requests a second of the real server with two workers: of pages asked for again, and of pages never asked for before.

Beside them stands a view that does nothing; and the page behind nginx, as `deploy/nginx.conf` has it, beside nginx's
own file of that size.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from library.models import Resource, Tag
from library.search.pagination import PAGE_LIMIT
from tests.bench.filling import COMMON_WORD, RARE_WORD, SECTIONS
from tests.raw_http import connect
from tests.server.test_proxy_recipes import HOST, Proxy, changed, in_front_of, nginx

PORT = 8766
SECONDS = 4.0
CLIENTS = 4
# Who asks for pages that nobody has asked for before: crawlers, and readers after an edit.
CRAWLERS = 16
REQUESTS = 40
SECTION = "/sections/part-3/"


def measure() -> None:
    """Print the table."""
    environment = os.environ | {"PORT": str(PORT), "WEB_CONCURRENCY": "2"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_site()
        print("\n| hot page | requests/s |\n|---|---|")
        etag = urlopen(f"http://127.0.0.1:{PORT}{SECTION}").headers["ETag"]
        for name, path, given in [
            ("a bare view (/healthz)", "/healthz", ""),
            ("section", SECTION, "Accept-Encoding: gzip\r\n"),
            ("section, unchanged (304)", SECTION, f"If-None-Match: {etag}\r\n"),
        ]:
            print(f"| {name} | {_rate(_question(path, given)):,.0f} |", flush=True)
        print("\n| page never asked for before | requests/s |\n|---|---|")
        for name, address in first_times().items():
            print(f"| {name} | {_first_time_rate(address):,.0f} |", flush=True)
        print(f"\nAn edit was seen by {_seen_after_an_edit()} of the {REQUESTS} requests that followed it.")
    finally:
        server.terminate()
        server.wait()


def measure_behind_nginx() -> None:
    """Print how quickly the shipped recipe gives a page again, and when it gives the edited one."""
    settings = {"PORT": str(PORT), "WEB_CONCURRENCY": "2", "HTTPS": "true", "ALLOWED_HOSTS": HOST}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_site(HOST)
        with in_front_of(str(PORT), _nginx_with_a_file) as proxy:
            page = proxy.ask(f"GET {SECTION}", "Accept-Encoding: gzip")
            (proxy.folder / "file").write_bytes(page.body)
            connect_to = partial(connect, proxy.https, tls=proxy.tls)
            rates = [
                _rate(_question(path, "Accept-Encoding: gzip\r\n", HOST), connect_to) for path in ("/file", SECTION)
            ]
            print("\n| behind nginx | requests/s |\n|---|---|")
            print(f"| its own file of {len(page.body):,} bytes | {rates[0]:,.0f} |")
            print(f"| section | {rates[1]:,.0f}, {rates[1] / rates[0]:.2f} of the file's |")
            print(f"\nAn edit was seen after {_seconds_until_seen(proxy) * 1000:.0f} ms.", flush=True)
    finally:
        server.terminate()
        server.wait()


def _nginx_with_a_file(folder: Path, site: str, http: str, https: str) -> list[str]:
    """The recipe, and the address `/file` of a file beside it."""
    command = nginx(folder, site, http, https)
    recipe = folder / "nginx.conf"
    recipe.write_text(
        changed(recipe.read_text(), (r"location / {", f"location = /file {{ root {folder}; }}\n        location / {{"))
    )
    return command


_nginx_with_a_file.__name__ = "nginx"  # the program


def _seconds_until_seen(proxy: Proxy) -> float:
    """How long the slowest of some edits takes to be in the page behind the proxy."""
    longest = 0.0
    for _edit in range(10):
        title = _edit_section()
        start = time.perf_counter()
        while title not in proxy.ask(f"GET {SECTION}").text:
            pass
        longest = max(longest, time.perf_counter() - start)
    return longest


def _edit_section() -> str:
    """Give the first entry of the section another title."""
    newest = Resource.objects.filter(section__anchor="part-3").newest_of_section()[0]
    title = f"Edited at {time.time()}"
    Resource.objects.filter(pk=newest.pk).update(title=title)
    return title


def _question(path: str, headers: str = "", host: str = f"127.0.0.1:{PORT}") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


def first_times() -> dict[str, Callable[[int], str]]:
    """Addresses of one kind of page, another one for each number."""
    tags = list(Tag.objects.filter(slug__startswith="keyword-").order_by("pk").values_list("slug", flat=True))
    slugs = list(Resource.objects.order_by("-id").values_list("slug", flat=True)[:20_000])
    pages = PAGE_LIMIT - 1
    return {
        "section": lambda number: f"/sections/part-{1 + number % SECTIONS}/?page={2 + number // SECTIONS % pages}",
        "section + tag": lambda number: (
            f"/sections/part-{1 + number % SECTIONS}/?tag={tags[number // SECTIONS % len(tags)]}"
            f"&sort={'title' if number // SECTIONS // len(tags) % 2 else 'newest'}"
        ),
        "everything, two filters": lambda number: (
            f"/resources/?kind=podcast&year={1966 + number % 60}&tag={tags[number // 60 % len(tags)]}"
        ),
        "a word in 1 %": lambda number: f"/resources/?q={RARE_WORD}&page={1 + number % 49}",
        "a word in 79 %": lambda number: f"/resources/?q={COMMON_WORD}&page={1 + number % 50}",
        "a resource": lambda number: f"/resources/{slugs[number % len(slugs)]}/",
    }


def _first_time_rate(address: Callable[[int], str]) -> float:
    numbers = count()
    end = time.monotonic() + SECONDS

    def ask(_client: int) -> int:
        done = 0
        while time.monotonic() < end:
            with socket.create_connection(("127.0.0.1", PORT), timeout=10) as line:
                while time.monotonic() < end and _ask_once(line, _question(address(next(numbers)))):
                    done += 1
        return done

    with ThreadPoolExecutor(CRAWLERS) as crawlers:
        return sum(crawlers.map(ask, range(CRAWLERS))) / SECONDS


def _seen_after_an_edit() -> int:
    """How many answers, of all the workers, have a title that was changed just before they were asked."""
    title = _edit_section()
    answers = [urlopen(f"http://127.0.0.1:{PORT}{SECTION}").read() for _time in range(REQUESTS)]
    return sum(title.encode() in answer for answer in answers)


def wait_for_site(host: str = "127.0.0.1") -> None:
    for _try in range(200):
        try:
            urlopen(Request(f"http://127.0.0.1:{PORT}/readyz", headers={"Host": host}))
        except URLError:
            time.sleep(0.1)
        else:
            return


def _connect() -> socket.socket:
    return socket.create_connection(("127.0.0.1", PORT), timeout=2)


def _rate(question: bytes, connect_to: Callable[[], socket.socket] = _connect) -> float:
    """Requests a second of a few clients that do little more than count: they share the cores with the server."""
    end = time.monotonic() + SECONDS

    def ask(_client: int) -> int:
        done = 0
        while time.monotonic() < end:
            with connect_to() as line:
                done += _ask_on(line, question, end)
        return done

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(ask, range(CLIENTS))) / SECONDS


def _ask_on(line: socket.socket, question: bytes, end: float) -> int:
    """Until the time is over, or the server has had enough of this connection."""
    done = 0
    while time.monotonic() < end and _ask_once(line, question):
        done += 1
    return done


def _ask_once(line: socket.socket, question: bytes) -> bool:
    """Whether there was a whole answer."""
    line.sendall(question)
    answer = b""
    while not _is_whole(answer):
        piece = line.recv(1_000_000)
        if not piece:
            return False
        answer += piece
    return True


def _is_whole(answer: bytes) -> bool:
    head, mark, body = answer.partition(b"\r\n\r\n")
    _name, separator, length = head.partition(b"Content-Length: ")
    return bool(mark) and len(body) >= (int(length.split(b"\r\n")[0]) if separator else 0)
