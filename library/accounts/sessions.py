"""Sessions for people who have proved who they are; a stranger never gets a row, whatever they send.

`SESSION_ENGINE` names this module.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from allauth.account.app_settings import LOGIN_TIMEOUT
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from .encryption import Unreadable, decrypt, encrypt


class SessionStore(db.SessionStore):
    """Django's own, in the database. Keeps its name: the signature of stored sessions depends on it."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """As Django's, with the secret of an app that is being set up encrypted."""
        if secret := session_dict.get(SECRET_SESSION_KEY):
            session_dict = session_dict | {SECRET_SESSION_KEY: encrypt(secret)}
        return super().encode(session_dict)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """As Django's. A secret that can't be read is left out: another one is then shown to be scanned."""
        session = super().decode(session_data)
        if secret := session.pop(SECRET_SESSION_KEY, None):
            with suppress(Unreadable):
                session[SECRET_SESSION_KEY] = decrypt(str(secret))
        return session

    def is_empty(self) -> bool:
        """Whether it belongs to nobody: neither signed in nor past the password. Django then saves nothing."""
        return not (self.get(SESSION_KEY) or self.get(LOGIN_SESSION_KEY))

    def get_expiry_age(self, **given: Any) -> int:
        """Seconds. Someone who still owes a second step has minutes for it, counted from their password."""
        usual = super().get_expiry_age(**given)
        pending = self.get(LOGIN_SESSION_KEY)
        if self.get(SESSION_KEY) or not pending:
            return usual
        return max(0, min(usual, int(pending["initiated_at"] + LOGIN_TIMEOUT - time.time())))

    def get_expiry_date(self, **given: Any) -> datetime:
        return timezone.now() + timedelta(seconds=self.get_expiry_age(**given))
