"""A text in Markdown, and a button beside it that shows how readers will see it: made by the function that saves it."""

from typing import Any, ClassVar

from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from library.pages.markdown import MARKDOWN_LIMIT, render_markdown

from .base import Curated


class MarkdownArea(AdminTextareaWidget):
    """A text field with a “Preview” button, which sends the form to `address` and opens what comes in a new tab."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html(
            '<div data-markdown="{0}">{1}<p><button type="submit" formaction="{2}" formtarget="_blank">{3}</button></p>'
            '<div aria-live="polite"></div></div>',
            name,
            super().render(name, value, attrs, renderer),
            self.address,
            gettext("Preview this text"),
        )


class MarkdownAdmin(Curated):
    """An admin with such texts: their fields, and the level of the highest heading that each has on its page."""

    markdown: ClassVar[dict[str, int]] = {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.markdown:
            options["widget"] = MarkdownArea(reverse(f"admin:{self._preview_name}", args=[db_field.name]))
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.markdown_view)
        return [path("markdown/<str:name>/", view, name=self._preview_name), *super().get_urls()]

    @property
    def _preview_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_markdown"

    def markdown_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """200 with the text of the field `name` as readers would see it; 422 when it is too long. Saves nothing."""
        if name not in self.markdown:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        text = request.POST.get(name, "")
        is_too_long = len(text) > MARKDOWN_LIMIT
        context = self.admin_site.each_context(request) | {
            "title": gettext("Preview"),
            "subtitle": gettext("nothing has been saved"),
            "is_too_long": is_too_long,
            "limit": MARKDOWN_LIMIT,
            "html": "" if is_too_long else render_markdown(text, top_heading=self.markdown[name]),
        }
        return TemplateResponse(
            request, "admin/library/markdown/preview.html", context, status=422 if is_too_long else 200
        )
