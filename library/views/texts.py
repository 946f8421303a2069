"""The help lines, and the site's own texts that curators can change."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from library.help_lines.cards import help_cards, next_change
from library.identity.current import current
from library.models import HelpLine, Page
from library.pages.json_ld import of_page
from library.server.access_log import access_log_line


def help_lines(request: HttpRequest) -> HttpResponse:
    """200 with all help lines: those for a crisis first, among them those of one place last."""
    now = timezone.now()
    page = get_object_or_404(Page, name=Page.Name.HELP)
    cards = help_cards(HelpLine.objects.all(), now)
    crisis_cards = [card for card in cards if card.line.is_crisis]
    context = {
        "page": page,
        "leave_address": current().leave_url,
        "crisis_cards": [card for card in crisis_cards if not card.line.place],
        "local_cards": sorted((card for card in crisis_cards if card.line.place), key=lambda card: card.line.place),
        "other_cards": [card for card in cards if not card.line.is_crisis],
        "structured_data": of_page(request, page),
    }
    response = render(request, "library/help.html", context)
    response.changes_at = next_change(cards)  # type: ignore[attr-defined]
    return response


def text_page(request: HttpRequest, name: str) -> HttpResponse:
    """200 with one of the site's own texts."""
    page = get_object_or_404(Page, name=name)
    return render(request, "library/text_page.html", {"page": page, "structured_data": of_page(request, page)})


def privacy(request: HttpRequest) -> HttpResponse:
    """200 with what is kept of a visit, and the line that the log gets for this one. Nobody keeps the answer."""
    page = get_object_or_404(Page, name=Page.Name.PRIVACY)
    line = access_log_line(request.META, "200", timezone.now())
    context = {"page": page, "log_line": line, "structured_data": of_page(request, page)}
    response = render(request, "library/text_page.html", context)
    patch_cache_control(response, no_store=True)
    return response
