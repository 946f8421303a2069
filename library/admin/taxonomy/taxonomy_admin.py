"""Subjects: the short list of categories, and the free tags."""

from typing import Any

import taggit.admin  # noqa: F401 - registers taggit's own tags, which this library does not use
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as StockTag

from library.admin.reordering import is_move, move_row, shows_all, with_buttons
from library.models import Category, Tag

from .filter_values import FilterValueAdmin

admin.site.unregister(StockTag)


@admin.register(Category)
class CategoryAdmin(FilterValueAdmin):
    list_display = ("name", "slug", "entries", "scope")
    search_fields = ("name", "slug", "scope")
    ordering = ("position",)
    sortable_by = ()
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "slug", "scope"),
                "description": _("Keep this list short, because readers see all of it. Use tags for other keywords."),
            },
        ),
    )

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """On a small screen the buttons have to be in view, beside the name and the number of entries."""
        return with_buttons(["name", "entries"]) if self._is_movable(request) else list(self.list_display)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """As its base; 302 to the list when a row was moved."""
        if is_move(request) and not self.has_change_permission(request):
            raise PermissionDenied
        if is_move(request):
            return move_row(self, request, Category.objects.move if shows_all(request) else None)
        return super().changelist_view(request, {"is_movable": self._is_movable(request), **(extra_context or {})})

    def _is_movable(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and shows_all(request)

    def view_on_site(self, row: Category) -> str:
        return row.get_absolute_url()


@admin.register(Tag)
class TagAdmin(FilterValueAdmin):
    list_display = ("name", "slug", "entries")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "slug"),
                "description": _(
                    "It’s best to add new tags on a resource’s form. Type them there, separated by commas."
                ),
            },
        ),
    )
