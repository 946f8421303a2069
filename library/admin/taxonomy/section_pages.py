"""The two pages that change where old links to a section lead. Both ask for a tick: neither happens by accident."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.errors import REFUSALS, error_text
from library.history.record import record_before
from library.models import Section
from library.models.slugs import validate_anchor
from library.taxonomy.merge import CannotMerge, merge_sections


class AnchorForm(forms.Form):
    anchor = forms.CharField(
        label=_("New anchor"),
        max_length=61,
        validators=[validate_anchor],
        help_text=_("2 to 61 lowercase letters, digits, and hyphens, starting with a letter, e.g. online-training."),
    )
    confirmed = forms.BooleanField(label=_("Yes, change the anchor. The old one keeps working."))


class SectionMergeForm(forms.Form):
    survivor = forms.ModelChoiceField(
        label=_("Merge into"),
        queryset=Section.objects.none(),
        help_text=_("Only published sections are listed, because old links must lead somewhere."),
    )
    confirmed = forms.BooleanField(label=_("Yes, merge them. I know this can’t be undone."))

    def __init__(self, *args: Any, merged: Section) -> None:
        super().__init__(*args)
        field: Any = self.fields["survivor"]
        field.queryset = Section.objects.published().exclude(pk=merged.pk)


def change_anchor_page(owner: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the form; 302 to the section when its anchor has been changed."""
    section = get_object_or_404(Section, pk=pk)
    if not owner.has_change_permission(request, section):
        raise PermissionDenied
    form = AnchorForm(request.POST or None)
    if form.is_valid():
        old, new = section.anchor, form.cleaned_data["anchor"]
        try:
            record_before(Section, [pk], now=timezone.now())
            section.change_anchor(new)
        except ValidationError as error:
            form.add_error("anchor", error.messages)
        except REFUSALS as error:
            form.add_error("anchor", error_text(error, Section))
        else:
            owner.log_change(request, section, f"#{old} → #{new}")
            text = gettext("The anchor is now #%(new)s. Links to #%(old)s keep working.") % {"new": new, "old": old}
            owner.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:library_section_change", args=[pk]))
    return _page(owner, request, section, "anchor", form, gettext("Change the anchor"))


def merge_section_page(owner: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with what would happen; 302 to the surviving section when it has happened."""
    section = get_object_or_404(Section, pk=pk)
    if not (owner.has_change_permission(request, section) and request.user.has_perm("library.delete_section")):
        raise PermissionDenied
    form = SectionMergeForm(request.POST or None, merged=section)
    if form.is_valid():
        survivor = form.cleaned_data["survivor"]
        try:
            with transaction.atomic():
                owner.log_deletions(request, [section])
                result = merge_sections(section, survivor, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except CannotMerge as error:
            form.add_error("survivor", str(error))
        except REFUSALS as error:
            form.add_error("survivor", error_text(error, Section))
        else:
            text = gettext("“%(merged)s” was merged: %(count)d entries moved, and #%(anchors)s lead here now.") % {
                "merged": section.title,
                "count": result.changed,
                "anchors": ", #".join(result.anchors),
            }
            owner.log_change(request, survivor, text)
            owner.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:library_section_change", args=[survivor.pk]))
    return _page(owner, request, section, "merge", form, gettext("Merge into another section"))


def _page(
    owner: Any, request: HttpRequest, section: Section, name: str, form: forms.Form, title: str
) -> TemplateResponse:
    entries: Any = section.resources
    context = owner.admin_site.each_context(request) | {
        "title": title,
        "subtitle": str(section),
        "opts": owner.opts,
        "section": section,
        "form": form,
        "aliases": list(section.aliases.all()),
        "entry_count": entries.count() if name == "merge" else None,
    }
    return TemplateResponse(request, f"admin/library/section/{name}.html", context)
