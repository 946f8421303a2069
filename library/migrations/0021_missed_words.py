"""Words that found nothing, by day; and the view that shows a word only when that was so on five different days."""

from django.db import migrations, models
from django.db.models import Q

SHOWN = """
CREATE VIEW library_missedword AS
    SELECT word, count(*)::smallint AS days, max(day) AS last_day FROM library_missedday
    GROUP BY word HAVING count(*) >= 5"""
NOT_SHOWN = "DROP VIEW library_missedword"


class Migration(migrations.Migration):
    dependencies = [("library", "0020_entry_use")]

    operations = [
        migrations.CreateModel(
            name="MissedDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "word", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("word", models.CharField(max_length=30)),
            ],
            options={
                "verbose_name": "day of a word that found nothing",
                "verbose_name_plural": "days of words that found nothing",
                "constraints": [
                    models.CheckConstraint(condition=Q(word__regex="^[a-z]{3,30}$"), name="missed_day_word_form")
                ],
            },
        ),
        migrations.RunSQL(SHOWN, NOT_SHOWN),
        migrations.CreateModel(
            name="MissedWord",
            fields=[
                (
                    "word",
                    models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="word"),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        help_text="On so many different days of the last 90 it found nothing.", verbose_name="days"
                    ),
                ),
                ("last_day", models.DateField(verbose_name="last on")),
            ],
            options={
                "verbose_name": "word that found nothing",
                "verbose_name_plural": "words that found nothing",
                "db_table": "library_missedword",
                "ordering": ("-days", "word"),
                "managed": False,
                "default_permissions": ("view", "delete"),
            },
        ),
    ]
