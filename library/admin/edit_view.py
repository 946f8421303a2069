"""The page on which a row is edited, for every model: loaded, locked, compared, saved, recorded, answered."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import OperationalError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from library.history.record import record_before
from library.history.snapshot import snapshot_now

from .edit_conflicts import gone_page, without_conflict
from .errors import REFUSALS, error_text
from .form_request import DRAFT, SEEN, FormAction, FormLayout, FormRequest, Outcome
from .forms import CuratedForm, offer_related
from .ids import only_ids


def edit_page(form_request: FormRequest) -> HttpResponse:
    """200 with the form; 302 when it is saved; 403; 302 to the first page where there is no such row.

    409 with both texts, or with what was typed, where the row is another now or gone. What the database refuses comes
    back as an error above the form, with all that was typed.
    """
    if form_request.action is not FormAction.SAVE:
        return _show(form_request)
    try:
        saved = _save(form_request)
    except REFUSALS as error:
        return _give_back(form_request, error)
    return _respond(form_request, saved) if isinstance(saved, Outcome) else saved


def _show(form_request: FormRequest) -> HttpResponse:
    """200 with the form as it was opened or sent; nothing is locked or saved."""
    # Before the row itself is read: an older token asks once too often, a newer one would overwrite.
    pk, model = form_request.pk, form_request.model_admin.model
    now = snapshot_now(model, pk) if pk is not None and form_request.data is None else None
    form_request = form_request.loaded()
    if form_request.row is None and not form_request.is_new:
        return _missing_row(form_request)
    layout = _layout_of(form_request)
    seen = now.token if now else form_request.sent.get(SEEN, "")
    return _form_page(form_request, layout, _build_form(form_request, layout), seen)


@transaction.atomic
def _save(form_request: FormRequest) -> Outcome | HttpResponse:
    """What became of the form; or the page that says why nothing was saved. All that it writes holds, or nothing."""
    owner, pk, now = form_request.model_admin, form_request.pk, None
    if pk is not None and owner.has_change_permission(form_request.request):
        owner.lock(form_request)
        now = snapshot_now(owner.model, pk)  # before the row itself is read, as above
        if now is None:
            return gone_page(form_request)
    form_request = form_request.loaded()
    if form_request.row is None and not form_request.is_new:
        return _missing_row(form_request)
    layout = _layout_of(form_request)
    if pk is not None and now is not None:
        checked = without_conflict(form_request, layout, now)
        if isinstance(checked, HttpResponse):
            return checked
        form_request = checked
        record_before(owner.model, [pk], now=timezone.now())
    form = _build_form(form_request, layout)
    if not form.is_valid():
        return _form_page(form_request, layout, form, now.token if now else "")
    return owner.store(form_request, form)


def _give_back(form_request: FormRequest, error: Exception) -> HttpResponse:
    """200 with all that was typed and why it was refused; 409 where the row has become another one, or has gone."""
    text = error_text(error, form_request.model_admin.model)
    if isinstance(error, OperationalError):  # a lock would be waited for once more
        text = gettext("Nothing was saved, and what you typed is still here. %s") % text
        return _show(replace(form_request, refusal=text, action=FormAction.RETURN))
    saved = _save(replace(form_request, refusal=text))  # a form with a refusal is never valid
    return _respond(form_request, saved) if isinstance(saved, Outcome) else saved


def _respond(form_request: FormRequest, outcome: Outcome) -> HttpResponse:
    """302 to where the pressed button, or what was saved, leads; with what there is to say of it."""
    owner, request = form_request.model_admin, form_request.request
    for draft in only_ids([form_request.sent.get(DRAFT, "")]):
        request.session["saved_draft"] = draft  # the next page has the browser forget it
    for level, text in outcome.messages:
        owner.message_user(request, text, level)
    if outcome.address:
        return HttpResponseRedirect(outcome.address)
    if form_request.is_new:
        return owner.response_add(request, outcome.row)
    return owner.response_change(request, outcome.row)


def _layout_of(form_request: FormRequest) -> FormLayout:
    """Where each field stands for this person. Asked of the row before a form is laid over it."""
    owner, request, row = form_request.model_admin, form_request.request, form_request.row
    fieldsets = list(owner.get_fieldsets(request, row))
    names: Any = flatten_fieldsets(fieldsets)
    if not form_request.is_new and not owner.has_change_permission(request, row):
        # Without prepopulated fields: they need fields that can be edited.
        return FormLayout(fieldsets, names, {}, ())
    readonly = owner.get_readonly_fields(request, row)
    editable = [name for name in names if name not in readonly]
    return FormLayout(fieldsets, readonly, owner.get_prepopulated_fields(request, row), editable)


def _build_form(form_request: FormRequest, layout: FormLayout) -> CuratedForm:
    """The form as it was opened, or with what was sent."""
    owner, request, row = form_request.model_admin, form_request.request, form_request.row
    options = owner.form_options(form_request, layout)
    form_class = owner.get_form(request, row, change=not form_request.is_new)
    form: CuratedForm
    if form_request.data is not None:
        form = form_class(form_request.data, form_request.files, instance=row, **options)
    elif form_request.is_new:
        form = form_class(initial=owner.get_changeform_initial_data(request), **options)
    else:
        form = form_class(instance=row, **options)
    offer_related(form, request)
    return form


def _form_page(form_request: FormRequest, layout: FormLayout, form: CuratedForm, seen: str) -> HttpResponse:
    owner, request, row = form_request.model_admin, form_request.request, form_request.row
    errors = helpers.AdminErrorList(form, [])
    groups = _open_where_wrong(layout, form)
    shown = helpers.AdminForm(form, groups, layout.prepopulated, layout.readonly, model_admin=owner)
    title = gettext("Add %s") if form_request.is_new else gettext("View %s")
    if not form_request.is_new and owner.has_change_permission(request, row):
        title = gettext("Change %s")
    context = {
        **owner.admin_site.each_context(request),
        "title": title % owner.opts.verbose_name,
        "subtitle": str(row) if row else None,
        "adminform": shown,
        "object_id": form_request.object_id,
        "original": row,
        "is_popup": IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET,
        "to_field": form_request.to_field,
        "media": owner.media + shown.media,
        "inline_admin_formsets": [],
        "errors": errors,
        "preserved_filters": owner.get_preserved_filters(request),
        "seen": seen,
        **form_request.context,
    }
    return owner.render_change_form(
        request,
        context,
        add=form_request.is_new,
        change=not form_request.is_new,
        obj=row,
        form_url=form_request.form_url,
    )


def _open_where_wrong(layout: FormLayout, form: CuratedForm) -> list[Any]:
    """The groups, none of them folded that holds an error: Django overlooks fields that share a line."""
    groups = []
    for name, options in layout.fieldsets:
        if any(field in flatten_fieldsets([(name, options)]) for field in form.errors):
            options = options | {"classes": [word for word in options.get("classes", ()) if word != "collapse"]}
        groups.append((name, options))
    return groups


def _missing_row(form_request: FormRequest) -> HttpResponse:
    """302 to the first page, where there is no such row."""
    owner = form_request.model_admin
    names = {"name": owner.opts.verbose_name, "key": unquote(form_request.object_id or "")}
    text = gettext("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?") % names
    owner.message_user(form_request.request, text, messages.WARNING)
    return HttpResponseRedirect(reverse("admin:index", current_app=owner.admin_site.name))
