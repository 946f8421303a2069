"""Inviting somebody who was added: by email, or with a link to hand over where none can be sent."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from library.accounts.password_links import LinkKind, link_path, mail_invitation
from library.models import AuditEntry, User

from .history import record_row

if TYPE_CHECKING:
    from .base import CuratedAdmin


def invite(owner: "CuratedAdmin", request: HttpRequest, person: User) -> HttpResponse | None:
    """None, with a message, when the invitation was mailed; otherwise 200 with its link, which is not shown again."""
    by: Any = request.user
    if mail_invitation(person, by):
        text = gettext("We emailed an invitation to %s. Its link works once, for three days.")
        messages.success(request, text % person.email)
        return None
    path = link_path(LinkKind.INVITATION, person)
    context = owner.admin_site.each_context(request) | {
        "title": gettext("Invitation for %s") % (person.get_full_name() or person.get_username()),
        "opts": owner.opts,
        "original": person,
        "link": urljoin(settings.SITE_ADDRESS or request.build_absolute_uri(), path),
    }
    return TemplateResponse(request, "admin/library/user/invitation.html", context)


def invite_again(owner: "CuratedAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """200 with the link, or 302 to the person's page; all earlier links have ended then."""
    with transaction.atomic():
        person = get_object_or_404(User.objects.select_for_update(no_key=True), pk=pk)
        if not owner.has_change_permission(request, person):
            raise PermissionDenied
        if may_invite := person.is_invited:
            person.set_unusable_password()
            person.save(update_fields=["password"])
            record_row(request, person, AuditEntry.Kind.CHANGED, gettext("Invited again."))
    if not may_invite:
        messages.warning(request, gettext("They’ve already chosen a password."))
    shown = invite(owner, request, person) if may_invite else None
    return shown or HttpResponseRedirect(reverse("admin:library_user_change", args=[pk]))
