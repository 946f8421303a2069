"""What each change of many entries asks for, before it says what it would do. All of it is typed or chosen from a list:
nothing here needs a script.
"""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.forms import LineField
from library.models import Category, Resource, Tag, User
from library.models.taxonomy import split_tags, validate_tags
from library.taxonomy.lookup import known_tag_names

from .bulk_changes import Withdrawal


class BulkForm(forms.Form):
    """Asks for nothing. `value` is what the change takes, once the form is valid."""

    @property
    def value(self) -> Any:
        return None


class WithdrawForm(BulkForm):
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Readers who follow an old link see this sentence, e.g. “Its publisher took it off the web.”"),
    )
    successor = forms.CharField(
        label=_("Replacement"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_(
            "The ref or URL name of the entry readers should use instead of all of these. Leave blank to keep the "
            "replacement each one has now."
        ),
    )

    def clean_successor(self) -> Resource | None:
        name = self.cleaned_data["successor"].strip().strip("/").rpartition("/")[2]
        successor = Resource.objects.published(timezone.now()).with_names([name]).first() if name else None
        if name and successor is None:
            raise forms.ValidationError(gettext("No published entry has this ref or URL name."))
        return successor

    @property
    def value(self) -> Withdrawal:
        return Withdrawal(self.cleaned_data["reason"], self.cleaned_data["successor"])


class CategoryForm(BulkForm):
    category = forms.ModelChoiceField(label=_("Category"), queryset=Category.objects.all())

    @property
    def value(self) -> Category:
        category: Category = self.cleaned_data["category"]
        return category


class AddTagForm(BulkForm):
    name = forms.CharField(
        label=_("Tag"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("One tag, e.g. “sleep”. If it doesn’t exist yet, it’s created."),
    )

    def clean_name(self) -> str:
        names = split_tags(self.cleaned_data["name"])
        if len(names) != 1:
            raise forms.ValidationError(gettext("Enter one tag at a time, without a comma."))
        validate_tags(names)
        return known_tag_names(names).get(names[0], names[0])

    @property
    def value(self) -> str:
        return str(self.cleaned_data["name"])


class RemoveTagForm(BulkForm):
    name = forms.CharField(
        label=_("Tag"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("One tag, e.g. “sleep”. Other entries keep it."),
    )

    def clean_name(self) -> str:
        known = Tag.objects.filter(name__iexact=self.cleaned_data["name"]).first()
        if known is None:
            raise forms.ValidationError(gettext("There’s no tag with this name."))
        return str(known.name)

    @property
    def value(self) -> str:
        return str(self.cleaned_data["name"])


class ReviewForm(BulkForm):
    day = forms.DateField(
        label=_("Next review by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("After this date, the desk’s first page lists these entries as overdue."),
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(gettext("Choose today or a later date."))
        return day

    @property
    def value(self) -> date:
        day: date = self.cleaned_data["day"]
        return day


class OwnerForm(BulkForm):
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.filter(is_active=True, is_staff=True).order_by("username"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Who looks after them from now on."),
    )

    @property
    def value(self) -> User | None:
        owner: User | None = self.cleaned_data["owner"]
        return owner
