"""A catalogue of the version before: what it holds is counted, and nothing of it is lost."""

from __future__ import annotations

import uuid

from store import migrate
from tests.store.test_accepted_status import upgraded_to
from tests.support.servers import Database, change, rows


def test_what_the_catalogue_held_is_counted_afterwards(schemaless: Database) -> None:
    upgraded_to("0074")
    job = uuid.uuid4()
    change(
        schemaless.superuser_url,
        f"""
        insert into place_imports (id, name, source, checksum, country, state, finished_at, places)
            values ('{job}', 'town', 'openstreetmap', 'x', 'FI', 'done', now(), 1);
        insert into places (source, source_ref, import_id, name, category, cell, lat, lon, country, tags, words,
            observed_on, gone_at)
        select 'openstreetmap', 'node/' || n, '{job}', 'Cup ' || n, 'amenity=cafe', 1, 60, 25, null, '{{}}', '',
            date '2024-01-01', case when n > 2 then now() end
        from generate_series(1, 3) as n;
        """,
    )
    migrate.upgrade()
    held = "select name, source, country, places, hidden, newest::text from place_holdings"
    assert rows(schemaless.superuser_url, held) == [("town", "openstreetmap", "FI", 2, 1, "2024-01-01")]
    assert rows(
        schemaless.superuser_url, "select count(*) from places where not (is_closed or is_by_postcode)"
    ) == [(3,)]
