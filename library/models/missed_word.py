"""Words that readers searched for and that found nothing: the word and the day, and nothing else.

What may be counted at all is decided in `library.counting`; the bounds that hold whatever is written are here.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

SHORTEST, LONGEST = 3, 30
KEPT_DAYS = 90
# So many different words in a day: a flood fills no disk. Of many that come at the same moment, one or two more.
DAILY_LIMIT = 100

_COUNT = """
    WITH gone AS (DELETE FROM library_missedday WHERE day < %(kept_from)s)
    INSERT INTO library_missedday (day, word) SELECT %(day)s, %(word)s
    WHERE (SELECT count(*) FROM library_missedday WHERE day = %(day)s) < %(most)s
    ON CONFLICT DO NOTHING"""


class MissedDayQuerySet(models.QuerySet[Any]):
    def count_one(self, word: str, today: date) -> None:
        """Write down that the word found nothing today; once, however often it was typed."""
        values: dict[str, Any] = {"word": word, "day": today, "most": DAILY_LIMIT, "kept_from": first_kept_day(today)}
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, values)

    def forget(self, today: date) -> int:
        """Delete what is too old to be kept; how many rows that was."""
        return self.filter(day__lt=first_kept_day(today)).delete()[0]


def first_kept_day(today: date) -> date:
    return today - timedelta(days=KEPT_DAYS)


class MissedDay(models.Model):
    """On this day somebody searched for this word, and it found nothing."""

    # No number of its own: it would tell in which order words were typed.
    pk = models.CompositePrimaryKey("day", "word")
    day = models.DateField()
    word = models.CharField(max_length=LONGEST)

    objects = MissedDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of a word that found nothing")
        verbose_name_plural = _("days of words that found nothing")
        constraints = [
            models.CheckConstraint(condition=Q(word__regex=r"^[a-z]{3,30}$"), name="missed_day_word_form"),
        ]

    def __str__(self) -> str:
        return f"{self.word}, {self.day.isoformat()}"


class MissedWord(models.Model):
    """A word that found nothing on five different days or more: a view of the database, which shows no other word."""

    word = models.CharField(_("word"), max_length=LONGEST, primary_key=True)
    days = models.PositiveSmallIntegerField(
        _("days"), help_text=_("On so many different days of the last 90 it found nothing.")
    )
    last_day = models.DateField(_("last on"))

    class Meta:
        managed = False
        db_table = "library_missedword"
        default_permissions = ("view", "delete")
        verbose_name = _("word that found nothing")
        verbose_name_plural = _("words that found nothing")
        ordering = ("-days", "word")

    def __str__(self) -> str:
        return self.word
