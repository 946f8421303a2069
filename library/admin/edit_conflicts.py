"""Two people in the form of one row: the second to save sees both texts and chooses, field by field.

The form carries what the row was when it was opened, as a token of its values. Other values when it comes back: then
somebody has saved meanwhile. What they were in between, the history knows.
"""

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.forms import CheckboxInput
from django.forms.boundfield import BoundField
from django.http import HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.history.diff import Part, in_words, labels_of, parts_between
from library.history.snapshot import (
    PICTURE,
    Snapshot,
    is_versioned,
    many_of,
    snapshot_of,
    versioned_columns,
    versions_of,
)
from library.models import Resource, Tag, Version
from library.models.resource.kinds import FIELDS_OF_KIND

from .form_request import SEEN, FormLayout, FormRequest
from .ids import only_ids

CHOICE, CONFLICTS = "_choose_", "_asked"
_BUTTONS = {"_save", "_continue", "_addanother"}
# How far back what a form began with is looked for.
_VERSIONS = 50


@dataclass(frozen=True)
class Choice:
    """A field that is one thing in the library and another in the form that comes second."""

    name: str
    label: str
    theirs: str
    mine: str
    parts: tuple[Part, ...]
    preset: str


def without_conflict(form_request: FormRequest, layout: FormLayout, now: Snapshot) -> FormRequest | HttpResponse:
    """What is to be saved, where it overwrites nothing that its person has not seen; else 409 with both texts.

    `now` is the row of this moment, which is locked.
    """
    chosen = {name: form_request.sent.get(f"{CHOICE}{name}") for name in form_request.sent.getlist(CONFLICTS)}
    seen = form_request.sent.get(SEEN, "")
    if seen == now.token and all(choice in {"mine", "theirs"} for choice in chosen.values()):
        form = _form(form_request, layout, None, form_request.row)
        theirs = [name for name, choice in chosen.items() if choice == "theirs" and name in form.fields]
        return replace(form_request, data=with_theirs(form_request.sent, [form[name] for name in theirs]))
    base = None if chosen and seen == now.token else _snapshot_with(form_request, seen)
    choices = _choices(form_request, layout, now, base, chosen)
    is_other_picture = base is not None and base.fields.get("picture_file") != now.fields.get("picture_file")
    left_over = _of_another_kind(form_request, layout)
    if all(choice.preset == "mine" for choice in choices) and not (chosen or is_other_picture or left_over):
        return form_request
    if form_request.files:  # they do not come along, and words for them would stand beside another picture
        choices = [replace(choice, preset="") if choice.name in PICTURE else choice for choice in choices]
    context = {
        "choices": choices,
        "is_withdrawn": now.fields.get("state") == "withdrawn"
        and (base is None or base.fields["state"] != "withdrawn"),
        "is_incomplete": bool(chosen) and seen == now.token,
        "seen": now.token,
        "is_other_picture": is_other_picture,
        "left_over": left_over,
    }
    return _both_texts_page(form_request, context)


def _both_texts_page(form_request: FormRequest, context: dict[str, Any]) -> HttpResponse:
    """409 with the page on which the second chooses."""
    owner, row = form_request.model_admin, form_request.row
    since = _versions_since(form_request, form_request.sent.get(SEEN, ""))
    is_own = bool(since) and {version.entry.user_id for version in since} == {form_request.request.user.pk}
    title = gettext("You changed this in another tab") if is_own else gettext("Someone else changed this")
    context |= owner.admin_site.each_context(form_request.request) | {
        "title": title,
        "opts": owner.opts,
        "original": row,
        "newest": since[0] if since else None,
        "is_own": is_own,
        "sent": [(key, value) for key, values in plain(form_request.sent).lists() for value in values],
        "has_files": bool(form_request.files),
    }
    return TemplateResponse(form_request.request, "admin/both_texts.html", context, status=409)


def gone_page(form_request: FormRequest) -> HttpResponse:
    """409 with what was typed, for a row that somebody has deleted meanwhile."""
    owner = form_request.model_admin
    context = owner.admin_site.each_context(form_request.request) | {
        "title": gettext("It’s no longer here"),
        "opts": owner.opts,
        "typed": typed(owner.model, form_request.sent),
        "may_recover": is_versioned(owner.model) and owner.may_recover(form_request.request),
    }
    return TemplateResponse(form_request.request, "admin/gone_meanwhile.html", context, status=409)


def _choices(
    form_request: FormRequest, layout: FormLayout, now: Snapshot, base: Snapshot | None, chosen: dict[str, Any]
) -> list[Choice]:
    """The fields that differ. Preset is whoever alone has changed a field; nobody, where that is not known."""
    owner = form_request.model_admin
    form = _form(
        form_request, layout, form_request.sent, owner.get_object(form_request.request, str(form_request.row.pk))
    )
    differing = form.changed_data
    mine: set[str] = set()
    if base:
        mine = set(
            _form(
                form_request, layout, form_request.sent, form_request.row, initial=initial_of(owner.model, base)
            ).changed_data
        )
    others = {name for name in now.fields if base and base.fields.get(name) != now.fields[name]}
    if others & PICTURE.keys():  # its words are of the very file, and so is the wish to take it away
        others |= {*PICTURE, "picture_removed"}
    form.is_valid()
    choices = []
    for name in differing:
        preset = str(chosen.get(name) or "")
        if not preset and base:
            preset = "theirs" if name not in mine else "" if name in others else "mine"
        choices.append(choice_of(form, form_request.row, name, preset))
    return choices


def _of_another_kind(form_request: FormRequest, layout: FormLayout) -> list[tuple[str, str]]:
    """What was typed into fields of a resource that its kind of now does not have: (label, text)."""
    if form_request.model_admin.model is not Resource:
        return []
    names = {name for fields in FIELDS_OF_KIND.values() for name in fields}
    sent = form_request.sent.copy()
    for name in [name for name in sent if name not in names or name in layout.editable]:
        del sent[name]
    return typed(Resource, sent)


def _form(form_request: FormRequest, layout: FormLayout, data: QueryDict | None, row: Any, **options: Any) -> Any:
    """The form of `row`, to be compared and not to be shown."""
    owner = form_request.model_admin
    form_class = owner.get_form(form_request.request, row, change=True)
    return form_class(data, instance=row, **owner.form_options(form_request, layout), **options)


def _versions_since(form_request: FormRequest, token: str) -> list[Version]:
    """The versions of the row since it was what the form began with, the newest first; the newest alone at least."""
    model = form_request.model_admin.model
    if not is_versioned(model):
        return []
    versions = list(versions_of(model, form_request.row.pk).select_related("entry__user")[:_VERSIONS])
    since = list(takewhile(lambda version: snapshot_of(version).token != token, versions))
    return since or versions[:1]


def _snapshot_with(form_request: FormRequest, token: str) -> Snapshot | None:
    """What the row was when the form was opened, if the history has it."""
    model = form_request.model_admin.model
    versions = versions_of(model, form_request.row.pk)[:_VERSIONS] if is_versioned(model) and token else []
    return next((snapshot for snapshot in map(snapshot_of, versions) if snapshot.token == token), None)


def choice_of(form: Any, current: Model, name: str, preset: str) -> Choice:
    """Both values of this field, in words."""
    field = _model_field(current, name)
    theirs = getattr(current, name) if field is not None and field.many_to_one else form.initial.get(name)
    theirs = _as_text(field, theirs)
    if name in form.cleaned_data:
        mine = _as_text(field, form.cleaned_data[name])
    else:  # not valid: as it was typed
        mine = ", ".join(text for key in sent_by(form[name]) for text in form.data.getlist(key))
    parts = parts_between(theirs, mine)
    return Choice(name, str(capfirst(form[name].label)), _in_one(theirs), _in_one(mine), parts, preset)


def _as_text(field: Any, value: Any) -> str | list[str]:
    if value is None or (isinstance(value, str) and not value):
        return ""
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, list | tuple) or hasattr(value, "iterator"):
        return sorted(map(str, value))
    return in_words(field, value)


def _in_one(value: str | list[str]) -> str:
    return ", ".join(value) if isinstance(value, list) else value


def _model_field(row: Model, name: str) -> Any:
    try:
        return row._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def initial_of(model: type[Model], base: Snapshot) -> dict[str, Any]:
    """A snapshot as a form takes its initial values."""
    columns = {field.name: field for field in versioned_columns(model) if field.name in base.fields}
    values = {name: _initial(field, base.fields[name]) for name, field in columns.items()}
    values |= {name: base.fields[name] for name in (*many_of(model), *PICTURE) if name in base.fields}
    if "tags" in values:
        values["tags"] = [Tag(name=base.names.get("tags", {}).get(str(pk), "")) for pk in values["tags"]]
    return values


def _initial(field: Any, value: Any) -> Any:
    return value if value is None or field.is_relation else field.to_python(value)


def plain(sent: QueryDict) -> QueryDict:
    """What was typed, without what was chosen and pressed."""
    data = sent.copy()
    for key in sent:
        if key in {SEEN, CONFLICTS, "csrfmiddlewaretoken", *_BUTTONS} or key.startswith(CHOICE):
            del data[key]
    return data


def with_theirs(sent: QueryDict, fields: list[BoundField]) -> QueryDict:
    """What was sent, with these fields as they stand in the library."""
    data = sent.copy()
    for key in sent:
        if key == CONFLICTS or key.startswith(CHOICE):
            del data[key]
    for bound in fields:
        for key, values in sent_by(bound).items():
            data.setlist(key, values)
            if not values:
                del data[key]
    return data


def sent_by(bound: BoundField) -> dict[str, list[str]]:
    """What a browser would send of this field if nobody touched it."""
    widget: Any = bound.field.widget
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget = widget.widget
    context = widget.get_context(bound.html_name, bound.value(), {})["widget"]
    if "subwidgets" in context:
        return {part["name"]: [str(part["value"] or "")] for part in context["subwidgets"]}
    if "optgroups" in context:
        options = [option for _name, group, _index in context["optgroups"] for option in group]
        return {bound.html_name: [str(option["value"]) for option in options if option["selected"]]}
    if isinstance(widget, CheckboxInput):
        return {bound.html_name: ["on"] if context["attrs"].get("checked") else []}
    return {bound.html_name: ["" if context["value"] is None else str(context["value"])]}


def typed(model: type[Model], sent: QueryDict) -> list[tuple[str, str]]:
    """What was typed into a form of this model: (label, text), relations by their names, without empty ones."""
    rows = []
    for name, label in labels_of(model).items():
        values = [text for key in (name, f"{name}_0", f"{name}_1") for text in sent.getlist(key) if text.strip()]
        related: Any = model._meta.get_field(name).related_model if name not in PICTURE else None
        if related is not None and name != "tags":
            values = list(map(str, related._base_manager.filter(pk__in=only_ids(values))))
        if values:
            rows.append((label, ", ".join(values)))
    return rows
