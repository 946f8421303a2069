"""The database goes away, for real, and comes back: readers get the help numbers meanwhile, and the pages after."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from library.models import HelpLine, OpenCount, RateLimitCounter
from library.server.scheduler import run_every_hour
from tests.addresses import NEED_THE_DATABASE
from tests.factories import make_every_page, make_help_line, make_resource, make_section
from tests.reading import read
from tests.road import Road, only_road
from tests.wire import Wire

WITHOUT_DATABASE = ["/robots.txt", "/opensearch.xml", "/favicon.ico", "/healthz", "/sitemap-pages.xml", "/pack/"]
WITHOUT_DATABASE += ["/report/", "/suggest/"]


@pytest.fixture
def road(transactional_db: None) -> Iterator[Road]:
    """A library whose requests reach the database by this road only."""
    make_every_page()
    make_help_line(call_number="988", text_number="988", in_strip=True, run_by="Vibrant", position=1)
    make_help_line("COPLINE", call_number="1-800-267-5463")
    make_resource("Building Personal Resilience", ref="bpr2345", section=make_section("podcasts"))

    with only_road() as road:
        yield road


def test_every_page_answers_503_meanwhile_and_works_again_by_itself(road: Road) -> None:
    site = Wire()
    before = {path: site.ask(path).status for path in NEED_THE_DATABASE}
    assert {status for path, status in before.items() if path[:3] not in {"/s/", "/r/"}} == {200}

    road.close()
    for path in NEED_THE_DATABASE:
        answer = site.ask(path)
        assert answer.status == 503, path
        assert answer.headers["Retry-After"] == "30"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        page = read(answer.body)
        strip = page.one("aside", class_="help-strip")
        assert [link["href"] for link in strip.all("a")] == ["tel:988", "sms:988", "#other_lines"]
        assert [link["href"] for link in page.one("ul", class_="copied-help").all("a")] == [
            "tel:988",
            "sms:988",
            "tel:18002675463",
        ]

    road.open()
    assert {path: site.ask(path).status for path in NEED_THE_DATABASE} == before


def test_without_a_copy_of_the_lines_the_page_spells_its_own(road: Road) -> None:
    road.close()

    answer = Wire().ask("/help/")

    assert answer.status == 503
    strip = read(answer.body).one("aside", class_="help-strip")
    assert [link["href"] for link in strip.all("a")] == ["tel:988", "sms:988", "tel:18002675463"]


def test_a_page_that_goes_on_shows_the_strip_of_the_copy(road: Road) -> None:
    HelpLine.objects.filter(name="COPLINE").update(in_strip=True, availability="always", position=0)
    site = Wire()
    site.ask("/help/")
    road.close()

    page = read(site.ask("/nothing/").body)

    assert page.one("aside", class_="help-strip").all("a")[0]["href"] == "tel:18002675463"
    assert "988 Suicide & Crisis Lifeline: call 988" in page.one("footer").words


def test_what_needs_no_database_goes_on(road: Road) -> None:
    site = Wire()
    road.close()

    assert {path: site.ask(path).status for path in WITHOUT_DATABASE} == dict.fromkeys(WITHOUT_DATABASE, 200)


def test_readiness_says_so(road: Road) -> None:
    site = Wire()
    assert site.ask("/readyz").text == "ready\n"

    road.close()
    answer = site.ask("/readyz")
    assert (answer.status, answer.text) == (503, "the database does not answer\n")

    road.open()
    assert site.ask("/readyz").status == 200


@pytest.mark.urls("tests.faulty_urls")
@pytest.mark.parametrize(
    ("path", "status"), [("/nothing/", 404), ("/resources/\0/", 400), ("/forbidden/", 403), ("/fault/", 500)]
)
def test_other_errors_keep_their_page_and_the_numbers(road: Road, path: str, status: int) -> None:
    road.close()

    answer = Wire().ask(path)

    assert answer.status == status
    strip = read(answer.body).all("aside", class_="help-strip")[0]
    assert [link["href"] for link in strip.all("a")][:2] == ["tel:988", "sms:988"]


def test_the_admin_answers_503_too(road: Road) -> None:
    site = Wire()
    assert site.ask("/admin/account/login/").status == 200
    road.close()

    answer = site.ask("/admin/account/login/")

    assert answer.status == 503
    assert "no-store" in answer.headers["Cache-Control"]
    road.open()
    assert site.ask("/admin/account/login/").status == 200


@pytest.mark.urls("tests.faulty_urls")
def test_what_the_admin_has_done_is_done_when_the_connection_ends_then(road: Road) -> None:
    site = Wire()

    answer = site.ask("/admin/done-and-cut-off/")

    assert (answer.status, answer.text) == (200, "done")
    assert site.ask("/admin/account/login/").status == 200


def test_a_restart_of_the_database_between_two_requests_is_not_noticed(road: Road) -> None:
    site = Wire()
    assert site.ask("/help/").status == 200
    road.cut()

    # The connection is dead and the road is open: looked at before use, so that no reader notices.
    assert site.ask("/help/").status == 200


def test_what_was_counted_in_an_hour_is_forgotten_when_it_is_back(road: Road) -> None:
    RateLimitCounter.objects.hit("one 1234", 5, timezone.now())
    waited: list[float] = []
    meanwhile = iter([road.close, lambda: None, road.open])

    def wait(seconds: float) -> None:
        waited.append(seconds)
        next(meanwhile)()

    with pytest.raises(StopIteration):
        run_every_hour(wait)

    assert waited[1:3] == [60, 60]
    assert not RateLimitCounter.objects.exists()


def test_what_is_only_counted_is_lost_meanwhile_and_nobody_is_told(road: Road) -> None:
    site = Wire()
    assert site.ask("/r/bpr2345/opened/", method="POST").status == 204

    road.close()
    answer = site.ask("/r/bpr2345/opened/", method="POST")
    assert (answer.status, answer.body) == (204, b"")

    road.open()
    site.ask("/r/bpr2345/opened/", method="POST")
    assert OpenCount.objects.get().number == 2
