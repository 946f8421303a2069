"""An import keeps others waiting for a second at most, whatever the planner believes of the rows that it has noted."""

from django.db import migrations

from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0021_undo_of_the_rest"),
    ]

    operations = [
        RunSqlFile("library_settle"),
    ]
