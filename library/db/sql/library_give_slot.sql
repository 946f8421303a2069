-- Gives a resource the next bit of its section; another section gives it another one. Nothing else sets or changes it,
-- but an import, which numbers its own far behind and locks no section: it writes bit n as -1 - n.
-- The highest is read from its index, also where the planner still believes that the table is next to empty: a thousand
-- new rows would else be a thousand readings of all that came before.
CREATE OR REPLACE FUNCTION library_give_slot() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.section_id = OLD.section_id THEN
            NEW.slot := OLD.slot;
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.slot < 0 THEN
        NEW.slot := -1 - NEW.slot;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM library_section WHERE id = NEW.section_id FOR NO KEY UPDATE;
    SELECT slot + 1 INTO NEW.slot FROM library_resource WHERE section_id = NEW.section_id ORDER BY slot DESC LIMIT 1;
    NEW.slot := coalesce(NEW.slot, 0);
    RETURN NEW;
END $$;
