"""What a database is made of, in PostgreSQL's own words: the order of columns and of everything else left out."""

from django.db import connection

FUNCTIONS = "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
TRIGGERS = """
    SELECT tgname, relname, pg_get_triggerdef(t.oid), tgenabled
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid WHERE NOT tgisinternal"""
VIEWS = "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'"
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
STORAGE = """
    SELECT relname, attname, attstorage FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = attrelid JOIN pg_type AS t ON t.oid = atttypid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND attstorage <> typstorage"""
COLUMNS = """
    SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
           attcollation::regcollation::text, coalesce(pg_get_expr(adbin, adrelid), '')
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm') AND attnum > 0 AND NOT attisdropped"""
CONSTRAINTS = """
    SELECT relname, conname, pg_get_constraintdef(k.oid), condeferrable, condeferred, convalidated
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = conrelid
    WHERE relnamespace = 'public'::regnamespace AND contype <> 'n'"""  # the columns tell what is never null
SEQUENCES = """
    SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size
    FROM pg_sequences WHERE schemaname = 'public'"""
EVERYTHING = (FUNCTIONS, TRIGGERS, VIEWS, INDEXES, STORAGE, COLUMNS, CONSTRAINTS, SEQUENCES)

Rows = set[tuple[object, ...]]


def rows(query: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return set(cursor.fetchall())


def schema() -> dict[str, Rows]:
    """The rows of each query, by the query."""
    return {query: rows(query) for query in EVERYTHING}
