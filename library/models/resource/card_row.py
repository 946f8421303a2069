"""What a list shows of a resource, without the resource: rows of plain values, by one statement that is made once.

A page shows up to 200 of them; an instance of the model costs twenty times as much as one of these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cache
from itertools import starmap
from typing import Any

from django.apps import apps
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString, mark_safe

from library.db.arrays import array_of
from library.db.prepared import Prepared
from library.search.text_query import STEM_LIMIT, WrittenQuery, stems_of

from ..days import date_label


class ShownInLists:
    """What a row and a resource both know to say of themselves."""

    body_html: str
    published_on: date | None
    published_precision: str
    # Of a list of words: why it answers them (`search.text_query.as_written`).
    marked_summary: str = ""
    window: str = ""
    passage: str = ""

    @property
    def body_as_html(self) -> SafeString:
        """The text, as it was cleaned when it was saved."""
        return mark_safe(self.body_html)  # noqa: S308 - cleaned on save

    @property
    def published_iso(self) -> str:
        """The publication date as a machine reads it, no more exact than it is known: `2020-02`."""
        if self.published_on is None:
            return ""
        return self.published_on.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.published_precision]]

    @property
    def published_label(self) -> str:
        """The publication date as a person reads it, no more exact than it is known: “February 2020”."""
        if self.published_on is None:
            return ""
        return date_label(self.published_on, self.published_precision)


@dataclass
class CardRow(ShownInLists):
    """A resource in a list."""

    pk: int
    ref: str
    slug: str
    title: str
    kind: str
    summary: str
    body_html: str
    url: str
    audio_url: str
    transcript_url: str
    speaker: str
    published_on: date | None
    published_precision: str
    course_length: str
    running_minutes: int | None
    place: str
    access: str
    access_note: str
    content_note: str
    publisher_name: str | None
    series_title: str | None
    marked_summary: str = ""
    window: str = ""
    passage: str = ""


# In the order of the fields above.
_COLUMNS = [field.name for field in fields(CardRow)][:-5]
_COLUMNS += ["publisher__name", "series__title"]
_MARKS = ["marked_summary", "window", "passage"]
_STEMS = [f"stem_{place}" for place in range(STEM_LIMIT)]
_ROWS = Prepared(lambda ids: _among(ids).values_list(*_COLUMNS), ids="ids")
# Of all that readers see at `now`; to be narrowed by a statement around it.
PUBLISHED_ROWS = Prepared(
    lambda now: _resources().published(now).values_list(*_COLUMNS), now=datetime(1, 1, 1, tzinfo=UTC)
)


def card_rows(ids: Sequence[int]) -> list[CardRow]:
    """The resources of these ids in this order, without those that are gone. Costs one query, none for no ids."""
    return _in_order(ids, _ROWS.rows(ids=array_of(ids))) if ids else []


def marked_card_rows(ids: Sequence[int], words: str, query: str) -> list[CardRow]:
    """The same, with what in each answers the query, as the database writes it. Dear for each row."""
    stems = stems_of(words)
    values = dict(zip(_STEMS, stems, strict=False))
    return _in_order(ids, _marked_rows(len(stems)).rows(ids=array_of(ids), query=query, **values)) if ids else []


@cache
def _marked_rows(stems: int) -> Prepared:
    def build(ids: str, query: str, **stems: str) -> Any:
        marked = _among(ids).with_marks(list(stems.values()), WrittenQuery(query))
        return marked.values_list(*_COLUMNS, *_MARKS)

    return Prepared(build, ids="ids", query="query", **{name: name for name in _STEMS[:stems]})


def _in_order(ids: Sequence[int], values: Iterable[tuple[Any, ...]]) -> list[CardRow]:
    rows = {row.pk: row for row in starmap(CardRow, values)}
    return [rows[pk] for pk in ids if pk in rows]


def _among(ids: str) -> Any:
    return _resources().filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))


def _resources() -> Any:
    return apps.get_model("library", "Resource").objects
