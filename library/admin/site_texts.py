"""The site's own texts. Which there are is fixed; what they say is not."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from library.models import Page

from .base import CuratedAdmin
from .forms import CuratedForm
from .markdown import MarkdownArea
from .styleguide.page import styleguide


class PageForm(CuratedForm):
    """One of the site's own texts."""

    class Meta:
        widgets: ClassVar = {"body": MarkdownArea("page", "body")}


@admin.register(Page)
class PageAdmin(CuratedAdmin):
    form = PageForm
    markdown: ClassVar = {"body": 2}
    list_display = ("title", "name", "updated_at")
    search_fields = ("title",)
    readonly_fields = ("name", "updated_at")
    fieldsets = ((None, {"fields": ("name", "title", "body", "updated_at")}),)

    def get_urls(self) -> list[Any]:
        """Also the style guide: it shows what the site's texts stand among."""
        page = path("styleguide/", self.admin_site.admin_view(styleguide), name="styleguide")
        return [page, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
