"""Links with which a person chooses a password: after forgetting the old one, or after an invitation.

A link is signed for one person with this password, this email and this last sign-in: any new one of these ends it, so
it works once. Nothing about it is stored.
"""

import re
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from library.mail import can_send_mail, mail_to, send_mails, send_mails_later
from library.models import User

_TOKEN = re.compile(r"(\d{1,18}):[\w-]{1,20}:[\w-]{1,60}", re.ASCII)


class LinkKind(StrEnum):
    RESET = "reset"
    INVITATION = "invitation"


LIFETIMES = {LinkKind.RESET: timedelta(hours=4), LinkKind.INVITATION: timedelta(hours=72)}


def send_reset_links(email: str) -> None:
    """Mail a link to everybody who signs in here and has this address.

    A message is made in any case, so that it takes as long whether or not there is such a person.
    """
    people = User.objects.filter(email__iexact=email, is_active=True, is_staff=True).order_by("pk")
    able = [person for person in people if person.has_usable_password()]
    subject, template = gettext("Choose a new password"), "library/password_reset.txt"
    send_mails_later([_mail(LinkKind.RESET, person, subject, template) for person in able or [User()]])


def mail_invitation(person: User, by: User) -> bool:
    """Whether a mail server took it; False also where there is none, or no address."""
    if not (person.email and can_send_mail()):
        return False
    inviter = by.get_full_name() or by.get_username()
    subject, template = gettext("Your invitation"), "library/invitation.txt"
    return send_mails([_mail(LinkKind.INVITATION, person, subject, template, inviter=inviter)])


def link_path(kind: LinkKind, user: User) -> str:
    """The path of a new link for this person."""
    return reverse(f"password_{kind}", args=[_signer(kind, user).sign(str(user.pk or 0))])


def user_of_link(kind: LinkKind, token: str, rows: QuerySet[User]) -> User | None:
    """Whose link this is, among these rows; None for one that has ended, was used, or never was ours."""
    match = _TOKEN.fullmatch(token)
    user = rows.filter(pk=match[1], is_active=True, is_staff=True).first() if match else None
    if user is None:
        return None
    try:
        _signer(kind, user).unsign(token, max_age=LIFETIMES[kind])
    except BadSignature:
        return None
    return user


def _mail(kind: LinkKind, person: User, subject: str, template: str, **context: str) -> EmailMessage:
    address = settings.SITE_ADDRESS + link_path(kind, person)
    return mail_to(person.email, subject, template, username=person.get_username(), address=address, **context)


def _signer(kind: LinkKind, user: User) -> TimestampSigner:
    return TimestampSigner(salt=f"library.password-link {kind} {user.password} {user.email} {user.last_login}")
