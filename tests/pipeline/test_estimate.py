from __future__ import annotations

from pipeline.money.estimate import Order, estimate
from tests.pipeline.memory import HARBOUR, spec


def order(**values: object) -> Order:
    return Order(spec=spec(**values), figures={})


def test_open_data_costs_nothing_whatever_the_budget() -> None:
    expected = estimate(order(budget_usd="5", min_confidence=50), HARBOUR, 214)
    assert (expected.cost_low_micros, expected.cost_high_micros) == (0, 0)
    assert (expected.known, expected.area_label) == (214, "Harbour Town")
    assert expected.message == (
        "214 are known in Harbour Town. The best 25 that reach a confidence of 50 become leads. "
        "Open data costs nothing."
    )


def test_more_businesses_and_more_leads_take_longer() -> None:
    small = estimate(order(), HARBOUR, 30)
    large = estimate(order(max_results=1000), HARBOUR, 5000)
    assert 0 < small.duration_s < large.duration_s


def test_too_few_known_businesses_are_announced_before_the_start() -> None:
    assert estimate(order(radius_km=2), HARBOUR, 7).message == (
        "Only 7 are known within 2 km of Harbour Town, so the list cannot reach 25 leads."
    )


def test_an_unknown_place_a_missing_match_and_a_meaningless_type_are_announced() -> None:
    assert estimate(order(), None, 0).message.startswith("No place called “Harbour Town” is known here.")
    assert estimate(order(), None, 0).area_label is None
    assert estimate(order(), HARBOUR, 0).message.startswith("No business of type “cafe” is known in")
    assert estimate(order(business_types=("?",)), HARBOUR, 0).message.startswith("“?” names no type")
