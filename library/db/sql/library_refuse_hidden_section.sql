-- What readers could see does not become a draft again.
CREATE OR REPLACE FUNCTION library_refuse_hidden_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The anchor "%" has been public. Withdraw or merge its section instead of hiding it.', OLD.anchor
        USING ERRCODE = 'restrict_violation';
END $$;
