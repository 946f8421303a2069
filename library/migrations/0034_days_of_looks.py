"""No day on which somebody looked at an entry, a link or a help line is before there was a web."""

import datetime

from django.db import migrations, models

import library.models.days


def since_1990(model: str, field: str, name: str) -> migrations.AddConstraint:
    condition = models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__gte": datetime.date(1990, 1, 1)})
    message = "Enter a day from 1990 on."
    constraint = models.CheckConstraint(condition=condition, name=name, violation_error_message=message)
    return migrations.AddConstraint(model_name=model, constraint=constraint)


class Migration(migrations.Migration):
    dependencies = [("library", "0033_pictures_of_versions")]

    operations = [
        migrations.AlterField(
            model_name="helpline",
            name="verified_on",
            field=models.DateField(
                help_text="The day on which somebody last saw this number on a page of its owner, or dialed it.",
                validators=[library.models.days.validate_past_day],
                verbose_name="verified on",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="link_checked_on",
            field=models.DateField(
                blank=True,
                null=True,
                validators=[library.models.days.validate_past_day],
                verbose_name="link checked on",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="reviewed_on",
            field=models.DateField(
                blank=True,
                help_text="The day on which a curator last read this entry and the resource, and found both right.",
                null=True,
                validators=[library.models.days.validate_past_day],
                verbose_name="reviewed on",
            ),
        ),
        since_1990("helpline", "verified_on", "help_line_verified_since_1990"),
        since_1990("resource", "reviewed_on", "resource_reviewed_since_1990"),
        since_1990("resource", "link_checked_on", "resource_link_checked_since_1990"),
    ]
