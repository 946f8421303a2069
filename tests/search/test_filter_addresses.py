"""The addresses of a list: one list has one, its order is fixed, defaults are left out, `page` is dropped."""

import pytest
from django.http import QueryDict

from library.models import Section
from library.search.filters import read_query
from library.search.query import ListQuery
from library.search.urls import ListUrls
from tests.factories import make_four_kinds, make_section

pytestmark = pytest.mark.django_db


def query_of(query: str = "", section: Section | None = None) -> ListQuery:
    return read_query(QueryDict(query), section)


def url(query: ListQuery) -> str:
    return ListUrls(query).first_page


@pytest.fixture
def library() -> None:
    make_four_kinds()


@pytest.mark.usefixtures("library")
class TestAddresses:
    def test_one_list_has_one_address(self) -> None:
        canonical = "/resources/?q=sleep&kind=podcast&category=sleep&category=stress&year=2018&sort=title"
        for query in (
            "q=sleep&kind=podcast&category=sleep&category=stress&year=2018&sort=title",
            "sort=title&year=2018&category=stress&category=sleep&kind=podcast&q=sleep",
            "x=1&sort=title&year=2018&year=2018&category=stress&category=sleep&kind=podcast&q=++sleep%00--",
        ):
            assert url(query_of(query.replace("%00", ""))) == canonical

    def test_a_default_is_never_in_it(self) -> None:
        for query in ("sort=newest", "q=&sort=newest&page=1", "page=1"):
            assert url(query_of(query)) == "/resources/"
        assert url(query_of("q=sleep&sort=relevance")) == "/resources/?q=sleep"

    def test_one_value_less(self) -> None:
        both = query_of("category=sleep&category=stress&page=3")
        sleep, stress = both.chosen
        assert url(both.without_value(sleep)) == "/resources/?category=stress"
        assert url(both.without_value(sleep).without_value(stress)) == "/resources/"
        assert url(both) == "/resources/?category=sleep&category=stress"

    def test_without_words_there_is_no_best_match(self) -> None:
        assert url(query_of("q=sleep&sort=title").without_words()) == "/resources/?sort=title"
        assert url(query_of("q=sleep").without_words()) == "/resources/"

    def test_newest_first_stays_asked_for_only_while_it_is_not_the_default(self) -> None:
        assert url(query_of("q=sleep&sort=newest")) == "/resources/?q=sleep&sort=newest"
        assert url(query_of("q=sleep&sort=newest").without_words()) == "/resources/"
        assert ListUrls(query_of("q=sleep&sort=newest")).without_filters == "/resources/"

    def test_words_keep_an_order_that_was_asked_for(self) -> None:
        assert url(query_of("sort=title&q=slep&page=2").with_words("sleep")) == "/resources/?q=sleep&sort=title"

    def test_its_pages(self) -> None:
        both = ListUrls(query_of("category=sleep&page=3"))
        assert both.page(1) == "/resources/?category=sleep"
        assert both.page(2) == "/resources/?category=sleep&page=2"

    def test_everything(self) -> None:
        assert ListUrls(query_of("q=sleep&category=sleep")).without_filters == "/resources/"
        assert ListUrls(query_of("category=sleep&sort=title")).without_filters == "/resources/?sort=title"

    def test_words_are_encoded(self) -> None:
        assert url(query_of("q=%22peer%20support%22%26x%3D1")) == "/resources/?q=%22peer+support%22%26x%3D1"


def test_an_address_of_a_section_stays_in_it() -> None:
    section = make_section("podcasts", order="newest")

    assert url(query_of("kind=podcast", section)) == "/sections/podcasts/?kind=podcast"
    assert ListUrls(query_of("kind=podcast", section)).without_filters == "/sections/podcasts/"
