"""Words that readers searched for and that found nothing: on which days, and from the fifth day on the word itself.

Until then a row holds a mark in place of the word: a keyed hash of word and day. Without the site's secret key nobody
can tell which word it stands for, nor which marks of different days belong together. Only when the word is typed again
can its earlier days be found.
What may be counted at all is decided in `library.usage.counts`; the bounds that hold whatever is written are here.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.accounts.encryption import keyed_hash
from library.db.arrays import array_of

SHORTEST_TERM, LONGEST_TERM = 3, 30
ZERO_RESULT_DAYS = 90
# On so many different days a word has to be missed before it is written down. The view has the same number.
SHOWN_FROM = 5
# So many different words in a day: a flood fills no disk. Of many that come at the same moment, one or two more.
DAILY_TERM_LIMIT = 100

_TYPED = "unnest(%(days)s::date[], %(marks)s::text[]) AS typed (day, mark)"
# Days that are over go, and with them words that have fewer than five days left: their marks stay.
_TIDY = """
    gone AS (DELETE FROM library_missedday WHERE day < %(kept_from)s RETURNING day),
    unsaid AS (
        UPDATE library_missedday SET word = NULL WHERE day >= %(kept_from)s AND word IN (
            SELECT word FROM library_missedday WHERE day >= %(kept_from)s AND word IS NOT NULL
            GROUP BY word HAVING count(DISTINCT day) < %(shown_from)s))"""
_PURGE = f"WITH {_TIDY} SELECT count(*) FROM gone"  # noqa: S608 - a part that stands above
# What is added is not yet among what is there.
_COUNT = f"""
    WITH {_TIDY}, added AS (
        INSERT INTO library_missedday (day, mark) SELECT %(today)s, %(mark)s
        WHERE (SELECT count(*) FROM library_missedday WHERE day = %(today)s) < %(most)s
        ON CONFLICT DO NOTHING RETURNING day)
    SELECT (SELECT count(*) FROM added)
        + (SELECT count(*) FROM library_missedday JOIN {_TYPED} USING (day, mark))"""  # noqa: S608 - parts from above
_WRITE_DOWN = f"""
    UPDATE library_missedday AS missed SET word = %(word)s FROM {_TYPED}
    WHERE missed.day = typed.day AND missed.mark = typed.mark AND missed.word IS NULL"""  # noqa: S608 - as above


class ZeroResultDayQuerySet(models.QuerySet[Any]):
    def count_one(self, word: str, today: date) -> None:
        """Count that the word found nothing today, once however often it was typed. On its fifth day write it down.

        Costs a query, and another one from the fifth day on.
        """
        days = [first_day_of_zero_results(today) + timedelta(number) for number in range(ZERO_RESULT_DAYS + 1)]
        marks = [mark_of(word, day) for day in days]
        values = _bounds(today) | {"days": array_of(days), "marks": array_of(marks)}
        values |= {"today": today, "mark": marks[-1], "most": DAILY_TERM_LIMIT}
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, values)
            if cursor.fetchone()[0] >= SHOWN_FROM:
                cursor.execute(_WRITE_DOWN, values | {"word": word})

    def purge(self, today: date) -> int:
        """Delete what is too old to be kept, and words that were missed on fewer than five of the days that are left.

        Returns how many rows were deleted.
        """
        with connection.cursor() as cursor:
            cursor.execute(_PURGE, _bounds(today))
            number: int = cursor.fetchone()[0]
        return number


def _bounds(today: date) -> dict[str, Any]:
    return {"kept_from": first_day_of_zero_results(today), "shown_from": SHOWN_FROM}


def first_day_of_zero_results(today: date) -> date:
    return today - timedelta(days=ZERO_RESULT_DAYS)


def mark_of(word: str, day: date) -> str:
    """What stands for this word on this day."""
    return keyed_hash("library.missed-words", f"{day.isoformat()} {word}")[:32]


class ZeroResultDay(models.Model):
    """On this day somebody searched for a word, and it found nothing."""

    # No number of its own: it would tell in which order words were typed.
    pk = models.CompositePrimaryKey("day", "mark")
    day = models.DateField()
    mark = models.CharField(max_length=32)
    word = models.CharField(max_length=LONGEST_TERM, null=True, blank=True)  # noqa: DJ001 - None: not known to anybody

    objects = ZeroResultDayQuerySet.as_manager()

    class Meta:
        db_table = "library_missedday"
        verbose_name = _("day of a word that found nothing")
        verbose_name_plural = _("days of words that found nothing")
        constraints = [
            models.CheckConstraint(condition=Q(mark__regex=r"^[0-9a-f]{32}$"), name="missed_day_mark_form"),
            models.CheckConstraint(
                condition=Q(word__isnull=True) | Q(word__regex=r"^[a-z]{3,30}$"), name="missed_day_word_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word or self.mark}, {self.day.isoformat()}"


class ZeroResultTerm(models.Model):
    """A word that found nothing on five different days or more: a view of the database, which shows no other word."""

    word = models.CharField(_("word"), max_length=LONGEST_TERM, primary_key=True)
    days = models.PositiveSmallIntegerField(_("days"), help_text=_("On how many of the last 90 days it found nothing."))
    last_day = models.DateField(_("last on"))

    class Meta:
        managed = False
        db_table = "library_missedword"
        default_permissions = ("view", "delete")
        verbose_name = _("search with no results")
        verbose_name_plural = _("searches with no results")
        ordering = ("-days", "word")

    def __str__(self) -> str:
        return self.word
