"""From a page that readers see to what a curator edits of it. The page itself is the same for everybody."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext

from library.models import Category, FormerValue, Guide, Page, Resource, Section


def edit_page_of(request: HttpRequest, page: str) -> HttpResponse:
    """302 to the form about what is at this public address; to the first page, with a message, if nothing is."""
    address = edit_address(page)
    if address:
        return HttpResponseRedirect(address)
    messages.warning(request, gettext("There’s nothing to edit at %s. Is it a page readers see?") % page)
    return HttpResponseRedirect(reverse("admin:index"))


def own_path(request: HttpRequest, pasted: str) -> str:
    """The path of a pasted address of this very site; empty for any other text. `/r/abc` counts, too."""
    try:
        parts = urlsplit(pasted.strip())
    except ValueError:
        return ""
    hosts = {request.get_host(), urlsplit(settings.SITE_ADDRESS).netloc}
    if parts.scheme in {"http", "https"}:
        return (parts.path or "/") if parts.netloc in hosts else ""
    return parts.path if pasted.strip().startswith("/") and not parts.netloc else ""


def edit_address(path: str) -> str:
    """Where a curator edits what readers see at `path`: a form, or a list; empty where there is no such page or row."""
    try:
        match = resolve(path if path.endswith("/") else f"{path}/")
    except Resolver404:
        return ""
    find = _FINDERS.get(match.url_name or "")
    found = find(**match.kwargs) if find else None
    if found is None or isinstance(found, str):
        return found or ""
    return reverse(f"admin:library_{found._meta.model_name}_change", args=[found.pk])


def _resource_at(slug: str) -> Any:
    return (
        Resource.objects.only("pk").filter(slug=slug).first()
        or Resource.objects.only("pk").filter(former_slugs__slug=slug).first()
    )


def _resource_of(ref: str) -> Any:
    return Resource.objects.only("pk").filter(ref=ref).first()


def _section_at(anchor: str) -> Any:
    return Section.objects.with_name(anchor).first()


def _guide_at(slug: str) -> Any:
    return Guide.objects.with_slug(slug).first()


def _category_at(slug: str) -> Any:
    former = FormerValue.objects.of(Category).filter(slug=slug)
    return (
        Category.objects.filter(slug=slug).first() or Category.objects.filter(pk__in=former.values("target_id")).first()
    )


def _text_of(name: str) -> Callable[..., Any]:
    return lambda **_arguments: Page.objects.filter(name=name).first()


def _list_of(model: str) -> Callable[..., str]:
    return lambda **_arguments: reverse(f"admin:library_{model}_changelist")


# What of each page is edited, by the name of its address: a row, a list's address, or None.
_FINDERS: dict[str, Callable[..., Any]] = {
    "resource": _resource_at,
    "transcript": _resource_at,
    "resource-handout": _resource_at,
    "short-resource": _resource_of,
    "section": _section_at,
    "section-handout": _section_at,
    "short-section": _section_at,
    "guide": _guide_at,
    "topic": _category_at,
    "help": _list_of("helpline"),
    "resource-list": _list_of("resource"),
    **{name: _text_of(name) for name in ("library", "about", "privacy", "accessibility", "linking", "checks")},
}
