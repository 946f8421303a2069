"""The site's identity as everything reads it: one frozen value, which each process keeps until the row is another one.

The row comes as a text with the one query by which the page cache knows that something has changed, so that a page
costs nothing more. Every other page asks for it on its own (`middleware.site_identity`). `current` costs nothing.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django.utils.translation import gettext

from config.env import zone_named
from library.models import PictureFile, SiteIdentity

from .icons import size_of
from .shared_file import replace_file

# Where “Leave this site” leads: a page that anybody may have open.
_LEAVE_URL = "https://www.weather.gov/"
_EMERGENCY_NUMBER = "911"
# The row as a text: another text is another identity.
IDENTITY_SQL = "SELECT to_jsonb(identity)::text FROM library_siteidentity AS identity"


@dataclass(frozen=True)
class Logo:
    """The name of a picture file, and its size in pixels."""

    name: str
    width: int
    height: int

    @property
    def mark(self) -> str:
        """What is another word for another logo, to stand in the addresses of what is made of it."""
        return self.name.removesuffix(".webp").rpartition("-")[2]


@dataclass(frozen=True)
class Identity:
    """What is empty was left open by whoever runs the site; `operator` is then nobody.

    `short_name` is for where space is tight: the name itself where there is no shorter one.
    """

    name: str
    short_name: str
    operator: str
    operator_url: str
    operator_contact: str
    official_of: str
    reviewer: str
    reviewed_on: date | None
    logo: Logo | None
    accent: str
    time_zone: ZoneInfo
    leave_url: str
    emergency_number: str
    emergency_text: str
    asks_archive: bool
    saves_to_archive: bool

    @property
    def contact_address(self) -> str:
        """What a link to whoever runs the site opens: `https:`, `mailto:` or `tel:`; empty where it isn't known."""
        contact = self.operator_contact
        if not contact or contact.startswith("https://"):
            return contact
        return f"mailto:{contact}" if "@" in contact else f"tel:{digits_only(contact)}"

    @property
    def emergency_digits(self) -> str:
        return digits_only(self.emergency_number)


def digits_only(number: str) -> str:
    """What a phone dials: the digits, and a plus in front of them."""
    return re.sub(r"(?!^\+)[^0-9]", "", number)


def resolved(row: SiteIdentity, logo: Logo | None = None) -> Identity:
    """The row, with what every copy has in place of what is empty: of the environment, or the same everywhere.

    A name of the row has no short one of the environment, and an operator of the row none of the other's addresses.
    """
    name = row.name or settings.SITE_NAME
    operator = (row.operator, row.operator_url, row.operator_contact)
    if not row.operator:
        operator = (settings.OPERATOR, settings.OPERATOR_URL, settings.OPERATOR_CONTACT)
    return Identity(
        name=name,
        short_name=row.short_name or (not row.name and settings.SITE_SHORT_NAME) or name,
        operator=operator[0],
        operator_url=operator[1],
        operator_contact=operator[2],
        official_of=row.official_of,
        reviewer=row.reviewer,
        reviewed_on=row.reviewed_on,
        logo=logo,
        accent=row.accent,
        time_zone=zone_named(row.time_zone or settings.TIME_ZONE) or ZoneInfo(settings.TIME_ZONE),
        leave_url=row.leave_url or _LEAVE_URL,
        emergency_number=row.emergency_number or _EMERGENCY_NUMBER,
        emergency_text=row.emergency_text or gettext("In immediate danger?"),
        asks_archive=row.asks_archive,
        saves_to_archive=row.saves_to_archive,
    )


class KeptIdentity:
    """What this process knows, and the text of it. Both are replaced at once: threads read them while others write."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Know nothing, as a process that has just begun."""
        self.pair: tuple[str | None, Identity | None] = (None, None)


kept = KeptIdentity()


def current() -> Identity:
    """As this process last read it. Never asks the database: before it was read, it is that of the copy, or of none."""
    text, identity = kept.pair
    if identity is None:
        identity = read_copied_identity() or resolved(SiteIdentity())
        kept.pair = (text, identity)
    return identity


def refresh_identity(text: str | None) -> None:
    """Take over the row, as `IDENTITY_SQL` gives it, where it is another one, and replace the copy.

    Costs a query where there is a new logo.
    """
    if kept.pair[1] is not None and kept.pair[0] == text:
        return
    row = row_of(text) if text else SiteIdentity()
    logo = logo_named(row.logo_id)
    kept.pair = (text, resolved(row, logo))
    size = logo and [logo.width, logo.height]
    replace_file(Path(settings.SITE_IDENTITY_COPY), json.dumps({"row": text, "logo_size": size}))


@contextmanager
def identity_of_now() -> Iterator[None]:
    """Inside, `current` is up to date and days begin when the site's do: for whatever isn't a cached page.

    One query. Without the database, what was known stays.
    """
    with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
        cursor.execute(IDENTITY_SQL)
        refresh_identity((cursor.fetchone() or [None])[0])
    with timezone.override(current().time_zone):
        yield


def row_of(text: str) -> SiteIdentity:
    """Raises ValueError and TypeError for what is no text of a row."""
    values = json.loads(text)
    if values["reviewed_on"]:
        values["reviewed_on"] = date.fromisoformat(values["reviewed_on"])
    return SiteIdentity(**values)


def logo_named(name: str | None) -> Logo | None:
    """Its size is that of the file. A query, where there is a name."""
    content = PictureFile.objects.filter(name=name).content() if name else None
    return Logo(str(name), *size_of(content)) if content else None


def read_copied_identity() -> Identity | None:
    """Of the copy, for a process that begins while the database is away; None where there is none of ours."""
    try:
        copy = json.loads(Path(settings.SITE_IDENTITY_COPY).read_text(encoding="utf-8"))
        row = row_of(copy["row"])
        return resolved(row, Logo(str(row.logo_id), *copy["logo_size"]) if copy["logo_size"] else None)
    except (OSError, ValueError, TypeError, KeyError):
        return None
