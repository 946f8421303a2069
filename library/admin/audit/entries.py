"""The activity log, for administrators: a list to look at, each act with what it changed, and what was deleted last."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.base import CuratedAdmin
from library.admin.ids import only_ids
from library.admin.lists import BoundedRows
from library.history.restore import recently_deleted
from library.history.snapshot import VERSIONED_MODELS, is_versioned
from library.models import AuditEntry, ReaderReport, User, Version
from library.search.text_query import tidy_words

_PER_PAGE = 50


class ActFilter(admin.ChoicesFieldListFilter):
    """What was done. A baseline is no act."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        baseline = AuditEntry.Kind.BASELINE.label
        return (choice for choice in super().choices(changelist) if choice["display"] != baseline)


class EntityTypeFilter(admin.SimpleListFilter):
    """To what it was done, by the names that curators know."""

    title = _("type")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = [*VERSIONED_MODELS, ReaderReport, User, Group]
        types = ContentType.objects.get_for_models(*models)
        return [(str(types[model].pk), str(capfirst(model._meta.verbose_name_plural))) for model in types]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        ids = only_ids([self.value() or ""])
        return queryset.filter(entity_type=ids[0]) if ids else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(CuratedAdmin):
    list_display = ("created_at", "person", "kind", "what", "comment")
    list_display_links = None
    list_filter = (("kind", ActFilter), EntityTypeFilter, ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "entity_type")
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
            pages.append(path(address, site.admin_view(view), name=f"library_auditentry_{name}"))
        return pages + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": gettext("Activity log"), **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        return AuditEntry.objects.acts()

    # What is shown

    @admin.display(description=_("who"))
    def person(self, entry: AuditEntry) -> str:
        user = entry.user
        return (
            (user.get_full_name() or user.get_username())
            if user
            else gettext("a command, or someone whose account is gone")
        )

    @admin.display(description=_("item"))
    def what(self, entry: AuditEntry) -> SafeString:
        """The kind of thing and its name, leading to the rows and their differences, where it has versions."""
        model: Any = entry.entity_type.model_class()
        if model is None:
            return format_html("{}", entry.subject)
        noun = model._meta.verbose_name if entry.subject else model._meta.verbose_name_plural
        name = f"{capfirst(noun)}: {entry.subject or entry.total}"
        if not is_versioned(model):
            return format_html("{}", name)
        return format_html('<a href="{}">{}</a>', reverse("admin:library_auditentry_rows", args=[entry.pk]), name)

    # The pages

    def rows_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """200 with the rows of one act, a page of them; 302 to the difference where it was one row that is there."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        entry = AuditEntry.objects.acts().select_related("user", "entity_type").filter(pk=pk).first()
        model: Any = entry and entry.entity_type.model_class()
        if entry is None or model is None:
            raise Http404
        page = Paginator(entry.versions.defer("data").order_by("pk"), _PER_PAGE).get_page(request.GET.get("page"))
        ids = [version.object_id for version in page]
        there = set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
        if page.paginator.count == 1 and there:
            return HttpResponseRedirect(version_address(page[0], model))
        gone = recently_deleted([entry.entity_type]).filter(pk__in=[version.pk for version in page])
        back = set(gone.values_list("pk", flat=True)) if self._may_recover(request, entry, model) else set()
        context = self.admin_site.each_context(request) | {
            "title": str(entry.get_kind_display()),
            "opts": self.opts,
            "entry": entry,
            "page": page,
            "rows": [
                (version, version_address(version, model) if version.object_id in there else "", version.pk in back)
                for version in page
            ],
        }
        return TemplateResponse(request, "admin/library/auditentry/rows.html", context)

    def _may_recover(self, request: HttpRequest, entry: AuditEntry, model: Any) -> bool:
        """Whether this person may bring back what an act deleted."""
        owner: Any = self.admin_site._registry[model]
        return entry.kind == AuditEntry.Kind.DELETED and is_versioned(model) and bool(owner.may_recover(request))

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """200 with what was deleted, of all models that this person may delete, a page of it; 302 after a recovery."""
        admins: list[Any] = [self.admin_site._registry[model] for model in VERSIONED_MODELS]
        types = ContentType.objects.get_for_models(*(one.model for one in admins if one.may_recover(request)))
        if not types:
            raise PermissionDenied
        gone = recently_deleted(list(types.values()))
        if request.method == "POST":
            ids = only_ids([request.POST.get("version", "")])
            return self._recover(request, gone.filter(pk__in=ids).first())
        words = tidy_words(request.GET.get("q", ""))
        for word in words.split():
            gone = gone.filter(label__icontains=word)
        paginator = BoundedRows(gone, _PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        rows = Version.objects.filter(pk__in=paginator.ids_of_page(page.number)).defer("data")
        rows = rows.select_related("entry__user", "entity_type").order_by("-entry_id", "-pk")
        context = self.admin_site.each_context(request) | {
            "title": gettext("Recently deleted"),
            "opts": self.opts,
            "words": words,
            "page": page,
            "rows": [(capfirst(version.entity_type.name), version) for version in rows],
            "may_view_log": self.has_view_permission(request),
        }
        return TemplateResponse(request, "admin/library/auditentry/deleted.html", context)

    def _recover(self, request: HttpRequest, version: Version | None) -> HttpResponse:
        if version is None:
            self.message_user(
                request, gettext("It’s no longer on this list. It may already be back."), messages.WARNING
            )
            return HttpResponseRedirect(request.get_full_path())
        owner: Any = self.admin_site._registry[version.model]
        response: HttpResponse = owner.recover_version(request, version)
        return response


def version_address(version: Version, model: Any) -> str:
    """The page of this version, with what it changed."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_version"
    return reverse(name, args=[version.object_id, version.pk])
