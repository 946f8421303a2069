"""A saved resource gets its search words sooner: the order of their joins is given."""

from django.db import migrations

from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0016_facets_of_words"),
    ]

    operations = [
        RunSqlFile("library_settle_search"),
    ]
