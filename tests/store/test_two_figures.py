"""Two figures instead of one, in a database that is in use: what stands there keeps its numbers and their meaning."""

from __future__ import annotations

import json
import uuid

import pytest
from alembic.script import ScriptDirectory

import tests.store.test_accepted_status as earlier
from pipeline.campaign import CampaignSpec
from store import migrate
from tests.support.servers import Database, change, rows

_OLD = {
    "business_types": ["cafe"], "location": "Helsinki", "radius_km": None, "max_results": 25, "min_confidence": 50,
    "budget_usd": "0", "sources": ["open_data"], "waterfall": [],
}  # fmt: skip
_CAMPAIGN = """
    set session_replication_role = replica;
    insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros, avg_confidence)
    values ('{id}', '{id}', '{id}', '{id}', 'Cafe in Helsinki', '{spec}', 0, 71.5);
    insert into businesses (
        workspace_id, id, campaign_id, match_key, rank, name, category, confidence, score_breakdown, empty_reasons,
        provenance, origins
    )
    values ('{id}', '{id}', '{id}', 'x', 0, 'Anchor', 'amenity=cafe', 73, '[{{"name": "phone"}}]', '{{}}', '{{}}', '[]')
"""


@pytest.mark.parametrize(("minimum", "score"), [(50, 50), (0, None)])
def test_what_stands_there_keeps_its_meaning(schemaless: Database, minimum: int, score: int | None) -> None:
    added = ScriptDirectory.from_config(migrate.alembic_config()).get_revision("0016")
    earlier.upgraded_to(str(added.down_revision))
    key = uuid.uuid4()
    spec = json.dumps(_OLD | {"min_confidence": minimum})
    workspace = f"insert into workspaces (id, name) values ('{key}', 'A workspace');"
    change(schemaless.superuser_url, workspace + _CAMPAIGN.format(id=key, spec=spec))
    earlier.stored(schemaless, "invalid")
    migrate.upgrade()
    ((stored, confidence, reach),) = rows(
        schemaless.superuser_url, "select spec, avg_confidence, avg_reach from campaigns"
    )
    order = CampaignSpec.model_validate(stored)
    assert (order.min_score, order.min_confidence, order.min_reach, order.independents_only) == (
        score,
        0,
        0,
        False,
    )
    assert isinstance(stored, dict)
    assert stored.items() <= order.model_dump(mode="json").items()
    assert (str(confidence), reach) == ("71.50", None)
    for table, was in (("businesses", 73), ("leads", 50)):
        figures = rows(
            schemaless.superuser_url, f"select confidence, reach, reach_breakdown, chain from {table}"
        )
        assert figures == [(was, None, [], None)]
    (parts,) = rows(schemaless.superuser_url, "select score_breakdown from businesses")
    assert parts == ([{"name": "phone"}],)
