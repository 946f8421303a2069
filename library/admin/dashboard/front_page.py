"""The first page of the admin, and the filters behind its numbers: each number is the list that its link shows."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from library.identity.current import current
from library.maintenance.attention import ENTRY_NEEDS, attention_items

from .coverage import coverage_of


class NeedsFilter(admin.SimpleListFilter):
    """Entries that need something."""

    title = _("issue")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, need.label) for name, need in ENTRY_NEEDS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        need = ENTRY_NEEDS.get(self.value() or "")
        return need.rows(queryset, timezone.now()) if need else queryset


class VerifiedFilter(admin.SimpleListFilter):
    """Help lines that somebody has to look at again."""

    title = _("verified")
    parameter_name = "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("Overdue (more than 90 days ago)"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.overdue(timezone.now()) if self.value() == "overdue" else queryset


def front_page(request: HttpRequest) -> dict[str, Any]:
    """What the first page shows above the list of everything."""
    now, may_see = timezone.now(), request.user.has_perm
    items = attention_items(may_see, now)
    edit_prefix = reverse("desk-edit", args=["/"]).removesuffix("/")
    return {
        "items": items,
        "lacks_operator": may_see("library.view_siteidentity") and not current().operator,
        "has_tasks": any(item.is_task for item in items),
        "may_see_entries": may_see("library.view_resource"),
        "coverage": coverage_of(now) if may_see("library.view_resource") else None,
        "edit_bookmark": f"javascript:location='{edit_prefix}'+location.pathname",
        "edit_prefix": edit_prefix,
    }


_site: Any = admin.site
_site.front_page = front_page
