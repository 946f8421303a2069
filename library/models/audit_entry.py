"""Who did what: one entry for each act, however many rows it changed, and a version of each of those rows.

Read by administrators. A baseline is no act: it holds versions of rows as they were found before the first change, or
after one that nobody recorded.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from .user import User

# Where `data` of a version of a resource has the name of its picture.
PICTURE_NAME = "data__fields__picture_file__name"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def acts(self) -> "AuditEntryQuerySet":
        """What was done; no baselines."""
        return self.exclude(kind=AuditEntry.Kind.BASELINE)

    def about(self, row: models.Model) -> "AuditEntryQuerySet":
        """What was done to this row alone; nothing is known of one whose key is a word."""
        if not isinstance(row.pk, int):
            return self.none()
        return self.filter(entity_type=ContentType.objects.get_for_model(row), object_id=row.pk)


class AuditEntry(models.Model):
    """What somebody did, when, to what, to how many, and in which words."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        RESTORED = "restored", _("Restored an older version")
        RECOVERED = "recovered", _("Recovered after a deletion")
        IMPORTED = "imported", _("Imported")
        MOVED = "moved", _("Changed the order")
        BASELINE = "baseline", _("As it was before the next change")

    created_at = models.DateTimeField(_("when"))
    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    kind = models.CharField(_("action"), max_length=9, choices=Kind)
    entity_type = models.ForeignKey(
        ContentType, verbose_name=_("item type"), on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    object_id = models.BigIntegerField(
        _("item ID"), null=True, help_text=_("For a single row; blank if there were several.")
    )
    subject = models.CharField(
        _("name"), max_length=300, blank=True, help_text=_("For a single row; blank if there were several.")
    )
    total = models.PositiveIntegerField(_("how many"), default=1)
    comment = models.TextField(_("comment"), blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-pk",)
        indexes = [
            # The list of one model, that of one person, and what was deleted.
            models.Index(fields=["entity_type", "-id"], name="audit_entry_of_a_model"),
            models.Index(fields=["user", "-id"], name="audit_entry_of_a_person"),
            models.Index(fields=["-id"], name="audit_entry_deletions", condition=Q(kind="deleted")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["added", "changed", "deleted", "restored", "recovered", "imported", "moved", "baseline"],
                ),
                name="audit_entry_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject or self.total}"


class Version(models.Model):
    """A row as it was after an act, or before it where that deleted it. `library.history.snapshot` reads `data`."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.CASCADE, related_name="versions")
    entity_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, db_index=False, related_name="+")
    object_id = models.BigIntegerField()
    label = models.TextField()
    data = models.JSONField()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        default_permissions = ()
        indexes = [
            # Which versions of resources had a picture of this name.
            models.Index(KT(PICTURE_NAME), name="version_picture", condition=Q(**{f"{PICTURE_NAME}__isnull": False})),
        ]
        constraints = [
            # By this one the versions of a row are found.
            models.UniqueConstraint(fields=["entity_type", "object_id", "entry"], name="version_once_in_an_entry"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def model(self) -> Any:
        """The model of its row."""
        return ContentType.objects.get_for_id(self.entity_type_id).model_class()
