"""What a plan says of an order: ranges that hold, drawn from what is known and what is likely."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.money import plan_words
from pipeline.money.course import course
from pipeline.money.estimate import Estimate, estimate
from pipeline.money.orders import Before, Found, Order
from pipeline.money.outlook import Candidate, ProviderFigures
from pipeline.money.plan_warnings import Warn
from pipeline.money.shares import DRAWS, Share, of_campaigns
from pipeline.providers.registry import registry
from tests.pipeline.memory import HARBOUR, spec

PRICES = {"google_places": 35_000, "google_geocoding": 5_000, "hunter": 24_500, "neverbounce": 8_000}
HALF = Share(asked=1000, hits=500, tells=100)
SURE = Share(asked=1000, hits=1000, tells=1000)
CATALOGUE = {"open_data": True}


def order(**values: object) -> Order:
    """An order with every provider it names, at list prices, and no experience."""
    made = spec(**values)
    chosen = registry().chosen((*made.sources, *made.waterfall))
    return Order(
        spec=made,
        sources=tuple(provider for provider in chosen if not provider.kind.is_step),
        steps=tuple(provider for provider in chosen if provider.kind.is_step),
        locators=tuple(provider for provider in registry().locators if provider.paid),
        figures={key: ProviderFigures(key=key, price_micros=price) for key, price in PRICES.items()},
    )


def paid(**values: object) -> Order:
    return order(
        **({"budget_usd": "50", "min_confidence": 0, "waterfall": ("hunter", "neverbounce")} | values)
    )


def with_figures(made: Order, key: str, **values: object) -> Order:
    changed = replace(made.figures[key], **values)  # type: ignore[arg-type]
    return replace(made, figures={**made.figures, key: changed})


def companies(number: int, **values: object) -> tuple[Candidate, ...]:
    return tuple(Candidate(**({"domain": f"anchor-{n}.test"} | values)) for n in range(number))  # type: ignore[arg-type]


def at_hand(candidates: tuple[Candidate, ...] = (), **values: object) -> Found:
    given = {"area": HARBOUR, "known": len(candidates), "candidates": candidates, "is_held": CATALOGUE}
    return Found(**(given | values))  # type: ignore[arg-type]


def planned(made: Order, found: Found) -> Estimate:
    drawn = course(made, found)
    return estimate(made, found, drawn, *plan_words.told(made, found, drawn))


def kinds(plan: Estimate) -> set[Warn]:
    return {warning.kind for warning in plan.warnings}


def test_open_data_costs_nothing_whatever_the_budget() -> None:
    plan = planned(order(budget_usd="5", min_confidence=50), at_hand(companies(214)))
    assert (plan.cost_low_micros, plan.cost_high_micros) == (0, 0)
    assert (plan.known, plan.area_label) == (214, "Harbour Town")
    assert plan.message == (
        "214 are known in Harbour Town. The best 25 that come to a confidence of 50 become leads. "
        "Open data costs nothing."
    )
    assert plan.warnings == ()


def test_more_businesses_and_more_leads_take_longer() -> None:
    small = planned(order(), at_hand(companies(30)))
    large = planned(order(max_results=1000), at_hand(companies(600), known=5000, qualified=5000))
    assert 0 < small.duration_low_s <= small.duration_high_s < large.duration_high_s


def test_what_overlaps_takes_no_longer_at_best_than_its_longest_part() -> None:
    """Addresses are verified while look-ups go on."""
    made, found = paid(), at_hand(companies(25))
    drawn = course(made, found)
    (provider, exp), *_ = drawn.expected
    slow = replace(exp, duration_s=np.zeros(DRAWS), limited_s=np.full(DRAWS, 100.0))
    low_s, high_s = replace(drawn, expected=((provider, slow),) * 2).duration_s(made, found)
    assert 100 <= low_s < 115
    assert 185 < high_s < 220


def test_the_same_order_is_the_same_plan() -> None:
    assert planned(paid(), at_hand(companies(25))) == planned(paid(), at_hand(companies(25)))


def test_too_few_known_businesses_are_announced_before_the_start() -> None:
    (warning,) = planned(order(radius_km=2), at_hand(companies(7))).warnings
    assert warning.message == (
        "Only 7 are known within 2 km of Harbour Town, so the list cannot reach 25 leads."
    )


def test_an_unknown_place_a_missing_match_and_a_meaningless_type_are_announced() -> None:
    nowhere = planned(order(), Found(is_held=CATALOGUE))
    assert kinds(nowhere) == {Warn.PLACE_UNKNOWN}
    assert nowhere.warnings[0].message.startswith("No place called “Harbour Town” is known here.")
    assert (nowhere.area_label, nowhere.message) == (None, "")
    assert kinds(planned(order(), at_hand())) == {Warn.NOTHING_KNOWN}
    assert kinds(planned(order(business_types=("?",)), at_hand())) == {Warn.TYPE_UNKNOWN}


@pytest.mark.parametrize("source", ["google_places", "osm_live"])
def test_a_place_only_others_know_is_no_spelling_mistake_and_never_free(source: str) -> None:
    plan = planned(paid(sources=(source,)), Found())
    assert {Warn.PLACE_LOOKED_UP, Warn.COST_UNKNOWN} <= kinds(plan)
    assert Warn.PLACE_UNKNOWN not in kinds(plan)
    assert "spelling" not in " ".join(warning.message for warning in plan.warnings)
    assert plan.cost_low_micros == 0 < plan.cost_high_micros <= 50_000_000


def test_a_place_google_may_have_to_find_counts_its_geocoding() -> None:
    calls = {call.provider: call for call in planned(paid(sources=("google_places",)), Found()).calls}
    assert (calls["google_geocoding"].low, calls["google_geocoding"].high) == (0, 1)
    located = planned(paid(sources=("google_places",)), at_hand(known=80))
    assert "google_geocoding" not in {call.provider for call in located.calls}


def test_answers_that_are_held_are_exact_and_free() -> None:
    leads = companies(10)
    made = with_figures(paid(), "hunter", held={c.domain: [f"info@{c.domain}"] for c in leads})
    held = {f"info@{candidate.domain}": () for candidate in leads[:7]}
    plan = planned(with_figures(made, "neverbounce", held=held, asked=SURE), at_hand(leads))
    (checks,) = plan.calls
    assert (checks.provider, checks.low, checks.high, checks.units) == (
        "neverbounce",
        3,
        3,
        ("address", "addresses"),
    )
    assert (plan.cost_low_micros, plan.cost_high_micros) == (24_000, 24_000)


def test_a_held_answer_without_an_address_leaves_nothing_to_check() -> None:
    leads = companies(10)
    made = with_figures(paid(), "hunter", held={candidate.domain: [] for candidate in leads})
    assert planned(made, at_hand(leads)).cost_high_micros == 0


def test_two_leads_of_one_company_are_asked_about_once() -> None:
    made = with_figures(paid(waterfall=("hunter",)), "hunter", hits=SURE, asked=SURE)
    plan = planned(made, at_hand(companies(9, domain="anchor.test")))
    assert plan.cost_high_micros == PRICES["hunter"]


def test_an_address_the_source_gives_is_not_looked_up_but_checked() -> None:
    leads = tuple(Candidate(domain=f"anchor-{n}.test", email=f"info@anchor-{n}.test") for n in range(5))
    plan = planned(with_figures(paid(), "neverbounce", asked=SURE), at_hand(leads))
    assert [(call.provider, call.low, call.high) for call in plan.calls] == [("neverbounce", 5, 5)]


def test_an_address_verified_for_the_workspace_costs_nothing() -> None:
    plan = planned(paid(), at_hand(companies(5, is_verified=True)))
    assert (plan.calls, plan.cost_high_micros) == ((), 0)


def test_what_free_checks_passed_over_before_is_not_expected_again() -> None:
    plan = planned(paid(waterfall=("hunter",)), at_hand(companies(5, told={"hunter": None})))
    assert plan.cost_high_micros == 0


def test_experience_narrows_the_range() -> None:
    found = at_hand(companies(100))
    new = planned(paid(max_results=100, waterfall=("hunter",)), found)
    made = with_figures(paid(max_results=100, waterfall=("hunter",)), "hunter", hits=HALF, asked=SURE)
    warm = planned(made, found)
    assert new.cost_low_micros < warm.cost_low_micros < 50 * PRICES["hunter"] < warm.cost_high_micros
    assert warm.cost_high_micros < new.cost_high_micros <= 100 * PRICES["hunter"]
    assert warm.cost_high_micros < 2.5 * warm.cost_low_micros


def test_campaigns_that_differ_tell_less_of_the_next_one() -> None:
    alike, apart = of_campaigns([(40, 20)] * 6), of_campaigns([(40, 4), (40, 36)] * 3)
    assert (alike.asked, alike.hits) == (apart.asked, apart.hits) == (240, 120)
    assert apart.tells < 10 < alike.tells
    assert of_campaigns([]) == Share()


def test_the_budget_caps_every_line_and_the_sum_alike() -> None:
    plan = planned(paid(budget_usd="0.5", max_results=100, sources=("google_places",)), at_hand(known=400))
    assert Warn.BUDGET_MAY_END_IT in kinds(plan)
    assert 0 < plan.cost_low_micros <= plan.cost_high_micros <= 500_000
    assert all(call.cost_high_micros <= 500_000 for call in plan.calls)


def test_a_budget_of_nothing_says_what_is_off() -> None:
    plan = planned(paid(budget_usd="0"), at_hand(companies(30)))
    (warning,) = plan.warnings
    assert (warning.kind, plan.calls, plan.cost_high_micros) == (Warn.NO_BUDGET, (), 0)
    assert "Hunter and NeverBounce are off" in warning.message


def test_a_reach_that_only_look_ups_could_bring_is_said_before_pages_are_bought() -> None:
    plan = planned(paid(min_reach=56, sources=("google_places",)), at_hand(known=80))
    said = next(w.message for w in plan.warnings if w.kind is Warn.OUT_OF_REACH)
    assert (
        "comes to a reach of 55 at most before its contacts are looked up; a reach of 56 is asked for" in said
    )
    both = planned(paid(min_reach=56, sources=("open_data", "google_places")), at_hand(companies(5)))
    assert "only Google Places knows" in next(w.message for w in both.warnings if w.kind is Warn.OUT_OF_REACH)


def test_a_confidence_google_cannot_reach_is_said_before_pages_are_bought() -> None:
    plan = planned(paid(min_confidence=87, sources=("google_places",)), at_hand(known=80))
    assert Warn.OUT_OF_REACH in kinds(plan)
    # As the campaign does not buy any, the plan has no price for them.
    assert (plan.calls, plan.cost_high_micros, plan.leads_high) == ((), 0, 0)
    assert Warn.OUT_OF_REACH not in kinds(
        planned(paid(min_confidence=86, sources=("google_places",)), at_hand(known=80))
    )
    beside = planned(paid(min_confidence=87, sources=("open_data", "google_places")), at_hand(companies(5)))
    assert "only Google Places knows" in next(
        w.message for w in beside.warnings if w.kind is Warn.OUT_OF_REACH
    )


def test_a_provider_that_an_administrator_stopped_is_named_and_counted_as_if_asked() -> None:
    found = at_hand(companies(30))
    going, held = (
        planned(paid(), found),
        planned(paid(), replace(found, stopped=frozenset({"hunter", "snov"}))),
    )
    said = [w.message for w in held.warnings if w.kind is Warn.STOPPED]
    assert said == [
        "Hunter is not asked at the moment: an administrator stopped it. The plan counts what it would bring."
    ]
    assert kinds(going) == kinds(held) - {Warn.STOPPED}
    assert held.calls == going.calls


def test_the_same_search_before_tells_leads_and_pages() -> None:
    before = Before(candidates=companies(25), questions={"google_places": 3}, wanted=25)
    made = paid(sources=("google_places",), waterfall=())
    again = planned(made, at_hand(known=80, before=before))
    assert [(call.low, call.high) for call in again.calls] == [(3, 4)]
    assert (again.leads_low, again.leads_high) == (25, 25)
    more = planned(
        paid(sources=("google_places",), waterfall=(), max_results=60), at_hand(known=80, before=before)
    )
    assert more.calls[0].high > 4


def test_many_addresses_are_counted_as_addresses() -> None:
    leads = tuple(Candidate(email=f"info@anchor-{n}.test") for n in range(80))
    made = with_figures(paid(max_results=80, waterfall=("neverbounce",)), "neverbounce", asked=SURE)
    (call,) = planned(made, at_hand(leads)).calls
    assert (call.low, call.high, call.units[1]) == (80, 80, "addresses")
    assert call.cost_high_micros == 80 * PRICES["neverbounce"]


def test_running_campaigns_share_the_pace() -> None:
    alone, crowded = (
        planned(paid(), at_hand(companies(25))),
        planned(paid(), at_hand(companies(25), running=4)),
    )
    assert alone.duration_high_s < crowded.duration_high_s
