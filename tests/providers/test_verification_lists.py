"""Lists of addresses at NeverBounce: when they are sent, what they cost, what becomes of those that go wrong."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

import pytest

from pipeline.causes import Cause
from pipeline.contact.email_checks import FreeChecks
from pipeline.enrichment.contact_choice import with_contacts
from pipeline.enrichment.steps import reopened
from pipeline.lead import Contact, EmailStatus, Lead, Origin, StepOutcome
from pipeline.money.calls import Call, Earlier, Endpoint, Reply
from pipeline.network.http import ProviderHttp
from pipeline.providers.neverbounce.schedule import HANDFUL, MOST_LISTS
from pipeline.providers.neverbounce.verifier import NeverBounceStep
from tests.pipeline.memory import METRE, TODAY, from_places, full_place
from tests.providers_server.neverbounce_jobs import Job, made
from tests.support.calls import DirectCalls, ListSuppressions
from tests.support.neverbounce import PRICE, through
from tests.support.wire import Answerer, plain, wire

MANY = HANDFUL + 5
SITE = Origin(source="website", ref="x")


@dataclass
class Account:
    """NeverBounce in one process. ``oddity`` is what is unusual about lists, ``loses`` how the answer to the making of
    one is sent after the list was made."""

    verdicts: Mapping[str, str] = field(default_factory=dict)
    oddity: str = ""
    loses: Answerer | None = None
    jobs: dict[int, Job] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    single: list[str] = field(default_factory=list)

    def verdict(self, email: str) -> str:
        return self.verdicts.get(email, "valid")

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        path = head.split(b" ")[1].decode().removeprefix("/v4.2/")
        self.asked.append(path)
        fields = json.loads(body) if path == "jobs/create" else _form(body)
        answer = self.loses if path == "jobs/create" and self.loses else None
        said = getattr(self, f"_{path.replace('/', '_')}")(fields)
        (answer or plain(json.dumps({"status": "success", **said})))(connection, request)

    def _single_check(self, fields: dict[str, str]) -> dict[str, object]:
        self.single.append(fields["email"])
        return {"result": self.verdict(fields["email"])}

    def _jobs_create(self, fields: dict[str, object]) -> dict[str, object]:
        number = 70 + len(self.jobs)
        self.jobs[number] = made(number, fields, self.oddity, self.verdict, takes_s=0)
        return {"job_id": number}

    def _jobs_status(self, fields: dict[str, str]) -> dict[str, object]:
        return self.jobs[int(fields["job_id"])].told()

    def _jobs_results(self, fields: dict[str, str]) -> dict[str, object]:
        return {"results": self.jobs[int(fields["job_id"])].results()}

    def _jobs_search(self, fields: dict[str, str]) -> dict[str, object]:
        return {"results": [job.told() for job in self.jobs.values() if job.filename == fields["filename"]]}

    @property
    def billed_micros(self) -> int:
        rows = [row for job in self.jobs.values() for row in job.rows]
        return PRICE * (sum(row.is_billed for row in rows) + len(self.single))

    @property
    def sizes(self) -> list[int]:
        return [len(job.rows) for job in self.jobs.values()]


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


@contextmanager
def verification(account: Account, calls: DirectCalls) -> Iterator[NeverBounceStep]:
    with wire(account) as server:
        http = ProviderHttp("NeverBounce", Endpoint(base_url=f"{server.url}/v4.2"), user_agent="t")
        checks = FreeChecks(ListSuppressions(), lambda domain: None)
        try:
            yield NeverBounceStep(calls, http, "key", price_micros=PRICE, checks=checks, wait=lambda _: None)
        finally:
            http.close()


def checked(account: Account, given: Sequence[Lead], calls: DirectCalls, at_a_time: int = 0) -> list[Lead]:
    with verification(account, calls) as step:
        return through(step, given, at_a_time=at_a_time)


def leads(number: int, *others: str) -> list[Lead]:
    """Leads with an address of their own each, and with others in the order they are to be tried."""
    places = [
        full_place(
            f"node/{n}", name=f"Anchor {n:04}", lat=60 + n * 300 * METRE, email=f"info@anchor-{n}.test"
        )
        for n in range(number)
    ]
    found = []
    for n, business in enumerate(from_places(places, "FI", TODAY)):
        lead = Lead(business=business, email_status=EmailStatus.UNVERIFIED)
        extra = [Contact(email=f"{name}@anchor-{n}.test", origin=SITE) for name in others]
        found.append(with_contacts(lead, extra))
    return found


def paid(found: Sequence[Lead]) -> int:
    return sum(lead.steps[-1].cost_micros for lead in found)


def booked(calls: DirectCalls) -> int:
    """What the ledger would hold: each question at the cost that was stated last."""
    of_call = {id(call): answer.cost_micros for call, answer in zip(calls.asked, calls.answers, strict=False)}
    return sum((of_call | {id(call): answer.cost_micros for call, answer in calls.restated}).values())


def test_a_list_starts_while_look_ups_go_on_and_the_last_addresses_are_checked_alone() -> None:
    account, calls = Account(), DirectCalls()
    given = leads(600)
    for n in range(0, 600, 2):
        none = replace(given[n].business, email=None)
        given[n] = Lead(business=none, email_status=EmailStatus.NONE)
    found = checked(account, given, calls, at_a_time=5)
    assert Counter(lead.email_status for lead in found) == {EmailStatus.VERIFIED: 300, EmailStatus.NONE: 300}
    assert 1 < len(account.sizes) < MOST_LISTS
    assert account.sizes[0] < account.sizes[1]
    assert 0 < len(account.single) <= HANDFUL
    first_list = account.asked.index("jobs/results")
    assert "jobs/create" in account.asked[first_list:]
    assert paid(found) == booked(calls) == account.billed_micros == 300 * PRICE


@pytest.mark.parametrize("number", [HANDFUL, MANY, 60])
def test_a_campaign_is_never_walked_through_single_checks(number: int) -> None:
    account, calls = Account(), DirectCalls()
    found = checked(account, leads(number), calls, at_a_time=1)
    assert len(account.single) <= HANDFUL
    assert len(account.sizes) <= (0 if number <= HANDFUL else 2)
    assert bool(account.sizes) == (number > HANDFUL)
    assert paid(found) == account.billed_micros == number * PRICE


def test_the_next_address_is_checked_when_one_is_of_no_use() -> None:
    verdicts = {"info@anchor-0.test": "invalid", "press@anchor-0.test": "disposable"}
    (lead,) = checked(account := Account(verdicts), leads(1, "press", "shop", "office"), DirectCalls())
    assert account.single == ["info@anchor-0.test", "press@anchor-0.test", "shop@anchor-0.test"]
    assert (lead.business.email, lead.email_status) == ("shop@anchor-0.test", EmailStatus.VERIFIED)
    (result,) = lead.steps
    assert (result.outcome, result.cost_micros) == (StepOutcome.FOUND, 3 * PRICE)
    assert result.detail == (
        "info@anchor-0.test: The mailbox does not exist. press@anchor-0.test: It is a throw-away address."
        " shop@anchor-0.test: The mailbox exists."
    )
    by = {contact.email: contact.status for contact in lead.contacts}
    assert by["office@anchor-0.test"] is EmailStatus.UNVERIFIED


def test_of_one_lead_three_addresses_are_checked_at_most() -> None:
    names = ("info", "press", "shop", "office")
    account = Account({f"{name}@anchor-0.test": "invalid" for name in names})
    (lead,) = checked(account, leads(1, *names[1:]), DirectCalls())
    assert len(account.single) == 3
    assert lead.business.email == "office@anchor-0.test"
    assert "Its other addresses were not checked" in lead.steps[-1].detail


def test_without_budget_for_the_next_address_the_lead_says_so_and_waits() -> None:
    calls = DirectCalls(budget_micros=PRICE)
    (lead,) = checked(Account({"info@anchor-0.test": "invalid"}), leads(1, "press"), calls)
    result = lead.steps[-1]
    assert (result.is_open, result.cause, result.cost_micros) == (True, Cause.OUT_OF_BUDGET, PRICE)
    assert result.detail == (
        "info@anchor-0.test: The mailbox does not exist. press@anchor-0.test was not checked: The budget is used up."
    )
    (again,) = checked(account := Account(), [reopened(lead)], DirectCalls())
    assert account.single == ["press@anchor-0.test"]
    assert (again.email_status, again.cost_micros) == (EmailStatus.VERIFIED, 2 * PRICE)


def test_addresses_of_a_list_that_are_of_no_use_are_followed_by_the_next_ones() -> None:
    account = Account({f"info@anchor-{n}.test": "invalid" for n in range(60)})
    calls = DirectCalls()
    found = checked(account, leads(60, "press"), calls, at_a_time=10)
    assert {lead.email_status for lead in found} == {EmailStatus.VERIFIED}
    assert len(account.single) <= HANDFUL
    assert len(account.sizes) <= MOST_LISTS
    assert paid(found) == booked(calls) == account.billed_micros == 120 * PRICE


@pytest.mark.parametrize("oddity", ["list_failed", "list_failed_billed", "list_under_review"])
def test_a_list_that_failed_costs_what_is_stated_and_is_asked_again(oddity: str) -> None:
    account, calls = Account(oddity=oddity), DirectCalls()
    found = checked(account, leads(MANY), calls)
    assert {lead.email_status for lead in found} == {EmailStatus.UNVERIFIED}
    results = [lead.steps[-1] for lead in found]
    assert {(one.outcome, one.is_open, one.cause) for one in results} == {
        (StepOutcome.SKIPPED, True, Cause.LIST_FAILED)
    }
    before = account.billed_micros
    assert paid(found) == booked(calls) == before
    ((call, answer),) = calls.restated
    dead = Earlier(arguments=call.arguments, reply=Reply(body=answer.body, cost_micros=answer.cost_micros))
    account.oddity, again = "", DirectCalls(before=[dead])
    after = checked(account, [reopened(lead) for lead in found], again)
    assert {lead.email_status for lead in after} == {EmailStatus.VERIFIED}
    assert sum(lead.cost_micros for lead in after) == account.billed_micros == before + MANY * PRICE
    # Nobody asks the dead list how it is.
    assert account.asked.count("jobs/status") == 2


@pytest.mark.parametrize("oddity", ["missing_rows", "free_rows"])
def test_a_list_costs_what_is_stated_and_what_is_missing_is_missing(oddity: str) -> None:
    account, calls = Account(oddity=oddity), DirectCalls()
    found = checked(account, leads(MANY), calls)
    assert paid(found) == booked(calls) == account.billed_micros == (MANY - MANY // 5) * PRICE
    missing = [lead for lead in found if lead.email_status is EmailStatus.UNVERIFIED]
    assert len(missing) == (MANY // 5 if oddity == "missing_rows" else 0)
    for lead in missing:
        result = lead.steps[-1]
        assert (result.cause, result.is_open, result.cost_micros) == (Cause.NO_RESULT, True, 0)
    ((call, answer),) = calls.restated
    read = Earlier(arguments=call.arguments, reply=Reply(body=answer.body, cost_micros=answer.cost_micros))
    account.oddity = ""
    again = checked(account, [reopened(lead) for lead in missing], DirectCalls(before=[read]))
    assert {lead.email_status for lead in again} <= {EmailStatus.VERIFIED}
    assert sorted(account.single) == sorted(str(lead.business.email) for lead in missing)


@pytest.mark.parametrize("lost", [plain("", "502 Bad Gateway"), plain("<html>"), plain("{}")])
def test_a_list_whose_number_was_lost_is_found_by_its_name(lost: Answerer) -> None:
    account, calls = Account(loses=lost), DirectCalls()
    found = checked(account, leads(MANY), calls)
    assert {lead.email_status for lead in found} == {EmailStatus.VERIFIED}
    assert Counter(account.asked)["jobs/create"] == 1
    assert paid(found) == booked(calls) == account.billed_micros


def test_a_list_that_cannot_be_found_stays_uncertain() -> None:
    class Nameless(Account):
        def _jobs_search(self, fields: dict[str, str]) -> dict[str, object]:
            return {"results": [{**job.told(), "filename": "other.csv"} for job in self.jobs.values()]}

    account = Nameless(loses=plain("", "502 Bad Gateway"))
    found = checked(account, leads(MANY), DirectCalls())
    assert {lead.steps[-1].outcome for lead in found} == {StepOutcome.UNCERTAIN}
    assert paid(found) == MANY * PRICE


def test_a_list_a_dead_run_had_sent_is_found_by_its_name_and_paid_once() -> None:
    """Some of its leads were stored as uncertain, and the owner wants them asked again; the others never were."""
    account, calls = Account(), DirectCalls()
    given = leads(MANY)
    checked(account, given, calls)
    (call,) = [call for call in calls.asked if call.operation == "jobs_create"]
    lost = Earlier(arguments=call.arguments, reply=None, may_repeat=True, price_micros=call.price_micros)
    uncertain = [_uncertain(lead) for lead in given[:3]]
    again = DirectCalls(before=[lost])
    found = checked(account, [*uncertain, *given[3:]], again)
    assert {lead.email_status for lead in found} == {EmailStatus.VERIFIED}
    assert Counter(account.asked)["jobs/create"] == 1
    assert sum(lead.cost_micros for lead in found) == account.billed_micros == MANY * PRICE
    assert sum(answer.cost_micros for _, answer in again.restated[-1:]) == MANY * PRICE


def _uncertain(lead: Lead) -> Lead:
    given = checked(_Silent(), [lead], DirectCalls())[0]
    result = replace(given.steps[-1], is_open=True, shared_micros=PRICE)
    return reopened(replace(given, steps=(result,)))


class _Silent(Account):
    def __call__(self, connection: socket.socket, request: bytes) -> None:
        plain("", "503 Unavailable")(connection, request)


def test_an_address_of_two_leads_is_paid_by_the_one_it_was_sent_for() -> None:
    given = leads(MANY)
    twin = replace(given[1], business=replace(given[1].business, email=given[0].business.email))
    given[1] = replace(twin, contacts=())
    account, calls = Account(), DirectCalls()
    found = checked(account, given, calls)
    by = {lead.business.key: lead for lead in found}
    assert by[given[0].business.key].steps[-1].cost_micros == PRICE
    assert by[given[1].business.key].steps[-1].cost_micros == 0
    assert paid(found) == account.billed_micros == (MANY - 1) * PRICE
    # An interrupted run goes on with the second lead alone.
    (call,) = calls.asked
    held = Earlier(arguments=call.arguments, reply=Reply(body={"job_id": 70}), price_micros=call.price_micros)
    (rest,) = checked(account, [given[1]], DirectCalls(before=[held]))
    assert (rest.email_status, rest.steps[-1].cost_micros) == (EmailStatus.VERIFIED, 0)


def test_what_is_held_for_everybody_is_in_no_list() -> None:
    calls = DirectCalls(known={f"info@anchor-{n}.test": {"result": "catchall"} for n in range(MANY)})
    account = Account()
    found = checked(account, leads(MANY + 2), calls)
    assert Counter(lead.email_status for lead in found) == {
        EmailStatus.CATCHALL: MANY,
        EmailStatus.VERIFIED: 2,
    }
    assert (account.sizes, len(account.single)) == ([], 2)


def _calls_of(calls: DirectCalls, operation: str) -> list[Call]:
    return [call for call in calls.asked if call.operation == operation]


def test_the_name_of_a_list_is_its_own() -> None:
    account, calls = Account(), DirectCalls()
    for _ in range(2):
        checked(account, leads(MANY), calls)
    names = {job.filename for job in account.jobs.values()}
    assert names == {call.arguments["filename"] for call in _calls_of(calls, "jobs_create")}
    assert len(names) == 2
