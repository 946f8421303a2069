"""Bits of the resources without a date too; lists with filters are taken from bits, not by an index for each filter."""

from django.db import migrations, models
from django.db.models import F, Q

FACETS_OF = """
CREATE OR REPLACE FUNCTION library_facets_of(ids bigint[])
RETURNS TABLE (section_id bigint, slot integer, facet text, value text) LANGUAGE sql STABLE AS $$
    WITH public AS (
        SELECT id, section_id, slot, kind, access, publisher_id, published_on
        FROM unnest(ids) AS changed(id) JOIN library_resource USING (id) WHERE state = 'published'
    )
    SELECT public.section_id, public.slot, own.facet, own.value
    FROM public CROSS JOIN LATERAL (
        VALUES ('all', ''), ('kind', public.kind), ('access', public.access),
               ('publisher', public.publisher_id::text), ('year', {year})
    ) AS own (facet, value) WHERE own.value IS NOT NULL
    UNION ALL
    SELECT public.section_id, public.slot, 'category', link.category_id::text
    FROM public JOIN library_resource_categories AS link ON link.resource_id = public.id
    UNION ALL
    SELECT public.section_id, public.slot, 'tag', link.tag_id::text
    FROM public JOIN library_taggedresource AS link ON link.content_object_id = public.id
$$;
"""
YEAR = "extract(year FROM public.published_on)::text"
SETTLE = """
INSERT INTO library_change (transaction, noun, key, slot)
    SELECT txid_current(), 'resource', id, 0 FROM library_resource WHERE published_on IS NULL;
SELECT library_settle();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0008_search_words")]

    operations = [
        migrations.RunSQL(
            FACETS_OF.format(year=f"coalesce({YEAR}, '')") + SETTLE, FACETS_OF.format(year=YEAR) + SETTLE
        ),
        migrations.RemoveIndex(model_name="resource", name="resource_kind_newest"),
        migrations.RemoveIndex(model_name="resource", name="resource_access_newest"),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["publisher"], name="resource_publisher"),
        ),
        migrations.RemoveIndex(model_name="resource", name="resource_publisher_newest"),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                F("published_on").desc(nulls_last=True),
                F("id").desc(),
                name="resource_newest_listed",
                condition=Q(state="published"),
                include=["listed_at"],
            ),
        ),
        migrations.RemoveIndex(model_name="resource", name="resource_newest"),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                "section",
                F("published_on").desc(nulls_last=True),
                "position",
                name="resource_section_newest_listed",
                condition=Q(state="published"),
                include=["id", "listed_at"],
            ),
        ),
        migrations.RemoveIndex(model_name="resource", name="resource_section_newest"),
    ]
