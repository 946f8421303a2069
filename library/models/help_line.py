"""The numbers that a person in crisis can use now. A wrong one harms someone: each has the day it was last verified."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.text import digits_of

from .web_address import WebAddressField


class HelpLineManager(models.Manager["HelpLine"]):
    def get_by_natural_key(self, name: str) -> "HelpLine":
        return self.get(name=name)


class HelpLine(models.Model):
    """A number, text code or chat, who runs it, whom it is for, and when it was last verified."""

    name = models.CharField(_("name"), max_length=120)
    call_number = models.CharField(
        _("number to call"), max_length=40, blank=True, help_text=_("With hyphens: 1-800-267-5463.")
    )
    call_note = models.CharField(
        _("words behind the number"),
        max_length=60,
        blank=True,
        help_text=_("E.g. “then press 1”, or the number in letters: “1-800-COPLINE”."),
    )
    text_number = models.CharField(_("number to text"), max_length=40, blank=True)
    text_word = models.CharField(
        _("word to text"), max_length=20, blank=True, help_text=_("E.g. HOME. Empty: any words will do.")
    )
    tty_number = models.CharField(_("TTY number"), max_length=40, blank=True)
    chat_url = WebAddressField(_("address of the chat"), blank=True)
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    audience = models.CharField(_("whom it is for"), max_length=200)
    run_by = models.CharField(_("who runs it"), max_length=200, blank=True)
    url = WebAddressField(_("its website"), blank=True)
    is_crisis = models.BooleanField(
        _("for a crisis"), default=True, help_text=_("Off for a line that refers people to treatment.")
    )
    in_strip = models.BooleanField(
        _("in the strip at the top of every page"),
        default=False,
        help_text=_("Only a line that anyone in the country can use at any hour. The first one by place is shown."),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=100, help_text=_("Small numbers come first."))
    verified_on = models.DateField(
        _("verified on"),
        help_text=_("The day on which somebody last saw this number on a page of its owner, or dialed it."),
    )
    source_url = WebAddressField(
        _("where the number was seen"), blank=True, help_text=_("Only curators see this, and the notes.")
    )
    notes = models.TextField(_("notes for curators"), max_length=1000, blank=True)

    objects = HelpLineManager()

    class Meta:
        verbose_name = _("help line")
        verbose_name_plural = _("help lines")
        ordering = ("position", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="help_line_name_unique",
                violation_error_code="unique",
                violation_error_message=_("There is a help line of this name already."),
            ),
            models.CheckConstraint(
                condition=~Q(call_number="", text_number="", chat_url=""),
                name="help_line_can_be_reached",
                violation_error_message=_("Give a number to call, a number to text or a chat."),
            ),
            models.CheckConstraint(
                condition=Q(is_crisis=True) | Q(in_strip=False),
                name="help_line_in_strip_is_for_a_crisis",
                violation_error_message=_("Only a crisis line can stand at the top of every page."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.name,)

    @property
    def call_digits(self) -> str:
        return digits_of(self.call_number)

    @property
    def text_digits(self) -> str:
        return digits_of(self.text_number)

    @property
    def tty_digits(self) -> str:
        return digits_of(self.tty_number)
