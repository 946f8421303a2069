-- At the end of the transaction every anchor that was public still leads somewhere.
CREATE OR REPLACE FUNCTION library_refuse_lost_anchor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'library_section' THEN
        IF OLD.state = 'draft' THEN RETURN NULL; END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM library_sectionalias WHERE anchor = OLD.anchor)
       AND NOT EXISTS (SELECT 1 FROM library_section WHERE anchor = OLD.anchor) THEN
        RAISE EXCEPTION 'The anchor "%" would be lost. Merge or withdraw its section.', OLD.anchor
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
