CREATE OR REPLACE TRIGGER taggedresource_deletes_noted AFTER DELETE ON library_taggedresource
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_links('content_object_id');
CREATE OR REPLACE TRIGGER taggedresource_inserts_noted AFTER INSERT ON library_taggedresource
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_links('content_object_id');
CREATE OR REPLACE TRIGGER taggedresource_updates_noted AFTER UPDATE ON library_taggedresource
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_links('content_object_id');
CREATE OR REPLACE TRIGGER taggedresource_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_taggedresource
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
