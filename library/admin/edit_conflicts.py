"""Two people in the form of one row: the second to save sees both texts and chooses, field by field.

The form carries what the row was when it was opened, as a token of its values. Other values when it comes back: then
somebody has saved meanwhile. What they were in between, the history knows.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.forms import CheckboxInput
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.history.diff import Part, in_words, labels_of, parts_between
from library.history.record import keep_first
from library.history.snapshot import (
    PICTURE,
    Snapshot,
    is_kept,
    kept_columns,
    many_of,
    snapshot_now,
    snapshot_of,
    versions_of,
)
from library.models import Tag

from .history import SEEN
from .ids import only_ids

CHOICE, ASKED = "_choose_", "_asked"
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


class AtOnce(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin whose forms overwrite nothing that their person has not seen."""

    def lock(self, request: HttpRequest, pk: int) -> None:
        """Let others who save this row wait for the end of the transaction."""
        list(self.model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk).values_list("pk"))

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> Any:
        """As Django's; 409 with both texts, or with what was typed, where the row is another now or gone."""
        # What has no number of its own is only looked at.
        has_number = self.opts.pk is not None and self.opts.pk.column == "id"
        pks = only_ids([unquote(object_id)]) if object_id and has_number else []
        if not pks:
            return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        pk = int(pks[0])
        is_saved = request.method == "POST" and not saves_nothing(request) and self.has_change_permission(request)
        if is_saved:
            self.lock(request, pk)
        # Before the row itself is read: an older token asks once too often, a newer one would overwrite.
        now = snapshot_now(self.model, pk)
        if is_saved:
            answer = self._gone(request) if now is None else self._both_texts(request, pk, now)
            if answer is not None:
                return answer
            keep_first(self.model, [pk], now=timezone.now())
        seen = request.POST.get(SEEN, "") if saves_nothing(request) else now.token if now else ""
        context = {"seen": seen} | (extra_context or {})
        return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]

    def _gone(self, request: HttpRequest) -> HttpResponse:
        """The page that still has what was typed, for a row that somebody has deleted meanwhile."""
        context = self.admin_site.each_context(request) | {
            "title": gettext("It is no longer there"),
            "opts": self.opts,
            "typed": typed(self.model, request.POST),
            "may_recover": is_kept(self.model) and self.may_recover(request),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/gone_meanwhile.html", context, status=409)

    def _both_texts(self, request: HttpRequest, pk: int, now: Snapshot) -> HttpResponse | None:
        """The page on which the second chooses; None where nothing is left to choose."""
        current = self.get_object(request, str(pk))
        if current is None or not self.has_change_permission(request, current):
            return None
        chosen = {name: request.POST.get(f"{CHOICE}{name}") for name in request.POST.getlist(ASKED)}
        seen = request.POST.get(SEEN, "")
        if seen == now.token and all(choice in {"mine", "theirs"} for choice in chosen.values()):
            form = self._form_class(request, current)(instance=current)
            theirs = [name for name, choice in chosen.items() if choice == "theirs" and name in form.fields]
            request.POST = with_theirs(request.POST, [form[name] for name in theirs])  # type: ignore[assignment]
            return None
        base = None if chosen and seen == now.token else self._snapshot_with(pk, seen)
        choices = self._choices(request, pk, now, base, chosen)
        is_other_picture = base is not None and base.fields.get("picture_file") != now.fields.get("picture_file")
        if all(choice.preset == "mine" for choice in choices) and not chosen and not is_other_picture:
            return None
        if request.FILES:  # they do not come along, and words for them would stand beside another picture
            choices = [replace(choice, preset="") if choice.name in PICTURE else choice for choice in choices]
        newest = versions_of(self.model, pk).select_related("revision__user").first() if is_kept(self.model) else None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Somebody else has changed it meanwhile"),
            "opts": self.opts,
            "original": current,
            "choices": choices,
            "newest": newest,
            "is_withdrawn": now.fields.get("state") == "withdrawn"
            and (base is None or base.fields["state"] != "withdrawn"),
            "is_incomplete": bool(chosen) and seen == now.token,
            "sent": [(key, value) for key, values in plain(request.POST).lists() for value in values],
            "seen": now.token,
            "is_other_picture": is_other_picture,
            "has_files": bool(request.FILES),
        }
        return TemplateResponse(request, "admin/both_texts.html", context, status=409)

    def _choices(
        self, request: HttpRequest, pk: int, now: Snapshot, base: Snapshot | None, chosen: dict[str, Any]
    ) -> list[Choice]:
        """The fields that differ. Preset is whoever alone has changed a field; nobody, where that is not known."""
        row: Any = self.get_object(request, str(pk))
        current: Any = self.get_object(request, str(pk))
        form_class = self._form_class(request, row)
        form: Any = form_class(request.POST, instance=row)
        differing = form.changed_data
        began = form_class(request.POST, instance=current, initial=initial_of(self.model, base)) if base else None
        mine = set(began.changed_data) if began else set()
        others = {name for name in now.fields if base and base.fields.get(name) != now.fields[name]}
        if others & PICTURE.keys():  # its words are of the very file, and so is the wish to take it away
            others |= {*PICTURE, "picture_removed"}
        form.is_valid()
        found = []
        for name in differing:
            preset = str(chosen.get(name) or "")
            if not preset and base:
                preset = "theirs" if name not in mine else "" if name in others else "mine"
            found.append(choice_of(form, current, name, preset))
        return found

    def _form_class(self, request: HttpRequest, row: Model) -> Any:
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        return self.get_form(request, row, change=True, fields=fields)

    def _snapshot_with(self, pk: int, token: str) -> Snapshot | None:
        """What the row was when the form was opened, if the history has it."""
        versions = versions_of(self.model, pk)[:_VERSIONS] if is_kept(self.model) and token else []
        return next((found for found in map(snapshot_of, versions) if found.token == token), None)


def saves_nothing(request: HttpRequest) -> bool:
    """Whether the form was sent to be looked at only; what it began with stays what it was."""
    return getattr(request, "saves_nothing", False)


def choice_of(form: Any, current: Model, name: str, preset: str) -> Choice:
    """Both values of this field, in words."""
    field = _model_field(current, name)
    theirs = getattr(current, name) if field is not None and field.many_to_one else form.initial.get(name)
    theirs = _told(field, theirs)
    if name in form.cleaned_data:
        mine = _told(field, form.cleaned_data[name])
    else:  # not valid: as it was typed
        mine = ", ".join(text for key in sent_by(form[name]) for text in form.data.getlist(key))
    parts = parts_between(theirs, mine)
    return Choice(name, str(capfirst(form[name].label)), _in_one(theirs), _in_one(mine), parts, preset)


def _told(field: Any, value: Any) -> str | list[str]:
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
    columns = {field.name: field for field in kept_columns(model) if field.name in base.fields}
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
        if key in {SEEN, ASKED, "csrfmiddlewaretoken", *_BUTTONS} or key.startswith(CHOICE):
            del data[key]
    return data


def with_theirs(sent: QueryDict, fields: list[BoundField]) -> QueryDict:
    """What was sent, with these fields as they stand in the library."""
    data = sent.copy()
    for key in sent:
        if key == ASKED or key.startswith(CHOICE):
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
    found = []
    for name, label in labels_of(model).items():
        values = [text for key in (name, f"{name}_0", f"{name}_1") for text in sent.getlist(key) if text.strip()]
        related: Any = model._meta.get_field(name).related_model if name not in PICTURE else None
        if related is not None and name != "tags":
            values = list(map(str, related._base_manager.filter(pk__in=only_ids(values))))
        if values:
            found.append((label, ", ".join(values)))
    return found
