"""How each value of a query string is understood: whatever cannot be is ignored, and never an error."""

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from library.models import FormerValue

from .text_query import tidy_words

# At most so many values of one facet are looked at.
VALUE_LIMIT = 20

SORTS = {
    "relevance": _("Best match first"),
    "library": _("In the order of the library"),
    "newest": _("Newest first"),
    "title": _("By title"),
}


class WordsField(forms.CharField):
    """Search words, tidied; never an error."""

    def clean(self, value: Any) -> str:
        return tidy_words(value or "")


class KnownChoicesField(forms.MultipleChoiceField):
    """The values that are choices, each once, in the order of the choices; all others are ignored."""

    def clean(self, value: Any) -> list[str]:
        asked = set(value or [])
        return [key for key, _label in self.choices if key in asked]  # type: ignore[misc, union-attr]


class KnownRowsField(forms.MultipleChoiceField):
    """The rows of `queryset` with these slugs, now or once, in its own order; slugs that no row ever had are ignored.

    `has_gone` then says whether one of the slugs is of a row that was deleted. A slug without a row costs a query, and
    one that some row had before costs another one.
    """

    def __init__(self, *, queryset: QuerySet[Any], **options: Any) -> None:
        super().__init__(**options)
        self.queryset = queryset
        self.has_gone = False

    def clean(self, value: Any) -> list[Model]:
        asked = list(dict.fromkeys(value or []))[:VALUE_LIMIT]
        found = list(self.queryset.filter(slug__in=asked)) if asked else []
        missing = set(asked).difference(row.slug for row in found)
        former = FormerValue.objects.of(self.queryset.model).filter(slug__in=missing) if missing else []
        leading = {value.leads_to for value in former}
        if leading:
            found = list(self.queryset.filter(Q(slug__in=asked) | Q(pk__in=leading)))
            self.has_gone = not leading <= {row.pk for row in found}
        return found


class YearsField(forms.MultipleChoiceField):
    """Years of four digits, newest first; anything else is ignored."""

    def clean(self, value: Any) -> list[int]:
        years = {int(year) for year in value or [] if len(year) == 4 and year.isascii() and year.isdigit()}
        return sorted((year for year in years if year >= 1000), reverse=True)[:VALUE_LIMIT]


class SortField(forms.CharField):
    """One of the known orders, or nothing for the list's own."""

    def clean(self, value: Any) -> str:
        return value if value in SORTS else ""


class WordsFilter(Filter):
    field_class = WordsField


class KnownChoicesFilter(Filter):
    field_class = KnownChoicesField


class KnownRowsFilter(Filter):
    field_class = KnownRowsField


class YearsFilter(Filter):
    field_class = YearsField


class SortFilter(Filter):
    field_class = SortField
