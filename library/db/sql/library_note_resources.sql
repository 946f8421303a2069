-- Resources whose words or bits change. They go with them, whoever deletes them.
CREATE OR REPLACE FUNCTION library_note_resources() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('library.settling', true) = 'on' THEN RETURN NULL; END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO library_change (transaction, noun, key, slot)
        SELECT txid_current(), 'new', id, 0 FROM after ON CONFLICT DO NOTHING;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM library_searchwords USING before WHERE library_searchwords.resource_id = before.id;
        INSERT INTO library_change (transaction, noun, key, slot)
        SELECT txid_current(), 'slot', section_id, slot FROM before ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO library_change (transaction, noun, key, slot)
        SELECT txid_current(), 'slot', before.section_id, before.slot FROM before JOIN after USING (id)
        WHERE before.section_id <> after.section_id
        UNION ALL
        SELECT txid_current(), 'resource', id, 0 FROM before JOIN after USING (id)
        WHERE (before.title, before.keywords, before.summary, before.credit, before.speaker,
               before.speaker_affiliation, before.host, before.incident, before.place, before.agency, before.authors,
               before.body, before.transcript, before.address_key, before.publisher_id, before.series_id,
               before.section_id, before.state, before.kind, before.access, before.published_on, before.published_precision,
               before.incident_date, before.audience, before.language, before.running_minutes)
            IS DISTINCT FROM
              (after.title, after.keywords, after.summary, after.credit, after.speaker,
               after.speaker_affiliation, after.host, after.incident, after.place, after.agency, after.authors,
               after.body, after.transcript, after.address_key, after.publisher_id, after.series_id,
               after.section_id, after.state, after.kind, after.access, after.published_on, after.published_precision,
               after.incident_date, after.audience, after.language, after.running_minutes)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
