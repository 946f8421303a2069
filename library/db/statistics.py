"""What PostgreSQL knows of the tables when it plans a statement."""

from django.db import connection, models


def analyze(*tables: type[models.Model]) -> None:
    """Have PostgreSQL count what these tables hold today.

    It does so by itself, but up to a minute after a job has filled them, and with `autovacuum` off never. Until then it
    takes a table of thousands of rows for one of a few, and reads all of it again for each row of another one.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(quote(table._meta.db_table) for table in tables)}")
