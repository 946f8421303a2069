"""One row to values that a resource can take, by the rules of the models; or to the reasons why not. Asks no query."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext

from library.models import Category, Publisher, Resource, Section
from library.models.dates import read_date, read_serial_day
from library.models.days import validate_published_day
from library.models.resource.kinds import Kind
from library.models.taxonomy import validate_tags
from library.models.web_address import address_key, without_tracking
from library.pages.markdown import single_line

from .markup import HTML_LIMIT, plain_text
from .readers import Row, RowError, quote

# Tabs and line breaks become spaces. No other control character belongs in a text, nor does half of a surrogate pair.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
# What spreadsheets show where a formula comes to nothing.
_SHEET_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|ERROR!)|Err:[0-9]{3}")
# Elements that people write texts with, and the characters that stand for others.
_HTML = re.compile(
    r"</?(?:p|br|b|i|em|strong|u|a|span|div|ul|ol|li|h[1-6]|img|font|sub|sup|blockquote|table|t[rdh]|script|style)"
    r"(?:[\s/][^<>]*)?>|&(?:amp|lt|gt|quot|apos|nbsp|ndash|mdash|[lr][sd]quo|hellip|#[0-9]{2,5}|#x[0-9a-f]{2,4});",
    re.IGNORECASE,
)
_MAY_BE_HTML = ("title", "summary")

# What people and other systems call the kinds besides.
_KINDS: dict[Kind, tuple[str, ...]] = {
    Kind.COURSE: ("courses", "online course", "training", "online training", "training course", "class", "webinar"),
    Kind.PODCAST: ("podcasts", "podcast episodes", "episode", "audio", "audio recording", "audiorecording"),
    Kind.REVIEW: ("reviews", "incident review", "critical incident", "after action report", "after action review"),
    Kind.FORUM: ("forums", "forum post", "forumpost", "discussion", "discussion forum", "message board"),
    Kind.SITE: (
        "sites",
        "web site",
        "websites",
        "web page",
        "webpage",
        "page",
        "post",
        "link",
        "web link",
        "url",
        "bookmark",
    ),
}

# Of the row that a template begins with.
EXAMPLE_ADDRESS = "https://example.org/replace-this-row"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row in which every value has the form that its column asks for.

    `key` is what it is recognised by: its address, or `ref:…` where the row has a ref. `fields` are those of the
    resource that it sets. `section`, `publisher`, `categories` and `tags` are names as they
    stand in the row, and empty where the row leaves them as they are. `defaults` are the kind and the section that it
    gets where it has none, and is new.
    """

    line: int
    key: str
    ref: str
    fields: dict[str, Any]
    section: str
    publisher: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    defaults: dict[str, str] = field(default_factory=dict)
    # What was understood otherwise than it is written: the sort of it, and a sentence.
    notes: tuple[tuple[str, str], ...] = ()

    def with_defaults(self) -> "Entry":
        """The same for a resource that is new."""
        if not self.defaults:
            return self
        kind = {"kind": self.defaults["kind"]} if "kind" in self.defaults else {}
        section = self.section or self.defaults.get("section", "")
        return replace(self, fields=kind | self.fields, section=section)


def entry_of(row: Row) -> Entry | tuple[RowError, ...]:
    """What the row says of a resource; or everything that is wrong with it."""
    errors = list(row.errors)
    values: dict[str, Any] = {}
    texts, notes = _plain(row.texts)
    for column, value in (texts | row.lists).items():
        try:
            if isinstance(value, str) and _SHEET_ERROR.fullmatch(value):
                raise ValidationError(_sheet_error(value))
            values[column] = _READ[column](value)
        except ValidationError as error:
            errors.append(RowError(row.line, column, " ".join(error.messages)))
    if not {"url", "ref"} & row.texts.keys() and not any(error.column in {"", "url"} for error in errors):
        message = gettext("Add a web address. Without one, a second import couldn’t recognize this entry.")
        errors.append(RowError(row.line, "url", message))
    if values.get("url") == EXAMPLE_ADDRESS:
        errors.append(RowError(row.line, "", gettext("This is the template’s example. Delete this row.")))
    if errors:
        return tuple(errors)
    fields: dict[str, Any] = {column: values[column] for column in ("title", "kind", "summary") if column in values}
    if "url" in values:
        fields |= {"url": without_tracking(values["url"]), "address_key": address_key(values["url"])}
        notes += _note_of_tracking(values["url"], fields["url"])
    if "published" in values:
        fields["published_on"], fields["published_precision"] = values["published"]
        notes += _note_of_date(row.texts["published"], *values["published"])
    ref = values.get("ref", "")
    return Entry(
        line=row.line,
        key=f"ref:{ref}" if ref else fields["address_key"],
        ref=ref,
        fields=fields,
        section=values.get("section", ""),
        publisher=values.get("publisher", ""),
        categories=values.get("categories", ()),
        tags=values.get("tags", ()),
        defaults=row.defaults,
        notes=tuple(notes),
    )


def _plain(texts: dict[str, str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The same texts without the HTML of an old system, and a note for each that had some."""
    plain, notes = dict(texts), []
    for column in _MAY_BE_HTML:
        if _HTML.search(texts.get(column, "")):
            plain[column] = plain_text(texts[column], HTML_LIMIT)
            notes.append((f"html in {column}", gettext("HTML was removed from the column %s.") % column))
    return {column: text for column, text in plain.items() if text}, notes


def _note_of_tracking(url: str, kept: str) -> list[tuple[str, str]]:
    if url == kept:
        return []
    return [("tracking", gettext("Tracking codes such as utm_source were removed from addresses."))]


def _note_of_date(text: str, day: date, precision: str) -> list[tuple[str, str]]:
    """How a date was understood, unless there is only one way."""
    if _ISO_DATE.fullmatch(text):
        return []
    shown = day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]
    message = gettext("Dates were read as Americans write them, such as %(text)s as %(day)s.")
    return [("date", message % {"text": quote(text), "day": shown})]


def _sheet_error(text: str) -> str:
    return gettext("The spreadsheet has an error in this cell, %s. Correct it, or empty the cell.") % text


def _one_line(text: str) -> str:
    if _NO_TEXT.search(text):
        raise ValidationError(gettext("Remove the control characters from %(text)s.") % {"text": quote(text)})
    return single_line(text)


def _field_reader(model: type[Model], name: str) -> Callable[[str], str]:
    field: Any = model._meta.get_field(name)

    def read(text: str) -> str:
        cleaned: str = field.clean(_one_line(text), None)
        return cleaned

    return read


def _cached(read: Callable[[str], str]) -> Callable[[str], str]:
    """For names that many rows share."""
    return lru_cache(maxsize=2000)(read)


def _kind(text: str) -> str:
    wish = " ".join(_one_line(text).casefold().replace("-", " ").split())
    for kind in Kind:
        if wish in {kind.value, kind.label.casefold(), *_KINDS[kind]}:
            return kind.value
    message = gettext("%(text)s isn’t a kind of resource. Use one of these: %(kinds)s.")
    raise ValidationError(message % {"text": quote(text), "kinds": ", ".join(Kind.values)})


def _published(text: str) -> tuple[date, str]:
    """The day, the first one of a month or a year, and how exactly it is known."""
    serial = read_serial_day(text)
    read = (serial, Resource.Precision.DAY) if serial else read_date(text)
    if read is None:
        message = gettext("%(text)s isn’t a date. Use 2020, 2020-02, or 2020-02-28.")
        raise ValidationError(message % {"text": quote(text)})
    validate_published_day(read[0])
    return read


def _names(read: Callable[[str], str]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    def read_each(names: tuple[str, ...]) -> tuple[str, ...]:
        """Each name once, as it is written first."""
        once: dict[str, str] = {}
        for name in map(read, names):
            once.setdefault(name.lower(), name)
        return tuple(once.values())

    return read_each


_each_tag = _names(_cached(_one_line))


def _tags(names: tuple[str, ...]) -> tuple[str, ...]:
    read = _each_tag(names)
    validate_tags(read)
    return read


_READ: dict[str, Callable[[Any], Any]] = {
    "title": _field_reader(Resource, "title"),
    "kind": _cached(_kind),
    "section": _cached(_field_reader(Section, "title")),
    "summary": _field_reader(Resource, "summary"),
    "url": _field_reader(Resource, "url"),
    "ref": _field_reader(Resource, "ref"),
    "publisher": _cached(_field_reader(Publisher, "name")),
    "published": _published,
    "categories": _names(_cached(_field_reader(Category, "name"))),
    "tags": _tags,
}
