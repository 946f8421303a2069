DROP TRIGGER IF EXISTS library_settled ON library_edit;
CREATE CONSTRAINT TRIGGER library_settled AFTER INSERT ON library_edit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION library_settle_edit();
