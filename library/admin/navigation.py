"""The navigation of every desk page: the parts that this person may see, and the one in which they are."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# What a curator needs most comes first; people come last. A part is a list, or several that belong together.
_PARTS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Resources"), ("library.Resource",)),
    (_("Guides"), ("library.Guide",)),
    (_("Topics"), ("library.Section", "library.Category", "library.Tag", "library.Publisher", "library.Series")),
    (_("Help lines"), ("library.HelpLine", "library.HelpLineChange")),
    (_("Reports"), ("library.ReaderReport", "library.ZeroResultTerm")),
    (_("Imports"), ("library.FileImport",)),
    (_("Site"), ("library.Page", "library.SiteIdentity", "library.SynonymGroup", "library.CrisisTerm")),
    (_("People"), ("library.User", "auth.Group", "library.AuditEntry")),
)
# Lists whose model has a name that nobody would look for.
LIST_LABELS = {"library.AuditEntry": _("Activity log")}


@dataclass(frozen=True)
class NavigationLink:
    """A list of the desk. `is_here` says that the page is this list, or about one of its rows."""

    label: str
    path: str
    is_here: bool


@dataclass(frozen=True)
class NavigationPart(NavigationLink):
    """A part of the desk, which leads to the first of its lists."""

    links: tuple[NavigationLink, ...]


@dataclass(frozen=True)
class Navigation:
    """The parts, and the lists beside this one in its part: none where there is only one."""

    parts: tuple[NavigationPart, ...]
    beside: tuple[NavigationLink, ...]
    # The name of the part of this page; empty on pages that belong to none.
    here: str


def navigation_of(site: AdminSite, request: HttpRequest) -> Navigation:
    """Costs no query beyond the rights of the person, which are kept on them."""
    parts = tuple(
        NavigationPart(str(label), links[0].path, any(link.is_here for link in links), links)
        for label, names in _PARTS
        if (links := tuple(link for name in names if (link := _link_to(site, request, name))))
    )
    part = next((part for part in parts if part.is_here), None)
    beside = part.links if part and len(part.links) > 1 else ()
    return Navigation(parts, beside, part.label if part else "")


def _link_to(site: AdminSite, request: HttpRequest, name: str) -> NavigationLink | None:
    owner = _owners(site)[name]
    if not owner.has_view_permission(request):
        return None
    path = reverse(f"admin:{owner.opts.app_label}_{owner.opts.model_name}_changelist", current_app=site.name)
    label = LIST_LABELS.get(name, owner.opts.verbose_name_plural)
    return NavigationLink(capfirst(str(label)), path, request.path.startswith(path))


def _owners(site: AdminSite) -> dict[str, Any]:
    return {model._meta.label: owner for model, owner in site._registry.items()}
