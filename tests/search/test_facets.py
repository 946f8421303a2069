"""Counts beside the filters: as many as a count by hand would find, whatever is chosen."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from library.models import Category, Publisher, Resource, Section, Tag
from library.search import index
from library.search.facets import Facet
from library.search.filters import FACETS, OPTION_LIMIT, read_query
from library.search.results import SearchResults, search
from tests.conftest import rows_for_many
from tests.factories import (
    TEN_YEARS,
    make_category,
    make_four_kinds,
    make_publisher,
    make_resource,
    make_resources,
    make_section,
    make_tag,
    settled_once,
    withdraw,
)

pytestmark = pytest.mark.django_db


def results_of(query: str = "", section: Section | None = None) -> SearchResults:
    return search(read_query(QueryDict(query), section), timezone.now())


def facet(query: str, name: str) -> Facet:
    return next(facet for facet in results_of(query).facets if facet.name == name)


def counts(query: str, name: str) -> dict[str, int | None]:
    return {option.value: option.count for option in facet(query, name).options}


# Against a count by hand


TAGS = [f"tag {number}" for number in range(30)]
YEARS = [2013, 2018, 2020]
ACCESS = ["unchecked", "open", "account"]
AUDIENCES = ["officer", "family", "dispatcher"]
KINDS = ["course", "podcast", "site"]
LENGTHS = ["under-20", "20-or-more"]
MINUTES = [None, 0, 19, 20, 45]


@pytest.fixture(scope="class")
def hundreds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Resource]]:
    """200 resources of every mixture, in two sections; some of them not public."""
    with rows_for_many(django_db_blocker):
        sections = [make_section("one"), make_section("two", order="manual")]
        categories = [make_category(f"category-{number}", f"Category {number}") for number in range(5)]
        publishers = [make_publisher(f"publisher-{number}", f"Publisher {number}") for number in range(4)]
        for name in TAGS:
            make_tag(name)  # one of them has no resource
        with settled_once():
            for number in range(200):
                resource = make_resource(
                    f"Entry {number} {'sleep' if number % 3 else 'stress'}",
                    kind=KINDS[number % 7 % 3],
                    section=sections[number % 5 % 2],
                    categories=[category for place, category in enumerate(categories) if number % (place + 2) == 0],
                    tags=[tag for place, tag in enumerate(TAGS) if (number * 7 + place) % (place + 3) == 0],
                    publisher=publishers[number % 9 % 4] if number % 6 else None,
                    published_on=date(YEARS[number % 8 % 3], 1, 1) if number % 10 else None,
                    access=ACCESS[number % 11 % 3],
                    audience=[name for place, name in enumerate(AUDIENCES) if number % (place + 2) == 0],
                    running_minutes=MINUTES[number % 5] if KINDS[number % 7 % 3] == "podcast" else None,
                    state="draft" if number % 23 == 0 else "published",
                    **({"listed_at": TEN_YEARS} if number % 29 == 1 else {}),
                )
                if number % 31 == 2:
                    withdraw(resource)
        yield list(Resource.objects.select_related("publisher").prefetch_related("categories", "tags"))


def values_of(resource: Resource) -> dict[str, set[str]]:
    return {
        "kind": {resource.kind},
        "category": {category.slug for category in resource.categories.all()},
        "tag": {tag.slug for tag in resource.tags.all()},
        "publisher": {resource.publisher.slug} if resource.publisher else set(),
        "audience": set(resource.audience),
        "year": {str(resource.published_on.year)} if resource.published_on else set(),
        "access": {resource.access},
        "length": {LENGTHS[resource.running_minutes >= 20]} if resource.running_minutes else set(),
    }


def counted_by_hand(
    rows: list[Resource], chosen: dict[str, list[str]], section: str, words: str
) -> tuple[int, Counter[tuple[str, str]]]:
    now = timezone.now()
    total, counted = 0, Counter[tuple[str, str]]()
    for resource in rows:
        if resource.state != "published" or resource.listed_at > now or words not in resource.title.lower():
            continue
        if section and resource.section.anchor != section:
            continue
        own = values_of(resource)
        refused = [name for name, values in chosen.items() if values and not own[name] & set(values)]
        total += not refused
        for name in FACETS:
            if set(refused) <= {name}:
                counted.update((name, value) for value in own[name])
    return total, counted


CHOSEN = st.fixed_dictionaries(
    {
        "kind": st.lists(st.sampled_from(KINDS), unique=True, max_size=2),
        "category": st.lists(st.sampled_from([f"category-{number}" for number in range(5)]), unique=True, max_size=2),
        "tag": st.lists(st.sampled_from([tag.replace(" ", "-") for tag in TAGS]), unique=True, max_size=3),
        "publisher": st.lists(st.sampled_from([f"publisher-{number}" for number in range(4)]), unique=True, max_size=1),
        "audience": st.lists(st.sampled_from(AUDIENCES), unique=True, max_size=2),
        "year": st.lists(st.sampled_from([str(year) for year in YEARS]), unique=True, max_size=2),
        "access": st.lists(st.sampled_from(ACCESS), unique=True, max_size=1),
        "length": st.lists(st.sampled_from(LENGTHS), unique=True, max_size=2),
    }
)


class TestEveryCount:
    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        chosen=CHOSEN, section=st.sampled_from(["", "one", "two"]), words=st.sampled_from(["", "", "sleep", "stress"])
    )
    def test_is_what_a_count_by_hand_finds(
        self, hundreds: list[Resource], chosen: dict[str, list[str]], section: str, words: str
    ) -> None:
        pairs = [(name, value) for name, values in chosen.items() for value in values]
        query = "&".join(f"{name}={value}" for name, value in [*pairs, *([("q", words)] if words else [])])
        answer = results_of(query, Section.objects.get(anchor=section) if section else None)
        total, by_hand = counted_by_hand(hundreds, chosen, section, words)

        assert answer.total.number == total
        for each in answer.facets:
            offered = {option.value: option.count for option in each.options}
            assert offered == {value: by_hand[each.name, value] for value in offered}
            most = sorted((number for (name, _value), number in by_hand.items() if name == each.name), reverse=True)
            shown = sorted((option.count or 0 for option in each.options), reverse=True)
            assert shown[:OPTION_LIMIT] == (most + [0] * len(shown))[: min(len(shown), OPTION_LIMIT)]


# What is offered


@pytest.fixture(scope="class")
def library(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with rows_for_many(django_db_blocker):
        make_four_kinds()
        yield


@pytest.mark.usefixtures("library")
class TestOffers:
    def test_every_facet_in_the_order_of_the_parameters(self) -> None:
        assert [facet.name for facet in results_of().facets] == [
            "kind",
            "category",
            "tag",
            "publisher",
            "audience",
            "year",
            "access",
            "length",
        ]
        legends = ["Type", "Topic", "Tag", "Publisher", "Audience", "Year", "Access", "Length"]
        assert [facet.legend for facet in results_of().facets] == legends

    def test_values_with_their_names_and_what_is_chosen(self) -> None:
        options = facet("category=stress", "category").options

        assert [(option.value, option.label, option.chosen, option.count) for option in options] == [
            ("sleep", "Sleep", False, 2),
            ("stress", "Stress", True, 2),
        ]

    def test_only_years_that_have_resources_the_newest_first(self) -> None:
        assert counts("", "year") == {"2020": 1, "2018": 1, "2015": 1}
        assert list(counts("", "year")) == ["2020", "2018", "2015"]

    def test_a_chosen_year_without_resources(self) -> None:
        assert counts("year=1999", "year")["1999"] == 0

    def test_short_facets_with_what_leads_nowhere(self) -> None:
        query = "kind=review&category=sleep"
        assert counts(query, "category") == {"sleep": 1, "stress": 0}
        assert [option.is_empty for option in facet(query, "category").options] == [False, True]

    def test_none_of_which_all_of_a_section_has_the_same_value(self) -> None:
        section = Section.objects.get(anchor="online-training")
        assert {"kind", "publisher"}.isdisjoint(facet.name for facet in results_of("", section).facets)
        assert "publisher" in [facet.name for facet in results_of("publisher=bja", section).facets]


def test_the_most_used_tags_of_the_result_and_the_chosen_ones() -> None:
    everywhere = [f"common {number}" for number in range(OPTION_LIMIT + 5)]
    make_resources(3, "Elsewhere", tags=everywhere, kind="site")
    make_resources(2, "Here", tags=["rare"])
    make_resource("Here, too", tags=["rarer"])

    assert counts("kind=podcast", "tag") == {"rare": 2, "rarer": 1}
    options = facet(f"kind=podcast&tag=common-{OPTION_LIMIT + 4}", "tag").options
    assert [(option.value, option.chosen, option.count) for option in options] == [
        ("rare", False, 2),
        ("rarer", False, 1),
        (f"common-{OPTION_LIMIT + 4}", True, 0),
    ]
    assert len(facet("", "tag").options) == OPTION_LIMIT


def test_is_open_when_it_is_short_or_in_use() -> None:
    make_resource(tags=[f"tag {number}" for number in range(18)])
    make_resource(kind="site")

    assert facet("", "kind").is_open
    assert not facet("", "tag").is_open
    assert facet("tag=tag-3", "tag").is_open


def test_a_length_where_some_are_known() -> None:
    make_resource("Unknown", running_minutes=None)
    assert "length" not in [facet.name for facet in results_of().facets]

    make_resource("Short", running_minutes=19)

    assert counts("", "length") == {"under-20": 1, "20-or-more": 0}


def test_an_empty_library_offers_nothing() -> None:
    make_category("sleep", "Sleep")
    make_tag("fatigue")

    assert results_of().facets == ()


def test_what_is_scheduled_counts_from_its_hour() -> None:
    make_resource("Now", access="open")
    make_resource("Now, too", access="account")
    make_resource("Later", access="open", listed_at=TEN_YEARS, tags=["later"])

    assert results_of().total.number == 2
    assert counts("", "access")["open"] == counts("kind=podcast", "access")["open"] == 1
    later = search(read_query(QueryDict("tag=later")), TEN_YEARS)
    assert later.total.number == 1


def test_the_database_has_values_of_every_facet_that_is_declared_and_of_no_other() -> None:
    make_four_kinds()
    pks = list(Resource.objects.values_list("pk", flat=True))

    counted = index.count(index.Scope(None, timezone.now()), {}, list(FACETS))

    assert set(counted.by_facet) == set(index.count_rows(pks).by_facet) == set(FACETS)
    assert counted == index.count_rows(pks)
    assert counted.total == len(pks)


def test_counts_of_the_database_are_of_rows_that_are_there() -> None:
    make_four_kinds()
    for model, name in ((Category, "category"), (Tag, "tag"), (Publisher, "publisher")):
        for row in model._default_manager.all():
            assert results_of(f"{name}={row.slug}").total.number > 0


def test_of_very_many_scheduled_ones_only_some_are_left_out_of_the_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    make_resources(2, "Scheduled", listed_at=TEN_YEARS)
    listed = make_resource("Listed")
    monkeypatch.setattr("library.search.index.bitmaps.HIDDEN_LIMIT", 1)

    answer = results_of("kind=podcast")

    assert answer.total.number == 2
    assert [row.pk for row in answer.resources] == [listed.pk]
