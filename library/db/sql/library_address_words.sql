-- Search words for an address (`address_key`), which no other text has. “www.a.example.org/b” gives the page,
-- “//a.example.org/b”, and its hosts, “//a.example.org” and “//example.org”.
CREATE OR REPLACE FUNCTION library_address_words(key text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array_agg('//' || name)) FROM (
        SELECT regexp_replace(key, '^www\.', '') AS name WHERE key <> ''
        UNION ALL
        SELECT array_to_string(labels[place:], '.')
        FROM string_to_array(substring(regexp_replace(key, '^www\.', '') FROM '^[^/?#]+'), '.') AS labels,
            generate_series(1, cardinality(labels) - 1) AS place
    ) AS names
$$;
