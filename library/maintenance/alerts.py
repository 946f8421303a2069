"""Mails to curators who wish them: what waits for them, what became of what they submitted, problems of their entries.

A mail is a sentence with a link, and has nothing that a reader or a curator wrote. One that cannot be sent is lost, and
nothing else with it: the first page of the admin shows what waits.
"""

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext

from library.mail import can_send_mail, mail_to, send_mails
from library.models import ReaderReport, User


def alert(people: Iterable[User | None], text: str, path: str) -> None:
    """Mail this sentence, with a link to `path`, to those of them who wish it, once the transaction holds."""
    addresses = [person.email for person in people if person is not None and _wishes_it(person)]
    if addresses and can_send_mail():
        transaction.on_commit(partial(send_mails, [_message(address, text, path) for address in addresses]))


def who_may(right: str, *, but: User) -> list[User]:
    """Whoever has this right and wishes mails, without the one who acts. Costs a query for each of them."""
    people = User.objects.filter(wants_alerts=True, is_active=True, is_staff=True).exclude(pk=but.pk)
    return [person for person in people.order_by("pk") if person.has_perm(right)]


def alert_owners() -> int:
    """Mail those who look after an entry that readers have reported a problem with it; to how many.

    Once for each report, and called once a day: the hour of such a mail says nothing of when a reader was there.
    """
    waiting = ReaderReport.objects.open().filter(is_mailed=False, resource__owner__wants_alerts=True)
    reports = list(waiting.select_related("resource__owner").order_by("pk")) if can_send_mail() else []
    mailed = 0
    for owner in {report.resource.owner for report in reports if _wishes_it(report.resource.owner)}:
        theirs = [report for report in reports if report.resource.owner == owner]
        entries = {report.resource.pk: report.resource.title for report in theirs}
        text = ngettext("A reader reported a problem with: %s", "Readers reported problems with: %s", len(theirs))
        path = f"{reverse('admin:library_resource_changelist')}?whose=mine"
        if len(entries) == 1:
            path = reverse("admin:library_resource_change", args=[*entries])
        if send_mails([_message(owner.email, text % ", ".join(sorted(entries.values())), path)]):
            ReaderReport.objects.filter(pk__in=[report.pk for report in theirs]).update(is_mailed=True)
            mailed += 1
    return mailed


def _wishes_it(person: User) -> bool:
    return bool(person.wants_alerts and person.is_active and person.is_staff and person.email)


def _message(address: str, text: str, path: str) -> EmailMessage:
    root = settings.SITE_ADDRESS
    change = root + reverse("admin:weekly_mail")
    return mail_to(address, text, "library/alert.txt", text=text, address=root + path, change=change)
