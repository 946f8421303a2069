"""Things to show the parts of a page with: never saved, and true of nothing. Numbers are those of 988."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from library.models import Category, Guide, HelpLine, Publisher, Resource, Section, Series
from library.models.help_line_rules import Anonymous, Availability, TimeZone
from library.models.resource.kinds import Kind
from library.pages.markdown import render_markdown
from library.pages.other_links import links_of

LONG_TITLE = "A title as long as some titles of reports are, with a subtitle that says the same again in other words: "
LONG_TITLE += "what happened, what was learned of it, and what agencies of any size can do before it happens again"
SUMMARY = "What a reader gets, in one to three plain sentences. This is the second one."
PROSE = """## A heading

A paragraph with **bold** and *slanted* words and [a link](https://example.org/).

### A smaller heading

- a list
- with two things

1. a list
2. in an order

> A quotation.
"""
_ADDRESS = "https://www.example.org/resource"
_PUBLISHER = Publisher(pk=0, slug="a-publisher", name="A publisher")
_SERIES = Series(pk=0, title="A series", url="https://www.example.org/series")
_DATE: dict[str, Any] = {"published_on": date(2013, 7, 1), "published_precision": "month"}
_OF_KIND: dict[Kind, dict[str, Any]] = {
    Kind.COURSE: {"course_length": "About 4 hours", "course_format": "eLearning course"},
    Kind.PODCAST: {"series": _SERIES, "speaker": "A speaker", "speaker_affiliation": "An agency", "host": "A host"}
    | {"running_minutes": 25, "audio_url": "https://audio.example.org/1.mp3", "audio_bytes": 24_000_000},
    Kind.REVIEW: {"incident": "An incident", "place": "A town", "incident_date": "Summer 2012", "agency": "An agency"}
    | {"authors": "Two authors", "pages": 120},
    Kind.FORUM: {"body": "What the forum is, with\n\n- one goal\n- another goal"},
    Kind.SITE: {},
}


def sample_resource(kind: Kind = Kind.SITE, title: str = "", **values: Any) -> Resource:
    """A resource of this kind with all that one can have."""
    known = {"url": _ADDRESS, "summary": SUMMARY, "publisher": _PUBLISHER, **_DATE, **_OF_KIND[kind]}
    row = Resource(pk=0, kind=kind, title=title or str(kind.label), slug="a-resource", ref="2345678", **known | values)
    row.body_html = render_markdown(row.body, top_heading=4)
    return row


def with_links(resource: Resource) -> dict[str, Any]:
    """The resource, and where else it leads, of which nothing bad is known."""
    return {"resource": resource, "links": links_of(resource, {})}


def sample_resources() -> list[Resource]:
    """One of each kind, and those that are hard to show."""
    return [
        *(sample_resource(kind) for kind in Kind),
        sample_resource(title=LONG_TITLE, summary="Short."),
        sample_resource(title="With nothing known", url="", summary="", publisher=None, published_on=None),
        sample_resource(title="With a content note", content_note="Describes a line-of-duty death."),
        sample_resource(title="The same title", access="account", access_note="Some parts are free."),
        sample_resource(
            title="The same title", access="agency-email", published_on=date(2020, 1, 1), published_precision="year"
        ),
        sample_resource(title="Open to all", access="open", published_on=date(2020, 2, 28), published_precision="day"),
    ]


def sample_section(**values: Any) -> Section:
    row = Section(pk=0, **{"anchor": "a-section", "title": "A section", "state": "published"} | values)
    row.intro_html = render_markdown(row.intro, top_heading=3)
    return row


def sample_guide(**values: Any) -> Guide:
    row = Guide(pk=0, **{"slug": "a-guide", "title": "A guide", "note": SUMMARY} | values)
    row.note_html = render_markdown(row.note)
    return row


def sample_category(name: str = "A topic", scope: str = "What belongs here, in one sentence.") -> Category:
    return Category(pk=0, slug="a-topic", name=name, scope=scope)


def sample_help_lines(now: datetime) -> dict[str, HelpLine]:
    """Help lines by what is to be seen of them."""

    def line(name: str, **values: Any) -> HelpLine:
        known = {"call_number": "988", "audience": "Anyone in the USA", "verified_on": now.date()}
        return HelpLine(pk=0, name=name, **known | values)

    def weekly(hour: int) -> dict[str, Any]:
        """Every day, in that hour alone."""
        hours = {"opens_at": time(hour % 24), "closes_at": time((hour + 1) % 24)}
        zone = {"availability": Availability.WEEKLY, "time_zone": TimeZone.EASTERN}
        return {"first_day": 1, "last_day": 7, **hours, **zone}

    hour = now.astimezone(ZoneInfo(TimeZone.EASTERN.value)).hour
    return {
        "open at any hour, with a heading that says when": line(
            "A line", text_number="988", reason="you cannot go on", availability=Availability.ALWAYS
        ),
        "open now, until an hour": line("A line", **weekly(hour)),
        "closed now": line("A line", **weekly(hour + 12)),
        "with every way to reach it, and all that can be known": line(
            "A line",
            call_note="then press 1",
            text_number="988",
            text_word="HOME",
            tty_number="988",
            chat_url="https://chat.example.org/",
            answered_by="Trained officers",
            languages="English, Spanish",
            anonymous=Anonymous.YES,
            run_by="Somebody",
            url="https://www.example.org/",
            hours="24/7",
        ),
        "to text alone": line("A line", call_number="", text_number="988"),
        "not verified in time": line("A line", verified_on=now.date() - timedelta(days=400)),
    }
