"""What was typed into a form of the admin, read from the request alone: what a page shows, and what it sends again."""

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext

# Never in the page, not even hidden: passwords, codes, answers of a passkey, and tokens of the page before.
_SECRET = re.compile(
    r"passw|secret|credential|csrfmiddlewaretoken|_sent_again|recovery|(^|_)(code|otp)$", re.IGNORECASE
)
# What the admin's pages send along: nobody typed it.
_UNSEEN = re.compile(
    r"_.*|initial-.*|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|action|select_across|index|plan|episodes"
)
_TICKS = {"on", "yes"}
_BLOB = 300  # characters without a space that are no words


@dataclass(frozen=True)
class TypedField:
    """A value to be read, copied and sent again."""

    name: str
    label: str
    value: str

    @property
    def rows(self) -> int:
        """Lines of the box that shows it."""
        return min(12, 1 + sum(1 + len(line) // 70 for line in self.value.splitlines()))


@dataclass(frozen=True)
class SentForm:
    """A form as it came: what was `typed`, what was `chosen` (label and words) and all else that is sent `unseen`."""

    typed: list[TypedField]
    chosen: list[tuple[str, str]]
    unseen: list[tuple[str, str]]
    files: list[TypedField]
    is_without_password: bool


def sent_form(request: HttpRequest) -> SentForm:
    """The form of this request, without anything secret."""
    model = model_at(request.path_info)
    form = SentForm([], [], [], files_of(request, model), any("passw" in name for name in request.POST))
    for name, values in request.POST.lists():
        if _SECRET.search(name):
            continue
        for text in values:
            value = text.replace("\0", "")
            chosen = choice_in(model, name, value)
            if chosen is not None:
                form.chosen.append((field_label(model, name), chosen))
            if chosen is None and is_typed(model, name, value):
                form.typed.append(TypedField(name, field_label(model, name), value))
            else:
                form.unseen.append((name, value))
    return form


def files_of(request: HttpRequest, model: Any) -> list[TypedField]:
    """The files that have to be chosen again: their contents are not in the page."""
    return [
        TypedField(name, field_label(model, name), file.name or "")
        for name, files in request.FILES.lists()
        for file in files
    ]


def model_at(path: str) -> Any:
    """The model that the admin's page at this path is about; None for a page about none."""
    app, model = [*path.split("/"), "", "", "", ""][2:4]
    try:
        return apps.get_model(app, model)
    except LookupError:
        return None


def field_label(model: Any, name: str) -> str:
    """What the form calls this field, as far as that is known without the database; else its name made readable."""
    stem, part = re.fullmatch(r"(.*?)(_0|_1)?", name, re.DOTALL).groups()  # type: ignore[union-attr]
    field = _field(model, stem)
    form: Any = getattr(admin.site._registry.get(model), "form", None)
    declared = getattr(form, "declared_fields", {}).get(stem)
    label = getattr(declared, "label", None) or getattr(field, "verbose_name", None) or stem.replace("_", " ").strip()
    label = str(capfirst(label))
    return f"{label}: {gettext('date') if part == '_0' else gettext('time')}" if part else label


def choice_in(model: Any, name: str, value: str) -> str | None:
    """The words of a value that was chosen and not typed; None for one that was typed."""
    field = _field(model, name)
    if field is None or not value:
        return None
    if field.is_relation:
        return gettext("as you chose it") if value.isdigit() else None
    if field.get_internal_type() == "BooleanField":
        return gettext("yes")
    label = dict(field.flatchoices).get(value) if field.choices else None
    return None if label is None else str(label)


def is_typed(model: Any, name: str, value: str) -> bool:
    """Whether people would know it again as their own words: not a number, mark or plan that a page sends along."""
    if _UNSEEN.fullmatch(name) or not value.strip() or value in _TICKS:
        return False
    if _field(model, re.sub("_[01]$", "", name)) is not None:
        return True
    return not value.isdigit() and (len(value) < _BLOB or bool(re.search(r"\s", value)))


def _field(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None
