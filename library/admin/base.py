"""What every model's admin has in common: it survives any address and form, and says no in plain words.

Nothing here is about one model; the modules beside it say what curators see of each.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers, widgets
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.messages.storage import default_storage
from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, OperationalError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.search.text_query import tidy_words

from .edit_conflicts import AtOnce
from .errors import REFUSALS, took_too_long, words_for
from .exports import Exported
from .history import Recorded
from .ids import only_ids
from .lists import NOT_OFFERED, TOO_LONG, BoundedRows, OfferedList

# So many of the rows that stand in the way of a deletion are named; of the rest it is said that there are more.
_NAMED = 10


class OneChoice(widgets.AutocompleteSelect):
    """An autocomplete field that shows an invalid choice as none, where Django's own would raise."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, only_ids(value), attr)


class ManyChoices(widgets.AutocompleteSelectMultiple):
    """The same for several choices. Each has a button that removes it; the one for all would stand in their list."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, only_ids(value), attr)


class Curated(AtOnce, Recorded, Exported):
    """A model's admin. Subclasses say which fields, columns and words."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    paginator = BoundedRows
    save_on_top = False

    # Lists

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[OfferedList]:
        return OfferedList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """200; 302 to the plain list, with a message, for what the list does not offer or cannot find in time."""
        if ERROR_FLAG in request.GET:
            return self.plain_list(request, NOT_OFFERED)
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except (DisallowedModelAdminLookup, DataError):
            return self.plain_list(request, NOT_OFFERED)
        except OperationalError as error:
            if not (took_too_long(error) and request.GET):
                raise
            return self.plain_list(request, TOO_LONG)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, tidy_words(search_term))

    def response_action(self, request: HttpRequest, queryset: Any, *place: Any, **options: Any) -> HttpResponse | None:
        """What the chosen action answers; None, with a message, for rows that cannot be and for what is refused."""
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if len(only_ids(chosen)) != len(chosen):
            self.message_user(request, gettext("Choose entries of this list."), messages.WARNING)
            return None
        try:
            with transaction.atomic():
                return super().response_action(request, queryset, *place, **options)
        except REFUSALS as error:
            self.message_user(request, words_for(error, self.model), messages.ERROR)
            return None

    def choice_label(self, row: Any) -> str:
        """How a row is called where it is chosen for another one. Other rows may have the same name."""
        return str(row)

    # Forms

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's; what the database refuses comes back as an error above the form, with all that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            if request.method != "POST":
                raise
            words = words_for(error, self.model)
            if isinstance(error, OperationalError):
                words = gettext("Nothing was saved, and what you typed is still here. %s") % words
                request.saves_nothing = True  # type: ignore[attr-defined]  # or it would wait once more
            request.refusal = words  # type: ignore[attr-defined]
            self.unsay(request)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def unsay(self, request: HttpRequest) -> None:
        """Forget what was told of a change that was taken back at its end."""
        request._messages = default_storage(request)  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        return type(form.__name__, (CuratedForm, form), {"refusal": getattr(request, "refusal", "")})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing from the address: Django would take any value for any field, also one that cannot be shown."""
        return {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, widgets.RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False  # from a form about something else
        if field is not None and isinstance(field.widget, widgets.AdminSplitDateTime):
            for part, words in zip(field.widget.widgets, (gettext("date"), gettext("time")), strict=True):
                part.attrs["aria-label"] = f"{capfirst(field.label)}: {words}"
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = OneChoice(db_field, self.admin_site)
        field = super().formfield_for_foreignkey(db_field, request, **options)
        return self._with_labels(db_field, field)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = ManyChoices(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **options)

    def _with_labels(self, db_field: Any, field: Any) -> Any:
        """The field, calling its chosen row as the list of choices does."""
        other = self.admin_site._registry.get(db_field.related_model)
        if field is not None and isinstance(other, Curated):
            field.label_from_instance = other.choice_label
        return field

    def kept_on_save(self, form: Any) -> Collection[str]:
        """Columns that saving this form leaves as they are: other people may have changed them since it was opened."""
        return ()

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        kept = self.kept_on_save(form)
        if not change or not kept:
            return super().save_model(request, obj, form, change)
        columns = [field for field in obj._meta.concrete_fields if not (field.primary_key or field.generated)]
        try:
            obj.save(update_fields=[column.name for column in columns if column.name not in kept])
        except DatabaseError as error:
            if type(error) is DatabaseError:  # Django's own: the row is gone
                raise type(obj).DoesNotExist from error  # type: ignore[attr-defined]
            raise
        return None

    # Deletions

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As Django's; a refusal leads back to the form, with the reason."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as error:
            self.unsay(request)
            self.message_user(request, words_for(error, self.model), messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go, and what forbids it: of that, and of what goes besides the rows, the first ten are named.

        What has a page of its own at the desk goes besides; all else is a part of the row.
        """
        rows = list(objs)
        going: list[Any] = [
            format_html("{}: {}", capfirst(self.opts.verbose_name), self.choice_label(row)) for row in rows
        ]
        counts = {str(self.opts.verbose_name_plural): len(rows)}
        forbidding: list[str] = []
        for relation in self.opts.related_objects:
            users = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows})
            if relation.on_delete is models.PROTECT:
                forbidding += _named(users)
            elif relation.on_delete is models.CASCADE and relation.related_model in self.admin_site._registry:
                going += _named(users)
                counts[str(relation.related_model._meta.verbose_name_plural)] = users.count()
        refused = {str(self.opts.verbose_name) for row in rows if not self.has_delete_permission(request, row)}
        return going, counts, refused, forbidding


def _named(users: Any) -> list[str]:
    found = [f"{capfirst(row._meta.verbose_name)}: {row}" for row in users[: _NAMED + 1]]
    return [*found[:_NAMED], gettext("… and more")] if len(found) > _NAMED else found


class CuratedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that tells all that is wrong, and comes back as it was where it was found right and then refused."""

    refusal = ""

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's; what a model says of a field that is not in this form stands above it, instead of a 500."""
        told = error if isinstance(error, ValidationError) else ValidationError(error)
        errors = told.error_dict if hasattr(told, "error_dict") else {field: told}
        for name, about in errors.items():
            super().add_error(name if name in self.fields else None, about)

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.refusal:
            raise ValidationError(self.refusal)
        return cleaned
