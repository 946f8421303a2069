"""“Which column is what?”: of each column of a file, the column of ours; and what rows get that have none."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.exports.columns import COLUMNS, NEEDED
from library.imports.column_plan import ColumnPlan, repeatable
from library.models import Section
from library.models.resource.kinds import Kind

LABELS = {
    "title": _("Title"),
    "kind": _("Kind"),
    "section": _("Section"),
    "url": _("Web address"),
    "summary": _("Summary"),
    "publisher": _("Publisher"),
    "published": _("Publication date"),
    "categories": _("Categories"),
    "tags": _("Tags"),
    "ref": _("Ref (of an export from this library)"),
}
_CHOICES = [("", _("Leave out")), *((column, LABELS[column]) for column in COLUMNS)]


class ColumnsForm(forms.Form):
    """One choice for each column, `column_0` and so on, and those for all rows."""

    kind = forms.ChoiceField(label=_("Kind, for new entries without one"), required=False)
    section = forms.ChoiceField(label=_("Section, for new entries without one"), required=False)

    def __init__(self, sent: Any, plan: ColumnPlan) -> None:
        super().__init__(sent)
        self.plan = plan
        sections = list(Section.objects.order_by("position").values_list("anchor", "title"))
        self.fields["kind"].choices = [("", _("Choose…")), *Kind.choices]  # type: ignore[attr-defined]
        self.fields["section"].choices = [("", _("Choose…")), *sections]  # type: ignore[attr-defined]
        self.initial = {
            "kind": plan.kind or ("" if "kind" in plan.targets else Kind.SITE),
            "section": plan.section or (sections[0][0] if len(sections) == 1 else ""),
        }
        for place, header in enumerate(plan.headers):
            samples = plan.samples[place] if place < len(plan.samples) else ()
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=header or gettext("Column %d, without a name") % (place + 1),
                label_suffix="",
                choices=_CHOICES,
                required=False,
                initial=plan.targets[place],
                help_text=" · ".join(samples) or gettext("Empty in the first rows"),
            )

    @property
    def of_rows(self) -> list[forms.BoundField]:
        return [self["kind"], self["section"]]

    @property
    def of_columns(self) -> list[forms.BoundField]:
        return [self[f"column_{place}"] for place in range(len(self.plan.headers))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        targets = [cleaned.get(f"column_{place}", "") for place in range(len(self.plan.headers))]
        for place, target in enumerate(targets):
            if target in targets[:place] and not repeatable(target):
                self.add_error(f"column_{place}", gettext("Only one column can be this."))
        for name in NEEDED:
            if name in targets or cleaned.get(name):
                continue
            if name in self.fields:
                self.add_error(name, gettext("Choose one, or the column that has it."))
            else:
                message = gettext("Choose the column that has this: %(name)s.") % {"name": LABELS[name]}
                self.add_error(None, ValidationError(message))
        return cleaned

    def chosen(self) -> ColumnPlan:
        """The plan that this makes; of a form that is valid."""
        values = self.cleaned_data
        targets = tuple(values[f"column_{place}"] for place in range(len(self.plan.headers)))
        return replace(self.plan, targets=targets, kind=values["kind"], section=values["section"])


def explain(plan: ColumnPlan) -> list[tuple[str, Any]]:
    """How each column with a name is read: its header, and what it is, or nothing."""
    pairs = zip(plan.headers, plan.targets, strict=True)
    return [(header, LABELS.get(target, "")) for header, target in pairs if header]
