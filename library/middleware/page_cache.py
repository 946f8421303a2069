"""The page cache: finished pages, given again for as long as nothing that readers see has changed.

What makes a page may also keep parts of it for the others (`db.edit_cache`), under the same state of the library.

A page is made from the very description that it is cached under (`page_request.PageRequest`): the views and middleware
below never see the request itself, so a page can't depend on anything that its key lacks.

Each process keeps its own. Before it gives one, it asks the database for the number of the last edit
(`models.LibraryVersion`, raised in the edit's own transaction), for the dates that were reached last, of a listing and
of the end of one, and for the site's identity. So an edit, and an entry whose hour has come, are seen by the next
request of every process on every machine. A page that says what a clock changes names the moment, in its response's
`changes_at`, and is cached until then. An nginx in front may give a cached page again until the second is over.
Lists of words are not cached: what somebody searched for is nobody's to remember, not even until the next edit. Nor is
the page of an entry with the pack that it was opened from: there are endless ones, each asked for once.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import time
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseNotModified
from django.utils import timezone

from library.db.edit_cache import state_known
from library.identity.current import IDENTITY_SQL, current, refresh_identity
from library.server.access_log import copy_time

from .page_request import PageRequest

# Bytes of all cached pages of one process, and characters of the longest query whose page is worth caching.
SIZE_LIMIT = 32_000_000
QUERY_LIMIT = 200
_STATE = f"""
    SELECT (SELECT number FROM library_libraryversion),
           (SELECT max(listed_at) FROM library_resource WHERE state = 'published' AND listed_at <= %(now)s),
           (SELECT max(expires_at) FROM library_resource WHERE state = 'published' AND expires_at <= %(now)s),
           ({IDENTITY_SQL})"""  # noqa: S608 - of our own text


@dataclass(frozen=True)
class CachedPage:
    """A finished answer."""

    content: bytes
    headers: dict[str, str]
    changes_at: datetime | None = None

    @property
    def size(self) -> int:
        return len(self.content) + 1000


class PageCache:
    """Middleware, the outermost one: gives a cached page, or caches the one that is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.lock = Lock()
        self.state: object = None
        self.pages: OrderedDict[PageRequest, CachedPage] = OrderedDict()
        self.size = 0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_public_page(request):
            return self.get_response(request)
        try:
            key = PageRequest.of(request)
            state = library_state()
        except (DatabaseError, InterfaceError, DisallowedHost):
            return self.get_response(request)
        with state_known(state):
            return self.page(request, key, state) if is_cacheable(request) else self.get_response(request)

    def page(self, request: HttpRequest, key: PageRequest, state: object) -> HttpResponseBase:
        """The cached page, or the one that is made now."""
        page = self.get(state, key)
        if page is None:
            made_from = key.as_request()
            response = self.get_response(made_from)
            copy_time(made_from.META, request.META)
            if (
                not isinstance(response, HttpResponse)
                or response.status_code != 200
                or not is_public_response(response)
            ):
                return response
            page = CachedPage(response.content, dict(response.items()), getattr(response, "changes_at", None))
            self.put(state, key, page)
        # Whether the reader has it already is looked at here: who makes it, makes it for all.
        if page.headers.get("ETag", "-") in request.META.get("HTTP_IF_NONE_MATCH", ""):
            same = ("Cache-Control", "ETag", "Vary")
            return HttpResponseNotModified(headers={name: page.headers[name] for name in same if name in page.headers})
        return HttpResponse(page.content, headers=page.headers | {"X-Accel-Expires": f"@{int(time())}"})

    def get(self, state: object, key: PageRequest) -> CachedPage | None:
        with self.lock:
            if state != self.state:
                self.state, self.size = state, 0
                self.pages.clear()
            page = self.pages.get(key)
            if page is None:
                return None
            if page.changes_at is not None and page.changes_at <= timezone.now():
                self.size -= self.pages.pop(key).size
                return None
            self.pages.move_to_end(key)
            return page

    def put(self, state: object, key: PageRequest, page: CachedPage) -> None:
        """Cache it, unless something has changed meanwhile; those that were requested longest ago make room.

        One of the endless lists with filters makes room first, until it's asked for again: who asks for all of them
        pushes out none of the pages that people ask for.
        """
        with self.lock:
            if state != self.state or key in self.pages or page.size > SIZE_LIMIT // 10:
                return
            self.pages[key] = page
            self.size += page.size
            if key.query:
                self.pages.move_to_end(key, last=False)
            while self.size > SIZE_LIMIT:
                _oldest, gone = self.pages.popitem(last=False)
                self.size -= gone.size


def is_public_page(request: HttpRequest) -> bool:
    """Whether it asks for a page that readers have."""
    path = request.path_info
    return request.method in {"GET", "HEAD"} and path.endswith("/") and not path.startswith(("/admin/", "/r/"))


def is_cacheable(request: HttpRequest) -> bool:
    """Whether it asks for a public page that is the same for everybody, without words and without a pack."""
    query = request.META.get("QUERY_STRING", "")
    if request.method != "GET" or len(query) > QUERY_LIMIT or not query.isascii():
        return False
    return is_public_page(request) and not any(mark in query for mark in ("q=", "pack=", "%"))


def is_public_response(response: HttpResponse) -> bool:
    return "no-store" not in response.headers.get("Cache-Control", "") and not response.cookies


def library_state() -> object:
    """What stays the same until readers would see something else: last edit, last dates reached, identity, day.

    It also brings the identity up to date.
    """
    now = timezone.now()
    # This query is its own proof that the connection works: Django need not ask before it.
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        row = _row(now)
    except (OperationalError, InterfaceError):
        connection.close()
        row = _row(now)
    refresh_identity(row[-1])
    return row, timezone.localdate(now, current().time_zone)


def _row(now: datetime) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"now": now})
        row: tuple[Any, ...] = cursor.fetchone()
    return row
