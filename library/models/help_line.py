"""The numbers that a person in crisis can use now. A wrong one harms someone: each has the day it was last verified."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.help_lines.opening_hours import Opening, WeeklyHours
from library.pages.markdown import digits_of

from .days import validate_past_day
from .help_line_rules import DAYS, HELP_LINE_CONSTRAINTS, Anonymous, Availability, TimeZone
from .joint_checks import CheckedAtOnce
from .web_address import WebAddressField

# So many days after it was verified, somebody has to look again.
REVIEW_DAYS = 90
# It keeps its place in the strip however long ago it was verified: something has to stand there.
NEVER_TAKEN_DOWN = "988"


def first_day_in_time(day: date) -> date:
    """The day since which a number must have been verified, to be verified in time on `day`."""
    return day - timedelta(days=REVIEW_DAYS)


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    def overdue(self, now: datetime) -> "HelpLineQuerySet":
        """Not verified in time, the longest ago first."""
        return self.filter(verified_on__lt=first_day_in_time(localdate(now))).order_by("verified_on", "position")

    def for_pages(self, day: date) -> "HelpLineQuerySet":
        """Those for a crisis by their places, before them those that may stand in the strip: they `lead`."""
        in_time = Q(verified_on__gte=first_day_in_time(day)) | Q(call_number=NEVER_TAKEN_DOWN)
        leads = ExpressionWrapper(Q(in_strip=True) & in_time, output_field=models.BooleanField())
        return self.filter(is_crisis=True).annotate(leads=leads).order_by("-leads", "position", "name")


class HelpLineManager(models.Manager.from_queryset(HelpLineQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, name: str) -> "HelpLine":
        line: HelpLine = self.get(name=name)
        return line


class HelpLine(CheckedAtOnce):
    """A number, text code or chat, who runs it, whom it is for, and when it was last verified."""

    name = models.CharField(_("name"), max_length=120)
    call_number = models.CharField(
        _("number to call"), max_length=40, blank=True, help_text=_("With hyphens: 1-800-267-5463.")
    )
    call_note = models.CharField(
        _("text after the number"),
        max_length=60,
        blank=True,
        help_text=_("E.g. “then press 1”, or the number in letters: “1-800-COPLINE”."),
    )
    text_number = models.CharField(_("number to text"), max_length=40, blank=True)
    text_word = models.CharField(
        _("word to text"), max_length=20, blank=True, help_text=_("E.g. HOME. Leave blank if any message works.")
    )
    tty_number = models.CharField(_("TTY number"), max_length=40, blank=True)
    chat_url = WebAddressField(_("chat web address"), blank=True)
    availability = models.CharField(
        _("when it’s open"),
        max_length=7,
        choices=Availability,
        default=Availability.UNKNOWN,
        help_text=_("Readers see whether it’s open now. Unknown hours aren’t shown."),
    )
    first_day = models.PositiveSmallIntegerField(_("from"), choices=DAYS, null=True, blank=True)
    last_day = models.PositiveSmallIntegerField(_("to"), choices=DAYS, null=True, blank=True)
    opens_at = models.TimeField(_("opens at"), null=True, blank=True, help_text=_("E.g. 09:00."))
    closes_at = models.TimeField(
        _("closes at"), null=True, blank=True, help_text=_("E.g. 17:00. 22:00 to 06:00 ends on the next day.")
    )
    time_zone = models.CharField(_("time zone"), max_length=30, choices=TimeZone, blank=True)
    hours = models.CharField(
        _("hours in words"),
        max_length=60,
        blank=True,
        help_text=_("As the provider says it, e.g. 24/7. Leave blank to use the days and hours above."),
    )
    action = models.CharField(
        _("what to do"),
        max_length=80,
        blank=True,
        help_text=_("E.g. “Talk to a fellow officer”. Leave blank for “Call or text”."),
    )
    reason = models.CharField(
        _("who should call"),
        max_length=120,
        blank=True,
        help_text=_(
            "Completes “Call if …”, e.g. “you’re worried about someone”. Leave blank to show only who it’s for."
        ),
    )
    answered_by = models.CharField(
        _("who answers"),
        max_length=120,
        blank=True,
        help_text=_("E.g. “Trained retired officers”. Leave blank if you don’t know."),
    )
    languages = models.CharField(
        _("languages"),
        max_length=120,
        blank=True,
        help_text=_("E.g. “English, Spanish”. Leave blank if you don’t know."),
    )
    anonymous = models.CharField(
        _("can callers stay anonymous?"),
        max_length=7,
        choices=Anonymous,
        default=Anonymous.UNKNOWN,
        help_text=_("Choose “Yes” only if the provider says so publicly."),
    )
    place = models.CharField(
        _("only for"),
        max_length=80,
        blank=True,
        help_text=_(
            "A place, e.g. “New Jersey”. Readers see it under that heading. Leave blank for the whole country."
        ),
    )
    audience = models.CharField(_("who it’s for"), max_length=200)
    search_words = models.CharField(
        _("search words"),
        max_length=200,
        blank=True,
        help_text=_("Other words people might search for. Its name, place, numbers, and audience already work."),
    )
    run_by = models.CharField(_("who runs it"), max_length=200, blank=True)
    url = WebAddressField(_("website"), blank=True)
    is_crisis = models.BooleanField(
        _("for a crisis"), default=True, help_text=_("Clear this for treatment-referral lines.")
    )
    in_strip = models.BooleanField(
        _("show in the top banner"),
        default=False,
        help_text=_(
            "Only for a 24/7 line that anyone in the country can use. If several qualify, the first in order is shown."
        ),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=100, help_text=_("Lower numbers appear first."))
    verified_on = models.DateField(
        _("verified on"),
        validators=[validate_past_day],
        help_text=_("The last day someone confirmed the number on the provider’s website or by calling."),
    )
    verified_by = models.CharField(
        _("verified by"),
        max_length=80,
        blank=True,
        help_text=_("Only curators see this. If you change the date but not the name, your name is filled in."),
    )
    source_url = WebAddressField(
        _("where you saw the number"), blank=True, help_text=_("Only curators see this and the notes.")
    )
    notes = models.TextField(_("notes for curators"), max_length=1000, blank=True)

    objects = HelpLineManager()

    class Meta:
        verbose_name = _("help line")
        verbose_name_plural = _("help lines")
        ordering = ("position", "name")
        constraints = HELP_LINE_CONSTRAINTS

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.name,)

    def opening_at(self, now: datetime) -> Opening | None:
        """Whether somebody answers at `now`; None where that is not known."""
        weekly = self._weekly_hours
        if weekly:
            return weekly.opening_at(now)
        return Opening(is_open=True) if self.availability == Availability.ALWAYS else None

    def is_verified_in_time(self, now: datetime) -> bool:
        return self.verified_on >= first_day_in_time(localdate(now))

    @property
    def invitation(self) -> str:
        """What to do, and when: “Call or text if …”; the numbers are on the buttons. Empty where nobody said when."""
        if not self.reason:
            return ""
        return gettext("%(action)s if %(reason)s") % {"action": self.action or self._first_way, "reason": self.reason}

    @property
    def _first_way(self) -> str:
        if self.call_number and self.text_number:
            return gettext("Call or text")
        if self.call_number:
            return gettext("Call")
        return gettext("Text") if self.text_number else gettext("Chat")

    @property
    def hours_in_words(self) -> str:
        """Its owner's words, else ours for the hours that are known; empty for none."""
        weekly = self._weekly_hours
        if self.hours or not weekly:
            return self.hours
        words = {
            "first": WEEKDAYS[weekly.first_day - 1],
            "last": WEEKDAYS[weekly.last_day - 1],
            "opens": time_format(weekly.opens_at, "TIME_FORMAT"),
            "closes": time_format(weekly.closes_at, "TIME_FORMAT"),
            "zone": TimeZone(weekly.time_zone).label,
        }
        if weekly.first_day == weekly.last_day:
            return gettext("%(first)s, %(opens)s to %(closes)s %(zone)s") % words
        return gettext("%(first)s to %(last)s, %(opens)s to %(closes)s %(zone)s") % words

    @property
    def _weekly_hours(self) -> WeeklyHours | None:
        if self.availability != Availability.WEEKLY or not self.first_day or not self.last_day:
            return None
        if self.opens_at is None or self.closes_at is None:
            return None
        return WeeklyHours(self.first_day, self.last_day, self.opens_at, self.closes_at, self.time_zone)

    @property
    def call_digits(self) -> str:
        return digits_of(self.call_number)

    @property
    def text_digits(self) -> str:
        return digits_of(self.text_number)

    @property
    def tty_digits(self) -> str:
        return digits_of(self.tty_number)
