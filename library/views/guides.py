"""Guides and topics: what the library has for one situation, and for one subject."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from library.db.prepared import PreparedInstances
from library.identity.current import current
from library.models import Category, FormerValue, Guide
from library.pages.cards import cards_of
from library.pages.guide_page import guide_response
from library.pages.json_ld import of_list
from library.search.filters import read_query
from library.search.results import first_page_of_category
from library.search.urls import ListUrls
from library.search.vocabulary.crisis import load_crisis_words

from .errors import gone

_GUIDES = PreparedInstances(lambda slug: Guide.objects.exclude(state=Guide.State.DRAFT).filter(slug=slug), slug="slug")
_TOPICS = PreparedInstances(lambda slug: Category.objects.filter(slug=slug), slug="slug")
_GUIDES_OF_TOPIC = PreparedInstances(lambda topic: Guide.objects.published().filter(categories=topic), topic=-1)


def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """200; 301 from an older slug, 410 with the reason when withdrawn, 404 for drafts and what never was."""
    row = next(iter(_GUIDES.rows(slug=slug)), None)
    if row is None:
        former = get_object_or_404(Guide.objects.exclude(state=Guide.State.DRAFT).with_slug(slug))
        return redirect(former, permanent=True)
    if not row.is_published:
        return gone(request, title=row.title, reason=row.withdrawn_reason)
    return guide_response(request, row)


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """200; 301 from an older slug and from a topic that was merged, 410 from one that was deleted, else 404."""
    category = next(iter(_TOPICS.rows(slug=slug)), None)
    if category is None:
        return former_topic(request, slug)
    query = read_query(QueryDict(f"category={category.slug}"))
    total, page, rows = first_page_of_category(query, timezone.now())
    cards = cards_of(rows)
    about = load_crisis_words().kind_of(category.name)
    context = {
        "category": category,
        "guides": _GUIDES_OF_TOPIC.rows(topic=category.pk),
        "cards": cards,
        "total": total,
        "has_more": page.last > 1,
        "list_address": ListUrls(query).first_page,
        "about": about,
        "leave_address": current().leave_url if about else "",
        "structured_data": of_list(request, category.get_absolute_url(), category.name, cards, 1),
    }
    return render(request, "library/topic.html", context)


def former_topic(request: HttpRequest, slug: str) -> HttpResponse:
    former = get_object_or_404(FormerValue.objects.of(Category), slug=slug)
    category = Category.objects.filter(pk=former.target_id).first()
    if category is None:
        return gone(request, title=former.name, reason=gettext("Its entries are still in the library."))
    return redirect(category, permanent=True)
