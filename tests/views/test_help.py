"""`/help/`: all help lines, and how to reach each."""

import pytest
from django.test import Client

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
    for words in ("1-800-COPLINE", "24/7", "Anyone in the USA", "nonprofit", "Number last verified Nov. 23, 2026"):
        assert words in line.words


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
    make_help_line("COPLINE", call_number="1", notes="dial before launch", source_url="https://seen.example.org/")

    text = client.get("/help/").text

    assert "dial before launch" not in text
    assert "seen.example.org" not in text


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
