-- The first time in a transaction it goes to the end of what is put off, behind the checks of foreign keys: they may
-- have to wait for a row that another transaction has, and nobody is to wait while all others queue behind.
CREATE OR REPLACE FUNCTION library_settle_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('library.put_off', true) IS DISTINCT FROM NEW.transaction::text THEN
        PERFORM set_config('library.put_off', NEW.transaction::text, true);
        DELETE FROM library_edit WHERE transaction = NEW.transaction;
        INSERT INTO library_edit (transaction) VALUES (NEW.transaction);
        RETURN NULL;
    END IF;
    PERFORM library_settle();
    RETURN NULL;
END $$;
