-- Words without accents, as `library.search` folds what readers type.
CREATE OR REPLACE FUNCTION library_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = length(words) THEN words
                ELSE regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g') END
$$;
