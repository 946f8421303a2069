"""What an import asks of a large library: by an index, and no more than a batch of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.imports.bulk_sql import lock_resources
from tests.factories import make_many, make_resource

pytestmark = pytest.mark.django_db


def test_a_batch_of_addresses_is_looked_up_by_their_index() -> None:
    keys = [f"example.org/{number}" for number in range(1000)]
    with CaptureQueriesContext(connection) as queries:
        lock_resources(keys)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")  # there are too few rows for any index to be worth it
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "resource_address_key" in plan
    assert "Seq Scan" not in plan


def test_of_many_at_one_address_only_the_oldest_is_read() -> None:
    oldest = make_resource(url="https://example.org/a")
    make_many(3000, of=oldest)

    with CaptureQueriesContext(connection) as queries:
        locked = lock_resources(["example.org/a"])

    assert locked == {"example.org/a": oldest}
    assert len(queries) == 2
    assert "DISTINCT ON" in queries[0]["sql"]
