"""Reacher over the wire, trap by trap."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipeline.causes import Cause
from pipeline.contact.email_checks import FreeChecks
from pipeline.enrichment.contact_choice import with_contacts
from pipeline.lead import Contact, EmailStatus, Lead, StepOutcome
from pipeline.money.calls import Endpoint
from pipeline.network.http import ProviderHttp, Timeouts
from pipeline.providers.neverbounce.verifier import NeverBounceStep
from pipeline.providers.reacher.verifier import AT_ONCE, IN_A_ROW, ReacherStep
from tests.pipeline.memory import METRE, TODAY, from_places, full_place
from tests.support.calls import DirectCalls, ListSuppressions
from tests.support.neverbounce import through
from tests.support.wire import Answerer, Wire, plain, wire

SECRET = "canary-reacher-secret"
TALKED = {
    "can_connect_smtp": True,
    "has_full_inbox": False,
    "is_catch_all": False,
    "is_deliverable": True,
    "is_disabled": False,
}


def leads(number: int, status: EmailStatus = EmailStatus.UNVERIFIED) -> list[Lead]:
    places = [
        full_place(
            f"node/{n}", name=f"Anchor {n:04}", lat=60 + n * 300 * METRE, email=f"Info+a@anchor-{n}.test"
        )
        for n in range(number)
    ]
    return [Lead(business=business, email_status=status) for business in from_places(places, "FI", TODAY)]


def checks(listed: ListSuppressions | None = None) -> FreeChecks:
    return FreeChecks(listed or ListSuppressions(), lambda domain: domain != "anchor-9.test")


def checked(
    answer: Answerer,
    given: Sequence[Lead],
    calls: DirectCalls | None = None,
    secret: str = SECRET,
    threads: int = AT_ONCE,
) -> tuple[list[Lead], Wire]:
    with wire(answer) as server:
        patience = Timeouts(read_s=1, total_s=1)
        http = ProviderHttp("Reacher", Endpoint(base_url=server.url), user_agent="t", timeouts=patience)
        step = ReacherStep(calls or DirectCalls(), http, secret, checks=checks())
        try:
            with ThreadPoolExecutor(threads) as pool:
                return list(pool.map(step.enrich, given)), server
        finally:
            http.close()


def said(reachable: object, smtp: object = TALKED, **parts: object) -> dict[str, Any]:
    return {
        "input": "info+a@anchor-0.test",
        "is_reachable": reachable,
        "misc": {"is_disposable": False, "is_role_account": True},
        "mx": {"accepts_mail": True, "records": ["mx.anchor-0.test."]},
        "smtp": smtp,
        "syntax": {"domain": "anchor-0.test", "is_valid_syntax": True, "username": "info"},
        **parts,
    }


def answers(body: object) -> Answerer:
    return plain(json.dumps(body))


def failed_smtp(kind: str, description: str | None = None) -> dict[str, object]:
    """As its server writes it: the error below ``error``, what it recognised beside it."""
    error: dict[str, object] = {"error": {"type": kind, "message": "4.7.1 try again later"}}
    return error | ({"description": description} if description else {})


UNTOUCHED = dict.fromkeys(TALKED, False)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (said("safe"), EmailStatus.ACCEPTED, "accepts the address, by your Reacher"),
        # It calls every shared mailbox risky; what the mail server said of it counts.
        (said("risky"), EmailStatus.ACCEPTED, "accepts the address"),
        (said("risky", TALKED | {"is_catch_all": True}), EmailStatus.CATCHALL, "accepts any address"),
        (said("risky", TALKED | {"has_full_inbox": True}), EmailStatus.UNKNOWN, "mailbox is full"),
        (said("risky", TALKED | {"is_deliverable": False}), EmailStatus.INVALID, "does not know"),
        (said("risky", TALKED | {"is_disabled": True}), EmailStatus.INVALID, "does not know"),
        (said("risky", misc={"is_disposable": True}), EmailStatus.DISPOSABLE, "throw-away"),
        (said("invalid", TALKED | {"is_deliverable": False}), EmailStatus.INVALID, "does not know"),
        (said("invalid", UNTOUCHED, mx={"accepts_mail": False, "records": []}), EmailStatus.INVALID, "not"),
        (said("invalid", UNTOUCHED, syntax={"is_valid_syntax": False}), EmailStatus.INVALID, "does not know"),
        # Nobody was asked.
        (said("invalid", UNTOUCHED), EmailStatus.UNKNOWN, "closed port 25"),
        (said("unknown", failed_smtp("Timeout")), EmailStatus.UNKNOWN, "closed port 25"),
        (said("unknown", {"type": "TimeoutError", "message": "x"}), EmailStatus.UNKNOWN, "greylisting"),
        (
            said("unknown", failed_smtp("AsyncSmtpError", "IpBlacklisted")),
            EmailStatus.UNKNOWN,
            "on a blocklist",
        ),
        (said("unknown", failed_smtp("AsyncSmtpError", "NeedsRDNS")), EmailStatus.UNKNOWN, "reverse DNS"),
        (said("unknown", mx={"error": {"type": "IoError", "message": "x"}}), EmailStatus.UNKNOWN, "no word"),
        # A word that its own parts contradict is not believed.
        (said("safe", TALKED | {"is_catch_all": True}), EmailStatus.CATCHALL, "any address"),
        (said("safe", TALKED | {"is_deliverable": False}), EmailStatus.INVALID, "does not know"),
        (said("safe", TALKED | {"is_deliverable": "true"}), EmailStatus.UNKNOWN, "too little"),
        (said("safe", TALKED | {"can_connect_smtp": 1}), EmailStatus.UNKNOWN, "too little"),
        (said("safe", []), EmailStatus.UNKNOWN, "too little"),
        ({"is_reachable": "safe"}, EmailStatus.UNKNOWN, "too little"),
    ],
)
def test_an_answer_says_at_most_that_a_mail_server_accepts_the_address(
    body: object, status: EmailStatus, says: str
) -> None:
    ((lead,), server) = checked(answers(body), leads(1))
    assert lead.email_status is status
    assert says in lead.steps[-1].detail
    assert lead.steps[-1].cost_micros == 0
    expected = StepOutcome.NOT_FOUND if status is EmailStatus.UNKNOWN else StepOutcome.FOUND
    assert lead.steps[-1].outcome is expected
    head, _, sent = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v0/check_email ")
    assert f"x-reacher-secret: {SECRET}" in head.decode().lower()
    assert json.loads(sent) == {"to_email": "info+a@anchor-0.test"}


def test_without_a_secret_none_is_sent() -> None:
    (_, server) = checked(answers(said("safe")), leads(1), secret="")
    assert b"x-reacher-secret" not in server.requests[0].lower()


@pytest.mark.parametrize("body", [said("verified"), said(None), said(True), said(["safe"]), [], None, {}, 5])
def test_a_word_nobody_documented_is_no_answer(body: object) -> None:
    ((lead,), _) = checked(answers(body), leads(1))
    assert (lead.email_status, lead.steps[-1].outcome) == (EmailStatus.UNVERIFIED, StepOutcome.FAILED)


@pytest.mark.parametrize(
    ("answer", "outcome", "is_open", "says"),
    [
        (plain("Missing request header", "400 Bad Request"), StepOutcome.SKIPPED, True, "refused the key"),
        (plain("", "403 Forbidden"), StepOutcome.SKIPPED, True, "refused the key"),
        (plain("", "404 Not Found"), StepOutcome.SKIPPED, True, "does not understand"),
        (plain("", "413 Too Large"), StepOutcome.FAILED, False, "did not accept"),
        (plain("", "429 Too Many"), StepOutcome.FAILED, False, "slow down"),
        (plain("", "500 Oh"), StepOutcome.FAILED, False, "having trouble"),
        (plain("", "504 Gateway Timeout"), StepOutcome.FAILED, False, "having trouble"),
        (plain("<html>"), StepOutcome.FAILED, False, "cannot be read"),
        (plain('{"is_reachable": NaN}'), StepOutcome.FAILED, False, "cannot be read"),
        (
            plain('{"is_reachable": "safe", "is_reachable": "risky"}'),
            StepOutcome.FAILED,
            False,
            "cannot be read",
        ),
        (plain(b" " * 3_000_000), StepOutcome.FAILED, False, "too large"),
        (plain("", "302 Found", "Location: http://127.0.0.1/"), StepOutcome.FAILED, False, "cannot be read"),
    ],
)
def test_what_goes_wrong_with_a_server_of_ones_own_costs_nothing(
    answer: Answerer, outcome: StepOutcome, is_open: bool, says: str
) -> None:
    ((lead,), _) = checked(answer, leads(1))
    step = lead.steps[-1]
    assert (step.outcome, step.is_open, step.cost_micros) == (outcome, is_open, 0)
    assert says in step.detail
    assert lead.email_status is EmailStatus.UNVERIFIED


def silence(connection: socket.socket, _request: bytes) -> None:
    """Nothing, until the client hangs up."""
    connection.recv(1)


def test_a_check_that_does_not_end_is_unknown_and_not_asked_again() -> None:
    ((lead,), server) = checked(silence, leads(1))
    assert (lead.email_status, len(server.requests)) == (EmailStatus.UNKNOWN, 1)
    assert "no end" in lead.steps[-1].detail


def test_a_server_that_reaches_no_mail_server_is_given_up_with_one_reason() -> None:
    results, _ = checked(answers(said("unknown", failed_smtp("Timeout"))), leads(IN_A_ROW + 3))
    unknown = [lead for lead in results if lead.steps[-1].cause is None]
    left = [lead.steps[-1] for lead in results if lead.steps[-1].cause is Cause.NO_SMTP]
    assert (len(unknown), len(left)) == (IN_A_ROW - 1, 4)
    assert all(step.is_open and step.outcome is StepOutcome.SKIPPED for step in left)
    assert left[0].detail == ("Reacher reached no mail server in 5 checks in a row; is port 25 closed to it?")
    assert Cause.NO_SMTP.needs_administrator


def test_one_mail_server_that_answers_shows_that_others_only_did_not() -> None:
    def now_and_then(connection: socket.socket, request: bytes) -> None:
        is_even = b"anchor-0.test" in request or b"anchor-3.test" in request or b"anchor-6.test" in request
        answers(said("safe") if is_even else said("unknown", failed_smtp("Timeout")))(connection, request)

    # One after the other, so that it is certain who answers between whom.
    results, _ = checked(now_and_then, leads(9), threads=1)
    assert [lead.email_status for lead in results].count(EmailStatus.ACCEPTED) == 3
    assert all(lead.steps[-1].cause is None for lead in results)


def test_only_what_is_clear_is_kept_for_others() -> None:
    calls = DirectCalls()
    checked(answers(said("safe")), leads(1), calls)
    checked(answers(said("unknown", failed_smtp("Timeout"))), leads(1), calls)
    assert [(call.keep_days, body) for call, body in calls.remembered] == [(7, {"finding": "accepted"})]
    assert [(call.price_micros, call.keep_days, call.repeatable) for call in calls.asked] == [
        (0, None, True)
    ] * 2


def test_nobody_is_asked_without_need() -> None:
    (nobody,) = from_places([full_place(email=None)], "FI", TODAY)
    settled = [
        leads(1, status)[0]
        for status in (
            EmailStatus.VERIFIED,
            EmailStatus.ACCEPTED,
            EmailStatus.CATCHALL,
            EmailStatus.INVALID,
        )
    ]
    cannot = leads(10)[9]
    results, server = checked(answers(said("safe")), [Lead(business=nobody), *settled, cannot])
    assert server.requests == []
    assert [lead.steps[-1].outcome for lead in results] == [StepOutcome.SKIPPED] * 6
    assert results[-1].email_status is EmailStatus.INVALID


def with_more(lead: Lead, *emails: str) -> Lead:
    origin = lead.business.origins[0]
    return with_contacts(lead, [Contact(email=email, origin=origin) for email in emails])


def by_address(**verdicts: str) -> Answerer:
    def answer(connection: socket.socket, request: bytes) -> None:
        email = json.loads(request.partition(b"\r\n\r\n")[2])["to_email"]
        answers(said(verdicts.get(email.partition("@")[0], "safe")))(connection, request)

    return answer


def test_the_next_address_is_checked_when_one_does_not_exist_and_each_is_named() -> None:
    given = with_more(leads(1)[0], "shop@anchor-0.test", "office@anchor-0.test")
    (lead,), server = checked(by_address(**{"info+a": "invalid"}), [given])
    assert len(server.requests) == 2
    assert (lead.business.email, lead.email_status) == ("shop@anchor-0.test", EmailStatus.ACCEPTED)
    first, second = lead.steps[-1].detail.split(" shop@anchor-0.test: ")
    assert first.startswith("Info+a@anchor-0.test: ")
    assert second


def test_of_one_lead_three_addresses_are_checked_at_most() -> None:
    names = ("a", "b", "c", "d")
    given = with_more(leads(1)[0], *(f"{name}@anchor-0.test" for name in names))
    (lead,), server = checked(by_address(**dict.fromkeys(("info+a", *names), "invalid")), [given])
    assert len(server.requests) == 3
    assert lead.business.email == "c@anchor-0.test"
    assert lead.steps[-1].detail.endswith("of one lead it is 3 at most.")


def test_what_was_said_of_an_address_keeps_its_name_when_the_server_gives_out() -> None:
    def once(connection: socket.socket, request: bytes) -> None:
        first = b"info+a" in request.lower()
        (answers(said("invalid")) if first else plain("{}", "500 No"))(connection, request)

    (lead,), _ = checked(once, [with_more(leads(1)[0], "shop@anchor-0.test")])
    assert "Info+a@anchor-0.test: " in lead.steps[-1].detail
    assert " shop@anchor-0.test was not checked: " in lead.steps[-1].detail
    assert lead.business.email == "shop@anchor-0.test"


def test_an_address_that_cannot_receive_mail_is_followed_by_the_next_for_nothing() -> None:
    given = with_more(leads(10)[9], "info@anchor-0.test")
    (lead,), server = checked(answers(said("safe")), [given])
    assert (lead.business.email, lead.email_status) == ("info@anchor-0.test", EmailStatus.ACCEPTED)
    assert len(server.requests) == 1
    assert lead.steps[-1].detail.startswith("Info+a@anchor-9.test: anchor-9.test cannot receive mail.")


def test_neverbounce_has_the_last_word_on_what_a_mail_server_accepted() -> None:
    ((lead,), _) = checked(answers(said("safe")), leads(1))
    assert lead.email_status is EmailStatus.ACCEPTED
    with wire(plain('{"status": "success", "result": "valid"}')) as server:
        http = ProviderHttp("NeverBounce", Endpoint(base_url=server.url), user_agent="t")
        bounce = NeverBounceStep(DirectCalls(), http, "secret_key", price_micros=8000, checks=checks())
        (verified,) = through(bounce, [lead])
        http.close()
    assert (verified.email_status, verified.steps[-1].cost_micros) == (EmailStatus.VERIFIED, 8000)
