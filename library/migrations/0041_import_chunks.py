"""Uploaded files move from `imports/` of DATA_DIR into the database. Those that still wait are taken along."""

from itertools import count
from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual

CHUNK_BYTES = 1_000_000
WAITING = ["checking", "checked", "importing"]
LOST = "The file was not found when the site was upgraded. Nothing was written. Upload it again."


def take_along(apps: Any, schema_editor: Any) -> None:
    """Copy each file that an import waits with; without its file, an import can't be read.

    The files stay where they are: this may run on a copy of the database, while another one still needs them.
    """
    folder = Path(settings.DATA_DIR) / "imports"
    imports = apps.get_model("library", "FileImport").objects
    chunks = apps.get_model("library", "ImportChunk").objects
    for file_import in imports.filter(state__in=WAITING):
        try:
            with (folder / file_import.stored).open("rb") as file:
                for number in count():
                    content = file.read(CHUNK_BYTES)
                    if not content:
                        break
                    chunks.create(file_import=file_import, number=number, content=content)
            imports.filter(pk=file_import.pk).update(has_file=True)
        except OSError:
            imports.filter(pk=file_import.pk).update(state="unreadable", message=LOST)
    schema_editor.connection.check_constraints()  # tables with checks to come can't be changed


def give_up(apps: Any, schema_editor: Any) -> None:
    """The release before looks for files that are not there."""
    apps.get_model("library", "FileImport").objects.filter(state__in=WAITING).update(state="unreadable", message=LOST)


class Migration(migrations.Migration):
    dependencies = [("library", "0040_encrypted_second_factors")]

    operations = [
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="library.fileimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a file",
                "verbose_name_plural": "parts of files",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("file_import", "number"), name="import_chunk_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            GreaterThan(Length("content"), 0), LessThanOrEqual(Length("content"), CHUNK_BYTES)
                        ),
                        name="import_chunk_size",
                    ),
                ],
            },
        ),
        migrations.AddField("fileimport", "has_file", models.BooleanField(default=False)),
        migrations.RemoveConstraint("fileimport", "file_import_waits_with_file"),
        migrations.RunPython(take_along, give_up),
        migrations.RemoveField("fileimport", "stored"),
        migrations.AddConstraint(
            "fileimport",
            models.CheckConstraint(
                condition=models.Q(("state__in", ["checking", "checked", "importing"]), _negated=True)
                | models.Q(("has_file", True)),
                name="file_import_waits_with_file",
                violation_error_message="What is to be imported has its file.",
            ),
        ),
    ]
