CREATE OR REPLACE TRIGGER step_devices_forgotten AFTER INSERT OR DELETE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION library_forget_devices('user_id');
