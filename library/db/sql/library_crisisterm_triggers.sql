CREATE OR REPLACE TRIGGER crisisterm_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_crisisterm
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
