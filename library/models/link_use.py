"""What leads to a link besides the address of an entry: sounds, transcripts, series, publishers, and help lines."""

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .link import Link
from .web_address import WebAddressField


class LinkUseQuerySet(models.QuerySet["LinkUse"]):
    """Questions that can be asked of uses."""

    def of_resources(self) -> "LinkUseQuerySet":
        """Audio files and transcripts."""
        return self.filter(field__startswith="resource.")

    def except_help_lines(self) -> "LinkUseQuerySet":
        """Without those of help lines, which have tasks of their own at the desk."""
        return self.exclude(field__startswith="helpline.")


class LinkUse(models.Model):
    """An address in one field of one row, as link checks have taken it in: they keep this table, and nobody else.

    `word` is what readers are told of it, which counts only while the row still has this address; empty where there
    is nothing to tell. `since` is the day from which on it was true.
    """

    class Field(models.TextChoices):
        """Table and column. To have another one checked, add it here."""

        AUDIO = "resource.audio_url", _("Audio")
        TRANSCRIPT = "resource.transcript_url", _("Transcript")
        SERIES = "series.url", _("Series")
        PUBLISHER = "publisher.url", _("Publisher")
        HELP_LINE = "helpline.url", _("Help line")
        HELP_LINE_SOURCE = "helpline.source_url", _("Where a help line was verified")
        HELP_LINE_CHAT = "helpline.chat_url", _("Help line’s chat")

        @property
        def model(self) -> type[models.Model]:
            return apps.get_model("library", self.value.partition(".")[0])

        @property
        def column(self) -> str:
            return self.value.partition(".")[2]

    class Word(models.TextChoices):
        """Those of `Resource.LinkState` that keep a reader from opening it, or may."""

        UNSURE = "unsure", _("Hasn’t opened lately")
        BACK = "back", _("Opens again, but may have changed")
        DEAD = "dead", _("Gone")
        CHANGED = "changed", _("Shows something else")

    # What readers are sent to. Help lines have words of their own; a publisher’s site is in no page for readers.
    SHOWN = (Field.AUDIO, Field.TRANSCRIPT, Field.SERIES)

    field = models.CharField(max_length=30, choices=Field)
    object_id = models.BigIntegerField()
    address = WebAddressField(_("address"))
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="uses")
    word = models.CharField(max_length=10, choices=Word, blank=True)
    since = models.DateField(null=True, blank=True)

    objects = LinkUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a link")
        verbose_name_plural = _("uses of links")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["field", "object_id"], name="link_use_once"),
            models.CheckConstraint(
                condition=Q(word="", since__isnull=True) | (~Q(word="") & Q(since__isnull=False)),
                name="link_use_word_with_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.address}"
