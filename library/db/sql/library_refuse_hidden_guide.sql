-- What readers could see is withdrawn: it neither becomes a draft again nor is it deleted.
CREATE OR REPLACE FUNCTION library_refuse_hidden_guide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The guide "%" has been public. Withdraw it instead.', OLD.slug
        USING ERRCODE = 'restrict_violation';
END $$;
