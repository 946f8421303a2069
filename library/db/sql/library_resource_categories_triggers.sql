CREATE OR REPLACE TRIGGER resource_categories_deletes_noted AFTER DELETE ON library_resource_categories
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_links('resource_id');
CREATE OR REPLACE TRIGGER resource_categories_inserts_noted AFTER INSERT ON library_resource_categories
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_links('resource_id');
CREATE OR REPLACE TRIGGER resource_categories_updates_noted AFTER UPDATE ON library_resource_categories
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION library_note_links('resource_id');
CREATE OR REPLACE TRIGGER resource_categories_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_resource_categories
    FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();
