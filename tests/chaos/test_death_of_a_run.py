"""At every moment of a run, the process that runs a campaign dies: the campaign ends, and the promises hold."""

from __future__ import annotations

import re
import signal
from collections import Counter
from contextlib import closing
from uuid import UUID

import pytest
import sqlalchemy as sa

from pipeline.campaign import CampaignStatus
from pipeline.suppression import SuppressedBy, SuppressedKind, of_kind
from services import campaigns
from settings import PROJECT_ROOT as ROOT
from store import suppressions
from store.ids import new_id
from tests.providers_server.world import World
from tests.support.drill import IN_THE_RUN, POTTERIES, DrillSetup
from tests.support.invariants import THREADS, violations
from tests.support.people import person
from tests.support.providers import lost
from tests.support.servers import rows
from tests.support.worker_pool import worker_pool
from tests.support.workers import eventually


@pytest.mark.parametrize("moment", IN_THE_RUN)
def test_nothing_is_lost(moment: str, drill_setup: DrillSetup) -> None:
    drill_setup.nothing_is_lost(moment, "self")


def test_nothing_is_lost_after_a_lost_answer(drill_setup: DrillSetup) -> None:
    drill_setup.stand_in.order_faults(lost("domain_search", "502", first=3, last=3))
    drill_setup.nothing_is_lost("failure.committed:1", "self")


def test_nothing_is_lost_while_an_opted_out_company_is_noted(drill_setup: DrillSetup) -> None:
    drill_setup.stand_in.opt_out(*(shop.domain for shop in World(200).shops if shop.domain))
    drill_setup.nothing_is_lost("suppression.committing:5", "self")


@pytest.mark.parametrize("moment", ["handover.committing:1", "handover.committed:1"])
def test_nothing_is_lost_in_a_handover(moment: str, drill_setup: DrillSetup) -> None:
    """The worker is asked to stop, and the run dies as it hands its campaign over."""
    mark = drill_setup.folder / "mark"
    drill_setup.stand_in.order_faults({"operation": "domain_search", "kind": "delay", "delay_s": 0.3})
    with worker_pool(drill_setup.folder, 1, CRASH_AT=f"{moment}:self:{mark}") as pool:
        campaign = campaigns.submit(drill_setup.owner, POTTERIES, str(new_id()))
        eventually(lambda: drill_setup.stand_in.calls("domain_search") > 5, "look-ups")
        pool.workers[0].process.send_signal(signal.SIGTERM)
        eventually(mark.exists, "the death in the handover")
        eventually(lambda: campaigns.get(drill_setup.owner, campaign).status.is_final, "its end")
    view = campaigns.get(drill_setup.owner, campaign)
    assert violations(drill_setup.database.superuser_url, drill_setup.stand_in.bill(), kills=1) == []
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 70), view.outcome_reason


def test_every_moment_is_tried() -> None:
    """A moment that is named in the product is one that a drill stops at."""
    named = {
        label
        for folder in ("jobs", "services", "store")
        for path in (ROOT / folder).rglob("*.py")
        for label in re.findall(r'crash_points\.here\("([a-z.]+)"\)', path.read_text())
    }
    drilled = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    assert {label for label in named if f'"{label}:' not in drilled} == set()


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


@pytest.mark.parametrize("moment", ["call.settled:20", "remember.committing:1"])
def test_what_was_paid_for_companies_that_are_suppressed_meanwhile_stays_explained(
    moment: str, drill_setup: DrillSetup
) -> None:
    """The run dies with paid look-ups, or a paid list, that no lead has yet; the next one may use none of them."""
    mark, url = drill_setup.folder / "mark", drill_setup.database.superuser_url
    with worker_pool(drill_setup.folder, 1, CRASH_AT=f"{moment}:self:{mark}"):
        campaign = campaigns.submit(drill_setup.owner, POTTERIES, str(new_id()))
        eventually(mark.exists, f"the death at {moment}")
        ((workspace,),) = rows(url, "select workspace_id from campaigns")
        owner_url = sa.make_url(url).set(drivername="postgresql+psycopg2")
        with closing(sa.create_engine(owner_url).connect()) as conn, conn.begin():
            for (domain,) in rows(url, "select domain from businesses where domain is not null"):
                subject = of_kind(SuppressedKind.DOMAIN, str(domain))
                asked = suppressions.Entry(subject=subject, reason="asked us", source=SuppressedBy.TYPED)
                suppressions.add(conn, UUID(str(workspace)), [asked])
        eventually(lambda: campaigns.get(drill_setup.owner, campaign).status.is_final, "its end")
    view = campaigns.get(drill_setup.owner, campaign)
    assert violations(url, drill_setup.stand_in.bill(), kills=1) == []
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 70), view.outcome_reason
    assert view.spent_micros > 0
