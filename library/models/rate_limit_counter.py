"""How often something was done of late, and nothing about who did it: what bounds the forms for readers.

A mark is a few letters that somebody else makes (`library.feedback.rate_limit`), and is deleted when its time is over.
"""

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

_TAKE = """
    INSERT INTO library_formmark (mark, number, until) VALUES (%s, 1, %s)
    ON CONFLICT (mark) DO UPDATE SET number = library_formmark.number + 1 WHERE library_formmark.number < %s
    RETURNING number"""


class RateLimitCounterQuerySet(models.QuerySet[Any]):
    def purge(self, now: datetime) -> None:
        """Delete those whose time is over."""
        self.filter(until__lte=now).delete()

    def hit(self, mark: str, limit: int, until: datetime) -> bool:
        """Count once more, in one statement that waits for others; False when `limit` is reached already."""
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [mark, until, limit])
            return cursor.fetchone() is not None


class RateLimitCounter(models.Model):
    """So many times until then: a form that was sent, the forms from one part of the network, all forms."""

    mark = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    until = models.DateTimeField()

    objects = RateLimitCounterQuerySet.as_manager()

    class Meta:
        db_table = "library_formmark"
        verbose_name = _("rate limit counter")
        verbose_name_plural = _("rate limit counters")
        constraints = [models.UniqueConstraint(fields=["mark"], name="form_mark_unique")]
        # For deleting what is over.
        indexes = [models.Index(fields=["until"], name="form_mark_until")]

    def __str__(self) -> str:
        return f"{self.mark}: {self.number}"
