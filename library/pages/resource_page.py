"""The page of one resource as readers get it, and the very same page as a preview for those who may see it before."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import gettext

from library.db.prepared import fetch_rows
from library.identity.current import current
from library.models import Category, Resource, Tag
from library.models.resource.related import related_rows
from library.search.vocabulary.crisis import load_crisis_words

from .cards import cards_of
from .json_ld import of_resource
from .other_links import OtherLinks, links_of
from .packs import pack_opened_from

# So many related entries are shown.
RELATED_LIMIT = 4
# What can stand in a header as it is.
_HOST = re.compile(r"[A-Za-z0-9.:-]+")
_AROUND = """
    SELECT 'category', id, name, slug, NULL::date FROM library_category
    WHERE id IN (SELECT category_id FROM library_resource_categories WHERE resource_id = %(resource)s)
    UNION ALL SELECT 'tag', id, name, slug, NULL FROM library_tag
    WHERE id IN (SELECT tag_id FROM library_taggedresource WHERE content_object_id = %(resource)s)
    UNION ALL SELECT field, id, word, address, since FROM library_linkuse
    WHERE word <> '' AND (field, object_id) IN (('resource.audio_url', %(resource)s),
        ('resource.transcript_url', %(resource)s), ('series.url', %(series)s))
    ORDER BY 1, 3"""


def resource_response(request: HttpRequest, entry: Resource, *, preview: str = "", way_back: str = "") -> HttpResponse:
    """200 with the page of `entry`, which comes with its relations.

    `preview` says above everything that readers do not see this; machines get nothing then. `way_back` is an address.
    """
    now = timezone.now()
    categories, tags, links = around(entry)
    sound = origin_of(links.audio.open_url)
    subjects = [str(subject) for subject in (*categories, *tags)]
    context = {
        "resource": entry,
        "links": links,
        "successor": successor_of(entry, now),
        "age": entry.age(timezone.localdate()),
        "plays_audio": bool(sound),
        "leave_address": way_off(entry, categories),
        "about_crisis": load_crisis_words().kind_of(entry.content_note) if entry.content_note else None,
        "categories": categories,
        "tags": tags,
        "pack": None if preview else pack_opened_from(request.GET, entry.ref),
        "related": cards_of(related_rows(entry, categories, now, RELATED_LIMIT)),
        "structured_data": "" if preview else of_resource(request, entry, subjects, links),
        "preview": preview,
        "way_back": way_back,
    }
    response = render(request, "library/resource.html", context)
    if sound:
        csp_update({"media-src": [sound]})(lambda _request: response)(request)
    return response


def around(entry: Resource) -> tuple[list[Category], list[Tag], OtherLinks]:
    """Categories and tags of `entry` by name, as links need them; and where else it leads. One query."""
    rows = fetch_rows(_AROUND, {"resource": entry.pk, "series": entry.series_id})
    categories = [Category(pk=pk, name=name, slug=slug) for noun, pk, name, slug, _day in rows if noun == "category"]
    tags = [Tag(pk=pk, name=name, slug=slug) for noun, pk, name, slug, _day in rows if noun == "tag"]
    words = {(noun, address): (word, day) for noun, _pk, word, address, day in rows if day is not None}
    return categories, tags, links_of(entry, words)


def successor_of(entry: Resource, now: datetime) -> Resource | None:
    """What readers are sent to in place of an entry whose link is lost. At most two queries, none for others."""
    if not entry.has_lost_link:
        return None
    successor: Resource | None = Resource.objects.first_to_replace(entry, now)[0]
    return successor


def way_off(entry: Resource, categories: Iterable[Category]) -> str:
    """Where “Leave this site” leads, if title, note or categories speak of a crisis; else empty. Costs a query."""
    words = " ; ".join([entry.title, entry.content_note, *map(str, categories)])
    return current().leave_url if load_crisis_words().are_in(words) else ""


def preview_of(request: HttpRequest, entry: Resource, now: datetime, *, way_back: str = "") -> HttpResponse:
    """200 with the page of `entry` as it is saved, plainly marked; for nobody to keep or to find."""
    return hidden_response(resource_response(request, entry, preview=visibility_text(entry, now), way_back=way_back))


def hidden_response(response: HttpResponse) -> HttpResponse:
    """The response, for no browser, proxy or search engine to keep."""
    patch_cache_control(response, no_store=True, private=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def visibility_text(entry: Resource, now: datetime) -> str:
    """In one sentence, what the address of `entry` tells readers at `now`."""
    if entry.state == Resource.State.DRAFT:
        return gettext("Readers can’t see this page. It’s a draft.")
    if entry.is_gone(now):
        return gettext("Readers can’t see this page. It’s been withdrawn.")
    if entry.listed_at and entry.listed_at > now:
        day = date_format(timezone.localtime(entry.listed_at), "DATETIME_FORMAT")
        return gettext("Starting %s, readers will see this page.") % day
    return gettext("Readers can already see this page.")


def origin_of(url: str) -> str:
    """Scheme and host of a file that a page may play; empty where there is none, or none that is safe to load."""
    parts = urlsplit(url)
    return f"https://{parts.netloc}" if parts.scheme == "https" and _HOST.fullmatch(parts.netloc) else ""
