"""Who looks after a resource, and the two rights that no model of Django's own has."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0023_weekly_mail")]

    operations = [
        migrations.AlterModelOptions(
            name="resource",
            options={
                "base_manager_name": "objects",
                "permissions": [
                    ("publish_resource", "Can publish and withdraw resources and sections"),
                    ("edit_every_resource", "Can change resources that are not their own drafts"),
                ],
                "verbose_name": "resource",
                "verbose_name_plural": "resources",
            },
        ),
        migrations.AddField(
            model_name="resource",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who looks after it. Authors change only drafts of their own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="whose it is",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["owner", "-id"], name="resource_owner", condition=models.Q(owner__isnull=False)),
        ),
    ]
