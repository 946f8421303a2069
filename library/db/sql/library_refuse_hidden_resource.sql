-- What readers could see does not become a draft again.
CREATE OR REPLACE FUNCTION library_refuse_hidden_resource() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The resource "%" has been public. Withdraw it instead of hiding it.', OLD.slug
        USING ERRCODE = 'restrict_violation';
END $$;
