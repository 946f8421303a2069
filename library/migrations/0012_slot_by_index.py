"""Many new resources at once get their bits soon, also in a library that was empty a moment ago."""

from django.db import migrations

from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0011_leave_link"),
    ]

    operations = [
        RunSqlFile("library_give_slot"),
    ]
