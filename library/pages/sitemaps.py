"""Every public page for search engines, in files that are cut by id, so that none has to be counted."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from library.models import Category, Guide, Resource, Section

# Ids in one file: made in a fifth of a second. The protocol allows 50,000 addresses.
FILE_SIZE = 2_500


class FixedPages(Sitemap):  # type: ignore[type-arg]
    """The library page, the list of all resources and the site's own texts."""

    def items(self) -> list[str]:
        return ["library", "resource-list", "help", "about", "privacy", "accessibility", "linking", "checks"]

    def location(self, item: str) -> str:
        return reverse(item)


class Sections(Sitemap):  # type: ignore[type-arg]
    def items(self) -> Any:
        return Section.objects.published()

    def lastmod(self, item: Section) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> None:
        """Left out of the index: it would read every row."""


class Topics(Sitemap):  # type: ignore[type-arg]
    def items(self) -> Any:
        return Category.objects.in_order()


class Guides(Sitemap):  # type: ignore[type-arg]
    def items(self) -> Any:
        return Guide.objects.published()

    def lastmod(self, item: Guide) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> None:
        """Left out of the index: it would read every row."""


class IdRanges:
    """What Django's sitemap views ask of a paginator, over ranges of ids instead of counted rows."""

    @cached_property
    def num_pages(self) -> int:
        highest: int = Resource.objects.aggregate(highest=Max("id"))["highest"] or 0
        return max(1, -(-highest // FILE_SIZE))

    def page(self, number: int | str) -> "IdRange":
        try:
            page = int(number)
        except ValueError as error:
            raise PageNotAnInteger("the number of a file is a whole number") from error
        if not 1 <= page <= self.num_pages:
            raise EmptyPage(f"there are {self.num_pages} files")
        published = Resource.objects.published(timezone.now()).only("slug", "updated_at")
        return IdRange(list(published.filter(id__gt=(page - 1) * FILE_SIZE, id__lte=page * FILE_SIZE).order_by("id")))


class IdRange:
    """One file."""

    def __init__(self, object_list: Sequence[Resource]) -> None:
        self.object_list = object_list


class Resources(Sitemap):  # type: ignore[type-arg]
    @cached_property
    def paginator(self) -> IdRanges:  # type: ignore[override]
        return IdRanges()

    def lastmod(self, item: Resource) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> None:
        """Left out of the index: it would read every row."""


SITEMAPS = {"pages": FixedPages, "sections": Sections, "topics": Topics, "guides": Guides, "resources": Resources}
