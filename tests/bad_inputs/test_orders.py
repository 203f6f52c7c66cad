"""Words and numbers of an order: as its model takes them, as they are typed at the terminal, as they are stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from commands._order import spec_of
from pipeline.campaign import CRITERIA, CampaignSpec
from pipeline.output.order_errors import sentences
from services import campaigns, places, planning
from services.errors import Conflict, Invalid
from store.ids import new_id
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.campaigns import PAID
from tests.support.servers import rows
from ui.typed_numbers import number, whole_number

_TOO_LONG, _UNSTORABLE = "at most 200 characters", "cannot be stored"
LITERAL = (
    Case(6, "SQL", "'; DROP TABLE leads;--", "'; DROP TABLE leads;--"),
    Case(7, "HTML", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    Case(8, "a picture in markdown", "![x](http://evil.test/p.png)", "![x](http://evil.test/p.png)"),
    Case(9, "a formula", '=HYPERLINK("http://evil.test")', '=HYPERLINK("http://evil.test")'),
    Case(10, "templates", "{{7*7}} ${jndi:ldap://x.test}", "{{7*7}} ${jndi:ldap://x.test}"),
    Case(11, "emoji of several signs", "☕🏳️\u200d🌈", "☕🏳️\u200d🌈"),
    Case(12, "an override", "Caf\u202eé", "Café"),
    Case(14, "the parts of a letter", "Cafe\u0301", "Café"),
    Case(15, "an umlaut", "Zürich", "Zürich"),
    Case(15, "another alphabet", "東京", "東京"),
    Case(16, "a line break", "Café\r\nBar", "Café Bar"),
    Case(90, "signs of a pattern", "100%_\\", "100%_\\"),
)
REFUSED = (
    Case(1, "nothing", "", "Choose or type"),
    Case(2, "blanks", "  ", "Choose or type"),
    Case(2, "blanks that hold their line", "\u00a0\u3000", "Choose or type"),
    Case(2, "blanks nobody sees", "\u200b\u2060\ufeff", "Choose or type"),
    Case(2, "letters nobody sees", "\u3164\u115f", "Choose or type"),
    Case(2, "joiners alone", "\u200d\u200c", "Choose or type"),
    Case(3, "10,001 letters", "x" * 10_001, _TOO_LONG),
    Case(3, "201 letters", "x" * 201, _TOO_LONG),
    Case(5, "NUL", "\x00abc", _UNSTORABLE),
    Case(13, "half a letter", "caf\ud800", _UNSTORABLE),
)


@pytest.mark.parametrize("case", LITERAL, ids=str)
def test_words_are_stored_as_they_are_meant(world: World, case: Case[str, str]) -> None:
    spec = CampaignSpec(
        business_types=(case.given,),
        by_name=(case.given,),
        location=f"Quay {case.given}",
        sources=("osm_live",),
    )
    made = campaigns.get(world.stranger, campaigns.submit(world.stranger, spec, str(new_id())))
    assert (made.spec.business_types, made.spec.location) == ((case.expected,), f"Quay {case.expected}")
    assert made.title == f"{case.expected} in Quay {case.expected}"
    assert rows(world.database.superuser_url, "select count(*) > 0 from leads") == [(True,)]
    # What was typed finds it again, letter by letter.
    found = campaigns.list_mine(world.stranger, text=case.given)
    assert made.id in [campaign.id for campaign in found.rows]
    assert {case.expected in campaign.title for campaign in found.rows} == {True}


@pytest.mark.parametrize("field", ["business_types", "location", "by_name"])
@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_words_that_are_none_are_told_at_their_field(case: Case[str, str], field: str) -> None:
    given: dict[str, object] = {"business_types": ("cafe",), "location": "Helsinki"}
    given[field] = case.given if field == "location" else (case.given,)
    with pytest.raises(ValidationError) as refused:
        CampaignSpec.model_validate(given)
    said = sentences(refused.value)
    assert list(said) == [field]
    if field != "by_name":
        assert case.expected in said[field]


PLACES = (
    Case(4, "one letter", "a", "place called “a”"),
    Case(17, "no place", "asdfqwer", "place called “asdfqwer”"),
    Case(18, "two places of one name", "Springfield", "Springfield"),
    Case(19, "coordinates out of range", "91,181", "not on Earth"),
    Case(19, "coordinates that are none", "NaN,NaN", "not on Earth"),
)


@pytest.mark.parametrize("case", PLACES, ids=str)
def test_a_place_that_is_none_or_several_starts_nothing(world: World, case: Case[str, str]) -> None:
    spec = world.order.model_copy(update={"location": case.given})
    before = campaigns.list_mine(world.stranger).total
    with pytest.raises(Invalid, match=case.expected) as refused:
        campaigns.submit(world.stranger, spec, str(new_id()))
    assert list(refused.value.fields) == ["location"]
    assert campaigns.list_mine(world.stranger).total == before


def test_of_several_places_each_is_offered(world: World) -> None:
    assert len(places.meaning("Springfield").offers) == 2


@pytest.mark.parametrize("case", [Case(20, "the middle of the sea", "0,0", 0)], ids=str)
def test_an_empty_place_is_planned_with_nothing(world: World, case: Case[str, int]) -> None:
    plan = planning.estimate(world.owner, world.order.model_copy(update={"location": case.given}))
    assert plan.known == case.expected


@pytest.mark.parametrize("case", [Case(4, "one letter", "a", "“a”")], ids=str)
def test_a_type_nobody_understands_starts_nothing(world: World, case: Case[str, str]) -> None:
    with pytest.raises(Invalid, match=case.expected):
        campaigns.submit(
            world.owner, world.order.model_copy(update={"business_types": (case.given,)}), str(new_id())
        )


NUMBERS = (
    Case(21, "no leads", ("max_results", "0"), "between 1 and 1,000"),
    Case(22, "less than none", ("max_results", "-1"), "between 1 and 1,000"),
    Case(23, "a thousand million", ("max_results", "1e9"), "whole number"),
    Case(23, "a thousand million in digits", ("max_results", "1000000000"), "between 1 and 1,000"),
    Case(24, "a fraction", ("max_results", "10.5"), "whole number"),
    Case(26, "NaN", ("max_results", "NaN"), "whole number"),
    Case(26, "endless", ("budget", "Infinity"), "budget"),
    Case(26, "a radius that is none", ("radius_km", "nan"), "radius"),
    Case(26, "an endless radius", ("radius_km", "inf"), "radius"),
    Case(29, "a comma", ("budget", "1,50"), "budget"),
    Case(29, "a comma and a dot", ("budget", "1.000,50"), "budget"),
    Case(30, "more than there is", ("budget", "1e308"), "budget"),
    Case(32, "above a hundred", ("min_confidence", "101"), "between 0 and 100"),
    Case(32, "below nothing", ("min_confidence", "-5"), "between 0 and 100"),
    Case(32, "a reach above a hundred", ("min_reach", "101"), "between 0 and 100"),
    Case(32, "more stars than there are", ("only", "rating=7"), "between 0 and 5 stars"),
    Case(24, "a third of a star", ("only", "rating=3.3"), "steps of a half"),
    Case(26, "stars that are none", ("only", "rating=abc"), "between 0 and 5 stars"),
    Case(26, "endless stars", ("only", "rating=NaN"), "between 0 and 5 stars"),
    Case(23, "a year to come", ("only", "founded=3000"), "between 1800 and 2100"),
    Case(24, "half a review", ("only", "reviews=1.5"), "whole number of reviews"),
    Case(17, "no size", ("only", "size=huge"), "micro, small, medium and large"),
    Case(17, "no condition", ("only", "stars=5"), "rating=…"),
)
_TYPED: dict[str, object] = {
    **dict.fromkeys(("max_results", "min_confidence", "min_reach", "radius_km", "budget", *CRITERIA)),
    **dict.fromkeys(("by_name", "waterfall"), ""),
    "business_types": "cafe",
    "location": "Helsinki",
    "independents_only": False,
    "only": "",
    "customers": "",
    "known": "",
    "sources": "open_data",
}


@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_numbers_that_are_none_are_told_at_the_terminal(
    world: World, case: Case[tuple[str, str], str]
) -> None:
    name, value = case.given
    with pytest.raises(Invalid, match=case.expected):
        spec_of(_TYPED | {name: value})


FINE = (
    Case(25, "full width", ("count", "１０"), 10),
    Case(27, "no money", ("budget", "0"), 0),
    Case(28, "a tenth of a cent", ("budget", "0.001"), 0.001),
    Case(29, "a comma", ("budget", "1,50"), 1.5),
)
UNREADABLE = (
    Case(24, "a fraction", ("count", "10.5"), "10.5"),
    Case(26, "endless", ("count", "Infinity"), "Infinity"),
    Case(26, "NaN", ("budget", "NaN"), "NaN"),
    Case(29, "two ways to read it", ("budget", "1.000,50"), "1.000,50"),
    Case(30, "more than a field holds", ("budget", "1e308"), "1e308"),
)


@pytest.mark.parametrize("case", FINE, ids=str)
def test_numbers_of_an_address_are_understood(case: Case[tuple[str, str], float]) -> None:
    field, text = case.given
    assert (whole_number if field == "count" else number)(text) == case.expected


@pytest.mark.parametrize("case", UNREADABLE, ids=str)
def test_numbers_of_an_address_are_never_guessed(case: Case[tuple[str, str], str]) -> None:
    field, text = case.given
    with pytest.raises(ValueError, match=case.expected):
        (whole_number if field == "count" else number)(text)


@pytest.mark.parametrize(
    "case",
    [
        Case(28, "a tenth of a cent", "0.001", "The first paid call costs"),
        Case(31, "less than the first call costs", "0.007", "The first paid call costs"),
    ],
    ids=str,
)
def test_a_budget_below_the_first_call_is_refused_before_any(
    world: World, monkeypatch: pytest.MonkeyPatch, case: Case[str, str]
) -> None:
    _with_keys(monkeypatch)
    spec = PAID.model_copy(update={"location": "Helsinki", "budget_usd": Decimal(case.given)})
    with pytest.raises(Invalid, match=case.expected):
        campaigns.submit(world.owner, spec, str(new_id()))
    assert rows(world.database.superuser_url, "select count(*) from provider_calls") == [(0,)]


@pytest.mark.parametrize("case", [Case(27, "no money", "0", 0)], ids=str)
def test_no_money_is_an_order_that_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, case: Case[str, int]
) -> None:
    _with_keys(monkeypatch)
    spec = PAID.model_copy(update={"location": "Helsinki", "budget_usd": Decimal(case.given)})
    made = campaigns.submit(world.stranger, spec, str(new_id()))
    assert campaigns.get(world.stranger, made).budget_micros == case.expected


def _with_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    import settings

    for name in ("HUNTER_IO_API_KEY", "NEVERBOUNCE_API_KEY"):
        monkeypatch.setenv(name, "a-key")
    settings.get.cache_clear()


@pytest.mark.parametrize(
    "case",
    [
        Case(14, "the same letters in parts", "Cafe\u0301 des Arts", None),
        Case(95, "the same key with another order", "Bistro", "other values"),
    ],
    ids=str,
)
def test_a_key_stands_for_one_order(world: World, case: Case[str, str | None]) -> None:
    key = str(new_id())

    def order(name: str) -> CampaignSpec:
        return CampaignSpec(business_types=(name,), by_name=(name,), location="Helsinki")

    first = campaigns.submit(world.stranger, order("Caf\u00e9 des Arts"), key)
    if case.expected is None:
        assert campaigns.submit(world.stranger, order(case.given), key) == first
    else:
        with pytest.raises(Conflict, match=case.expected):
            campaigns.submit(world.stranger, order(case.given), key)
