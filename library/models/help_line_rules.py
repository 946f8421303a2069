"""What may be said of a help line, and what the database itself holds of each."""

from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from .days import not_before_the_web

# As ISO 8601 counts them.
DAYS = [(number + 1, name) for number, name in WEEKDAYS.items()]


class Availability(models.TextChoices):
    """When somebody answers."""

    ALWAYS = "always", _("Open 24/7")
    WEEKLY = "weekly", _("On the days and hours below")
    UNKNOWN = "unknown", _("Unknown")


class Anonymous(models.TextChoices):
    """Whether a caller need not say who they are."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Unknown")


class TimeZone(models.TextChoices):
    """The zones of the United States by their IANA names, as people there call them."""

    EASTERN = "America/New_York", _("Eastern time")
    CENTRAL = "America/Chicago", _("Central time")
    MOUNTAIN = "America/Denver", _("Mountain time")
    ARIZONA = "America/Phoenix", _("Arizona time")
    PACIFIC = "America/Los_Angeles", _("Pacific time")
    ALASKA = "America/Anchorage", _("Alaska time")
    HAWAII = "Pacific/Honolulu", _("Hawaii time")
    PUERTO_RICO = "America/Puerto_Rico", _("Atlantic time")
    GUAM = "Pacific/Guam", _("Guam time")


_A_NUMBER = r"[0-9]{3}"

HELP_LINE_CONSTRAINTS: list[models.BaseConstraint] = [
    models.UniqueConstraint(
        fields=["name"],
        name="help_line_name_unique",
        violation_error_code="unique",
        violation_error_message=_("There’s already a help line with this name."),
    ),
    models.CheckConstraint(
        condition=~Q(call_number="", text_number="", chat_url=""),
        name="help_line_can_be_reached",
        violation_error_message=_("Enter a number to call, a number to text, or a chat."),
    ),
    models.CheckConstraint(
        condition=Q(is_crisis=True) | Q(in_strip=False),
        name="help_line_in_strip_is_for_a_crisis",
        violation_error_message=_("Only a crisis line can be in the top banner."),
    ),
    models.CheckConstraint(
        condition=Q(place="") | Q(in_strip=False),
        name="help_line_in_strip_is_for_every_place",
        violation_error_message=_("Only a line for the whole country can be in the top banner."),
    ),
    models.CheckConstraint(
        condition=Q(availability=Availability.ALWAYS.value) | Q(in_strip=False),
        name="help_line_in_strip_is_always_open",
        violation_error_message=_("Only a 24/7 line can be in the top banner."),
    ),
    models.CheckConstraint(
        condition=(~Q(call_number="", text_number="") & Q(call_note="", text_word="")) | Q(in_strip=False),
        name="help_line_in_strip_has_plain_numbers",
        violation_error_message=_("The top banner has room only for a number to call or text, with no extra text."),
    ),
    models.CheckConstraint(
        condition=~Q(action__regex=_A_NUMBER) & ~Q(reason__regex=_A_NUMBER),
        name="help_line_heading_without_number",
        violation_error_message=_("Leave the number out of these words. It’s on the card’s buttons."),
    ),
    models.CheckConstraint(
        condition=~Q(reason="") | Q(action=""),
        name="help_line_action_has_a_reason",
        violation_error_message=_("Say who should call this line."),
    ),
    not_before_the_web("verified_on", "help_line_verified_since_1990"),
    models.CheckConstraint(condition=Q(availability__in=Availability.values), name="help_line_availability_known"),
    models.CheckConstraint(condition=Q(anonymous__in=Anonymous.values), name="help_line_anonymous_known"),
    models.CheckConstraint(condition=Q(time_zone__in=["", *TimeZone.values]), name="help_line_time_zone_known"),
    models.CheckConstraint(
        condition=Q(first_day__range=(1, 7)) & Q(last_day__range=(1, 7)), name="help_line_days_known"
    ),
    models.CheckConstraint(
        condition=~Q(availability=Availability.WEEKLY.value)
        | (
            Q(first_day__isnull=False, last_day__isnull=False, opens_at__isnull=False, closes_at__isnull=False)
            & ~Q(time_zone="")
        ),
        name="help_line_weekly_hours_complete",
        violation_error_message=_("Enter both days, both hours, and the time zone, or choose “Unknown”."),
    ),
]
