"""The addresses of a filtered list: one list has one, its order is fixed, defaults are left out, `page` is dropped."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from library.models import Section
from library.search.filters import ResourceFilter
from tests.factories import make_four_kinds, make_section

pytestmark = pytest.mark.django_db


def asked(query: str = "", section: Section | None = None) -> ResourceFilter:
    return ResourceFilter(QueryDict(query), now=timezone.now(), section=section)


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
            assert asked(query.replace("%00", "")).url == canonical

    def test_a_default_is_never_in_it(self) -> None:
        for query in ("sort=newest", "q=&sort=newest&page=1", "page=1"):
            assert asked(query).url == "/resources/"
        assert asked("q=sleep&sort=relevance").url == "/resources/?q=sleep"

    def test_one_value_less(self) -> None:
        both = asked("category=sleep&category=stress&page=3")
        assert both.url_without("category", "sleep") == "/resources/?category=stress"
        assert both.url_without("category") == "/resources/"
        assert both.url_without("year") == "/resources/?category=sleep&category=stress"

    def test_without_words_there_is_no_best_match(self) -> None:
        assert asked("q=sleep&sort=title").url_without("q") == "/resources/?sort=title"
        assert asked("q=sleep").url_without("q") == "/resources/"

    def test_newest_first_stays_asked_for_only_while_it_is_not_the_default(self) -> None:
        assert asked("q=sleep&sort=newest").url == "/resources/?q=sleep&sort=newest"
        assert asked("q=sleep&sort=newest").url_without("q") == "/resources/"
        assert asked("q=sleep&sort=newest").url_of_everything == "/resources/"

    def test_words_keep_an_order_that_was_asked_for(self) -> None:
        assert asked("sort=title&q=slep&page=2").url_with_words("sleep") == "/resources/?q=sleep&sort=title"

    def test_its_pages(self) -> None:
        both = asked("category=sleep&page=3")
        assert both.url_of_page(1) == "/resources/?category=sleep"
        assert both.url_of_page(2) == "/resources/?category=sleep&page=2"

    def test_everything(self) -> None:
        assert asked("q=sleep&category=sleep").url_of_everything == "/resources/"
        assert asked("category=sleep&sort=title").url_of_everything == "/resources/?sort=title"

    def test_words_are_encoded(self) -> None:
        assert asked("q=%22peer%20support%22%26x%3D1").url == "/resources/?q=%22peer+support%22%26x%3D1"


def test_an_address_of_a_section_stays_in_it() -> None:
    section = make_section("podcasts", order="newest")

    assert asked("kind=podcast", section).url == "/sections/podcasts/?kind=podcast"
    assert asked("kind=podcast", section).url_of_everything == "/sections/podcasts/"
