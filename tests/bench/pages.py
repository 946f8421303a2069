"""Pages that nobody has asked for: the milliseconds of each, of its yardstick, and how they compare.

First with what is kept of other pages, then as the first page of a process after an edit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from time import perf_counter

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path as route
from django.utils import timezone

from library.db.edit_cache import edit_cache
from library.middleware.page_cache import PageCache
from library.models import Category, Guide, Resource, Section, Tag
from library.search import index
from library.search.filters import FACETS
from tests.bench.filling import COMMON_WORD, RARE_WORD

ROUNDS = 15
_CARD = "SELECT r.*, p.name FROM library_resource r LEFT JOIN library_publisher p ON p.id = r.publisher_id "
_SEEN = "r.state = 'published' AND r.listed_at <= now() "
_NEWEST = "ORDER BY r.published_on DESC NULLS LAST, r.id DESC "
_OF_SECTION = "ORDER BY r.section_id, r.published_on DESC NULLS LAST, r.position "
_WORDS = "JOIN library_searchwords w ON w.resource_id = r.id "
_WORD = "w.search @@ phraseto_tsquery('english', %(word)s) "

size = 0


def bare(request: HttpRequest) -> HttpResponse:
    """The bare Django view: a page of `size` bytes, whatever is asked."""
    return HttpResponse(b"x" * size)


urlpatterns = [route("", bare)]


class FirstTime(PageCache):
    """The page cache of a site where no page was asked for before."""

    def get(self, state: object, key: object) -> None:
        return None


@dataclass(frozen=True)
class Case:
    """A page, and the SQL that cannot be avoided for it."""

    name: str
    address: str
    sql: Callable[[], None]


def run(sql: str, **values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def newest_of(section: int, *, tag: int | None = None) -> None:
    tagged = (
        "AND EXISTS (SELECT FROM library_taggedresource t WHERE t.content_object_id = r.id AND t.tag_id = %(tag)s) "
    )
    where = f"WHERE {_SEEN} AND r.section_id = %(section)s {tagged if tag else ''}"
    run(f"{_CARD} {where} {_OF_SECTION} LIMIT 20", section=section, tag=tag)


def counts(section: int | None, **chosen: str) -> None:
    """The counts of every facet among what is chosen, and of each chosen one among the others."""
    open_facets = [name for name in FACETS if name not in chosen]
    for without, counted in [(None, open_facets), *((name, [name]) for name in chosen)]:
        others = {name: [value] for name, value in chosen.items() if name != without}
        index.count(index.Scope(section, timezone.now()), others, counted)


def word(text: str, limit: int) -> None:
    ids = run(
        f"SELECT r.id FROM library_resource r {_WORDS} WHERE {_SEEN} AND {_WORD} {_NEWEST} LIMIT {limit}", word=text
    )
    ids_array = "{" + ",".join(str(row[0]) for row in ids) + "}"
    index.count_rows([pk for (pk,) in ids])
    ranked = "ORDER BY ts_rank(w.search, phraseto_tsquery('english', %(word)s), 1) DESC LIMIT 20"
    run(f"{_CARD} {_WORDS} WHERE r.id = ANY(%(ids)s::bigint[]) {ranked}", ids=ids_array, word=text)


def library() -> None:
    for section in Section.objects.on_page().values_list("pk", flat=True):
        run(f"{_CARD} WHERE {_SEEN} AND r.section_id = %(section)s {_OF_SECTION} LIMIT 30", section=section)
    run("SELECT section_id, sum(total) FROM library_facetblock WHERE facet = 'all' GROUP BY 1")


def page_500() -> None:
    within = f"SELECT r.id FROM library_resource r WHERE {_SEEN} {_NEWEST} OFFSET 9980 LIMIT 20"
    run(f"{_CARD} WHERE r.id IN ({within})")
    counts(None)


def guide(slug: str) -> None:
    """The guide, and its resources as cards."""
    ((resources,),) = run("SELECT resources FROM library_guide WHERE slug = %(slug)s", slug=slug)
    refs = "{" + ",".join(line.split()[0] for line in str(resources).splitlines() if line.strip()) + "}"
    run(f"{_CARD} WHERE {_SEEN} AND r.ref = ANY(%(refs)s::text[])", refs=refs)


def topic(category: int) -> None:
    """The newest of a category."""
    of_it = "EXISTS (SELECT FROM library_resource_categories c WHERE c.resource_id = r.id AND c.category_id = %(pk)s)"
    run(f"{_CARD} WHERE {_SEEN} AND {of_it} {_NEWEST} LIMIT 20", pk=category)


def cases() -> list[Case]:
    section = Section.objects.get(anchor="part-3").pk
    tag, other = Tag.objects.get(slug="keyword-1"), Tag.objects.get(slug="keyword-20")
    # One that has what most have, and was neither imported nor withdrawn by another part of the benchmark.
    slug = Resource.objects.published(timezone.now()).order_by("id").values_list("slug", flat=True)[50]
    guide_slug = Guide.objects.published().order_by("slug").values_list("slug", flat=True)[0]
    subject = Category.objects.get(slug="subject-1")
    both = f"/sections/part-3/?kind=podcast&tag={tag.slug}"
    return [
        Case("library page", "/", library),
        Case("section", "/sections/part-3/", lambda: (newest_of(section), counts(section))[0]),
        Case(
            "section + common tag",
            f"/sections/part-3/?tag={tag.slug}",
            lambda: (newest_of(section, tag=tag.pk), counts(section, tag=str(tag.pk)))[0],
        ),
        Case("a word in 1 %", f"/resources/?q={RARE_WORD}", lambda: word(RARE_WORD, 1000)),
        Case("page 500", "/resources/?page=500", page_500),
        Case("a resource", f"/resources/{slug}/", lambda: run(f"{_CARD} WHERE r.slug = %(slug)s", slug=slug) and None),
        Case("a guide", f"/guides/{guide_slug}/", lambda: guide(guide_slug)),
        Case("a topic", f"/topics/{subject.slug}/", lambda: topic(subject.pk)),
        Case(
            "section, two filters",
            both,
            lambda: (newest_of(section, tag=tag.pk), counts(section, tag=str(tag.pk), kind="podcast"))[0],
        ),
        Case(
            "everything, two filters",
            f"/resources/?kind=podcast&tag={other.slug}",
            lambda: counts(None, tag=str(other.pk), kind="podcast"),
        ),
        Case("a word in 79 %", f"/resources/?q={COMMON_WORD}", lambda: word(COMMON_WORD, 1001)),
        Case("a word in none", "/resources/?q=quokka", lambda: word("quokka", 1000)),
    ]


def milliseconds(action: Callable[[], object]) -> float:
    """The median of some rounds, after two that warm up."""
    times = []
    for _round in range(ROUNDS + 2):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return median(times[2:]) * 1000


def get(handler: WSGIHandler, address: str) -> bytes:
    """One request, as a web server makes it, without the web server."""
    path, _mark, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "localhost",
    }
    response = handler(environ, lambda status, headers: None)
    body = b"".join(response)
    response.close()
    return body


def measure() -> None:
    """Print the table."""
    global size
    with connection.cursor() as cursor:
        for option in settings.READER_OPTIONS.replace("-c ", "").split():
            cursor.execute("SELECT set_config(%s, %s, false)", option.split("="))
    cold = [f"{__name__}.FirstTime", *settings.MIDDLEWARE[1:]]
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(MIDDLEWARE=cold, ALLOWED_HOSTS=["localhost"], STORAGES=static):
        site = WSGIHandler()
        with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
            nothing = WSGIHandler()
        print("| page | ms | after an edit | SQL | bare view | ratio | queries |\n|---|---|---|---|---|---|---|")
        for case in cases():
            own = milliseconds(lambda case=case: get(site, case.address))
            edited = milliseconds(lambda case=case: (edit_cache.clear(), get(site, case.address)))
            size = len(get(site, case.address))
            with override_settings(ROOT_URLCONF=__name__):
                view = milliseconds(lambda: get(nothing, "/"))
            sql = milliseconds(case.sql)
            with CaptureQueriesContext(connection) as queries:
                get(site, case.address)
            ratio = own / (sql + view)
            print(
                f"| {case.name} | {own:.1f} | {edited:.1f} | {sql:.1f} | {view:.2f} | {ratio:.1f} | {len(queries)} |",
                flush=True,
            )
