"""How each value of a query string is understood: whatever cannot be is ignored, and never an error."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from library.db.edit_cache import edit_cache
from library.models import FormerValue

from .query import ListOrder
from .text_query import tidy_words

# At most so many values of one facet are looked at.
VALUE_LIMIT = 20


class WordsField(forms.CharField):
    """Search words, tidied; never an error."""

    def clean(self, value: Any) -> str:
        return tidy_words(value or "")


class KnownChoicesField(forms.MultipleChoiceField):
    """The values that are choices, each once, in the order of the choices; all others are ignored."""

    def clean(self, value: Any) -> list[str]:
        keys = set(value or [])
        return [key for key, _label in self.choices if key in keys]  # type: ignore[misc, union-attr]


@dataclass(frozen=True)
class KnownRows:
    """Rows that were asked for by their slugs, and whether one more was that has been deleted."""

    rows: tuple[Any, ...] = ()
    has_deleted: bool = False


class KnownRowsField(forms.MultipleChoiceField):
    """The rows of `queryset` with these slugs, now or once, in its own order; slugs that no row ever had are ignored.

    Slugs cost a query, once until the next edit where all of them have rows; one without a row costs one more, and one
    that some row had before another one.
    """

    def __init__(self, *, queryset: QuerySet[Any], **options: Any) -> None:
        super().__init__(**options)
        self.queryset = queryset

    def clean(self, value: Any) -> KnownRows:
        slugs = list(dict.fromkeys(value or []))[:VALUE_LIMIT]
        key = ("rows", self.queryset.model, *slugs)
        known: KnownRows | None = edit_cache.get(key, None)
        if known is None:
            known = self._look_up(slugs)
            if len(known.rows) == len(slugs):
                edit_cache.put(key, known)
        return known

    def _look_up(self, slugs: list[str]) -> KnownRows:
        rows = tuple(self.queryset.filter(slug__in=slugs)) if slugs else ()
        missing = set(slugs).difference(row.slug for row in rows)
        former = FormerValue.objects.of(self.queryset.model).filter(slug__in=missing) if missing else []
        leading = {value.target_id for value in former}
        if not leading:
            return KnownRows(rows)
        rows = tuple(self.queryset.filter(Q(slug__in=slugs) | Q(pk__in=leading)))
        return KnownRows(rows, has_deleted=not leading <= {row.pk for row in rows})


class YearsField(forms.MultipleChoiceField):
    """Years of four digits, newest first; anything else is ignored."""

    def clean(self, value: Any) -> list[int]:
        years = {int(year) for year in value or [] if len(year) == 4 and year.isascii() and year.isdigit()}
        return sorted((year for year in years if year >= 1000), reverse=True)[:VALUE_LIMIT]


class OrderField(forms.CharField):
    """One of the known orders, or none for the list's own."""

    def clean(self, value: Any) -> ListOrder | None:
        return ListOrder(value) if value in ListOrder.values else None
