-- A former anchor is not the one of a section of today.
CREATE OR REPLACE FUNCTION library_refuse_taken_alias() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM library_section WHERE anchor = NEW.anchor) THEN
        RAISE EXCEPTION 'The anchor "%" is in use by a section.', NEW.anchor USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
