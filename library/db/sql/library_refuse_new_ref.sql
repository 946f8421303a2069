-- A short link is permanent.
CREATE OR REPLACE FUNCTION library_refuse_new_ref() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ref "%" is permanent.', OLD.ref USING ERRCODE = 'restrict_violation';
END $$;
