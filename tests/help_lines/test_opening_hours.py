"""Whether somebody answers now: over midnight, over the days of a week, and when clocks are changed."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from library.help_lines.opening_hours import Opening, WeeklyHours

NEW_YORK = ZoneInfo("America/New_York")
OFFICE = WeeklyHours(1, 5, time(9), time(17), "America/New_York")
NIGHTS = WeeklyHours(1, 7, time(22), time(6), "America/New_York")
SATURDAY_NIGHT = WeeklyHours(6, 6, time(22), time(6), "America/New_York")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026 by the clocks of New York; November 23 is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "opening"),
    [
        (OFFICE, at(23, 12), Opening(True, at(23, 17))),
        (OFFICE, at(23, 9), Opening(True, at(23, 17))),
        (OFFICE, at(23, 8, 59), Opening(False, at(23, 9))),
        (OFFICE, at(23, 17), Opening(False, at(24, 9))),
        (OFFICE, at(27, 18), Opening(False, at(30, 9))),
        (OFFICE, at(29, 23, 59), Opening(False, at(30, 9))),
        (NIGHTS, at(23, 23), Opening(True, at(24, 6))),
        (NIGHTS, at(23, 0), Opening(True, at(23, 6))),
        (NIGHTS, at(23, 6), Opening(False, at(23, 22))),
        (SATURDAY_NIGHT, at(22, 5, 59), Opening(True, at(22, 6))),
        (SATURDAY_NIGHT, at(22, 6), Opening(False, at(28, 22))),
        (SATURDAY_NIGHT, at(21, 5), Opening(False, at(21, 22))),
    ],
)
def test_is_open_from_its_first_minute_and_not_in_its_last(hours: WeeklyHours, now: datetime, opening: Opening) -> None:
    assert hours.opening_at(now) == opening


def test_days_may_go_over_the_end_of_the_week() -> None:
    weekend = WeeklyHours(6, 1, time(9), time(17), "America/New_York")

    assert weekend.opening_at(at(23, 12)) == Opening(True, at(23, 17))
    assert weekend.opening_at(at(24, 12)) == Opening(False, at(28, 9))


def test_whole_days_are_one_stretch_and_a_whole_week_never_ends() -> None:
    midnight = time(0)

    working_days = WeeklyHours(1, 5, midnight, midnight, "America/New_York")
    assert working_days.opening_at(at(23, 12)) == Opening(True, at(28, 0))
    assert working_days.opening_at(at(28, 0)) == Opening(False, at(30, 0))
    for hour in (0, 12, 23):
        assert WeeklyHours(1, 7, midnight, midnight, "America/New_York").opening_at(at(23, hour)) == Opening(True)


def test_the_day_is_that_of_its_own_zone() -> None:
    hawaii = WeeklyHours(7, 7, time(9), time(23), "Pacific/Honolulu")

    # Monday in New York, Sunday evening in Honolulu.
    assert hawaii.opening_at(at(23, 2)) == Opening(True, at(23, 4))


def test_a_night_in_which_clocks_are_changed_ends_by_the_clock() -> None:
    # Clocks go back on November 1 and forward on March 8.
    assert NIGHTS.opening_at(at(31, 23, month=10)) == Opening(True, datetime(2026, 11, 1, 11, tzinfo=UTC))
    assert NIGHTS.opening_at(at(7, 23, month=3)) == Opening(True, datetime(2026, 3, 8, 10, tzinfo=UTC))
    # The second half past one of that night is later than the first.
    early = WeeklyHours(7, 7, time(1, 15), time(1, 45), "America/New_York")
    assert early.opening_at(datetime(2026, 11, 1, 5, 30, tzinfo=UTC)).is_open
    assert not early.opening_at(datetime(2026, 11, 1, 6, 30, tzinfo=UTC)).is_open


def test_hours_that_a_clock_leaves_out_harm_nothing() -> None:
    skipped = WeeklyHours(7, 7, time(2, 15), time(2, 45), "America/New_York")

    assert skipped.opening_at(at(8, 1, month=3)).is_open is False
    assert skipped.opening_at(at(8, 12, month=3)).changes_at == at(15, 2, 15, month=3)
