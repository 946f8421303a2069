"""What a database holds, in a few words: two with the same fingerprint hold the same rows."""

from dataclasses import dataclass
from typing import Any

# How a value reads must not depend on how the server or the role is set up.
_FORMATS = """
    SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET extra_float_digits = 1;
    SET bytea_output = 'hex'; SET xmloption = 'content'"""
# Columns that the database computes are left out: another locale may compute them in another way.
_TABLES = """
    SELECT c.relname, array_agg(quote_ident(a.attname) ORDER BY a.attname COLLATE "C")
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY 1 ORDER BY 1"""
_ROWS = """
    SELECT count(*), md5(coalesce(string_agg(line, '' ORDER BY line COLLATE "C"), ''))
    FROM (SELECT md5(row({columns})::text) AS line FROM public.{table}) AS lines"""
_SEQUENCES = """
    SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'
    AND last_value IS NOT NULL ORDER BY 1"""
# By their names: how they're written differs between versions of PostgreSQL.
_OBJECTS = """
    SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION SELECT 'trigger ' || tgname || ' of ' || relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
    UNION SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
    UNION SELECT 'view ' || relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
    UNION SELECT 'constraint ' || conname || ' of ' || relname FROM pg_constraint AS k
    JOIN pg_class AS c ON c.oid = k.conrelid
    WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND relnamespace = 'public'::regnamespace
    ORDER BY 1"""


@dataclass(frozen=True)
class Fingerprint:
    """`tables`: of each its number of rows and the md5 of their md5s. `sequences`: a number that each has given.

    Sequences belong to no snapshot: others may have taken numbers between two looks, and a later look finds more.
    `objects`: the names of all functions, triggers, indexes, views and constraints.
    """

    tables: dict[str, tuple[int, str]]
    sequences: dict[str, int]
    objects: list[str]

    @property
    def rows(self) -> int:
        return sum(rows for rows, _md5 in self.tables.values())

    def difference(self, other: "Fingerprint") -> str:
        """The first thing in which a later copy differs, in words; "" where there is none.

        A sequence differs where it is behind: it would give numbers that rows have already.
        """
        for name in sorted(self.tables.keys() | other.tables.keys()):
            if self.tables.get(name) != other.tables.get(name):
                return f"the table {name}"
        for name, given in sorted(self.sequences.items()):
            if other.sequences.get(name, 0) < given:
                return f"the sequence {name}"
        return next(iter(sorted(set(self.objects) ^ set(other.objects))), "")


def fingerprint_of(cursor: Any, without_rows: frozenset[str] = frozenset()) -> Fingerprint:
    """Reads every row of the schema `public`, those of the tables `without_rows` excepted. One query for each table."""
    cursor.execute(_FORMATS)
    cursor.execute(_TABLES)
    tables = {}
    for table, columns in cursor.fetchall():
        rows = _ROWS.format(columns=", ".join(columns), table=_quoted(table))
        cursor.execute(rows + " WHERE false" if table in without_rows else rows)
        count, md5 = cursor.fetchone()
        tables[table] = (count, md5)
    cursor.execute(_SEQUENCES)
    sequences = dict(cursor.fetchall())
    cursor.execute(_OBJECTS)
    return Fingerprint(tables, sequences, [name for (name,) in cursor.fetchall()])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
