"""Hot pages: requests a second of the real server with two workers, beside those of a view that does nothing."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError
from urllib.request import urlopen

from library.models import Resource

PORT = 8766
SECONDS = 4.0
CLIENTS = 4
REQUESTS = 40


def measure() -> None:
    """Print the table."""
    environment = os.environ | {"PORT": str(PORT), "WEB_CONCURRENCY": "2"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_site()
        print("\n| hot page | requests/s |\n|---|---|")
        etag = urlopen(f"http://127.0.0.1:{PORT}/sections/part-3/").headers["ETag"]
        for name, path, given in [
            ("a bare view (/healthz)", "/healthz", ""),
            ("section", "/sections/part-3/", "Accept-Encoding: gzip\r\n"),
            ("section, unchanged (304)", "/sections/part-3/", f"If-None-Match: {etag}\r\n"),
        ]:
            question = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n{given}\r\n".encode()
            print(f"| {name} | {_rate(question):,.0f} |", flush=True)
        print(f"\nAn edit was seen by {_seen_after_an_edit()} of the {REQUESTS} requests that followed it.")
    finally:
        server.terminate()
        server.wait()


def _seen_after_an_edit() -> int:
    """How many answers, of all the workers, have a title that was changed just before they were asked."""
    newest = Resource.objects.filter(section__anchor="part-3").newest_of_section()[0]
    title = f"Edited at {time.time()}"
    Resource.objects.filter(pk=newest.pk).update(title=title)
    answers = [urlopen(f"http://127.0.0.1:{PORT}/sections/part-3/").read() for _time in range(REQUESTS)]
    return sum(title.encode() in answer for answer in answers)


def wait_for_site() -> None:
    for _try in range(200):
        try:
            urlopen(f"http://127.0.0.1:{PORT}/readyz")
        except URLError:
            time.sleep(0.1)
        else:
            return


def _rate(question: bytes) -> float:
    """Requests a second of a few clients that do little more than count: they share the cores with the server."""
    end = time.monotonic() + SECONDS

    def ask(_client: int) -> int:
        done = 0
        while time.monotonic() < end:
            with socket.create_connection(("127.0.0.1", PORT), timeout=2) as line:
                done += _ask_on(line, question, end)
        return done

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(ask, range(CLIENTS))) / SECONDS


def _ask_on(line: socket.socket, question: bytes, end: float) -> int:
    """Until the time is over, or the server has had enough of this connection."""
    done = 0
    while time.monotonic() < end:
        line.sendall(question)
        answer = b""
        while not _is_whole(answer):
            piece = line.recv(1_000_000)
            if not piece:
                return done
            answer += piece
        done += 1
    return done


def _is_whole(answer: bytes) -> bool:
    head, mark, body = answer.partition(b"\r\n\r\n")
    _name, separator, length = head.partition(b"Content-Length: ")
    return bool(mark) and len(body) >= (int(length.split(b"\r\n")[0]) if separator else 0)
