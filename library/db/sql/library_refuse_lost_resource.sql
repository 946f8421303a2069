-- What readers could see is withdrawn and not deleted.
CREATE OR REPLACE FUNCTION library_refuse_lost_resource() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The resource "%" has been public. Withdraw it instead of deleting it.', OLD.slug
        USING ERRCODE = 'restrict_violation';
END $$;
