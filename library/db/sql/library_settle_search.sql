-- The weighted words of the resources `ids`: their own, and those of the rows that they belong to. Kind and date are
-- words of least weight, as readers see them: a month only where it is known. Beside them the values of their facets,
-- `kind=course`: who reads what words find counts these without looking anywhere else. The rows are joined as it is
-- written, from the ids on: to weigh all other orders took longer than the work for one resource.
CREATE OR REPLACE FUNCTION library_settle_search(ids bigint[]) RETURNS void LANGUAGE plpgsql
SET join_collapse_limit = 1 AS $$
BEGIN
    EXECUTE $sql$
    INSERT INTO library_searchwords AS kept (resource_id, search, facets)
    SELECT resource.id,
        setweight(library_words(resource.title), 'A')
        || setweight(library_words(concat_ws(' ; ', resource.keywords, publisher.name, series.title,
            categories.names, tags.names)), 'B')
        || setweight(library_words(concat_ws(' ; ', resource.summary, resource.credit, resource.speaker,
            resource.speaker_affiliation, resource.host, resource.incident, resource.place, resource.agency,
            resource.authors, array_to_string(resource.audience, ' ; '),
            CASE resource.language WHEN 'es' THEN 'Spanish español' WHEN 'fr' THEN 'French français' END)), 'C')
        || setweight(library_words(concat_ws(' ; ', section.title,
            CASE resource.kind WHEN 'course' THEN 'Course' WHEN 'podcast' THEN 'Podcast episode'
                WHEN 'review' THEN 'Critical incident review' WHEN 'forum' THEN 'Forum' WHEN 'site' THEN 'Website' END,
            CASE resource.published_precision WHEN 'year' THEN to_char(resource.published_on, 'YYYY')
                WHEN 'month' THEN to_char(resource.published_on, 'FMMonth YYYY, Mon')
                WHEN 'day' THEN to_char(resource.published_on, 'FMMonth FMDD, YYYY, Mon') END,
            CASE WHEN resource.published_precision <> 'year' AND extract(month FROM resource.published_on) = 9
                THEN 'Sept' END,
            resource.incident_date, resource.body, resource.transcript)), 'D')
        || library_address_words(resource.address_key),
        coalesce(facets.pairs, '{}')
    FROM unnest($1) AS changed(id)
    JOIN library_resource AS resource ON resource.id = changed.id
    JOIN library_section AS section ON section.id = resource.section_id
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
    LEFT JOIN (
        SELECT id, array_agg(facet || '=' || value ORDER BY facet, value) AS pairs FROM library_facets_of($1) GROUP BY id
    ) AS facets ON facets.id = resource.id
    ON CONFLICT (resource_id) DO UPDATE SET search = EXCLUDED.search, facets = EXCLUDED.facets
    WHERE kept.search <> EXCLUDED.search OR kept.facets <> EXCLUDED.facets
    $sql$ USING ids;
END $$;
