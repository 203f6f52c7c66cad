"""The figures of a plan in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.money.estimate import Estimate, ExpectedCalls
from pipeline.money.in_book import Customers, InBook, Saved
from pipeline.money.kept import Kept
from ui import plan_figures


def plan(**values: int) -> Estimate:
    given = {"known": 3, "leads_low": 1, "leads_high": 3, "duration_low_s": 1, "duration_high_s": 2}
    given |= {"cost_low_micros": 0, "cost_high_micros": 0}
    return Estimate(area=None, message="", **(given | values))  # type: ignore[arg-type]


def test_what_a_setting_keeps_is_told_of_the_businesses_looked_at() -> None:
    kept = Kept(
        asked=frozenset({"min_rating"}),
        known=1200,
        together=43,
        alone={"min_reach": 1200, "independents_only": 900},
    )
    expected = replace(plan(), kept=kept)
    assert plan_figures.kept(expected) == "Keeps 43 of 1,200 (duplicates merged)"
    assert plan_figures.kept_by(expected, "min_reach") == "Keeps all of 1,200"
    assert plan_figures.kept_by(expected, "independents_only", is_on=False) == "Would keep 900 of 1,200"
    assert plan_figures.kept_by(expected, "min_rating") == "Known once its source is asked"
    assert plan_figures.kept_by(expected, "founded_since") == ""
    nearest = replace(expected, kept=replace(kept, is_whole=False))
    assert plan_figures.kept(nearest) == "Keeps 43 of the 1,200 nearest (duplicates merged)"
    assert plan_figures.kept(plan()) == ""


@pytest.mark.parametrize(
    ("book", "said"),
    [
        (None, ""),
        (InBook(known=0, of=85), "In your book already: none of 85."),
        (
            InBook(known=85, of=85, saved=Saved()),
            "In your book already: all of 85. To include them costs nothing.",
        ),
        (
            InBook(known=23, of=85, saved=Saved(look_ups=(0, 12), cost_micros=(0, 300_000))),
            "In your book already: 23 of 85. Leaving them out saves up to 12 look-ups and up to $0.30.",
        ),
        (
            InBook(known=2, of=600, is_whole=False, asked=("Google Places",)),
            "In your book already: 2 of the 600 nearest. Whom else it holds is known once Google Places is asked.",
        ),
        (
            InBook(known=0, of=0, asked=("OpenStreetMap, live", "Google Places")),
            "How many of them are in your book already is known once OpenStreetMap, live and Google Places are asked.",
        ),
    ],
)
def test_what_the_book_holds_is_told_as_far_as_it_is_known(book: InBook | None, said: str) -> None:
    assert plan_figures.in_book(replace(plan(), in_book=book)) == said


def test_new_companies_only_says_what_it_keeps() -> None:
    expected = replace(plan(), in_book=InBook(known=23, of=85))
    assert plan_figures.new_of(expected, is_on=True) == "Keeps 62 of 85"
    assert plan_figures.new_of(expected, is_on=False) == "Would keep 62 of 85"
    assert plan_figures.new_of(plan(), is_on=True) == ""


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 0, "$0.00"),
        (0, 4_000, "up to $0.01"),
        (0, 1_234_567, "up to $1.24"),
        (8_000, 470_000, "up to $0.47"),
        (200_900, 1_349_100, "$0.20 – $1.35"),
        (24_500, 24_500, "$0.0245"),
    ],
)
def test_a_cost_is_rounded_outwards_and_never_nothing_where_something_may_be_paid(
    low: int, high: int, said: str
) -> None:
    assert plan_figures.cost(plan(cost_low_micros=low, cost_high_micros=high)) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 9, "1 s – 9 s"),
        (13, 47, "10 s – 50 s"),
        (61, 605, "1 min – 11 min"),
        (5, 5, "5 s"),
        (183_600, 183_700, "2 d 3 h"),
    ],
)
def test_a_time_is_rounded_outwards(low: int, high: int, said: str) -> None:
    assert plan_figures.time(plan(duration_low_s=low, duration_high_s=high)) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 1, "NeverBounce: 1 address, up to $0.17"),
        (0, 1, "NeverBounce: up to 1 address, up to $0.17"),
        (12, 2_000, "NeverBounce: 12–2,000 addresses, up to $0.17"),
    ],
)
def test_a_line_counts_what_is_asked_about(low: int, high: int, said: str) -> None:
    call = ExpectedCalls(
        provider="neverbounce",
        label="NeverBounce",
        units=("address", "addresses"),
        low=low,
        high=high,
        cost_low_micros=0,
        cost_high_micros=168_000,
    )
    assert plan_figures.call(call) == said


@pytest.mark.parametrize(
    ("told", "said", "kept"),
    [
        (None, "", ""),
        (Customers(number=0, of=85), "Customers of yours: none of 85.", "Keeps all of 85"),
        (Customers(number=85, of=85), "Customers of yours: all of 85.", "Keeps none of 85"),
        (
            Customers(number=2, of=600, is_whole=False, asked=("Google Places",)),
            "Customers of yours: 2 of the 600 nearest. Who else is one is known once Google Places is asked.",
            "Keeps 598 of the 600 nearest",
        ),
        (
            Customers(number=0, of=0, asked=("Google Places",)),
            "How many of them are customers of yours is known once Google Places is asked.",
            "",
        ),
    ],
)
def test_how_many_are_customers_is_told_as_far_as_it_is_known(
    told: Customers | None, said: str, kept: str
) -> None:
    expected = replace(plan(), customers=told)
    assert (plan_figures.customers(expected), plan_figures.others_of(expected, is_on=True)) == (said, kept)
    assert plan_figures.others_of(expected, is_on=False) == kept.replace("Keeps", "Would keep")
