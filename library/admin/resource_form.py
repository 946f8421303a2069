"""The form of a resource: the fields of its kind, and what it fills in or refuses in plain words."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from library.models import FormerSlug, Resource
from library.models.kind import FIELDS_OF_KIND, Kind
from library.models.taxonomy import validate_tags

from .slugs import SlugForm

# Each kind in one sentence, for the page that asks for it, and the heading of its own fields.
SENTENCES = {
    Kind.COURSE: _("A training to work through: online or in a classroom, with a length and a format."),
    Kind.PODCAST: _("One episode to listen to, with a speaker, a date and a running time."),
    Kind.REVIEW: _("A critical-incident or after-action review: a report on what happened and what was learned."),
    Kind.FORUM: _("A place or a group where officers exchange experience, described in a text of its own."),
    Kind.SITE: _("Any other website worth knowing, with a summary of what a reader finds there."),
}
HEADINGS = {
    Kind.COURSE: _("The course"),
    Kind.PODCAST: _("The episode"),
    Kind.REVIEW: _("The review"),
    Kind.FORUM: _("The forum"),
}
_SEEN = _(
    "Readers have seen this entry, so it cannot be deleted and goes on having its address. To take it out of the "
    "lists, set the state to “Withdrawn” and write the reason; name a resource that replaces it, if there is one."
)
_UNSEEN = _("Nobody but curators sees a draft. A draft can be deleted; what readers have seen can only be withdrawn.")
_ADDED = _(
    "The end of its address, e.g. building-personal-resilience. It follows the title by itself; where another "
    "resource has the same, a number is added."
)
_CHANGED = _("The end of its address. After a change the old address leads to the new one.")
_PERMANENT = _("These never change, whatever else does. The short link is the best one to print or to send.")


def fieldsets_of(kind: Kind, resource: Resource | None) -> list[tuple[Any, dict[str, Any]]]:
    """The groups of the form: the common fields and those of this kind, in the order in which a curator meets them."""
    own = [(HEADINGS[kind], {"fields": FIELDS_OF_KIND[kind]})] if FIELDS_OF_KIND[kind] else []
    made = ("publisher", "credit", ("published_on", "published_precision"))
    site: tuple[Any, ...] = ("section", "categories", "tags", "state", "listed_at")
    if resource is not None:
        site += ("withdrawn_reason", "successor")
    words = _SEEN if resource is not None and cannot_be_lost(resource) else _UNSEEN
    groups: list[tuple[Any, dict[str, Any]]] = [
        (_("What it is"), {"fields": ("kind", "title", "slug", "summary", "keywords")}),
        *own,
        (_("Where it leads"), {"fields": ("url",)}),
        (_("Who made it and when"), {"fields": made}),
        (_("Before the reader clicks"), {"fields": ("access", "access_note", "content_note")}),
        (_("On this site"), {"fields": site, "description": words}),
        (_("Is it still right?"), {"fields": (("reviewed_on", "review_by"), ("link_state", "link_checked_on"))}),
    ]
    if resource is not None:
        permanent = ("short_link", "older_addresses", "updated_at")
        groups.append((_("Its permanent names"), {"fields": permanent, "description": _PERMANENT}))
    return groups


def cannot_be_lost(resource: Resource) -> bool:
    """Whether the database refuses to delete it: readers have seen it."""
    return resource.is_public(timezone.now())


class ResourceForm(SlugForm):
    """For a new resource the class is made with its `kind`; later the kind is the row's own."""

    slug_source: ClassVar[str] = "title"
    kind: ClassVar[Kind | None] = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.kind is not None:
            self.instance.kind = self.kind
        if "slug" in self.fields:
            self.fields["slug"].help_text = _ADDED if self.instance._state.adding else _CHANGED

    def slug_models(self) -> tuple[type[Model], ...]:
        return (Resource, FormerSlug)

    def slug_fallback(self) -> str:
        return str(self.instance.ref)

    def clean_summary(self) -> str:
        """On one line: the field is high only so that all of it can be read while it is written."""
        return " ".join(self.cleaned_data["summary"].split())

    def clean_tags(self) -> list[str]:
        tags: list[str] = self.cleaned_data["tags"]
        validate_tags(tags)
        return tags

    def clean_listed_at(self) -> Any:
        moment = self.cleaned_data["listed_at"]
        if moment and not 2000 <= moment.year <= 2100:
            raise ValidationError(_("Enter a year from 2000 to 2100."))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("state") == Resource.State.WITHDRAWN and "withdrawn_reason" not in self.fields:
            self.add_error("state", _("A new resource is a draft or published."))
        elif cleaned.get("state") == Resource.State.WITHDRAWN and not cleaned.get("withdrawn_reason"):
            self.add_error("withdrawn_reason", _("Write the reason: readers who follow an old link will see it."))
        return cleaned


def form_for(kind: Kind, form: type[forms.ModelForm]) -> type[forms.ModelForm]:  # type: ignore[type-arg]
    """`form` for a new resource of this kind."""
    return type(form.__name__, (form,), {"kind": kind})
