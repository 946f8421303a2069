-- Of each published resource among `ids`, every value of every facet that it has. `all` has them all, the year '' those
-- without a date.
DROP FUNCTION IF EXISTS library_facets_of;
CREATE OR REPLACE FUNCTION library_facets_of(ids bigint[])
RETURNS TABLE (id bigint, section_id bigint, slot integer, facet text, value text)
LANGUAGE sql STABLE AS $$
    WITH public AS (
        SELECT resource.id, resource.section_id, resource.slot, kind, access, publisher_id, published_on, audience, running_minutes
        FROM unnest(ids) AS changed(id) JOIN library_resource AS resource ON resource.id = changed.id WHERE state = 'published'
    )
    SELECT public.id, public.section_id, public.slot, own.facet, own.value
    FROM public CROSS JOIN LATERAL (
        VALUES ('all', ''), ('kind', public.kind), ('access', public.access),
               ('publisher', public.publisher_id::text), ('year', coalesce(extract(year FROM public.published_on)::text, '')),
               ('length', CASE WHEN public.running_minutes BETWEEN 1 AND 19 THEN 'under-20' WHEN public.running_minutes > 19 THEN '20-or-more' END)
    ) AS own (facet, value) WHERE own.value IS NOT NULL
    UNION ALL
    SELECT public.id, public.section_id, public.slot, 'audience', unnest(public.audience) FROM public
    UNION ALL
    SELECT public.id, public.section_id, public.slot, 'category', link.category_id::text
    FROM public JOIN library_resource_categories AS link ON link.resource_id = public.id
    UNION ALL
    SELECT public.id, public.section_id, public.slot, 'tag', link.tag_id::text
    FROM public JOIN library_taggedresource AS link ON link.content_object_id = public.id
$$;
