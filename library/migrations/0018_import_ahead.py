"""An import works off what it adds before it locks what every edit needs."""

from django.db import migrations, models

from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0017_search_words_in_order"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="libraryversion", name="names_changed", field=models.BigIntegerField(default=0)
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE library_libraryversion"
                    " ADD COLUMN IF NOT EXISTS names_changed bigint NOT NULL DEFAULT 0",
                    "ALTER TABLE library_libraryversion DROP COLUMN names_changed",
                )
            ],
        ),
        RunSqlFile("library_bits_of"),
        RunSqlFile("library_settle_facets"),
        RunSqlFile("library_settle"),
        RunSqlFile("library_note_resources"),
        RunSqlFile("library_give_slot"),
    ]
