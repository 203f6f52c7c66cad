"""What an order demands that only some sources state: whom it keeps, whom it leaves out and why, and who is paid."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.causes import Cause
from pipeline.lead import REGION
from pipeline.output.order_errors import sentences
from pipeline.place import Place
from pipeline.run import Outcome, run
from pipeline.scoring.demands import DEMANDS
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored
from pipeline.words.understanding import match_types
from tests.pipeline.memory import (
    TODAY,
    ListMemory,
    ListProgress,
    ListSearch,
    cafes,
    full_place,
    place,
    ports,
    spec,
)

RATED = {"google:rating": "4.6", "google:reviews": "87"}
REGISTERED = {"company:founded": "2019-05-02", "company:size": "small"}
BOTH: dict[str, object] = {"sources": ("open_data", "google_places"), "budget_usd": "2"}


def google(*places: Place) -> ListSearch:
    listed = [replace(one, source="google_places", source_ref=f"g{n}") for n, one in enumerate(places)]
    return ListSearch(listed, name="google_places", is_paid=True, batch=20)


def ended(order: CampaignSpec, *searches: ListSearch) -> tuple[Outcome, ListMemory, ListProgress]:
    memory, progress = ListMemory(), ListProgress()
    return run(order, ports(*searches, memory=memory, progress=progress)), memory, progress


@pytest.mark.parametrize(
    ("field", "met", "missed", "said"),
    [
        ("min_rating", 4.5, 5, "is rated 5 or better"),
        ("min_reviews", 87, 88, "has at least 88 reviews"),
        ("founded_since", 2019, 2020, "was founded in 2020 or later"),
        ("company_sizes", ["small", "micro"], ["micro", "large"], "is of micro or large size"),
    ],
)
def test_a_business_is_kept_by_what_is_stated_of_it_and_left_out_where_nothing_is(
    field: str, met: object, missed: object, said: str
) -> None:
    stated = full_place("n/1", tags={**RATED, **REGISTERED})
    silent = [full_place(f"n/{n}", name=f"Mast {n}", lat=60.0 + n / 100) for n in (2, 3)]
    kept, memory, progress = ended(spec(**{field: met}), ListSearch([stated, *silent]))
    noun = DEMANDS[field].noun
    assert list(memory.stored) == ["openstreetmap:n/1"]
    assert f"2 businesses left out: no {noun} is stated by their sources." in progress.messages
    assert f"No {noun} is stated by the sources of 2 of them." in (kept.notice or "")
    none, memory, _ = ended(spec(**{field: missed}), ListSearch([stated, *silent]))
    assert not memory.stored
    assert f"Found 3 businesses, none that {said}" in (none.notice or "")
    assert DEMANDS[field].loosened in (none.notice or "").casefold()


def test_a_rating_belongs_to_the_business_another_source_found_and_counts_in_no_figure() -> None:
    known = full_place("n/1", email="info@example.com")
    order = spec(**BOTH, min_rating=4.5, min_reviews=50)
    paid = google(
        replace(known, tags=RATED, email=None),
        place("x", name="Cup", lat=60.02, tags={"google:rating": "4.9"}),
    )
    _, memory, _ = ended(order, ListSearch([known]), paid)
    (lead,) = memory.stored.values()
    business = lead.business
    assert (business.key, business.details["rating"], business.details["reviews"]) == (
        "openstreetmap:n/1",
        "4.6",
        "87",
    )
    assert business.provenance["rating"].source == "google_places"
    # Without a rating the figures are the same.
    context = ScoreContext(types=match_types(["cafe"]), today=TODAY)
    bare = scored(replace(business, details={"street": business.details["street"]}), context)
    assert (bare.score_parts, bare.reach_parts) == (business.score_parts, business.reach_parts)


@pytest.mark.parametrize(
    ("demand", "is_asked"),
    [
        ({"min_rating": 4.5}, True),
        ({"founded_since": 2015}, False),
        ({"founded_since": 2015, "min_reviews": 5}, True),
    ],
)
def test_a_paid_source_is_asked_only_where_what_it_states_is_demanded(
    demand: dict[str, object], is_asked: bool
) -> None:
    known, paid = full_place("n/1", tags=REGISTERED), google(*cafes(3))
    outcome, _, _ = ended(spec(**BOTH, **demand), ListSearch([known]), paid)
    assert bool(paid.asked) is is_asked
    if not is_asked:
        # The cause says what is stated elsewhere, and nothing was wrong with the one lead there is.
        assert (outcome.leads, outcome.cause, outcome.status) == (1, Cause.UNSTATED, CampaignStatus.PARTIAL)
        assert "Nothing that Google Places sells could become a lead" in (outcome.reason or "")
        assert "demands a date of founding" in (outcome.reason or "")


def test_nothing_is_paid_where_nobody_asked_states_what_is_demanded() -> None:
    paid = google(*cafes(3))
    order = spec(sources=("google_places",), budget_usd="2", min_rating=4, company_sizes=["large"])
    outcome, _, _ = ended(order, paid)
    assert (paid.asked, outcome.cause) == ([], Cause.UNSTATED)


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        *(("min_rating", value, "0 and 5 stars in steps of a half") for value in (7, -1, "abc", 3.3, "nan")),
        *(("min_reviews", value, "between 0 and 100,000") for value in (-1, "many", 2.5, 100_001)),
        *(
            ("founded_since", value, "between 1800 and 2100")
            for value in (3000, 12, "since 2015", "2015-01-01")
        ),
        *(
            ("company_sizes", value, "micro, small, medium and large")
            for value in (["huge"], "small", [None])
        ),
    ],
)
def test_what_cannot_be_demanded_is_told_at_its_field(field: str, wrong: object, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        spec(**{field: wrong})
    assert list(sentences(refused.value)) == [field]
    assert said in sentences(refused.value)[field]


def test_equal_demands_are_equal_orders_and_nothing_demands_nothing() -> None:
    assert spec(min_rating=0, min_reviews=0, company_sizes=[]) == spec()
    sizes = ["large", "micro", "large"]
    assert spec(company_sizes=sizes).company_sizes == ("micro", "large")
    assert spec(min_rating="4", founded_since="2015") == spec(min_rating=4.0, founded_since=2015)


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("google:rating", "4,5"),
        ("google:reviews", "many"),
        ("company:founded", "2015-13-01"),
        ("company:founded", "May 2015"),
        ("company:size", "huge"),
    ],
)
def test_a_fact_that_is_written_otherwise_says_nothing(tag: str, value: str) -> None:
    _, memory, _ = ended(spec(), ListSearch([place(tags={tag: value})]))
    (lead,) = memory.stored.values()
    assert set(lead.business.details) == {REGION}
