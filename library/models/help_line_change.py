"""A change of a help line, kept until a second person has looked at it: a wrong number harms someone.

What readers see stays as it is until then. What was proposed, who decided it and, where nobody else was there, why it
was published alone, is kept for good.
"""

from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .help_line import HelpLine
from .joint_checks import CheckedAtOnce
from .user import User

REASON_LIMIT = 500


class HelpLineChangeQuerySet(models.QuerySet["HelpLineChange"]):
    def open(self) -> "HelpLineChangeQuerySet":
        """Changes that nobody has decided yet."""
        return self.filter(state=HelpLineChange.State.OPEN)


class HelpLineChange(CheckedAtOnce):
    """What one person wants a help line to say, and what another one made of it."""

    class Kind(models.TextChoices):
        ADD = "add", _("New line")
        CHANGE = "change", _("Change")
        REMOVE = "remove", _("Removal")

    class State(models.TextChoices):
        OPEN = "open", _("Needs approval")
        APPROVED = "approved", _("Approved by a second person")
        ALONE = "alone", _("Published without a second person")
        DROPPED = "dropped", _("Dropped")

    kind = models.CharField(_("what"), max_length=6, choices=Kind, editable=False)
    line = models.ForeignKey(
        HelpLine,
        verbose_name=_("help line"),
        on_delete=models.SET_NULL,
        related_name="changes",
        null=True,
        editable=False,
        db_index=False,
    )
    name = models.CharField(_("help line"), max_length=120, editable=False)
    # By the names of the fields. What the whole line said: when this was proposed, and once it is decided, until then.
    values = models.JSONField(_("new"), default=dict, editable=False, encoder=DjangoJSONEncoder)
    former = models.JSONField(_("before"), default=dict, editable=False, encoder=DjangoJSONEncoder)
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField(_("proposed on"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN, editable=False)
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, editable=False)
    reason = models.CharField(
        _("why no second person approved it"), max_length=REASON_LIMIT, blank=True, editable=False
    )

    objects = HelpLineChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("help line change")
        verbose_name_plural = _("help line changes")
        ordering = ("-id",)
        permissions = [("approve_helplinechange", _("Can approve changes of help lines that others proposed"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("proposed_by")),
                name="help_line_change_second_person",
                violation_error_message=_("You can’t approve a change you proposed."),
            ),
            models.CheckConstraint(
                condition=Q(state="alone", decided_by=F("proposed_by")) & ~Q(reason="")
                | ~Q(state="alone") & Q(reason=""),
                name="help_line_change_alone_with_reason",
                violation_error_message=_("Say why no one else could check it."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="help_line_change_decided_by_somebody",
                violation_error_message=_("A decided change needs who decided it, and when."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "approved", "alone", "dropped"]), name="help_line_change_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["add", "change", "remove"]), name="help_line_change_kind_known"
            ),
            # Also the index by which the changes of a line are found when it goes.
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state="open"),
                name="help_line_change_one_at_a_time",
                violation_error_message=_("This line already has a change waiting. Decide that one first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    def decide(self, state: str, by: User, now: datetime, reason: str = "") -> None:
        """Write down what became of it."""
        self.state, self.decided_by, self.decided_at, self.reason = state, by, now, reason
