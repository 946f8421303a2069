"""Lists can be filtered by length: what is kept of resources whose running time is known is made anew."""

from django.db import migrations

from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0012_slot_by_index"),
    ]

    operations = [
        RunSqlFile("library_facets_of"),
        RunSqlFile("library_note_resources"),
        migrations.RunSQL("SET LOCAL statement_timeout TO 0", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            INSERT INTO library_change (transaction, noun, key, slot)
                SELECT txid_current(), 'resource', id, 0 FROM library_resource WHERE running_minutes IS NOT NULL;
            SELECT library_settle();
            """,
            migrations.RunSQL.noop,
        ),
    ]
