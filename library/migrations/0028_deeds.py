"""Who did what: one row for each change of the library, beside the revisions of django-reversion."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("library", "0027_feed_episodes"),
        ("reversion", "0002_add_index_on_version_for_content_type_and_db"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deed",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="reversion.revision",
                        verbose_name="revision",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("deleted", "Deleted"),
                            ("restored", "Restored an older version"),
                            ("recovered", "Recovered after a deletion"),
                            ("imported", "Imported"),
                            ("moved", "Changed the order"),
                        ],
                        max_length=9,
                        verbose_name="what was done",
                    ),
                ),
                ("object_id", models.BigIntegerField(blank=True, null=True, verbose_name="number of the row")),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        help_text="Of the one row; empty where it was many.",
                        max_length=300,
                        verbose_name="name",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=1, verbose_name="how many")),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="contenttypes.contenttype",
                        verbose_name="to what",
                    ),
                ),
            ],
            options={
                "verbose_name": "deed",
                "verbose_name_plural": "deeds",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["about", "-revision"], name="deed_of_a_model"),
                    models.Index(condition=models.Q(("kind", "deleted")), fields=["-revision"], name="deed_deletions"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["added", "changed", "deleted", "restored", "recovered", "imported", "moved"])
                        ),
                        name="deed_kind_known",
                    )
                ],
            },
        ),
    ]
