"""“Duplicate”: the form of a new resource, filled in with what another one says of itself."""

from typing import Any

from django.forms import model_to_dict
from django.http import HttpRequest

from library.admin.base import CuratedAdmin
from library.admin.ids import only_ids
from library.models import Resource

# The query parameter with the id of the entry that is copied.
SOURCE = "copy_of"
# What belongs to the one entry: its names and its address, what readers see of it, and what was found out about it.
_ITS_OWN = (
    "kind",
    "slug",
    "url",
    "state",
    "listed_at",
    "expires_at",
    "withdrawn_reason",
    "successor",
    "owner",
    "reviewed_on",
    "review_by",
)


def source_of(owner: CuratedAdmin, request: HttpRequest) -> Resource | None:
    """The entry that the address asks to copy; None where it asks for none that this person may see. One query."""
    pk = next(iter(only_ids(request.GET.getlist(SOURCE))), None)
    entry: Resource | None = owner.get_object(request, pk) if pk else None
    return entry if entry and owner.has_view_permission(request, entry) else None


def values_to_copy(entry: Resource) -> dict[str, Any]:
    """What a new form begins with: every field but those of the one entry. Its picture is not a field of it."""
    return model_to_dict(entry, exclude=_ITS_OWN)
