"""The picture that a resource may have. Kept pages end with a change of it, as with any other edit."""

import django.db.models.deletion
from django.db import migrations, models

NOTED = """
CREATE TRIGGER picture_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_picture
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
"""
NOT_NOTED = "DROP TRIGGER picture_version_noted ON library_picture;"


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0017_preview_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(editable=False, max_length=40)),
                ("width", models.PositiveSmallIntegerField(editable=False)),
                ("height", models.PositiveSmallIntegerField(editable=False)),
                ("alt", models.CharField(blank=True, max_length=300, verbose_name="what the picture shows")),
                ("decorative", models.BooleanField(default=False, verbose_name="it only decorates")),
                (
                    "resource",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="picture",
                        to="library.resource",
                        verbose_name="resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("name",), name="picture_name_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[a-z0-9]{4,12}-[0-9a-f]{16}\\.webp$")),
                        name="picture_name_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("height__gt", 0), ("width__gt", 0)), name="picture_size_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alt", ""), ("decorative", True)),
                            models.Q(("decorative", False), models.Q(("alt", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="picture_in_words_or_decorative",
                        violation_error_message="Say what the picture shows, or that it only decorates.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(NOTED, NOT_NOTED),
    ]
