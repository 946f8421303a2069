-- Gives a resource the next bit of its section. Nothing else sets or changes it; another section gives it another one.
CREATE OR REPLACE FUNCTION library_give_slot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.section_id = OLD.section_id THEN
            NEW.slot := OLD.slot;
            RETURN NEW;
        END IF;
    END IF;
    PERFORM 1 FROM library_section WHERE id = NEW.section_id FOR NO KEY UPDATE;
    SELECT coalesce(max(slot) + 1, 0) INTO NEW.slot FROM library_resource WHERE section_id = NEW.section_id;
    RETURN NEW;
END $$;
