"""Files of resources that curators bring in: what is asked of each, how far it is, and what became of its rows.

The work itself is done apart from any request (`library.imports.worker`). Whoever does it holds `Lock.IMPORT_WORKER`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, BinaryIO

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from library.db.locks import Lock, is_wanted, try_transaction_lock
from library.db.timeouts import local_statement_timeout

from .resource import Resource

# A file that nobody says yes to is forgotten after a week; an import can be undone for a month.
DECIDE_WITHIN = timedelta(days=7)
UNDO_WITHIN = timedelta(days=30)
# So long a program may take to begin.
BEGIN_WITHIN = timedelta(seconds=20)
CHUNK_BYTES = 1_000_000
_FORGETTING = "10min"


def is_worker_running() -> bool:
    """Whether a program works on imports, or waits for its turn. Costs a query."""
    return is_wanted(Lock.IMPORT_WORKER)


class FileImportQuerySet(models.QuerySet["FileImport"]):
    def waiting(self) -> "FileImportQuerySet":
        """Those that somebody has asked something of, in the order in which they were asked; interrupted ones last."""
        return self.filter(state__in=FileImport.WORK).order_by("attempts", "requested_at", "pk")

    def undecided(self, now: datetime) -> "FileImportQuerySet":
        """Those whose file lies here, and nobody has said yes in time."""
        states = (FileImport.State.CHECKED, FileImport.State.CHECKING, FileImport.State.COLUMNS)
        return self.filter(state__in=states, uploaded_at__lte=now - DECIDE_WITHIN)

    def beyond_undoing(self, now: datetime) -> "FileImportQuerySet":
        """Those that are over for so long that nobody will look at their rows."""
        over = (FileImport.State.IMPORTED, FileImport.State.UNDONE, FileImport.State.UNREADABLE)
        return self.filter(state__in=over, requested_at__lte=now - UNDO_WITHIN)

    def purge(self, now: datetime) -> None:
        """Delete files that nobody has decided on, and rows that can no longer be undone.

        Nothing while somebody works on imports: the next hour will do.
        """
        with transaction.atomic():
            local_statement_timeout(_FORGETTING)  # an import may have very many rows
            if not try_transaction_lock(Lock.IMPORT_WORKER):
                return
            undecided = list(self.undecided(now).values_list("pk", flat=True))
            self.filter(pk__in=undecided).update(state=FileImport.State.FORGOTTEN, has_file=False)
            ImportChunk.objects.filter(file_import__in=undecided).delete()
            for over in (undecided, self.beyond_undoing(now)):
                ImportedRow.objects.filter(file_import__in=over).delete()

    def ask(self, pk: int, state: str, new: str, now: datetime, by: Any = None, **values: Any) -> bool:
        """Ask for the next step; False when the import has left `state` meanwhile. One statement."""
        fresh = {"rows_done": 0, "message": "", "requested_at": now, "requested_by": by}
        fresh |= {} if state == new else {"attempts": 0}
        return bool(self.filter(pk=pk, state=state).update(state=new, **fresh, **values))


class FileImport(models.Model):
    """One file of resources. The counts are those of its last check, or of the import itself."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        COLUMNS = "columns", _("Needs you: which column is what?")
        CHECKED = "checked", _("Checked; nothing written yet")
        IMPORTING = "importing", _("Being imported")
        IMPORTED = "imported", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        UNREADABLE = "unreadable", _("Can’t be read")
        FORGOTTEN = "forgotten", _("Deleted: not imported within a week")

    # The states in which something is to be done.
    WORK = (State.CHECKING, State.IMPORTING, State.UNDOING)

    name = models.CharField(_("file"), max_length=255)
    # Its bytes are in `ImportChunk`, none for an empty file; they go when nobody needs them any more.
    has_file = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        db_index=False,
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    create_missing = models.BooleanField(default=False)
    publish = models.BooleanField(default=False)
    skip_bad = models.BooleanField(default=False)
    # Whether an undo leaves out what stands in its way.
    undo_rest = models.BooleanField(default=False, db_default=False)
    # A `library.imports.column_plan.ColumnPlan`; empty before the first check, and where a file has no columns.
    columns = models.JSONField(default=dict, db_default={})
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKING)
    requested_at = models.DateTimeField(db_column="asked_at")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        db_index=False,
        db_column="asked_by_id",
    )
    # How many times the step that is asked for was begun.
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    bad = models.PositiveIntegerField(_("bad"), default=0)
    warnings = models.JSONField(default=list)
    # The numbers of the publishers and of the tags that it made: an undo takes them back.
    made_publishers = models.JSONField(default=list)
    made_tags = models.JSONField(default=list)
    message = models.TextField(blank=True)
    imported_at = models.DateTimeField(_("imported"), null=True)

    objects = FileImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "checking",
                        "columns",
                        "checked",
                        "importing",
                        "imported",
                        "undoing",
                        "undone",
                        "unreadable",
                        "forgotten",
                    ]
                ),
                name="file_import_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["imported", "undoing", "undone"], imported_at__isnull=False)
                | (~Q(state__in=["imported", "undoing", "undone"]) & Q(imported_at__isnull=True)),
                name="file_import_imported_with_moment",
                violation_error_message=_("A finished import needs the time it finished; any other has none."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checking", "columns", "checked", "importing"]) | Q(has_file=True),
                name="file_import_waits_with_file",
                violation_error_message=_("An import that’s waiting needs its file."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rows_read(self) -> int:
        """How many rows the file has, once it was checked."""
        return self.created + self.changed + self.unchanged + self.bad

    @property
    def undo_until(self) -> datetime | None:
        """The moment from which on an import stays; None for what is not, or no longer, in the library."""
        return self.imported_at + UNDO_WITHIN if self.imported_at and self.state == self.State.IMPORTED else None


class ImportChunkQuerySet(models.QuerySet["ImportChunk"]):
    def store(self, file_import: FileImport, parts: Iterable[bytes]) -> None:
        """Write a file that comes in parts of any size. Call it within a transaction."""
        number, rest = 0, b""
        for part in parts:
            rest += part
            while len(rest) >= CHUNK_BYTES:
                self.create(file_import=file_import, number=number, content=rest[:CHUNK_BYTES])
                number, rest = number + 1, rest[CHUNK_BYTES:]
        if rest:
            self.create(file_import=file_import, number=number, content=rest)

    def copy_to(self, file: BinaryIO) -> None:
        """Write the file that has these chunks. One of them is in memory at a time; a query for each."""
        chunks = self.order_by("number").values_list("content", flat=True)
        for number in count():
            content = chunks.filter(number=number).first()
            if content is None:
                return
            file.write(content)


class ImportChunk(models.Model):
    """A part of an uploaded file. In the database, so that every host has it, and so does a backup."""

    file_import = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = ImportChunkQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        default_permissions = ()
        constraints = [
            # Also the index for the chunks of a file, in their order.
            models.UniqueConstraint(fields=["file_import", "number"], name="import_chunk_once"),
            models.CheckConstraint(
                condition=Q(GreaterThan(Length("content"), 0), LessThanOrEqual(Length("content"), CHUNK_BYTES)),
                name="import_chunk_size",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class ImportedRow(models.Model):
    """What became of one row of a file: for people in `messages`, and in `before` and `mark` what an undo needs.

    Of a bad row, `before` has its cells by our columns.
    `mark` is what `library.imports.report` makes of the resource as the import left it; an edit since makes another.
    Of a dry run there is neither. The resource may be gone: a draft can be deleted.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changes an entry")
        SAME = "same", _("Already in the library")
        BAD = "bad", _("Bad")

    file_import = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=7, choices=Outcome)
    title = models.CharField(max_length=300, blank=True)
    resource = models.ForeignKey(
        Resource, on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False, db_constraint=False
    )
    details = models.JSONField(default=list, encoder=DjangoJSONEncoder, db_column="told")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    mark = models.CharField(max_length=32, blank=True)
    blocks_undo = models.BooleanField(default=False, db_column="stands_in_way")

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            # Also the index for the rows of an import, in their order.
            models.UniqueConstraint(fields=["file_import", "line"], name="imported_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["new", "changed", "same", "bad"]), name="imported_row_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(mark="") | Q(outcome__in=["new", "changed"], resource__isnull=False),
                name="imported_row_marked_with_resource",
                violation_error_message=_("Only what an import has written can be marked."),
            ),
        ]
        # For those of one outcome, in the order of the file.
        indexes = [models.Index(fields=["file_import", "outcome", "line"], name="imported_row_outcome")]

    def __str__(self) -> str:
        return f"{self.line}: {self.title}"
