-- This transaction has changed something that readers see: it is settled at its end (`library_settle_edit`).
CREATE OR REPLACE FUNCTION library_note_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('library.settling', true) = 'on' THEN RETURN NULL; END IF;
    INSERT INTO library_edit (transaction) VALUES (txid_current()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
