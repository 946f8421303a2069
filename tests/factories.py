"""Real, fixed rows for tests: what is not said is what a plain podcast episode of a plain section has."""

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.timezone import localdate

from library.models import (
    Category,
    CrisisTerm,
    Guide,
    HelpLine,
    Link,
    Page,
    Publisher,
    ReaderReport,
    Resource,
    Section,
    Series,
    SiteIdentity,
    SynonymGroup,
    Tag,
    ZeroResultDay,
    ZeroResultTerm,
)
from library.models.web_address import address_key

LISTED = datetime(2026, 1, 5, 12, tzinfo=UTC)
TEN_YEARS = datetime(2036, 1, 5, 12, tzinfo=UTC)


def save(row: Model, exclude: Iterable[str] = ()) -> None:
    """Save what a form would accept; what the database refuses is told as a form tells it.

    The constraints are asked by the database alone. `full_clean` asks of each in three queries of its own.
    """
    row.full_clean(exclude=exclude, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.full_clean(exclude=exclude)
        raise


def make_section(anchor: str = "podcasts", **values: Any) -> Section:
    """A published section, behind all others."""
    values = {"title": anchor.replace("-", " ").capitalize(), "state": "published"} | values
    values.setdefault("position", Section.objects.count() + 1)
    section = Section(anchor=anchor, **values)
    save(section)
    return section


def section_of(anchor: str) -> Section:
    """The section of this anchor, made when there is none."""
    return Section.objects.filter(anchor=anchor).first() or make_section(anchor)


def make_resource(
    title: str = "Building Personal Resilience",
    *,
    categories: Iterable[Category] = (),
    tags: Iterable[str] = (),
    **values: Any,
) -> Resource:
    """A published podcast episode in the section `podcasts`; another kind by `kind`, which is all that changes."""
    values = {"kind": "podcast", "state": "published"} | values
    values.setdefault("listed_at", None if values["state"] == "draft" else LISTED)
    values["section"] = values.get("section") or section_of("podcasts")
    values.setdefault("slug", _free_slug(title))
    if values.get("published_on") and "published_precision" not in values:
        values["published_precision"] = "day"
    resource = Resource(title=title, **values)
    with settled_once():
        save(resource, exclude=["position"])
        resource.categories.add(*categories)
        if names := list(tags):
            resource.tags.add(*names)
    return resource


_is_put_off = ContextVar("_is_put_off", default=False)


@contextlib.contextmanager
def settled_once() -> Iterator[None]:
    """Have the database work off all changes inside together, at the end: sooner done than one by one.

    Inside another one, at the end of that.
    """
    if _is_put_off.get():
        yield
        return
    before = _is_put_off.set(True)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS library_settled DEFERRED")
            yield
            cursor.execute("SET CONSTRAINTS library_settled IMMEDIATE")
    finally:
        _is_put_off.reset(before)


def make_resources(number: int, title: str = "Officer Fatigue", **values: Any) -> list[Resource]:
    """So many resources, “Officer Fatigue 1” and on."""
    with settled_once():
        return [make_resource(f"{title} {place}", **values) for place in range(1, number + 1)]


def make_many(number: int, *, of: Resource) -> None:
    """So many copies of a resource in its section, in one statement."""
    own = {"id", "ref", "slug", "position", "slot"}
    copied = ", ".join(
        field.column for field in Resource._meta.concrete_fields if field.name not in own and not field.generated
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO library_resource (ref, slug, position, {copied}) "
            f"SELECT 'copy' || number, slug || '-copy-' || number, position + number, {copied} "
            "FROM library_resource, generate_series(1, %s) AS copy(number) WHERE id = %s",
            [number, of.pk],
        )


def withdraw(resource: Resource, reason: str = "Its publisher took it off the web.", **values: Any) -> Resource:
    resource.state = "withdrawn"
    resource.withdrawn_reason = reason
    for name, value in values.items():
        setattr(resource, name, value)
    save(resource)
    return resource


def make_category(slug: str = "resilience-stress", name: str = "Resilience and stress") -> Category:
    return Category.objects.create(slug=slug, name=name)


def make_tag(name: str = "sleep") -> Tag:
    return Tag.objects.create(name=name, slug=slugify(name))


def make_publisher(slug: str = "cops-office", name: str = "COPS Office", **values: Any) -> Publisher:
    return Publisher.objects.create(slug=slug, name=name, **values)


def make_series(publisher: Publisher | None = None, **values: Any) -> Series:
    values = {"slug": "the-beat", "title": "The Beat"} | values
    return Series.objects.create(publisher=publisher or make_publisher(), **values)


def make_help_line(name: str = "988 Suicide & Crisis Lifeline", **values: Any) -> HelpLine:
    """The line of the strip, verified today, when nothing else is said."""
    if not values:
        values = {"call_number": "988", "text_number": "988", "in_strip": True, "position": 1}
    always = {"availability": "always"} if values.get("in_strip") else {}
    values = {"audience": "Anyone in the USA", "verified_on": localdate()} | always | values
    line = HelpLine(name=name, **values)
    line.full_clean()
    line.save()
    return line


def make_synonyms(name: str = "PTSD", *terms: str, finds: str = "") -> SynonymGroup:
    """A group of these terms; without any, of “ptsd” and “post-traumatic stress”."""
    group = SynonymGroup(name=name, terms="\n".join(terms or ("ptsd", "post-traumatic stress")), finds=finds)
    group.full_clean()
    group.save()
    return group


def make_crisis_term(term: str = "suicide", **values: Any) -> CrisisTerm:
    crisis_term = CrisisTerm(term=term, **values)
    crisis_term.full_clean()
    crisis_term.save()
    return crisis_term


def make_guide(title: str = "Sleep", *resources: Resource, categories: Iterable[Category] = (), **values: Any) -> Guide:
    """A published guide with these resources in order."""
    values = {"state": "published", "slug": slugify(title)} | values
    guide = Guide(title=title, resources="\n".join(f"{each.ref} {each.title}" for each in resources), **values)
    save(guide)
    guide.categories.set(categories)
    return guide


def make_identity(**values: Any) -> SiteIdentity:
    """The one row, with these values and nothing else said."""
    identity = SiteIdentity(**values)
    identity.full_clean(validate_unique=False)
    identity.save(force_update=SiteIdentity.objects.exists())
    return identity


def make_page(name: str = "library", **values: Any) -> Page:
    values = {"title": "Officer Mental Health Resources", "body": "## About this resource\n\nA library."} | values
    return Page.objects.create(name=name, **values)


def make_report(**values: Any) -> ReaderReport:
    """An open report of a dead link; with an address, a suggestion."""
    values = ({"kind": "suggestion"} if "address" in values else {"kind": "problem", "reason": "dead-link"}) | values
    report = ReaderReport(**values)
    report.full_clean()
    report.save()
    return report


def miss(word: str, days: int = 5, until: date | None = None) -> None:
    """The word found nothing today, or `until` this day, and on the days before it."""
    for ago in reversed(range(days)):
        ZeroResultDay.objects.count_one(word, (until or localdate()) - timedelta(ago))


def missed(word: str) -> ZeroResultTerm:
    """The word, as curators see it."""
    miss(word)
    return ZeroResultTerm.objects.get(word=word)


def make_every_page() -> None:
    """All texts of the site."""
    for name in Page.Name:
        make_page(name.value, title=str(name.label))


def make_four_kinds() -> None:
    """Four resources of four kinds, newest first: Beat, Course, Review, Site."""
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress")
    cops, bja = make_publisher("cops-office", "COPS Office"), make_publisher("bja", "BJA")
    make_resource(
        "Beat",
        categories=[sleep, stress],
        tags=["fatigue"],
        publisher=cops,
        published_on=date(2020, 2, 1),
        published_precision="month",
        access="open",
        audience=["officer", "family"],
        running_minutes=12,
        summary="Resilience for officers.",
    )
    make_resource(
        "Course",
        kind="course",
        section=make_section("online-training"),
        categories=[stress],
        tags=["ethics", "fatigue"],
        publisher=bja,
        published_on=date(2018, 5, 1),
        published_precision="month",
        access="account",
        summary="Peer support.",
    )
    make_resource(
        "Review",
        kind="review",
        section=make_section("critical-incident-reviews"),
        categories=[sleep],
        publisher=bja,
        published_on=date(2015, 1, 1),
        published_precision="year",
    )
    make_resource("Site", kind="site", section=make_section("websites"))


def _free_slug(title: str) -> str:
    slug = slugify(title)[:90]
    taken = Resource.objects.filter(slug__startswith=slug).count()
    return f"{slug}-{taken + 1}" if taken else slug


def make_link(address: str, condition: str, reason: str, **values: Any) -> Link:
    """What checks know of this address, which has been in this state for ten days."""
    now = timezone.now()
    given = {
        "key": address_key(address),
        "address": address,
        "host": address.split("/")[2],
        "condition": condition,
        "reason": reason,
        "since": now - timedelta(days=10),
        "looked_at": now - timedelta(days=2),
        "next_at": now + timedelta(days=3),
        "evidence": {"state": condition, "failing_since": (now - timedelta(days=11)).isoformat()},
    }
    return Link.objects.create(**given | values)
