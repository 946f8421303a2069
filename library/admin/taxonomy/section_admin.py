"""The sections of the library page: their texts, their order, and the two deliberate acts on their anchors."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import PUBLISH
from library.admin.base import CuratedAdmin
from library.admin.forms import CuratedForm
from library.admin.markdown import MarkdownArea
from library.admin.reordering import is_move, move_row, shows_all, with_buttons
from library.models import Section
from library.search.index import section_total

from .section_pages import change_anchor_page, merge_section_page

_COUNTED = ("library_section_changelist", "library_section_export_")
_BASIC = (_("What readers see"), {"fields": ("title", "intro")})
_LIST = (_("Entries"), {"fields": ("order", "entry_limit")})
_ON_SITE = _(
    "You can’t delete a section readers have seen, because other sites may link to it. Withdraw it, and its anchor "
    "shows your reason. Or merge it into another section, and its anchors lead there."
)


class SectionForm(CuratedForm):
    """The database wants a reason under every withdrawn anchor; so does the form, at its field.

    A new section has no such field: nobody links to it yet, so there is nothing to withdraw.
    """

    class Meta:
        widgets: ClassVar = {"intro": MarkdownArea("section", "intro")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state: Any = self.fields.get("state")
        if state and "withdrawn_reason" not in self.fields:
            state.choices = [choice for choice in state.choices if choice[0] != Section.State.WITHDRAWN]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("state") == Section.State.WITHDRAWN and not cleaned.get("withdrawn_reason"):
            self.add_error("withdrawn_reason", _("Enter a reason. Readers who follow an old link will see it."))
        return cleaned


@admin.register(Section)
class SectionAdmin(CuratedAdmin):
    form = SectionForm
    markdown: ClassVar = {"intro": 3}
    list_display = ("title", "anchor", "state", "order", "to_entries")
    file_columns = ("title", "anchor", "state", "order", "entries")
    list_filter = ("state",)
    search_fields = ("title", "anchor", "aliases__anchor")
    ordering = ("position",)
    sortable_by = ()
    readonly_fields = ("anchor", "addresses", "older_anchors", "since", "updated_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Counted for the list and its files alone: forms and choices do without."""
        sections: Any = super().get_queryset(request)
        match = request.resolver_match
        in_list = match is not None and (match.url_name or "").startswith(_COUNTED)
        return sections.annotate(entry_count=section_total(timezone.now())) if in_list else sections

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            permanent = (_("Permanent link"), {"fields": ("anchor",)})
            return [_BASIC, permanent, _LIST, (_("On this site"), {"fields": ("state",)})]
        anchors = ("anchor", "addresses", "older_anchors", "since")
        text = _("Other sites link to these. If you need to change the anchor, use “Change the anchor…” above.")
        return [
            _BASIC,
            _LIST,
            (_("On this site"), {"fields": ("state", "withdrawn_reason", "updated_at"), "description": _ON_SITE}),
            (_("Permanent links"), {"fields": anchors, "description": text}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An editor sees the state, and a publisher changes it."""
        shown = self.readonly_fields if obj else ()
        return shown if request.user.has_perm(PUBLISH) else (*shown, "state")

    def get_actions(self, request: HttpRequest) -> Any:
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts can go: nobody outside has seen them."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == Section.State.DRAFT)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        return with_buttons(columns) if self._is_movable(request) else columns

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """As its base; 302 to the list when a row was moved."""
        if is_move(request) and not self.has_change_permission(request):
            raise PermissionDenied
        if is_move(request):
            return move_row(self, request, Section.objects.move if shows_all(request) else None)
        return super().changelist_view(request, {"is_movable": self._is_movable(request), **(extra_context or {})})

    def _is_movable(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and shows_all(request)

    def excluded_columns(self, form: Any) -> tuple[str, ...]:
        return ("position", "anchor", *(() if "state" in form.fields else ("state",)))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new section stands last; its anchor is public from the day on which it is published."""
        if not change:
            obj.position = Section.objects.next_position()
        elif form.initial.get("state") == Section.State.DRAFT and "state" in form.changed_data:
            obj.since = timezone.localdate()
        super().save_model(request, obj, form, change)

    # The pages for anchors

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path("<int:pk>/anchor/", self.admin_site.admin_view(self.anchor_view), name="library_section_anchor"),
            path("<int:pk>/merge/", self.admin_site.admin_view(self.merge_view), name="library_section_merge"),
        ]
        return pages + super().get_urls()

    def anchor_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return change_anchor_page(self, request, pk)

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return merge_section_page(self, request, pk)

    # What is shown and not edited

    def view_on_site(self, section: Section) -> str | None:
        return None if section.state == Section.State.DRAFT else section.get_absolute_url()

    @admin.display(description=_("entries"))
    def entries(self, section: Section) -> str:
        return f"{section.total.number}+" if section.total.is_more else str(section.total.number)

    @admin.display(description=_("entries"))
    def to_entries(self, section: Section) -> SafeString:
        url = f"{reverse('admin:library_resource_changelist')}?section__id__exact={section.pk}"
        text = _("Put in order")
        number = self.entries(section)
        return format_html('{0} · <a href="{1}" aria-label="{2}: {3}">{2}</a>', number, url, text, section)

    @admin.display(description=_("permanent links"))
    def addresses(self, section: Section) -> str:
        return f"{reverse('library')}#{section.anchor} · {reverse('short-section', args=[section.anchor])}"

    @admin.display(description=_("former anchors"))
    def older_anchors(self, section: Section) -> SafeString | str:
        rows = ((alias.anchor, date_format(alias.since)) for alias in section.aliases.all())
        return format_html_join(", ", "{} ({})", rows) or "–"
