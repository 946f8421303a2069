"""Who did what, for administrators: a list to look at, each deed with what it changed, and what was deleted last."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from library.admin.base import CuratedAdmin
from library.admin.ids import only_ids
from library.admin.lists import BoundedRows
from library.history.restore import recently_deleted
from library.history.snapshot import VERSIONED_MODELS
from library.models import Deed, ReaderReport, User
from library.search.text_query import tidy_words

_PER_PAGE = 50


class About(admin.SimpleListFilter):
    """To what it was done, by the names that curators know."""

    title = _("kind of thing")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = [*VERSIONED_MODELS, ReaderReport, User, Group]
        found = ContentType.objects.get_for_models(*models)
        return [(str(about.pk), str(capfirst(model._meta.verbose_name_plural))) for model, about in found.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = only_ids([self.value() or ""])
        return queryset.filter(about=asked[0]) if asked else queryset


@admin.register(Deed)
class DeedAdmin(CuratedAdmin):
    list_display = ("moment", "person", "kind", "what", "words")
    list_display_links = None
    list_filter = ("kind", About, ("revision__user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("revision__user", "about")
    ordering = ("-pk",)
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        site, pages = self.admin_site, []
        for address, view, name in (
            ("deleted/", self.deleted_view, "deleted"),
            ("<int:pk>/rows/", self.rows_view, "rows"),
        ):
            pages.append(path(address, site.admin_view(view), name=f"library_deed_{name}"))
        return pages + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": gettext("Who did what"), **(extra_context or {})})

    # What is shown

    @admin.display(description=_("when"))
    def moment(self, deed: Deed) -> str:
        return date_format(timezone.localtime(deed.revision.date_created), "DATETIME_FORMAT")

    @admin.display(description=_("who"))
    def person(self, deed: Deed) -> str:
        user = deed.revision.user
        return (user.get_full_name() or user.get_username()) if user else gettext("a command, or somebody who is gone")

    @admin.display(description=_("to what"))
    def what(self, deed: Deed) -> SafeString:
        """The kind of thing and its name, leading to the rows and their differences, where any are kept."""
        model: Any = deed.about.model_class()
        if model is None:
            return format_html("{}", deed.subject)
        noun = model._meta.verbose_name if deed.subject else model._meta.verbose_name_plural
        name = f"{capfirst(noun)}: {deed.subject or deed.total}"
        if model not in VERSIONED_MODELS:
            return format_html("{}", name)
        return format_html('<a href="{}">{}</a>', reverse("admin:library_deed_rows", args=[deed.pk]), name)

    @admin.display(description=_("in words"))
    def words(self, deed: Deed) -> str:
        return str(deed.revision.comment)

    # The pages

    def rows_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """200 with the rows of one deed, a page of them; 302 to the difference where it was one row that is there."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        deed = Deed.objects.select_related("revision__user", "about").filter(pk=pk).first()
        model: Any = deed and deed.about.model_class()
        if deed is None or model is None:
            raise Http404
        versions = Version.objects.filter(revision=pk).defer("serialized_data").order_by("pk")
        page = Paginator(versions, _PER_PAGE).get_page(request.GET.get("page"))
        numbers = [version.object_id for version in page]
        there = set(model._base_manager.filter(pk__in=numbers).values_list("pk", flat=True))
        if page.paginator.count == 1 and there:
            return HttpResponseRedirect(version_address(page[0], model))
        gone = recently_deleted([deed.about]).filter(pk__in=[version.pk for version in page])
        back = set(gone.values_list("pk", flat=True)) if self._may_recover(request, deed, model) else set()
        context = self.admin_site.each_context(request) | {
            "title": str(deed.get_kind_display()),
            "opts": self.opts,
            "deed": deed,
            "page": page,
            "rows": [
                (
                    version,
                    version_address(version, model) if int(version.object_id) in there else "",
                    version.pk in back,
                )
                for version in page
            ],
        }
        return TemplateResponse(request, "admin/library/auditentry/rows.html", context)

    def _may_recover(self, request: HttpRequest, deed: Deed, model: Any) -> bool:
        """Whether this person may bring back what a deed deleted."""
        owner: Any = self.admin_site._registry[model]
        return deed.kind == Deed.Kind.DELETED and model in VERSIONED_MODELS and bool(owner.may_recover(request))

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """200 with what was deleted, of all models that this person may delete, a page of it; 302 after a recovery."""
        admins: list[Any] = [self.admin_site._registry[model] for model in VERSIONED_MODELS]
        abouts = ContentType.objects.get_for_models(*(one.model for one in admins if one.may_recover(request)))
        if not abouts:
            raise PermissionDenied
        gone = recently_deleted(list(abouts.values()))
        if request.method == "POST":
            asked = only_ids([request.POST.get("version", "")])
            return self._recover(request, gone.filter(pk__in=asked).first())
        words = tidy_words(request.GET.get("q", ""))
        for word in words.split():
            gone = gone.filter(object_repr__icontains=word)
        paginator = BoundedRows(gone, _PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        rows = Version.objects.filter(pk__in=paginator.ids_of_page(page.number)).defer("serialized_data")
        rows = rows.select_related("revision__user", "content_type").order_by("-revision_id", "-pk")
        context = self.admin_site.each_context(request) | {
            "title": gettext("Recently deleted"),
            "opts": self.opts,
            "words": words,
            "page": page,
            "rows": [(capfirst(version.content_type.name), version) for version in rows],
            "may_view_deeds": self.has_view_permission(request),
        }
        return TemplateResponse(request, "admin/library/auditentry/deleted.html", context)

    def _recover(self, request: HttpRequest, version: Version | None) -> HttpResponse:
        if version is None:
            self.message_user(
                request, gettext("It is no longer in this list. Perhaps it is back already."), messages.WARNING
            )
            return HttpResponseRedirect(request.get_full_path())
        owner: Any = self.admin_site._registry[version._model]
        response: HttpResponse = owner.recover_version(request, version)
        return response


def version_address(version: Version, model: Any) -> str:
    """The page of this version, with what it changed."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_version"
    return reverse(name, args=[version.object_id, version.pk])
