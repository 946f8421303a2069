"""Subjects: the short list of categories, and the free tags."""

from typing import Any, ClassVar

import taggit.admin  # noqa: F401 - registers taggit's own tags, which this library does not use
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as StockTag

from library.models import Category, Tag

from .base import Curated
from .slugs import SlugForm

admin.site.unregister(StockTag)


class SubjectForm(SlugForm):
    slug_source: ClassVar[str] = "name"


@admin.register(Category)
class CategoryAdmin(Curated):
    form = SubjectForm
    list_display = ("name", "slug", "scope")
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
    ties = "resources"

    def view_on_site(self, category: Category) -> str:
        return f"{reverse('resource-list')}?category={category.slug}"


@admin.register(Tag)
class TagAdmin(Curated):
    form = SubjectForm
    list_display = ("name", "slug")
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
    ties = "tagged_items"

    def view_on_site(self, tag: Tag) -> str:
        return f"{reverse('resource-list')}?tag={tag.slug}"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        texts = {"slug": _("Stands in addresses: /resources/?tag=sleep. Leave it as it is once it is used.")}
        return super().get_form(request, obj, change, **options | {"help_texts": texts})
