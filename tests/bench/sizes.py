"""What the database takes on disk, and which index how much of it."""

from django.db import connection

_SIZES = """
    SELECT relname, pg_relation_size(oid), relkind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') ORDER BY 2 DESC LIMIT 14
"""


def measure() -> None:
    """Print the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        whole = cursor.fetchone()[0]
        cursor.execute(_SIZES)
        print(f"\nDatabase: {whole / 1e6:,.0f} MB\n\n| table or index | MB | share |\n|---|---|---|")
        for name, size, kind in cursor.fetchall():
            print(f"| {name}{' (index)' if kind == 'i' else ''} | {size / 1e6:,.0f} | {size / whole:.0%} |")
