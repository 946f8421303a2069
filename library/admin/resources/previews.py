"""Looking at an entry before readers do: the curators' own preview, and a link for somebody without an account.

Both show the row as it is saved. The buttons belong to the form and save it first, so that nothing typed is lost.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.base import Curated
from library.history.record import note
from library.models import Deed, PreviewLink, Resource
from library.pages.resource_page import preview_of

from .url_changes import form_of

PREVIEW, MAKE_LINK, END_LINK = "_preview", "_make_link", "_end_link"
_BEFORE_READERS = _(
    "Shows this entry as readers would see it, before they do. A link for somebody without an account works "
    "for seven days or until you end it; no search engine finds it. Whoever has the link sees the entry as it "
    "is saved at that moment."
)
_WITH_READERS = _(
    "Readers see this entry now, and whatever you save they see at once. What is not finished is better written "
    "elsewhere first. Nobody needs a link of their own: “View on site” leads to its address, and everybody can open it."
)


def preview_group(resource: Resource) -> tuple[Any, dict[str, Any]]:
    """The group of the form with the buttons, and what they do."""
    # As it is kept: a form that is refused has been laid over the row by then.
    if getattr(resource, "was_open", is_seen(resource)):
        return _("What readers see"), {"fields": ("look_at_it",), "description": _WITH_READERS}
    return _("Preview"), {"fields": ("link_for_others",), "description": _BEFORE_READERS}


def is_seen(resource: Resource) -> bool:
    """Whether readers see the page of this entry now."""
    now = timezone.now()
    return resource.is_public(now) and not resource.is_gone(now)


class PreviewAdmin(Curated):
    """The pages and buttons that show an entry before readers see it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/preview/", view, name="library_resource_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """200 with the page of a resource as it is saved, whatever its state."""
        entry = get_object_or_404(Resource.objects.with_page_relations(), pk=pk)
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        return preview_of(request, entry, timezone.now(), way_back=form_of(entry))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        resource = super().get_object(request, object_id, from_field)
        if resource is not None:
            resource.site_root = request.build_absolute_uri("/").removesuffix("/")
            resource.was_open = is_seen(resource)
        return resource

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after_saving(request, obj) or super().response_change(request, obj)

    def _after_saving(self, request: HttpRequest, resource: Resource) -> HttpResponse | None:
        """What the buttons of this module do with a form that has been saved; None for other buttons."""
        if PREVIEW in request.POST:
            return HttpResponseRedirect(reverse("admin:library_resource_preview", args=[resource.pk]))
        if MAKE_LINK in request.POST and is_seen(resource):
            words = gettext("Saved. No link was made: readers see the entry, and everybody can open its address.")
            self.message_user(request, words, messages.WARNING)
            return HttpResponseRedirect(form_of(resource))
        if MAKE_LINK in request.POST:
            user: Any = request.user
            link = PreviewLink.objects.make(resource, user, timezone.now())
            words = gettext("Saved. Until %s somebody without an account can use the link below.") % _moment(link)
        elif END_LINK in request.POST:
            PreviewLink.objects.end(resource)
            words = gettext("Saved. The link for somebody without an account has ended.")
        else:
            return None
        self.log_change(request, resource, words)
        note(Resource, Deed.Kind.CHANGED, row=resource, by=self._curator(request), now=timezone.now(), words=words)
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(f"{form_of(resource)}#link_for_others")

    @admin.display(description=_("link for somebody else"))
    def link_for_others(self, resource: Any) -> SafeString:
        """The link that works now, if there is one, and the buttons that make and end one."""
        link = PreviewLink.objects.alive(timezone.now()).filter(resource=resource.pk).first()
        made = [(PREVIEW, gettext("Save and preview"))]
        made += [(MAKE_LINK, gettext("Save and make a new link") if link else gettext("Save and make a link"))]
        made += [(END_LINK, gettext("Save and end the link"))] if link else []
        words: Any = gettext("There is none that works.")
        if link:
            address = f"{getattr(resource, 'site_root', '')}{link.get_absolute_url()}"
            until = gettext("It works until %s, and no longer when you make a new one.") % _moment(link)
            words = format_html('<a href="{0}">{0}</a><br>{1}', address, until)
        return format_html('<div id="link_for_others"><p>{}</p><p>{}</p></div>', words, _buttons(made))

    @admin.display(description=_("look at it"))
    def look_at_it(self, resource: Any) -> SafeString:
        """The button for an entry that readers see, and the one that ends a link from before."""
        link = PreviewLink.objects.alive(timezone.now()).filter(resource=resource.pk).exists()
        made = [(PREVIEW, gettext("Save and look at it"))]
        return _buttons([*made, (END_LINK, gettext("Save and end the link from before"))] if link else made)


def _buttons(made: list[tuple[str, str]]) -> SafeString:
    return format_html_join(" ", '<button type="submit" name="{}" value="1">{}</button>', made)


def _moment(link: PreviewLink) -> str:
    return date_format(timezone.localtime(link.until), "DATETIME_FORMAT")
