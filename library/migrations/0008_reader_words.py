"""Labels that readers see, in plain American English: access, links, reasons of a report, when a help line is open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0007_guides_and_topics"),
    ]

    operations = [
        migrations.AlterField(
            model_name="helpline",
            name="anonymous",
            field=models.CharField(
                choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")],
                default="unknown",
                help_text="Choose “Yes” only if the provider says so publicly.",
                max_length=7,
                verbose_name="can callers stay anonymous?",
            ),
        ),
        migrations.AlterField(
            model_name="helpline",
            name="availability",
            field=models.CharField(
                choices=[("always", "Open 24/7"), ("weekly", "On the days and hours below"), ("unknown", "Unknown")],
                default="unknown",
                help_text="Readers see whether it’s open now. Unknown hours aren’t shown.",
                max_length=7,
                verbose_name="when it’s open",
            ),
        ),
        migrations.AlterField(
            model_name="readerreport",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("dead-link", "The link doesn’t work"),
                    ("wrong-link", "The link goes to the wrong place"),
                    ("wrong-fact", "Something is wrong or out of date"),
                    ("distressing", "It’s distressing and needs a content note"),
                    ("other", "Something else"),
                ],
                editable=False,
                max_length=12,
                verbose_name="what is wrong",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="access",
            field=models.CharField(
                choices=[
                    ("unchecked", "May need an account (not checked)"),
                    ("open", "No account needed"),
                    ("account", "Account required"),
                    ("agency-email", "Agency email or verified law enforcement account required"),
                ],
                default="unchecked",
                max_length=12,
                verbose_name="access",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="link_state",
            field=models.CharField(
                choices=[
                    ("unchecked", "Link not tested yet"),
                    ("alive", "Link works"),
                    ("moved", "Link redirects"),
                    ("unsure", "We couldn’t confirm this link"),
                    ("dead", "Link no longer works"),
                    ("changed", "Link now shows something else"),
                ],
                default="unchecked",
                max_length=10,
                verbose_name="link",
            ),
        ),
        migrations.AlterConstraint(
            model_name="helpline",
            name="help_line_weekly_hours_complete",
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
                violation_error_message="Enter both days, both hours, and the time zone, or choose “Unknown”.",
            ),
        ),
    ]
