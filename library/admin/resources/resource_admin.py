"""The resources: one list for all kinds, one form for each, and the order by hand inside a section."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import may_change
from library.admin.base import CuratedAdmin
from library.admin.dashboard.calendar import calendar_page
from library.admin.dashboard.front_page import NeedsFilter
from library.admin.dashboard.open_counts import most_opened_page
from library.admin.exports import Table, export_columns_page
from library.admin.form_request import FormAction, FormLayout, FormRequest, Outcome
from library.admin.ids import only_ids
from library.admin.imports.feed_pages import feed_page
from library.admin.links.link_page import link_page
from library.admin.links.pages import links_page, moved_page
from library.admin.publication import StateField, buttons_of, pressed_button, saved_response, with_button
from library.admin.reordering import is_move, move_row, with_buttons
from library.admin.taxonomy.filter_values import PublisherFilter, TagFilter
from library.exports.columns import COLUMNS, MORE
from library.exports.formats import rows_of
from library.models import Resource, Section
from library.models.resource.kinds import Kind

from .bulk_pages import bulk_actions, bulk_page
from .bulk_undo import last_act, undo_page
from .columns import older_addresses, opened_recently, published, quick_edit_column, short_link, status
from .duplicate_urls import answer_button, with_answer
from .duplication import source_of, values_to_copy
from .fieldsets import groups_of, is_permanent
from .form import SENTENCES, ResourceForm
from .kind_page import kind_page
from .permissions import (
    DECIDED,
    OwnerFilter,
    may_edit_every,
    may_publish,
    owner_column,
    protected_columns,
    refuse_taken_draft,
)
from .pictures import picture_page, picture_shown
from .previews import LinkForOthers, press_preview_button, preview_page
from .proposals import carried, fill_in, form_redirect, has_only_address, is_fill_in
from .publication import saved_message, what_readers_see
from .reader_reports import close_report, close_suggestion, reports_of, with_suggested_address
from .review import follow_up, note_page, notes_of
from .saved_filters import filters_context, saved_filters_page
from .search import CategoryFilter, EditorFilter, matching
from .tags import suggested_tags
from .url_changes import NO_TRACKING, slug_notice, slug_warning

_SECTION = "section__id__exact"


@admin.register(Resource)
class ResourceAdmin(CuratedAdmin):
    form = ResourceForm
    markdown: ClassVar = {"body": 4}
    list_display = ("title", "kind", "section", "publisher", published, status)
    list_select_related = ("section", "publisher", "owner")
    list_filter = (
        TagFilter,
        PublisherFilter,
        NeedsFilter,
        OwnerFilter,
        EditorFilter,
        "state",
        "kind",
        "section",
        "access",
        "link_state",
        CategoryFilter,
    )
    actions = bulk_actions()
    search_fields = ("search",)  # only that there is a search: `matching` does it
    search_help_text = _("Type the start of any words in the entry, its ref or URL name, or a web address or site.")
    ordering = ("-pk",)
    sortable_by: ClassVar[Any] = ("title", published, status)
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("section", "publisher", "series", "successor")
    only_chosen = ("section", "successor", "owner")
    readonly_fields: ClassVar[Any] = (
        "kind",
        picture_shown,
        opened_recently,
        short_link,
        older_addresses,
        "link_state",
        "link_checked_on",
        "updated_at",
    )

    def get_urls(self) -> list[URLPattern]:
        """With what readers open most, the feeds, what is done to many at once, and what belongs to one entry."""
        view = self.admin_site.admin_view
        own = [
            path("links/", view(partial(links_page, self)), name="library_resource_links"),
            path("links/moved/", view(partial(moved_page, self)), name="library_resource_moved"),
            path("bulk/<slug:name>/", view(partial(bulk_page, self)), name="library_resource_bulk"),
            path("export/", view(partial(export_columns_page, self)), name="library_resource_export"),
            path("undo/", view(partial(undo_page, self)), name="library_resource_undo"),
            path("filters/", view(partial(saved_filters_page, self)), name="library_resource_filters"),
            path("feed/", view(partial(feed_page, self)), name="library_resource_feed"),
            path("calendar/", view(partial(calendar_page, self)), name="library_resource_calendar"),
            path("most-opened/", view(partial(most_opened_page, self)), name="library_resource_most_opened"),
            path("tags/", view(partial(suggested_tags, self)), name="library_resource_tags"),
            path("<int:pk>/notes/", view(partial(note_page, self)), name="library_resource_note"),
            path("<int:pk>/kind/", view(partial(kind_page, self)), name="library_resource_kind"),
            path("<int:pk>/link/", view(partial(link_page, self)), name="library_resource_link"),
            path("<int:pk>/reports/", view(partial(close_report, self)), name="library_resource_reports"),
            path("<int:pk>/preview/", view(partial(preview_page, self)), name="library_resource_preview"),
            path("<int:pk>/picture/<str:name>", view(partial(picture_page, self)), name="library_resource_picture"),
        ]
        return [*own, *super().get_urls()]

    # The list

    def table(self, listed: Any, pks: Sequence[Any], wanted: Sequence[str]) -> Table:
        """With the columns that are wanted, or else those of an import, whatever the list shows."""
        columns = [column for column in (*COLUMNS, *MORE) if column in wanted] or COLUMNS
        return columns, rows_of(pks, columns)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return matching(queryset, search_term), False

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By hand in a section; what waits for review, since when; else what was added last."""
        if request.GET.get("needs") == "submitted":
            return ("review_request__requested_at",)
        return ("section_id", "position") if requested_section(request) else self.ordering

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """With whose each is, and a small form. Fewer for a section in order: buttons have to be in view."""
        columns = list(super().get_list_display(request))
        if requested_section(request) is None:
            more: list[Any] = [owner_column(request.user)]
            if self.has_change_permission(request):
                more.append(quick_edit_column(request.user, self.get_preserved_filters(request)))
            return [*columns, *more]
        columns = [column for column in columns if column not in {"kind", "section", "publisher"}]
        return with_buttons(columns) if self._may_move(request) else columns

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """As its base; 302 to the list when a row was moved."""
        section_pk = requested_section(request)
        section = Section.objects.filter(pk=section_pk).first() if section_pk else None
        if is_move(request):
            if not self._may_move(request):
                raise PermissionDenied
            return move_row(self, request, section.move_entry if section else None)
        is_movable = section is not None and self._may_move(request)
        context = {"section_in_order": section, "is_movable": is_movable, "last_act": last_act(request)}
        context |= filters_context(request) | (extra_context or {})
        return super().changelist_view(request, context)

    def _may_move(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_every_permission(request)

    def get_actions(self, request: HttpRequest) -> Any:
        """None for authors: an action changes whatever is chosen, also what is not theirs.

        Without the deletion of many at once: what readers have seen stays, and a draft has its own page.
        """
        actions = super().get_actions(request) if self.has_every_permission(request) else {}
        return {name: action for name, action in actions.items() if name != "delete_selected"}

    def choice_label(self, resource: Resource) -> str:
        """Titles repeat; with kind, date and ref each is told from the others."""
        known = [str(resource.get_kind_display()), resource.published_label, resource.ref]
        return f"{resource.title} ({', '.join(part for part in known if part)})"

    # The form

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form for a resource of the kind in the address; without one, the page that asks for it."""
        if requested_kind(request) is None:
            return self._kinds_page(request)
        context = {"copied_from": source_of(self, request), **(extra_context or {})}
        return super().add_view(request, form_url, context)

    def _kinds_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = request.POST.get("kind")
        if is_fill_in(request.POST) and chosen in Kind.values:
            return form_redirect(add_query(request, Kind(chosen)))
        context = self.admin_site.each_context(request) | {
            "title": gettext("Add a resource: what is it?"),
            "address": request.POST.get("url", ""),
            "is_kind_missing": is_fill_in(request.POST),
            "opts": self.opts,
            "kinds": [
                (f"?{add_query(request, kind)}", kind.label, sentence, kind.value)
                for kind, sentence in SENTENCES.items()
            ],
        }
        return TemplateResponse(request, "admin/library/resource/kinds.html", context)

    def received(self, form_request: FormRequest) -> FormRequest:
        form_request = with_suggested_address(replace(form_request, data=with_button(with_answer(form_request.sent))))
        return fill_in(form_request) if is_fill_in(form_request.sent) else form_request

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return groups_of(
            Kind(obj.kind) if obj else requested_kind(request) or Kind.SITE,
            obj,
            link=_link_for_others(request),
            may_change=obj is None or self.has_change_permission(request, obj),
            may_assign=self.has_every_permission(request),
            may_publish=self.has_publish_permission(request),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """With what others decide; with the moment of listing, once readers have seen it: it is history then."""
        decided = set() if self.has_publish_permission(request) else set(DECIDED)
        if obj is not None and is_permanent(obj):
            decided.add("listed_at")
        return (*self.readonly_fields, _link_for_others(request), *sorted(decided))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is copied from another one; else the section of the newest of its kind: most live in one section."""
        source = source_of(self, request)
        if source is not None:
            return values_to_copy(source)
        alike = Resource.objects.published(timezone.now()).filter(kind=requested_kind(request)).newest_first()
        section = alike.values_list("section", flat=True).first()
        return {"section": section} if section else {}

    def form_options(self, form_request: FormRequest, layout: FormLayout) -> dict[str, Any]:
        start = None
        if has_only_address(form_request):
            start = self.get_changeform_initial_data(form_request.request) | {
                "url": form_request.sent.get("url", "")[:2000]
            }
        return super().form_options(form_request, layout) | {
            "kind": requested_kind(form_request.request) if form_request.is_new else None,
            "pressed": pressed_button(form_request.request.POST),
            "proposals": carried(form_request.sent),
            "is_filled_in": form_request.action is FormAction.FILL_IN,
            "start": start,
        }

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "state":
            return db_field.formfield(choices_form_class=StateField, **options)
        return super().formfield_for_choice_field(db_field, request, **options)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *where: Any, **how: Any) -> Any:
        """With what readers see of the entry now, and the buttons that this person has for it."""
        entry, form, now = context["original"], context["adminform"], timezone.now()
        if entry is not None and form.form.is_bound:  # what was sent is laid over it
            entry = self.get_object(request, str(entry.pk))
        notes = notes_of(entry, request.user) if entry else None
        is_waiting = notes is not None and notes.request is not None
        may_publish = self.has_publish_permission(request)
        is_scheduled = entry is not None and not entry.is_listed(now)
        buttons = buttons_of(entry, form, may_publish=may_publish, may_submit=not is_waiting, is_scheduled=is_scheduled)
        context |= {"buttons": buttons, "readers_see": what_readers_see(entry, now) if entry else ""}
        context |= {"notes": notes, "answer": answer_button(request.POST)}
        context |= reports_of(request, entry)
        context["is_seen"] = entry is not None and entry.is_published(now)
        return super().render_change_form(request, context, *where, **how)

    def lock(self, form_request: FormRequest) -> None:
        """The section to which it moves before the row: the undoing of an import locks in this order, too."""
        section = only_ids([form_request.sent.get("section", "")])
        if section and Resource.objects.filter(pk=form_request.pk).exclude(section=section[0]).exists():
            Section.objects.select_for_update(no_key=True).filter(pk=section[0]).first()
        super().lock(form_request)

    def excluded_columns(self, form: Any) -> tuple[str, ...]:
        """With its place, which others may have changed; in another section the model gives it the last one."""
        return protected_columns(form) + (() if "section" in form.changed_data else ("position",))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """With its picture. A new resource is its maker's."""
        if change:
            refuse_taken_draft(request.user, obj)
        else:
            obj.owner = request.user
        super().save_model(request, obj, form, change)
        form.save_picture()

    def store(self, form_request: FormRequest, form: Any) -> Outcome:
        """Saved; where its address is another one now, it is said what became of the old one."""
        outcome = super().store(form_request, form)
        if form_request.is_new:
            close_suggestion(form_request.request, outcome.row)
        before = form.initial.get("slug", outcome.row.slug)
        if not form_request.is_new and before != outcome.row.slug:
            text = slug_notice(outcome.row, before)
            outcome = replace(outcome, messages=((messages.INFO, text), *outcome.messages))
        if form.had_tracking:
            outcome = replace(outcome, messages=(*outcome.messages, (messages.INFO, str(NO_TRACKING))))
        follow_up(form_request, outcome.row, timezone.now())
        return press_preview_button(form_request, outcome)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """302 to where the pressed button leads, with what readers see now."""
        add = f"{reverse('admin:library_resource_add')}?{add_query(request, Kind(obj.kind))}"
        return saved_response(self, request, obj, saved_message(obj, timezone.now()), add)

    def restore_warning(self, row: Any, fields: dict[str, Any]) -> str:
        slug = fields.get("slug", row.slug)
        return "" if slug == row.slug else slug_warning(row, slug)

    def restore_note(self, row: Any, before: Any) -> str:
        return "" if row.slug == before.slug else slug_notice(row, before.slug)

    def view_on_site(self, resource: Resource) -> str | None:
        return resource.get_absolute_url() if resource.is_listed(timezone.now()) else None

    # Permissions

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Also for list actions: `permissions=["publish"]`."""
        return may_publish(request.user)

    def has_every_permission(self, request: HttpRequest) -> bool:
        """For list actions: `permissions=["every"]`."""
        return may_edit_every(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_change(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not is_permanent(obj))


def _link_for_others(request: HttpRequest) -> LinkForOthers:
    return LinkForOthers(request.build_absolute_uri("/").removesuffix("/"))


def requested_section(request: HttpRequest) -> str | None:
    """The id of the section whose entries the list shows, when it is asked for all of them and nothing else."""
    ids = only_ids(request.GET.getlist(_SECTION))
    return ids[0] if len(ids) == 1 and set(request.GET) <= {_SECTION, PAGE_VAR} else None


def requested_kind(request: HttpRequest) -> Kind | None:
    """The kind in the address, if it is one."""
    kind = request.GET.get("kind")
    return Kind(kind) if kind in Kind.values else None


def add_query(request: HttpRequest, kind: Kind) -> str:
    """The query string that adds a resource of this kind, and leads back to the same list."""
    query = QueryDict(mutable=True)
    query["kind"] = kind.value
    if "_changelist_filters" in request.GET:
        query["_changelist_filters"] = request.GET["_changelist_filters"]
    return query.urlencode()
