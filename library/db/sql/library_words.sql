-- The words of a text. A name with an apostrophe gives three: “O’Malley” is found by “o”, “malley”, and “omalley”. Fewer
-- than three letters after an apostrophe are an ending, so “we’ll” isn't “well”. A long text in which every word differs
-- may be more than a tsvector can hold: then only its beginning is searched.
CREATE OR REPLACE FUNCTION library_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    folded text := library_fold(words);
BEGIN
    IF strpos(folded, '''') > 0 THEN
        folded := concat_ws(' ; ', folded, (
            SELECT string_agg(replace(name[1], '''', ''), ' ; ')
            FROM regexp_matches(folded, '\w{1,30}''\w{3,30}', 'g') AS name));
    END IF;
    IF length(folded) < 300000 THEN RETURN to_tsvector('english', folded); END IF;
    BEGIN
        RETURN to_tsvector('english', folded);
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN to_tsvector('english', left(folded, 300000));
    END;
END $$;
