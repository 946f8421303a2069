-- Pages show the words of a sound or a series. That one was taken in is nothing that readers see.
CREATE OR REPLACE TRIGGER linkuse_version_noted AFTER UPDATE OF word, since ON library_linkuse
    FOR EACH ROW WHEN ((NEW.word, NEW.since) IS DISTINCT FROM (OLD.word, OLD.since))
    EXECUTE FUNCTION library_note_edit();
