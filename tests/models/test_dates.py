"""Dates as people write them, and what is no date."""

from datetime import date, time

from library.models.dates import read_date, read_serial_day, read_time

DAY = (date(2020, 2, 28), "day")
MONTH = (date(2020, 2, 1), "month")
UNDERSTOOD = {
    DAY: (
        "2020-02-28",
        "2020-2-28",
        "2020/02/28",
        "2/28/2020",
        "02/28/20",
        "2-28-2020",
        "February 28, 2020",
        "Feb. 28 2020",
        "feb 28th, 2020",
        "28 Feb 2020",
        "28-Feb-20",
        "Friday, February 28, 2020",
        "Fri 28 Feb 2020",
        "2/28/2020 0:00",
        "2/28/2020 12:00:00 AM",
        "2020-02-28T09:30:00Z",
        "2020-02-28 09:30:00+00:00",
    ),
    MONTH: (
        "2020-02",
        "2020-2",
        "2020/02",
        "02/2020",
        "Feb 2020",
        "February, 2020",
        "Feb-20",
        "Feb-2020",
        "  FEB  2020 ",
    ),
    (date(2020, 1, 1), "year"): ("2020", " 2020 "),
    (date(2020, 9, 3), "day"): ("Sept. 3, 2020", "Thurs, Sep 3, 2020"),
    (date(2021, 3, 2), "day"): ("3/2/2021",),
    (date(1999, 5, 1), "month"): ("May-99", "may 1999"),
}
NO_DATES = (
    "", "soon", "20", "Feb", "Feb 28", "2020-13", "2021-02-29", "28/2/2020", "13/2020", "Febru 2020", "mayday 2020",
    "2020-", "-2020", "２０２０", "2020-02-28 and more", "2020-02-28T", "12:00", "1" * 5, "9" * 5000, "0000",
    "2/28/202",
)  # fmt: skip


def test_dates_are_read_as_people_write_them() -> None:
    for expected, texts in UNDERSTOOD.items():
        for text in texts:
            assert (text, read_date(text)) == (text, expected)


def test_what_is_no_date_is_none() -> None:
    for text in NO_DATES:
        assert (text, read_date(text)) == (text, None)


def test_spreadsheets_count_days() -> None:
    assert read_serial_day("43889") == read_serial_day("43889.75") == date(2020, 2, 28)
    for text in ("2020", "438890", "43889.", "a", "-4388", "４３８８９"):
        assert read_serial_day(text) is None


def test_times_are_read_in_both_halves_of_the_day_and_numbers_alone_are_none() -> None:
    for text, read in (
        ("8:00 pm", time(20)),
        ("8pm", time(20)),
        ("8 P.M.", time(20)),
        ("12am", time(0)),
        ("12:05 pm", time(12, 5)),
        ("20:00", time(20)),
        ("20:00:30", time(20, 0, 30)),
        ("8.30 a.m.", time(8, 30)),
        ("noon", time(12)),
        (" Midnight ", time(0)),
    ):
        assert read_time(text) == read, text
    for text in ("", "8", "20", "24:00", "13pm", "0am", "8:60", "later", "8:00 xm", "8:00" * 40):
        assert read_time(text) is None, text
