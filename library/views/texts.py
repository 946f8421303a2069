"""The help lines, and the site's own texts that curators can change."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from library.log_line import log_line
from library.models import HelpLine, Page
from library.structured_data import of_page


def help_lines(request: HttpRequest) -> HttpResponse:
    """200 with all help lines, those for a crisis first."""
    page = get_object_or_404(Page, name=Page.Name.HELP)
    lines = list(HelpLine.objects.all())
    context = {
        "page": page,
        "crisis_lines": [line for line in lines if line.is_crisis],
        "other_lines": [line for line in lines if not line.is_crisis],
        "leave_address": settings.LEAVE_ADDRESS,
        "structured_data": of_page(request, page),
    }
    return render(request, "library/help.html", context)


def text_page(request: HttpRequest, name: str) -> HttpResponse:
    """200 with one of the site's own texts."""
    page = get_object_or_404(Page, name=name)
    return render(request, "library/text_page.html", {"page": page, "structured_data": of_page(request, page)})


def privacy(request: HttpRequest) -> HttpResponse:
    """200 with what is kept of a visit, and the line that the log gets for this one. Nobody keeps the answer."""
    page = get_object_or_404(Page, name=Page.Name.PRIVACY)
    line = log_line(request.META, "200", timezone.now())
    context = {"page": page, "log_line": line, "structured_data": of_page(request, page)}
    response = render(request, "library/text_page.html", context)
    patch_cache_control(response, no_store=True)
    return response
