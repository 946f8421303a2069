"""A text in Markdown, and a button beside it that shows how readers will see it: made by the function that saves it."""

from typing import Any

from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from library.pages.markdown import MARKDOWN_LIMIT, render_markdown


class MarkdownArea(AdminTextareaWidget):
    """A text field with a “Preview” button, which sends the form and opens what comes in a new tab."""

    def __init__(self, model: str, field: str) -> None:
        super().__init__()
        self.address = reverse_lazy(f"admin:library_{model}_markdown", args=[field])

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html(
            '<div data-markdown="{0}">{1}<p><button type="submit" formaction="{2}" formtarget="_blank">{3}</button></p>'
            '<div aria-live="polite"></div></div>',
            name,
            super().render(name, value, attrs, renderer),
            self.address,
            gettext("Preview this text"),
        )


def markdown_page(owner: Any, request: HttpRequest, field: str) -> HttpResponse:
    """200 with the text of this field as readers would see it; 422 when it is too long. Saves nothing."""
    if field not in owner.markdown:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not (owner.has_change_permission(request) or owner.has_add_permission(request)):
        raise PermissionDenied
    text = request.POST.get(field, "")
    is_too_long = len(text) > MARKDOWN_LIMIT
    context = owner.admin_site.each_context(request) | {
        "title": gettext("Preview"),
        "subtitle": gettext("nothing has been saved"),
        "is_too_long": is_too_long,
        "limit": MARKDOWN_LIMIT,
        "html": "" if is_too_long else render_markdown(text, top_heading=owner.markdown[field]),
    }
    return TemplateResponse(request, "admin/library/markdown/preview.html", context, status=422 if is_too_long else 200)
