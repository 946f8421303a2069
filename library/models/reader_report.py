"""What readers tell the curators: a problem, or a resource that is missing. Who told it is not known."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .joint_checks import CheckedAtOnce
from .resource import Resource
from .user import User
from .web_address import WebAddressField

WORDS_LIMIT = 1000
SUGGESTION_NAME_LIMIT = 300
# After it was closed. The privacy page says so.
REPORT_LIFETIME = timedelta(days=90)


class ReaderReportQuerySet(models.QuerySet[Any]):
    def open(self) -> "ReaderReportQuerySet":
        """Reports that no curator has closed yet."""
        return self.filter(state=ReaderReport.State.NEW)

    def close(self, state: str, by: User, now: datetime) -> int:
        """Close the open ones among these as `state` says; how many there were."""
        return self.open().update(state=state, closed_by=by, closed_at=now)

    def purge(self, now: datetime) -> None:
        """Delete those that were closed so long ago that nobody needs them any more."""
        self.filter(closed_at__lte=now - REPORT_LIFETIME).delete()


class ReaderReport(CheckedAtOnce):
    """A reader's words, the day on which they came, and what a curator made of them.

    Its entry is the one that has the problem, or that was made of the suggestion. It knows the day and not the hour: an
    hour could be put beside somebody else's record of who was on the web then.
    """

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("Problem")
        SUGGESTION = "suggestion", _("Suggestion")

    class Reason(models.TextChoices):
        DEAD_LINK = "dead-link", _("The link doesn’t work")
        WRONG_LINK = "wrong-link", _("The link goes to the wrong place")
        WRONG_FACT = "wrong-fact", _("Something is wrong or out of date")
        DISTRESSING = "distressing", _("It’s distressing and needs a content note")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", _("Open")
        DONE = "done", _("Done")
        DISMISSED = "dismissed", _("Dismissed")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    reason = models.CharField(_("what is wrong"), max_length=12, choices=Reason, blank=True, editable=False)
    resource = models.ForeignKey(
        Resource,
        verbose_name=_("entry"),
        on_delete=models.SET_NULL,
        related_name="reader_reports",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )
    address = WebAddressField(_("suggested address"), blank=True, editable=False)
    name = models.CharField(_("what it is"), max_length=SUGGESTION_NAME_LIMIT, blank=True, editable=False)
    words = models.CharField(_("the reader’s words"), max_length=WORDS_LIMIT, blank=True, editable=False)
    is_mailed = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Whether the owner of the entry has had an email about it."),
    )
    received_on = models.DateField(_("received on"), default=timezone.localdate, editable=False)

    state = models.CharField(
        _("state"),
        max_length=9,
        choices=State,
        default=State.NEW,
        help_text=_("Done: fixed. Dismissed: no action needed. The reader isn’t notified."),
    )
    note = models.TextField(
        _("note for curators"),
        max_length=1000,
        blank=True,
        help_text=_("What you found or did, e.g. “Moved; new address entered.” Readers never see this."),
    )
    closed_by = models.ForeignKey(
        User, verbose_name=_("closed by"), on_delete=models.SET_NULL, related_name="+", null=True, editable=False
    )
    closed_at = models.DateTimeField(_("closed on"), null=True, editable=False)

    objects = ReaderReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader report")
        verbose_name_plural = _("reader reports")
        # The open ones first, for “new” stands last in the alphabet; then the newest.
        ordering = ("-state", "-id")
        indexes = [
            # The curators' list, and how many are open.
            models.Index(fields=["-state", "-id"], name="reader_report_open_first"),
            # For the deletion of a resource.
            models.Index(fields=["resource"], name="reader_report_resource"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="problem", address="", name="") & ~Q(reason="")
                | Q(kind="suggestion", reason="") & ~Q(address=""),
                name="reader_report_of_one_kind",
                violation_error_message=_("A problem needs a reason; a suggestion needs an address."),
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["", "dead-link", "wrong-link", "wrong-fact", "distressing", "other"]),
                name="reader_report_reason_known",
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(words=""),
                name="reader_report_other_in_words",
                violation_error_message=_("Say in a few words what is wrong."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "done", "dismissed"]), name="reader_report_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="new", closed_at__isnull=True, closed_by__isnull=True)
                | ~Q(state="new") & Q(closed_at__isnull=False),
                name="reader_report_closed_with_moment",
                violation_error_message=_("A closed report needs the time it was closed; an open one has none."),
            ),
        ]

    def __str__(self) -> str:
        """Kind and number. Not the reader's words: the admin writes this into its history, and that is kept."""
        return f"{self.get_kind_display()} {self.pk}"

    def change_state(self, state: str, by: User, now: datetime) -> None:
        """Close or open it again, unsaved."""
        is_open = state == self.State.NEW
        self.state, self.closed_by, self.closed_at = state, None if is_open else by, None if is_open else now
