"""Snov.io over the wire, trap by trap."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from pipeline.causes import Cause
from pipeline.contact.email_checks import FreeChecks
from pipeline.lead import Contact, EmailStatus, Lead, Origin, StepOutcome
from pipeline.money.calls import Answer, Call, Endpoint, Reply
from pipeline.network.http import ProviderHttp
from pipeline.providers.snov.questions import SnovQuestions
from pipeline.providers.snov.step import SnovStep
from tests.pipeline.memory import TODAY, ListMemory, from_places, full_place
from tests.support.calls import DirectCalls, ListSuppressions
from tests.support.wire import Answerer, plain, wire

PRICE = 39_000
DOMAIN = "anchor.test"
ID, SECRET = "canary-client-id", "canary-client-secret"
HASH = "36fce9ac2667a827f6c5ab954e288bed"
START, RESULT = "/v2/domain-search/{}/start", "/v2/domain-search/{}/result/"
GENERIC, EMAILS = "generic-contacts", "domain-emails"


def lead(**values: object) -> Lead:
    (business,) = from_places([full_place(website=f"https://{DOMAIN}/", **values)], "FI", TODAY)
    return Lead(business=business)


def body(value: object, status: str = "200 OK") -> Answerer:
    return plain(json.dumps(value), status)


def completed(*emails: object) -> Answerer:
    rows = [{"email": email} for email in emails]
    return body({"data": rows, "meta": {"next": "", "total_count": len(rows)}, "status": "completed"})


STARTED = body({"data": [], "meta": {"domain": DOMAIN, "task_hash": HASH, "next": ""}})
RUNNING = body({"data": [], "meta": {}, "status": "in progress"})


class Desk:
    """Answers request after request by its path; of several answers for one the last is given again."""

    def __init__(self, **answers: Answerer | Sequence[Answerer]) -> None:
        """``count``, ``generic``, ``generic_result``, ``emails``, ``emails_result``, ``token``."""
        self._answers = {
            name: [given] if callable(given) else list(given)
            for name, given in (
                {
                    "count": body({"success": True, "webmail": False, "result": 3}),
                    "generic": STARTED,
                    "generic_result": completed(f"info@{DOMAIN}"),
                    "emails": STARTED,
                    "emails_result": completed(f"office@{DOMAIN}"),
                }
                | answers
            ).items()
        }
        self.tokens = 0
        self.asked: list[str] = []

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        path = request.split(b" ", 2)[1].decode()
        name = self._name(path)
        self.asked.append(name)
        if name == "token" and "token" not in self._answers:
            self.tokens += 1
            token = {"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": 3600}
            body(token)(connection, request)
            return
        waiting = self._answers[name]
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(connection, request)

    @staticmethod
    def _name(path: str) -> str:
        if path == "/v1/oauth/access_token":
            return "token"
        if path == "/v1/get-domain-emails-count":
            return "count"
        kind = "generic" if f"/{GENERIC}/" in path else "emails"
        return f"{kind}_result" if "/result/" in path else kind


class Bench:
    """A step with everything around it in sight."""

    def __init__(self) -> None:
        self.calls = DirectCalls()
        self.suppressions = ListSuppressions()
        self.memory = ListMemory()
        self.waited: list[float] = []
        self.requests: list[bytes] = []

    def run(self, desk: Callable[[socket.socket, bytes], None], given: Lead | None = None) -> Lead:
        with wire(desk) as server:
            http = ProviderHttp("Snov.io", Endpoint(base_url=server.url), user_agent="t")
            questions = SnovQuestions(
                self.calls, http, ID, SECRET, price_micros=PRICE, wait=self.waited.append
            )
            step = SnovStep(
                self.calls,
                questions,
                checks=FreeChecks(self.suppressions, lambda _: None),
                memory=self.memory,
                today=date(2026, 11, 24),
            )
            try:
                return step.enrich(given or lead())
            finally:
                http.close()
                self.requests = server.requests


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_shared_mailbox_is_found_for_one_credit(bench: Bench) -> None:
    desk = Desk(generic_result=[RUNNING, completed(f"INFO@{DOMAIN.upper()}", f"sales@{DOMAIN}")])
    result = bench.run(desk)
    assert result.business.email == f"info@{DOMAIN}"
    assert [contact.certainty for contact in result.contacts] == [None, None]
    assert result.business.provenance["email"].source == "snov"
    assert result.email_status is EmailStatus.UNVERIFIED
    assert (result.steps[-1].outcome, result.steps[-1].cost_micros) == (StepOutcome.FOUND, PRICE)
    assert desk.asked == ["token", "count", "generic", "generic_result", "generic_result"]
    assert [(call.operation, call.price_micros, call.keep_days) for call in bench.calls.asked] == [
        ("generic_contacts", PRICE, None)
    ]
    assert bench.calls.answers[0].body == {"task_hash": HASH}
    heads = [request.decode() for request in bench.requests]
    assert heads[0].endswith(f"grant_type=client_credentials&client_id={ID}&client_secret={SECRET}")
    assert heads[2].startswith(f"POST {START.format(GENERIC)}?domain={DOMAIN} ")
    assert heads[3].startswith(f"GET {RESULT.format(GENERIC)}{HASH} ")
    assert all("authorization: bearer token-1" in head.lower() for head in heads[1:])
    assert not any(SECRET in head for head in heads[1:])


ELSEWHERE = completed("info@elsewhere.test")


def test_where_there_is_no_shared_mailbox_any_address_is_asked_for_at_another_credit(bench: Bench) -> None:
    result = bench.run(Desk(generic_result=ELSEWHERE))
    assert result.business.email == f"office@{DOMAIN}"
    assert result.steps[-1].cost_micros == 2 * PRICE
    assert bench.calls.restated == []


def test_a_search_that_comes_to_nothing_is_free(bench: Bench) -> None:
    result = bench.run(Desk(generic_result=completed()))
    assert (result.business.email, result.steps[-1].cost_micros) == (f"office@{DOMAIN}", PRICE)
    assert [(call.operation, answer.cost_micros) for call, answer in bench.calls.restated] == [
        ("generic_contacts", 0)
    ]
    nothing = bench.run(Desk(generic_result=completed(), emails_result=completed()))
    assert (nothing.business.email, nothing.steps[-1].outcome) == (None, StepOutcome.NOT_FOUND)
    assert (nothing.steps[-1].cost_micros, len(bench.calls.restated)) == (0, 3)


def test_what_it_knows_nothing_of_costs_nothing(bench: Bench) -> None:
    desk = Desk(count=body({"success": True, "domain": DOMAIN, "webmail": True, "result": 0}))
    result = bench.run(desk)
    assert (result.steps[-1].outcome, result.steps[-1].cost_micros) == (StepOutcome.NOT_FOUND, 0)
    assert (len(bench.calls.spared), bench.calls.asked) == (1, [])
    assert desk.asked == ["token", "count"]


@pytest.mark.parametrize("result", [None, "3", True, -1, 2.5, [3], {}])
def test_a_count_that_is_none_buys_nothing(bench: Bench, result: object) -> None:
    step = bench.run(Desk(count=body({"success": True, "result": result}))).steps[-1]
    assert (step.outcome, step.cost_micros, bench.calls.asked) == (StepOutcome.FAILED, 0, [])


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (f"info@{DOMAIN}\nBcc: you@{DOMAIN}", None),
        (f"{'x' * 320}@{DOMAIN}", None),
        ("info@elsewhere.test", None),
        (f"info@{DOMAIN}.elsewhere.test", None),
        (f"info@mail.{DOMAIN}", f"info@mail.{DOMAIN}"),
        (None, None),
        (5, None),
        (["info@anchor.test"], None),
    ],
)
def test_only_addresses_of_the_company_count_and_only_in_one_form(
    bench: Bench, value: object, read: str | None
) -> None:
    result = bench.run(Desk(generic_result=completed(value), emails_result=completed()))
    assert result.business.email == read
    # It was returned, so it was billed.
    assert result.steps[-1].cost_micros == PRICE


def test_what_is_not_documented_for_these_searches_is_not_read(bench: Bench) -> None:
    rows = [
        {"email": f"info@{DOMAIN}", "smtp_status": "valid", "first_name": "Anchor", "confidence": 99},
        "info@anchor.test",
        None,
    ]
    result = bench.run(Desk(generic_result=body({"data": rows, "status": "completed"})))
    (contact,) = result.contacts
    assert (contact.status, contact.name, contact.certainty) == (EmailStatus.UNVERIFIED, None, None)


def test_a_suppressed_address_is_left_out_and_a_suppressed_company_not_asked_for(bench: Bench) -> None:
    bench.suppressions.listed |= {f"info@{DOMAIN}", f"office@{DOMAIN}"}
    assert bench.run(Desk()).business.email is None
    bench.suppressions.listed.add(DOMAIN)
    assert "suppression list" in bench.run(Desk()).steps[-1].detail


def test_a_page_is_the_most_that_is_read(bench: Bench) -> None:
    many = [f"info{number}@{DOMAIN}" for number in range(2000)]
    assert len(bench.run(Desk(generic_result=completed(*many))).contacts) == 50


REFUSED = body({"errors": {"code": 401, "title": "x", "source": ""}}, "401 Unauthorized")


def test_a_token_that_ran_out_is_renewed_in_the_middle_of_a_run(bench: Bench) -> None:
    desk = Desk(generic=[REFUSED, STARTED], generic_result=[REFUSED, completed(f"info@{DOMAIN}")])
    result = bench.run(desk)
    assert (result.business.email, result.steps[-1].cost_micros) == (f"info@{DOMAIN}", PRICE)
    assert desk.asked == [
        "token", "count", "generic", "token", "generic", "generic_result", "token", "generic_result",
    ]  # fmt: skip
    assert b"token-3" in bench.requests[-1]
    assert len(bench.calls.asked) == 1


def test_the_token_is_fetched_once_a_run() -> None:
    desk, bench = Desk(), Bench()
    with wire(desk) as server:
        http = ProviderHttp("Snov.io", Endpoint(base_url=server.url), user_agent="t")
        questions = SnovQuestions(bench.calls, http, ID, SECRET, price_micros=PRICE, wait=bench.waited.append)
        counts = [questions.count(f"anchor-{number}.test") for number in range(4)]
        http.close()
    assert (counts, desk.asked.count("token")) == ([3] * 4, 1)


@pytest.mark.parametrize(
    ("token", "outcome", "is_open", "says"),
    [
        (plain("{}", "401 Unauthorized"), StepOutcome.SKIPPED, True, "refused the key"),
        (body({"error": "invalid_client"}, "400 Bad Request"), StepOutcome.SKIPPED, True, "refused the key"),
        (plain("", "429 Too Many"), StepOutcome.FAILED, False, "slow down"),
        (plain("", "503 Unavailable"), StepOutcome.FAILED, False, "having trouble"),
        (body({"access_token": "two\r\nlines"}), StepOutcome.FAILED, False, "cannot be read"),
        (body({"access_token": 5}), StepOutcome.FAILED, False, "cannot be read"),
        (plain("<html>"), StepOutcome.FAILED, False, "cannot be read"),
    ],
)
def test_without_a_token_nothing_is_asked_and_nothing_can_have_been_billed(
    bench: Bench, token: Answerer, outcome: StepOutcome, is_open: bool, says: str
) -> None:
    desk = Desk(token=token)
    step = bench.run(desk).steps[-1]
    assert (step.outcome, step.is_open, step.cost_micros) == (outcome, is_open, 0)
    assert says in step.detail
    assert set(desk.asked) == {"token"}


UNCERTAIN, SKIPPED, FAILED = StepOutcome.UNCERTAIN, StepOutcome.SKIPPED, StepOutcome.FAILED


@pytest.mark.parametrize(
    ("answer", "outcome", "is_open", "says"),
    [
        (REFUSED, SKIPPED, True, "refused the key"),
        (plain("{}", "402 Payment Required"), SKIPPED, True, "credits are used up"),
        (plain("{}", "403 Forbidden"), SKIPPED, True, "present plan"),
        (plain("{}", "404 Not Found"), FAILED, False, "did not accept"),
        (plain("{}", "429 Too Many", "Retry-After: 7"), FAILED, False, "slow down"),
        (plain("{}", "500 Oh"), UNCERTAIN, False, "may have been billed"),
        (plain("late", "504 Gateway Timeout"), UNCERTAIN, False, "may have been billed"),
        (plain("<html>"), UNCERTAIN, False, "may have been billed"),
        (plain("{}", "204 No Content"), UNCERTAIN, False, "may have been billed"),
        (plain("", "302 Found", "Location: /"), UNCERTAIN, False, "may have been billed"),
        (body({"success": False, "errors": ["x"]}), UNCERTAIN, False, "may have been billed"),
        (body({"meta": {"task_hash": None}}), UNCERTAIN, False, "may have been billed"),
        (body({"meta": {"task_hash": "../../v1/get-balance"}}), UNCERTAIN, False, "may have been billed"),
        (plain('{"meta": {"task_hash": "a", "n": NaN}}'), UNCERTAIN, False, "may have been billed"),
        (plain(b"{" + b" " * 3_000_000 + b"}"), UNCERTAIN, False, "may have been billed"),
    ],
)
def test_a_start_counts_as_paid_unless_it_was_refused(
    bench: Bench, answer: Answerer, outcome: StepOutcome, is_open: bool, says: str
) -> None:
    desk = Desk(generic=answer)
    step = bench.run(desk).steps[-1]
    assert (step.outcome, step.is_open) == (outcome, is_open)
    assert says in step.detail
    assert step.cost_micros == (PRICE if outcome is UNCERTAIN else 0)
    assert not {"generic_result", "emails"} & set(desk.asked)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (plain("{}", "404 Not Found"), Cause.NOT_ACCEPTED),
        (plain("{}", "500 Oh"), Cause.SERVER_ERROR),
        (plain("{}", "429 Too Many"), Cause.TOO_FAST),
        (REFUSED, Cause.KEY_REFUSED),
        (body({"status": "not_enough_credits", "data": []}), Cause.OUT_OF_CREDITS),
        (body({"status": "failed", "data": []}), Cause.UNREADABLE),
        (body({"data": [{"email": f"info@{DOMAIN}"}]}), Cause.UNREADABLE),
        (body({"status": "completed", "data": {"email": f"info@{DOMAIN}"}}), Cause.UNREADABLE),
        (body({"status": ["completed"], "data": []}), Cause.UNREADABLE),
        (plain('{"status": "completed", "data": [NaN]}'), Cause.UNREADABLE),
        (plain("[]"), Cause.UNREADABLE),
    ],
)
def test_a_search_that_was_paid_for_is_borne_by_its_lead_whatever_keeps_us_from_reading_it(
    bench: Bench, answer: Answerer, cause: Cause
) -> None:
    step = bench.run(Desk(generic_result=answer)).steps[-1]
    assert (step.outcome, step.cause, step.cost_micros) == (UNCERTAIN, cause, PRICE)


def test_a_search_without_end_is_given_up(bench: Bench) -> None:
    desk = Desk(generic_result=RUNNING)
    step = bench.run(desk).steps[-1]
    assert (step.outcome, step.cause, step.cost_micros) == (UNCERTAIN, Cause.UNFINISHED, PRICE)
    assert 120 <= sum(bench.waited) < 130
    assert desk.asked.count("generic_result") == len(bench.waited) < 25
    assert "did not finish this search in 120 seconds" in step.detail


def test_the_second_search_may_fail_and_both_are_borne(bench: Bench) -> None:
    step = bench.run(Desk(generic_result=ELSEWHERE, emails=plain("{}", "502 Bad Gateway"))).steps[-1]
    assert (step.outcome, step.cost_micros) == (UNCERTAIN, 2 * PRICE)


def test_the_budget_may_end_between_two_searches(bench: Bench) -> None:
    bench.calls.budget_micros = 2 * PRICE - 1
    desk = Desk(generic_result=ELSEWHERE)
    step = bench.run(desk).steps[-1]
    assert (step.outcome, step.is_open, step.cost_micros) == (SKIPPED, True, PRICE)
    assert "emails" not in desk.asked


class Interrupted(DirectCalls):
    """The ledger of a campaign whose worker was killed after the start was answered."""

    def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
        self.asked.append(call)
        return Reply(body={"task_hash": HASH}, cost_micros=PRICE, subject=call.subject)


def test_a_killed_run_goes_on_with_the_search_it_paid_for(bench: Bench) -> None:
    bench.calls = Interrupted()
    desk = Desk()
    result = bench.run(desk)
    assert (result.business.email, result.steps[-1].cost_micros) == (f"info@{DOMAIN}", PRICE)
    assert desk.asked == ["token", "count", "generic_result"]


class AskedForAnother(DirectCalls):
    """The ledger where another lead of the company bears the search."""

    def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
        return Reply(body={"task_hash": HASH}, cost_micros=PRICE, subject="openstreetmap:node/other")


def test_two_leads_of_one_company_bear_one_search_once(bench: Bench) -> None:
    bench.calls = AskedForAnother()
    result = bench.run(Desk())
    assert (result.business.email, result.steps[-1].cost_micros) == (f"info@{DOMAIN}", 0)


def test_a_known_lead_is_not_paid_for_again(bench: Bench) -> None:
    origin = Origin(source="snov", ref=DOMAIN)
    bench.memory.contacts[DOMAIN] = Contact(
        email=f"info@{DOMAIN}", origin=origin, status=EmailStatus.VERIFIED
    )
    result = bench.run(Desk())
    assert (result.business.email, result.email_status) == (f"info@{DOMAIN}", EmailStatus.VERIFIED)
    assert (bench.requests, len(bench.calls.spared)) == ([], 1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"website": None}, "no website of its own"),
        ({"email": f"info@{DOMAIN}"}, "known already"),
    ],
)
def test_nobody_is_asked_without_need(bench: Bench, given: dict[str, Any], says: str) -> None:
    (business,) = from_places([full_place(**({"website": f"https://{DOMAIN}/"} | given))], "FI", TODAY)
    step = bench.run(Desk(), Lead(business=business)).steps[-1]
    assert step.outcome is SKIPPED
    assert says in step.detail
    assert bench.requests == []
