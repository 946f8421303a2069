"""What two hosts promise: each is tried once, and reported with its figure."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from statistics import median
from typing import Any

from tests.drill.hosts import PASSWORD, Hosts
from tests.drill.visiting import (
    READER_ADDRESS,
    READER_BROWSER,
    READER_WORD,
    Curator,
    Readers,
    Visit,
    form_on,
    path_of,
)
from tests.photographs import photograph
from tests.processes import PATIENCE
from tests.reading import read

READERS_PATHS = (
    "/",
    "/resources/",
    "/sections/podcasts/",
    "/resources/?kind=podcast",
    f"/resources/?q={READER_WORD}",
    "/help/",
)
A_SECOND = 50
EDITS = 20
RECOVERED_WITHIN = 10.0  # seconds after PgBouncer is back

Curators = dict[str, Curator]


@dataclass(frozen=True)
class Outcome:
    """One promise, what was measured, and whether it was kept."""

    promise: str
    figure: str
    holds: bool


def both_start_at_once(hosts: Hosts) -> Outcome:
    """On an empty database. One of them migrates, the other one waits, both serve."""
    began = time.monotonic()
    for name in ("a", "b"):
        hosts.services[name].start()
    took = {}
    for name in ("a", "b"):
        hosts.services[name].wait_for("The site is at")
        took[name] = time.monotonic() - began
    hosts.services["nginx"].start()
    ready = [_until(partial(_is_ready, hosts, name)) for name in ("a", "b")]
    applied, once = hosts.ask_database("SELECT count(*), count(DISTINCT (app, name)) FROM django_migrations")
    (curators,), (texts,) = (hosts.ask_database(f"SELECT count(*) FROM library_{name}") for name in ("user", "page"))
    figure = f"A {took['a']:.0f} s, B {took['b']:.0f} s; {applied} migrations, {curators} curator, {texts} texts"
    return Outcome("both start at once on an empty database", figure, all(ready) and applied == once and curators == 1)


def signed_in(hosts: Hosts) -> Curators:
    """A curator at each host."""
    curators = {name: Curator(hosts.ports[name]) for name in ("a", "b")}
    for curator in curators.values():
        curator.sign_in(PASSWORD)
    return curators


def saves_are_seen(hosts: Hosts, curators: Curators) -> Outcome:
    """B has the page ready, A saves, and the very next page of B has the change."""
    pk, slug = hosts.ask_database("SELECT id, slug FROM library_resource WHERE state = 'published' ORDER BY id LIMIT 1")
    seen, took = 0, []
    for number in range(EDITS):
        title = f"Changed on host A for the {number}th time"
        curators["b"].get(f"/resources/{slug}/")
        _save(curators["a"], pk, title=title)
        began = time.monotonic()
        seen += title in curators["b"].get(f"/resources/{slug}/").content.decode()
        took.append(time.monotonic() - began)
    figure = f"{seen} of {EDITS}, {1000 * median(took):.0f} ms (median)"
    return Outcome("a save on A is on B's next page", figure, seen == EDITS)


def picture_is_served(hosts: Hosts, curators: Curators) -> Outcome:
    """Uploaded on A, and the same bytes from both; and B's page of the entry shows it."""
    pk, slug = hosts.ask_database("SELECT id, slug FROM library_resource WHERE state = 'published' ORDER BY id LIMIT 1")
    _save(curators["a"], pk, picture_file=_file("officers.jpg", photograph()), picture_alt="Two officers talk.")
    image = read(curators["b"].get(f"/resources/{slug}/").content.decode()).one("main").one("img")["src"]
    answers = [curators[name].get(path_of(image)) for name in ("b", "a")]
    is_same = len({answer.content for answer in answers}) == 1 and all(answer.status == 200 for answer in answers)
    figure = f"{answers[0].status}, {len(answers[0].content)} bytes, {answers[0].headers.get('cache-control', '')}"
    return Outcome("a picture uploaded on A is served by B", figure, is_same)


def import_is_done(hosts: Hosts, curators: Curators) -> Outcome:
    """The file is uploaded on A. The wish to import it reaches B, whose worker needs that file."""
    path = "/admin/library/fileimport/add/"
    (anchor,) = hosts.ask_database("SELECT anchor FROM library_section ORDER BY id LIMIT 1")
    lines = [f"Imported {number},website,{anchor},https://example.org/{number}" for number in range(200)]
    file = _file("drill.csv", "\n".join(["title,kind,section,url", *lines]).encode())
    form = form_on(curators["a"].get(path), "create_missing")
    answer = curators["a"].post(path, form | {"file": file})
    address = path_of(answer.headers.get("location", ""))
    began = time.monotonic()
    checked = _until(lambda: _import(hosts) == "checked")
    form = form_on(curators["b"].get(address), "csrfmiddlewaretoken")
    curators["b"].post(address, form | {"do": "import"})
    imported = _until(lambda: _import(hosts) == "imported")
    (rows,) = hosts.ask_database("SELECT count(*) FROM library_resource WHERE title LIKE 'Imported %'")
    figure = f"{rows} of 200 entries in {time.monotonic() - began:.0f} s; {_import(hosts)} {_import(hosts, 'message')}"
    return Outcome("a file uploaded on A is imported by B", figure, checked and imported and rows == 200)


def pgbouncer_is_restarted(hosts: Hosts) -> Iterator[Outcome]:
    """In the middle of 50 visits a second; it is away for a second."""
    with _readers(hosts) as readers:
        time.sleep(5)
        hosts.services["pgbouncer"].end()
        time.sleep(1)
        hosts.services["pgbouncer"].start()
        back = time.monotonic()
        time.sleep(RECOVERED_WITHIN + 5)
    visits = readers.visits
    odd = [visit for visit in visits if not (_is_page(visit) or _is_calm(visit))]
    last = max((visit.began for visit in visits if not _is_page(visit)), default=back)
    yield Outcome("PgBouncer restarts: pages, or 503 with Retry-After", _statuses(visits), bool(visits) and not odd)
    figure = f"last 503 {max(0.0, last - back):.1f} s after it was back"
    yield Outcome("PgBouncer restarts: both hosts recover by themselves", figure, last - back < RECOVERED_WITHIN)
    (locks,) = hosts.ask_database("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    yield Outcome("PgBouncer restarts: no advisory lock is left over", f"{locks} locks", locks == 0)


def one_host_is_killed(hosts: Hosts) -> Iterator[Outcome]:
    """A power cut at A, while readers come; who gets no page asks once more."""
    with _readers(hosts, retry=True) as readers:
        time.sleep(5)
        hosts.services["a"].kill()
        time.sleep(10)
    visits = readers.visits
    failed = [visit for visit in visits if not _is_page(visit)]
    again = sum(visit.again for visit in visits)
    figure = f"{len(failed)} of {len(visits)} failed, {again} asked twice; {_statuses(visits)}"
    yield Outcome("a host is killed: the proxy goes on with the other", figure, bool(visits) and not failed)
    hosts.services["a"].start()
    is_back = _until(lambda: _is_ready(hosts, "a"))
    yield Outcome("the killed host comes back", "ready" if is_back else "not ready", is_back)


def nothing_about_readers(hosts: Hosts) -> Outcome:
    """Neither their address nor their browser nor what they searched for is in any file of any server."""
    words = [word.encode() for word in (READER_ADDRESS, READER_BROWSER, READER_WORD)]
    traces, number = [], 0
    for path in hosts.files():
        content = path.read_bytes()
        number += 1
        traces += [f"{word.decode()} in {path.relative_to(hosts.folder)}" for word in words if word in content]
    figure = f"{number} files" if not traces else "; ".join(sorted(traces)[:6])
    return Outcome("nothing about readers in any file", figure, not traces)


def _readers(hosts: Hosts, *, retry: bool = False) -> Readers:
    certificate = str(hosts.folder / "nginx" / "cert.pem")
    return Readers(hosts.ports["nginx"], certificate, READERS_PATHS, a_second=A_SECOND, retry=retry)


def _save(curator: Curator, pk: int, **typed: Any) -> None:
    path = f"/admin/library/resource/{pk}/change/"
    answer = curator.post(path, form_on(curator.get(path), "picture_alt") | typed)
    if answer.status != 302:
        errors = read(answer.content.decode()).all(class_="errorlist")
        raise RuntimeError(f"The form wasn't saved: {answer.status} {[error.words for error in errors]}")


def _file(name: str, content: bytes) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def _is_ready(hosts: Hosts, name: str) -> bool:
    with suppress(OSError):
        return Curator(hosts.ports[name]).get("/readyz").status == 200
    return False


def _import(hosts: Hosts, column: str = "state") -> str:
    return str(hosts.ask_database(f"SELECT {column} FROM library_fileimport ORDER BY id DESC LIMIT 1")[0])


def _until(condition: Callable[[], object]) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _is_page(visit: Visit) -> bool:
    return visit.response.status == 200


def _is_calm(visit: Visit) -> bool:
    """The page for a database that is away."""
    return visit.response.status == 503 and "retry-after" in visit.response.headers


def _statuses(visits: list[Visit]) -> str:
    counted = Counter(visit.response.status or "none" for visit in visits)
    slowest = max((visit.seconds for visit in visits), default=0)
    return ", ".join(f"{number} × {status}" for status, number in counted.most_common()) + f", slowest {slowest:.1f} s"
