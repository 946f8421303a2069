"""The first page says what needs attention; each number is the length of the list that it leads to."""

import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from library.maintenance.attention import ENTRY_NEEDS
from library.models import Category, Publisher, Resource, User
from tests.factories import (
    LISTED,
    TEN_YEARS,
    make_category,
    make_help_line,
    make_many,
    make_publisher,
    make_report,
    make_resource,
    make_section,
    miss,
    section_of,
    withdraw,
)
from tests.reading import Element, read

pytestmark = pytest.mark.django_db
CALM = "You’re all caught up."


def attention(client: Client) -> Element:
    return read(client.get("/admin/").content).one("section", id="attention")


def links(client: Client) -> dict[str, str]:
    """Address and words of each matter."""
    return {link["href"]: link.words for link in attention(client).one("ul").all("a")}


def rows_of(client: Client, address: str) -> list[Any]:
    page = client.get(address)
    assert page.status_code == 200, address
    assert page.context["cl"].result_count == len(page.context["cl"].result_list)
    return list(page.context["cl"].result_list)


def make_whole(title: str = "Officer Fatigue", **values: Any) -> Resource:
    """An entry that needs nothing, but for what `values` say."""
    whole = {
        "summary": "What it is.",
        "publisher": Publisher.objects.first() or make_publisher(),
        "categories": [Category.objects.first() or make_category()],
    }
    return make_resource(title, **whole | values)


def test_a_library_in_order_says_so_calmly(signed_in: Client) -> None:
    make_whole(review_by=localdate())
    make_help_line()

    assert links(signed_in) == {}
    assert CALM in attention(signed_in).words


def test_each_matter_is_named_with_its_number_and_leads_to_its_rows(signed_in: Client) -> None:
    make_help_line("Older", call_number="1", verified_on=localdate() - timedelta(91))
    make_help_line("COPLINE", call_number="1")
    make_report()
    make_report(address="https://example.org/")
    overdue = make_whole("Overdue", review_by=localdate() - timedelta(1))
    make_whole("Silent", summary="")
    make_whole("No subject", categories=[])
    make_whole("No maker", publisher=None)
    make_whole("Later", listed_at=TEN_YEARS)
    miss("gambling", days=5)
    miss("divorce", days=4)

    resources, reports = "/admin/library/resource/?needs=", "/admin/library/readerreport/?kind__exact="
    assert links(signed_in) == {
        "/admin/library/helpline/?verified=overdue": "1 help line was last verified more than 90 days ago",
        f"{reports}problem&state__exact=new": "1 open problem report",
        f"{reports}suggestion&state__exact=new": "1 open suggestion",
        f"{resources}review": "1 entry is overdue for review",
        f"{resources}summary": "1 entry has no summary",
        f"{resources}category": "1 entry is in no category",
        f"{resources}publisher": "1 entry has no publisher",
        "/admin/library/zeroresultterm/": "1 search with no results (on 5 or more days)",
        f"{resources}nothing-yet": "1 entry is scheduled to appear on its own",
    }
    assert CALM not in attention(signed_in).words
    assert rows_of(signed_in, f"{resources}review") == [overdue]
    for address in links(signed_in):
        assert len(rows_of(signed_in, address)) == 1, address


def test_what_came_into_other_lately_is_told(signed_in: Client) -> None:
    other, lately = make_category("other", "Other"), timezone.now() - timedelta(days=89)
    news = [make_whole(title, categories=[other], listed_at=lately) for title in ("Pets", "Money")]
    make_whole("Long ago", categories=[other], listed_at=lately - timedelta(days=2))
    make_whole("Subject", categories=[make_category()], listed_at=lately)
    make_whole("Later", categories=[other], listed_at=TEN_YEARS)
    make_whole("Draft", categories=[other], state="draft")
    withdraw(make_whole("Gone", categories=[other], listed_at=lately))
    address = "/admin/library/resource/?needs=subject"

    assert links(signed_in)[address] == "2 entries were added to “Other” in the last 90 days"
    assert rows_of(signed_in, address) == news[::-1]

    other.slug = "leftovers"
    other.save()
    assert address not in links(signed_in)


def test_drafts_and_what_was_withdrawn_need_nothing(signed_in: Client) -> None:
    make_resource("Draft", state="draft", review_by=localdate() - timedelta(1))
    withdraw(make_resource("Gone", review_by=localdate() - timedelta(1)))

    assert links(signed_in) == {}


def test_a_forum_says_in_its_text_what_it_is(signed_in: Client) -> None:
    make_whole("OSW Group", kind="forum", summary="", body="A group.")

    assert links(signed_in) == {}


def test_what_is_only_scheduled_is_told_and_calm_all_the_same(signed_in: Client) -> None:
    make_whole("Later", listed_at=TEN_YEARS)

    assert list(links(signed_in).values()) == ["1 entry is scheduled to appear on its own"]
    assert CALM in attention(signed_in).words


@pytest.mark.parametrize("seed", range(4))
def test_every_number_is_that_of_its_list(signed_in: Client, seed: int) -> None:
    random, today = Random(seed), localdate()
    publisher, category = make_publisher(), make_category()
    for place in range(27):
        entry = make_resource(
            f"Entry {place}",
            section=section_of(random.choice(["podcasts", "more-podcasts"])),
            state=random.choice(["published", "published", "draft"]),
            listed_at=random.choice([LISTED, LISTED, TEN_YEARS]),
            summary=random.choice(["", "What it is."]),
            publisher=random.choice([None, publisher]),
            categories=random.choice([[], [category]]),
            review_by=random.choice([None, today, today - timedelta(random.randrange(1, 500))]),
        )
        if entry.state == "published" and random.random() < 0.2:
            withdraw(entry)
        make_report(**random.choice([{}, {"address": "https://example.org/"}]))
        make_help_line(f"Line {place}", call_number="1", verified_on=today - timedelta(random.randrange(180)))
        miss("abcdefghijklmnopqrstuvwxyzabcd"[place:], days=random.randrange(3, 7))

    texts = links(signed_in)

    assert len(texts) == 9
    for address, words in texts.items():
        assert len(rows_of(signed_in, address)) == int(re.match(r"\d+", words)[0]), address


def test_more_than_a_thousand_are_not_counted(signed_in: Client) -> None:
    entry = make_whole("Silent", summary="")
    make_many(999, of=entry)
    assert links(signed_in)["/admin/library/resource/?needs=summary"] == "1,000 entries have no summary"

    make_resource("One more", summary="")

    assert links(signed_in)["/admin/library/resource/?needs=summary"] == "More than 1,000 entries have no summary"


def test_an_unknown_need_is_no_filter(signed_in: Client) -> None:
    make_resource("Entry")

    for query in ("needs=nonsense", "needs=", "needs=%F0%9F%9A%94", "needs=review&needs=summary"):
        assert signed_in.get(f"/admin/library/resource/?{query}").status_code == 200, query
    assert signed_in.get("/admin/library/helpline/?verified=nonsense").status_code == 200


def test_who_may_see_nothing_is_told_of_nothing(client: Client) -> None:
    make_resource("Entry", review_by=localdate() - timedelta(1))
    make_report()
    miss("gambling")
    client.force_login(User.objects.create_user("stranger", is_staff=True))

    page = client.get("/admin/")

    assert links(client) == {}
    assert read(page.content).all("section", id="coverage") == []
    assert "most-opened" not in page.text


def test_the_front_page_costs_the_same_queries_whatever_there_is(signed_in: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            signed_in.get("/admin/")
        return len(captured)

    make_resource()
    before = queries()
    for place in range(10):
        make_resource(f"Entry {place}", summary="", categories=[make_category(f"subject-{place}", f"Subject {place}")])
        make_report()
    miss("gambling")

    # One of them is for who the site says it is.
    assert queries() == before <= 30


# What is covered


def test_every_subject_has_its_number_of_each_kind(signed_in: Client) -> None:
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress <and> strain")
    for place in range(4):
        make_resource(f"Episode {place}", categories=[sleep, stress])
    make_resource("Course", kind="course", section=make_section("training"), categories=[stress])
    make_resource("Draft", state="draft", categories=[sleep])
    make_resource("Later", listed_at=TEN_YEARS, categories=[sleep])

    table = read(signed_in.get("/admin/").content).one("section", id="coverage").one("table")

    rows = [[cell.words for cell in row.all("th", "td")] for row in table.one("tbody").all("tr")]
    assert rows == [["Sleep", "0", "4", "0", "0", "0"], ["Stress <and> strain", "1", "4", "0", "0", "0"]]
    headings = [cell.words for cell in table.one("thead").all("th")]
    assert headings == ["Category", "Courses", "Podcasts", "Reviews", "Forums", "Websites"]
    assert table.one("caption").words


def test_without_categories_there_is_no_table(signed_in: Client) -> None:
    assert read(signed_in.get("/admin/").content).all("section", id="coverage") == []


def test_every_need_has_its_words() -> None:
    for name, need in ENTRY_NEEDS.items():
        assert need.text % {"number": 2, "shown": "2"} != need.text % {"number": 1, "shown": "1"}, name
        assert str(need.label)
