"""Companies are handed to customer systems: nobody twice, nothing typed there written over, nobody who must stay here.

What every system has to keep is asked of each; what the work does whichever it is, of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

import settings
from jobs import housekeeping, list_work
from pipeline.crm.adapter import Access
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
from store import crm as store_crm
from store import crm_work as taking
from store import locks
from store.database import Role, transaction
from store.ids import new_id
from tests.support.campaigns import finished, lead
from tests.support.company_hook import CompanyHook
from tests.support.crm_accounts import Account, running
from tests.support.hubspot import MAPPING, HubSpot
from tests.support.interleaved import begun
from tests.support.people import joins, person
from tests.support.pipedrive import Pipedrive
from tests.support.salesforce import Salesforce
from tests.support.servers import Database, change, rows

HUBSPOT = "hubspot"
TODAY = date(2026, 11, 26)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
DUE = "update crm_runs set due_at = now(), held_until = null where due_at is not null"


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def kind() -> type[Account]:
    """The system a test is about, unless it asks for each."""
    return HubSpot


of_each = pytest.mark.parametrize("kind", [HubSpot, Pipedrive, Salesforce])


@pytest.fixture
def account(kind: type[Account], monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with running(kind()) as there:
        monkeypatch.setenv("CRM_GATEWAY", there.url)
        settings.get.cache_clear()
        yield there
    settings.get.cache_clear()


@pytest.fixture
def connected(owner: Person, account: Account) -> Person:
    crm.connect(owner, account.SYSTEM, account.credentials)
    crm.change(owner, account.SYSTEM, {"mapping": account.MAPPING})
    work()
    (row,) = crm.listing(owner)
    assert (row.problem, set(account.MAPPING.values()) <= set(row.properties or ())) == (None, True)
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
    (connection,) = crm.listing(owner)
    run = crm_runs.look(owner, connection.crm, list(companies.values()))
    work()
    return run


def pushed(owner: Person, companies: dict[str, UUID]) -> UUID:
    run = looked(owner, companies)
    crm_runs.push(owner, run)
    work()
    return run


def items(owner: Person, run: UUID) -> dict[str | None, tuple[str, str | None, str | None]]:
    return {item.name: (item.state, item.action, item.why) for item in crm_runs.items(owner, run)}


def waits_s(database: Database) -> int:
    """Seconds until the run goes on."""
    ((waits,),) = rows(database.superuser_url, "select extract(epoch from due_at - now()) from crm_runs")
    return int(str(waits).partition(".")[0])


def the_run(owner: Person) -> crm_runs.RunRow:
    return crm_runs.runs(owner)[0]


def state(owner: Person, company: UUID) -> State:
    (standing,) = book.company(owner, company).handed_over
    return standing.state


@of_each
def test_a_dry_run_says_what_would_be_and_writes_nothing_and_a_push_does_it_once(
    connected: Person, account: Account
) -> None:
    companies = found(connected, 4, 5)
    typed = account.company(domain="cafe4.test", name="Four", phone="", city="Helsinki")
    run = looked(connected, companies)
    assert account.writes() == []
    assert items(connected, run) == {
        "Cafe 005": ("planned", "create", None),
        "Cafe 004": ("planned", "update", None),
    }
    (known,) = [item for item in crm_runs.items(connected, run) if item.action == "update"]
    assert (known.their_id, account.MAPPING["phone"] in known.fields) == (typed, True)
    assert account.MAPPING["city"] not in known.fields
    assert the_run(connected).state == "looked"
    crm_runs.push(connected, run)
    work()
    assert the_run(connected).state == "done"
    assert account.value(typed, "city") == "Helsinki", "what their people typed stays"
    assert (account.value(typed, "name"), account.value(typed, "phone")) == ("Four", "+358401234504")
    assert account.names() == ["Cafe 005", "Four"]
    assert state(connected, companies["Cafe 005"]) is State.PUSHED
    told = subject_reports.report(connected, subject_of("cafe4.test")).told["handed_to_customer_systems"]
    assert f"'its_id_there': '{typed}'" in str(told)
    before = account.writes()
    again = pushed(connected, companies)
    assert {action for _, action, _ in items(connected, again).values()} == {"same"}
    assert account.writes() == before, "nothing new, nothing written"


def test_several_of_ours_that_share_a_mailbox_are_one_there(connected: Person, account: Account) -> None:
    run = looked(connected, found(connected, 1, 2, 3, email="info@cafe.test"))
    assert items(connected, run) == {
        "Cafe 001": ("planned", "create", None),
        "Cafe 002": ("skipped", None, "same"),
        "Cafe 003": ("skipped", None, "same"),
    }


@of_each
def test_who_is_there_is_found_by_domain_then_mail_then_phone(connected: Person, account: Account) -> None:
    companies = found(connected, 1, 2, 4) | found(connected, 3, email="three@else.test")
    by_domain = account.company(domain="cafe1.test", name="A")
    account.company(phone="+358401234501", name="Not this one")
    by_phone = account.company(phone="040 1234502", name="B")
    by_mail = account.company(name="C")
    account.contact("three@else.test", by_mail)
    account.company(name="Cafe 004", city="Another one of this name")
    run = looked(connected, companies)
    assert {item.name: item.their_id for item in crm_runs.items(connected, run)} == {
        "Cafe 001": by_domain,
        "Cafe 002": by_phone,
        "Cafe 003": by_mail,
        "Cafe 004": None,
    }


@of_each
def test_an_address_becomes_a_contact_of_its_company_and_never_a_second_one(
    connected: Person, account: Account
) -> None:
    there = account.contact("two@cafe2.test")
    companies = found(connected, 1, email="one@cafe1.test") | found(connected, 2, email="two@cafe2.test")
    pushed(connected, companies | found(connected, 3))
    by_name = {account.value(id, "name"): id for id in account.companies}
    contacts = {values["email"]: values["company"] for values in account.contacts.values()}
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
    assert account.names() == ["Cafe 044"]


def test_a_value_of_ours_that_changed_is_written_where_nobody_typed_over_it(
    connected: Person, account: Account
) -> None:
    companies = found(connected, 1)
    pushed(connected, companies)
    (id,) = account.companies
    account.companies[id][account.MAPPING["city"]] = "Typed there"
    book_edits.edit(connected, companies["Cafe 001"], {"name": "Another name", "city": "Turku 2"})
    assert state(connected, companies["Cafe 001"]) is State.CHANGED
    pushed(connected, companies)
    assert (account.value(id, "name"), account.value(id, "city")) == ("Another name", "Typed there")
    assert list(account.companies) == [id]


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (HubSpot, "lost"),
        (Pipedrive, "lost"),
        (Salesforce, "lost"),
        (CompanyHook, "lost"),
        (HubSpot, "503 Away"),
        (Pipedrive, "429 Too Many; Retry-After: 30"),
    ],
)
def test_a_batch_that_was_interrupted_goes_on_and_makes_nobody_twice(
    connected: Person, account: Account, database: Database, fault: str
) -> None:
    companies = found(connected, 1, 2)
    run = looked(connected, companies)
    account.faults.append((account.CREATE, fault))
    crm_runs.push(connected, run)
    work()
    row = the_run(connected)
    assert (row.state, row.tries, row.waits) == ("pushing", 1, 2)
    assert waits_s(database) >= (29 if fault.startswith("429") else 80)
    assert work() == [], "not before its time"
    change(database.superuser_url, DUE)
    work()
    assert the_run(connected).state == "done"
    assert account.names() == ["Cafe 001", "Cafe 002"]
    assert state(connected, companies["Cafe 002"]) is State.PUSHED


@of_each
def test_what_was_made_is_found_again_by_nothing_but_its_values(
    connected: Person, account: Account, database: Database
) -> None:
    kept = {name: account.MAPPING[name] for name in ("name", "description")}
    crm.change(connected, account.SYSTEM, {"mapping": kept})
    run = looked(connected, found(connected, 1))
    account.faults.append((account.CREATE, "lost"))
    crm_runs.push(connected, run)
    work()
    change(database.superuser_url, DUE)
    work()
    assert (the_run(connected).state, account.names()) == ("done", ["Cafe 001"])


def test_a_contact_that_fails_leaves_time_to_find_the_company_that_was_made(
    connected: Person, account: Account, database: Database
) -> None:
    run = looked(connected, found(connected, 1, email="one@cafe1.test"))
    account.faults.append(("contacts/batch/create", "429 Too Many; Retry-After: 1"))
    crm_runs.push(connected, run)
    work()
    assert waits_s(database) >= 80
    change(database.superuser_url, DUE)
    work()
    assert (the_run(connected).state, account.names()) == ("done", ["Cafe 001"])
    assert len(account.contacts) == 1


def test_a_run_that_is_stopped_and_goes_on_waits_for_the_batch_that_is_being_written(
    connected: Person, account: Account
) -> None:
    run = looked(connected, found(connected, 1))
    crm_runs.push(connected, run)
    with transaction(Role.SYSTEM) as conn:
        taken = taking.run(conn, 600)
    assert taken is not None
    crm_runs.stop(connected, run)
    crm_runs.push(connected, run)
    assert (work(), len(account.companies)) == ([], 0)
    with transaction(Role.SYSTEM) as conn:
        taking.wait(conn, taken, None, 0)
    work()
    assert (the_run(connected).state, len(account.companies)) == ("done", 1)


def test_of_two_that_begin_a_hand_off_at_once_one_is_told_to_wait(
    connected: Person, database: Database
) -> None:
    companies = list(found(connected, 1).values())
    (connection,) = crm.listing(connected)
    with ThreadPoolExecutor(1) as pool, transaction(Role.WEB, proof=connected.proof) as conn:
        locks.hold_hand_offs(conn, connected.workspace_id, connection.crm)
        assert store_crm.begin(
            conn, connected.workspace_id, connected.id, new_id(), connection.crm, companies
        )
        second = begun(pool, database, lambda: crm_runs.look(connected, connection.crm, companies))
        conn.commit()
        with pytest.raises(Conflict, match="under way"):
            second.result()


@of_each
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
    kind = crm.CRMS[account.SYSTEM]
    typed = {each.key: each.read(account.credentials[each.key]) or "" for each in kind.fields}
    system = kind.open(Access(typed=typed, user_agent="ProspectPro/1", at=NOON, gateway=account.url))
    with closing(system):
        crm_batches.carried_out(system, taken, waiting)
    assert len(account.companies) == 2
    assert work() == [], "nobody else goes on before the time of whoever had it is over"
    change(database.superuser_url, DUE)
    work()
    assert (the_run(connected).state, the_run(connected).same) == ("done", 2)
    assert len(account.companies) == 2
    assert {state(connected, company) for company in companies.values()} == {State.PUSHED}


@of_each
def test_a_company_that_is_not_taken_fails_and_the_others_do_not(connected: Person, account: Account) -> None:
    companies = found(connected, 1, 2)
    account.refuses = {"Cafe 001"}
    run = pushed(connected, companies)
    assert items(connected, run)["Cafe 001"] == ("failed", "create", account.REFUSAL)
    assert state(connected, companies["Cafe 001"]) is State.FAILED
    assert state(connected, companies["Cafe 002"]) is State.PUSHED
    account.refuses = set()
    crm_runs.push(connected, run)
    work()
    assert state(connected, companies["Cafe 001"]) is State.PUSHED
    assert account.names() == ["Cafe 001", "Cafe 002"]


def test_a_batch_that_is_refused_as_a_whole_is_sent_one_by_one(connected: Person, account: Account) -> None:
    assert isinstance(account, HubSpot)
    account.traces, account.refuses = False, {"Cafe 001"}
    pushed(connected, found(connected, 1, 2))
    assert (the_run(connected).failed, account.names()) == (1, ["Cafe 002"])


@of_each
def test_a_token_that_ended_stops_the_run_and_another_one_goes_on(
    connected: Person, account: Account, database: Database
) -> None:
    companies = found(connected, 1)
    run = looked(connected, companies)
    account.token = "another-right-token"
    crm_runs.push(connected, run)
    work()
    row = the_run(connected)
    assert (row.state, row.failed) == ("stopped", 1)
    assert " refused the " in (row.problem or "")
    (standing,) = book.company(connected, companies["Cafe 001"]).handed_over
    assert standing.state is State.FAILED
    crm.connect(connected, account.SYSTEM, account.credentials)
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


def test_a_request_that_is_not_understood_stops_the_run_and_says_so(
    connected: Person, account: Account
) -> None:
    account.faults = [("/search", "400 Bad Request")]
    looked(connected, found(connected, 1))
    row = the_run(connected)
    assert (row.state, row.problem) == (
        "stopped",
        "HubSpot did not understand what was asked: status 400.",
    )


@of_each
def test_customers_come_as_a_list_that_takes_the_place_of_the_one_before(
    connected: Person, account: Account
) -> None:
    companies = found(connected, 1, 2)
    for number in (1, *range(300, 420)):
        account.customer(number)
    account.customer(2, is_one=False)
    for _ in range(2):
        crm.fetch_customers(connected, account.SYSTEM)
        work()
        list(list_work.run_due())
    kept = [row for row in lists.newest(connected) if row.removed_at is None]
    label = crm.CRMS[account.SYSTEM].label
    assert [(row.name, row.rows) for row in kept] == [(f"{label} customers", 121)]
    assert [book.company(connected, companies[name]).is_customer for name in ("Cafe 001", "Cafe 002")] == [
        True,
        False,
    ]
    (row,) = crm.listing(connected)
    assert (row.customers_count, row.customers_problem) == (121, None)
    # Fetched once more before those are stored, nobody stays a customer by the list between.
    for number in (500, 501):
        account.customer(number)
        crm.fetch_customers(connected, account.SYSTEM)
        work()
    list(list_work.run_due())
    assert [each.rows for each in lists.newest(connected) if each.removed_at is None] == [123]


@pytest.mark.parametrize("kind", [Salesforce])
def test_a_session_that_ends_midway_is_begun_anew_and_a_daily_limit_waited_for(
    connected: Person, account: Account, database: Database
) -> None:
    companies = found(connected, 1)
    account.faults = [("/query", "401 Unauthorized")]
    run = looked(connected, companies)
    assert (the_run(connected).state, account.asked.count("POST /services/oauth2/token")) == ("looked", 3)
    assert isinstance(account, Salesforce)
    account.limited = True
    crm_runs.push(connected, run)
    work()
    row = the_run(connected)
    assert (row.state, row.problem) == ("pushing", "Salesforce's limit of requests in 24 hours is reached.")
    assert waits_s(database) >= 4 * 3600 - 10


@pytest.mark.parametrize("kind", [Salesforce])
def test_a_name_cannot_end_the_literal_it_stands_in(connected: Person, account: Account) -> None:
    companies = found(connected, 1)
    odd = "L'Été \\' OR Name != '%_"
    book_edits.edit(connected, companies["Cafe 001"], {"name": odd})
    pushed(connected, companies)
    pushed(connected, companies)
    assert (the_run(connected).state, account.names()) == ("done", [odd])


@pytest.mark.parametrize("kind", [CompanyHook])
def test_any_other_system_is_posted_each_company_signed_and_once_while_it_stays_the_same(
    connected: Person, account: Account, database: Database
) -> None:
    companies = found(connected, 1, 2, email="info@cafe1.test")
    account.refuses = {"Cafe 002"}
    run = looked(connected, {"Cafe 001": companies["Cafe 001"]})
    assert account.writes() == []
    crm_runs.push(connected, run)
    work()
    (sent,) = account.companies.values()
    assert {name: sent[name] for name in ("company_id", "name", "domain", "phone", "email", "city")} == {
        "company_id": str(companies["Cafe 001"]),
        "name": "Cafe 001",
        "domain": "cafe1.test",
        "phone": "+358401234501",
        "email": "info@cafe1.test",
        "city": "Turku",
    }
    pushed(connected, companies)
    assert len(account.writes()) == 1, "the same again has the same id"
    book_edits.edit(connected, companies["Cafe 001"], {"name": "Another name"})
    pushed(connected, companies)
    assert (len(account.writes()), account.names()) == (2, ["Another name"])
    with pytest.raises(Conflict):
        crm.fetch_customers(connected, account.SYSTEM)
    account.token = CompanyHook().token.replace("YSBz", "YSBa")
    pushed(connected, companies)
    assert (the_run(connected).state, "is closed" in (the_run(connected).problem or "")) == ("stopped", True)


@pytest.mark.parametrize("kind", [CompanyHook])
def test_a_company_the_address_refuses_fails_and_the_others_do_not(
    connected: Person, account: Account
) -> None:
    account.refuses = {"Cafe 001"}
    run = pushed(connected, found(connected, 1, 2))
    assert items(connected, run)["Cafe 001"] == ("failed", "create", account.REFUSAL)
    assert account.names() == ["Cafe 002"]


def test_what_cannot_be_is_refused(connected: Person, account: Account, database: Database) -> None:
    good = dict(MAPPING)
    for mapping, said in (
        ({**good, "city": "nowhere"}, "no property nowhere"),
        ({**good, "city": "name"}, "Two columns go into name"),
        ({"city": "city"}, "needs the name or the domain"),
    ):
        with pytest.raises(Invalid) as refused:
            crm.change(connected, HUBSPOT, {"mapping": mapping})
        assert said in refused.value.fields["mapping"]
    for system, typed, wrong in (
        (HUBSPOT, {"token": "short"}, {"token"}),
        ("pipedrive", {"host": "pipedrive.com.example.com", "token": "a-right-token"}, {"host"}),
        ("webhook", {"url": "https://127.0.0.1/", "secret": "whsec_c2hvcnQ="}, {"url", "secret"}),
        ("salesforce", {"host": "169.254.169.254", "client_id": "a-consumer-key"}, {"host", "client_secret"}),
    ):
        with pytest.raises(Invalid) as refused:
            crm.connect(connected, system, typed)
        assert set(refused.value.fields) == wrong
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
    assert set(row.properties or ()) == set(MAPPING.values()), (
        "what HubSpot works out itself cannot be written"
    )
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
        crm.connect(member, HUBSPOT, account.credentials)
    crm.connect(stranger, HUBSPOT, account.credentials)
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
    assert [action for (action,) in noted] == ["crm_connected", "crm_changed", "crm_connected", "crm_pushed"]
    change(database.superuser_url, "update crm_runs set created_at = now() - interval '40 days'")
    housekeeping.forget_for_programs()
    assert crm_runs.runs(connected) == ()
    crm.disconnect(connected, HUBSPOT)
    assert crm.listing(connected) == ()
