"""Companies are handed to HubSpot: nobody twice, nothing typed there written over, nobody who must stay here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from uuid import UUID

import pytest

import settings
from jobs import housekeeping, list_work
from pipeline.lead import Lead
from pipeline.suppression import SuppressedBy, subject_of
from services import (
    book,
    book_edits,
    crm,
    crm_batches,
    crm_runs,
    crm_work,
    lists,
    subject_reports,
    suppression_list,
)
from services.crm_standing import State
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store import crm_work as taking
from store.database import Role, transaction
from tests.support.campaigns import finished, lead
from tests.support.hubspot import PROPERTIES, TOKEN, Account, hubspot
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows

HUBSPOT = "hubspot"
TODAY = date(2026, 11, 26)
DUE = "update crm_runs set due_at = now() where due_at is not null"


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with hubspot() as running:
        monkeypatch.setenv("CRM_GATEWAY", running.url)
        settings.get.cache_clear()
        yield running
    settings.get.cache_clear()


@pytest.fixture
def connected(owner: Person, account: Account) -> Person:
    crm.connect(owner, HUBSPOT, TOKEN)
    work()
    return owner


def work() -> list[str]:
    return list(crm_work.run_due())


def cafe(number: int, **values: object) -> Lead:
    return lead(number, domain=f"cafe{number}.test", phone=f"+3584012345{number:02}", city="Turku", **values)


def found(owner: Person, *numbers: int, **values: object) -> dict[str, UUID]:
    """Cafés of the book, by name."""
    finished(owner, [cafe(number, **values) for number in numbers])
    listed = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    return {row.lead.name: row.company_id for row in listed}


def looked(owner: Person, companies: dict[str, UUID]) -> UUID:
    run = crm_runs.look(owner, HUBSPOT, list(companies.values()))
    work()
    return run


def pushed(owner: Person, companies: dict[str, UUID]) -> UUID:
    run = looked(owner, companies)
    crm_runs.push(owner, run)
    work()
    return run


def items(owner: Person, run: UUID) -> dict[str | None, tuple[str, str | None, str | None]]:
    return {item.name: (item.state, item.action, item.why) for item in crm_runs.items(owner, run)}


def the_run(owner: Person) -> crm_runs.RunRow:
    return crm_runs.runs(owner)[0]


def state(owner: Person, company: UUID) -> State:
    (standing,) = book.company(owner, company).handed_over
    return standing.state


def test_a_dry_run_says_what_would_be_and_writes_nothing_and_a_push_does_it_once(
    connected: Person, account: Account
) -> None:
    companies = found(connected, 1, 2, 3, email="info@cafe.test")
    typed = account.company(name="The café", domain="cafe2.test", phone="", city="Helsinki")
    run = looked(connected, companies)
    assert account.writes() == []
    assert items(connected, run) == {
        "Cafe 001": ("planned", "create", None),
        "Cafe 002": ("skipped", None, "same"),
        "Cafe 003": ("skipped", None, "same"),
    }, "three that share a mailbox are one there"
    companies = found(connected, 4, 5)
    account.company(domain="cafe4.test", name="Four", phone="", city="Helsinki")
    chosen = {name: companies[name] for name in ("Cafe 004", "Cafe 005")}
    run = looked(connected, chosen)
    assert items(connected, run) == {
        "Cafe 005": ("planned", "create", None),
        "Cafe 004": ("planned", "update", None),
    }
    (known,) = [item for item in crm_runs.items(connected, run) if item.action == "update"]
    assert list(known.fields) == ["address", "description", "phone"]
    assert the_run(connected).state == "looked"
    crm_runs.push(connected, run)
    work()
    assert the_run(connected).state == "done"
    assert account.companies[known.their_id or ""]["city"] == "Helsinki", "what their people typed stays"
    assert account.companies[known.their_id or ""]["phone"] == "+358401234504"
    assert account.companies[typed]["name"] == "The café"
    assert state(connected, chosen["Cafe 005"]) is State.PUSHED
    told = subject_reports.report(connected, subject_of("cafe4.test")).told["handed_to_customer_systems"]
    assert f"'its_id_there': '{known.their_id}'" in str(told)
    before = account.writes()
    again = pushed(connected, chosen)
    assert {action for _, action, _ in items(connected, again).values()} == {"same"}
    assert account.writes() == before, "nothing new, nothing written"


def test_who_is_there_is_found_by_domain_then_mail_then_phone(connected: Person, account: Account) -> None:
    companies = found(connected, 1, 2) | found(connected, 3, email="three@else.test")
    by_domain = account.company(domain="cafe1.test", name="A")
    account.company(phone="+358401234501", name="Not this one")
    by_phone = account.company(phone="040 1234502", name="B")
    by_mail = account.company(name="C")
    account.contact(email="three@else.test", associatedcompanyid=by_mail)
    run = looked(connected, companies)
    assert {item.name: item.their_id for item in crm_runs.items(connected, run)} == {
        "Cafe 001": by_domain,
        "Cafe 002": by_phone,
        "Cafe 003": by_mail,
    }


def test_an_address_becomes_a_contact_of_its_company_and_never_a_second_one(
    connected: Person, account: Account
) -> None:
    there = account.contact(email="two@cafe2.test")
    companies = found(connected, 1, email="one@cafe1.test") | found(connected, 2, email="two@cafe2.test")
    pushed(connected, companies | found(connected, 3))
    by_name = {values["name"]: id for id, values in account.companies.items()}
    contacts = {values["email"]: values["associatedcompanyid"] for values in account.contacts.values()}
    assert contacts == {"one@cafe1.test": by_name["Cafe 001"], "two@cafe2.test": by_name["Cafe 002"]}
    assert there in account.contacts


def test_who_must_stay_here_stays(connected: Person, account: Account, database: Database) -> None:
    companies = found(connected, 1, 2, 3, 44)
    rules = {"mapping": dict(crm.CRMS[HUBSPOT].defaults), "min_confidence": 2}
    crm.change(connected, HUBSPOT, rules)
    suppression_list.add(connected, [subject_of("cafe2.test")], "Asked", SuppressedBy.TYPED)
    change(
        database.superuser_url,
        f"update companies set is_customer = true where id = '{companies['Cafe 003']}'",
    )
    run = pushed(connected, companies)
    assert {name: why for name, (_, _, why) in items(connected, run).items()} == {
        "Cafe 001": "below_confidence",
        "Cafe 002": "suppressed",
        "Cafe 003": "customer",
        "Cafe 044": None,
    }
    assert [values["name"] for values in account.companies.values()] == ["Cafe 044"]


def test_a_value_of_ours_that_changed_is_written_where_nobody_typed_over_it(
    connected: Person, account: Account
) -> None:
    companies = found(connected, 1)
    pushed(connected, companies)
    (id,) = account.companies
    account.companies[id]["city"] = "Typed there"
    book_edits.edit(connected, companies["Cafe 001"], {"name": "Another name", "city": "Turku 2"})
    assert state(connected, companies["Cafe 001"]) is State.CHANGED
    pushed(connected, companies)
    assert (account.companies[id]["name"], account.companies[id]["city"]) == ("Another name", "Typed there")
    assert list(account.companies) == [id]


@pytest.mark.parametrize("fault", ["lost", "500 Oops", "502 Bad Gateway", "429 Too Many; Retry-After: 30"])
def test_a_batch_that_was_interrupted_goes_on_and_makes_nobody_twice(
    connected: Person, account: Account, database: Database, fault: str
) -> None:
    companies = found(connected, 1, 2)
    run = looked(connected, companies)
    account.faults.append(("companies/batch/create", fault))
    crm_runs.push(connected, run)
    work()
    row = the_run(connected)
    assert (row.state, row.tries, row.waits) == ("pushing", 1, 2)
    ((waits,),) = rows(database.superuser_url, "select extract(epoch from due_at - now()) from crm_runs")
    assert int(str(waits).partition(".")[0]) >= (29 if fault.startswith("429") else 80)
    assert work() == [], "not before its time"
    change(database.superuser_url, DUE)
    work()
    assert the_run(connected).state == "done"
    assert sorted(values["name"] for values in account.companies.values()) == ["Cafe 001", "Cafe 002"]
    assert state(connected, companies["Cafe 002"]) is State.PUSHED


def test_a_worker_that_dies_before_it_notes_what_it_made_leaves_nobody_to_be_made_twice(
    connected: Person, account: Account, database: Database
) -> None:
    companies = found(connected, 1, 2)
    run = looked(connected, companies)
    crm_runs.push(connected, run)
    with transaction(Role.SYSTEM) as conn:
        taken = taking.run(conn, 600)
        assert taken is not None
        waiting = taking.waiting(conn, taken, 50)
    system = crm.CRMS[HUBSPOT].open(account.url, TOKEN, "ProspectPro/1", "")
    with closing(system):
        crm_batches.carried_out(system, taken, waiting)
    assert len(account.companies) == 2
    assert work() == [], "nobody else goes on before the time of whoever had it is over"
    change(database.superuser_url, DUE)
    work()
    assert (the_run(connected).state, the_run(connected).same) == ("done", 2)
    assert len(account.companies) == 2
    assert {state(connected, company) for company in companies.values()} == {State.PUSHED}


def test_a_batch_that_is_done_in_part_fails_for_whom_it_failed(connected: Person, account: Account) -> None:
    companies = found(connected, 1, 2)
    for account.traces in (True, False):
        account.refuses = {"Cafe 001"}
        run = pushed(connected, companies)
        assert items(connected, run)["Cafe 001"] == (
            "failed",
            "create",
            "HubSpot did not take it: VALIDATION_ERROR.",
        )
        assert state(connected, companies["Cafe 001"]) is State.FAILED
        assert state(connected, companies["Cafe 002"]) is State.PUSHED
    account.refuses = set()
    crm_runs.push(connected, run)
    work()
    assert state(connected, companies["Cafe 001"]) is State.PUSHED
    assert sorted(values["name"] for values in account.companies.values()) == ["Cafe 001", "Cafe 002"]


def test_a_token_that_ended_stops_the_run_and_another_one_goes_on(
    connected: Person, account: Account, database: Database
) -> None:
    companies = found(connected, 1)
    run = looked(connected, companies)
    account.token = "pat-eu1-new"
    crm_runs.push(connected, run)
    work()
    row = the_run(connected)
    assert (row.state, row.failed) == ("stopped", 1)
    assert "refused the token" in (row.problem or "")
    (standing,) = book.company(connected, companies["Cafe 001"]).handed_over
    assert standing.state is State.FAILED
    crm.connect(connected, HUBSPOT, account.token)
    crm_runs.push(connected, run)
    work()
    assert state(connected, companies["Cafe 001"]) is State.PUSHED
    assert account.token not in str(rows(database.superuser_url, "select c::text from crm_connections c"))


def test_what_never_answers_is_given_up_and_tried_again_by_hand(
    connected: Person, account: Account, database: Database
) -> None:
    run = looked(connected, found(connected, 1))
    account.faults = [("/search", "503 Away")] * (len(crm_work.WAITS_S) + 1)
    crm_runs.push(connected, run)
    for _ in (*crm_work.WAITS_S, None):
        change(database.superuser_url, DUE)
        work()
    assert (the_run(connected).state, the_run(connected).failed) == ("stopped", 1)
    crm_runs.push(connected, run)
    work()
    assert the_run(connected).state == "done"


def test_what_hubspot_does_not_understand_stops_the_run_and_says_so(
    connected: Person, account: Account
) -> None:
    account.faults = [("/search", "400 Bad Request")]
    looked(connected, found(connected, 1))
    row = the_run(connected)
    assert (row.state, row.problem) == (
        "stopped",
        "HubSpot did not understand what was asked: status 400.",
    )


def test_customers_come_as_a_list_that_takes_the_place_of_the_one_before(
    connected: Person, account: Account
) -> None:
    companies = found(connected, 1, 2)
    account.company(name="x", domain="cafe1.test", lifecyclestage="customer")
    for number in range(120):
        account.company(name=f"Shop {number}", domain=f"shop{number}.test", lifecyclestage="customer")
    account.company(name="y", domain="cafe2.test", lifecyclestage="lead")
    for _ in range(2):
        crm.fetch_customers(connected, HUBSPOT)
        work()
        list(list_work.run_due())
    kept = [row for row in lists.newest(connected) if row.removed_at is None]
    assert [(row.name, row.rows) for row in kept] == [("HubSpot customers", 121)]
    assert [book.company(connected, companies[name]).is_customer for name in ("Cafe 001", "Cafe 002")] == [
        True,
        False,
    ]
    (row,) = crm.listing(connected)
    assert (row.customers_count, row.customers_problem) == (121, None)


def test_what_cannot_be_is_refused(connected: Person, account: Account, database: Database) -> None:
    good = dict(crm.CRMS[HUBSPOT].defaults)
    for mapping, said in (
        ({**good, "city": "nowhere"}, "no property nowhere"),
        ({**good, "city": "name"}, "Two columns go into name"),
        ({"city": "city"}, "needs the name or the domain"),
    ):
        with pytest.raises(Invalid) as refused:
            crm.change(connected, HUBSPOT, {"mapping": mapping})
        assert said in refused.value.fields["mapping"]
    with pytest.raises(Invalid):
        crm.connect(connected, HUBSPOT, "short")
    with pytest.raises(Invalid):
        crm_runs.look(connected, HUBSPOT, [])
    with pytest.raises(Invalid):
        crm_runs.look(connected, HUBSPOT, [UUID(int=n) for n in range(crm_runs.MOST_AT_ONCE + 1)])
    companies = found(connected, 1)
    crm_runs.look(connected, HUBSPOT, list(companies.values()))
    with pytest.raises(Conflict):
        crm_runs.look(connected, HUBSPOT, list(companies.values()))


def test_a_property_that_went_away_there_is_said(connected: Person, database: Database) -> None:
    change(database.superuser_url, 'update crm_connections set mapping = mapping || \'{"city": "town"}\'')
    crm.check(connected, HUBSPOT)
    work()
    (row,) = crm.listing(connected)
    assert set(row.properties or ()) == set(PROPERTIES), "what HubSpot works out itself cannot be written"
    assert "no property town" in (row.problem or "")


def test_other_workspaces_and_roles(connected: Person, account: Account, database: Database) -> None:
    companies = found(connected, 1)
    run = looked(connected, companies)
    stranger, member = person("stranger"), joins(database, person("member"), connected, MemberRole.MEMBER)
    viewer = joins(database, person("viewer"), connected, MemberRole.VIEWER)
    assert (crm.listing(stranger), crm_runs.items(stranger, run), crm_runs.runs(stranger)) == ((), (), ())
    for act in (crm_runs.push, crm_runs.stop, crm_runs.discard):
        with pytest.raises(NotFound):
            act(stranger, run)
        with pytest.raises(NotAllowed):
            act(viewer, run)
    with pytest.raises(NotFound):
        crm_runs.look(stranger, HUBSPOT, list(companies.values()))
    with pytest.raises(NotAllowed):
        crm.connect(member, HUBSPOT, TOKEN)
    crm.connect(stranger, HUBSPOT, TOKEN)
    with pytest.raises(Invalid, match="None of these"):
        crm_runs.look(stranger, HUBSPOT, list(companies.values()))
    crm_runs.push(member, run)
    change(
        database.superuser_url, f"delete from memberships where role = 'member' and user_id = '{member.id}'"
    )
    work()
    assert the_run(connected).state == "stopped"
    assert account.companies == {}, "whoever was put out takes nothing along"
    noted = rows(database.superuser_url, "select action from audit_log where action like 'crm%' order by id")
    assert [action for (action,) in noted] == ["crm_connected", "crm_connected", "crm_pushed"]
    change(database.superuser_url, "update crm_runs set created_at = now() - interval '40 days'")
    housekeeping.forget_for_programs()
    assert crm_runs.runs(connected) == ()
    crm.disconnect(connected, HUBSPOT)
    assert crm.listing(connected) == ()
