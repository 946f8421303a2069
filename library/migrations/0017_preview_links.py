"""Links by which somebody without an account sees an entry that is not published yet."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import library.models.preview_link


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0016_expiry"),
    ]

    operations = [
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nonce",
                    models.CharField(default=library.models.preview_link.new_nonce, editable=False, max_length=22),
                ),
                ("made_at", models.DateTimeField(verbose_name="made on")),
                ("until", models.DateTimeField(verbose_name="works until")),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "resource",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_link",
                        to="library.resource",
                        verbose_name="resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "preview link",
                "verbose_name_plural": "preview links",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("nonce",), name="preview_link_nonce_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("nonce__regex", "^[A-Za-z0-9_-]{22}$")), name="preview_link_nonce_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__gt", models.F("made_at")),
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("made_at"), "+", models.Value(datetime.timedelta(days=7))
                                ),
                            ),
                        ),
                        name="preview_link_ends",
                        violation_error_message="A preview link ends after seven days at the latest.",
                    ),
                ],
            },
        ),
    ]
