"""Email to curators: whether this site can send any, what a message is made of, and handing it to the mail server.

Links in it begin with `SITE_ADDRESS`, never with the host that a request names. What can't be sent is lost, with a
line in the log.
"""

import logging
import threading
from collections.abc import Sequence
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from library.identity.current import current

_TIMEOUT = 5  # seconds: somebody waits for the page
_log = logging.getLogger(__name__)


def can_send_mail() -> bool:
    """Whether there is a mail server, and an address for links to begin with."""
    return bool(settings.EMAIL_HOST and settings.SITE_ADDRESS)


def mail_to(address: str, subject: str, template: str, /, **context: Any) -> EmailMessage:
    """A message in the words of a template, which gets `site_name` as well; its subject begins with that name."""
    name = current().name
    body = render_to_string(template, context | {"site_name": name})
    line = " ".join(f"{name}: {subject}".split())[:200]
    return EmailMessage(line, body, settings.DEFAULT_FROM_EMAIL, [address] if address else [])


def send_mails(messages: Sequence[EmailMessage]) -> bool:
    """Whether the mail server took them, within seconds."""
    try:
        get_connection(timeout=_TIMEOUT).send_messages(messages)
    except (SMTPException, OSError, ValueError) as error:  # the last for a header that nobody can send
        _log.warning("An email to curators was not sent: %s", type(error).__name__)
        return False
    return True


def send_mails_later(messages: Sequence[EmailMessage]) -> None:
    """Send those that are addressed to somebody while the page is answered: how long that takes tells nothing."""
    addressed = [message for message in messages if message.to]
    threading.Thread(target=send_mails, args=[addressed], name="mail").start()
