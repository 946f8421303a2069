"""What curators and readers leave behind in a library of such a size: rows for every list of the admin.

Made by SQL on top of `filling`, whose entries and counts stay as they are; the same at every run.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from library.history.record import record
from library.models import AuditEntry, FileImport, Resource, Tag, User

PEOPLE, PUBLISHERS, TAGS, CATEGORIES, REPORTS = 30, 2_000, 5_000, 30, 5_000
# A tenth more entries that readers do not see: drafts, withdrawn ones, and some that appear later.
_UNSEEN = """
INSERT INTO library_resource (
    kind, ref, slug, title, summary, body, body_html, keywords, url, address_key, section_id, position, publisher_id,
    credit, published_on, published_precision, access, access_note, content_note, state, listed_at, withdrawn_reason,
    withdrawn_at, updated_at, link_state, course_length, course_format, speaker, speaker_affiliation, host, audio_url,
    transcript_url, transcript, incident, place, incident_date, agency, authors, owner_id)
SELECT kind, 'd' || substr(ref, 2), slug || '-unseen', title, summary, '', '', '', url || '/d', address_key || '/d',
    section_id, 100000000 + row_number() OVER (ORDER BY id), CASE WHEN id %% 7 > 0 THEN publisher_id END, '',
    published_on, published_precision, access, '', '',
    (array['draft', 'draft', 'draft', 'withdrawn', 'published'])[1 + id %% 5],
    CASE id %% 5 WHEN 3 THEN timestamptz '2026-01-01' WHEN 4 THEN now() + interval '1 year' END,
    CASE id %% 5 WHEN 3 THEN 'It is gone.' ELSE '' END, CASE id %% 5 WHEN 3 THEN now() END,
    now(), 'unchecked', '', '', '', '', '', '', '', '', '', '', '', '', '',
    (%(people)s::bigint[])[1 + id %% 30]
FROM library_resource WHERE ref BETWEEN 'b00000001' AND %(last)s"""
# Publishers, tags and subjects beyond those that entries have, series, and groups of words.
_NAMES = """
INSERT INTO library_publisher (name, slug, url) SELECT 'House ' || g, 'house-' || g, '' FROM generate_series(1, %s) g;
INSERT INTO library_tag (name, slug) SELECT 'Word ' || g, 'word-' || g FROM generate_series(1, %s) AS g;
INSERT INTO library_category (name, slug, scope) SELECT 'Field ' || g, 'field-' || g, '' FROM generate_series(1, %s) g;
INSERT INTO library_series (title, slug, publisher_id, url, description)
SELECT 'Series ' || row_number() OVER (), 'series-' || id, id, '', '' FROM library_publisher LIMIT 500;
INSERT INTO library_synonymgroup (name, terms)
SELECT 'Group ' || g, 'word ' || g || E'\\nother ' || g FROM generate_series(1, 300) AS g;
"""
_REPORTS = """
INSERT INTO library_readerreport (kind, reason, resource_id, address, name, words, received_on, state, note, closed_at)
SELECT CASE WHEN g %% 2 = 0 THEN 'problem' ELSE 'suggestion' END, CASE WHEN g %% 2 = 0 THEN 'dead-link' ELSE '' END,
    CASE WHEN g %% 2 = 0 THEN (SELECT id FROM library_resource WHERE ref = 'b' || lpad(to_hex(g), 8, '0')) END,
    CASE WHEN g %% 2 = 0 THEN '' ELSE 'https://example.org/suggested/' || g END, '',
    'An officer told us that this does not open', current_date - g %% 90,
    CASE WHEN g %% 3 = 0 THEN 'new' ELSE 'done' END, '', CASE WHEN g %% 3 > 0 THEN now() END
FROM generate_series(1, %s) AS g"""
# A hundred words a day for 90 days, of which some come again and again; ten thousand entries that are opened.
_COUNTS = """
INSERT INTO library_missedday (day, mark, word)
SELECT current_date - 1 - day, md5(n::text || day),
    'word' || translate((CASE WHEN n <= 60 THEN n ELSE n * 100 + day END)::text,
    '0123456789', 'abcdefghij')
FROM generate_series(0, 88) AS day, generate_series(1, 95) AS n;
INSERT INTO library_entryuse (resource_id, day, number)
SELECT id, current_date - day, 1 + (id + day) % 9 FROM generate_series(1, 40) AS day,
    (SELECT id FROM library_resource WHERE ref LIKE 'b0%' AND id % 10 = 0) AS opened;
"""
_IMPORTED_ROWS = """
INSERT INTO library_importedrow (file_import_id, line, outcome, title, resource_id, told, before, mark, stands_in_way)
SELECT %s, row_number() OVER (ORDER BY id), 'new', title, id, '[]', '{}', md5(id::text), false
FROM library_resource WHERE ref LIKE 'b0%%'
"""
# One act for each fifth entry, each by somebody, and a tenth of them deletions of tags.
_ACTS = """
WITH made AS (
    INSERT INTO library_auditentry (created_at, comment, user_id, kind, entity_type_id, object_id, subject, total)
    SELECT now() - g * interval '1 minute', 'Changed the summary.', (%(people)s::bigint[])[1 + g %% 30],
        CASE WHEN g %% 10 = 0 THEN 'deleted' ELSE 'changed' END,
        CASE WHEN g %% 10 = 0 THEN %(tag)s ELSE %(resource)s END, 1000000000 + g, 'Entry ' || g, 1
    FROM generate_series(1, %(number)s) AS g RETURNING id, entity_type_id, object_id, subject
)
INSERT INTO library_version (entry_id, entity_type_id, object_id, label, data)
SELECT id, entity_type_id, object_id, subject, '{"fields": {"name": "Gone"}}' FROM made"""


def fill(number: int) -> None:
    """Add all of it, once, for a library of so many entries."""
    if User.objects.filter(username="person-1").exists():
        return
    named = [User(username=f"person-{place}", is_staff=True) for place in range(1, PEOPLE + 1)]
    with transaction.atomic(), connection.cursor() as cursor:
        people = [person.pk for person in User.objects.bulk_create(named)]
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(_NAMES, [PUBLISHERS, TAGS, CATEGORIES])
        cursor.execute(_UNSEEN, {"people": people, "last": f"b{number // 10:08x}"})
        cursor.execute(_REPORTS, [REPORTS])
        cursor.execute(_COUNTS)
        cursor.execute(_IMPORTED_ROWS, [_make_imports(people)])
        _record_history(number, people)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")


def _make_imports(people: list[int]) -> int:
    """500 files, of which the first one has rows; its id."""
    now = timezone.now()
    states = [FileImport.State.IMPORTED, FileImport.State.UNDONE, FileImport.State.UNREADABLE]
    imports = [
        FileImport(
            name=f"resources-{place}.csv",
            uploaded_by_id=people[place % PEOPLE],
            uploaded_at=now,
            requested_at=now,
            state=states[place % 3],
            created=100,
            imported_at=None if place % 3 == 2 else now,
        )
        for place in range(500)
    ]
    return FileImport.objects.bulk_create(imports)[0].pk


def _record_history(number: int, people: list[int]) -> None:
    """One act on every entry, as an import leaves it, and then those of single ones."""
    pks = list(Resource.objects.filter(ref__startswith="b0").values_list("pk", flat=True))
    record(Resource, pks, AuditEntry.Kind.IMPORTED, by=User.objects.get(pk=people[0]), now=timezone.now())
    resource, tag = ContentType.objects.get_for_models(Resource, Tag).values()
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, {"resource": resource.pk, "tag": tag.pk, "people": people, "number": number // 5})
