-- Resources that got or lost a category or a tag. The argument is the column that says which resource it is.
CREATE OR REPLACE FUNCTION library_note_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        EXECUTE format('INSERT INTO library_change (transaction, noun, key, slot)
            SELECT DISTINCT txid_current(), ''resource'', %I, 0 FROM before ON CONFLICT DO NOTHING', TG_ARGV[0]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        EXECUTE format('INSERT INTO library_change (transaction, noun, key, slot)
            SELECT DISTINCT txid_current(), ''resource'', %I, 0 FROM after ON CONFLICT DO NOTHING', TG_ARGV[0]);
    END IF;
    RETURN NULL;
END $$;
