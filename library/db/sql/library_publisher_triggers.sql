CREATE OR REPLACE TRIGGER publisher_name_noted AFTER UPDATE ON library_publisher
    FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION library_note_name('publisher');
CREATE OR REPLACE TRIGGER publisher_new_slug_kept AFTER UPDATE OF slug ON library_publisher
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug)
    EXECUTE FUNCTION library_keep_value('publisher');
CREATE OR REPLACE TRIGGER publisher_slug_kept AFTER INSERT OR DELETE ON library_publisher
    FOR EACH ROW EXECUTE FUNCTION library_keep_value('publisher');
CREATE OR REPLACE TRIGGER publisher_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_publisher
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
