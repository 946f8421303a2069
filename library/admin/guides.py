"""Guides: pages in the library's own words, with resources in order and the phrases that find them."""

import re
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import may_change
from library.models import Guide, Resource
from library.models.vocabulary import lines_of_text
from library.pages.guide_page import guide_preview

from .base import CuratedAdmin
from .form_request import FormLayout, FormRequest, Outcome
from .markdown import MarkdownArea
from .publication import PANEL, StateField, buttons_of, saved_response, saved_text, with_button
from .resources.permissions import (
    OwnerChoiceForm,
    OwnerFilter,
    may_edit_every,
    may_publish,
    owner_column,
    protected_columns,
    refuse_taken_draft,
)
from .resources.previews import PREVIEW
from .slugs import SlugForm
from .vocabulary import word_in

# What stands before the name of a resource in its addresses here, also in those of the admin's previews.
_ADDRESS = re.compile(r"(?:^|/)(?:resources|r)/([^/?#\s]+)")
_WITHDRAWAL = _(
    "Removes the guide from every list and search. Its link still works: it opens a page with its title and your "
    "reason. You can publish it again later."
)
_WITHDRAWN = _("This guide isn’t listed anywhere. Old links show its title and your reason.")


class GuideForm(OwnerChoiceForm, SlugForm):
    """A guide's form. Its resources may be pasted as addresses; each becomes its short code with the title."""

    slug_source: ClassVar[str] = "title"

    class Meta:
        widgets: ClassVar = {
            "note": MarkdownArea("guide", "note"),
            "phrases": AdminTextareaWidget(attrs={"rows": 8}),
            "resources": AdminTextareaWidget(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, phrase: str = "", **options: Any) -> None:
        """Shown with this `phrase` among its own, unsaved."""
        super().__init__(*args, **options)
        if phrase and not self.is_bound:
            phrases = lines_of_text(self.initial.get("phrases", ""))
            self.initial["phrases"] = "\n".join(dict.fromkeys([*phrases, phrase]))

    def clean_resources(self) -> str:
        """A line for each, with its short code and its title of today. One query."""
        names = [name_in(line) for line in lines_of_text(self.cleaned_data["resources"])]
        known: dict[str, Resource] = {}
        for resource in Resource.objects.with_names(names):
            known |= {resource.slug: resource, resource.ref: resource}
        if missing := [name for name in dict.fromkeys(names) if name not in known]:
            text = gettext("“%s” isn’t in the library. Paste the address of its page here, or its short code.")
            raise ValidationError([text % name for name in missing])
        return "\n".join(dict.fromkeys(f"{known[name].ref} {known[name].title}" for name in names))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("state") == Guide.State.WITHDRAWN and "withdrawn_reason" not in self.fields:
            self.add_error("state", _("You can only withdraw a published guide. You can delete a draft."))
        elif cleaned.get("state") == Guide.State.WITHDRAWN and not cleaned.get("withdrawn_reason"):
            self.add_error("withdrawn_reason", _("Enter a reason. Readers who follow an old link will see it."))
        return cleaned


def name_in(line: str) -> str:
    """The ref or the slug of a resource in what somebody typed or pasted: an address, or a short code first."""
    first = line.split()[0]
    address = _ADDRESS.search(first)
    return address[1] if address else first


class ReviewFilter(admin.SimpleListFilter):
    """Guides that somebody has to look at again."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.due_for_review(timezone.localdate()) if self.value() == "overdue" else queryset


def readers_see(guide: Guide) -> SafeString | str:
    """One sentence on what readers see of a guide now."""
    if guide.state == Guide.State.DRAFT:
        return gettext("Only curators see this draft.")
    link = format_html('<a href="{0}">{0}</a>', guide.get_absolute_url())
    if guide.is_published:
        return format_html(gettext("Readers see this guide at {}."), link)
    return format_html(gettext("Withdrawn: readers see the reason at {}."), link)


def _withdrawal_of(guide: Guide | None, *, may_publish: bool) -> list[tuple[Any, dict[str, Any]]]:
    """The group for the reason of a withdrawal: beside its button, for what may be withdrawn."""
    group = {"fields": ("withdrawn_reason",)}
    if guide is None or guide.state == Guide.State.DRAFT:
        return []
    if guide.state == Guide.State.WITHDRAWN:
        return [(_("Withdrawal"), group | {"description": _WITHDRAWN})]
    if may_publish:
        return [(_("Withdraw"), group | {"classes": (PANEL,), "description": _WITHDRAWAL})]
    return [(_("Withdraw"), group | {"classes": ("collapse",)})]


def guide_preview_page(owner: CuratedAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the page of a guide as it is saved, whatever its state."""
    guide = get_object_or_404(Guide, pk=pk)
    if not owner.has_view_permission(request, guide):
        raise PermissionDenied
    return guide_preview(request, guide, way_back=reverse("admin:library_guide_change", args=[pk]))


@admin.register(Guide)
class GuideAdmin(CuratedAdmin):
    form = GuideForm
    markdown: ClassVar = {"note": 2}
    list_display = ("title", "state", "review_by", "updated_at")
    list_select_related = ("owner",)
    list_filter = (ReviewFilter, OwnerFilter, "state")
    search_fields = ("title", "slug", "phrases")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("help_lines", "categories", "related")
    only_chosen = ("help_lines", "categories", "related", "owner")
    readonly_fields: ClassVar[Any] = ("updated_at",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(partial(guide_preview_page, self))
        return [path("<int:pk>/preview/", view, name="library_guide_preview"), *super().get_urls()]

    def form_options(self, form_request: FormRequest, layout: FormLayout) -> dict[str, Any]:
        """With a word that readers searched for in vain, where one leads here."""
        return super().form_options(form_request, layout) | {"phrase": word_in(form_request.request)}

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), owner_column(request.user)]

    def get_actions(self, request: HttpRequest) -> Any:
        return {}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the state for who may not publish: the sentence above the form says what it comes to."""
        state = ("state",) if may_publish(request.user) else ()
        owner = ("owner",) if obj and may_edit_every(request.user) else ()
        shown = ("updated_at",) if obj else ()
        return [
            (_("What readers see"), {"fields": ("title", "note", "resources", "help_lines", "help_lines_first")}),
            (_("Finding it"), {"fields": ("phrases", "categories", "related", "slug")}),
            (_("Review"), {"fields": (*owner, ("reviewed_on", "reviewer"), "review_by", *shown, *state)}),
            *_withdrawal_of(obj, may_publish=may_publish(request.user)),
        ]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "state":
            return db_field.formfield(choices_form_class=StateField, **options)
        return super().formfield_for_choice_field(db_field, request, **options)

    def received(self, form_request: FormRequest) -> FormRequest:
        return replace(form_request, data=with_button(form_request.sent))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *where: Any, **how: Any) -> Any:
        """With what readers see of the guide now, and the buttons that this person has for it."""
        guide, form = context["original"], context["adminform"]
        if guide is not None and form.form.is_bound:  # what was sent is laid over it
            guide = self.get_object(request, str(guide.pk))
        context["buttons"] = buttons_of(guide, form, may_publish=may_publish(request.user))
        context |= {"readers_see": guide and readers_see(guide), "is_seen": guide and guide.is_published}
        return super().render_change_form(request, context, *where, **how)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def excluded_columns(self, form: Any) -> Collection[str]:
        return ("former_slugs", *protected_columns(form))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new guide is its maker's."""
        if change:
            refuse_taken_draft(request.user, obj)
        else:
            obj.owner = request.user
        super().save_model(request, obj, form, change)

    def store(self, form_request: FormRequest, form: Any) -> Outcome:
        """Saved; of resources that readers don't see it is said how many they are."""
        outcome = super().store(form_request, form)
        guide: Guide = outcome.row
        if PREVIEW in form_request.sent:
            outcome = replace(outcome, address=reverse("admin:library_guide_preview", args=[guide.pk]))
        hidden = len(guide.refs) - len(guide.published_resources(timezone.now()))
        if not hidden:
            return outcome
        text = ngettext(
            "Readers don’t see %d of its resources: it’s a draft, or withdrawn.",
            "Readers don’t see %d of its resources: they’re drafts, or withdrawn.",
            hidden,
        )
        return replace(outcome, messages=(*outcome.messages, (messages.WARNING, text % hidden)))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """302 to where the pressed button leads, with what readers see now."""
        add = reverse("admin:library_guide_add")
        return saved_response(self, request, obj, saved_text(obj, readers_see(obj)), add)

    def view_on_site(self, guide: Guide) -> str | None:
        return None if guide.state == Guide.State.DRAFT else guide.get_absolute_url()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_change(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts can go: nobody outside has seen them."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == Guide.State.DRAFT)
