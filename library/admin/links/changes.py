"""What a curator does about links, as changes of many entries that the history keeps and one press takes back."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from library.admin.errors import REFUSALS, error_text
from library.admin.resources.bulk_changes import BULKS, BulkResult, Withdrawal, apply_changes, new_urls
from library.admin.resources.bulk_undo import keep_undo
from library.history.record import record_event
from library.maintenance.link_records import confirm
from library.models import AuditEntry, Link, Resource

_NAMED = 10  # the most entries that the message afterwards names


def change_addresses(
    request: HttpRequest, seen: Mapping[int, str], addresses: Mapping[int, Mapping[str, str]], comment: str
) -> bool:
    """Give these entries these addresses, by field, where they are still as `seen`; whether any was changed."""
    result = _apply(request, "address", seen, new_urls(addresses), comment)
    if result is None:
        return False
    number = len(result.changed)
    text = ngettext("%d address was changed.", "%d addresses were changed.", number) % number
    messages.add_message(request, messages.SUCCESS if number else messages.WARNING, text)
    return bool(number)


def replace_entry(request: HttpRequest, seen: Mapping[int, str], entry: Resource, successor: Resource) -> bool:
    """Withdraw an entry whose link is gone, name what replaces it, if it’s still as `seen`; whether it was."""
    value = Withdrawal(gettext("The page it led to is gone."), successor)
    result = _apply(request, "withdraw", seen, value, gettext("Replaced because its link is gone."))
    if result is None or not result.changed:
        return False
    names = {"old": entry, "new": successor}
    messages.success(request, gettext("“%(old)s” is withdrawn. Readers are sent to “%(new)s”.") % names)
    return True


def mark_as_working(request: HttpRequest, links: Collection[Link], rows: Iterable[Model]) -> None:
    """Someone has opened these links of these rows, and found them right."""
    user: Any = request.user
    now, comment = timezone.now(), gettext("Opened the link and found it right.")
    with transaction.atomic():
        for link in links:
            confirm(link, user, now)
        for row in rows:
            record_event(type(row), AuditEntry.Kind.CHANGED, row=row, by=user, now=now, comment=comment)


def _apply(request: HttpRequest, name: str, seen: Mapping[int, str], value: Any, comment: str) -> BulkResult | None:
    by: Any = request.user
    try:
        result = apply_changes(BULKS[name], seen, value, by=by, now=timezone.now(), comment=comment)
    except REFUSALS as error:
        messages.error(request, gettext("Nothing was changed. %s") % error_text(error, Resource))
        return None
    if result.left:
        named = [f"“{change.resource.title}”: {change.why_not}" for change in result.left[:_NAMED]]
        messages.warning(request, gettext("Not changed: %s") % " ".join(named))
    keep_undo(request, result.entry_id)
    return result
