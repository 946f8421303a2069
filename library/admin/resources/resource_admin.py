"""The resources: one list for all kinds, one form for each, and the order by hand inside a section."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.dashboard.front_page import NeedsFilter
from library.admin.dashboard.open_counts import most_opened_page, opened_of_late
from library.admin.exports import Table
from library.admin.ids import only_ids
from library.admin.imports.feed_pages import feed_page
from library.admin.markdown import MarkdownAdmin
from library.admin.reordering import Mover
from library.admin.taxonomy.filter_values import PublisherFilter, TagFilter
from library.exports.columns import COLUMNS
from library.exports.formats import rows_of
from library.models import Resource, Section
from library.models.kind import Kind

from .bulk_pages import bulk_actions, bulk_page
from .fieldsets import cannot_be_lost, groups_of, with_button, withdraw_button
from .form import SENTENCES, ResourceForm, form_for
from .permissions import ByRole, WhoseFilter
from .pictures import PictureAdmin
from .previews import PreviewAdmin
from .proposals import Proposing, is_asking, to_the_form_of
from .search import CategoryFilter, matching
from .url_changes import after_a_change, before_a_restore

_SECTION = "section__id__exact"


@admin.register(Resource)
class ResourceAdmin(Proposing, PictureAdmin, PreviewAdmin, MarkdownAdmin, ByRole):
    form = ResourceForm
    markdown: ClassVar = {"body": 4}
    list_display = ("title", "kind", "section", "publisher", "published", "status")
    list_select_related = ("section", "publisher", "owner")
    list_filter = (
        TagFilter,
        PublisherFilter,
        NeedsFilter,
        WhoseFilter,
        "state",
        "kind",
        "section",
        "access",
        "link_state",
        CategoryFilter,
    )
    actions = bulk_actions()
    search_fields = ("search",)  # only that there is a search: `finding` does it
    search_help_text = _("Beginnings of words in any of its texts, or its ref, or the end of its address.")
    ordering = ("-pk",)
    sortable_by = ("title", "published", "status")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("section", "publisher", "categories", "series", "successor")
    readonly_fields = (
        "kind",
        "picture_shown",
        "link_for_others",
        "look_at_it",
        "withdraw_now",
        "opened",
        "short_link",
        "older_addresses",
        "updated_at",
    )

    # The list

    def get_urls(self) -> list[URLPattern]:
        """With what readers open most, the feeds, and what is done to many at once."""
        opened = self.admin_site.admin_view(lambda request: most_opened_page(self, request))
        feed = self.admin_site.admin_view(lambda request: feed_page(self, request))
        bulk = self.admin_site.admin_view(lambda request, name: bulk_page(self, request, name))
        own = [
            path("bulk/<slug:name>/", bulk, name="library_resource_bulk"),
            path("feed/", feed, name="library_resource_feed"),
            path("most-opened/", opened, name="library_resource_most_opened"),
        ]
        return [*own, *super().get_urls()]

    def table(self, listed: Any, pks: Sequence[Any]) -> Table:
        """With the columns of an import, whatever the list shows."""
        return COLUMNS, rows_of(pks)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return matching(queryset, search_term), False

    def section_in_order(self, request: HttpRequest) -> Section | None:
        """The section whose entries the list shows, when it shows all of them and nothing else. Costs a query."""
        if not hasattr(request, "section_in_order"):
            asked = only_ids(request.GET.getlist(_SECTION))
            alone = len(asked) == 1 and set(request.GET) <= {_SECTION, PAGE_VAR}
            section = Section.objects.filter(pk=asked[0]).first() if alone else None
            request.section_in_order = section  # type: ignore[attr-defined]
        found: Section | None = request.section_in_order  # type: ignore[attr-defined]
        return found

    def mover(self, request: HttpRequest) -> Mover | None:
        section = self.section_in_order(request)
        return section.move_entry if section else None

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("section_id", "position") if self.section_in_order(request) else self.ordering

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Fewer columns for a section in order: on a small screen the buttons have to be in view."""
        columns = super().get_list_display(request)
        left_out = {"kind", "section", "publisher"} if self.section_in_order(request) else set()
        return [column for column in columns if column not in left_out]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        section = self.section_in_order(request)
        return super().changelist_view(request, {"section_in_order": section, **(extra_context or {})})

    def get_actions(self, request: HttpRequest) -> Any:
        """Without the deletion of many at once: what readers have seen stays, and a draft has its own page."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def choice_label(self, resource: Resource) -> str:
        """Titles repeat; with kind, date and ref each is told from the others."""
        known = [str(resource.get_kind_display()), resource.published_label, resource.ref]
        return f"{resource.title} ({', '.join(part for part in known if part)})"

    # The form

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form for a resource of the kind in the address; without one, the page that asks for it."""
        if kind_asked(request) is None:
            return self._kinds_page(request)
        return super().add_view(request, form_url, extra_context)

    def _kinds_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = request.POST.get("kind")
        if is_asking(request) and chosen in Kind.values:
            return to_the_form_of(query_for(request, Kind(chosen)))
        context = self.admin_site.each_context(request) | {
            "title": gettext("Add a resource: what is it?"),
            "address": request.POST.get("url", ""),
            "is_kind_missing": is_asking(request),
            "opts": self.opts,
            "kinds": [
                (f"?{query_for(request, kind)}", kind.label, sentence, kind.value)
                for kind, sentence in SENTENCES.items()
            ],
        }
        return TemplateResponse(request, "admin/library/resource/kinds.html", context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        request.POST = with_button(request.POST)  # type: ignore[assignment]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        kind = Kind(obj.kind) if obj else kind_asked(request)
        may_change = obj is None or self.has_change_permission(request, obj)
        may_assign = self.has_every_permission(request)
        may_publish = may_change and self.has_publish_permission(request)
        return groups_of(kind or Kind.SITE, obj, may_change=may_change, may_assign=may_assign, may_publish=may_publish)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        kind = None if obj else kind_asked(request)
        return form_for(kind, form) if kind else form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The section of the newest resource of the same kind: most kinds live in one section."""
        alike = Resource.objects.published(timezone.now()).filter(kind=kind_asked(request)).newest_first()
        section = alike.values_list("section", flat=True).first()
        return {"section": section} if section else {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "summary":
            options["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name in {"section", "successor"} and field is not None:
            widget: Any = field.widget  # chosen here, never made or changed from here
            widget.can_add_related = widget.can_change_related = False
        return field

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, which remembers in `was_seen` and `kept_state` what it was before a form was laid over it."""
        resource = super().get_object(request, object_id, from_field)
        if resource is not None:
            resource.was_seen, resource.kept_state = resource.is_public(timezone.now()), resource.state
        return resource

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """With the moment of listing, once readers have seen it: it is history then."""
        shown = super().get_readonly_fields(request, obj)
        seen = getattr(obj, "was_seen", False) and "listed_at" not in shown
        return (*shown, "listed_at") if seen else shown

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def lock(self, request: HttpRequest, pk: int) -> None:
        """The section to which it moves before the row: imports lock in this order, too."""
        asked = only_ids([request.POST.get("section", "")])
        if asked and Resource.objects.filter(pk=pk).exclude(section=asked[0]).exists():
            Section.objects.select_for_update().filter(pk=asked[0]).first()
        super().lock(request, pk)

    def kept_on_save(self, form: Any) -> tuple[str, ...]:
        """Its place, which others may have changed; in another section the model gives it the last one."""
        return super().kept_on_save(form) + (() if "section" in form.changed_data else ("position",))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved; where its address is another one now, it is said what became of the old one."""
        super().save_model(request, obj, form, change)
        before = form.initial.get("slug", obj.slug)
        if change and before != obj.slug:
            self.message_user(request, after_a_change(obj, before), messages.INFO)

    def words_before_a_restore(self, row: Any, fields: dict[str, Any]) -> str:
        slug = fields.get("slug", row.slug)
        return "" if slug == row.slug else before_a_restore(row, slug)

    def words_after_a_restore(self, row: Any, before: Any) -> str:
        return "" if row.slug == before.slug else after_a_change(row, before.slug)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(f"{request.path}?{query_for(request, Kind(obj.kind))}")
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not cannot_be_lost(obj))

    # What is shown and not edited

    def view_on_site(self, resource: Resource) -> str | None:
        return resource.get_absolute_url() if resource.is_public(timezone.now()) else None

    @admin.display(description=_("published"), ordering="published_on")
    def published(self, resource: Resource) -> str:
        return resource.published_label or "–"

    @admin.display(description=_("on this site"), ordering="state")
    def status(self, resource: Resource) -> str:
        """The state as readers meet it: dates make of a published resource a scheduled one, or one that has ended."""
        now = timezone.now()
        if resource.is_gone(now):
            return gettext("Withdrawn")
        if resource.state == Resource.State.DRAFT:
            return gettext("Draft")
        if resource.listed_at and resource.listed_at > now:
            return gettext("From %s") % date_format(timezone.localtime(resource.listed_at), "SHORT_DATETIME_FORMAT")
        if resource.expires_at:
            return gettext("Until %s") % date_format(timezone.localtime(resource.expires_at), "SHORT_DATETIME_FORMAT")
        return gettext("Published")

    @admin.display(description=_("withdraw it"))
    def withdraw_now(self, _resource: Resource) -> SafeString:
        return withdraw_button()

    @admin.display(description=_("opened in the last 28 days"))
    def opened(self, resource: Resource) -> str:
        return opened_of_late(resource)

    @admin.display(description=_("short link"))
    def short_link(self, resource: Resource) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', reverse("short-resource", args=[resource.ref]))

    @admin.display(description=_("older addresses"))
    def older_addresses(self, resource: Resource) -> str:
        former: Any = resource.former_slugs
        slugs = former.order_by("slug").values_list("slug", flat=True)[:50]
        return ", ".join(reverse("resource", args=[slug]) for slug in slugs) or "–"


def kind_asked(request: HttpRequest) -> Kind | None:
    """The kind in the address, if it is one."""
    asked = request.GET.get("kind")
    return Kind(asked) if asked in Kind.values else None


def query_for(request: HttpRequest, kind: Kind) -> str:
    """The query string that adds a resource of this kind, and leads back to the same list."""
    query = QueryDict(mutable=True)
    query["kind"] = kind.value
    if "_changelist_filters" in request.GET:
        query["_changelist_filters"] = request.GET["_changelist_filters"]
    return query.urlencode()
