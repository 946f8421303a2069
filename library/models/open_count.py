"""How often readers opened a resource from here: a number for each day, and nothing about who opened it or when."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .resource import Resource

DAILY_OPEN_LIMIT = 10_000
OPEN_COUNT_DAYS = 400
# Numbers of use are of so many whole days, and are told in whole tens: nobody can watch one reader's visit arrive.
WINDOW_DAYS = 28
OPEN_COUNT_STEP = 10

# One statement: what is too old goes, and one more is counted where readers may see the entry and the day has room.
_COUNT = """
    WITH gone AS (DELETE FROM library_entryuse WHERE day < %s)
    INSERT INTO library_entryuse (resource_id, day, number)
    SELECT id, %s, 1 FROM ({seen}) AS seen
    ON CONFLICT (resource_id, day) DO UPDATE SET number = library_entryuse.number + 1
    WHERE library_entryuse.number < %s"""


class OpenCountQuerySet(models.QuerySet[Any]):
    def count_one(self, ref: str, now: datetime) -> None:
        """Count that somebody opened the entry of this ref. Nothing, for one that readers cannot see."""
        today = timezone.localdate(now)
        seen, values = Resource.objects.published(now).filter(ref=ref).values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                _COUNT.format(seen=seen), [first_day_of_open_counts(today), today, *values, DAILY_OPEN_LIMIT]
            )

    def purge(self, today: date) -> int:
        """Delete what is too old to be kept; how many rows that was."""
        return self.filter(day__lt=first_day_of_open_counts(today)).delete()[0]

    def of_late(self, today: date) -> "OpenCountQuerySet":
        """The numbers of the last 28 whole days; today is not over yet."""
        return self.filter(day__gte=today - timedelta(days=WINDOW_DAYS), day__lt=today)

    def in_tens(self, resource: Resource, today: date) -> int:
        """How often the entry was opened of late, as `tens` tells it. Costs a query."""
        return tens(self.of_late(today).filter(resource=resource).aggregate(total=Sum("number"))["total"])

    def most_opened(self, today: date, limit: int) -> list[tuple[int, int]]:
        """Resource and number, in tens, of at most `limit` entries that were opened ten times or more. One query."""
        totals = self.of_late(today).values("resource").annotate(total=Sum("number")).filter(total__gte=OPEN_COUNT_STEP)
        # Of entries with the same tens the order says nothing more.
        rows = [(row["resource"], tens(row["total"])) for row in totals.order_by("-total", "resource")[:limit]]
        return sorted(rows, key=lambda pair: (-pair[1], pair[0]))


def first_day_of_open_counts(today: date) -> date:
    return today - timedelta(days=OPEN_COUNT_DAYS)


def tens(number: int | None) -> int:
    """`number` without what is less than ten: 0 means “fewer than 10”."""
    return (number or 0) // OPEN_COUNT_STEP * OPEN_COUNT_STEP


class OpenCount(models.Model):
    """On this day readers opened this resource from here so many times, as far as their browsers told."""

    # No number of its own: it would tell in which order things were opened.
    pk = models.CompositePrimaryKey("resource_id", "day")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="uses", db_index=False)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()

    objects = OpenCountQuerySet.as_manager()

    class Meta:
        db_table = "library_entryuse"
        verbose_name = _("open count")
        verbose_name_plural = _("open counts")
        # For the most opened ones, and for deleting what is old.
        indexes = [models.Index(fields=["day"], name="entry_use_day")]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=DAILY_OPEN_LIMIT), name="entry_use_number"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id}, {self.day.isoformat()}: {self.number}"
