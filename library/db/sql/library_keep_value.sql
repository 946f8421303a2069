-- The slug that a category, tag or publisher had leads to it, until another row takes it. The argument is the facet.
CREATE OR REPLACE FUNCTION library_keep_value() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_in_use boolean;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        DELETE FROM library_formervalue WHERE facet = TG_ARGV[0] AND slug = NEW.slug;
    END IF;
    IF TG_OP = 'INSERT' THEN
        -- A row that was merged and is recovered: what it was called before leads to it again.
        UPDATE library_formervalue SET leads_to = NEW.id
        WHERE facet = TG_ARGV[0] AND was = NEW.id AND leads_to <> NEW.id;
        RETURN NULL;
    END IF;
    -- The same statement may have given it to another row.
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE slug = $1)', TG_TABLE_NAME) INTO is_in_use USING OLD.slug;
    IF NOT is_in_use THEN
        INSERT INTO library_formervalue (facet, slug, name, was, leads_to)
        VALUES (TG_ARGV[0], OLD.slug, OLD.name, OLD.id, OLD.id)
        ON CONFLICT (facet, slug) DO UPDATE SET name = OLD.name, was = OLD.id, leads_to = OLD.id;
    END IF;
    RETURN NULL;
END $$;
