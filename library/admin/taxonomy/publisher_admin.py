"""Who made a resource, and the series that resources belong to."""

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from library.admin.base import CuratedAdmin
from library.admin.slugs import SlugForm
from library.models import Publisher, Series

from .filter_values import FilterValueAdmin


class SeriesForm(SlugForm):
    slug_source: ClassVar[str] = "title"


@admin.register(Publisher)
class PublisherAdmin(FilterValueAdmin):
    list_display = ("name", "slug", "entries", "url")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "slug", "url"),
                "description": _("The organization that created the resource. Listed with each one."),
            },
        ),
    )


@admin.register(Series)
class SeriesAdmin(CuratedAdmin):
    form = SeriesForm
    list_display = ("title", "publisher", "url")
    list_select_related = ("publisher",)
    search_fields = ("title", "slug", "publisher__name")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("publisher",)
    fieldsets = (
        (
            None,
            {
                "fields": ("title", "slug", "publisher", "url", "description"),
                "description": _(
                    "A set of resources from one source, such as a podcast. Each episode names its series."
                ),
            },
        ),
    )
