"""Who did what: one row for each change of the library, however many entries it touched. Read by administrators.

What the entries were before and after stands in the versions of its revision, which django-reversion keeps.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Deed(models.Model):
    """What somebody did, to what, and to how many. When, by whom and in which words, its revision says."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        RESTORED = "restored", _("Restored an older version")
        RECOVERED = "recovered", _("Recovered after a deletion")
        IMPORTED = "imported", _("Imported")
        MOVED = "moved", _("Changed the order")

    revision = models.OneToOneField(
        "reversion.Revision", verbose_name=_("revision"), on_delete=models.CASCADE, primary_key=True
    )
    kind = models.CharField(_("what was done"), max_length=9, choices=Kind)
    about = models.ForeignKey(ContentType, verbose_name=_("to what"), on_delete=models.CASCADE, db_index=False)
    object_id = models.BigIntegerField(_("number of the row"), null=True, blank=True)
    subject = models.CharField(
        _("name"), max_length=300, blank=True, help_text=_("Of the one row; empty where it was many.")
    )
    total = models.PositiveIntegerField(_("how many"), default=1)

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        ordering = ("-pk",)
        indexes = [
            # The list of one model, and what was deleted of it.
            models.Index(fields=["about", "-revision"], name="deed_of_a_model"),
            models.Index(fields=["-revision"], name="deed_deletions", condition=Q(kind="deleted")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["added", "changed", "deleted", "restored", "recovered", "imported", "moved"],
                ),
                name="deed_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject or self.total}"
