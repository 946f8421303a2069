"""Slugs that filters had before: their addresses show the lists of today."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0029_who_asked_for_an_import"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facet", models.CharField(max_length=9, verbose_name="filter")),
                ("slug", models.CharField(max_length=100, verbose_name="older address name")),
                ("name", models.CharField(max_length=200, verbose_name="older name")),
                ("was", models.BigIntegerField(verbose_name="number of the row that had it")),
                ("leads_to", models.BigIntegerField(verbose_name="number of the row that it leads to")),
            ],
            options={
                "verbose_name": "older filter address",
                "verbose_name_plural": "older filter addresses",
                "indexes": [
                    models.Index(fields=["facet", "was"], name="former_value_was"),
                    models.Index(fields=["facet", "leads_to"], name="former_value_leads_to"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facet", "slug"),
                        name="former_value_unique",
                        violation_error_message="This older filter address leads somewhere already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("facet__in", ["category", "tag", "publisher"])),
                        name="former_value_facet_known",
                        violation_error_message="Only categories, tags and publishers have older filter addresses.",
                    ),
                ],
            },
        ),
    ]
