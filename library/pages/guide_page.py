"""The page of one guide as readers get it, and the very same page as a preview for curators."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from library.db.prepared import PreparedInstances
from library.help_lines.cards import HelpCard, help_cards, next_change
from library.identity.current import current
from library.models import Category, Guide, HelpLine
from library.search.vocabulary.crisis import load_crisis_words

from .cards import cards_of
from .json_ld import of_guide
from .resource_page import hidden_response

_LINES = PreparedInstances(lambda guide: HelpLine.objects.filter(guides=guide).order_by("position"), guide=-1)
_CATEGORIES = PreparedInstances(lambda guide: Category.objects.filter(guides=guide).in_order(), guide=-1)
_RELATED = PreparedInstances(lambda guide: Guide.objects.published().filter(related=guide), guide=-1)


def guide_response(request: HttpRequest, guide: Guide, *, preview: str = "", way_back: str = "") -> HttpResponse:
    """200 with the page of a guide, which is cached until one of its help lines opens or closes.

    `preview` says above everything that readers do not see this; machines get nothing then. `way_back` is an address.
    """
    now = timezone.now()
    lines = help_cards(_LINES.rows(guide=guide.pk), now)
    context = guide_context(guide, lines, now) | {"preview": preview, "way_back": way_back}
    context["structured_data"] = "" if preview else of_guide(request, guide, context["cards"])
    response = render(request, "library/guide.html", context)
    response.changes_at = next_change(lines)  # type: ignore[attr-defined]
    return response


def guide_context(guide: Guide, lines: list[HelpCard], now: datetime) -> dict[str, Any]:
    """What a guide shows. Where it speaks of a crisis, help lines come first: its own, or the site's."""
    categories, cards = _CATEGORIES.rows(guide=guide.pk), cards_of(guide.published_resources(now))
    about = load_crisis_words().kind_of(" ".join([guide.title, *map(str, categories)]))
    is_delicate = guide.help_lines_first or about is not None
    return {
        "guide": guide,
        "cards": cards,
        "lines": lines,
        "related": _RELATED.rows(guide=guide.pk),
        "categories": categories,
        "about": about,
        "is_delicate": is_delicate,
        "leave_address": current().leave_url if is_delicate else "",
    }


def guide_preview(request: HttpRequest, guide: Guide, *, way_back: str) -> HttpResponse:
    """200 with the page of a guide as it is saved, plainly marked; for nobody to keep or to find."""
    texts = {
        Guide.State.DRAFT: gettext("Readers can’t see this page. It’s a draft."),
        Guide.State.WITHDRAWN: gettext("Readers can’t see this page. It’s been withdrawn."),
        Guide.State.PUBLISHED: gettext("Readers can already see this page."),
    }
    preview = texts[Guide.State(guide.state)]
    return hidden_response(guide_response(request, guide, preview=preview, way_back=way_back))
