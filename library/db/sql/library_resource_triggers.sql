CREATE OR REPLACE TRIGGER resource_deletes_noted AFTER DELETE ON library_resource
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_resources();
CREATE OR REPLACE TRIGGER resource_inserts_noted AFTER INSERT ON library_resource
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_resources();
CREATE OR REPLACE TRIGGER resource_not_hidden BEFORE UPDATE OF state, listed_at ON library_resource
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND OLD.listed_at <= now()
          AND (NEW.state = 'draft' OR NEW.listed_at IS NULL OR NEW.listed_at > now()))
    EXECUTE FUNCTION library_refuse_hidden_resource();
CREATE OR REPLACE TRIGGER resource_not_lost BEFORE DELETE ON library_resource
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND OLD.listed_at <= now())
    EXECUTE FUNCTION library_refuse_lost_resource();
CREATE OR REPLACE TRIGGER resource_ref_permanent BEFORE UPDATE OF ref ON library_resource
    FOR EACH ROW WHEN (NEW.ref IS DISTINCT FROM OLD.ref)
    EXECUTE FUNCTION library_refuse_new_ref();
CREATE OR REPLACE TRIGGER resource_slot BEFORE INSERT OR UPDATE OF section_id, slot ON library_resource
    FOR EACH ROW EXECUTE FUNCTION library_give_slot();
CREATE OR REPLACE TRIGGER resource_slug_kept AFTER INSERT OR UPDATE OF slug ON library_resource
    FOR EACH ROW EXECUTE FUNCTION library_keep_resource_slug();
CREATE OR REPLACE TRIGGER resource_updates_noted AFTER UPDATE ON library_resource
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_resources();
CREATE OR REPLACE TRIGGER resource_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_resource
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
CREATE OR REPLACE TRIGGER resource_check_forgotten BEFORE UPDATE OF address_key ON library_resource
    FOR EACH ROW WHEN (NEW.address_key IS DISTINCT FROM OLD.address_key)
    EXECUTE FUNCTION library_forget_check();
