"""Search words and facet counts made anew from the rows that they are of. Triggers keep them; this is for the doubt."""

from dataclasses import dataclass

from django.db import connection, transaction

from library.db.timeouts import local_statement_timeout

_REBUILD = """
    UPDATE library_libraryversion SET number = number; -- the queue of those who work off changes
    CREATE TEMP TABLE words_before AS SELECT resource_id, search, facets FROM library_searchwords;
    CREATE TEMP TABLE blocks_before AS
        SELECT section_id, facet, value, block, bits FROM library_facetblock;
    DELETE FROM library_searchwords;
    DELETE FROM library_facetblock;
    INSERT INTO library_change (transaction, noun, key, slot)
        SELECT txid_current(), 'resource', id, 0 FROM library_resource ON CONFLICT DO NOTHING;
    SELECT library_settle()
"""
_DIFFERENCES = """
    SELECT (SELECT count(*) FROM library_searchwords AS now FULL JOIN words_before USING (resource_id)
            WHERE now.search IS DISTINCT FROM words_before.search OR now.facets IS DISTINCT FROM words_before.facets),
           (SELECT count(*) FROM library_facetblock AS now
            FULL JOIN blocks_before USING (section_id, facet, value, block)
            WHERE now.bits IS DISTINCT FROM blocks_before.bits)
"""


@dataclass(frozen=True)
class RebuildResult:
    """How many resources had wrong search words, and how many rows of bits were wrong, missing or too many."""

    wrong_words: int
    wrong_blocks: int


@transaction.atomic
def rebuild() -> RebuildResult:
    """Make both anew. Readers go on reading what was there; whoever writes waits with the end of it until then."""
    local_statement_timeout("0")
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD)
        cursor.execute(_DIFFERENCES)
        result = RebuildResult(*cursor.fetchone())
        cursor.execute("DROP TABLE words_before, blocks_before")
    return result
