CREATE OR REPLACE TRIGGER category_name_noted AFTER UPDATE ON library_category
    FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION library_note_name('category');
CREATE OR REPLACE TRIGGER category_new_slug_kept AFTER UPDATE OF slug ON library_category
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug)
    EXECUTE FUNCTION library_keep_value('category');
CREATE OR REPLACE TRIGGER category_slug_kept AFTER INSERT OR DELETE ON library_category
    FOR EACH ROW EXECUTE FUNCTION library_keep_value('category');
CREATE OR REPLACE TRIGGER category_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_category
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
