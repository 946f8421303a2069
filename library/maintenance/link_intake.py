"""Which links there are: taken in from whatever has an address, and laid aside when nothing does any more.

After an edit only what has changed is asked for. All of it, of a million entries, takes most of a minute.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from library.db.timeouts import local_statement_timeout
from library.links.evidence import SHORT_PERIOD
from library.links.signals import Reason
from library.models import Link, LinkCopy, LinkLook, Resource
from library.models.link import KEEP_LOOKS, KEEP_UNUSED

from .link_uses import add_uses, drop_uses

# More new links than these at once have their turn within a period, fewer within minutes.
_MANY, _NEW_WITHIN = 1000, timedelta(minutes=5)
_REPORTED_WITHIN = timedelta(hours=20)

# Links of one host have their first turn together.
_ADD = """
    INSERT INTO library_link (key, address, host, condition, reason, signature, next_at, evidence, page,
        numbers, etag, modified)
    SELECT key, url, host, 'unchecked', '', '',
        %(now)s + mod(hashtext(host)::bigint & 65535, 1000) / 1000.0 * (%(spread)s)::interval,
        '{}', '{}', '{}', '', ''
    FROM (
        SELECT DISTINCT ON (r.address_key) r.address_key AS key, r.url,
            regexp_replace(lower(substring(r.url from '^https?://([^/?#:]+)')), '^www[.]', '') AS host
        FROM library_resource AS r LEFT JOIN library_link AS l ON l.key = r.address_key
        WHERE r.updated_at >= %(since)s AND r.address_key <> '' AND r.url ~* '^https?://[^/?#:]+([/?#]|$)'
            AND r.state = 'published' AND l.id IS NULL
        ORDER BY r.address_key, r.id
    ) AS new
    ON CONFLICT (key) DO NOTHING"""
_TAKE_UP = """
    UPDATE library_link AS l SET unused_since = NULL WHERE l.unused_since IS NOT NULL AND EXISTS (
        SELECT FROM library_resource AS r
        WHERE r.address_key = l.key AND r.address_key <> '' AND r.state = 'published')"""
# An entry that has come to a link that is known already waits for no turn of it.
_LOOK_SOON = """
    UPDATE library_link AS l SET next_at = %(now)s FROM library_resource AS r
    WHERE r.address_key = l.key AND r.address_key <> '' AND r.state = 'published' AND r.link_state = 'unchecked'
        AND r.updated_at >= %(since)s
        AND l.unused_since IS NULL AND l.condition <> 'unchecked' AND l.next_at > %(now)s"""
_LAY_ASIDE = """
    UPDATE library_link AS l SET unused_since = %(now)s
    WHERE l.unused_since IS NULL
        AND NOT EXISTS (SELECT FROM library_linkuse AS u WHERE u.link_id = l.id)
        AND NOT EXISTS (SELECT FROM library_resource AS r WHERE r.address_key = l.key AND r.state = 'published')
        AND NOT EXISTS (SELECT FROM library_linkmove AS m WHERE m.target_id = l.id AND m.declined_at IS NULL)"""
# What readers have reported is looked at once that day, at no moment that says when somebody was here.
_AFTER_REPORTS = """
    UPDATE library_link AS l SET next_at = %(now)s + random() * %(within)s::interval
    WHERE l.unused_since IS NULL AND l.next_at > %(now)s + %(within)s::interval AND l.looked_at < %(midnight)s
        AND l.id IN (SELECT other.id FROM library_readerreport AS p
            JOIN library_resource AS r ON r.id = p.resource_id JOIN library_link AS other ON other.key = r.address_key
            WHERE p.state = 'new' AND p.received_on >= %(day)s
            UNION ALL SELECT u.link_id FROM library_readerreport AS p
            JOIN library_linkuse AS u ON u.object_id = p.resource_id AND u.field LIKE 'resource.%%'
            WHERE p.state = 'new' AND p.received_on >= %(day)s)"""
_TO_HTTPS = """
    UPDATE library_link AS l SET address = r.url FROM library_resource AS r
    WHERE r.address_key = l.key AND r.state = 'published' AND l.address ~ '^http://' AND r.url ~ '^https://'
        AND l.reason = %(https)s"""


@transaction.atomic
def add_links(now: datetime, *, since: datetime) -> None:
    """Take in what entries that were changed since then link to, and whatever else is new."""
    local_statement_timeout("0")  # however long it takes: no other edit waits for it
    add_uses(now, since=since, spread=_NEW_WITHIN)
    _run([_ADD, _TAKE_UP, _LOOK_SOON], {"now": now, "since": since, "spread": str(_NEW_WITHIN)})


@transaction.atomic
def sweep_links(now: datetime) -> None:
    """Take in what all entries link to, and lay aside what none of them links to any more."""
    is_first = not Link.objects.exists()
    is_many = is_first and Resource.objects.order_by("pk")[_MANY : _MANY + 1].exists()
    spread = SHORT_PERIOD if is_many else _NEW_WITHIN
    values: dict[str, Any] = {
        "now": now,
        "since": "-infinity",
        "spread": str(spread),
        "https": Reason.HTTPS,
        "day": timezone.localdate(now),
        "midnight": timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0),
        "within": str(_REPORTED_WITHIN),
    }
    local_statement_timeout("0")  # however long it takes: no other edit waits for it
    drop_uses()
    add_uses(now, since=None, spread=spread)
    _run([_ADD, _TAKE_UP, _LOOK_SOON, _LAY_ASIDE, _AFTER_REPORTS, _TO_HTTPS], values)
    unused = Link.objects.filter(unused_since__lt=now - KEEP_UNUSED)
    unused.exclude(copy__standing=LinkCopy.Standing.BY_HAND).delete()
    LinkLook.objects.filter(looked_at__lt=now - KEEP_LOOKS).delete()


def _run(statements: list[str], values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
