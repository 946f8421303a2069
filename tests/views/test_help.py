"""`/help/`: all help lines, and how to reach each."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_help_line, make_page
from tests.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts() -> None:
    make_page("help", title="Help lines", body="If you are in danger, call your emergency number.")


def test_shows_each_line_with_every_way_to_reach_it(client: Client) -> None:
    make_help_line()
    make_help_line(
        "Crisis Text Line",
        call_number="1-800-267-5463",
        call_note="1-800-COPLINE",
        text_number="741741",
        text_word="HOME",
        tty_number="1-800-487-4889",
        chat_url="https://chat.example.org/now",
        url="https://www.example.org",
        hours="24/7",
        audience="Anyone in the USA",
        run_by="Crisis Text Line (nonprofit)",
        answered_by="Trained volunteers",
        languages="English, Spanish",
        verified_on=date(2026, 11, 23),
    )

    response = client.get("/help/")
    page = read(response.content)
    line = page.all("li", class_="help-line")[1]

    assert response.status_code == 200
    assert page.one("h1").words == "Help lines"
    assert "If you are in danger" in page.one("main").words
    assert {link["href"]: link.words for link in line.all("a")} == {
        "tel:18002675463": "Call 1-800-267-5463",
        "sms:741741": "Text HOME to 741741",
        "tel:18004874889": "TTY 1-800-487-4889",
        "https://chat.example.org/now": "Chat on chat.example.org",
        "https://www.example.org": "example.org",
    }
    assert line.one("h3").words == "Crisis Text Line"
    assert "1-800-COPLINE" in line.words
    assert "Number checked Nov. 23, 2026." in line.words
    assert {term.words: fact.words for term, fact in zip(line.all("dt"), line.all("dd"), strict=True)} == {
        "Answered by": "Trained volunteers",
        "Hours": "24/7",
        "Languages": "English, Spanish",
        "Run by": "Crisis Text Line (nonprofit)",
        "Website": "example.org",
    }


def test_a_card_says_what_to_do_and_when_below_its_name_and_numbers(client: Client) -> None:
    make_help_line(call_number="988", text_number="988", reason="you cannot go on", anonymous="yes")

    line = read(client.get("/help/").content).one("li", class_="help-line")

    assert line.one("h3").words == "988 Suicide & Crisis Lifeline"
    assert line.all("p")[0].words == "Call or text if you cannot go on."
    assert {term.words: fact.words for term, fact in zip(line.all("dt"), line.all("dd"), strict=True)} == {
        "For": "Anyone in the USA",
        "Can you stay anonymous?": "Yes",
    }


def test_says_what_is_open_now(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    weekly = {"availability": "weekly", "first_day": 1, "last_day": 5, "time_zone": "America/Los_Angeles"}
    make_help_line("Open", call_number="1", **weekly, opens_at=time(9), closes_at=time(17), position=1)
    make_help_line("Closed", call_number="1", **weekly, opens_at=time(12), closes_at=time(17), position=2)
    make_help_line("Always", call_number="1", availability="always", hours="24/7", position=3)
    make_help_line("Not known", call_number="1", position=4)
    # Noon in New York, whose time the site has.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 24, 17, tzinfo=UTC))

    page = read(client.get("/help/").content)

    assert [line.all("p")[1].words for line in page.all("li", class_="help-line")][:3] == [
        "Open now until 5 p.m. Pacific time on Tuesday",
        "Closed. Opens Tuesday at noon Pacific time",
        "Open 24/7",
    ]
    assert "open" not in page.all("li", class_="help-line")[3].words.lower()
    assert [fact.words for fact in page.all("dd") if "Monday" in fact.words or "24/7" in fact.words] == [
        "Monday to Friday, 9 a.m. to 5 p.m. Pacific time",
        "Monday to Friday, noon to 5 p.m. Pacific time",
    ]


def test_lines_of_one_place_are_folded_under_it_after_those_for_all(client: Client) -> None:
    make_help_line("Ohio 1", call_number="1", place="Ohio", position=0)
    make_help_line("Iowa", call_number="1", place="Iowa", position=1)
    make_help_line("Ohio 2", call_number="1", place="Ohio", position=2)
    make_help_line("For all", call_number="1", position=3)
    make_help_line("Treatment", call_number="1", position=0, is_crisis=False)

    main = read(client.get("/help/").content).one("main")

    assert [heading.words for heading in main.all("h2", "h3")] == [
        "In immediate danger? Call 911",
        *("You can talk to someone now", "For all"),
        *("Local help lines", "Iowa", "Ohio 1", "Ohio 2"),
        *("Finding treatment (not for emergencies)", "Treatment"),
    ]
    iowa, ohio = main.all("details", class_="help-place")
    assert iowa.all("summary")[0].words == "Iowa only"
    assert [line.words for line in ohio.all("h3")] == ["Ohio 1", "Ohio 2"]


def test_says_so_of_a_number_that_was_verified_too_long_ago(client: Client) -> None:
    today = timezone.localdate()
    make_help_line("Old", call_number="1", verified_on=today - timedelta(days=91), position=1)
    make_help_line("New", call_number="1", verified_on=today - timedelta(days=90), position=2)

    old, new = read(client.get("/help/").content).all("p", class_="help-line-verified")

    assert "We haven’t checked it recently." in old.words
    assert "recently" not in new.words


def test_offers_a_way_off_the_page(client: Client) -> None:
    page = read(client.get("/help/").content)

    assert page.one("p", class_="leave").one("a")["href"] == "https://www.weather.gov/"
    assert any("leave." in (script.get("src") or "") for script in page.all("script", type="module"))


def test_lines_for_a_crisis_come_first(client: Client) -> None:
    make_help_line("Treatment referral", call_number="1-800-662-4357", is_crisis=False, position=0)
    make_help_line("COPLINE", call_number="1-800-267-5463", position=3)
    make_help_line()

    page = read(client.get("/help/").content)

    assert [line.one("h3").words for line in page.all("li", class_="help-line")] == [
        "988 Suicide & Crisis Lifeline",
        "COPLINE",
        "Treatment referral",
    ]


def test_shows_nothing_of_the_curators_notes(client: Client) -> None:
    make_help_line(
        "COPLINE",
        call_number="1",
        notes="dial before launch",
        verified_by="Officer Doe",
        source_url="https://seen.example.org/",
    )

    text = client.get("/help/").text

    assert "dial before launch" not in text
    assert "seen.example.org" not in text
    assert "Officer Doe" not in text


def test_without_any_line_the_strip_still_has_its_number(client: Client) -> None:
    page = read(client.get("/help/").content)

    assert page.all("li", class_="help-line") == []
    assert [link["href"] for link in page.all("aside", class_="help-strip")[0].all("a")][:2] == ["tel:988", "sms:988"]


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    # The state of the library, the text, the lines, the lines of the strip and of paper.
    with django_assert_num_queries(4):
        client.get("/help/")
    for number in range(10):
        make_help_line(f"Line {number}", call_number="1")
    with django_assert_num_queries(4):
        client.get("/help/")
