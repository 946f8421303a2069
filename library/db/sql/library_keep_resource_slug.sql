-- The name that a resource had stays its own: a former one leads to it for ever, and no other resource can have it.
CREATE OR REPLACE FUNCTION library_keep_resource_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.slug = OLD.slug THEN RETURN NULL; END IF;
        DELETE FROM library_formerslug WHERE slug = NEW.slug AND resource_id = NEW.id;
        INSERT INTO library_formerslug (slug, resource_id) VALUES (OLD.slug, OLD.id);
    END IF;
    IF EXISTS (SELECT 1 FROM library_formerslug WHERE slug = NEW.slug) THEN
        RAISE EXCEPTION 'The address name "%" belonged to another resource once.', NEW.slug
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
