"""A database of the version before: what Google told of businesses that became no lead goes in time."""

from __future__ import annotations

import json
import uuid

from store import migrate, retention
from store.database import Role, transaction
from tests.store.test_accepted_status import upgraded_to
from tests.support.servers import Database, change, rows

_BUSINESS = """
    insert into businesses (
        workspace_id, id, campaign_id, match_key, rank, name, category, origins, provenance, empty_reasons, confidence,
        score_breakdown, created_at
    )
    values (
        '{home}', gen_random_uuid(), '{home}', '{name}', 1, '{name}', 'amenity=cafe', '{origins}', '{{}}', '{{}}', 50,
        '[]', now() - interval '{days} days'
    );
"""
_GOOGLE, _OPEN = {"source": "google_places", "ref": "1"}, {"source": "openstreetmap", "ref": "1"}


def test_businesses_of_before_go_in_time(schemaless: Database) -> None:
    upgraded_to("0044")
    home = str(uuid.uuid4())
    statement = f"set session_replication_role = replica; insert into workspaces values ('{home}', 'One');"
    for name, origins, days in (
        ("old", [_OPEN, _GOOGLE], 31),
        ("new", [_GOOGLE], 1),
        ("open", [_OPEN], 31),
    ):
        statement += _BUSINESS.format(home=home, name=name, origins=json.dumps(origins), days=days)
    change(schemaless.superuser_url, statement)
    assert migrate.upgrade() == "0044"
    with transaction(Role.SYSTEM) as conn:
        assert retention.forget_values(conn) == 0
    assert rows(schemaless.superuser_url, "select name from businesses order by 1") == [("new",), ("open",)]
