-- What checks have found was found of another address.
CREATE OR REPLACE FUNCTION library_forget_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.link_state := 'unchecked';
    NEW.link_checked_on := NULL;
    NEW.copy_url := '';
    NEW.copy_taken_on := NULL;
    RETURN NEW;
END $$;
