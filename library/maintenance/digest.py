"""The weekly mail to curators who asked for it: what needs attention, as numbers with links, and no reader's words.

Who has it in a calendar week does not get it again, whatever was interrupted: the moment is written down before the
mail is handed over, and taken back only where the mail server refuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from library.db.locks import Lock, try_session_lock
from library.identity.current import current
from library.models import User

from .attention import AttentionItem, attention_items


class CannotSend(Exception):
    """Nothing can be sent at all; the message is one sentence for the person who runs the site."""


@dataclass(frozen=True)
class DigestResult:
    """To how many it was sent, how many had it this week, for how many nothing waits; and where it failed."""

    sent: int = 0
    already_sent: int = 0
    nothing_waits: int = 0
    failed: tuple[str, ...] = ()


def send_digests(now: datetime) -> DigestResult:
    """Send it to all who are to have it at `now`. Raises CannotSend, also while another run is at it."""
    if not settings.EMAIL_HOST:
        raise CannotSend("No email was sent: EMAIL_HOST doesn't name a mail server.")
    if not settings.SITE_ADDRESS:
        raise CannotSend("No email was sent: SITE_ADDRESS doesn't say where its links should lead.")
    with _alone():
        subscribers = list(User.objects.filter(wants_digest=True, is_active=True, is_staff=True).order_by("pk"))
        waiting = [(user, items) for user in subscribers if (items := items_for(user, now))]
        sent, already_sent, failed = 0, 0, []
        for user, items in waiting:
            if not _claim(user, now):
                already_sent += 1
            elif _hand_over(user, items):
                sent += 1
            else:
                failed.append(user.get_username())
    return DigestResult(sent, already_sent, len(subscribers) - len(waiting), tuple(failed))


def items_for(user: User, now: datetime) -> list[AttentionItem]:
    """What waits for this curator; nothing where there is nothing to do."""
    items = attention_items(user.has_perm, now)
    return items if any(item.is_task for item in items) else []


def first_day_of_week(now: datetime) -> datetime:
    """The midnight with which the week of `now` began, a Monday."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def message_to(user: User, items: list[AttentionItem], backend: BaseEmailBackend) -> EmailMessage:
    root = settings.SITE_ADDRESS
    context = {
        "site_name": current().name,
        "lines": [(item.text, root + item.path) for item in items],
        "admin_address": root + reverse("admin:index"),
        "change": root + reverse("admin:weekly_mail"),
    }
    subject = gettext("What needs attention: %s") % current().name
    body = render_to_string("library/digest.txt", context)
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email], connection=backend)


def _claim(user: User, now: datetime) -> bool:
    """Write down that this curator has it now; False for who has it this week. One statement: two runs cannot both."""
    not_sent = Q(digest_sent_at__isnull=True) | Q(digest_sent_at__lt=first_day_of_week(now))
    return bool(User.objects.filter(not_sent, pk=user.pk, wants_digest=True).update(digest_sent_at=now))


def _hand_over(user: User, items: list[AttentionItem]) -> bool:
    """False, and nothing written down, where the mail server did not take it."""
    try:
        message_to(user, items, get_connection()).send()
    except (SMTPException, OSError, ValueError):  # the last for a header that nobody can send
        User.objects.filter(pk=user.pk).update(digest_sent_at=user.digest_sent_at)
        return False
    return True


@contextmanager
def _alone() -> Iterator[None]:
    with try_session_lock(Lock.DIGEST) as is_mine:
        if not is_mine:
            raise CannotSend("No email was sent: another run is sending it right now.")
        yield
