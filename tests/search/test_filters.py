"""The query string as values: what it finds, what it is called, where it stands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from library.models import Category, Resource, Section
from library.search.description import any_of, describe, title_of
from library.search.fields import VALUE_LIMIT
from library.search.filters import read_query, resources_of
from library.search.query import ListQuery
from library.search.results import search
from library.search.urls import ListUrls
from tests.conftest import rows_for_many
from tests.factories import make_category, make_four_kinds, make_resource, make_section, make_tag

pytestmark = pytest.mark.django_db


def query_of(query: str = "", section: Section | None = None) -> ListQuery:
    return read_query(QueryDict(query), section)


def url(query: ListQuery) -> str:
    return ListUrls(query).first_page


def titles_of(query: str, section: Section | None = None) -> list[str]:
    return [resource.title for resource in search(query_of(query, section), timezone.now()).resources]


@pytest.fixture(scope="class")
def library(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with rows_for_many(django_db_blocker):
        make_four_kinds()
        yield


# What it finds


@pytest.mark.usefixtures("library")
class TestFinds:
    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("", ["Beat", "Course", "Review", "Site"]),
            ("q=resilience", ["Beat"]),
            ("q=peer+support", ["Course"]),
            ("q=resilience+OR+peer", ["Beat", "Course"]),
            ("kind=podcast", ["Beat"]),
            ("kind=podcast&kind=site", ["Beat", "Site"]),
            ("category=sleep", ["Beat", "Review"]),
            ("category=sleep&category=stress", ["Beat", "Course", "Review"]),
            ("tag=fatigue", ["Beat", "Course"]),
            ("tag=ethics&tag=fatigue", ["Beat", "Course"]),
            ("publisher=bja", ["Course", "Review"]),
            ("publisher=bja&publisher=cops-office", ["Beat", "Course", "Review"]),
            ("year=2020", ["Beat"]),
            ("year=2020&year=2015", ["Beat", "Review"]),
            ("access=open", ["Beat"]),
            ("access=unchecked&access=account", ["Course", "Review", "Site"]),
            ("length=under-20", ["Beat"]),
            ("length=20-or-more", []),
            ("length=20-or-more&length=under-20", ["Beat"]),
        ],
    )
    def test_any_value_of_a_facet(self, query: str, titles: list[str]) -> None:
        assert sorted(titles_of(query)) == titles

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("category=sleep&publisher=bja", ["Review"]),
            ("category=sleep&category=stress&tag=fatigue&kind=course", ["Course"]),
            ("q=resilience&year=2018", []),
            ("kind=podcast&year=2020&access=open&publisher=cops-office&tag=fatigue&category=sleep&q=beat", ["Beat"]),
        ],
    )
    def test_what_every_facet_asks(self, query: str, titles: list[str]) -> None:
        assert titles_of(query) == titles

    @pytest.mark.parametrize(
        "query",
        [
            "colour=orange",
            "kind=film",
            "kind=",
            "category=nothing",
            "category=%00",
            "tag=x%27",
            "publisher=../../etc",
            "year=20",
            "year=20200",
            "year=0999",
            "year=-2020",
            "year=２０２０",
            "year=²²²²",
            "access=secret",
            "length=short",
            "sort=password",
            "sort=-password",
            "page=3",
            "kind[]=podcast",
            "kind__in=podcast",
            "q__contains=x",
            "id=1",
        ],
    )
    def test_everything_where_it_knows_nothing(self, query: str) -> None:
        known = query_of(query.replace("%00", ""))

        assert search(replace(known, page=1), timezone.now()).total.number == 4
        assert url(known) == "/resources/"
        assert title_of(known) == "All resources"
        assert describe(known).applied == known.chosen == ()
        assert not known.is_narrowed

    def test_a_known_value_beside_unknown_ones(self) -> None:
        assert titles_of("kind=film&kind=podcast&category=none&colour=orange") == ["Beat"]

    def test_nothing_for_a_year_without_any(self) -> None:
        assert titles_of("year=1999") == []

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("", ["Beat", "Course", "Review", "Site"]),
            ("sort=newest", ["Beat", "Course", "Review", "Site"]),
            ("sort=title", ["Beat", "Course", "Review", "Site"]),
            ("sort=library", ["Beat", "Course", "Review", "Site"]),
            ("sort=relevance", ["Beat", "Course", "Review", "Site"]),
        ],
    )
    def test_an_order_it_knows(self, query: str, titles: list[str]) -> None:
        assert titles_of(query) == titles


def test_hides_what_is_not_public() -> None:
    make_resource("Shown")
    make_resource("Draft", state="draft")

    assert titles_of("") == ["Shown"]


def test_finds_each_resource_once_however_often_a_value_is_repeated() -> None:
    make_resource(categories=[make_category("sleep", "Sleep"), make_category("stress", "Stress")])

    repeated = query_of("&".join(["category=sleep", "category=stress", "kind=podcast"] * 300))

    assert list(resources_of(repeated, timezone.now())) == [Resource.objects.get()]
    assert url(repeated) == "/resources/?kind=podcast&category=sleep&category=stress"


def test_looks_at_a_bounded_number_of_values() -> None:
    for number in range(VALUE_LIMIT + 5):
        make_tag(f"tag {number:02}")

    many = query_of("&".join(f"tag=tag-{number:02}" for number in range(VALUE_LIMIT + 5)))

    assert len(many.of("tag")) == VALUE_LIMIT


# Its orders


def test_all_resources_come_newest_first_and_undated_ones_last() -> None:
    for title, day in {"Undated": None, "Old": date(2013, 1, 1), "New": date(2020, 2, 1)}.items():
        make_resource(title, published_on=day)

    assert titles_of("") == ["New", "Old", "Undated"]
    assert titles_of("sort=title") == ["New", "Old", "Undated"]


def test_words_bring_the_best_match_first() -> None:
    make_resource("Sleep", published_on=date(2013, 1, 1))
    make_resource("Other", summary="On sleep.", published_on=date(2020, 1, 1))

    assert titles_of("q=sleep") == ["Sleep", "Other"]
    assert titles_of("q=sleep&sort=newest") == ["Other", "Sleep"]


def test_a_section_that_curators_ordered_comes_in_that_order() -> None:
    section = make_section("forums", order="manual")
    for title, day in {"First": None, "Second": date(2020, 2, 1), "Third": date(2013, 1, 1)}.items():
        make_resource(title, section=section, published_on=day)
    make_resource("Elsewhere")

    assert titles_of("", section) == ["First", "Second", "Third"]
    assert titles_of("sort=newest", section) == ["Second", "Third", "First"]
    assert url(query_of("sort=library", section)) == "/sections/forums/"
    assert url(query_of("sort=newest", section)) == "/sections/forums/?sort=newest"


def test_a_dated_section_comes_newest_first_and_offers_no_order_of_curators() -> None:
    section = make_section("podcasts", order="newest")
    for title, day in {"Old": date(2013, 1, 1), "New": date(2020, 2, 1)}.items():
        make_resource(title, section=section, published_on=day)

    assert titles_of("", section) == ["New", "Old"]
    assert url(query_of("sort=library", section)) == "/sections/podcasts/"
    assert list(query_of("", section).orders) == ["newest", "title"]


def test_offers_the_best_match_only_for_words() -> None:
    offered = [(order.value, str(order.label)) for order in query_of("").orders]
    assert offered == [("newest", "Newest first"), ("title", "Title A–Z")]
    first = query_of("q=sleep").orders[0]
    assert (first.value, str(first.label)) == ("relevance", "Best match")
    assert query_of("q=---&sort=relevance").order == "newest"


# Its words


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "All resources"),
        ("q=sleep", "Search results for “sleep”"),
        ("kind=podcast", "Podcast episodes"),
        ("kind=site&kind=podcast&kind=course", "Courses, podcast episodes, or websites"),
        ("category=sleep", "Resources about sleep"),
        ("category=stress&category=sleep", "Resources about sleep or stress"),
        ("tag=fatigue", "Resources tagged fatigue"),
        ("publisher=bja", "Resources by BJA"),
        ("year=2018&year=2020", "Resources from 2020 or 2018"),
        ("access=open", "Resources (no account needed)"),
        ("kind=podcast&length=under-20", "Podcast episodes (under 20 minutes)"),
        ("sort=title", "All resources, title A–Z"),
        (
            "sort=title&q=sleep&year=2018&tag=fatigue&category=stress&kind=podcast",
            "Podcast episodes about stress tagged fatigue from 2018 matching “sleep”, title A–Z",
        ),
    ],
)
def test_says_what_it_asks(query: str, title: str) -> None:
    assert title_of(query_of(query)) == title


def test_joins_words() -> None:
    assert [any_of(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a or b", "a, b, or c"]


@pytest.mark.usefixtures("library")
def test_names_each_filter_in_force_and_the_way_out_of_it() -> None:
    query = query_of("q=sleep&category=sleep&category=stress&year=2018&sort=title&page=4")

    assert [(each.label, each.url_without) for each in describe(query).applied] == [
        ("Search: sleep", "/resources/?category=sleep&category=stress&year=2018&sort=title"),
        ("Topic: Sleep", "/resources/?q=sleep&category=stress&year=2018&sort=title"),
        ("Topic: Stress", "/resources/?q=sleep&category=sleep&year=2018&sort=title"),
        ("Year: 2018", "/resources/?q=sleep&category=sleep&category=stress&sort=title"),
    ]


# What it costs


def test_a_row_is_compared_by_its_slug_and_not_by_its_number() -> None:
    category = make_category("sleep", "Sleep")
    make_resource(categories=[category])

    assert Category.objects.count() == 1
    assert query_of(f"category={category.pk}").chosen == ()
