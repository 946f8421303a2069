-- The bits of the published resources among `ids`: a row for each value of a facet in a section, and each block of it.
-- Bits are set in strings of 320, and those put together: each one that is set copies its string.
CREATE OR REPLACE FUNCTION library_bits_of(ids bigint[])
RETURNS TABLE (section_id bigint, facet text, value text, block integer, bits bit) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE $sql$
    WITH part AS MATERIALIZED (
        SELECT section_id, facet, value, slot / 32000 AS block, slot / 320 % 100 AS number,
               bit_or(set_bit(0::bit(320), slot % 320, 1)) AS bits
        FROM library_facets_of($1) GROUP BY 1, 2, 3, 4, 5
    )
    SELECT section_id, facet, value, block,
           string_agg(coalesce(bits, 0::bit(320))::text, '' ORDER BY number)::bit(32000) AS bits
    FROM (SELECT DISTINCT section_id, facet, value, block FROM part) AS whole
    CROSS JOIN generate_series(0, 99) AS number LEFT JOIN part USING (section_id, facet, value, block, number)
    GROUP BY 1, 2, 3, 4
    $sql$ USING ids;
END $$;
