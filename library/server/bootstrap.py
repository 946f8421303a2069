"""What has to be in place before the site is served: database, groups, a curator, content, static files, a copy.

Everything may be repeated: what is there already is left alone.
"""

import hashlib
import inspect
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django import VERSION
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.env import folder_fault
from library.db.checks import missing_rights_refused, refuse_missing_limits, refuse_unfit_database, wait_for_database
from library.db.errors import is_read_only
from library.db.locks import Lock, session_lock
from library.db.pooling import POOL
from library.db.timeouts import statement_timeout
from library.help_lines.cards import help_lines_for_pages
from library.identity.current import identity_of_now
from library.maintenance.errors import MaintenanceError
from library.maintenance.upgrade import back_up_before_migrating, refuse_other_version
from library.media.storage import take_over_picture_files
from library.models import RateLimitCounter


def prepare() -> None:
    """Bring the database and the static files up to date; of several processes at once, one after the other.

    Leaves no connection open, so that the process may fork.
    """
    with foreign_folder_refused():
        _prepare()


@contextmanager
def foreign_folder_refused() -> Iterator[None]:
    """Raise CommandError where something in `DATA_DIR` can't be read or written, as what another user made there."""
    try:
        yield
    except OSError as error:
        if not (error.filename and Path(str(error.filename)).is_relative_to(settings.DATA_DIR)):
            raise
        raise CommandError(folder_fault(error)) from error


def _prepare() -> None:
    wait_for_database()
    if POOL in settings.DATABASES:
        wait_for_database(way=connections[POOL])
    try:
        refuse_unfit_database()
        refuse_missing_limits()
        # A migration over a large library may take longer than any request.
        with missing_rights_refused(), session_lock(Lock.BOOTSTRAP), statement_timeout(0):
            _refuse_other_version()
            if is_read_only():
                _refuse_to_migrate()
                print("The database is read-only: readers are served, but nothing can be saved.", flush=True)
            else:
                bring_up_to_date()
                _complete_content()
            collect_static_files()
            with identity_of_now():  # each leaves its copy
                help_lines_for_pages(timezone.now())
    finally:
        connections.close_all()


def _complete_content() -> None:
    call_command("make_groups", stdout=io.StringIO())
    call_command("ensure_curator")
    call_command("load_starting_content")
    take_over_pictures()
    RateLimitCounter.objects.purge(timezone.now())  # of the hours in which nothing ran


def _refuse_other_version() -> None:
    try:
        refuse_other_version()
    except MaintenanceError as error:
        raise CommandError(str(error)) from error


def _refuse_to_migrate() -> None:
    """Raises CommandError for a database that can't be migrated now, and has to be."""
    if waiting := _unapplied_migrations():
        raise CommandError(
            f"The database is read-only, but {waiting} migrations must be applied first: start the site once where it "
            "can write to the database."
        )


def take_over_pictures() -> None:
    """Copy into the database what an earlier version left in `DATA_DIR/media`, and say so once there is something."""
    folder = Path(settings.DATA_DIR) / "media"
    result = take_over_picture_files(folder)
    if result.taken:
        print(f"Pictures: copied {result.taken} from {folder} into the database. You can delete that folder once")
        print("every host runs this version.", flush=True)
    if result.left:
        print(f"Pictures: couldn't copy {', '.join(result.left)} from {folder}: damaged, or not readable.", flush=True)


def bring_up_to_date() -> None:
    """Bring the database up to date, with a backup of what it holds first. Raises CommandError.

    Django's checks of the code come before its first start on a database, and not before each.
    """
    if not _unapplied_migrations() and not _unrecorded_migrations():
        return
    try:
        if made := back_up_before_migrating():
            print(made, flush=True)
    except MaintenanceError as error:
        raise CommandError(str(error)) from error
    call_command("migrate", interactive=False, verbosity=0, skip_checks=False)


def collect_static_files() -> None:
    """Copy the static files to where they are served from, hashed and compressed, if any of them has changed."""
    root = Path(settings.STATIC_ROOT)
    mark = root.with_name(f"{root.name}.collected")
    current = _fingerprint()
    if mark.exists() and mark.read_text() == current and root.is_dir():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(current)


def _fingerprint() -> str:
    """A word that changes with any static file, and with what stores them."""
    storing = Path(inspect.getfile(storages["staticfiles"].__class__)).stat()
    digest = hashlib.sha256(f"{settings.STORAGES['staticfiles']} {VERSION} {storing.st_mtime_ns}\n".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            info = Path(storage.path(path)).stat()
            digest.update(f"{path} {info.st_size} {info.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _unrecorded_migrations() -> bool:
    """Whether a library has all migrations that this code has merged into others, and not yet the note of that.

    Without the note, a later version that forgets the former names would take it for a new library.
    """
    loader = MigrationExecutor(connection).loader
    return not loader.applied_migrations.keys() <= MigrationRecorder(connection).applied_migrations().keys()
