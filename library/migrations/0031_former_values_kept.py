"""Triggers that keep the addresses of filtered lists alive: what a category, a tag or a publisher was called there.

Why triggers: see `0002_permanent_names`. A slug is remembered when a row changes it or is deleted, and forgotten when
a row takes it: then it is in use. Who merges rows lets what is remembered of them lead to the one that stays.
"""

from django.db import migrations

TABLES = ("category", "tag", "publisher")

FUNCTION = """
CREATE FUNCTION library_keep_value() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
TRIGGERS = "\n".join(
    f"""
CREATE TRIGGER {table}_slug_kept AFTER INSERT OR DELETE ON library_{table}
    FOR EACH ROW EXECUTE FUNCTION library_keep_value('{table}');
CREATE TRIGGER {table}_new_slug_kept AFTER UPDATE OF slug ON library_{table}
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION library_keep_value('{table}');
"""
    for table in TABLES
)
NO_TRIGGERS = "\n".join(
    f"DROP TRIGGER {table}_new_slug_kept ON library_{table}; DROP TRIGGER {table}_slug_kept ON library_{table};"
    for table in TABLES
)
# Lists say what became of a filter: kept pages live until the next note.
SEEN = """
CREATE TRIGGER formervalue_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_formervalue
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
"""
NOT_SEEN = "DROP TRIGGER formervalue_version_noted ON library_formervalue;"


class Migration(migrations.Migration):
    dependencies = [("library", "0030_former_values")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION library_keep_value();"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(SEEN, NOT_SEEN),
    ]
