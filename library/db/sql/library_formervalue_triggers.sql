CREATE OR REPLACE TRIGGER formervalue_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_formervalue
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
