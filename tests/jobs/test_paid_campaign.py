"""Whole paid campaigns by real workers against the stand-in providers, checked against what those billed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
import redis
from streamlit.testing.v1 import AppTest

import settings
from pipeline.campaign import LEAD_BOOK, LISTED_AS, OWN_LIST, CampaignSpec, CampaignStatus, KnownCompanies
from pipeline.causes import Cause
from pipeline.lead import EmailStatus, StepOutcome
from services import (
    book,
    book_again,
    campaigns,
    catalogue,
    continuing,
    exporting,
    history,
    identity,
    limits,
    planning,
    results,
    spending,
)
from services.book_again import Chosen
from services.campaigns import CampaignView
from services.errors import Conflict
from services.identity import Person
from services.lists import ListKind
from services.results import LeadFilter, LeadSort
from store import ledger
from store.database import Role, transaction
from store.ids import new_id
from tests.providers_server.world import World
from tests.support import billing
from tests.support.campaigns import TODAY
from tests.support.invariants import THREADS, wrong_counters
from tests.support.lists import checked
from tests.support.people import PASSWORD, first_admin, person
from tests.support.providers import (
    SECRETS,
    Providers,
    lost,
    providers,
)
from tests.support.servers import Database, reader, rows
from tests.support.workers import eventually, worker
from ui.session import TOKEN_KEY

CAFES = CampaignSpec(
    business_types=("cafe",),
    location="Helsinki",
    max_results=15,
    min_confidence=0,
    budget_usd=Decimal(5),
    sources=("google_places",),
    waterfall=("website", "hunter", "neverbounce"),
)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--synthetic", "200", "--no-limited") as running:
        yield running


@pytest.fixture
def fresh_stand_in(
    stand_in: Providers, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Providers:
    """The stand-in, asked by every worker of this test."""
    for name, value in stand_in.settings().items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    stand_in.reset()
    catalogue.ensure_first_fill()
    return stand_in


@pytest.fixture
def owner(fresh_stand_in: Providers) -> Person:
    return person("owner")


def run(owner: Person, spec: CampaignSpec, folder: Path) -> CampaignView:
    """A campaign, from order to end."""
    with worker(folder):
        return ended(owner, campaigns.submit(owner, spec, str(new_id())))


def ended(owner: Person, campaign: UUID) -> CampaignView:
    eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    return campaigns.get(owner, campaign)


def leads_of(owner: Person, view: CampaignView) -> list[results.LeadDetail]:
    page = results.leads(owner, view.id, LeadFilter(), LeadSort.CONFIDENCE, limit=200)
    return [results.lead(owner, view.id, row.id) for row in page.rows]


def books_are_right(database: Database, fresh_stand_in: Providers) -> None:
    """Invariants of the ledger, and that nothing was billed that it does not hold."""
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []
    ((spent, budget),) = rows(
        database.superuser_url, "select sum(spent_micros), sum(budget_micros) from campaigns"
    )
    assert int(str(spent)) <= int(str(budget))
    assert list(billing.unrecorded(database.superuser_url, fresh_stand_in.bill())) == []
    assert rows(database.superuser_url, "select 1 from provider_calls where state = 'intent'") == []
    # Every cent is on a lead, or was paid for a search.
    explained = rows(
        database.superuser_url,
        "select c.spent_micros, (select coalesce(sum(l.cost_micros), 0) from leads l where l.campaign_id = c.id)"
        " + (select coalesce(sum(p.cost_micros), 0) from provider_calls p where p.campaign_id = c.id"
        " and p.operation in ('text_search', 'geocode')) from campaigns c",
    )
    assert [spent for spent, _ in explained] == [total for _, total in explained]


def test_a_paid_campaign_finds_verifies_and_accounts(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    view = run(owner, CAFES, tmp_path)
    assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 15), view.outcome_reason
    assert view.spent_micros == fresh_stand_in.billed_micros() > 0
    books_are_right(database, fresh_stand_in)
    details = leads_of(owner, view)
    paid = sum(step.cost_micros for detail in details for step in detail.steps)
    searches = len([line for line in fresh_stand_in.bill("google_places") if line["price_micros"]])
    assert paid + searches * 35_000 == view.spent_micros
    assert searches == 1
    for detail in details:
        assert [step.step for step in detail.steps] == ["open_data", "website", "hunter", "neverbounce"]
        if detail.row.email_status is EmailStatus.VERIFIED:
            assert detail.steps[-1].outcome is StepOutcome.FOUND
    verified = [detail.row.email for detail in details if detail.row.email_status is EmailStatus.VERIFIED]
    assert verified
    answered = {line["argument"] for line in fresh_stand_in.bill("neverbounce")}
    assert {str(email) for email in verified} <= answered


def test_an_address_of_an_own_list_is_kept_as_theirs_and_verified_where_that_is_ordered(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    shop = next(shop for shop in World(200).shops if shop.email and shop.verdict == "valid")
    file = f"name;website;email\n{shop.name};{shop.domain};{shop.email}\n".encode()
    order = CampaignSpec(
        business_types=(LISTED_AS,),
        location="A list",
        sources=(OWN_LIST,),
        own_list=checked(owner, file, ListKind.OWN).id,
        budget_usd=Decimal(1),
        waterfall=("hunter", "neverbounce"),
    )
    plan = planning.estimate(owner, order)
    view = run(owner, order, tmp_path)
    (detail,) = leads_of(owner, view)
    assert (detail.row.email, detail.row.email_status) == (shop.email, EmailStatus.VERIFIED)
    (email,) = [each for each in detail.provenance if each.field == "email"]
    assert email.origin is not None
    assert email.origin.source == OWN_LIST
    # Whom the row names is not looked for.
    assert [line["argument"] for line in fresh_stand_in.bill()] == [shop.email]
    assert plan.cost_low_micros <= view.spent_micros <= plan.cost_high_micros
    assert view.spent_micros > 0
    books_are_right(database, fresh_stand_in)


def test_an_answer_that_is_held_is_not_bought_again(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    first = run(owner, CAFES, tmp_path)
    once = len(fresh_stand_in.bill("hunter")), len(fresh_stand_in.bill("neverbounce"))
    second = run(owner, CAFES, tmp_path)
    assert (len(fresh_stand_in.bill("hunter")), len(fresh_stand_in.bill("neverbounce"))) == once
    assert second.status is CampaignStatus.COMPLETED
    assert second.spent_micros < first.spent_micros
    assert {d.row.name: d.row.email for d in leads_of(owner, first)} == {
        d.row.name: d.row.email for d in leads_of(owner, second)
    }
    books_are_right(database, fresh_stand_in)


REFRESHED = CAFES.model_copy(update={"known_companies": KnownCompanies.REFRESH})


def test_an_order_that_demands_a_rating_buys_rated_pages_once_and_nothing_more(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    order = CAFES.model_copy(
        update={
            "sources": ("open_data", "google_places"),
            "waterfall": (),
            "min_rating": 4.5,
            "min_reviews": 50,
            "max_results": 10,
        }
    )
    plan = planning.estimate(owner, order)
    view = run(owner, order, tmp_path)
    details = leads_of(owner, view)
    assert (len(details), view.outcome_cause) == (10, None), (view.outcome_reason, view.notice)
    for detail in details:
        said = {each.field: each for each in detail.provenance}
        assert float(said["rating"].value or 0) >= 4.5
        assert int(said["reviews"].value or 0) >= 50
        assert said["rating"].origin is not None
        assert said["rating"].origin.source == "google_places"
    pages = fresh_stand_in.bill("google_places")
    asked = [json.loads(line["argument"]) for line in pages]
    assert {(each["ratings"], each["minRating"]) for each in asked} == {(True, 4.5)}
    assert len({json.dumps(each, sort_keys=True) for each in asked}) == len(pages)
    assert plan.cost_low_micros <= view.spent_micros <= plan.cost_high_micros
    assert view.spent_micros == 35_000 * len(pages)
    told = [event.message or "" for event in history.events(owner, view.id)]
    assert any("left out: no rating is stated by their sources." in line for line in told)
    books_are_right(database, fresh_stand_in)


def look_ups(stand_in: Providers) -> list[tuple[str, str]]:
    """Every address and domain that was paid for, as often as it was."""
    return sorted(
        (provider, line["argument"])
        for provider in ("hunter", "neverbounce")
        for line in stand_in.bill(provider)
    )


def test_a_campaign_that_refreshes_buys_what_is_held_anew_exactly_once(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    first = run(owner, CAFES, tmp_path)
    once = look_ups(fresh_stand_in)
    plan = planning.estimate(owner, REFRESHED)
    second = run(owner, REFRESHED, tmp_path)
    assert look_ups(fresh_stand_in) == sorted(once * 2)
    assert (second.status, second.spent_micros) == (CampaignStatus.COMPLETED, first.spent_micros)
    assert plan.cost_low_micros <= second.spent_micros <= plan.cost_high_micros
    assert plan.included_micros is not None
    assert plan.included_micros[1] < plan.cost_low_micros
    assert run(owner, CAFES, tmp_path).spent_micros <= plan.included_micros[1]
    assert look_ups(fresh_stand_in) == sorted(once * 2)
    assert rows(database.superuser_url, "select count(distinct company_id), count(*) from leads") == [
        (15, 45)
    ]
    books_are_right(database, fresh_stand_in)


def test_a_campaign_that_refreshes_and_is_killed_or_goes_on_with_more_money_buys_nothing_twice(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    run(owner, CAFES, tmp_path)
    once = look_ups(fresh_stand_in)
    mark = tmp_path / "mark"
    short = campaigns.submit(owner, REFRESHED.model_copy(update={"budget_usd": Decimal("0.16")}), "short")
    with worker(tmp_path, CRASH_AT=f"call.settled:3:self:{mark}"):
        eventually(mark.exists, "the death of the run")
        assert ended(owner, short).status is CampaignStatus.PARTIAL
        assert len(once) < len(look_ups(fresh_stand_in)) < 2 * len(once)
        continuing.add_budget(owner, short, Decimal(5), "more")
        view = ended(owner, short)
    assert view.status is CampaignStatus.COMPLETED
    asked = Counter(look_ups(fresh_stand_in))
    # What was on its way when the run died may have been billed, and is not asked for again.
    assert set(asked) == set(once)
    assert set(asked.values()) <= {1, 2}
    assert asked.total() > 2 * len(once) - THREADS
    books_are_right(database, fresh_stand_in)


def test_companies_chosen_from_the_book_are_looked_up_again_without_their_source(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    first = run(owner, CAFES, tmp_path)
    once = look_ups(fresh_stand_in)
    companies = [
        row.company_id for row in book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY, limit=100).rows
    ]
    removed = "select company_id, retain_until, lat, category from leads where is_current order by 1"
    before = rows(database.superuser_url, removed)
    chosen = book_again.choose(owner, companies)
    assert (chosen.companies, Decimal(0) < chosen.budget_usd < 2) == (15, True)
    order = again_of(chosen)
    plan = planning.estimate(owner, order)
    second = run(owner, order, tmp_path)
    assert (second.status, second.lead_count, second.in_book) == (CampaignStatus.COMPLETED, 15, 15)
    assert second.title == "Look up again: 15 companies"
    assert look_ups(fresh_stand_in) == sorted(once * 2)
    assert plan.cost_low_micros <= second.spent_micros <= plan.cost_high_micros
    assert second.spent_micros == first.spent_micros - 35_000
    assert second.simulated
    # The same companies where they were, of the same kind, and not kept a day longer.
    assert rows(database.superuser_url, removed) == before
    assert rows(database.superuser_url, "select count(*) from companies") == [(15,)]
    assert rows(database.superuser_url, "select distinct campaign_id from leads where is_current") == [
        (str(second.id),)
    ]
    books_are_right(database, fresh_stand_in)


def again_of(chosen: Chosen) -> CampaignSpec:
    """The order the form makes of a list that was chosen from the book."""
    return REFRESHED.model_copy(
        update={
            "business_types": (LISTED_AS,),
            "location": f"Look up again: {chosen.companies} companies",
            "sources": (LEAD_BOOK,),
            "own_list": chosen.list_id,
            "budget_usd": chosen.budget_usd,
        }
    )


def test_a_second_campaign_for_new_companies_pays_nothing_for_known_ones(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    first = run(owner, CAFES, tmp_path)
    new_only = CAFES.model_copy(update={"known_companies": KnownCompanies.SKIP})
    plan = planning.estimate(owner, new_only)
    second = run(owner, new_only, tmp_path)
    assert (second.status, second.lead_count) == (CampaignStatus.COMPLETED, 15), second.outcome_reason
    assert (first.in_book, second.in_book) == (0, 15)
    assert plan.cost_low_micros <= second.spent_micros <= plan.cost_high_micros
    held = rows(
        database.superuser_url, "select company_id, count(*) from leads group by 1 having count(*) > 1"
    )
    assert held == []
    known, asked = (
        {domain for (domain,) in rows(database.superuser_url, f"{query} '{view.id}' and {domains}")}
        for view, query, domains in (
            (first, "select domain from leads where campaign_id =", "domain is not null"),
            (
                second,
                "select arguments ->> 'domain' from provider_calls where campaign_id =",
                "provider = 'hunter'",
            ),
        )
    )
    # Not even for nothing: whoever is known is not looked up.
    assert known
    assert asked
    assert not asked & known
    books_are_right(database, fresh_stand_in)


def test_the_budget_ends_the_campaign_and_is_never_exceeded(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    view = run(owner, CAFES.model_copy(update={"budget_usd": Decimal("0.10")}), tmp_path)
    assert view.status is CampaignStatus.PARTIAL
    assert "budget" in str(view.outcome_reason)
    assert view.lead_count == 15
    assert view.spent_micros <= 100_000
    books_are_right(database, fresh_stand_in)


def test_a_limit_set_after_the_order_ends_the_campaign_below_it(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    campaign = campaigns.submit(owner, CAFES, "ordered before")
    limits.set_limit(owner, limits.Period.DAY, Decimal("0.10"))
    with worker(tmp_path):
        view = ended(owner, campaign)
    assert (view.status, view.outcome_cause) == (CampaignStatus.PARTIAL, Cause.LIMIT_REACHED)
    assert "The workspace's limit for today leaves too little for the next paid call." in str(
        view.outcome_reason
    )
    assert (view.lead_count, view.can_continue, view.lacks_budget) == (15, True, False)
    assert 0 < view.spent_micros <= 100_000
    assert fresh_stand_in.billed_micros() <= 100_000
    with reader(database.superuser_url) as answers:
        assert list(wrong_counters(answers)) == []
    with pytest.raises(Conflict, match="The workspace's limit for today"):
        continuing.go_on(owner, campaign)
    limits.set_limit(owner, limits.Period.DAY, None)
    continuing.go_on(owner, campaign)
    books_are_right(database, fresh_stand_in)


def test_a_revoked_key_ends_that_provider_and_not_the_campaign(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    body = '{"errors": [{"id": "authentication_failed", "code": 401, "details": "No."}]}'
    fresh_stand_in.order_faults(
        {"operation": "domain_search", "kind": "answer", "first": 3, "status": 401, "body": body}
    )
    view = run(owner, CAFES.model_copy(update={"max_results": 80}), tmp_path)
    assert view.status is CampaignStatus.PARTIAL
    assert "Hunter refused the key" in str(view.outcome_reason)
    assert view.lead_count == 80
    # After the first refusal only what was on its way.
    assert 3 <= fresh_stand_in.calls("domain_search") <= 2 + THREADS
    hunter = [step for detail in leads_of(owner, view) for step in detail.steps if step.step == "hunter"]
    left = [step for step in hunter if step.is_open]
    assert len(left) > fresh_stand_in.calls("domain_search")
    assert {step.detail for step in left} == {"Hunter refused the key of this installation."}
    ((state, message),) = rows(
        database.superuser_url, "select state, message from provider_status where provider = 'hunter'"
    )
    assert (state, message) == ("refused", "Hunter refused the key of this installation.")
    books_are_right(database, fresh_stand_in)


@pytest.mark.parametrize("oddity", ["list_failed_billed", "missing_rows"])
def test_what_a_list_left_open_is_asked_again_and_every_cent_stands_on_a_lead(
    oddity: str, owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    fresh_stand_in.order_faults({"operation": "jobs_create", "kind": oddity})
    spec = CAFES.model_copy(update={"max_results": 100, "waterfall": ("hunter", "neverbounce")})
    with worker(tmp_path):
        view = ended(owner, campaigns.submit(owner, spec, str(new_id())))
        assert view.status is CampaignStatus.PARTIAL
        missing = continuing.unanswered(owner, view.id)
        assert missing.look_ups > 0
        assert missing.price_micros == missing.look_ups * 8_000
        assert view.uncertain_micros == 0
        assert view.spent_micros == fresh_stand_in.billed_micros()
        books_are_right(database, fresh_stand_in)
        fresh_stand_in.order_faults()
        continuing.retry_unanswered(owner, view.id)
        after = ended(owner, view.id)
    assert after.status is CampaignStatus.COMPLETED, after.outcome_reason
    assert continuing.unanswered(owner, view.id).look_ups == 0
    assert after.spent_micros == view.spent_micros + missing.price_micros == fresh_stand_in.billed_micros()
    books_are_right(database, fresh_stand_in)


OFTEN = {
    "server error": {"kind": "answer", "status": 503, "every": 3},
    "cut in the middle": {"kind": "cut", "every": 4},
    "too fast": {
        "kind": "answer",
        "status": 403,
        "body": '{"errors": [{"id": "too_many_requests"}]}',
        "every": 5,
    },
}


@pytest.mark.parametrize("name", OFTEN)
def test_whatever_goes_wrong_again_and_again_the_campaign_ends_and_the_books_are_right(
    name: str, owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    fresh_stand_in.order_faults(
        {"operation": "domain_search", **OFTEN[name]}, {"operation": "single_check", **OFTEN[name]}
    )
    view = run(owner, CAFES, tmp_path)
    assert view.status in (CampaignStatus.COMPLETED, CampaignStatus.PARTIAL), view.outcome_reason
    assert view.lead_count == 15
    books_are_right(database, fresh_stand_in)


UNREADABLE: dict[str, dict[str, Any]] = {
    "html instead of json": {"body": "<html>Sign in</html>"},
    "empty answer": {"status": 204},
    "nothing at all": {"body": ""},
    "a list": {"body": "[]"},
    "null": {"body": "null"},
    "not a number": {"body": '{"data": NaN}'},
    "endless number": {"body": '{"data": 1e999}'},
    "endless nesting": {"body": "[" * 100_000},
    "a name twice": {
        "body": '{"status": "success", "data": {}, "data": {"emails": []}, "status": "success"}'
    },
    "another encoding": {"body": '{"data": {"emails": []}}', "encoding": "utf-16"},
    "moved inside": {"status": 301, "headers": {"Location": "http://127.0.0.1/"}},
    "cut in the middle": {"kind": "cut"},
    "too large": {"kind": "huge"},
    "a bomb": {"kind": "bomb"},
}


def in_turn(operation: str, faults: Mapping[str, dict[str, Any]], every: int) -> list[dict[str, Any]]:
    """Each fault once, with good answers between them: many in a row would open the breaker."""
    return [
        {"kind": "answer", "status": 200, **fault, "operation": operation}
        | {"first": every * number, "last": every * number, "every": 1}
        for number, fault in enumerate(faults.values(), 1)
    ]


def test_an_answer_nobody_can_read_costs_one_look_up_and_says_so(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    fresh_stand_in.order_faults(*in_turn("domain_search", UNREADABLE, 3))
    spec = CAFES.model_copy(update={"max_results": 100, "waterfall": ("website", "hunter")})
    view = run(owner, spec, tmp_path)
    assert view.status is CampaignStatus.COMPLETED, view.outcome_reason
    steps = [step for detail in leads_of(owner, view) for step in detail.steps if step.step == "hunter"]
    uncertain = [step for step in steps if step.outcome is StepOutcome.UNCERTAIN]
    assert len(uncertain) == len(UNREADABLE)
    assert all("may have been billed" in step.detail for step in uncertain)
    assert view.uncertain_micros == sum(step.cost_micros for step in uncertain) == len(uncertain) * 24_500
    # Nothing of it was asked for a second time.
    assert fresh_stand_in.calls("domain_search") == len(
        [s for s in steps if s.outcome is not StepOutcome.SKIPPED]
    )
    books_are_right(database, fresh_stand_in)


def test_pages_that_fail_leave_a_partial_campaign_with_its_leads_and_true_reasons(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """The first page comes to nothing, then with one place that no JSON is, and the second is refused."""
    fresh_stand_in.order_faults(
        lost("text_search", "garbage", first=1, last=1),
        {"operation": "text_search", "kind": "nan", "first": 2, "last": 2},
        {"operation": "text_search", "kind": "refused_page", "first": 3},
        {"operation": "domain_search", "kind": "linked_domains"},
    )
    spec = CAFES.model_copy(update={"max_results": 60, "waterfall": ("hunter",)})
    view = run(owner, spec, tmp_path)
    assert (view.status, view.outcome_cause) == (CampaignStatus.PARTIAL, Cause.NOT_UNDERSTOOD)
    assert view.outcome_reason == "Google Places does not understand what it is asked."
    assert view.notice is None
    assert 15 <= view.lead_count <= 19
    assert fresh_stand_in.calls("text_search") == 3
    assert sum(line["price_micros"] for line in fresh_stand_in.bill("google_places")) == 2 * 35_000
    assert view.uncertain_micros == 35_000
    books_are_right(database, fresh_stand_in)
    details = leads_of(owner, view)
    assert not [detail for detail in details if detail.row.email]
    said = {detail.row.why_empty for detail in details}
    assert all("Google Maps was not asked for opening hours." in why for why in said)
    assert not [why for why in said if "lists no opening hours" in why or "lists no e-mail" in why]
    assert any("Hunter knows addresses of other domains only" in why for why in said)
    reasons = [field.empty_reason for detail in details for field in detail.provenance]
    assert any("Hunter knows addresses of other domains only" in (reason or "") for reason in reasons)
    exported = exporting.export(owner, view.id, LeadFilter(), LeadSort.CONFIDENCE, "csv").data.decode()
    assert "Google Maps was not asked for an e-mail address." in exported


def place(number: int, **values: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": f"odd-{number}",
        "displayName": {"text": f"Lantern number {number}"},
        "location": {"latitude": 60.17 + number * 0.0004, "longitude": 24.94},
        "types": ["cafe"],
        "primaryType": "cafe",
    }
    return given | values


# A domain of the stand-in that takes mail and whose site shows no address.
OWN = next(
    str(shop.domain)
    for shop in World(0).shops
    if shop.domain and not shop.site_email and shop.number % 40 != 39
)
ODD_SITES = (
    "javascript:alert(1)", "http://169.254.169.254/", "ftp://x", "https://user:pw@x.test/", "https://facebook.com/lantern",
    "https://lantern.test/" + "x" * 5000,
)  # fmt: skip
ODD_PLACES = [
    place(1, id=None),
    place(2, displayName={}),
    place(3, location=None),
    *(place(10 + number, websiteUri=site) for number, site in enumerate(ODD_SITES)),
    place(20, websiteUri=f"HTTP://{OWN.upper()}:80/.."),
    place(21, websiteUri="https://bäckerei.test/"),
    place(22, internationalPhoneNumber="call us!", rating="4,5"),
    place(23, displayName={"text": "y" * 1_000_000}),
    place(24, displayName={"text": "=HYPERLINK(1)"}),
    place(25, location={"latitude": "60.18", "longitude": "24.95"}),
    place(26, businessStatus="CLOSED_PERMANENTLY"),
    *(
        place(27, id=f"twin-{n}", websiteUri="https://twin.test/", nationalPhoneNumber="09 1234567")
        for n in (1, 2)
    ),
    5,
]
ODD_EMAILS = {
    "": 150, "a@b": "high", "A@B.COM": None, f"x@{OWN}\nBcc: y@{OWN}": 5, "z" * 330 + f"@{OWN}": 1,
    f"ONE@{OWN}, two@{OWN}": 150, f"jörg@{OWN}": "high",
}  # fmt: skip


def test_odd_answers_become_leads_with_gaps_and_reasons(
    owner: Person, fresh_stand_in: Providers, database: Database, tmp_path: Path
) -> None:
    """Everything odd a provider may say, told at once."""
    always = {"kind": "answer", "status": 200}
    emails = [{"value": value, "confidence": confidence} for value, confidence in ODD_EMAILS.items()]
    fresh_stand_in.order_faults(
        {
            **always,
            "operation": "text_search",
            "body": json.dumps({"places": ODD_PLACES, "nextPageToken": ""}),
        },
        {**always, "operation": "domain_search", "body": json.dumps({"data": {"emails": emails}})},
        {**always, "operation": "single_check", "body": '{"status": "success", "result": "new_value"}'},
    )
    view = run(owner, CAFES.model_copy(update={"max_results": 50}), tmp_path)
    assert view.status is CampaignStatus.COMPLETED, view.outcome_reason
    details = leads_of(owner, view)
    by = {detail.row.name: detail for detail in details}
    assert len(by) == len(details)
    gone = {"Lantern number 1", "Lantern number 26", ""}
    assert not gone & set(by)
    assert {"Lantern number 3", "Lantern number 25", "=HYPERLINK(1)", "Lantern number 27"} <= set(by)
    assert max(map(len, by)) <= 300
    for number, site in enumerate(ODD_SITES):
        row = by[f"Lantern number {10 + number}"].row
        assert row.website in (None, "https://facebook.com/lantern"), site
        assert row.email is None
    assert by["Lantern number 22"].row.phone is None
    assert "not a valid phone" in by["Lantern number 22"].row.why_empty
    found = by["Lantern number 20"]
    assert found.row.website == f"http://{OWN}/.."
    assert {contact.email for contact in found.contacts} == {f"ONE@{OWN}", f"jörg@{OWN}"}
    assert {contact.certainty for contact in found.contacts} == {None}
    assert not [detail for detail in details if detail.row.email_status is EmailStatus.VERIFIED]
    exported = exporting.export(owner, view.id, LeadFilter(), LeadSort.CONFIDENCE, "csv").data
    assert b"\n=HYPERLINK" not in exported
    books_are_right(database, fresh_stand_in)


def test_no_key_shows_anywhere(
    fresh_stand_in: Providers, database: Database, redis_url: str, tmp_path: Path
) -> None:
    """After every fault: not in the log, a row, Redis, an export, nor on any page."""
    token = first_admin("boss@example.com", PASSWORD)
    boss = identity.who_is(token)
    assert boss is not None
    faults = OFTEN | {
        name: UNREADABLE[name] for name in ("html instead of json", "moved inside", "too large", "a list")
    }
    operations = ("geocode", "domain_search", "single_check")
    fresh_stand_in.order_faults(
        *(fault for operation in operations for fault in in_turn(operation, faults, 2))
    )
    refused = {"kind": "answer", "status": 400, "body": '{"error": {"status": "INVALID_ARGUMENT"}}'}
    with worker(tmp_path):
        view = ended(boss, campaigns.submit(boss, CAFES, str(new_id())))
        fresh_stand_in.order_faults({"operation": "text_search", "every": 1, **refused})
        failed = ended(boss, campaigns.submit(boss, CAFES, str(new_id())))
    shown = [repr(campaigns.get(boss, each.id)) for each in (view, failed)]
    shown += [repr(history.events(boss, each.id)) for each in (view, failed)]
    shown += [repr(leads_of(boss, view)), repr(spending.calls(boss, None, limit=1000))]
    lead = leads_of(boss, view)[0].row.name
    # Each place with something that has to be in it: a search that finds nothing anywhere would prove nothing.
    places = {
        "the log": ((tmp_path / "worker.log").read_text(), "rq.worker"),
        "the database": (dumped(database.superuser_url), "Hunter sent an answer that cannot be read."),
        "Redis": (remembered(redis_url), "limit:hunter"),
        "an export": (exported(boss, view.id, "csv"), lead),
        "a workbook": (exported(boss, view.id, "xlsx"), lead),
        "what services tell": (" ".join(shown), lead),
        "the pages": (drawn(token, view.id, failed.id), "Hunter"),
    }
    for name, (text, marker) in places.items():
        assert marker in text, name
        for secret in SECRETS:
            assert secret not in text, name
    assert {line["outcome"] for line in fresh_stand_in.bill("hunter")} == {"answered"}


def exported(person: Person, campaign: UUID, kind: str) -> str:
    """All text of a download."""
    data = exporting.export(person, campaign, LeadFilter(), LeadSort.CONFIDENCE, kind).data
    if kind == "csv":
        return data.decode("utf-8-sig")
    with ZipFile(BytesIO(data)) as book:
        return " ".join(book.read(name).decode() for name in book.namelist())


def drawn(token: str, *shown: UUID) -> str:
    """Every page, with every campaign, as its browser is told to draw it."""
    text = []
    for page in sorted((settings.PROJECT_ROOT / "pages").glob("*.py")):
        for campaign in shown:
            app = AppTest.from_file(str(settings.PROJECT_ROOT / "streamlit_app.py"), default_timeout=30)
            app.session_state[TOKEN_KEY] = token
            app.switch_page(f"pages/{page.name}")
            app.query_params["campaign"] = str(campaign)
            app.run()
            assert [error.value for error in app.exception] == [], page.name
            text += [repr(app.main), repr(app.sidebar)]
            text += [table.value.to_string() for table in app.dataframe]
    return " ".join(text)


def dumped(url: str) -> str:
    """Every row of every table."""
    tables = rows(url, "select table_name from information_schema.tables where table_schema = 'public'")
    return " ".join(str(rows(url, f"select t::text from {name} t")) for (name,) in tables)


def remembered(url: str) -> str:
    """Every key of Redis with its value as it is stored."""
    with closing(redis.Redis.from_url(url)) as connection:
        keys = list(connection.scan_iter("*"))
        return " ".join(f"{key!r} {connection.dump(key)!r}" for key in keys)
