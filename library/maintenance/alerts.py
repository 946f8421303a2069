"""Mails to curators who wish them: what waits for them, what became of what they submitted, problems of their entries.

A mail is a sentence with a link, and has nothing that a reader or a curator wrote. One that cannot be sent is lost, and
nothing else with it: the first page of the admin shows what waits.
"""

import logging
from collections.abc import Iterable
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from library.identity.current import current
from library.models import ReaderReport, User

_TIMEOUT = 5  # seconds: somebody waits for the page
_log = logging.getLogger(__name__)


def alert(people: Iterable[User | None], text: str, path: str) -> None:
    """Mail this sentence, with a link to `path`, to those of them who wish it, once the transaction holds."""
    addresses = [person.email for person in people if person is not None and _wishes_it(person)]
    if addresses and _is_set_up():
        transaction.on_commit(partial(_send, [_message(address, text, path) for address in addresses]))


def who_may(right: str, *, but: User) -> list[User]:
    """Whoever has this right and wishes mails, without the one who acts. Costs a query for each of them."""
    people = User.objects.filter(wants_alerts=True, is_active=True, is_staff=True).exclude(pk=but.pk)
    return [person for person in people.order_by("pk") if person.has_perm(right)]


def alert_owners() -> int:
    """Mail those who look after an entry that readers have reported a problem with it; to how many.

    Once for each report, and called once a day: the hour of such a mail says nothing of when a reader was there.
    """
    waiting = ReaderReport.objects.open().filter(is_mailed=False, resource__owner__wants_alerts=True)
    reports = list(waiting.select_related("resource__owner").order_by("pk")) if _is_set_up() else []
    mailed = 0
    for owner in {report.resource.owner for report in reports if _wishes_it(report.resource.owner)}:
        theirs = [report for report in reports if report.resource.owner == owner]
        entries = {report.resource.pk: report.resource.title for report in theirs}
        text = ngettext("A reader reported a problem with: %s", "Readers reported problems with: %s", len(theirs))
        path = f"{reverse('admin:library_resource_changelist')}?whose=mine"
        if len(entries) == 1:
            path = reverse("admin:library_resource_change", args=[*entries])
        if _send([_message(owner.email, text % ", ".join(sorted(entries.values())), path)]):
            ReaderReport.objects.filter(pk__in=[report.pk for report in theirs]).update(is_mailed=True)
            mailed += 1
    return mailed


def _wishes_it(person: User) -> bool:
    return bool(person.wants_alerts and person.is_active and person.is_staff and person.email)


def _is_set_up() -> bool:
    return bool(settings.EMAIL_HOST and settings.SITE_ADDRESS)


def _message(address: str, text: str, path: str) -> EmailMessage:
    root = settings.SITE_ADDRESS
    context = {
        "text": text,
        "address": root + path,
        "site_name": current().name,
        "change": root + reverse("admin:weekly_mail"),
    }
    subject = gettext("%(site)s: %(text)s") % {"site": current().name, "text": text}
    body = render_to_string("library/alert.txt", context)
    return EmailMessage(" ".join(subject.split())[:200], body, settings.DEFAULT_FROM_EMAIL, [address])


def _send(messages: list[EmailMessage]) -> bool:
    """Whether the mail server took them."""
    try:
        get_connection(timeout=_TIMEOUT).send_messages(messages)
    except (SMTPException, OSError, ValueError) as error:  # the last for a header that nobody can send
        _log.warning("An email to curators was not sent: %s", type(error).__name__)
        return False
    return True
