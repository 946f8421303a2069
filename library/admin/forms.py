"""The forms about one row: each class is made once; what differs from person to person, its arguments say."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import widgets
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext

from library.models.web_address import WebAddressField
from library.pages.markdown import plain_words, single_line

from .ids import only_ids
from .moments import DayField, MomentField, MomentWidget, TimeField

if TYPE_CHECKING:
    from .base import CuratedAdmin


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


class AddressField(forms.URLField):
    """A web address, in a form that is of no model: with the checks of the column."""

    widget = forms.URLInput(attrs={"class": "vURLField"})

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", validators=WebAddressField().validators, **options)


class LineField(forms.CharField):
    """A text on one line, also where it was pasted with line breaks or with what cannot be seen."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return single_line(text) if isinstance(text, str) else text


class MultilineField(forms.CharField):
    """A text of several lines, each of which ends with LF, without what cannot be seen."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return plain_words(text) if isinstance(text, str) else text


class CuratedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that reports all that is wrong, and comes back as it was where it was found right and then refused.

    Of the model's fields it has those that are `editable`, in this order; without this argument, all of them.
    """

    def __init__(self, *args: Any, editable: Collection[str] | None = None, refusal: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.refusal = refusal
        if editable is not None:
            for name in set(self.fields) - set(editable) - set(self.declared_fields):
                del self.fields[name]
            self.order_fields(list(editable))

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's; what a model says of a field that is not in this form stands above it, instead of a 500."""
        problem = error if isinstance(error, ValidationError) else ValidationError(error)
        errors = problem.error_dict if hasattr(problem, "error_dict") else {field: problem}
        for name, about in errors.items():
            super().add_error(name if name in self.fields else None, about)

    def full_clean(self) -> None:
        super().full_clean()
        if self.refusal and self.is_bound:
            self.add_error(None, self.refusal)


_FORM_CLASSES: dict[type[Any], type[forms.Field]] = {
    models.CharField: LineField,
    models.TextField: MultilineField,
    models.DateTimeField: MomentField,
    models.DateField: DayField,
    models.TimeField: TimeField,
}


def make_form_class(owner: "CuratedAdmin", form: type[forms.ModelForm]) -> type[CuratedForm]:  # type: ignore[type-arg]
    """`form` with all fields of the owner's model, as the admin shows them."""
    made: Any = forms.modelform_factory(
        owner.model, form=form, fields=forms.ALL_FIELDS, formfield_callback=partial(make_field, owner)
    )
    return made  # type: ignore[no-any-return]


def make_field(owner: "CuratedAdmin", column: Any, **options: Any) -> Any:
    """The form field of a column, with the admin's widget. It belongs to no request: see `offer_related`."""
    if isinstance(column, models.ForeignKey | models.ManyToManyField):
        return _make_relation(owner, column, options)
    if type(column) in _FORM_CLASSES:
        options = {"form_class": _FORM_CLASSES[type(column)]} | options
    if isinstance(column, models.DateTimeField):
        options["widget"] = MomentWidget
    field: Any = owner.formfield_for_dbfield(column, HttpRequest(), **options)
    if field is not None and isinstance(field.widget, MomentWidget):
        for part, label in zip(field.widget.widgets, (gettext("date"), gettext("time")), strict=True):
            part.attrs["aria-label"] = f"{capfirst(field.label)}: {label}"
    return field


def _make_relation(owner: "CuratedAdmin", column: Any, options: dict[str, Any]) -> Any:
    """A field that calls its chosen row as the list of choices does."""
    site, other = owner.admin_site, column.related_model
    if column.name in owner.autocomplete_fields:
        widget = ManyChoices if column.many_to_many else OneChoice
        options = {"queryset": other._default_manager.all(), "widget": widget(column, site)} | options
    make = owner.formfield_for_manytomany if column.many_to_many else owner.formfield_for_foreignkey
    field: Any = make(column, HttpRequest(), **options)
    if field is None:
        return None
    is_known = site.is_registered(other)
    label = getattr(site._registry.get(other), "choice_label", None)
    if label is not None and not column.many_to_many:
        field.label_from_instance = label
    may_edit = is_known and column.name not in owner.only_chosen
    offered = {"can_add_related": may_edit, "can_change_related": may_edit, "can_view_related": is_known}
    field.widget = widgets.RelatedFieldWidgetWrapper(field.widget, column.remote_field, site, **offered)
    return field


def offer_related(form: forms.ModelForm, request: HttpRequest) -> None:  # type: ignore[type-arg]
    """Leave of the links beside relations those to pages that this person may use. Nothing is deleted from a form."""
    for field in form.fields.values():
        widget: Any = field.widget
        if isinstance(widget, widgets.RelatedFieldWidgetWrapper):
            other = widget.admin_site._registry.get(widget.rel.model)
            if other is not None:
                widget.can_add_related &= other.has_add_permission(request)
                widget.can_change_related &= other.has_change_permission(request)
                widget.can_view_related &= other.has_view_permission(request)
