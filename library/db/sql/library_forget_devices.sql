-- Whoever gets another password or another second step, or may no longer sign in, is trusted on no device any more.
-- The argument is the column that says who it is.
CREATE OR REPLACE FUNCTION library_forget_devices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    DELETE FROM library_trusteddevice WHERE user_id = (changed ->> TG_ARGV[0])::bigint;
    RETURN NULL;
END $$;
