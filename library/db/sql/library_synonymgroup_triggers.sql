CREATE OR REPLACE TRIGGER synonymgroup_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_synonymgroup
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
