"""What happens before the database is brought to a newer version: a backup, or a refusal."""

from django.conf import settings
from django.db import connection

from library.maintenance.backup import back_up, default_folder
from library.maintenance.errors import MaintenanceError
from library.maintenance.manifest import (
    LAST_WITH_ALL_MIGRATIONS,
    migrations_in,
    missing_migrations,
    unknown_migrations,
)


def refuse_other_version() -> None:
    """Raises MaintenanceError for a database of a newer version of the library, or of one that is much older."""
    with connection.cursor() as cursor:
        applied = migrations_in(cursor)
    if unknown := unknown_migrations(applied):
        raise MaintenanceError(
            f"The database was made by a newer version of the library, which has {unknown[-1]}: "
            "run that version, or restore a backup that this one made."
        )
    if missing := missing_migrations(applied):
        raise MaintenanceError(
            f"The database is of a version of the library before {missing[-1]}, which this one can't upgrade: "
            f"run the version {LAST_WITH_ALL_MIGRATIONS} once (git checkout {LAST_WITH_ALL_MIGRATIONS}), then this one."
        )


def back_up_before_migrating() -> str:
    """Back up a library that holds something; the sentence that says where to, "" where there was nothing to back up.

    Raises MaintenanceError when it can't be done. An upgrade that can't be taken back is worse for a small agency than
    one that waits for a look, so whoever starts the site stops there, unless BACKUP_BEFORE_UPGRADE says otherwise.
    """
    if not settings.BACKUP_BEFORE_UPGRADE or not _holds_something():
        return ""
    try:
        result = back_up(default_folder())
    except MaintenanceError as error:
        raise MaintenanceError(
            f"The database needs an upgrade, but the backup before it failed. {error} "
            "To upgrade without one, set BACKUP_BEFORE_UPGRADE=false."
        ) from error
    return f"Backed up before the upgrade: {result.path}"


def _holds_something() -> bool:
    """Whether there is anything to lose: an interrupted first start leaves tables without a row."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) & {"library_user", "library_resource"}
        for table in sorted(tables):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608 - one of the two names above
            if cursor.fetchone()[0]:
                return True
    return False
