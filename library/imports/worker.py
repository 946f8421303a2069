"""What curators ask of their files, done apart from any request: the check, the import, the undoing.

One program at a time does it. Each step is one transaction, with the state that follows from it inside: killed in the
middle, it leaves everything as it was, and the import waits to be started again. `supervisor` gives each step a process
of its own.
"""

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext, ngettext

from library.db.arrays import one_of
from library.db.constraints import CONCURRENT_CHANGE, constraint_text
from library.db.locks import Lock, session_lock
from library.models import FileImport, ImportedRow, Resource
from library.server.programs import start_program

from .column_plan import ColumnPlan
from .importer import ImportResult, import_resources
from .readers import read_plan, read_rows
from .report import RowOutcome, compress_rows, find_unreviewed, insert_report, report_rows
from .rollback import undo
from .tables import UnreadableFile

State = FileImport.State
# Where an import goes back to when a step comes to nothing.
_BACK = {State.CHECKING: State.UNREADABLE, State.IMPORTING: State.CHECKED, State.UNDOING: State.IMPORTED}
# So many times a step is begun.
ATTEMPTS = 2
# PostgreSQL's codes of a statement beyond its time limit, and of locks that could not be had in time.
_TOO_LONG = {"57014", "55P03", "40P01"}


def start_worker() -> None:
    """Start the program that does what is asked; where it cannot be started, the page of the import says so."""
    start_program(settings.RUN_IMPORTS)


def take_step(file_import: FileImport, now: datetime) -> None:
    """Do what is asked of this import. What its file or the database refuses is written on the import."""
    step = {State.CHECKING: _check, State.IMPORTING: _write, State.UNDOING: _undo}[State(file_import.state)]
    try:
        step(file_import, now)
    except UnreadableFile as error:
        _mark_unreadable(file_import, str(error))
    except MemoryError:
        message = gettext(
            "This file takes too much memory. Nothing was written. Split it into smaller ones and try again."
        )
        revert_step(file_import, message)
    except (IntegrityError, DataError) as error:
        reason = constraint_text(error, Resource) or CONCURRENT_CHANGE
        message = gettext("Nothing was written, because the library’s rules don’t allow it. %(reason)s") % {
            "reason": reason
        }
        revert_step(file_import, message)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) not in _TOO_LONG:
            raise
        message = gettext("The database took too long, so nothing was written. Try again when the site is less busy.")
        revert_step(file_import, message)


def revert_step(file_import: FileImport, message: str) -> None:
    """Take a step that came to nothing off the list of what waits, unless it has ended after all."""
    back = _BACK[State(file_import.state)]
    if back == State.UNREADABLE:
        _mark_unreadable(file_import, message)
    else:
        _save(file_import, state=back, message=message)


def run_imports(clock: Callable[[], datetime], take: Callable[[FileImport, datetime], None] = take_step) -> int:
    """`take` every step that is asked for, one after the other; how many there were. Waits while another program does.

    A step that was interrupted is begun anew, but not for ever: it may be what ended the program.
    """
    steps = 0
    with session_lock(Lock.IMPORT_WORKER):
        while file_import := FileImport.objects.waiting().first():
            steps += 1
            _attempt(file_import, clock(), take)
    return steps


def _attempt(file_import: FileImport, now: datetime, take: Callable[[FileImport, datetime], None]) -> None:
    if file_import.attempts == ATTEMPTS:
        message = gettext(
            "Processing this file was interrupted twice, perhaps because the server lost power or ran out of memory."
            " Nothing was written. Try again; if it stops again, split the file into smaller ones."
        )
        revert_step(file_import, message)
        return
    _save(file_import, attempts=file_import.attempts + 1)
    try:
        take(file_import, now)
    except KeyboardInterrupt:  # somebody stops the site: that is not the file's fault
        _save(file_import, attempts=file_import.attempts)
        raise


def _check(file_import: FileImport, now: datetime, message: str = "", unseen: Collection[int] = ()) -> None:
    """A dry run, and when that has been taken back, its report. The lines `unseen` are marked in it.

    A file whose columns are not clear waits for somebody who says which is what.
    """
    if not file_import.columns and not _plan_columns(file_import):
        return
    report: list[bytes] = []
    result = _import(
        file_import,
        now,
        dry_run=True,
        on_batch=lambda batch: report.append(compress_rows(report_rows(batch, is_written=False))),
    )
    with transaction.atomic():
        ImportedRow.objects.filter(file_import=file_import).delete()
        for rows in report:
            insert_report(file_import.pk, rows, is_written=False)
        marked = ImportedRow.objects.filter(file_import=file_import, line__in=one_of(unseen, "bigint"))
        marked.update(blocks_undo=True)
        _save(file_import, state=State.CHECKED, message=message, **_counts(file_import, result))


def _plan_columns(file_import: FileImport) -> bool:
    """Write down what the columns seem to be; False where that is not enough to import any of it."""
    with _opened(file_import) as stream:
        plan = read_plan(stream, file_import.name)
    if plan is None:
        return True
    file_import.columns = asdict(plan)
    state = State.COLUMNS if plan.missing else State.CHECKING
    return _save(file_import, state=state, columns=file_import.columns) and not plan.missing


def _write(file_import: FileImport, now: datetime) -> None:
    """The import itself; the check once more, where rows are bad that were not, or replace what nobody has seen."""
    unseen: set[int] = set()

    def add_to_report(batch: Collection[RowOutcome]) -> None:
        rows = report_rows(batch, is_written=True)
        unseen.update(find_unreviewed(file_import.pk, rows))
        insert_report(file_import.pk, compress_rows(rows), is_written=True)

    with transaction.atomic():
        result = _import(file_import, now, skip_bad=file_import.skip_bad, on_batch=add_to_report)
        is_written = result.written and not unseen
        if is_written:
            made = {"made_publishers": result.made_publishers, "made_tags": result.made_tags}
            _save(
                file_import,
                state=State.IMPORTED,
                imported_at=now,
                has_file=False,
                **_counts(file_import, result),
                **made,
            )
            file_import.chunks.all().delete()
        transaction.set_rollback(not is_written)
    if is_written:
        return
    messages = (
        []
        if result.written
        else [gettext("Nothing was written: the library has changed, and some rows are now bad. Check again.")]
    )
    messages += [_edited_since(len(unseen))] if unseen else []
    _check(file_import, now, " ".join(messages), unseen)


def _edited_since(number: int) -> str:
    message = ngettext(
        "Nothing was written: since the check, someone edited %d entry this file would change. See what would change "
        "now, then import again.",
        "Nothing was written: since the check, someone edited %d entries this file would change. See what would "
        "change now, then import again.",
        number,
    )
    return message % number


def _undo(file_import: FileImport, now: datetime) -> None:
    with _progress_reporter(file_import) as report_progress, transaction.atomic():
        result = undo(file_import, now, file_import.requested_by, report_progress)
        state = State.IMPORTED if result.is_blocked or result.kept else State.UNDONE
        _save(file_import, state=state, message=str(result))


def _import(file_import: FileImport, now: datetime, **options: Any) -> ImportResult:
    plan = ColumnPlan.from_json(file_import.columns) if file_import.columns else None
    with _opened(file_import) as stream, _progress_reporter(file_import) as report_progress:
        return import_resources(
            read_rows(stream, file_import.name, plan),
            now=now,
            create_missing=file_import.create_missing,
            publish=file_import.publish,
            by=file_import.requested_by,
            message=gettext("From the file %s.") % file_import.name,
            on_progress=report_progress,
            **options,
        )


@contextmanager
def _opened(file_import: FileImport) -> Iterator[BinaryIO]:
    """Its bytes in a file of this machine: a spreadsheet is read here and there."""
    with tempfile.TemporaryFile() as stream:
        file_import.chunks.copy_to(stream)
        stream.seek(0)
        yield stream


@contextmanager
def _progress_reporter(file_import: FileImport) -> Iterator[Callable[[int], None]]:
    """What tells how many rows are done, by a second connection: what the first one writes, nobody sees yet."""
    with closing(connection.copy()) as other:

        def report_progress(rows: int) -> None:
            with other.cursor() as cursor:
                cursor.execute("UPDATE library_fileimport SET rows_done = %s WHERE id = %s", [rows, file_import.pk])

        yield report_progress


def _counts(file_import: FileImport, result: ImportResult) -> dict[str, Any]:
    return {
        "created": result.created,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "bad": result.bad_rows,
        "warnings": [*file_import.columns.get("notes", ()), *result.warnings],
    }


def _mark_unreadable(file_import: FileImport, message: str) -> None:
    """Of a file that cannot be read, only the reason stays."""
    with transaction.atomic():
        if _save(file_import, state=State.UNREADABLE, has_file=False, message=message):
            file_import.chunks.all().delete()


def _save(file_import: FileImport, **values: Any) -> bool:
    """Write these values; False where it has left the state in which it was taken up."""
    return bool(FileImport.objects.filter(pk=file_import.pk, state=file_import.state).update(**values))
