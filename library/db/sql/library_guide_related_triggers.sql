CREATE OR REPLACE TRIGGER guide_related_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_guide_related
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
