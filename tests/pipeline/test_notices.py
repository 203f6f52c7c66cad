from __future__ import annotations

import pytest

from pipeline.campaign import CampaignStatus
from pipeline.errors import SpecError
from pipeline.place import Place
from pipeline.run import run
from tests.pipeline.memory import ListMemory, ListProgress, ListSearch, cafes, completed, place, ports, spec


def test_a_known_place_without_a_match_completes_with_advice() -> None:
    notice = "No business of type “cafe” is known in Harbour Town. Try another place or a broader type."
    memory, search = ListMemory(), ListSearch()
    assert run(spec(), ports(search, memory=memory)) == completed(0, notice)
    assert memory.finished
    again = run(spec(), ports(search, memory=memory))
    assert again == completed(
        0, "No business of type “cafe” was found in “Harbour Town”. Try another place or type."
    )
    assert len(search.asked) == 1


def test_within_a_radius_the_advice_is_to_widen_it() -> None:
    outcome = run(spec(radius_km=1.5, business_types=("cafe", "bakery")), ports(ListSearch()))
    assert outcome.notice == (
        "No business of type “cafe” or “bakery” is known within 1.5 km of Harbour Town. "
        "Try a wider radius or a broader type."
    )


def test_an_unknown_place_completes_with_advice_and_asks_nothing() -> None:
    search = ListSearch(cafes(3), area=None)
    outcome = run(spec(location="Atlantis"), ports(search))
    assert outcome.status is CampaignStatus.COMPLETED
    assert outcome.notice is not None
    assert outcome.notice.startswith("No place called “Atlantis” is known here. Check the spelling,")
    assert search.asked == []


def test_a_location_that_can_be_none_completes_with_what_to_change() -> None:
    search = ListSearch(locating_fails=SpecError("These coordinates are not on Earth."))
    assert run(spec(location="95, 200"), ports(search)) == completed(0, "These coordinates are not on Earth.")


def test_a_type_without_a_word_completes_with_advice() -> None:
    outcome = run(spec(business_types=("?!",)), ports(ListSearch(cafes(3))))
    assert outcome == completed(0, "“?!” names no type of business. Type a word such as cafe or dentist.")


def test_an_unknown_type_is_searched_by_its_words_and_the_log_says_so() -> None:
    progress, search = ListProgress(), ListSearch(cafes(1))
    run(spec(business_types=("zorblax",)), ports(search, progress=progress))
    assert search.asked[0].types[0].words == ("zorblax",)
    assert (
        "“zorblax” is no category known here; names and descriptions were searched for it."
        in progress.messages
    )


@pytest.mark.parametrize(
    ("values", "places", "leads", "notice"),
    [
        ({"max_results": 3}, cafes(3), 3, None),
        (
            {"max_results": 5},
            cafes(3),
            3,
            "All 3 businesses found are in the list; you asked for 5. "
            "For more, search a larger place or add a type.",
        ),
        (
            {"max_results": 5, "radius_km": 1},
            cafes(1),
            1,
            "The only business found is in the list; you asked for 5. "
            "For more, widen the radius or add a type.",
        ),
        (
            {"max_results": 5, "min_confidence": 70},
            [*cafes(2), place("n/1", lat=61.0)],
            2,
            "Only 2 of 3 businesses found come to a confidence of 70. "
            "Lower the minimum or search a larger place.",
        ),
        (
            {"min_confidence": 70, "radius_km": 1},
            [*cafes(1), place("n/1", lat=61.0)],
            1,
            "Only 1 of 2 businesses found comes to a confidence of 70. Lower the minimum or widen the radius.",
        ),
        (
            {"min_confidence": 90},
            cafes(2),
            0,
            "Found 2 businesses, none with a confidence of 90; the best has 77. "
            "Lower the minimum or search a larger place.",
        ),
        (
            {"min_confidence": 90},
            cafes(1),
            0,
            "Found 1 business, none with a confidence of 90; the best has 77. "
            "Lower the minimum or search a larger place.",
        ),
        (
            {"min_reach": 20, "min_confidence": 60},
            [*cafes(2), place("n/1", lat=61.0)],
            2,
            "Only 2 of 3 businesses found come to a confidence of 60 and a reach of 20. "
            "Lower the minimum or search a larger place.",
        ),
        (
            {"min_reach": 60},
            cafes(2),
            0,
            "Found 2 businesses, none with a reach of 60; the best has 55. "
            "Lower the minimum or search a larger place.",
        ),
        (
            {"min_score": 90},
            cafes(2),
            0,
            "Found 2 businesses, none with a score of 90 (the single figure of earlier versions). "
            "Lower the minimum or search a larger place.",
        ),
    ],
)
def test_fewer_leads_than_asked_for_come_with_the_reason(
    values: dict[str, object], places: list[Place], leads: int, notice: str | None
) -> None:
    assert run(spec(**values), ports(ListSearch(places))) == completed(leads, notice)


def test_no_lead_means_no_average() -> None:
    progress = ListProgress()
    run(spec(min_confidence=90), ports(ListSearch(cafes(2)), progress=progress))
    assert progress.last("avg_confidence") is None
    assert progress.messages[-1] == "0 leads stored."
