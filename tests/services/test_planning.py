"""What the form may offer, and what an order would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from jobs import provider_setup
from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.geo.location import DEFAULT_POINT_RADIUS_KM
from pipeline.lead import StepOutcome, StepResult
from pipeline.money.calls import Call, Json
from pipeline.money.plan_warnings import Warn
from pipeline.place import Area
from pipeline.providers.overpass_ql import ql
from pipeline.words.understanding import match_types
from services import catalogue, planning
from services.errors import Invalid
from services.identity import Person
from services.roles import MemberRole
from store import provider_cache
from store.database import Role, transaction
from store.ledger_entries import question_of
from tests.support.campaigns import claimed, end, lead, store_leads, submitted
from tests.support.catalogue import fill, row
from tests.support.people import person
from tests.support.servers import Database

_ANYONE = Person(
    id=uuid4(),
    email="someone@example.com",
    is_admin=False,
    workspace_id=uuid4(),
    workspace_name="Somewhere",
    role=MemberRole.OWNER,
    proof="",
)


def _estimate(typed: str, location: str, radius_km: float | None = None) -> planning.Estimate:
    spec = CampaignSpec(business_types=(typed,), location=location, radius_km=radius_km)
    return planning.estimate(_ANYONE, spec)


def test_choices_come_from_the_shipped_data_largest_first(database: Database) -> None:
    catalogue.ensure_first_fill()
    choices = planning.category_choices()
    assert (choices[0].label, choices[0].known) == ("Restaurant", 213)
    assert [choice.known for choice in choices] == sorted((choice.known for choice in choices), reverse=True)
    places = planning.location_choices()
    assert places[0] == "Helsinki"
    assert "Kluuvi" in places


def test_every_offered_choice_is_understood_again(database: Database) -> None:
    catalogue.ensure_first_fill()
    for choice in planning.category_choices():
        if choice.known:
            assert _estimate(choice.label, "Helsinki").known > 0, choice.label
    for name in planning.location_choices():
        assert _estimate("cafe", name).area_label == name


def test_an_estimate_counts_what_is_known_in_the_place(database: Database) -> None:
    catalogue.ensure_first_fill()
    found = _estimate("coffee shop", "helsinki, FINLAND")
    assert (found.known, found.area_label) == (85, "Helsinki")
    assert (found.cost_low_micros, found.cost_high_micros) == (0, 0)
    assert 1 <= found.duration_low_s <= found.duration_high_s
    assert 0 < _estimate("coffee shop", "Helsinki", 0.3).known < 85


def test_each_setting_says_what_it_keeps_and_one_that_keeps_nobody_is_warned_of(database: Database) -> None:
    catalogue.ensure_first_fill()
    spec = CampaignSpec(business_types=("fast food",), location="Helsinki", independents_only=True)
    kept = planning.estimate(_ANYONE, spec).kept
    assert kept is not None
    assert 0 < kept.together == kept.alone["independents_only"] < kept.alone["min_reach"] == kept.known
    # The shipped places are of 2019: nobody can be that sure of them.
    sure = planning.estimate(_ANYONE, spec.model_copy(update={"min_confidence": 90}))
    assert sure.kept is not None
    assert (sure.kept.together, sure.leads_high) == (0, 0)
    (warning,) = [warning for warning in sure.warnings if warning.kind is Warn.NONE_KEPT]
    assert (
        "is independent and comes to a confidence of 90. Let chains in, lower the minimum" in warning.message
    )


def test_nothing_is_counted_in_a_place_nobody_knows(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1))
    unknown = _estimate("cafe", "asdfqwer")
    assert (unknown.known, unknown.area_label) == (0, None)
    assert _estimate("☕", "Town").known == 0


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def _paid(*sources: str, location: str = "Town", waterfall: tuple[str, ...] = ("hunter",)) -> CampaignSpec:
    return CampaignSpec(
        business_types=("cafe",),
        location=location,
        min_confidence=0,
        budget_usd=Decimal(5),
        sources=sources,
        waterfall=waterfall,
    )


def _hold(provider: str, operation: str, arguments: dict[str, Json], body: Json) -> None:
    """An answer that somebody's campaign bought, kept for everybody."""
    call = Call(provider=provider, operation=operation, arguments=arguments)
    with transaction(Role.WORKER) as conn:
        endpoint = provider_setup.endpoints()[provider].base_url
        kept = {question_of(call, endpoint): ({"body": body, "simulated": False}, 1)}
        provider_cache.put_many(conn, kept)


def test_answers_that_are_held_cost_nothing_and_tell_what_is_left_to_check(
    owner: Person, tmp_path: Path
) -> None:
    fill(tmp_path, *(row(n, website=f"https://anchor-{n}.test") for n in range(4)))
    assert planning.estimate(owner, _paid("open_data")).cost_high_micros > 0
    for number in range(4):
        emails = [{"value": f"info@anchor-{number}.test"}] if number else []
        arguments: dict[str, Json] = {"domain": f"anchor-{number}.test", "limit": 10}
        _hold("hunter", "domain_search", arguments, {"emails": emails})
    assert planning.estimate(owner, _paid("open_data")).calls == ()
    _hold("neverbounce", "single_check", {"email": "info@anchor-1.test"}, {"result": "verified"})
    (checks,) = planning.estimate(owner, _paid("open_data", waterfall=("hunter", "neverbounce"))).calls
    assert checks.high == 2


def test_a_live_search_that_is_held_is_as_good_as_the_catalogue(owner: Person, tmp_path: Path) -> None:
    fill(tmp_path, row(1))
    spec = _paid("osm_live", location="60.0, 25.0")
    unknown = planning.estimate(owner, spec)
    area = Area(label="60.0, 25.0", lat=60.0, lon=25.0, radius_km=DEFAULT_POINT_RADIUS_KM)
    tags = {"amenity": "cafe", "website": "https://anchor.test"}
    elements: list[Json] = [
        {"type": "node", "id": n, "lat": 60.0 + n / 1000, "lon": 25.0, "tags": {**tags, "name": f"Cup {n}"}}
        for n in range(3)
    ]
    _hold("nominatim", "search", {"q": "60.0, 25.0"}, None)
    question = ql(match_types(("cafe",)), area, 2000)
    _hold("overpass", "interpreter", {"data": question}, {"elements": elements, "base": None})
    known = planning.estimate(owner, spec)
    assert unknown.leads_high > known.leads_high == known.leads_low == 3


def test_what_a_campaign_learnt_makes_the_next_plan_exact(owner: Person, tmp_path: Path) -> None:
    fill(tmp_path, row(1, website="https://anchor.test"))
    lease = claimed(owner, submitted(owner, _paid("open_data")))
    passed = StepResult(step="hunter", outcome=StepOutcome.SKIPPED, detail="anchor.test cannot receive mail.")
    store_leads(lease, [replace(lead(1, domain="anchor.test"), steps=(passed,))])
    end(lease, CampaignStatus.COMPLETED)
    assert planning.estimate(owner, _paid("open_data")).cost_high_micros == 0
    assert planning.estimate(person("stranger"), _paid("open_data")).cost_high_micros > 0


def test_the_same_search_before_tells_what_it_finds(owner: Person, tmp_path: Path) -> None:
    fill(tmp_path, row(1))
    spec = _paid("google_places")
    assert planning.estimate(owner, spec).leads_high > 1
    lease = claimed(owner, submitted(owner, spec.model_copy(update={"budget_usd": Decimal(9)})))
    store_leads(lease, [lead(1, domain="anchor.test")])
    end(lease, CampaignStatus.COMPLETED)
    again = planning.estimate(owner, spec)
    assert (again.leads_low, again.leads_high) == (1, 1)
    other = planning.estimate(owner, spec.model_copy(update={"radius_km": 1.0}))
    assert other.leads_high > 1


def test_a_change_of_the_catalogue_is_seen_at_once(owner: Person, tmp_path: Path) -> None:
    fill(tmp_path, row(1, website="https://anchor.test"))
    assert planning.estimate(owner, _paid("open_data")).leads_high == 1
    fill(tmp_path, row(1), row(2), observed_on=date(2025, 1, 1))
    assert planning.estimate(owner, _paid("open_data")).leads_high == 2


def test_a_place_only_a_live_source_may_know_is_no_mistake(owner: Person) -> None:
    live = planning.estimate(owner, _paid("osm_live", location="Somewhere"))
    assert Warn.PLACE_LOOKED_UP in {warning.kind for warning in live.warnings}
    assert live.cost_low_micros == 0 < live.cost_high_micros


def test_coordinates_off_the_globe_are_refused(database: Database) -> None:
    with pytest.raises(Invalid, match="latitude goes from -90 to 90"):
        _estimate("cafe", "91,181")


def test_an_empty_catalogue_offers_all_categories_and_no_place(database: Database) -> None:
    assert planning.location_choices() == ()
    assert len(planning.category_choices()) > 200
