"""A library of any size, the same at every run: 5 sections, 14 categories, 300 tags, 200 publishers, 60 years.

Rows are made by SQL, in transactions of 100,000, through the same triggers as every other write.
"""

from django.db import connection, transaction

from library.models import Category, Publisher, Resource, Section, Tag

CHUNK = 100_000
SECTIONS, CATEGORIES, TAGS, PUBLISHERS = 5, 14, 300, 200
# One entry in a hundred has the first word, about four in five the second.
RARE_WORD, COMMON_WORD = "peregrine", "officer"

_WORDS = list(
    """stress sleep fatigue family support peer training trauma resilience fitness shift duty patrol dispatch
retirement chaplain counselor nutrition mindfulness anger grief injury pain alcohol recovery spouse children recruit
sergeant chief rural tribal campus county sheriff deputy detective academy policy survey research interview program
wellness health heart habit breathing conflict crowd use force shooting crash pursuit domestic
violence accident""".split()  # noqa: SIM905 - a list of them would fill a screen
)

_RESOURCES = """
INSERT INTO library_resource (
    kind, ref, slug, title, summary, body, body_html, keywords, url, address_key, section_id, position, publisher_id,
    credit, published_on, published_precision, access, access_note, content_note, state, listed_at, withdrawn_reason,
    updated_at, link_state, course_length, course_format, speaker, speaker_affiliation, host, audio_url,
    transcript_url, transcript, incident, place, incident_date, agency, authors,
    audience, language, country, copy_url)
SELECT
    (array['course', 'podcast', 'review', 'podcast', 'site'])[1 + h1 %% 5],
    'b' || lpad(to_hex(g), 8, '0'), 'entry-' || g,
    initcap(w[1 + h1 %% n] || ' ' || w[1 + h2 %% n] || ' ' || w[1 + h3 %% n]) || ' ' || g,
    concat_ws(' ', 'What', w[1 + h4 %% n], 'and', w[1 + h5 %% n], 'mean for',
        CASE WHEN h2 %% 100 < 79 THEN %(common)s ELSE 'staff' END, 'and', w[1 + h6 %% n], 'at', w[1 + h7 %% n],
        CASE WHEN h3 %% 100 = 0 THEN %(rare)s END, 'by', w[1 + h8 %% n], w[1 + h1 %% n]),
    '', '', '', 'https://example.org/' || g, 'example.org/' || g,
    (%(sections)s::bigint[])[1 + h1 %% 5], %(first)s + g,
    (%(publishers)s::bigint[])[1 + floor(200 * power((h4 %% 10000) / 10000.0, 2))::int], '',
    date '1966-01-01' + h5 %% 21900, 'day',
    (array['unchecked', 'open', 'open', 'open', 'account', 'agency-email'])[1 + h6 %% 6], '', '',
    'published', timestamptz '2026-01-01', '', now(), 'unchecked',
    '', '', '', '', '', '', '', '', '', '', '', '', '', '{}', '', '', ''
FROM (
    SELECT g, %(words)s::text[] AS w, cardinality(%(words)s::text[]) AS n,
        abs(hashint4(g)) AS h1, abs(hashint4(g + 100000007)) AS h2, abs(hashint4(g + 200000033)) AS h3,
        abs(hashint4(g + 300000007)) AS h4, abs(hashint4(g + 400000009)) AS h5, abs(hashint4(g + 500000003)) AS h6,
        abs(hashint4(g + 600000001)) AS h7, abs(hashint4(g + 700000001)) AS h8
    FROM generate_series(%(first)s, %(last)s) AS g
) AS hashed
RETURNING id
"""
_LINKS = """
WITH made AS MATERIALIZED (
    SELECT id, abs(hashint8(id)) AS h FROM library_resource WHERE ref BETWEEN %(from)s AND %(to)s
),
in_categories AS (
    INSERT INTO library_resource_categories (resource_id, category_id)
    SELECT id, (%(categories)s::bigint[])[1 + (h / 7 + step * 5) %% 14] FROM made, generate_series(0, 1) AS step
)
INSERT INTO library_taggedresource (content_object_id, tag_id)
SELECT DISTINCT id, (%(tags)s::bigint[])[
    1 + floor(300 * power((abs(hashint8(id * 4 + step)) %% 100000) / 100000.0, 2.5))::int]
FROM made, generate_series(0, 2) AS step
"""


def fill(number: int) -> None:
    """Add resources until there are so many of them, and bring the planner's statistics up to date."""
    named = {
        "sections": _sections(),
        "categories": _rows(Category, CATEGORIES, "Subject"),
        "publishers": _rows(Publisher, PUBLISHERS, "Maker"),
        "tags": _rows(Tag, TAGS, "Keyword"),
    }
    there = Resource.objects.filter(ref__startswith="b0").count()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for first in range(there + 1, number + 1, CHUNK):
            last = min(first + CHUNK - 1, number)
            span = {"from": f"b{first:08x}", "to": f"b{last:08x}"}
            words = {"words": _WORDS, "rare": RARE_WORD, "common": COMMON_WORD}
            with transaction.atomic():
                cursor.execute(_RESOURCES, named | words | {"first": first, "last": last})
                cursor.execute(_LINKS, named | span)
        cursor.execute("VACUUM ANALYZE")


def _sections() -> list[int]:
    last = Section.objects.count()
    for place in range(1, SECTIONS + 1):
        values = {"title": f"Part {place}", "position": last + place, "state": "published", "order": "newest"}
        Section.objects.get_or_create(anchor=f"part-{place}", defaults=values)
    return list(Section.objects.filter(anchor__startswith="part-").values_list("pk", flat=True))


def _rows(model: type[Category] | type[Publisher] | type[Tag], number: int, noun: str) -> list[int]:
    names = [f"{noun} {place}" for place in range(1, number + 1)]
    rows = model.objects.filter(name__in=names).order_by("pk")
    if not rows:
        for name in names:
            model.objects.create(name=name, slug=name.lower().replace(" ", "-"))
    return list(rows.all().values_list("pk", flat=True))
