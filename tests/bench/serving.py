"""Hot pages: requests a second of the real server with two workers, beside those of a view that does nothing."""

import http.client
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError
from urllib.request import urlopen

PORT = 8766
SECONDS = 4.0
CLIENTS = 4


def measure() -> None:
    """Print the table."""
    environment = os.environ | {"PORT": str(PORT), "WEB_CONCURRENCY": "2"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait()
        print("\n| hot page | requests/s |\n|---|---|")
        etag = urlopen(f"http://127.0.0.1:{PORT}/sections/part-3/").headers["ETag"]
        for name, path, headers in [
            ("a bare view (/healthz)", "/healthz", {}),
            ("section", "/sections/part-3/", {"Accept-Encoding": "gzip"}),
            ("section, unchanged (304)", "/sections/part-3/", {"If-None-Match": etag}),
        ]:
            print(f"| {name} | {_rate(path, headers):,.0f} |", flush=True)
    finally:
        server.terminate()
        server.wait()


def _wait() -> None:
    for _try in range(200):
        try:
            urlopen(f"http://127.0.0.1:{PORT}/readyz")
        except URLError:
            time.sleep(0.1)
        else:
            return


def _rate(path: str, headers: dict[str, str]) -> float:
    end = time.monotonic() + SECONDS

    def ask(_client: int) -> int:
        line = http.client.HTTPConnection("127.0.0.1", PORT)
        done = 0
        while time.monotonic() < end:
            line.request("GET", path, headers=headers)
            line.getresponse().read()
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(ask, range(CLIENTS))) / SECONDS
