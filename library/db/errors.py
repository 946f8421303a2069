"""What an error of the database means for the request that met it, and whether it takes anything at all."""

from django.db import InterfaceError, InternalError, OperationalError, connection

# PostgreSQL's code for a write where only reading is allowed: a standby, or a server in maintenance.
_READ_ONLY = "25006"


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database can't do this now and may be able to later: no connection, no time, no space, read-only."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "pgcode", None) == _READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)


def is_read_only() -> bool:
    """Whether the database takes nothing: a standby, or one in maintenance. Costs a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only')::boolean")
        return bool(cursor.fetchone()[0])
