CREATE OR REPLACE TRIGGER section_alias_not_in_use AFTER INSERT OR UPDATE OF anchor ON library_sectionalias
    FOR EACH ROW EXECUTE FUNCTION library_refuse_taken_alias();
DROP TRIGGER IF EXISTS section_alias_not_lost ON library_sectionalias;
CREATE CONSTRAINT TRIGGER section_alias_not_lost AFTER DELETE OR UPDATE OF anchor ON library_sectionalias
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION library_refuse_lost_anchor();
CREATE OR REPLACE TRIGGER sectionalias_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_sectionalias
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
