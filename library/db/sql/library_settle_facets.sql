-- The bits of the resources `ids`, and of the slots that this transaction's resources have left: cleared, and set anew.
CREATE OR REPLACE FUNCTION library_settle_facets(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $sql$
    WITH mask AS MATERIALIZED (
        SELECT section_id, slot / 32000 AS block, bit_or(set_bit(0::bit(32000), slot % 32000, 1)) AS bits
        FROM (
            SELECT section_id, slot FROM unnest($1) AS changed(id) JOIN library_resource USING (id)
            UNION SELECT key, slot FROM library_change WHERE transaction = txid_current() AND noun = 'slot'
        ) AS place GROUP BY 1, 2
    ), fresh AS MATERIALIZED (
        SELECT * FROM library_bits_of($1)
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
