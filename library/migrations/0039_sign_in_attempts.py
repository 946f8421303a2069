"""A table of our own for failed attempts to sign in. Counts of the former one are minutes old and not carried over."""

import importlib

from django.db import migrations, models

_FORMER = importlib.import_module("library.migrations.0025_attempts").Migration.operations[0]


class Migration(migrations.Migration):
    dependencies = [("library", "0038_import_attempts")]

    operations = [
        migrations.RunSQL(_FORMER.reverse_sql, _FORMER.sql),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("wait_until", models.DateTimeField(null=True)),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={"verbose_name": "attempt to sign in", "verbose_name_plural": "attempts to sign in"},
        ),
    ]
