"""A help line says in data what its card says in words: when to use it, who answers, where, and when it is open."""

from django.db import migrations, models

# The words that say it without doubt. All others stay words, until a curator has looked.
KNOWN_HOURS = "UPDATE library_helpline SET availability = 'always' WHERE hours = '24/7'"


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0010_words_apart"),
    ]

    operations = [
        migrations.AddField(
            model_name="helpline",
            name="action",
            field=models.CharField(
                blank=True,
                help_text="E.g. “Talk to a fellow officer”. Empty: “Call or text 988”, from the numbers below.",
                max_length=80,
                verbose_name="heading: what to do",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="anonymous",
            field=models.CharField(
                choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
                default="unknown",
                help_text="“Yes” only where its owner says so in public.",
                max_length=7,
                verbose_name="may one stay anonymous",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="answered_by",
            field=models.CharField(
                blank=True,
                help_text="E.g. “Trained retired officers”. Empty: not known.",
                max_length=120,
                verbose_name="who answers",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="availability",
            field=models.CharField(
                choices=[
                    ("always", "At any hour of any day"),
                    ("weekly", "On the days and hours below"),
                    ("unknown", "Not known"),
                ],
                default="unknown",
                help_text="Readers are told whether it is open now. What is not known is not said.",
                max_length=7,
                verbose_name="when it is open",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="closes_at",
            field=models.TimeField(
                blank=True,
                help_text="E.g. 17:00. 22:00 to 06:00 ends on the next day.",
                null=True,
                verbose_name="closes at",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="first_day",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Monday"),
                    (2, "Tuesday"),
                    (3, "Wednesday"),
                    (4, "Thursday"),
                    (5, "Friday"),
                    (6, "Saturday"),
                    (7, "Sunday"),
                ],
                null=True,
                verbose_name="from",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="languages",
            field=models.CharField(
                blank=True,
                help_text="E.g. “English, Spanish”. Empty: not known.",
                max_length=120,
                verbose_name="languages",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="last_day",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Monday"),
                    (2, "Tuesday"),
                    (3, "Wednesday"),
                    (4, "Thursday"),
                    (5, "Friday"),
                    (6, "Saturday"),
                    (7, "Sunday"),
                ],
                null=True,
                verbose_name="to",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="opens_at",
            field=models.TimeField(blank=True, help_text="E.g. 09:00.", null=True, verbose_name="opens at"),
        ),
        migrations.AddField(
            model_name="helpline",
            name="place",
            field=models.CharField(
                blank=True,
                help_text="A place, e.g. “New Jersey”: the heading under which it stands. Empty: the whole country.",
                max_length=80,
                verbose_name="only for",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="reason",
            field=models.CharField(
                blank=True,
                help_text="Goes on behind “if”, e.g. “you cannot go on”. Empty: the heading is the name.",
                max_length=120,
                verbose_name="heading: if …",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="time_zone",
            field=models.CharField(
                blank=True,
                choices=[
                    ("America/New_York", "Eastern time"),
                    ("America/Chicago", "Central time"),
                    ("America/Denver", "Mountain time"),
                    ("America/Phoenix", "Arizona time"),
                    ("America/Los_Angeles", "Pacific time"),
                    ("America/Anchorage", "Alaska time"),
                    ("Pacific/Honolulu", "Hawaii time"),
                    ("America/Puerto_Rico", "Atlantic time"),
                    ("Pacific/Guam", "Guam time"),
                ],
                max_length=30,
                verbose_name="time zone",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="verified_by",
            field=models.CharField(
                blank=True,
                help_text="Only curators see this. With a new day and no new name, yours is filled in.",
                max_length=80,
                verbose_name="verified by",
            ),
        ),
        migrations.AlterField(
            model_name="helpline",
            name="hours",
            field=models.CharField(
                blank=True,
                help_text="As its owner says it, e.g. 24/7. Empty: in the words of the days and hours above.",
                max_length=60,
                verbose_name="hours in words",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action__regex", "[0-9]{3}"), _negated=True),
                    models.Q(("reason__regex", "[0-9]{3}"), _negated=True),
                ),
                name="help_line_heading_without_number",
                violation_error_message="Leave the number out of the heading's words: it comes from its own field.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), ("action", ""), _connector="OR"),
                name="help_line_action_has_a_reason",
                violation_error_message="Say in the heading when to use this line: “if …”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=models.Q(("availability__in", ["always", "weekly", "unknown"])),
                name="help_line_availability_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=models.Q(("anonymous__in", ["yes", "no", "unknown"])), name="help_line_anonymous_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "time_zone__in",
                        [
                            "",
                            "America/New_York",
                            "America/Chicago",
                            "America/Denver",
                            "America/Phoenix",
                            "America/Los_Angeles",
                            "America/Anchorage",
                            "Pacific/Honolulu",
                            "America/Puerto_Rico",
                            "Pacific/Guam",
                        ],
                    )
                ),
                name="help_line_time_zone_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_day__range", (1, 7)), ("last_day__range", (1, 7))),
                name="help_line_days_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("availability", "weekly"), _negated=True),
                    models.Q(
                        ("closes_at__isnull", False),
                        ("first_day__isnull", False),
                        ("last_day__isnull", False),
                        ("opens_at__isnull", False),
                        models.Q(("time_zone", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="help_line_weekly_hours_complete",
                violation_error_message="Give both days, both hours and the time zone, or choose “Not known”.",
            ),
        ),
        migrations.RunSQL(KNOWN_HOURS, migrations.RunSQL.noop),
    ]
