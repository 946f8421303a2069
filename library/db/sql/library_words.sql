-- The words of a text. A name with an apostrophe is three of them, of “O’Malley” “o”, “malley”, and “omalley”; fewer
-- than three letters behind an apostrophe are an ending: “we’ll” is no “well”. A long text of nothing but different
-- words may be more than a tsvector can hold: then its beginning is searched.
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
