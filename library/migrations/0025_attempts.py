"""A table for Django's database cache, in which attempts to sign in are counted for all processes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("library", "0024_owners")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE library_attempt (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX library_attempt_expires ON library_attempt (expires);
            """,
            "DROP TABLE library_attempt",
        )
    ]
