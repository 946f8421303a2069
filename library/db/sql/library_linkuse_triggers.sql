-- Pages show the words for an audio file or a series. Readers see nothing of an address that was only taken in.
CREATE OR REPLACE TRIGGER linkuse_version_noted AFTER UPDATE OF word, since ON library_linkuse
    FOR EACH ROW WHEN ((NEW.word, NEW.since) IS DISTINCT FROM (OLD.word, OLD.since))
    EXECUTE FUNCTION library_note_edit();
