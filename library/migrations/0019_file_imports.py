"""Files of resources that curators bring in, and what became of their rows."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0018_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, verbose_name="file")),
                ("stored", models.CharField(blank=True, max_length=60)),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
                ("create_missing", models.BooleanField(default=False)),
                ("publish", models.BooleanField(default=False)),
                ("skip_bad", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "Being checked"),
                            ("checked", "Checked, nothing written yet"),
                            ("importing", "Being imported"),
                            ("imported", "Imported"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("unreadable", "Cannot be read"),
                            ("forgotten", "Deleted: nobody imported it within a week"),
                        ],
                        default="checking",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("bad", models.PositiveIntegerField(default=0, verbose_name="bad")),
                ("warnings", models.JSONField(default=list)),
                ("message", models.TextField(blank=True)),
                ("imported_at", models.DateTimeField(null=True, verbose_name="imported")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changes an entry"),
                            ("same", "In the library already"),
                            ("bad", "Bad"),
                        ],
                        max_length=7,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300)),
                ("told", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("before", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("mark", models.CharField(blank=True, max_length=32)),
                ("stands_in_way", models.BooleanField(default=False)),
                (
                    "file_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="library.fileimport",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="library.resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported row",
                "verbose_name_plural": "imported rows",
            },
        ),
        migrations.AddConstraint(
            model_name="fileimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "checking",
                            "checked",
                            "importing",
                            "imported",
                            "undoing",
                            "undone",
                            "unreadable",
                            "forgotten",
                        ],
                    )
                ),
                name="file_import_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("imported_at__isnull", False), ("state__in", ["imported", "undoing", "undone"])),
                    models.Q(
                        models.Q(("state__in", ["imported", "undoing", "undone"]), _negated=True),
                        ("imported_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="file_import_imported_with_moment",
                violation_error_message="An import that was written has the moment of that; any other has none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["checking", "checked", "importing"]), _negated=True),
                    models.Q(("stored", ""), _negated=True),
                    _connector="OR",
                ),
                name="file_import_waits_with_file",
                violation_error_message="What is to be imported has its file.",
            ),
        ),
        migrations.AddIndex(
            model_name="importedrow",
            index=models.Index(fields=["file_import", "outcome", "line"], name="imported_row_outcome"),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.UniqueConstraint(fields=("file_import", "line"), name="imported_row_once"),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["new", "changed", "same", "bad"])),
                name="imported_row_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mark", ""),
                    models.Q(("outcome__in", ["new", "changed"]), ("resource__isnull", False)),
                    _connector="OR",
                ),
                name="imported_row_marked_with_resource",
                violation_error_message="Only what an import has written can be marked.",
            ),
        ),
    ]
