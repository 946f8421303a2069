"""Subjects: the short list of categories, and the free tags."""

import taggit.admin  # noqa: F401 - registers taggit's own tags, which this library does not use
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as StockTag

from library.models import Category, Tag

from .filter_values import FilterValueAdmin

admin.site.unregister(StockTag)


@admin.register(Category)
class CategoryAdmin(FilterValueAdmin):
    list_display = ("name", "slug", "entries", "scope")
    search_fields = ("name", "slug", "scope")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "slug", "scope"),
                "description": _(
                    "Keep this list short: readers choose from all of it. A free keyword is better made a tag."
                ),
            },
        ),
    )


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
                "description": _("New tags are best made in the form of a resource: type them there, with commas."),
            },
        ),
    )
