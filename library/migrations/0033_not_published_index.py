"""Drafts and withdrawn entries are found without a look at what is published."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0032_save_to_archive"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                condition=models.Q(("state", "published"), _negated=True),
                fields=["state", "-id"],
                name="resource_not_published",
            ),
        ),
    ]
