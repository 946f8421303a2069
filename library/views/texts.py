"""The help lines, and the site's own texts that curators can change."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

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
        "structured_data": of_page(request, page),
    }
    return render(request, "library/help.html", context)


def text_page(request: HttpRequest, name: str) -> HttpResponse:
    """200 with one of the site's own texts."""
    page = get_object_or_404(Page, name=name)
    return render(request, "library/text_page.html", {"page": page, "structured_data": of_page(request, page)})
