"""The tags of an entry: a field for names with commas between them, and what it suggests while somebody types."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, When
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from taggit.forms import TagField, TextareaTagWidget

from library.admin.forms import CuratedForm
from library.models import Tag
from library.models.taxonomy import split_tags, validate_tags
from library.taxonomy.lookup import known_tag_names

# So many tags are suggested.
_SUGGESTED = 8


class TagsArea(TextareaTagWidget):  # type: ignore[misc]
    """A text field that needs no script. With one, each tag has a button that removes it, and others are suggested."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        own = {"rows": 2, "class": "vLargeTextField", "data-tags": reverse("admin:library_resource_tags")}
        return super().build_attrs(base_attrs, extra_attrs) | own | {"data-words": json.dumps(_words())}


def _words() -> dict[str, str]:
    """What the script says."""
    return {
        "chosen": gettext("Tags of this entry"),
        "suggested": gettext("Suggested tags"),
        "remove": gettext("Remove %s"),
        "removed": gettext("%s removed."),
        "added": gettext("%s added."),
        "entries": gettext("entries: %d"),
        "isNew": gettext("(new tag)"),
        "found": gettext("Suggestions: %d. Use the arrow keys."),
    }


class TagsField(TagField):  # type: ignore[misc]
    """A text that comes back as it was shown is no change, however older tags in it are written."""

    widget = TagsArea

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (data or "") != (self.widget.format_value(initial) or "") and bool(super().has_changed(initial, data))


class TagsForm(CuratedForm):
    """Takes a tag that the library has in any case, or had under this name, and makes the others."""

    def clean_tags(self) -> list[str]:
        if "tags" not in self.changed_data:
            return [tag.name for tag in self.initial.get("tags") or ()]
        names: list[str] = self.cleaned_data["tags"]
        validate_tags(names)
        known = known_tag_names(names)
        return sorted({known.get(name, name) for name in names})


def suggested_tags(owner: Any, request: HttpRequest) -> JsonResponse:
    """200 with the tags whose name has these words, at most eight: first that very name, then those that begin so.

    Of each its name, and how many entries have it.
    """
    if not (owner.has_change_permission(request) or owner.has_add_permission(request)):
        raise PermissionDenied
    words = "".join(split_tags(request.GET.get("q", "")[:100])[:1])
    if not words:
        return JsonResponse({"tags": []})
    closeness = Case(When(name__iexact=words, then=0), When(name__istartswith=words, then=1), default=2)
    tags = Tag.objects.filter(name__icontains=words).order_by(closeness, "name")[:_SUGGESTED]
    counts = dict(
        Tag.objects.filter(pk__in=[tag.pk for tag in tags])
        .annotate(number=Count("tagged_items"))
        .values_list("pk", "number")
    )
    return JsonResponse({"tags": [{"name": tag.name, "entries": counts.get(tag.pk, 0)} for tag in tags]})
