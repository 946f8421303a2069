"""What every model's admin has in common: it survives any address and form, and says no in plain words.

Nothing here is about one model; the modules beside it say what curators see of each.
"""

from collections.abc import Collection, Sequence
from functools import cached_property, partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DatabaseError, DataError, OperationalError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.history.snapshot import is_versioned
from library.models import AuditEntry
from library.search.text_query import tidy_words

from .deletions import delete_row, deleted_objects
from .edit_view import edit_page
from .errors import REFUSALS, error_text, is_timeout
from .exports import EXPORT_ENDINGS, Table, export_page, plain_list, table_of
from .form_request import FormAction, FormLayout, FormRequest, Outcome
from .forms import CuratedForm, make_form_class
from .history import change_message, history_page, record_deletions, record_row, recover_row, restore_row, version_page
from .ids import only_ids
from .lists import NOT_OFFERED, TOO_LONG, BoundedRows, OfferedList
from .markdown import markdown_page


class CuratedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A model's admin. Subclasses say which fields, columns and words; the modules beside this one do the work."""

    form = CuratedForm
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    paginator = BoundedRows
    save_on_top = False
    # The columns of an exported file, where the list shows less of a row, or ways elsewhere.
    file_columns: ClassVar[Sequence[str]] = ()
    # Relations whose rows are chosen in the form, and neither added nor changed from there.
    only_chosen: ClassVar[Collection[str]] = ()
    # Texts in Markdown, and the level of the highest heading that each has on its page.
    markdown: ClassVar[dict[str, int]] = {}

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        exports = [
            path(f"export/{ending}/", view(partial(export_page, self, ending=ending)), name=f"{name}_export_{ending}")
            for ending in EXPORT_ENDINGS
        ]
        version = path(
            "<path:object_id>/history/<int:version>/", view(partial(version_page, self)), name=f"{name}_version"
        )
        markdown = path("markdown/<str:field>/", view(partial(markdown_page, self)), name=f"{name}_markdown")
        return [*exports, *([markdown] if self.markdown else []), version, *super().get_urls()]

    # Lists

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[OfferedList]:
        return OfferedList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """200; 302 to the plain list, with a message, for what the list does not offer or cannot find in time."""
        if ERROR_FLAG in request.GET:
            return plain_list(self, request, NOT_OFFERED)
        context = {"title": capfirst(self.opts.verbose_name_plural)} | (extra_context or {})
        context["may_recover"] = is_versioned(self.model) and self.may_recover(request)
        try:
            with transaction.atomic():
                return super().changelist_view(request, context)
        except (DisallowedModelAdminLookup, DataError):
            return plain_list(self, request, NOT_OFFERED)
        except OperationalError as error:
            if not (is_timeout(error) and request.GET):
                raise
            return plain_list(self, request, TOO_LONG)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, tidy_words(search_term))

    def response_action(self, request: HttpRequest, queryset: Any, *place: Any, **options: Any) -> HttpResponse | None:
        """What the chosen action answers; None, with a message, for rows that cannot be and for what is refused."""
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if len(only_ids(chosen)) != len(chosen):
            self.message_user(request, gettext("Select entries from this list."), messages.WARNING)
            return None
        try:
            with transaction.atomic():
                return super().response_action(request, queryset, *place, **options)
        except REFUSALS as error:
            self.message_user(request, error_text(error, self.model), messages.ERROR)
            return None

    def choice_label(self, row: Any) -> str:
        """How a row is called where it is chosen for another one. Other rows may have the same name."""
        return str(row)

    def table(self, listed: Any, pks: Sequence[Any], wanted: Sequence[str]) -> Table:
        """What stands in a file of the rows of these ids that are still there, in this order.

        Its admin may offer columns of which some are `wanted`.
        """
        return table_of(self, listed, pks)

    # Forms

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of `edit_view`, in the place of Django's own."""
        is_sent = request.method == "POST"
        action, data = (FormAction.SAVE, request.POST) if is_sent else (FormAction.SHOW, None)
        form_request = FormRequest(
            request, self, object_id, action, data, context=extra_context or {}, form_url=form_url
        )
        return edit_page(self.received(form_request) if is_sent else form_request)

    def received(self, form_request: FormRequest) -> FormRequest:
        """What was sent, as the form takes it."""
        return form_request

    @cached_property
    def form_class(self) -> type[CuratedForm]:
        """The form about one row, with every field that it can have."""
        return make_form_class(self, self.form)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        return self.form_class

    def form_options(self, form_request: FormRequest, layout: FormLayout) -> dict[str, Any]:
        """What the form of this person about this row is made with."""
        return {"editable": layout.editable, "refusal": form_request.refusal}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing from the address: Django would take any value for any field, also one that cannot be shown."""
        return {}

    def lock(self, form_request: FormRequest) -> None:
        """Let others who save this row wait for the end of the transaction."""
        rows = self.model._base_manager.select_for_update(of=("self",), no_key=True)
        list(rows.filter(pk=form_request.pk).values_list("pk"))

    def store(self, form_request: FormRequest, form: Any) -> Outcome:
        """Write a valid form, and keep it in the history: all of it in the transaction of the edit page."""
        request, change = form_request.request, not form_request.is_new
        row = self.save_form(request, form, change=change)
        self.save_model(request, row, form, change)
        self.save_related(request, form, [], change)
        text = self.construct_change_message(request, form, [], form_request.is_new)
        if form_request.is_new:
            self.log_addition(request, row, text)
        else:
            self.log_change(request, row, text)
        return Outcome(row)

    def excluded_columns(self, form: Any) -> Collection[str]:
        """Columns that saving this form leaves as they are: other people may have changed them since it was opened."""
        return ()

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        excluded = self.excluded_columns(form)
        if not change or not excluded:
            return super().save_model(request, obj, form, change)
        columns = [field for field in obj._meta.concrete_fields if not (field.primary_key or field.generated)]
        try:
            obj.save(update_fields=[column.name for column in columns if column.name not in excluded])
        except DatabaseError as error:
            if type(error) is DatabaseError:  # Django's own: the row is gone
                raise type(obj).DoesNotExist from error  # type: ignore[attr-defined]
            raise
        return None

    # Deletions

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return delete_row(self, request, object_id) or super().delete_view(request, object_id, extra_context)

    def remove(self, request: HttpRequest, row: Any) -> Outcome:
        """Delete a row, and keep it in the history, in one transaction."""
        self.log_deletions(request, [row])
        self.delete_model(request, row)
        return Outcome(row)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return deleted_objects(self, request, list(objs))

    # The history. These write the library's audit log, and nothing into Django's own.

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Which fields were changed, in a sentence; empty for a new row, and where none was."""
        return "" if add else change_message(form)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record_row(request, obj, AuditEntry.Kind.ADDED, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Rows with versions are compared: one may be another although no field of the form is (no `message`)."""
        if message or is_versioned(type(obj)):
            record_row(request, obj, AuditEntry.Kind.CHANGED, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        record_deletions(self, request, list(queryset))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """200 with every change of the row, the newest first; 302 to the front page where there is no row."""
        return history_page(self, request, object_id) or super().history_view(request, object_id, extra_context)

    def may_recover(self, request: HttpRequest) -> bool:
        """Whether this person may bring back what was deleted: who may delete may undo it."""
        permission = f"{self.opts.app_label}.delete_{self.opts.model_name}"
        return self.has_add_permission(request) and bool(request.user.has_perm(permission))

    def restore_version(self, request: HttpRequest, row: Any, version: Any) -> HttpResponse:
        return restore_row(self, request, row, version)

    def recover_version(self, request: HttpRequest, version: Any) -> HttpResponse:
        return recover_row(self, request, version)

    def restore_warning(self, row: Any, fields: dict[str, Any]) -> str:
        """What else comes of it when the row gets these values again; empty where nothing does."""
        return ""

    def restore_note(self, row: Any, before: Any) -> str:
        """The same, when `before` has become `row`."""
        return ""
