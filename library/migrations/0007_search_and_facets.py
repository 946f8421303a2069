"""Search words and facet counts that are right after every path that writes: admin, import, merge, shell, raw SQL.

Why triggers: a resource is searched by words of other rows too (publisher, series, categories, tags), and `update()`
never calls `save`. Why at the end of the transaction: one pass over everything that it changed, and no lock on what
others write before that. `library_settle` is that pass; transactions go through it one after the other.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations

NOTES = """
CREATE FUNCTION library_note_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('library.settling', true) = 'on' THEN RETURN NULL; END IF;
    INSERT INTO library_edit (transaction) VALUES (txid_current()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION library_note_resources() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('library.settling', true) = 'on' THEN RETURN NULL; END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO library_change (transaction, noun, key, slot)
        SELECT txid_current(), 'resource', id, 0 FROM after ON CONFLICT DO NOTHING;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO library_change (transaction, noun, key, slot)
        SELECT txid_current(), 'slot', section_id, slot FROM before ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO library_change (transaction, noun, key, slot)
        SELECT txid_current(), 'slot', before.section_id, before.slot FROM before JOIN after USING (id)
        WHERE before.section_id <> after.section_id
        UNION ALL
        SELECT txid_current(), 'resource', id, 0 FROM before JOIN after USING (id)
        WHERE (before.title, before.keywords, before.summary, before.credit, before.speaker,
               before.speaker_affiliation, before.host, before.incident, before.place, before.agency, before.authors,
               before.body, before.transcript, before.publisher_id, before.series_id, before.section_id,
               before.state, before.kind, before.access, before.published_on, before.search)
            IS DISTINCT FROM
              (after.title, after.keywords, after.summary, after.credit, after.speaker,
               after.speaker_affiliation, after.host, after.incident, after.place, after.agency, after.authors,
               after.body, after.transcript, after.publisher_id, after.series_id, after.section_id,
               after.state, after.kind, after.access, after.published_on, after.search)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER resource_inserts_noted AFTER INSERT ON library_resource REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_resources();
CREATE TRIGGER resource_updates_noted AFTER UPDATE ON library_resource
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_resources();
CREATE TRIGGER resource_deletes_noted AFTER DELETE ON library_resource REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_resources();

-- The argument is the column that says which resource it is.
CREATE FUNCTION library_note_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        EXECUTE format('INSERT INTO library_change (transaction, noun, key, slot)
            SELECT DISTINCT txid_current(), ''resource'', %I, 0 FROM before ON CONFLICT DO NOTHING', TG_ARGV[0]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        EXECUTE format('INSERT INTO library_change (transaction, noun, key, slot)
            SELECT DISTINCT txid_current(), ''resource'', %I, 0 FROM after ON CONFLICT DO NOTHING', TG_ARGV[0]);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION library_note_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO library_change (transaction, noun, key, slot) VALUES (txid_current(), TG_ARGV[0], NEW.id, 0)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER publisher_name_noted AFTER UPDATE ON library_publisher
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION library_note_name('publisher');
CREATE TRIGGER series_title_noted AFTER UPDATE ON library_series
    FOR EACH ROW WHEN (OLD.title <> NEW.title) EXECUTE FUNCTION library_note_name('series');
CREATE TRIGGER category_name_noted AFTER UPDATE ON library_category
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION library_note_name('category');
CREATE TRIGGER tag_name_noted AFTER UPDATE ON library_tag
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION library_note_name('tag');
"""
NO_NOTES = """
DROP TRIGGER tag_name_noted ON library_tag;
DROP TRIGGER category_name_noted ON library_category;
DROP TRIGGER series_title_noted ON library_series;
DROP TRIGGER publisher_name_noted ON library_publisher;
DROP FUNCTION library_note_name();
DROP FUNCTION library_note_links();
DROP TRIGGER resource_deletes_noted ON library_resource;
DROP TRIGGER resource_updates_noted ON library_resource;
DROP TRIGGER resource_inserts_noted ON library_resource;
DROP FUNCTION library_note_resources();
DROP FUNCTION library_note_edit();
"""

LINKS = "\n".join(
    f"CREATE TRIGGER {table}_{event}s_noted AFTER {event} ON library_{table} REFERENCING {rows}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION library_note_links('{column}');"
    for table, column in (("resource_categories", "resource_id"), ("taggedresource", "content_object_id"))
    for event, rows in (
        ("insert", "NEW TABLE AS after"),
        ("update", "OLD TABLE AS before NEW TABLE AS after"),
        ("delete", "OLD TABLE AS before"),
    )
)
NO_LINKS = "\n".join(
    f"DROP TRIGGER {table}_{event}s_noted ON library_{table};"
    for table in ("resource_categories", "taggedresource")
    for event in ("insert", "update", "delete")
)

# What readers see. Whatever else gets a table gets its trigger in the migration that makes the table. The triggers of
# one event run in the order of their names, and these come last: their note is what starts the working off.
SEEN = [
    "resource", "resource_categories", "taggedresource", "tag", "category", "publisher", "series",
    "section", "sectionalias", "formerslug", "helpline", "page",
]  # fmt: skip
EDITS = "\n".join(
    f"CREATE TRIGGER {table}_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();"
    for table in SEEN
)
NO_EDITS = "\n".join(f"DROP TRIGGER {table}_version_noted ON library_{table};" for table in SEEN)

SETTLE = r"""
CREATE FUNCTION library_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = length(words) THEN words
                ELSE regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g') END
$$;

-- A transcript of nothing but different words may be more than a tsvector can hold: then its beginning is searched.
CREATE FUNCTION library_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF length(words) < 300000 THEN RETURN to_tsvector('english', library_fold(words)); END IF;
    BEGIN
        RETURN to_tsvector('english', library_fold(words));
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN to_tsvector('english', library_fold(left(words, 300000)));
    END;
END $$;

-- What works off changes is planned anew each time: a plan for one resource is no plan for a hundred thousand.
CREATE FUNCTION library_settle_search(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $sql$
    UPDATE library_resource SET search = fresh.search
    FROM (
        SELECT resource.id,
            setweight(to_tsvector('english', library_fold(resource.title)), 'A')
            || setweight(to_tsvector('english', library_fold(concat_ws(' ; ', resource.keywords, publisher.name,
                series.title, categories.names, tags.names))), 'B')
            || setweight(to_tsvector('english', library_fold(concat_ws(' ; ', resource.summary, resource.credit,
                resource.speaker, resource.speaker_affiliation, resource.host, resource.incident, resource.place,
                resource.agency, resource.authors))), 'C')
            || setweight(library_words(concat_ws(' ; ', resource.body, resource.transcript)), 'D') AS search
        FROM unnest($1) AS changed(id)
        JOIN library_resource AS resource ON resource.id = changed.id
        LEFT JOIN library_publisher AS publisher ON publisher.id = resource.publisher_id
        LEFT JOIN library_series AS series ON series.id = resource.series_id
        LEFT JOIN LATERAL (
            SELECT string_agg(category.name, ' ; ' ORDER BY category.id) AS names
            FROM library_resource_categories AS link JOIN library_category
                AS category ON category.id = link.category_id WHERE link.resource_id = resource.id
        ) AS categories ON true
        LEFT JOIN LATERAL (
            SELECT string_agg(tag.name, ' ; ' ORDER BY tag.id) AS names FROM library_taggedresource AS link
            JOIN library_tag AS tag ON tag.id = link.tag_id WHERE link.content_object_id = resource.id
        ) AS tags ON true
    ) AS fresh
    WHERE library_resource.id = fresh.id AND library_resource.search IS DISTINCT FROM fresh.search
    $sql$ USING ids;
END $$;

CREATE FUNCTION library_facets_of(ids bigint[])
RETURNS TABLE (section_id bigint, slot integer, facet text, value text) LANGUAGE sql STABLE AS $$
    WITH public AS (
        SELECT id, section_id, slot, kind, access, publisher_id, published_on
        FROM unnest(ids) AS changed(id) JOIN library_resource USING (id) WHERE state = 'published'
    )
    SELECT public.section_id, public.slot, own.facet, own.value
    FROM public CROSS JOIN LATERAL (
        VALUES ('all', ''), ('kind', public.kind), ('access', public.access),
               ('publisher', public.publisher_id::text), ('year', extract(year FROM public.published_on)::text)
    ) AS own (facet, value) WHERE own.value IS NOT NULL
    UNION ALL
    SELECT public.section_id, public.slot, 'category', link.category_id::text
    FROM public JOIN library_resource_categories AS link ON link.resource_id = public.id
    UNION ALL
    SELECT public.section_id, public.slot, 'tag', link.tag_id::text
    FROM public JOIN library_taggedresource AS link ON link.content_object_id = public.id
$$;

-- The bits of the resources `ids`, and of the slots that this transaction's resources have left: cleared, and set anew.
CREATE FUNCTION library_settle_facets(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $sql$
    WITH mask AS MATERIALIZED (
        SELECT section_id, slot / 32000 AS block, bit_or(set_bit(0::bit(32000), slot % 32000, 1)) AS bits
        FROM (
            SELECT section_id, slot FROM unnest($1) AS changed(id) JOIN library_resource USING (id)
            UNION SELECT key, slot FROM library_change WHERE transaction = txid_current() AND noun = 'slot'
        ) AS place GROUP BY 1, 2
    ), fresh AS MATERIALIZED (
        SELECT section_id, facet, value, slot / 32000 AS block,
               bit_or(set_bit(0::bit(32000), slot % 32000, 1)) AS bits
        FROM library_facets_of($1) GROUP BY 1, 2, 3, 4
    ), touched AS (
        SELECT section_id, facet, value, block FROM fresh
        UNION
        SELECT old.section_id, old.facet, old.value, old.block
        FROM mask JOIN library_facetblock AS old USING (section_id, block) WHERE bit_count(old.bits & mask.bits) > 0
    ), settled AS (
        SELECT section_id, facet, value, block, old.bits AS before,
               (coalesce(old.bits, 0::bit(32000)) & ~mask.bits) | coalesce(fresh.bits, 0::bit(32000)) AS bits
        FROM touched JOIN mask USING (section_id, block)
        LEFT JOIN library_facetblock AS old USING (section_id, facet, value, block)
        LEFT JOIN fresh USING (section_id, facet, value, block)
    )
    INSERT INTO library_facetblock (section_id, facet, value, block, bits, total)
    SELECT section_id, facet, value, block, bits, bit_count(bits) FROM settled WHERE bits IS DISTINCT FROM before
    ON CONFLICT (section_id, facet, value, block) DO UPDATE SET bits = EXCLUDED.bits, total = EXCLUDED.total
    $sql$ USING ids;
END $$;

-- Notes under the transaction 0 are of nobody in particular: what could not be worked off because another transaction
-- has the row. That one comes through here as well, later, and finds them.
CREATE FUNCTION library_settle() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this bigint := txid_current();
    ids bigint[];
    free bigint[];
BEGIN
    -- The lock on this row is the queue: who waits here sees, after it, all that the one before has written.
    INSERT INTO library_libraryversion AS version (id, number) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET number = version.number + 1;
    DELETE FROM library_edit WHERE transaction = this;
    IF NOT EXISTS (SELECT FROM library_change WHERE transaction IN (0, this)) THEN RETURN; END IF;
    PERFORM set_config('library.settling', 'on', true);
    EXECUTE $sql$
    WITH change AS MATERIALIZED (SELECT noun, key FROM library_change WHERE transaction IN (0, $1))
    SELECT array_agg(id) FROM (
        SELECT key AS id FROM change WHERE noun = 'resource'
        UNION SELECT resource.id FROM change JOIN library_resource AS resource ON resource.publisher_id = change.key
            WHERE noun = 'publisher'
        UNION SELECT resource.id FROM change JOIN library_resource AS resource ON resource.series_id = change.key
            WHERE noun = 'series'
        UNION SELECT link.resource_id FROM change JOIN library_resource_categories AS link
            ON link.category_id = change.key WHERE noun = 'category'
        UNION SELECT link.content_object_id FROM change JOIN library_taggedresource AS link
            ON link.tag_id = change.key WHERE noun = 'tag'
    ) AS changed
    $sql$ INTO ids USING this;
    EXECUTE $sql$
    WITH free AS (SELECT id FROM unnest($1) AS changed(id) JOIN library_resource AS resource USING (id)
                  FOR NO KEY UPDATE OF resource SKIP LOCKED)
    SELECT array_agg(id) FROM free
    $sql$ INTO free USING ids;
    -- Right after a great change the planner may still believe that there is next to nothing.
    IF cardinality(ids) > 1000 THEN PERFORM set_config('enable_nestloop', 'off', true); END IF;
    PERFORM library_settle_search(free);
    PERFORM library_settle_facets(ids);
    PERFORM set_config('enable_nestloop', 'on', true);
    DELETE FROM library_facetblock WHERE total = 0;
    DELETE FROM library_change WHERE transaction IN (0, this);
    IF cardinality(ids) > coalesce(cardinality(free), 0) THEN
        INSERT INTO library_change (transaction, noun, key, slot)
        SELECT 0, 'resource', id, 0 FROM library_resource WHERE id = ANY(ids) AND id <> ALL(coalesce(free, '{}'));
    END IF;
    PERFORM set_config('library.settling', 'off', true);
END $$;

-- The first time in a transaction it goes to the end of what is put off, behind the checks of foreign keys: they may
-- have to wait for a row that another transaction has, and nobody is to wait while all others queue behind.
CREATE FUNCTION library_settle_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('library.put_off', true) IS DISTINCT FROM NEW.transaction::text THEN
        PERFORM set_config('library.put_off', NEW.transaction::text, true);
        DELETE FROM library_edit WHERE transaction = NEW.transaction;
        INSERT INTO library_edit (transaction) VALUES (NEW.transaction);
        RETURN NULL;
    END IF;
    PERFORM library_settle();
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER library_settled AFTER INSERT ON library_edit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION library_settle_edit();
"""
NO_SETTLE = """
DROP TRIGGER library_settled ON library_edit;
DROP FUNCTION library_settle_edit();
DROP FUNCTION library_settle();
DROP FUNCTION library_settle_facets(bigint[]);
DROP FUNCTION library_facets_of(bigint[]);
DROP FUNCTION library_settle_search(bigint[]);
DROP FUNCTION library_words(text);
DROP FUNCTION library_fold(text);
"""
FILL = """
ALTER TABLE library_facetblock ALTER COLUMN bits SET STORAGE PLAIN;
INSERT INTO library_change (transaction, noun, key, slot)
    SELECT txid_current(), 'resource', id, 0 FROM library_resource;
SELECT library_settle();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0006_facet_blocks")]

    operations = [
        # The search words were of the resource's own row alone, and kept by the column itself.
        migrations.RemoveIndex(model_name="resource", name="resource_search"),
        migrations.RemoveField(model_name="resource", name="search"),
        migrations.AddField(
            model_name="resource",
            name="search",
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.RunSQL(NOTES, NO_NOTES),
        migrations.RunSQL(LINKS, NO_LINKS),
        migrations.RunSQL(EDITS, NO_EDITS),
        migrations.RunSQL(SETTLE, NO_SETTLE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="resource",
            index=django.contrib.postgres.indexes.GinIndex("search", name="resource_search"),
        ),
    ]
