"""At every moment of a run, the process that runs a campaign dies: the campaign ends, and the promises hold."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline.campaign import CampaignStatus
from services import campaigns
from store.ids import new_id
from tests.support.drill import IN_THE_RUN, POTTERIES, DrillSetup
from tests.support.invariants import THREADS, violations
from tests.support.people import person
from tests.support.servers import rows
from tests.support.worker_pool import worker_pool
from tests.support.workers import eventually


@pytest.mark.parametrize("moment", IN_THE_RUN)
def test_nothing_is_lost(moment: str, drill_setup: DrillSetup) -> None:
    drill_setup.nothing_is_lost(moment, "self")


def test_whoever_waits_for_the_answer_of_a_dead_run_goes_on(drill_setup: DrillSetup) -> None:
    """Two equal campaigns; the process of one dies between being billed and telling the other."""
    mark = drill_setup.folder / "mark"
    owners = drill_setup.owner, person("another")
    with worker_pool(drill_setup.folder, 2, CRASH_AT=f"call.answered:20:self:{mark}"):
        ordered = [(owner, campaigns.submit(owner, POTTERIES, str(new_id()))) for owner in owners]
        eventually(mark.exists, "the death with a flight in its hands")
        for owner, campaign in ordered:
            eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of both")  # noqa: B023
    views = [campaigns.get(owner, campaign) for owner, campaign in ordered]
    assert violations(drill_setup.database.superuser_url, drill_setup.stand_in.bill(), kills=1) == []
    assert [(view.status, view.lead_count) for view in views] == [(CampaignStatus.COMPLETED, 70)] * 2
    answered = Counter(
        line["argument"]
        for line in drill_setup.stand_in.bill()
        if line["operation"] == "domain_search" and line["outcome"] == "answered"
    )
    # Only what the dead had on its way is asked again, by the other.
    assert sum(times - 1 for times in answered.values()) <= THREADS
    assert rows(
        drill_setup.database.superuser_url, "select count(*) from provider_flights where until > now()"
    ) == [(0,)]
