"""How lists are counted and found quickly at a million resources: bitmaps, kept in step by the database."""
