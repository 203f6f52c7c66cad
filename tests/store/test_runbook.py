"""What the runbook has somebody ask the database at 3 a.m. is answered, on the newest schema."""

from __future__ import annotations

import re

import settings
from pipeline.health.rules import RULES
from tests.support.servers import Database, rows


def test_the_queries_of_the_runbook_are_carried_out(database: Database) -> None:
    runbook = (settings.PROJECT_ROOT / "docs/runbook.md").read_text()
    queries = re.findall(r"```sql\n(.+?)```", runbook, re.DOTALL)
    assert len(queries) > len(RULES) / 2
    for query in queries:
        assert isinstance(rows(database.superuser_url, query), list)
