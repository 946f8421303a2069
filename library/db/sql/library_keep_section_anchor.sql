-- The anchor that a section had stays its own: a former one leads to it for ever, and no other section can have it.
-- AFTER triggers, so that a second transaction that waited for the unique index looks again with fresh eyes.
CREATE OR REPLACE FUNCTION library_keep_section_anchor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.anchor = OLD.anchor THEN RETURN NULL; END IF;
        DELETE FROM library_sectionalias WHERE anchor = NEW.anchor AND section_id = NEW.id;
        INSERT INTO library_sectionalias (anchor, section_id, since) VALUES (OLD.anchor, OLD.id, OLD.since);
    END IF;
    IF EXISTS (SELECT 1 FROM library_sectionalias WHERE anchor = NEW.anchor) THEN
        RAISE EXCEPTION 'The anchor "%" belonged to another section once.', NEW.anchor
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
