"""When somebody answers: the hours of a week in a time zone, and whether now is one of them. No models."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Opening:
    """Whether somebody answers at a moment, and the moment (UTC) at which that changes: None for never."""

    is_open: bool
    changes_at: datetime | None = None


@dataclass(frozen=True)
class WeeklyHours:
    """The same hours on each day from one weekday to another: 1 is Monday, 7 is Sunday; from 6 to 1 is a weekend.

    Hours that do not end later than they begin end on the next day: 22:00 to 06:00, or all day from midnight.
    """

    first_day: int
    last_day: int
    opens_at: time
    closes_at: time
    time_zone: str

    def opening_at(self, now: datetime) -> Opening:
        """Open or closed at `now`, until when. Days that meet at midnight are one stretch."""
        stretches = list(self._stretches(now))
        until = now
        for start, end in stretches:
            if start <= until < end:
                until = end
        if until - now >= WEEK:
            return Opening(True)
        if until > now:
            return Opening(True, until)
        return Opening(False, min(start for start, _end in stretches if start > now))

    def _stretches(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Each day's hours in UTC, from yesterday's, which may not have ended, to those of the same day next week.

        UTC, because two times of one zone are compared by their clocks, which go back an hour in the fall.
        """
        zone = ZoneInfo(self.time_zone)
        today = now.astimezone(zone).date()
        length = (self.last_day - self.first_day) % 7
        for days in range(-1, 9):
            day = today + timedelta(days=days)
            if (day.isoweekday() - self.first_day) % 7 > length:
                continue
            last = day + timedelta(days=self.closes_at <= self.opens_at)
            yield (
                datetime.combine(day, self.opens_at, zone).astimezone(UTC),
                datetime.combine(last, self.closes_at, zone).astimezone(UTC),
            )
