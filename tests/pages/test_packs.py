"""`library.pages.packs`: what people paste, and how long it takes."""

import pytest

from library.pages.packs import in_hours, pasted_name


@pytest.mark.parametrize(
    "raw",
    [
        "bpr2345",
        " BPR2345 ",
        "bpr2345/",
        "/r/bpr2345/",
        "https://library.example.org/r/bpr2345",
        "HTTPS://LIBRARY.EXAMPLE.ORG/r/bpr2345/\n",
    ],
)
def test_finds_the_code_in_what_somebody_pasted(raw: str) -> None:
    assert pasted_name(raw) == "bpr2345"


@pytest.mark.parametrize(
    "raw",
    ["/resources/leo-near-miss/", "https://library.example.org/resources/LEO-near-miss", "/resources/leo-near-miss"],
)
def test_finds_the_name_in_the_address_of_a_page(raw: str) -> None:
    assert pasted_name(raw) == "leo-near-miss"


@pytest.mark.parametrize(
    "raw", ["", "abc", "two words", "b-r2345", "/s/podcasts/", "/r/bpr2345/x", "https://", "a" * 13, "😴" * 5, "é" * 7]
)
def test_finds_no_code_where_there_is_none(raw: str) -> None:
    assert pasted_name(raw) == ""


def test_says_a_time_in_hours_and_minutes() -> None:
    times = [in_hours(minutes) for minutes in (0, 1, 59, 60, 61, 130)]

    assert times == ["", "1 minute", "59 minutes", "1 hour", "1 hour 1 minute", "2 hours 10 minutes"]
