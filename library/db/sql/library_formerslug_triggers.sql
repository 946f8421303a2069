CREATE OR REPLACE TRIGGER formerslug_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_formerslug
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
