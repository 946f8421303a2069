"""Dates and times in forms, as people write them. A date without a time is its midnight, in the zone of the site."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.models.dates import read_date, read_time

_NO_DATE = _("Enter a date like 2/28/2020, Feb 28, 2020, or 2020-02-28.")
_NO_TIME = _("Enter a time like 8:00 pm or 20:00.")


class DayField(forms.DateField):
    """A whole day: a month or a year alone is none."""

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip():
            read = read_date(value)
            if read is None or read[1] != "day":
                raise ValidationError(_NO_DATE, code="invalid")
            return read[0]
        return super().to_python(value)


class PublishedField(forms.DateField):
    """The first day of a month or a year that is written alone, too: `precision_of` says which it was."""

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip():
            read = read_date(value)
            if read is None:
                text = _("Enter a date as exactly as you know it: 2020, Feb 2020, or 2/28/2020.")
                raise ValidationError(text, code="invalid")
            return read[0]
        return super().to_python(value)


def precision_of(text: str) -> str:
    """How exactly a date was written: “day”, “month” or “year”; empty for what is no date."""
    read = read_date(text)
    return read[1] if read else ""


class TimeField(forms.TimeField):
    """A time of day."""

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str) and value.strip():
            read = read_time(value)
            if read is None:
                raise ValidationError(_NO_TIME, code="invalid")
            return read
        return super().to_python(value)


class MomentWidget(AdminSplitDateTime):
    """A date and a time, with the zone in which both are meant."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["time_label"] = gettext("Time (%s):") % timezone.get_current_timezone_name()
        return context


class MomentField(forms.SplitDateTimeField):
    """A date and a time in two fields."""

    widget = MomentWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.fields: Sequence[Any] = (DayField(required=False), TimeField(required=False))

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list:
            return None
        day, moment = data_list
        if day is None:
            raise ValidationError(_NO_DATE, code="invalid_date")
        whole: datetime | None = super().compress((day, moment or time()))
        return whole
