"""Days of words that found nothing hold a keyed hash; the word itself stands there from its fifth day on.

The rows go to a new table, so that no page of the old one keeps a word. Those of words with fewer days keep their days,
as hashes.
"""

import hashlib
import hmac
from datetime import date
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

NOT_SHOWN = "DROP VIEW library_missedword"
SHOWN_BEFORE = """
CREATE VIEW library_missedword AS
    SELECT word, count(*)::smallint AS days, max(day) AS last_day FROM library_missedday
    GROUP BY word HAVING count(*) >= 5"""
SHOWN = """
CREATE VIEW library_missedword AS
    SELECT word, count(DISTINCT day)::smallint AS days, max(day) AS last_day FROM library_missedday
    WHERE word IS NOT NULL GROUP BY word HAVING count(DISTINCT day) >= 5"""
ASIDE = """
ALTER TABLE library_missedday RENAME TO library_missedday_before;
ALTER TABLE library_missedday_before RENAME CONSTRAINT library_missedday_pkey TO library_missedday_before_pkey;
ALTER TABLE library_missedday_before RENAME CONSTRAINT missed_day_word_form TO missed_day_before_word_form;"""
NOT_ASIDE = """
ALTER TABLE library_missedday_before RENAME CONSTRAINT library_missedday_before_pkey TO library_missedday_pkey;
ALTER TABLE library_missedday_before RENAME CONSTRAINT missed_day_before_word_form TO missed_day_word_form;
ALTER TABLE library_missedday_before RENAME TO library_missedday;"""
GONE = "DROP TABLE library_missedday_before"
NOT_GONE = """
CREATE TABLE library_missedday_before (
    day date NOT NULL, word varchar(30) NOT NULL,
    CONSTRAINT library_missedday_before_pkey PRIMARY KEY (day, word),
    CONSTRAINT missed_day_before_word_form CHECK (word ~ '^[a-z]{3,30}$'));
INSERT INTO library_missedday_before SELECT DISTINCT day, word FROM library_missedday WHERE word IS NOT NULL;"""

SAID_BEFORE = (
    "When you search the whole library for one single word and it finds nothing, the site writes down that word with "
    "the day, once a day however often it was searched, and nothing about who typed it; never a word that speaks of a "
    "crisis, never two words together, never a number. The people who keep this library see a word only after five "
    "different days, so that they know what is missing, and after 90 days it is deleted."
)
SAID = (
    "When you search the whole library for one single word and it finds nothing, the site counts that day for the "
    "word, once however often it was searched, and keeps nothing about who typed it. It never counts a word that "
    "speaks of a crisis, two words together, or a number. What it stores for the day is a scrambled mark: without the "
    "site’s secret key, nobody can find out which word it stands for. Only when the same word finds nothing on a fifth "
    "different day within 90 days does the site write the word down, so that the people who keep this library know "
    "what is missing. Each day is deleted after 90 days, and the word too once fewer than five are left."
)


def hash_words(apps: Any, schema_editor: Any) -> None:
    missed_day = apps.get_model("library", "MissedDay")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT day, word, count(*) OVER (PARTITION BY word) FROM library_missedday_before")
        rows = cursor.fetchall()
    missed_day.objects.bulk_create(
        missed_day(day=day, mark=mark_of(word, day), word=word if days >= 5 else None) for day, word, days in rows
    )


def mark_of(word: str, day: date) -> str:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"library.missed-words", hashlib.sha256)
    return hmac.new(key, f"{day.isoformat()} {word}".encode(), hashlib.sha256).hexdigest()[:32]


def say_so(apps: Any, schema_editor: Any) -> None:
    """On the privacy page, where its own sentences still stand."""
    replaced = {
        name: Replace(F(name), Value(SAID_BEFORE), Value(SAID), output_field=models.TextField())
        for name in ("body", "body_html")
    }
    apps.get_model("library", "Page").objects.filter(name="privacy", body__contains=SAID_BEFORE).update(**replaced)


class Migration(migrations.Migration):
    dependencies = [("library", "0036_picture_files")]

    operations = [
        migrations.RunSQL(NOT_SHOWN, SHOWN_BEFORE),
        migrations.RunSQL(ASIDE, NOT_ASIDE, state_operations=[migrations.DeleteModel("MissedDay")]),
        migrations.CreateModel(
            name="MissedDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "mark", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("mark", models.CharField(max_length=32)),
                ("word", models.CharField(blank=True, max_length=30, null=True)),
            ],
            options={
                "verbose_name": "day of a word that found nothing",
                "verbose_name_plural": "days of words that found nothing",
                "constraints": [
                    models.CheckConstraint(condition=Q(mark__regex="^[0-9a-f]{32}$"), name="missed_day_mark_form"),
                    models.CheckConstraint(
                        condition=Q(("word__isnull", True), ("word__regex", "^[a-z]{3,30}$"), _connector="OR"),
                        name="missed_day_word_form",
                    ),
                ],
            },
        ),
        migrations.RunPython(hash_words, migrations.RunPython.noop),
        migrations.RunSQL(GONE, NOT_GONE),
        migrations.RunSQL(SHOWN, NOT_SHOWN),
        migrations.RunPython(say_so, migrations.RunPython.noop),
    ]
