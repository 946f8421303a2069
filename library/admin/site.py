"""The curators' site in the place of Django's stock admin: its name, its front page, choices that can be told apart."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, re_path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.identity.current import current

from .navigation import LIST_LABELS, navigation_of

# What a curator needs most comes first; people come last. What is not named here follows in Django's order.
_SEARCH = ("SynonymGroup", "CrisisTerm")
_LIBRARY = (
    "Resource",
    "Guide",
    "ReaderReport",
    "FileImport",
    "ZeroResultTerm",
    "Section",
    "HelpLine",
    "HelpLineChange",
    "Page",
    "SiteIdentity",
    "Publisher",
    "Series",
    "Category",
    "Tag",
    *_SEARCH,
)
_PEOPLE = ("User", "Group")

# Models of which addresses here had another name, with that of today.
_FORMER_MODELS = {"deed": "auditentry", "missedword": "zeroresultterm", "bestbet": "guide"}


class Choices(AutocompleteJsonView):
    """What an autocomplete field offers: each row in the words of its own admin."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        choice: dict[str, str] = super().serialize_result(obj, to_field_name)
        label = getattr(self.model_admin, "choice_label", str)
        return choice | {"text": label(obj)}


class CuratorSite(AdminSite):
    """Django's admin site with the names and the order of this library."""

    index_title = _("What would you like to do?")
    enable_nav_sidebar = False  # the lists need the width
    # What stands above the list of everything: `library.admin.dashboard.front_page` says it, which knows the models.
    front_page: Callable[[HttpRequest], dict[str, Any]] = staticmethod(lambda request: {})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = gettext("%s – curators") % current().name
        navigation = SimpleLazyObject(partial(navigation_of, self, request))
        return super().each_context(request) | {"site_title": name, "site_header": name, "navigation": navigation}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """302 to the page that signs people in, and from there to where they wanted to go."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def get_urls(self) -> list[Any]:
        """Django's own, but “View on site” first, in a form that asks who may see the row."""
        address = "r/<path:content_type_id>/<path:object_id>/"
        return [
            path(address, self.admin_view(self.view_on_site), name="view_on_site"),
            re_path(rf"^library/(?P<model>{'|'.join(_FORMER_MODELS)})/(?P<rest>.*)$", self.former_address),
            *super().get_urls(),
        ]

    def former_address(self, request: HttpRequest, model: str, rest: str) -> HttpResponse:
        """301 to the pages of today of what had another name, and so had the audit log's filter by person."""
        address = reverse(f"admin:library_{_FORMER_MODELS[model]}_changelist", current_app=self.name) + quote(rest)
        query = request.META["QUERY_STRING"].replace("revision__user__", "user__")
        return HttpResponsePermanentRedirect(f"{address}?{query}".rstrip("?"))

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """302 to the row's page on the site; 404 for people who can't see the row here, drafts and their titles too."""
        kinds = apps.get_model("contenttypes", "ContentType").objects
        try:
            model = kinds.get(pk=content_type_id).model_class()
            owner = self.get_model_admin(model) if model else None
        except (ObjectDoesNotExist, ValueError, NotRegistered) as error:
            raise Http404 from error
        row = owner.get_object(request, object_id) if owner else None
        if owner is None or row is None or not owner.has_view_permission(request, row):
            raise Http404
        if not hasattr(row, "get_absolute_url"):
            raise Http404
        return HttpResponseRedirect(row.get_absolute_url())

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Choices.as_view(admin_site=self)(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page, with what waits for those who may see it."""
        return super().index(request, self.front_page(request) | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """All models in two groups, in the order that curators think in.

        Made once something asks for it: Django gives it to every page, for a sidebar that none here has.
        """
        return SimpleLazyObject(partial(self._app_groups, request, app_label))

    def _app_groups(self, request: HttpRequest, app_label: str | None) -> list[Any]:
        apps: list[Any] = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        if "AuditEntry" in models:
            models["AuditEntry"]["name"] = LIST_LABELS["library.AuditEntry"]
        library = [models.pop(name) for name in _LIBRARY if name in models]
        people = [models.pop(name) for name in _PEOPLE if name in models]
        groups = [(_("The library"), "library", library), (_("People"), "auth", people + list(models.values()))]
        return [self._group(name, label, rows) for name, label, rows in groups if rows]

    def _group(self, name: Any, app_label: str, models: list[Any]) -> dict[str, Any]:
        url = reverse("admin:app_list", kwargs={"app_label": app_label}, current_app=self.name)
        return {"name": name, "app_label": app_label, "app_url": url, "has_module_perms": True, "models": models}
