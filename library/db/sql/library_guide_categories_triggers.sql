CREATE OR REPLACE TRIGGER guide_categories_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_guide_categories
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
