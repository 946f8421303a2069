"""What a backup says about itself."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.crypto import salted_hmac

from library.maintenance.errors import MaintenanceError
from library.maintenance.fingerprint import Fingerprint

FORMAT = 1
# The commit of the last version that upgrades libraries of any age.
LAST_WITH_ALL_MIGRATIONS = "5555c8e"
# Tables whose rows a backup leaves out: they're worthless after hours, or say who did what lately.
WITHOUT_ROWS = frozenset({"django_session", "library_attempt", "library_formmark", "library_trusteddevice"})


@dataclass(frozen=True)
class Locale:
    """How a database sorts and folds letters, as `pg_database` has it."""

    provider: str
    collate: str
    ctype: str
    name: str


@dataclass(frozen=True)
class Manifest:
    """`identity` is the moment at which the library's first table was made: it stays through every restore.

    `secret_key` is a mark of the secret key, from which it can't be found. `migrations` are the applied ones of the
    library itself. `pages` has the SHA-256 of some public pages as of `made_at`; it's empty where the backup wasn't
    tried, or code and database weren't of the same version.
    """

    made_at: str
    identity: str
    secret_key: str
    server: int
    client: int
    locale: Locale
    migrations: list[str]
    edit_number: int
    fingerprint: Fingerprint
    pages: dict[str, str]

    def to_json(self) -> bytes:
        return json.dumps({"format": FORMAT} | asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Raises MaintenanceError for a format of a later day, ValueError, TypeError or KeyError for no manifest."""
        data = json.loads(text)
        if data.pop("format") > FORMAT:
            raise MaintenanceError("This backup was made by a newer version of the library: update this one first.")
        tables = {name: (rows, md5) for name, (rows, md5) in data["fingerprint"]["tables"].items()}
        fingerprint = Fingerprint(**data["fingerprint"] | {"tables": tables})
        return cls(**data | {"locale": Locale(**data["locale"]), "fingerprint": fingerprint})


def locale_of(cursor: Any, database: str) -> Locale:
    # The columns have other names in other versions.
    cursor.execute("SELECT to_jsonb(d) FROM pg_database AS d WHERE datname = %s", [database])
    locale = cursor.fetchone()[0]
    locale = json.loads(locale) if isinstance(locale, str) else locale
    name = locale.get("datlocale") or locale.get("daticulocale") or ""
    return Locale(locale["datlocprovider"], locale["datcollate"], locale["datctype"], name)


def identity_of(cursor: Any) -> str:
    cursor.execute("SELECT min(applied) FROM django_migrations")
    return str(cursor.fetchone()[0].isoformat())


def secret_key_mark(identity: str) -> str:
    return salted_hmac("library.maintenance", identity, algorithm="sha256").hexdigest()


def edit_number_of(cursor: Any) -> int:
    """The number of the last edit; 0 in a library that is older than these numbers."""
    cursor.execute("SELECT to_regclass('public.library_libraryversion') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return 0
    cursor.execute("SELECT coalesce(max(number), 0) FROM public.library_libraryversion")
    return int(cursor.fetchone()[0])


def migrations_in(cursor: Any) -> list[str]:
    """The library's own migrations that a database has; none where it has no tables."""
    cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return []
    cursor.execute("SELECT name FROM public.django_migrations WHERE app = 'library' ORDER BY name")
    return [name for (name,) in cursor.fetchall()]


def unknown_migrations(applied: list[str]) -> list[str]:
    """Those of the library that this code doesn't have: a newer version has applied them.

    Other apps' aren't asked for: an app that is no longer used, or has merged its old migrations, leaves names behind.
    """
    loader = MigrationLoader(None)
    known = {name for app, name in loader.disk_migrations if app == "library"}
    for (app, _name), migration in loader.disk_migrations.items():
        known |= {name for _app, name in migration.replaces if app == "library"}
    return [name for name in applied if name not in known]


def missing_migrations(applied: list[str]) -> list[str]:
    """Those that this code has merged into others and no longer has alone, and that a library between them lacks.

    The first of them is done last in a new library: without it, nothing of an older version is there.
    """
    disk = MigrationLoader(None).disk_migrations
    merged = sorted(name for migration in disk.values() for app, name in migration.replaces if app == "library")
    is_of_older_version = bool(merged) and merged[0] in applied
    return [name for name in merged if name not in applied] if is_of_older_version else []


def is_up_to_date(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database has all the migrations of this code, and none besides."""
    with connection.cursor() as cursor:
        applied = migrations_in(cursor)
    if unknown_migrations(applied) or missing_migrations(applied):
        return False
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
