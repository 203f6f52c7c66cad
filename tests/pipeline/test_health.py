"""Figures from histograms, and when somebody is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.health.measures import Figures, Point, figures, percentile
from pipeline.health.rules import RULES, Facts, ProviderOut, Severity, findings
from pipeline.health.running_out import Credit, Ending

AT = datetime(2026, 11, 26, tzinfo=UTC)


def of(**measured: float) -> Figures:
    """Figures of measures named ``name__part`` or ``name__part__subject``."""
    points = []
    for told, value in measured.items():
        name, part, subject = (*told.split("__"), "", "")[:3]
        points.append(Point(at=AT, name=name, subject=subject, part=part, value=value, most=value))
    return figures(points)


WELL = Facts(
    workers=2,
    is_paused=False,
    waiting=0,
    waiting_longest_s=0,
    hour=of(),
    suspicious=0,
    wrong_sums=0,
    places_missed=0,
    disk_used_percent=None,
    providers_out=(),
    providers_stopped=(),
    credits=(),
    endings=(),
    duties_failed={"Sum up spending": 1},
)


@pytest.mark.parametrize(
    ("share", "seconds"), [(0.0, 30), (0.25, 37.5), (0.5, 45), (0.75, 52.5), (0.95, 58.5), (1, 60)]
)
def test_a_percentile_lies_within_its_part(share: float, seconds: float) -> None:
    assert percentile({"45": 10, "60": 10}, share) == pytest.approx(seconds)


def test_beyond_the_last_bound_nothing_is_invented() -> None:
    assert percentile({"45": 1, "inf": 99}, 0.95) == 3600
    assert percentile({}, 0.5) is None
    # The part below the one with values is empty: it begins at its own bound.
    assert percentile({"120": 1}, 0.0) == 105


def test_figures_say_how_campaigns_ended_and_providers_answered() -> None:
    hour = of(
        campaigns__completed=17,
        campaigns__partial=2,
        campaigns__failed=1,
        campaigns__cancelled=5,
        leads=100,
        campaign_micros=45_000_000,
        samples=60,
        workers_alive=120,
        workers_busy=30,
        calls__done__hunter=8,
        calls__unknown__hunter=1,
        calls__failed_free__hunter=1,
        calls__held__hunter=50,
        latency_ms__300__hunter=8,
        call_micros____hunter=24_500,
    )
    assert (hour.judged, hour.succeeded, hour.success) == (20, 19, 0.95)
    assert (hour.per_lead_micros, hour.workers, hour.busy_share) == (450_000, 2, 0.25)
    (hunter,) = hour.providers
    assert (hunter.calls, hunter.error_share, hunter.p50_ms) == (10, 0.2, 250)
    assert hunter.cost_micros == 24_500


def test_an_installation_that_does_well_needs_nobody() -> None:
    good = of(
        campaigns__completed=19, campaigns__failed=1, completion_s__90=20, leads=10, campaign_micros=5_000_000
    )
    assert findings(replace(WELL, hour=good, waiting_longest_s=60, waiting=3, disk_used_percent=90)) == ()
    # Of four campaigns a share says little.
    assert findings(replace(WELL, hour=of(campaigns__failed=4))) == ()


BAD: dict[str, Facts] = {
    "no_worker": replace(WELL, workers=0, waiting=1, waiting_longest_s=999),
    "paused": replace(WELL, is_paused=True, waiting=1, waiting_longest_s=999),
    "waiting": replace(WELL, waiting=1, waiting_longest_s=61),
    "success": replace(WELL, hour=of(campaigns__completed=18, campaigns__failed=2)),
    "slow": replace(WELL, hour=of(campaigns__completed=10, completion_s__120=9, completion_s__150=1)),
    "places": replace(WELL, places_missed=2),
    "cost": replace(WELL, hour=of(leads=1, campaign_micros=500_001)),
    "suspicious": replace(WELL, suspicious=1),
    "provider_out": replace(
        WELL,
        providers_out=(ProviderOut(label="Hunter", why="It refused the key.", needs_administrator=True),),
    ),
    "stopped": replace(WELL, providers_stopped=("Hunter",)),
    "credit": replace(WELL, credits=(Credit(label="Hunter", left=399, share=0.1995),)),
    "ending": replace(WELL, endings=(Ending(kind="certificate", number=1, days=13.9),)),
    "sums": replace(WELL, wrong_sums=1),
    "disk": replace(WELL, disk_used_percent=90.5),
    "duty": replace(WELL, duties_failed={"Sum up spending": 2}),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_says_what_it_is_about_and_what_to_do(rule: str) -> None:
    (found,) = findings(BAD[rule])
    assert found.rule == rule
    assert found.why.endswith(".")
    assert found.advice.endswith(".")


@pytest.mark.parametrize(
    ("facts", "severity", "title"),
    [
        (
            replace(WELL, credits=(Credit(label="Hunter", left=0, share=0),)),
            Severity.PROBLEM,
            "Hunter has 0% of its credit left",
        ),
        (
            replace(WELL, endings=(Ending(kind="certificate", number=1, days=2.5),)),
            Severity.PROBLEM,
            "The certificate of the public address ends within 3 days",
        ),
        (
            replace(WELL, endings=(Ending(kind="certificate", number=1, days=-1),)),
            Severity.PROBLEM,
            "The certificate of the public address has ended",
        ),
        (
            replace(WELL, endings=(Ending(kind="api_keys", number=2, days=13),)),
            Severity.WARNING,
            "2 API keys in use end within 14 days",
        ),
    ],
)
def test_what_runs_out_is_told_by_how_near_it_is(facts: Facts, severity: Severity, title: str) -> None:
    (found,) = findings(facts)
    assert (found.severity, found.title) == (severity, title)


def test_a_fifth_of_the_credit_and_more_than_two_weeks_need_nobody() -> None:
    enough = Credit(label="Hunter", left=400, share=0.2), Ending(kind="certificate", number=1, days=14)
    assert findings(replace(WELL, credits=(enough[0],), endings=(enough[1],))) == ()


def test_problems_stand_first() -> None:
    both = findings(replace(WELL, suspicious=1, disk_used_percent=99.0))
    assert [found.severity for found in both] == [Severity.PROBLEM, Severity.WARNING]


def test_wallets_that_differ_are_found_beside_sums_that_do() -> None:
    found = findings(replace(WELL, wrong_sums=1, wrong_wallets=2))
    assert [each.subject for each in found] == ["", "wallets"]
    assert "The balance of 2 wallets" in found[1].title
