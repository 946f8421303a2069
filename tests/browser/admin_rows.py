"""Rows for every page of the curators' desk."""

from datetime import date, timedelta

from django.utils import timezone

from library.accounts.permissions import Role
from library.help_lines.approval import propose
from library.history.record import record, record_before
from library.imports.uploads import receive
from library.imports.worker import run_imports
from library.models import (
    AuditEntry,
    Category,
    FileImport,
    HelpLine,
    Link,
    LinkCopy,
    LinkMove,
    PreviewLink,
    Resource,
    Section,
    Tag,
    User,
)
from tests.admin.roles import PASSWORD, make_person
from tests.factories import (
    make_crisis_term,
    make_guide,
    make_link,
    make_publisher,
    make_report,
    make_resource,
    make_section,
    make_series,
    make_synonyms,
    make_tag,
    miss,
    withdraw,
)

HEADER = "title,kind,section,url,summary,categories,tags,published,publisher"
ROWS = [
    "Night Shift,forum,forums,https://example.org/night,Officers talk.,,sleep,2020-02,COPS Office",
    "Without an address,forum,nowhere,,,,,,",
]


def make_rows() -> None:
    """At least one row in every list of the desk, one of each state, and people who sign in with `PASSWORD`."""
    maria, *_others = [User.objects.create_superuser(name, password=PASSWORD) for name in ("maria", "olga")]
    User.objects.create_user("noor", password=PASSWORD, is_staff=True)
    make_person("ann", Role.AUTHOR)
    entry = Resource.objects.published(timezone.now()).order_by("pk").first()
    assert entry is not None
    _make_words(entry)
    _make_entries(maria)
    _make_audit_entries(entry, maria)
    _make_imports(maria)
    _make_links()
    line = HelpLine.objects.order_by("pk").first()
    assert line is not None
    line.audience = "Anyone who has had enough of the night shift"
    propose(line, {"audience"}, User.objects.get(username="olga"), timezone.now())


def _make_words(entry: Resource) -> None:
    make_synonyms("Night work", "night shift", "graveyard shift")
    make_crisis_term("dark hour")
    make_guide("Night shift", entry, phrases="night shift")
    make_report(resource=entry)
    make_report(address="https://example.org/what-somebody-suggests")
    miss("gambling")


def _make_entries(maria: User) -> None:
    section = make_section("many-entries", title="A section with a rather long name, of which readers see nothing yet")
    for number in range(8):
        make_resource(f"Officer Fatigue and Sleep Between Two Shifts, Part {number}", section=section)
    draft = make_resource("A draft", state="draft", section=section)
    PreviewLink.objects.make(draft, maria, timezone.now())
    tomorrow = timezone.now() + timedelta(days=1)
    make_resource("Scheduled", section=section, listed_at=tomorrow)
    withdraw(make_resource("Gone", section=section))
    make_resource("Schlaf" * 50, section=section)  # a title may be one word, as long as titles may be
    make_section("draft", state="draft")
    make_series(make_publisher("night-desk", "The Night Desk"), title="Between Two Shifts", slug="between-two-shifts")
    Category.objects.get_or_create(slug="rest", defaults={"name": "Rest"})


def _make_audit_entries(entry: Resource, maria: User) -> None:
    record_before(Resource, [entry.pk], now=timezone.now())
    Resource.objects.filter(pk=entry.pk).update(summary="Other words than before.")
    record(Resource, [entry.pk], AuditEntry.Kind.CHANGED, by=maria, now=timezone.now(), comment="Changed Summary.")
    section = Section.objects.get(anchor="many-entries")
    changed = section.resources.values_list("pk", flat=True)
    record(Resource, list(changed), AuditEntry.Kind.CHANGED, by=maria, now=timezone.now(), comment="Changed Section.")
    tag = make_tag("gone tomorrow")
    record(Tag, [tag.pk], AuditEntry.Kind.DELETED, by=maria, now=timezone.now())
    tag.delete()


def _make_links() -> None:
    for address, condition, reason in (
        ("https://walled.example/a", "unsure", "refused"),
        ("https://gone.example/a", "dead", "no such name"),
        ("https://old.example/a", "moved", "moved"),
        ("http://plain.example/a", "alive", "the same address, with https"),
    ):
        make_resource(f"Entry of {address}", url=address)
        make_link(address, condition, reason)
    old, new = Link.objects.get(host="old.example"), make_link("https://new.example/a", "alive", "ok")
    LinkMove.objects.create(link=old, target=new, address=new.address)
    copy = {
        "address": "https://web.archive.org/web/20250514101112/https://gone.example/a",
        "taken_on": date(2025, 5, 14),
    }
    gone = Link.objects.get(host="gone.example")
    LinkCopy.objects.create(link=gone, standing="unclear", asked_at=timezone.now(), next_at=timezone.now(), **copy)


def _make_imports(maria: User) -> None:
    wishes = {"create_missing": False, "publish": False}
    for name, rows in [("imported.csv", ROWS[:1]), ("checked.csv", ROWS)]:
        receive(["\n".join([HEADER, *rows]).encode()], name, maria, timezone.now(), **wishes)
        run_imports(timezone.now)
    first = FileImport.objects.get(name="imported.csv")
    FileImport.objects.ask(first.pk, FileImport.State.CHECKED, FileImport.State.IMPORTING, timezone.now(), maria)
    run_imports(timezone.now)
    receive([b"Name,Link\nCalm,https://example.org/calm\n"], "columns.csv", maria, timezone.now(), **wishes)
    receive([b"\x00"], "unreadable.xlsx", maria, timezone.now(), **wishes)
    run_imports(timezone.now)
