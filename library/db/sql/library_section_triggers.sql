CREATE OR REPLACE TRIGGER section_anchor_kept AFTER INSERT OR UPDATE OF anchor ON library_section
    FOR EACH ROW EXECUTE FUNCTION library_keep_section_anchor();
DROP TRIGGER IF EXISTS section_anchor_not_lost ON library_section;
CREATE CONSTRAINT TRIGGER section_anchor_not_lost AFTER DELETE ON library_section
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION library_refuse_lost_anchor();
CREATE OR REPLACE TRIGGER section_not_hidden BEFORE UPDATE OF state ON library_section
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND NEW.state = 'draft')
    EXECUTE FUNCTION library_refuse_hidden_section();
CREATE OR REPLACE TRIGGER section_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_section
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
CREATE OR REPLACE TRIGGER section_title_noted AFTER UPDATE ON library_section
    FOR EACH ROW WHEN (OLD.title <> NEW.title)
    EXECUTE FUNCTION library_note_name('section');
