CREATE OR REPLACE TRIGGER guide_not_hidden BEFORE UPDATE OF state ON library_guide
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND NEW.state = 'draft')
    EXECUTE FUNCTION library_refuse_hidden_guide();
CREATE OR REPLACE TRIGGER guide_not_lost BEFORE DELETE ON library_guide
    FOR EACH ROW WHEN (OLD.state <> 'draft')
    EXECUTE FUNCTION library_refuse_hidden_guide();
CREATE OR REPLACE TRIGGER guide_slug_kept BEFORE INSERT OR UPDATE ON library_guide
    FOR EACH ROW EXECUTE FUNCTION library_keep_guide_slug();
CREATE OR REPLACE TRIGGER guide_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_guide
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
