-- Two rows of bits fill a page, and are read without being unpacked.
ALTER TABLE library_facetblock ALTER COLUMN bits SET STORAGE PLAIN;
