"""`/suggest/`: a resource that the library should have. What both forms share is tested with `/report/`."""

import pytest
from django.test import Client

from library.models import ReaderReport
from tests.factories import make_help_line
from tests.reading import read
from tests.sending import send

pytestmark = pytest.mark.django_db


def test_takes_a_suggestion_and_says_thank_you(client: Client) -> None:
    typed = {"address": "https://example.org/course?id=1", "name": "A course", "words": "Short and free."}

    response = send(client, "/suggest/", **typed)

    assert (response.status_code, response["Location"]) == (303, "/report/thanks/")
    report = ReaderReport.objects.get()
    assert (report.kind, report.reason, report.resource) == ("suggestion", "", None)
    assert {name: getattr(report, name) for name in typed} == typed


def test_the_address_alone_is_enough_and_its_beginning_may_be_left_out(client: Client) -> None:
    assert send(client, "/suggest/", address=" example.org/course\u200e?utm_source=mail ").status_code == 303
    assert ReaderReport.objects.get().address == "https://example.org/course"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "ftp://example.org/",
        "mailto:somebody@example.org",
        "https://user:password@example.org/",
        "https://127.0.0.1\\@example.org/",
        "https://example.org/a b",
        "https://example.org/\nb",
        "https://[",
        "https://",
        "not an address",
        "=HYPERLINK(1)",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_what_the_library_could_not_link_to_is_refused(client: Client, address: str) -> None:
    response = send(client, "/suggest/", address=address)

    assert response.status_code == 422
    (link,) = read(response.content).one("div", role="alert").all("a")
    assert link["href"] == "#id_address"
    assert not ReaderReport.objects.exists()


def test_says_what_is_missing_and_what_is_too_long(client: Client) -> None:
    page = read(send(client, "/suggest/", name="a" * 301, words="b" * 1001).content)

    assert [link.words for link in page.one("div", role="alert").all("a")] == [
        "Enter the web address of the resource",
        "The limit is 300 characters. You have 301.",
        "The limit is 1,000 characters. You have 1001.",
    ]
    assert page.one("input", id="id_name")["value"] == "a" * 301


def test_asks_for_no_name_of_a_person_and_says_where_help_is(client: Client) -> None:
    make_help_line()
    main = read(client.get("/suggest/").content).one("main")

    assert "Please don’t include names" in main.words
    assert [link["href"] for link in main.all("a")] == ["tel:988", "sms:988", "/help/"]


def test_the_hour_is_counted_together_with_other_reports(client: Client) -> None:
    for _ in range(5):
        assert send(client, "/report/", reason="dead-link").status_code == 303

    response = send(client, "/suggest/", address="https://example.org/", words="Mine")

    assert response.status_code == 429
    assert [words.words for words in read(response.content).one("dl").all("dd")] == ["https://example.org/", "Mine"]
