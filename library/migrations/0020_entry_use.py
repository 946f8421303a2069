"""How often an entry was opened on a day, and nothing about who opened it. No trigger notes it: no page shows it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("library", "0019_file_imports")]

    operations = [
        migrations.CreateModel(
            name="EntryUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "resource_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "resource",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="library.resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of an entry",
                "verbose_name_plural": "uses of entries",
                "indexes": [models.Index(fields=["day"], name="entry_use_day")],
                "constraints": [
                    models.CheckConstraint(condition=Q(number__gte=1, number__lte=10_000), name="entry_use_number")
                ],
            },
        ),
    ]
