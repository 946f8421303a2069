"""Plain signs, names without their apostrophe, addresses, dates, and kinds: all search words are made anew."""

from django.db import migrations

from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("library", "0034_keys_with_routes")]

    operations = [
        RunSqlFile("library_fold"),
        RunSqlFile("library_words"),
        RunSqlFile("library_address_words"),
        RunSqlFile("library_settle_search"),
        RunSqlFile("library_note_resources"),
        migrations.RunSQL("SET LOCAL statement_timeout TO 0", migrations.RunSQL.noop),
        # Facets stay as they are. The row of the version is the queue: what is edited meanwhile comes after this.
        migrations.RunSQL(
            """
            UPDATE library_libraryversion SET number = number + 1;
            SET LOCAL enable_nestloop = off;
            SELECT library_settle_search(ARRAY(SELECT id FROM library_resource));
            SET LOCAL enable_nestloop = on;
            """,
            migrations.RunSQL.noop,
        ),
    ]
