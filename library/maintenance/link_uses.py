"""Addresses of sounds, transcripts, series, publishers and help lines: taken in as links, and the words of readers.

`LinkUse.Field` says which. An entry's own address is none of these: its key stands with the entry.
"""

import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q

from library.links.addresses import site_host
from library.links.evidence import Sentence
from library.models import Link, LinkUse, Resource
from library.models.web_address import address_key

_BATCH = 2000
_LONGEST_HOST = 253


def add_uses(now: datetime, *, since: datetime | None, spread: timedelta) -> None:
    """Take in what is new or another; of entries only those changed `since`. New links have their turn in `spread`."""
    for field in LinkUse.Field:
        rows, last = _not_taken_in(field, since), 0
        while batch := list(rows.filter(pk__gt=last)[:_BATCH]):
            _add(field, [row for row in batch if _is_on_the_web(row[1])], now, spread)
            last = batch[-1][0]


def drop_uses() -> None:
    """Forget what is no longer so."""
    for field in LinkUse.Field:
        same = _rows_with_address(field).filter(pk=OuterRef("object_id"), **{field.column: OuterRef("address")})
        LinkUse.objects.filter(~Exists(same), field=field).delete()


def set_use_words(link: int, word: Sentence, day: date) -> None:
    """Have readers told this of what leads to the link, if it is anything that keeps them from opening it."""
    told = {"word": word, "since": day} if word in LinkUse.Word.values else {"word": "", "since": None}
    uses = LinkUse.objects.filter(link=link, field__in=LinkUse.SHOWN)
    uses.exclude(word=told["word"]).update(**told)


def _rows_with_address(field: LinkUse.Field) -> Any:
    rows = field.model._base_manager.exclude(**{field.column: ""})
    return rows.filter(state=Resource.State.PUBLISHED) if field.model is Resource else rows


def _not_taken_in(field: LinkUse.Field, since: datetime | None) -> Any:
    """Number and address of the rows that have another one than is known of them, or one for the first time."""
    rows = _rows_with_address(field)
    if since is not None and field.model is Resource:
        rows = rows.filter(updated_at__gte=since)
    known = LinkUse.objects.filter(field=field, object_id=OuterRef("pk"), address=OuterRef(field.column))
    return rows.filter(~Exists(known)).order_by("pk").values_list("pk", field.column)


def _is_on_the_web(address: str) -> bool:
    """Whether it has a host, and names no port: those of entries are asked for under the same condition."""
    try:
        return 0 < len(site_host(address)) <= _LONGEST_HOST and urlsplit(address).port is None
    except ValueError:
        return False


def _links_of(keys: Iterable[str]) -> dict[str, int]:
    return dict(Link.objects.filter(key__in=set(keys)).values_list("key", "pk"))


def _place_of(host: str) -> float:
    """From 0 to 1: links of one host have their first turn together."""
    return zlib.crc32(host.encode()) / 2**32


def _add(field: LinkUse.Field, rows: Sequence[tuple[int, str]], now: datetime, spread: timedelta) -> None:
    keys = {pk: address_key(address) for pk, address in rows}
    links = _links_of(keys.values())
    # What comes to a link that is known, or was laid aside, waits for no turn of it.
    waiting = ~Q(condition=Link.Condition.UNCHECKED) | ~Q(unused_since=None)
    if links:
        Link.objects.filter(waiting, pk__in=links.values()).update(unused_since=None, next_at=now)
    hosts = {pk: site_host(address) for pk, address in rows if keys[pk] not in links}
    new = [
        Link(key=keys[pk], address=address, host=hosts[pk], next_at=now + _place_of(hosts[pk]) * spread)
        for pk, address in rows
        if pk in hosts
    ]
    if new:
        Link.objects.bulk_create(new, ignore_conflicts=True)
        links = _links_of(keys.values())
    LinkUse.objects.bulk_create(
        [LinkUse(field=field, object_id=pk, address=address, link_id=links[keys[pk]]) for pk, address in rows],
        update_conflicts=True,
        unique_fields=["field", "object_id"],
        update_fields=["address", "link", "word", "since"],
    )
