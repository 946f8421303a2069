-- A name has changed that stands in the search words of resources. The argument says of what.
CREATE OR REPLACE FUNCTION library_note_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO library_change (transaction, noun, key, slot) VALUES (txid_current(), TG_ARGV[0], NEW.id, 0)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
