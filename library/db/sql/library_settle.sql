-- Works off all that this transaction has changed; transactions go through it one after the other. What works off
-- changes is planned anew each time (EXECUTE): a plan for one resource is no plan for a hundred thousand.
-- Very many new resources are worked off before it is this transaction's turn: nobody else can see or change them. Only
-- names that stand in their words can be others since; then those words are made once more.
CREATE OR REPLACE FUNCTION library_settle() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this bigint := txid_current();
    ids bigint[];
    made bigint[];
    is_ahead boolean;
    seen bigint;
    renamed bigint;
BEGIN
    SELECT array_agg(key) INTO made FROM library_change WHERE transaction = this AND noun = 'new';
    is_ahead := coalesce(cardinality(made) > 1000, false);
    -- Right after a great change the planner may still believe that there is next to nothing.
    IF is_ahead THEN
        SELECT number INTO seen FROM library_libraryversion;
        PERFORM set_config('enable_nestloop', 'off', true);
        PERFORM library_settle_search(made);
        CREATE TEMP TABLE library_new_bits AS SELECT * FROM library_bits_of(made);
        PERFORM set_config('enable_nestloop', 'on', true);
    END IF;
    -- The lock on this row is the queue: who waits here sees, after it, all that the one before has written.
    INSERT INTO library_libraryversion AS version (id, number) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET number = version.number + 1
        RETURNING version.names_changed INTO renamed;
    DELETE FROM library_edit WHERE transaction = this;
    IF NOT EXISTS (SELECT FROM library_change WHERE transaction = this) THEN RETURN; END IF;
    IF EXISTS (SELECT FROM library_change WHERE transaction = this AND noun NOT IN ('new', 'resource', 'slot')) THEN
        UPDATE library_libraryversion AS version SET names_changed = version.number;
    END IF;
    EXECUTE $sql$
    WITH change AS MATERIALIZED (SELECT noun, key FROM library_change WHERE transaction = $1)
    SELECT array_agg(id) FROM (
        (SELECT key AS id FROM change WHERE noun IN ('new', 'resource')
        UNION SELECT resource.id FROM change JOIN library_resource AS resource ON resource.publisher_id = change.key
            WHERE noun = 'publisher'
        UNION SELECT resource.id FROM change JOIN library_resource AS resource ON resource.series_id = change.key
            WHERE noun = 'series'
        UNION SELECT resource.id FROM change JOIN library_resource AS resource ON resource.section_id = change.key
            WHERE noun = 'section'
        UNION SELECT link.resource_id FROM change JOIN library_resource_categories AS link
            ON link.category_id = change.key WHERE noun = 'category'
        UNION SELECT link.content_object_id FROM change JOIN library_taggedresource AS link
            ON link.tag_id = change.key WHERE noun = 'tag')
        EXCEPT SELECT key FROM change WHERE noun = 'new' AND $2
    ) AS changed
    $sql$ INTO ids USING this, is_ahead AND renamed <= seen;
    IF cardinality(ids) > 1000 THEN PERFORM set_config('enable_nestloop', 'off', true); END IF;
    PERFORM library_settle_search(ids);
    PERFORM library_settle_facets(ids);
    PERFORM set_config('enable_nestloop', 'on', true);
    IF is_ahead THEN
        INSERT INTO library_facetblock AS kept (section_id, facet, value, block, bits, total)
        SELECT section_id, facet, value, block, bits, bit_count(bits) FROM library_new_bits
        ON CONFLICT (section_id, facet, value, block) DO UPDATE
            SET bits = kept.bits | EXCLUDED.bits, total = bit_count(kept.bits | EXCLUDED.bits);
        DROP TABLE library_new_bits;
    END IF;
    DELETE FROM library_facetblock WHERE total = 0;
    DELETE FROM library_change WHERE transaction = this;
END $$;
