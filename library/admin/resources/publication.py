"""What readers see of an entry now, in a sentence: at the top of its form, and in the message after it was saved."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from library.admin.publication import saved_text
from library.models import Resource, ReviewRequest


def what_readers_see(resource: Resource, now: datetime) -> SafeString | str:
    """One sentence on what readers see of an entry at `now`. Costs a query for one that names its replacement."""
    if resource.state == Resource.State.DRAFT:
        return gettext("Only curators see this draft.")
    link = format_html('<a href="{0}">{0}</a>', reverse("short-resource", args=[resource.ref]))
    if resource.is_published(now) and resource.expires_at:
        return format_html(gettext("Readers see this entry at {} until {}."), link, moment_label(resource.expires_at))
    if resource.is_published(now):
        return format_html(gettext("Readers see this entry at {}."), link)
    if not resource.is_listed(now):
        return gettext("Goes live %s.") % moment_label(resource.listed_at)
    if resource.successor_id is None:
        return format_html(gettext("Withdrawn: readers see the reason at {}."), link)
    text = gettext("Withdrawn: at {}, readers see the reason and a link to “{}”.")
    return format_html(text, link, resource.successor)


def moment_label(moment: datetime | None) -> str:
    """A moment with the time zone in which it is meant; empty for none."""
    if moment is None:
        return ""
    label = date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return f"{label} ({timezone.get_current_timezone_name()})"


def saved_message(resource: Resource, now: datetime) -> SafeString:
    """What is said when an entry was saved. Costs a query for a draft."""
    said = saved_text(resource, what_readers_see(resource, now))
    is_draft = resource.state == Resource.State.DRAFT
    if is_draft and ReviewRequest.objects.filter(resource=resource).exists():
        return format_html("{} {}", said, gettext("It’s waiting for review."))
    return said
