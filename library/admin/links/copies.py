"""What a curator says of the copy of a page, or where another one is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.admin.forms import AddressField
from library.admin.moments import DayField
from library.history.record import record_event
from library.maintenance.link_copies import add_copy, approve_copy, decline_copy
from library.models import AuditEntry, Link, LinkCopy, Resource
from library.models.days import validate_past_day


class CopyForm(forms.Form):
    """A copy that a curator knows of, wherever it is."""

    copy_address = AddressField(label=_("Address of the copy"))
    taken_on = DayField(
        label=_("Taken on"), required=False, validators=[validate_past_day], help_text=_("Leave blank if unknown.")
    )


def use_copy(request: HttpRequest, entry: Resource, link: Link, form: CopyForm) -> bool:
    """Offer readers the copy of this form; False where it has an error to show."""
    if not form.is_valid():
        return False
    address = form.cleaned_data["copy_address"]
    with transaction.atomic():
        add_copy(link, address, form.cleaned_data["taken_on"], timezone.now())
        _note(request, entry, gettext("Added a preserved copy: %s") % address)
    messages.success(request, gettext("Saved. Readers get it when the page is gone or shows something else."))
    return True


def judge_copy(request: HttpRequest, entry: Resource, link: Link, *, is_right: bool) -> None:
    """Offer readers the copy that is known, or never again."""
    copy = LinkCopy.objects.filter(link=link).exclude(address="").first()
    if copy is None:
        messages.warning(request, gettext("That can’t be done now. Here’s where it is."))
        return
    text = gettext("Found the preserved copy right: %s") if is_right else gettext("Found the preserved copy wrong: %s")
    with transaction.atomic():
        (approve_copy if is_right else decline_copy)(copy)
        _note(request, entry, text % copy.address)
    thanks = gettext("Thanks. Readers get it when the page is gone or shows something else.")
    messages.success(request, thanks if is_right else gettext("Thanks. Readers don’t get that copy."))


def _note(request: HttpRequest, entry: Resource, comment: str) -> None:
    user: Any = request.user
    record_event(Resource, AuditEntry.Kind.CHANGED, row=entry, by=user, now=timezone.now(), comment=comment)
