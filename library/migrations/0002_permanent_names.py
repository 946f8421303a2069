"""Triggers that keep published addresses alive on every path that writes: admin, import, shell, raw SQL.

Why triggers: the rule spans two tables (the name in use, the names of before), which no constraint can say,
and bulk updates never call `save`. They are AFTER triggers, so that a second transaction that waited for
the unique index looks again with fresh eyes.
"""

from django.db import migrations

SECTIONS = """
CREATE FUNCTION library_keep_section_anchor() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER section_anchor_kept AFTER INSERT OR UPDATE OF anchor ON library_section
    FOR EACH ROW EXECUTE FUNCTION library_keep_section_anchor();

CREATE FUNCTION library_refuse_taken_alias() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM library_section WHERE anchor = NEW.anchor) THEN
        RAISE EXCEPTION 'The anchor "%" is in use by a section.', NEW.anchor USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER section_alias_not_in_use AFTER INSERT OR UPDATE OF anchor ON library_sectionalias
    FOR EACH ROW EXECUTE FUNCTION library_refuse_taken_alias();

CREATE FUNCTION library_refuse_lost_anchor() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER section_anchor_not_lost AFTER DELETE ON library_section
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION library_refuse_lost_anchor();
CREATE CONSTRAINT TRIGGER section_alias_not_lost AFTER DELETE OR UPDATE OF anchor ON library_sectionalias
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION library_refuse_lost_anchor();

CREATE FUNCTION library_refuse_hidden_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The anchor "%" has been public. Withdraw or merge its section instead of hiding it.', OLD.anchor
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER section_not_hidden BEFORE UPDATE OF state ON library_section
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND NEW.state = 'draft')
    EXECUTE FUNCTION library_refuse_hidden_section();
"""

NO_SECTIONS = """
DROP TRIGGER section_not_hidden ON library_section;
DROP FUNCTION library_refuse_hidden_section();
DROP TRIGGER section_alias_not_lost ON library_sectionalias;
DROP TRIGGER section_anchor_not_lost ON library_section;
DROP FUNCTION library_refuse_lost_anchor();
DROP TRIGGER section_alias_not_in_use ON library_sectionalias;
DROP FUNCTION library_refuse_taken_alias();
DROP TRIGGER section_anchor_kept ON library_section;
DROP FUNCTION library_keep_section_anchor();
"""

RESOURCES = """
CREATE FUNCTION library_keep_resource_slug() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER resource_slug_kept AFTER INSERT OR UPDATE OF slug ON library_resource
    FOR EACH ROW EXECUTE FUNCTION library_keep_resource_slug();

CREATE FUNCTION library_refuse_new_ref() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ref "%" is permanent.', OLD.ref USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER resource_ref_permanent BEFORE UPDATE OF ref ON library_resource
    FOR EACH ROW WHEN (NEW.ref IS DISTINCT FROM OLD.ref) EXECUTE FUNCTION library_refuse_new_ref();

CREATE FUNCTION library_refuse_lost_resource() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The resource "%" has been public. Withdraw it instead of deleting it.', OLD.slug
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER resource_not_lost BEFORE DELETE ON library_resource
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND OLD.listed_at <= now())
    EXECUTE FUNCTION library_refuse_lost_resource();

CREATE FUNCTION library_refuse_hidden_resource() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The resource "%" has been public. Withdraw it instead of hiding it.', OLD.slug
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER resource_not_hidden BEFORE UPDATE OF state, listed_at ON library_resource
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND OLD.listed_at <= now()
                       AND (NEW.state = 'draft' OR NEW.listed_at IS NULL OR NEW.listed_at > now()))
    EXECUTE FUNCTION library_refuse_hidden_resource();
"""

NO_RESOURCES = """
DROP TRIGGER resource_not_hidden ON library_resource;
DROP FUNCTION library_refuse_hidden_resource();
DROP TRIGGER resource_not_lost ON library_resource;
DROP FUNCTION library_refuse_lost_resource();
DROP TRIGGER resource_ref_permanent ON library_resource;
DROP FUNCTION library_refuse_new_ref();
DROP TRIGGER resource_slug_kept ON library_resource;
DROP FUNCTION library_keep_resource_slug();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]

    operations = [
        migrations.RunSQL(SECTIONS, NO_SECTIONS),
        migrations.RunSQL(RESOURCES, NO_RESOURCES),
    ]
