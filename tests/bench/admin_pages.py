"""The admin's lists and first pages in a library of such a size: the milliseconds and the queries of each.

The lists are those of the admin site itself, so a new model is measured too: plain, its pages, each column that sorts,
words, each choice of each filter, and the slowest choices of two filters together.
"""

from collections.abc import Iterator
from itertools import combinations
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings

from library.models import AuditEntry, FileImport, Resource, User
from tests.bench.filling import COMMON_WORD, RARE_WORD

ROUNDS = 6
# No list should take longer.
ENOUGH = 300.0


class Curator:
    """A curator's browser, and the table of what it was answered."""

    def __init__(self) -> None:
        self.user = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("curator")
        self.client = Client()
        self.client.force_login(self.user)

    def milliseconds(self, address: str, rounds: int = ROUNDS) -> float:
        """The best of some rounds after one that warms up: whatever else the machine does only adds to it."""
        times = []
        for _round in range(rounds + 1):
            start = perf_counter()
            response = self.client.get(address)
            times.append((perf_counter() - start) * 1000)
            assert response.status_code == 200, (address, response.status_code, response.get("Location"))
            if times[-1] < ENOUGH / 4 and len(times) > 1:
                break
        return min(times[1:])

    def show(self, name: str, address: str) -> float:
        taken = self.milliseconds(address)
        with CaptureQueriesContext(connection) as queries:
            self.client.get(address)
        mark = " !" if taken > ENOUGH else ""
        print(f"| {name} | {taken:.0f}{mark} | {len(queries)} | {address} |", flush=True)
        return taken


def measure() -> None:
    """Print the table."""
    with connection.cursor() as cursor:
        for option in settings.READER_OPTIONS.replace("-c ", "").split():
            cursor.execute("SELECT set_config(%s, %s, false)", option.split("="))
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=static, REQUIRE_SECOND_FACTOR=False):
        curator = Curator()
        print("\n| page of the admin | ms | queries | address |\n|---|---|---|---|")
        for name, address in _pages():
            curator.show(name, address)
        for model, owner in admin.site._registry.items():
            _measure_list(curator, str(model._meta.verbose_name_plural), owner)


def _pages() -> Iterator[tuple[str, str]]:
    resource = Resource.objects.filter(ref__startswith="b0").latest("pk").pk
    for name, address in {
        "first page": "",
        "recently deleted": "library/auditentry/deleted/",
        "an act on all entries": f"library/auditentry/{AuditEntry.objects.latest('total').pk}/rows/",
        "what readers open most": "library/resource/most-opened/",
        "form of an entry": f"library/resource/{resource}/change/",
        "history of an entry": f"library/resource/{resource}/history/",
        "form for a new entry": "library/resource/add/?kind=podcast",
        "page of an import": f"library/fileimport/{FileImport.objects.earliest('pk').pk}/change/",
        "its last page": f"library/fileimport/{FileImport.objects.earliest('pk').pk}/change/?page=1000",
    }.items():
        yield name, f"/admin/{address}"
    for field, term in [("publisher", ""), ("publisher", "house"), ("successor", COMMON_WORD), ("successor", "st")]:
        query = f"app_label=library&model_name=resource&field_name={field}&term={term}"
        yield f"choices of {field}, “{term}”", f"/admin/autocomplete/?{query}"


def _measure_list(curator: Curator, name: str, owner: Any) -> None:
    """The slowest of each sort."""
    root = f"/admin/{owner.opts.app_label}/{owner.opts.model_name}/"
    request = RequestFactory().get(root)
    request.user = curator.user
    rows = owner.get_changelist_instance(request)
    pages = rows.paginator.num_pages
    curator.show(name, root)
    if pages > 1:
        curator.show(f"{name}, page 2", f"{root}?p=2")
        curator.show(f"{name}, page {pages}", f"{root}?p={pages}")
    for place, column in enumerate(rows.list_display):
        if rows.get_ordering_field(column) and (rows.sortable_by is None or column in rows.sortable_by):
            curator.show(f"{name} by {column}", f"{root}?o={place}")
            curator.show(f"{name} by {column}, downwards", f"{root}?o=-{place}")
    if rows.search_fields:
        for word in (COMMON_WORD, RARE_WORD, f"{COMMON_WORD} {RARE_WORD}", "e", "9", "xyzzyx"):
            curator.show(f"{name}, “{word}”", f"{root}?q={word.replace(' ', '+')}")
    slowest = {}
    for spec in rows.filter_specs:
        chosen = [choice["query_string"] for choice in spec.choices(rows) if choice["query_string"] != "?"]
        if chosen:
            slowest[spec.title] = max(chosen, key=lambda query: curator.milliseconds(f"{root}{query}", 1))
            curator.show(f"{name}, {spec.title}", f"{root}{slowest[spec.title]}")
    together = [f"{one}&{other[1:]}" for one, other in combinations(slowest.values(), 2)]
    if rows.search_fields:
        together += [f"{query}&q={COMMON_WORD}" for query in slowest.values()]
    for query in together:
        curator.show(f"{name}, two together", f"{root}{query}")
