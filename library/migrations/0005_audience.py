"""Whom a resource is for, its language and country; and which of two of one date leads anywhere."""

from django.db import migrations, models

import library.models.resource.facts
from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0004_model_names"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="resource",
            name="resource_newest_listed",
        ),
        migrations.RemoveIndex(
            model_name="resource",
            name="resource_section_newest_listed",
        ),
        migrations.AddField(
            model_name="resource",
            name="audience",
            field=library.models.resource.facts.AudienceField(
                blank=True,
                default=list,
                help_text="Who it’s made for, if its page says so.",
                size=None,
                verbose_name="audience",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="country",
            field=models.CharField(
                blank=True,
                choices=[
                    ("AU", "Australia"),
                    ("CA", "Canada"),
                    ("IE", "Ireland"),
                    ("NZ", "New Zealand"),
                    ("GB", "United Kingdom"),
                    ("US", "United States"),
                ],
                help_text="Whose laws and services it covers.",
                max_length=2,
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="has_link",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(
                    models.Q(("audio_url", ""), ("transcript_url", ""), ("url", ""), _negated=True),
                    models.BooleanField(),
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("es", "Spanish"), ("fr", "French")],
                max_length=2,
                verbose_name="language",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                models.OrderBy(models.F("published_on"), descending=True, nulls_last=True),
                models.OrderBy(models.F("has_link"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "published")),
                include=("listed_at", "expires_at"),
                name="resource_newest_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                models.F("section"),
                models.OrderBy(models.F("published_on"), descending=True, nulls_last=True),
                models.OrderBy(models.F("has_link"), descending=True),
                models.F("position"),
                condition=models.Q(("state", "published")),
                include=("id", "listed_at", "expires_at"),
                name="resource_section_newest_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "audience__contained_by",
                        [
                            "officer",
                            "family",
                            "dispatcher",
                            "supervisor",
                            "chief",
                            "peer-supporter",
                            "retired",
                            "chaplain",
                            "clinician",
                        ],
                    )
                ),
                name="resource_audience_known",
                violation_error_message="Choose from the list of audiences.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "en", "es", "fr"])), name="resource_language_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__in", ["", "AU", "CA", "IE", "NZ", "GB", "US"])),
                name="resource_country_known",
            ),
        ),
        RunSqlFile("library_facets_of"),
        RunSqlFile("library_note_resources"),
    ]
