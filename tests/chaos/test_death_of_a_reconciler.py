"""A worker dies while it mends lost campaigns or sends wake-ups: the next one does it again, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import campaigns
from services.identity import Person
from store.ids import new_id
from tests.support.drill import POTTERIES
from tests.support.invariants import violations
from tests.support.providers import Providers
from tests.support.servers import Database, change
from tests.support.worker_pool import worker_pool
from tests.support.workers import eventually

# Where the worker itself may die, which finds lost campaigns and sends the wake-ups.
IN_THE_WORKER = ["mend.committing:1", "mend.committed:1", "wake.sent:1", "wake.committed:1"]


@pytest.mark.parametrize("moment", IN_THE_WORKER)
def test_a_reconciler_that_dies_is_replaced(
    moment: str, owner: Person, stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    campaign = campaigns.submit(owner, POTTERIES, str(new_id()))
    # As if Redis had lost its wake-up a while ago.
    change(database.superuser_url, "update discovery_jobs set wake_at = now() - interval '1 minute'")
    change(database.superuser_url, "update outbox set sent_at = null")
    with worker_pool(tmp_path, 1, CRASH_AT=f"{moment}:self:{mark}") as workers:
        eventually(lambda: campaigns.get(owner, campaign).status.is_final, f"the end after {moment}")
        eventually(lambda: mark.exists() and workers.deaths, "the death")
    assert violations(database.superuser_url, stand_in.bill(), kills=1) == []
    assert campaigns.get(owner, campaign).lead_count == 70
