"""Search words in a table of their own: working off a change writes no resource, and waits for nobody who has one.

A resource that is written has an entry made in each index of its table, and can be locked by another transaction.
"""

import re
from importlib import import_module

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

_BEFORE = import_module("library.migrations.0007_search_and_facets")


def before(name: str) -> str:
    """The function as it was, to be put in its place again."""
    whole = rf"CREATE FUNCTION {name}\(.*?^END \$\$;$"
    found = re.findall(whole, _BEFORE.NOTES + _BEFORE.SETTLE, re.DOTALL | re.MULTILINE)
    return str(found[0]).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") + "\n"


# What changes of a resource changes its words or its bits. They go with it, whoever deletes it.
NOTES = (
    before("library_note_resources")
    .replace(", before.search)", ")")
    .replace(", after.search)", ")")
    .replace(
        "    ELSIF TG_OP = 'DELETE' THEN\n",
        "    ELSIF TG_OP = 'DELETE' THEN\n"
        "        DELETE FROM library_searchwords USING before WHERE library_searchwords.resource_id = before.id;\n",
    )
)
SETTLE = r"""
-- What works off changes is planned anew each time: a plan for one resource is no plan for a hundred thousand.
CREATE OR REPLACE FUNCTION library_settle_search(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $sql$
    INSERT INTO library_searchwords AS kept (resource_id, search)
    SELECT resource.id,
        setweight(to_tsvector('english', library_fold(resource.title)), 'A')
        || setweight(to_tsvector('english', library_fold(concat_ws(' ; ', resource.keywords, publisher.name,
            series.title, categories.names, tags.names))), 'B')
        || setweight(to_tsvector('english', library_fold(concat_ws(' ; ', resource.summary, resource.credit,
            resource.speaker, resource.speaker_affiliation, resource.host, resource.incident, resource.place,
            resource.agency, resource.authors))), 'C')
        || setweight(library_words(concat_ws(' ; ', resource.body, resource.transcript)), 'D')
    FROM unnest($1) AS changed(id)
    JOIN library_resource AS resource ON resource.id = changed.id
    LEFT JOIN library_publisher AS publisher ON publisher.id = resource.publisher_id
    LEFT JOIN library_series AS series ON series.id = resource.series_id
    LEFT JOIN (
        SELECT link.resource_id AS id, string_agg(category.name, ' ; ' ORDER BY category.id) AS names
        FROM library_resource_categories AS link JOIN library_category AS category ON category.id = link.category_id
        WHERE link.resource_id = ANY($1) GROUP BY link.resource_id
    ) AS categories ON categories.id = resource.id
    LEFT JOIN (
        SELECT link.content_object_id AS id, string_agg(tag.name, ' ; ' ORDER BY tag.id) AS names
        FROM library_taggedresource AS link JOIN library_tag AS tag ON tag.id = link.tag_id
        WHERE link.content_object_id = ANY($1) GROUP BY link.content_object_id
    ) AS tags ON tags.id = resource.id
    ON CONFLICT (resource_id) DO UPDATE SET search = EXCLUDED.search WHERE kept.search <> EXCLUDED.search
    $sql$ USING ids;
END $$;

-- Bits are set in strings of 320, and those put together: each one that is set copies its string.
CREATE OR REPLACE FUNCTION library_settle_facets(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $sql$
    WITH mask AS MATERIALIZED (
        SELECT section_id, slot / 32000 AS block, bit_or(set_bit(0::bit(32000), slot % 32000, 1)) AS bits
        FROM (
            SELECT section_id, slot FROM unnest($1) AS changed(id) JOIN library_resource USING (id)
            UNION SELECT key, slot FROM library_change WHERE transaction = txid_current() AND noun = 'slot'
        ) AS place GROUP BY 1, 2
    ), part AS MATERIALIZED (
        SELECT section_id, facet, value, slot / 32000 AS block, slot / 320 % 100 AS number,
               bit_or(set_bit(0::bit(320), slot % 320, 1)) AS bits
        FROM library_facets_of($1) GROUP BY 1, 2, 3, 4, 5
    ), fresh AS MATERIALIZED (
        SELECT section_id, facet, value, block,
               string_agg(coalesce(bits, 0::bit(320))::text, '' ORDER BY number)::bit(32000) AS bits
        FROM (SELECT DISTINCT section_id, facet, value, block FROM part) AS whole
        CROSS JOIN generate_series(0, 99) AS number LEFT JOIN part USING (section_id, facet, value, block, number)
        GROUP BY 1, 2, 3, 4
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

CREATE OR REPLACE FUNCTION library_settle() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this bigint := txid_current();
    ids bigint[];
BEGIN
    -- The lock on this row is the queue: who waits here sees, after it, all that the one before has written.
    INSERT INTO library_libraryversion AS version (id, number) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET number = version.number + 1;
    DELETE FROM library_edit WHERE transaction = this;
    IF NOT EXISTS (SELECT FROM library_change WHERE transaction = this) THEN RETURN; END IF;
    EXECUTE $sql$
    WITH change AS MATERIALIZED (SELECT noun, key FROM library_change WHERE transaction = $1)
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
    -- Right after a great change the planner may still believe that there is next to nothing.
    IF cardinality(ids) > 1000 THEN PERFORM set_config('enable_nestloop', 'off', true); END IF;
    PERFORM library_settle_search(ids);
    PERFORM library_settle_facets(ids);
    PERFORM set_config('enable_nestloop', 'on', true);
    DELETE FROM library_facetblock WHERE total = 0;
    DELETE FROM library_change WHERE transaction = this;
END $$;
"""
MOVE = """
INSERT INTO library_searchwords (resource_id, search) SELECT id, search FROM library_resource;
-- What nobody could work off so far, because another transaction had the resource.
UPDATE library_change SET transaction = txid_current() WHERE transaction = 0;
SELECT library_settle();
"""
BACK = "".join(
    before(name)
    for name in ("library_note_resources", "library_settle_search", "library_settle_facets", "library_settle")
)
MOVE_BACK = """
UPDATE library_resource SET search = words.search FROM library_searchwords AS words WHERE resource_id = id;
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0009_lists_from_bits")]

    operations = [
        migrations.CreateModel(
            name="SearchWords",
            fields=[
                (
                    "resource",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="library.resource",
                    ),
                ),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={"verbose_name": "search words", "verbose_name_plural": "search words"},
        ),
        migrations.RunSQL(NOTES + SETTLE + MOVE, MOVE_BACK + BACK),
        migrations.AddIndex(
            model_name="searchwords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="search_words"),
        ),
        migrations.RemoveIndex(model_name="resource", name="resource_search"),
        migrations.RemoveField(model_name="resource", name="search"),
    ]
