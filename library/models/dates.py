"""Dates and times as people and spreadsheets in the United States write them, dates as exactly as they are known."""

import re
from datetime import date, time, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = (
    "january february march april may june july august september october november december sept".split()  # noqa: SIM905
)
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
# The month comes first where only digits are written; so “3/2/2020” is the second of March.
_FORMS = [
    re.compile(form)
    for form in (
        r"(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})",
        r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})",
        r"(?P<month>[0-9]{1,2})[-/](?P<year>[0-9]{4})",
        r"(?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})[-/](?P<year>[0-9]{4}|[0-9]{2})",
        rf"{_MONTH},? (?P<year>[0-9]{{4}})",
        rf"{_MONTH}-(?P<year>[0-9]{{4}}|[0-9]{{2}})",
        rf"{_MONTH} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})",
        rf"(?P<day>[0-9]{{1,2}}) {_MONTH},? (?P<year>[0-9]{{4}})",
        rf"(?P<day>[0-9]{{1,2}})-{_MONTH}-(?P<year>[0-9]{{4}}|[0-9]{{2}})",
    )
]
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ")
_TIME = re.compile(r"(?:t| )[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)? ?(?:[ap]\.?m\.?|z|utc|[+-][0-9:]{4,6})?")
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?)?"
    r" ?(?:(?P<half>[ap])\.?m?\.?)?"
)
_NAMED_TIMES = {"noon": time(12), "midnight": time(0)}
_LONGEST = 60
# Spreadsheets read two digits of a year so: 29 is 2029, and 30 is 1930.
_CENTURY_ENDS = 30
# Spreadsheets count days from here. Five digits are no year; of more days, nobody has written about.
_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,12})?")


def read_date(text: str) -> tuple[date, str] | None:
    """The day, and its precision: “day”, “month” or “year”, whose first day it then is. None for what is no date.

    A time of day is left out: `2/28/2020 0:00`.
    """
    if len(text) > _LONGEST:
        return None
    words = " ".join(text.casefold().split())
    words = _WEEKDAY.sub("", words, count=1) if _WEEKDAY.match(words) else words
    if time := _TIME.search(words):
        words = words[: time.start()] if time.end() == len(words) else ""
    match = next(filter(None, (form.fullmatch(words) for form in _FORMS)), None)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        day = date(_year(parts["year"]), _month(parts.get("month") or "1"), int(parts.get("day") or 1))
    except ValueError:
        return None
    return day, "day" if parts.get("day") else "month" if parts.get("month") else "year"


def read_time(text: str) -> time | None:
    """The time of day: `8:00 pm`, `8pm`, `20:00`, `noon`. None for what is none, as for a number alone."""
    words = " ".join(text.casefold().split()) if len(text) <= _LONGEST else ""
    if words in _NAMED_TIMES:
        return _NAMED_TIMES[words]
    match = _CLOCK.fullmatch(words)
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return None


def read_serial_day(text: str) -> date | None:
    """The day that a spreadsheet means by a number of five digits, such as 43889; None for any other text."""
    return _DAY_ZERO + timedelta(days=int(text[:5])) if _SERIAL.fullmatch(text) else None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < _CENTURY_ENDS else 1900)


def _month(text: str) -> int:
    """Raises `ValueError` for a name that is no month’s."""
    if text.isdecimal():
        return int(text)
    return _MONTHS.index(text[:3]) + 1 if text in {*_MONTHS, *_NAMES} else _MONTHS.index(text)
