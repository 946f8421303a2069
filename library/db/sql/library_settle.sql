-- Works off all that this transaction has changed; transactions go through it one after the other. What works off
-- changes is planned anew each time (EXECUTE): a plan for one resource is no plan for a hundred thousand.
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
        UNION SELECT resource.id FROM change JOIN library_resource AS resource ON resource.section_id = change.key
            WHERE noun = 'section'
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
