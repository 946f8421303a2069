"""What a list shows of a resource, without the resource: rows of plain values, by one statement that is made once.

A page shows up to 200 of them; an instance of the model costs twenty times as much as one of these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from itertools import starmap
from typing import Any

from library.db.arrays import array_of, unnested
from library.db.prepared import NOW, Prepared
from library.search.text_query import STEM_LIMIT, WrittenQuery, stems_of

from .model import Resource
from .shown import ShownInLists


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
    link_state: str
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
_BY_REF = Prepared(
    lambda now, refs: Resource.objects.published(now).filter(ref__in=unnested(refs, "text")).values_list(*_COLUMNS),
    now=NOW,
    refs="refs",
)
# Of all that readers see at `now`; to be narrowed by a statement around it.
PUBLISHED_ROWS = Prepared(lambda now: Resource.objects.published(now).values_list(*_COLUMNS), now=NOW)


def card_rows(ids: Sequence[int]) -> list[CardRow]:
    """The resources of these ids in this order, without those that are gone. Costs one query, none for no ids."""
    return _in_order(ids, _ROWS.rows(ids=array_of(ids))) if ids else []


def card_rows_of_refs(refs: Sequence[str], now: datetime) -> list[CardRow]:
    """Those that readers see at `now` of the resources of these refs, in this order. Costs one query."""
    rows = {row.ref: row for row in starmap(CardRow, _BY_REF.rows(now=now, refs=array_of(refs)))}
    return [rows[ref] for ref in refs if ref in rows]


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
    return Resource.objects.filter(pk__in=unnested(ids))
