-- The name that a guide had stays its own: a former one leads to it for ever, and no other guide can have it.
CREATE OR REPLACE FUNCTION library_keep_guide_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- Whatever the statement says: it may not know of a name that was given up meanwhile.
        NEW.former_slugs := OLD.former_slugs;
        IF NEW.slug <> OLD.slug THEN
            NEW.former_slugs := array_append(array_remove(OLD.former_slugs, NEW.slug), OLD.slug);
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM library_guide WHERE NEW.slug = ANY (former_slugs) AND id <> NEW.id) THEN
        RAISE EXCEPTION 'The address name "%" belonged to another guide once.', NEW.slug
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
