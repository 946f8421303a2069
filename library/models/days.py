"""Dates as people read them; and days of a check: none is in the future, and none is before there was a web."""

from datetime import date, timedelta
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import formats
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FIRST_DAY = date(1990, 1, 1)
FIRST_PUBLISHED = date(1900, 1, 1)

_TOO_EARLY = _("Enter a date in 1990 or later.")


def validate_past_day(day: date) -> None:
    """Refuse what no day of a look can be. That it is not still to come, the database cannot hold: its rules last."""
    if day > localdate():
        raise ValidationError(_("That date is in the future. Enter today, or the day someone checked."))
    if day < FIRST_DAY:
        raise ValidationError(_TOO_EARLY)


def is_published_day(day: date) -> bool:
    """Whether `validate_published_day` takes it."""
    return FIRST_PUBLISHED <= day <= localdate() + timedelta(days=1)


def validate_published_day(day: date) -> None:
    """Refuse what nobody can have published yet; tomorrow is today somewhere."""
    if day > localdate() + timedelta(days=1):
        raise ValidationError(_("That date is in the future. Enter the day it was published."))
    if day < FIRST_PUBLISHED:
        raise ValidationError(_("Enter a year from 1900 on."))


def not_before_the_web(field: str, name: str) -> models.CheckConstraint:
    """The part of it that the database holds."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": FIRST_DAY}),
        name=name,
        violation_error_message=_TOO_EARLY,
    )


def date_label(day: date, precision: str) -> str:
    """`day` in words, as exactly as `precision` (year, month, day) says it is known."""
    return _date_label(day, precision, get_language() or "")


@lru_cache(maxsize=10_000)
def _date_label(day: date, precision: str, _language: str) -> str:
    pattern = {"year": "Y", "month": "YEAR_MONTH_FORMAT", "day": "DATE_FORMAT"}[precision]
    return formats.date_format(day, pattern)
