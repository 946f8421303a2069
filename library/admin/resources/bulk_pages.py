"""What is done to many entries at once from their list: chosen there, looked at on a page, done after a yes.

The page carries the chosen entries and what they were, signed, so that it needs neither a script nor a session.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.admin.errors import REFUSALS, error_text
from library.history.snapshot import tokens_now
from library.models import Resource

from .bulk_changes import BULK_LIMIT, BULKS, BulkResult, apply_changes, plan_changes
from .bulk_forms import AddTagForm, BulkForm, CategoryForm, OwnerForm, RemoveTagForm, ReviewForm, WithdrawForm
from .bulk_undo import keep_undo
from .review import tell_published

_NAMED = 10  # the most entries that the message afterwards names
_SALT = "library.admin.resources.bulk_pages"


@dataclass(frozen=True)
class Action:
    """One line of the menu above the list: its words, the right that it asks for, and its questions."""

    label: Any
    right: str
    form: type[BulkForm]


ACTIONS = {
    "publish": Action(_("Publish…"), "publish", BulkForm),
    "withdraw": Action(_("Withdraw…"), "publish", WithdrawForm),
    "add-category": Action(_("Add a category…"), "every", CategoryForm),
    "remove-category": Action(_("Remove a category…"), "every", CategoryForm),
    "add-tag": Action(_("Add a tag…"), "every", AddTagForm),
    "remove-tag": Action(_("Remove a tag…"), "every", RemoveTagForm),
    "review": Action(_("Set the next review date…"), "every", ReviewForm),
    "assign": Action(_("Set owner…"), "every", OwnerForm),
    "delete-drafts": Action(_("Delete drafts…"), "delete", BulkForm),
}


def bulk_actions() -> list[Any]:
    """The lines of the menu, as Django's list takes them."""
    return [_listed(name, action) for name, action in ACTIONS.items()]


def _listed(name: str, action: Action) -> Any:
    def chosen(owner: Any, request: HttpRequest, entries: Any) -> HttpResponse | None:
        pks = list(entries.order_by("pk").values_list("pk", flat=True)[: BULK_LIMIT + 1])
        if len(pks) > BULK_LIMIT:
            text = gettext("You can change up to 1,000 entries at once. Filter the list and work in smaller batches.")
            owner.message_user(request, text, messages.WARNING)
            return None
        return _page(owner, request, name, pks, action.form(), request.GET.urlencode())

    chosen.__name__ = name
    return admin.action(description=action.label, permissions=[action.right])(chosen)


def bulk_page(owner: Any, request: HttpRequest, name: str) -> HttpResponse:
    """200 with the question, or with what would change; 302 to the list when it is done, or nothing was chosen."""
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    if not (owner.has_change_permission(request) and getattr(owner, f"has_{action.right}_permission")(request)):
        raise PermissionDenied
    try:
        plan = signing.loads(request.POST.get("plan", ""), salt=_SALT)
    except signing.BadSignature:
        owner.message_user(request, gettext("Select entries from this list."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:library_resource_changelist"))
    seen, form = {int(pk): token for pk, token in plan["seen"].items()}, action.form(request.POST)
    if not (form.is_valid() and "confirmed" in request.POST):
        return _page(owner, request, name, list(seen), form, plan["back"])
    by: Any = request.user
    try:
        comment = gettext("Bulk change: %s") % str(action.label).rstrip("…")
        result = apply_changes(BULKS[name], seen, form.value, by=by, now=timezone.now(), comment=comment)
    except REFUSALS as error:
        owner.message_user(request, gettext("Nothing was changed. %s") % error_text(error, Resource), messages.ERROR)
        return _page(owner, request, name, list(seen), form, plan["back"])
    if name == "publish":
        tell_published([entry.pk for entry in result.changed], by=by)
    _show_result(owner, request, result)
    keep_undo(request, result.entry_id)
    return HttpResponseRedirect(f"{reverse('admin:library_resource_changelist')}?{plan['back']}".rstrip("?"))


def _page(owner: Any, request: HttpRequest, name: str, pks: list[int], form: BulkForm, back: str) -> TemplateResponse:
    """The questions, with the chosen entries; once they are answered, what would become of each."""
    seen = tokens_now(Resource, pks)
    is_answered = not form.fields or form.is_valid()
    planned = plan_changes(BULKS[name], list(seen), form.value, timezone.now()) if is_answered else []
    changing = [change for change in planned if not change.why_not]
    staying = [change for change in planned if change.why_not]
    chosen = [] if is_answered else list(Resource.objects.filter(pk__in=seen).only("title").order_by("pk"))
    context = owner.admin_site.each_context(request) | {
        "title": str(ACTIONS[name].label).rstrip("…"),
        "opts": owner.opts,
        "name": name,
        "form": form,
        "plan": signing.dumps({"seen": seen, "back": back}, salt=_SALT, compress=True),
        "back": back,
        "is_answered": is_answered,
        "chosen": chosen,
        "changing": changing,
        "staying": staying,
    }
    return TemplateResponse(request, "admin/library/resource/bulk.html", context)


def _show_result(owner: Any, request: HttpRequest, result: BulkResult) -> None:
    number = len(result.changed)
    text = ngettext("%d entry was changed.", "%d entries were changed.", number) % number
    owner.message_user(request, text, messages.SUCCESS if number else messages.WARNING)
    named = [f"“{change.resource.title}”: {change.why_not}" for change in result.left[:_NAMED]]
    if len(result.left) > _NAMED:
        named.append(gettext("And %d more.") % (len(result.left) - _NAMED))
    if result.gone:
        named.append(
            ngettext("%d was deleted in the meantime.", "%d were deleted in the meantime.", result.gone) % result.gone
        )
    if named:
        owner.message_user(request, gettext("Not changed: %s") % " ".join(named), messages.WARNING)
