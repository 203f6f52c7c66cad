"""Pages by key: in order, each row once, and read from an index where the page begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from store import campaigns, keyset, leads, spending
from store.database import Connection, Role, transaction
from store.keyset import Key
from store.leads import LeadSort, LeadWhere
from store.spent_where import Where
from tests.support.servers import Database

_ID = UUID(int=1)
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_CAMPAIGN = (_ID, _ID)
_GIVEN = sa.values(sa.column("a", sa.Integer), sa.column("b", sa.Integer), name="given").data(
    [(number % 4, number) for number in range(25)]
)


@pytest.mark.parametrize("first_down", [False, True])
@pytest.mark.parametrize("second_down", [False, True])
def test_pages_are_the_whole_list_in_order(database: Database, first_down: bool, second_down: bool) -> None:
    keys = (Key(_GIVEN.c.a, descending=first_down), Key(_GIVEN.c.b, descending=second_down))
    seen: list[tuple[int, int]] = []
    with transaction(Role.WEB) as conn:
        while len(seen) < 30:
            after = seen[-1] if seen else None
            page = conn.execute(keyset.page(sa.select(_GIVEN), keys, after, 4)).all()
            if not page:
                break
            seen += [(row.a, row.b) for row in page]
    signs = (-1 if first_down else 1, -1 if second_down else 1)
    ordered = sorted(seen, key=lambda row: (row[0] * signs[0], row[1] * signs[1]))
    assert len(seen) == 25
    assert seen == ordered


@pytest.mark.parametrize(
    ("ask", "condition"),
    [
        pytest.param(
            lambda conn: campaigns.page(conn, _ID, campaigns.Which(text="a"), (_THEN, _ID), 9),
            "ROW(created_at, id) < ROW(",
            id="campaigns",
        ),
        pytest.param(
            lambda conn: spending.calls(conn, Where(workspace_id=_ID), (_THEN, _ID), 9),
            "ROW(created_at, id) < ROW(",
            id="calls",
        ),
        pytest.param(
            lambda conn: leads.page(conn, _CAMPAIGN, LeadWhere(), LeadSort.CONFIDENCE, ("80", _ID), 9),
            "(confidence <= 80)",
            id="leads",
        ),
    ],
)
def test_a_page_begins_in_the_middle_of_an_index(
    database: Database, ask: Callable[[Connection], object], condition: str
) -> None:
    """No page sorts, and none reads what the pages before it showed."""
    plan = _plan(ask)
    assert any("Index Cond: " in line and condition in line for line in plan), plan
    assert not any("Sort Key" in line for line in plan), plan


def test_a_position_of_another_order_starts_from_the_top(database: Database) -> None:
    with transaction(Role.WEB) as conn:
        found = leads.page(conn, _CAMPAIGN, LeadWhere(), LeadSort.CONFIDENCE, ("Cup 1", _ID), 9)
    assert found == []


def _plan(ask: Callable[[Connection], object]) -> list[str]:
    """How Postgres answers what ``ask`` asks when it need not mind how few rows there are."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def note(_c: object, _d: object, statement: str, parameters: dict[str, Any], *_: object) -> None:
        asked.append((statement, parameters))

    with transaction(Role.WEB) as conn:
        for kind in ("seqscan", "bitmapscan", "sort"):
            conn.exec_driver_sql(f"set local enable_{kind} = off")
        sa.event.listen(conn, "before_cursor_execute", note)
        ask(conn)
        sa.event.remove(conn, "before_cursor_execute", note)
        ((statement, parameters),) = asked
        return [row[0] for row in conn.exec_driver_sql(f"explain {statement}", parameters)]
