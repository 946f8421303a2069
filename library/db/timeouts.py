"""How long a statement may take: set for a connection, or until the end of a transaction.

What a connection begins with is `READER_OPTIONS` or `COMMAND_OPTIONS` of the settings.
"""

from django.db import connection


def set_statement_timeout(limit: str) -> None:
    """Set it for this connection, as "10s"; "0" is none, and "DEFAULT" what the connection began with.

    Locks get the same limit: that of a statement does not bound what the end of a transaction waits for.
    """
    value = limit if limit == "DEFAULT" else repr(limit)
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout TO {value}; SET lock_timeout TO {value}")


def set_local_statement_timeout(limit: str) -> None:
    """Set it, as "30min", until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO %s", [limit])
