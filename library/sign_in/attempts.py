"""How often somebody tried to sign in, counted in the database for all processes, under keyed hashes alone.

What is counted is the network address and the name that was typed; neither can be read from what is stored, and all of
it is gone with the next attempt after its time.
"""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection


def hashed_key(key: str, key_prefix: str, version: int) -> str:
    """Under which name a count is kept: `CACHES` names this function."""
    secret = hmac.digest(settings.SECRET_KEY.encode(), b"library.sign-in-attempts", hashlib.sha256)
    return hmac.new(secret, f"{key_prefix}:{version}:{key}".encode(), hashlib.sha256).hexdigest()


def forget_attempts(now: datetime) -> None:
    """Delete the counts whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM library_attempt WHERE expires < %s", [now])


def use_once(name: str, lifetime: int) -> bool:
    """Whether nothing of this name was used yet. It can be used again after `lifetime` seconds."""
    return bool(cache.add(f"used {name}", 1, lifetime))
