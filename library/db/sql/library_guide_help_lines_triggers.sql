CREATE OR REPLACE TRIGGER guide_help_lines_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_guide_help_lines
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
