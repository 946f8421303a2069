-- Which versions of resources had a picture of this name.
CREATE INDEX IF NOT EXISTS reversion_version_picture ON reversion_version
    ((serialized_data::jsonb #>> '{0,fields,picture_file,name}'))
    WHERE serialized_data::jsonb #>> '{0,fields,picture_file,name}' IS NOT NULL;
