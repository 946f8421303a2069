"""An entry edited from its list: the few fields that change often, on a small page that leads back to the list.

It is the page of `edit_view`, with its locks, both texts and history, and a form of fewer fields.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext

from library.admin.publication import PANEL
from library.models import Resource

from .form import ResourceForm
from .resource_admin import ResourceAdmin
from .url_changes import form_of

_FIELDS = ("title", "section", "review_by")


class QuickForm(ResourceForm):
    """Has no field but those that its page shows, and leaves the picture as it is."""

    def __init__(self, *args: Any, editable: Collection[str] = (), **options: Any) -> None:
        super().__init__(*args, editable=editable, **options)
        for name in set(self.fields) - set(editable):
            del self.fields[name]

    def save_picture(self) -> None:
        pass


class QuickEdit(ResourceAdmin):
    """The admin of resources with the small form. It is registered nowhere: one page asks it."""

    form = QuickForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Title, section, review; and what the buttons for its state need."""
        panels = [group for group in super().get_fieldsets(request, obj) if PANEL in group[1].get("classes", ())]
        in_panel = any("state" in group["fields"] for _name, group in panels)
        state = () if in_panel or not self.has_publish_permission(request) else ("state",)
        link = format_html('<a href="{}">{}</a>', form_of(obj), gettext("All fields"))
        return [(gettext("Quick edit"), {"fields": (*_FIELDS, *state), "description": link}), *panels]


def quick_edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """As the page of the whole form; 302 to the list when it is saved."""
    return _quick_edit().changeform_view(request, str(pk))


@cache
def _quick_edit() -> QuickEdit:
    return QuickEdit(Resource, admin.site)
