CREATE OR REPLACE TRIGGER tag_name_noted AFTER UPDATE ON library_tag
    FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION library_note_name('tag');
CREATE OR REPLACE TRIGGER tag_new_slug_kept AFTER UPDATE OF slug ON library_tag
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug)
    EXECUTE FUNCTION library_keep_value('tag');
CREATE OR REPLACE TRIGGER tag_slug_kept AFTER INSERT OR DELETE ON library_tag
    FOR EACH ROW EXECUTE FUNCTION library_keep_value('tag');
CREATE OR REPLACE TRIGGER tag_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_tag
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
