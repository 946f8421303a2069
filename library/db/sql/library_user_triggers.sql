CREATE OR REPLACE TRIGGER user_devices_forgotten AFTER UPDATE OF password, is_active, is_staff ON library_user
    FOR EACH ROW WHEN (NEW.password <> OLD.password OR NOT NEW.is_active OR NOT NEW.is_staff)
    EXECUTE FUNCTION library_forget_devices('id');
