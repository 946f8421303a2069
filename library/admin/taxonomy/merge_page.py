"""The page on which several categories, tags or publishers become one: what would change, which one stays, a tick."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.admin.errors import REFUSALS, error_text
from library.admin.ids import only_ids
from library.search.text_query import tidy_words
from library.taxonomy.merge import MERGE_LIMIT, CannotMerge, merge_candidates, merge_values, older_slugs


class MergeForm(forms.Form):
    """Asks which of these stays, and for a tick."""

    survivor = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the one to keep.")},
    )
    confirmed = forms.BooleanField(
        label=_("Yes, merge them and keep only the one I chose."),
        error_messages={"required": _("Check this box if you’re sure.")},
    )

    def __init__(self, *args: Any, pks: list[int]) -> None:
        super().__init__(*args)
        field: Any = self.fields["survivor"]
        field.choices = [(pk, str(pk)) for pk in pks]


def merge_page(owner: Any, request: HttpRequest) -> HttpResponse:
    """200 with what would happen, or asking for another one to merge with; 302 to the one that stayed, when it is done.

    302 to the list, with the reason, where they cannot be merged.
    """
    if not owner.has_merge_permission(request):
        raise PermissionDenied
    pks = sorted({int(pk) for pk in only_ids(request.GET.getlist("id")[: MERGE_LIMIT + 1])})
    if len(pks) == 1:
        return _other_one(owner, request, pks[0])
    try:
        candidates = merge_candidates(owner.model, pks)
        form = MergeForm(request.POST or None, pks=pks)
        if request.method == "POST" and form.is_valid():
            return _merge(owner, request, pks, form.cleaned_data["survivor"])
    except CannotMerge as error:
        return _back(owner, request, str(error))
    except REFUSALS as error:
        text = error_text(error, owner.model)
        if isinstance(error, OperationalError):
            text = f"{text} {gettext('Keep the one most entries have.')}"
        return _back(owner, request, text)
    slugs = [candidate.row.slug for candidate in candidates] + older_slugs(owner.model, pks)
    chosen = str(form["survivor"].value() or candidates[0].row.pk)
    context = _context(owner, request) | {
        "form": form,
        "candidates": [(candidate, owner.view_on_site(candidate.row)) for candidate in candidates],
        "chosen": chosen,
        "slugs": slugs,
    }
    return TemplateResponse(request, "admin/merge.html", context)


def _merge(owner: Any, request: HttpRequest, pks: list[int], survivor: int) -> HttpResponse:
    by: Any = request.user
    done = merge_values(owner.model, pks, survivor, by=by, now=timezone.now())
    text = ngettext(
        "Merged: %(gone)s. %(count)d entry now has “%(row)s” instead.",
        "Merged: %(gone)s. %(count)d entries now have “%(row)s” instead.",
        done.changed,
    ) % {"gone": ", ".join(f"“{name}”" for name in done.gone), "count": done.changed, "row": done.row}
    owner.message_user(request, f"{text} {gettext('Their old addresses lead here.')}", messages.SUCCESS)
    return HttpResponseRedirect(reverse(f"admin:library_{owner.opts.model_name}_change", args=[done.row.pk]))


def _other_one(owner: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """200 with a field for the name of the other one; 302 to the page about both."""
    row = owner.model.objects.filter(pk=pk).first()
    if row is None:
        return _back(owner, request, gettext("It was merged or deleted in the meantime."))
    name, problem = tidy_words(request.GET.get("name", "")), ""
    if "name" in request.GET:
        other = owner.model.objects.filter(Q(name__iexact=name) | Q(slug__iexact=name)).exclude(pk=pk).first()
        if other is not None:
            return HttpResponseRedirect(owner.merge_address(pk, other.pk))
        problem = gettext("There’s no other one with this name.")
    context = _context(owner, request) | {"row": row, "name": name, "problem": problem}
    return TemplateResponse(request, "admin/merge_with.html", context)


def _back(owner: Any, request: HttpRequest, why: str) -> HttpResponse:
    owner.message_user(request, gettext("Nothing was merged. %s") % why, messages.WARNING)
    return HttpResponseRedirect(reverse(f"admin:library_{owner.opts.model_name}_changelist"))


def _context(owner: Any, request: HttpRequest) -> dict[str, Any]:
    title = gettext("Merge %s") % owner.opts.verbose_name_plural
    return {**owner.admin_site.each_context(request), "title": title, "opts": owner.opts}
