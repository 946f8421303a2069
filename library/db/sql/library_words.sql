-- The words of a long text. One of nothing but different words may be more than a tsvector can hold: then its beginning
-- is searched.
CREATE OR REPLACE FUNCTION library_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF length(words) < 300000 THEN RETURN to_tsvector('english', library_fold(words)); END IF;
    BEGIN
        RETURN to_tsvector('english', library_fold(words));
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN to_tsvector('english', library_fold(left(words, 300000)));
    END;
END $$;
