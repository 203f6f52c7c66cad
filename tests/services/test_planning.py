"""What the form may offer, and what an order would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.campaign import CampaignSpec, CampaignStatus, KnownCompanies
from pipeline.geo.location import DEFAULT_POINT_RADIUS_KM
from pipeline.lead import EmailStatus, StepOutcome, StepResult
from pipeline.money.calls import Call, Json
from pipeline.money.in_book import Customers
from pipeline.money.plan_warnings import Warn
from pipeline.place import Area
from pipeline.providers.overpass_ql import ql
from pipeline.words.understanding import match_types
from services import campaigns, catalogue, lists, planning
from services.errors import Invalid
from services.identity import Person
from services.lists import ListKind
from services.roles import MemberRole
from store import provider_cache, provider_setup
from store.database import Role, transaction
from store.ledger_entries import question_of
from tests.support.campaigns import claimed, end, finished, lead, store_leads, submitted
from tests.support.catalogue import fill, row
from tests.support.lists import kept
from tests.support.people import person
from tests.support.servers import Database, change

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
    few = planning.estimate(_ANYONE, spec.model_copy(update={"max_results": kept.known}))
    assert f"The {kept.together} that are independent become leads: fewer than {kept.known}." in few.message
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


def test_what_is_demanded_is_told_by_who_states_it_and_a_page_with_ratings_costs_as_much(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    fill(tmp_path, *(row(n) for n in range(4)))
    change(
        database.superuser_url,
        """update places set tags = tags || '{"company:founded": "2019-05-02", "company:size": "small"}'"""
        " where source_ref = 'node/2'",
    )
    order = _paid("open_data", "google_places", waterfall=())
    rated = planning.estimate(owner, order.model_copy(update={"min_rating": 4.5}))
    # Nobody at hand can tell, so nothing is said to be left out; the page costs what it always does.
    assert rated.kept is not None
    assert (rated.kept.asked, rated.kept.together, "min_rating" in rated.kept.alone) == (
        frozenset({"min_rating"}),
        4,
        False,
    )
    assert Warn.NONE_KEPT not in {warning.kind for warning in rated.warnings}
    (pages,) = rated.calls
    assert pages.cost_high_micros == pages.high * 35_000
    # What Google sells states no year, so it is neither asked nor counted; the register's one is known.
    young = planning.estimate(owner, order.model_copy(update={"founded_since": 2015}))
    assert young.kept is not None
    assert (young.kept.together, young.kept.alone["founded_since"], young.leads_high, young.calls) == (
        1,
        1,
        1,
        (),
    )
    (warning,) = [warning for warning in young.warnings if warning.kind is Warn.UNSTATED]
    assert (
        warning.message
        == "Google Places is not asked: it states no date of founding, which the order demands."
    )
    none = planning.estimate(owner, order.model_copy(update={"company_sizes": ("large",)}))
    said = [warning.message for warning in none.warnings if warning.kind is Warn.NONE_KEPT]
    assert said == ["None of the 4 businesses known is of large size. Choose more sizes to keep some."]
    with pytest.raises(Invalid, match="None of the chosen sources states a rating"):
        campaigns.check(_paid("open_data").model_copy(update={"min_rating": 4.5}))


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


def test_what_the_book_holds_is_counted_and_leaving_it_out_makes_the_plan_smaller(
    owner: Person, tmp_path: Path
) -> None:
    fill(tmp_path, *(row(n, website=f"https://anchor-{n}.test") for n in range(5)))
    included, skipped = (
        _paid("open_data"),
        _paid("open_data").model_copy(update={"known_companies": KnownCompanies.SKIP}),
    )
    assert planning.estimate(owner, included).in_book is None
    finished(owner, [lead(n, domain=f"anchor-{n}.test") for n in range(2)], _paid("open_data"))
    whole, rest = planning.estimate(owner, included), planning.estimate(owner, skipped)
    assert (whole.leads_high, rest.leads_high) == (5, 3)
    assert whole.in_book == rest.in_book
    book = whole.in_book
    assert book is not None
    assert (book.known, book.of, book.is_whole, book.asked) == (2, 5, True, ())
    assert book.saved is not None
    assert (book.saved.look_ups[1], book.saved.cost_micros[1]) == (2, 2 * 24_500)
    assert (whole.calls[0].high, rest.calls[0].high) == (5, 3)
    assert rest.cost_high_micros < whole.cost_high_micros
    assert rest.kept is not None
    assert rest.kept.known == 3
    (warning,) = [warning for warning in rest.warnings if warning.kind is Warn.FEWER_KNOWN]
    assert warning.message.startswith("Only 3 of 5 businesses known in Town are new")
    # Nobody else's book counts.
    assert planning.estimate(person("stranger"), skipped).leads_high == 5
    finished(owner, [lead(n) for n in range(5)], _paid("open_data"))
    nothing = planning.estimate(owner, skipped)
    assert (nothing.leads_high, nothing.cost_high_micros, nothing.message) == (0, 0, "")
    assert Warn.NONE_NEW in {warning.kind for warning in nothing.warnings}


def test_an_order_that_refreshes_is_quoted_without_answers_that_are_held(
    owner: Person, tmp_path: Path
) -> None:
    fill(tmp_path, *(row(n, website=f"https://anchor-{n}.test") for n in range(4)))
    included = _paid("open_data", waterfall=("hunter", "neverbounce"))
    refreshed = included.model_copy(update={"known_companies": KnownCompanies.REFRESH})
    for number in range(4):
        address = f"info@anchor-{number}.test"
        arguments: dict[str, Json] = {"domain": f"anchor-{number}.test", "limit": 10}
        _hold("hunter", "domain_search", arguments, {"emails": [{"value": address}]})
        _hold("neverbounce", "single_check", {"email": address}, {"result": "verified"})
    held, anew = planning.estimate(owner, included), planning.estimate(owner, refreshed)
    assert (held.calls, held.cost_high_micros, held.included_micros) == ((), 0, None)
    assert held.message.endswith("Everything it asks is answered already or free.")
    assert [call.high for call in anew.calls] == [4, 4]
    assert anew.cost_high_micros == 4 * (24_500 + 8_000)
    assert anew.included_micros == (0, 0)
    assert anew.message.endswith("Only answers are paid for, and answers we hold are bought anew.")
    # What a campaign learnt still tells what is likely, and whom it verified is verified anew.
    _verified(owner, "anchor-1.test")
    assert planning.estimate(owner, refreshed).calls[0].high == 4
    # It tells of the whole search, as one that includes does.
    assert planning.estimate(owner, _paid("google_places")).leads_high > 1
    _ended_with(owner, _paid("google_places").model_copy(update={"known_companies": KnownCompanies.REFRESH}))
    assert planning.estimate(owner, _paid("google_places")).leads_high == 1


def _verified(owner: Person, domain: str) -> None:
    """An address that another campaign verified lately."""
    known = lead(1, domain=domain, email=f"info@{domain}")
    finished(owner, [replace(known, email_status=EmailStatus.VERIFIED)], _paid("open_data"))


def _ended_with(owner: Person, spec: CampaignSpec) -> None:
    finished(owner, [lead(1, domain="anchor.test")], spec)


def test_customers_are_counted_and_leaving_them_out_makes_the_plan_smaller(
    owner: Person, tmp_path: Path
) -> None:
    fill(tmp_path, *(row(n, website=f"https://anchor-{n}.test", phone=f"+35840123450{n}") for n in range(5)))
    included = _paid("open_data")
    without = included.model_copy(update={"skip_customers": True})
    assert planning.estimate(owner, without).customers is None
    uploaded = kept(owner, b"website;phone\nanchor-0.test;\n;+358401234501\n", ListKind.CUSTOMERS)
    whole, rest = planning.estimate(owner, included), planning.estimate(owner, without)
    assert (whole.leads_high, rest.leads_high) == (5, 3)
    assert whole.customers == rest.customers == Customers(number=2, of=5)
    assert (whole.calls[0].high, rest.calls[0].high) == (5, 3)
    assert rest.kept is not None
    assert rest.kept.known == 3
    assert [warning.message for warning in rest.warnings if warning.kind is Warn.FEWER_KNOWN] == [
        "Only 3 of 5 businesses known in Town are not your customers, so the list cannot reach 25 leads."
    ]
    # Together with new companies only: a customer of the book is counted once.
    finished(owner, [lead(n, domain=f"anchor-{n}.test") for n in range(2)], included)
    new = planning.estimate(owner, without.model_copy(update={"known_companies": KnownCompanies.SKIP}))
    assert (new.leads_high, new.customers, new.in_book and (new.in_book.known, new.in_book.of)) == (
        3,
        Customers(number=2, of=5),
        (0, 3),
    )
    # Nobody else's list counts, nor one that was removed.
    assert planning.estimate(person("stranger"), without).leads_high == 5
    lists.remove(owner, uploaded.id)
    assert planning.estimate(owner, without).leads_high == 5
    everybody = b"website\n" + b"".join(b"anchor-%d.test\n" % n for n in range(5))
    kept(owner, everybody, ListKind.CUSTOMERS)
    nothing = planning.estimate(owner, without)
    assert (nothing.leads_high, nothing.cost_high_micros, nothing.message) == (0, 0, "")
    assert [warning.message for warning in nothing.warnings if warning.kind is Warn.NONE_NEW] == [
        "All 5 businesses known in Town are customers of yours. Try another place or type, or include them."
    ]


def test_what_only_a_paid_source_knows_is_compared_with_the_book_later_and_the_plan_says_so(
    owner: Person, tmp_path: Path
) -> None:
    fill(tmp_path, row(1))
    included = _paid("google_places")
    skipped = included.model_copy(update={"known_companies": KnownCompanies.SKIP})
    first = planning.estimate(owner, skipped)
    assert first.in_book is None
    finished(owner, [lead(1, domain="anchor.test")], included)
    plan = planning.estimate(owner, skipped)
    assert plan.in_book is not None
    assert (plan.in_book.of, plan.in_book.asked, plan.in_book.saved) == (0, ("Google Places",), None)
    # What the same search found before is left out now, and nobody knows how much more there is.
    assert plan.leads_low == 0 < plan.leads_high
    assert planning.estimate(owner, included).leads_low == 1


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
