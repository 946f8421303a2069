CREATE OR REPLACE TRIGGER series_title_noted AFTER UPDATE ON library_series
    FOR EACH ROW WHEN (OLD.title <> NEW.title)
    EXECUTE FUNCTION library_note_name('series');
CREATE OR REPLACE TRIGGER series_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_series
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
