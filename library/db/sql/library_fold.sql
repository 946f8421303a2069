-- Words as search compares them: without accents, and with plain signs. PostgreSQL takes typographic ones for letters,
-- so that “O’Malley—here” would be one word. `library.search.text_query` folds what readers type in the same way.
CREATE OR REPLACE FUNCTION library_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = length(words) THEN words
                ELSE translate(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g'),
                    '’‘ʼ‛′' || '‐' || '‒–—―−“”„‟«»‹›•·¿¡', repeat('''', 5) || '-' || repeat(' ', 17)) END
$$;
