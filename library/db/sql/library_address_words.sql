-- Search words for an address (`address_key`), which no other text has. “www.a.example.org/b” gives the page,
-- “//a.example.org/b”, and its hosts, “//a.example.org” and “//example.org”. It asks no query: one would be planned for
-- each resource, and compiled as well while an import has nested loops switched off.
CREATE OR REPLACE FUNCTION library_address_words(key text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    name text := regexp_replace(key, '^www\.', '');
    host text := substring(name FROM '^[^/?#]+');
    words text[] := ARRAY['//' || name];
BEGIN
    IF key = '' THEN RETURN ''; END IF;
    WHILE strpos(host, '.') > 0 LOOP
        words := words || ('//' || host);
        host := substr(host, strpos(host, '.') + 1);
    END LOOP;
    RETURN array_to_tsvector(words);
END $$;
