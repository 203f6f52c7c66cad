"""NeverBounce over the wire, trap by trap."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from pipeline.lead import EmailStatus, StepOutcome
from pipeline.money.calls import Earlier, Json, Reply
from pipeline.providers.neverbounce.schedule import HANDFUL
from tests.support.calls import DirectCalls, ListSuppressions
from tests.support.neverbounce import PRICE, checked, leads, success
from tests.support.wire import Answerer, plain


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ("valid", EmailStatus.VERIFIED),
        ("invalid", EmailStatus.INVALID),
        ("disposable", EmailStatus.DISPOSABLE),
        ("catchall", EmailStatus.CATCHALL),
        ("unknown", EmailStatus.UNKNOWN),
        (0, EmailStatus.VERIFIED),
        (3, EmailStatus.CATCHALL),
        (7, EmailStatus.UNKNOWN),
        ("new_value", EmailStatus.UNKNOWN),
        (None, EmailStatus.UNKNOWN),
        (True, EmailStatus.UNKNOWN),
        # Our own word for valid is none of theirs.
        ("verified", EmailStatus.UNKNOWN),
        (0.0, EmailStatus.UNKNOWN),
    ],
)
def test_only_valid_is_verified(result: object, status: EmailStatus) -> None:
    ((lead,), server) = checked(success(result=result), leads(1), DirectCalls())
    assert lead.email_status is status
    assert lead.steps[-1].cost_micros == PRICE
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    # Key and address stay out of addresses that end up in logs, and a plus stays a plus.
    assert head.startswith(b"POST /v4.2/single/check ")
    assert parse_qs(body.decode()) == {
        "key": ["secret_key"],
        "email": ["info+a@anchor-0.test"],
        "timeout": ["8"],
    }


@pytest.mark.parametrize(
    ("body", "outcome", "is_open"),
    [
        ({"status": "auth_failure"}, StepOutcome.SKIPPED, True),
        ({"status": "bad_referrer"}, StepOutcome.SKIPPED, True),
        ({"status": "general_failure", "message": "Insufficient credit balance"}, StepOutcome.SKIPPED, True),
        ({"status": "general_failure", "message": "Missing email"}, StepOutcome.FAILED, False),
        ({"status": "temp_unavail"}, StepOutcome.FAILED, False),
        ({"status": "throttle_triggered"}, StepOutcome.FAILED, False),
        ({"status": "who knows"}, StepOutcome.UNCERTAIN, False),
        ([], StepOutcome.UNCERTAIN, False),
    ],
)
def test_errors_come_inside_a_200(body: object, outcome: StepOutcome, is_open: bool) -> None:
    ((lead,), _) = checked(plain(json.dumps(body)), leads(1), DirectCalls())
    assert (lead.steps[-1].outcome, lead.steps[-1].is_open) == (outcome, is_open)
    assert lead.email_status is EmailStatus.UNVERIFIED


@pytest.mark.parametrize(
    ("status", "outcome", "is_open"),
    [
        ("401 Unauthorized", StepOutcome.SKIPPED, True),
        ("413 Too Large", StepOutcome.FAILED, False),
        ("429 Too Many", StepOutcome.FAILED, False),
        ("503 Unavailable", StepOutcome.UNCERTAIN, False),
        ("504 Gateway Timeout", StepOutcome.UNCERTAIN, False),
        ("204 No Content", StepOutcome.UNCERTAIN, False),
    ],
)
def test_real_errors_are_told_apart(status: str, outcome: StepOutcome, is_open: bool) -> None:
    ((lead,), _) = checked(plain("", status), leads(1), DirectCalls())
    assert (lead.steps[-1].outcome, lead.steps[-1].is_open) == (outcome, is_open)
    assert lead.steps[-1].cost_micros == (PRICE if outcome is StepOutcome.UNCERTAIN else 0)


def a_list_server(results: Mapping[str, object], states: Sequence[str] = ("running", "complete")) -> Answerer:
    left = list(states)

    def answer(connection: object, request: bytes) -> None:
        path = request.split(b" ", 2)[1].decode()
        if path.endswith("/jobs/create"):
            reply = success(job_id=77)
        elif path.endswith("/jobs/status"):
            reply = success(job_status=left.pop(0) if left else "complete", percent_complete=12.5)
        else:
            rows = [
                {"data": {"email": email}, "verification": {"result": result}}
                for email, result in results.items()
            ]
            reply = success(results=rows)
        reply(connection, request)  # type: ignore[arg-type]

    return answer


def test_a_list_is_one_job_and_never_walked_through_single_checks() -> None:
    given = leads(HANDFUL + 5)
    results = {
        f"info+a@anchor-{n}.test": "valid" if n % 2 else "invalid" for n in range(HANDFUL + 5) if n != 9
    }
    calls = DirectCalls()
    found, server = checked(a_list_server(results), given, calls)
    assert sorted({request.split(b" ")[1] for request in server.requests}) == [
        b"/v4.2/jobs/create", b"/v4.2/jobs/results", b"/v4.2/jobs/status",
    ]  # fmt: skip
    by = {lead.business.email: lead for lead in found}
    assert len(by) == len(given)
    assert by["info+a@anchor-1.test"].email_status is EmailStatus.VERIFIED
    assert by["info+a@anchor-2.test"].email_status is EmailStatus.INVALID
    # A domain that cannot receive mail is settled for nothing.
    assert by["info+a@anchor-9.test"].email_status is EmailStatus.INVALID
    assert sum(lead.steps[-1].cost_micros for lead in found) == calls.answers[0].cost_micros == PRICE * 24
    assert len(calls.remembered) == 24
    assert len(calls.spared) == 1


def test_a_list_sent_before_an_interruption_is_read_and_not_sent_again() -> None:
    given = leads(HANDFUL + 10)
    emails: list[Json] = [lead.business.email for lead in given if lead.business.email]
    held = Earlier(arguments={"emails": emails[:3]}, reply=Reply(body={"job_id": 77}))
    lost = Earlier(arguments={"emails": emails[3:5]}, reply=None)
    calls = DirectCalls(before=[held, lost])
    results = {str(email): "valid" for email in emails}
    found, server = checked(a_list_server(results), given, calls)
    (sent,) = [json.loads(r.partition(b"\r\n\r\n")[2]) for r in server.requests if b"/jobs/create" in r]
    assert [item["email"] for item in sent["input"]] == [e for e in emails[5:] if e != "info+a@anchor-9.test"]
    by = {lead.business.email: lead for lead in found}
    assert [by[str(email)].steps[-1].outcome for email in emails[:5]] == [
        *[StepOutcome.FOUND] * 3,
        *[StepOutcome.UNCERTAIN] * 2,
    ]
    assert sum(lead.steps[-1].cost_micros for lead in found) == PRICE * (HANDFUL + 9)


def test_what_earlier_lists_cost_stays_on_leads_with_nothing_to_ask_by_now() -> None:
    """Suppressed since; without an address since; another list may have been made, and the last was not."""
    given = leads(5)
    emails = [str(lead.business.email) for lead in given]
    keys = [lead.business.key for lead in given]
    asked: list[Json] = ["old@anchor-0.test", *emails]

    def earlier(first: int, last: int, reply: Reply | None, *, may_repeat: bool = False) -> Earlier:
        to: list[Json] = [keys[max(0, number - 1)] for number in range(first, last)]
        arguments = {"emails": asked[first:last], "leads": to}
        return Earlier(arguments=arguments, reply=reply, may_repeat=may_repeat)

    calls = DirectCalls(
        before=[
            earlier(0, 4, Reply(body={"job_id": 77})),
            earlier(4, 5, None),
            earlier(5, 6, None, may_repeat=True),
        ]
    )
    now = [*given[:2], replace(given[2], business=replace(given[2].business, email=None)), *given[3:]]
    listed = ListSuppressions({f"anchor-{number}.test" for number in (1, 3, 4)})
    found, server = checked(a_list_server(dict.fromkeys(map(str, asked), "valid")), now, calls, listed)
    by = {lead.business.key: lead for lead in found}
    told = [by[key].steps[-1] for key in keys]
    assert [by[key].email_status is EmailStatus.VERIFIED for key in keys] == [True, *[False] * 4]
    assert [step.cost_micros // PRICE for step in told] == [2, 1, 1, 1, 0]
    assert [step.shared_micros for step in told] == [step.cost_micros for step in told]
    assert [step.detail for step in told[1:]] == [
        "The address is on the suppression list.",
        "There is no address to check.",
        "The address is on the suppression list.",
        "The address is on the suppression list.",
    ]
    assert not [request for request in server.requests if b"single" in request or b"create" in request]


def test_the_rest_of_an_interrupted_list_is_few_enough_for_single_checks() -> None:
    given = leads(5)
    emails: list[Json] = [lead.business.email for lead in given if lead.business.email]
    held = Earlier(arguments={"emails": emails}, reply=Reply(body={"job_id": 77}))
    found, server = checked(
        a_list_server({str(email): "valid" for email in emails}), given, DirectCalls(before=[held])
    )
    assert {lead.email_status for lead in found} == {EmailStatus.VERIFIED}
    assert not [request for request in server.requests if b"single" in request or b"create" in request]


def test_a_result_in_numbers_means_the_same_in_a_list() -> None:
    results = {f"info+a@anchor-{n}.test": n % 6 for n in range(HANDFUL + 2)}
    found, _ = checked(a_list_server(results), leads(HANDFUL + 2), DirectCalls())
    by = {lead.business.email: lead.email_status for lead in found}
    assert [by[f"info+a@anchor-{n}.test"] for n in range(6)] == [
        EmailStatus.VERIFIED, EmailStatus.INVALID, EmailStatus.DISPOSABLE, EmailStatus.CATCHALL, EmailStatus.UNKNOWN,
        EmailStatus.UNKNOWN,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hiccup",
    [
        plain("busy", "503 Unavailable"),
        plain("<html>"),
        plain('{"status": "temp_unavail"}'),
        plain('{"status": "throttle_triggered"}'),
    ],
)
def test_a_list_that_is_paid_for_is_asked_about_until_it_answers(hiccup: Answerer) -> None:
    results = {f"info+a@anchor-{n}.test": "valid" for n in range(HANDFUL + 2)}
    calm, seen = a_list_server(results), set[bytes]()

    def answer(connection: socket.socket, request: bytes) -> None:
        path = request.split(b" ")[1]
        is_first = path not in seen and b"create" not in path
        seen.add(path)
        (hiccup if is_first else calm)(connection, request)

    found, _ = checked(answer, leads(HANDFUL + 2), DirectCalls())
    assert sum(lead.email_status is EmailStatus.VERIFIED for lead in found) == HANDFUL + 1


def test_a_row_that_cannot_be_read_leaves_the_others_their_results() -> None:
    results: dict[str, object] = {f"info+a@anchor-{n}.test": "valid" for n in range(HANDFUL + 2)}
    results["info+a@anchor-0.test"] = float("nan")
    found, _ = checked(a_list_server(results), leads(HANDFUL + 2), DirectCalls())
    told = {lead.business.email: lead.email_status for lead in found}
    assert told["info+a@anchor-1.test"] is EmailStatus.VERIFIED
    assert told["info+a@anchor-0.test"] is not EmailStatus.VERIFIED


def test_a_single_result_that_cannot_be_read_is_no_verdict() -> None:
    (found,), _ = checked(success(result=float("nan")), leads(1), DirectCalls())
    assert (found.email_status, found.steps[-1].outcome) == (EmailStatus.UNVERIFIED, StepOutcome.UNCERTAIN)


def test_a_list_nobody_can_read_any_more_was_paid_for_all_the_same() -> None:
    calm = a_list_server({})

    def answer(connection: socket.socket, request: bytes) -> None:
        gone = plain('{"status": "auth_failure"}')
        (calm if b"create" in request.split(b" ")[1] else gone)(connection, request)

    calls = DirectCalls()
    found, _ = checked(answer, leads(HANDFUL + 2), calls)
    asked = [lead for lead in found if lead.business.email != "info+a@anchor-9.test"]
    assert {lead.steps[-1].outcome for lead in asked} == {StepOutcome.UNCERTAIN}
    assert sum(lead.steps[-1].cost_micros for lead in found) == calls.answers[0].cost_micros


@pytest.mark.parametrize("state", ["failed", "under_review"])
def test_a_list_that_is_not_carried_out_may_have_been_billed(state: str) -> None:
    found, _ = checked(a_list_server({}, [state]), leads(HANDFUL + 2), DirectCalls())
    asked = [lead for lead in found if lead.business.email != "info+a@anchor-9.test"]
    assert {lead.steps[-1].outcome for lead in asked} == {StepOutcome.UNCERTAIN}
    assert {lead.email_status for lead in asked} == {EmailStatus.UNVERIFIED}


def test_a_short_budget_checks_the_best_leads_and_leaves_the_others_open() -> None:
    calls = DirectCalls(budget_micros=PRICE * 7)
    results = {f"info+a@anchor-{n}.test": "valid" for n in range(40)}
    found, _ = checked(a_list_server(results), leads(HANDFUL + 10), calls)
    verified = [lead.business.email for lead in found if lead.email_status is EmailStatus.VERIFIED]
    assert verified == [f"info+a@anchor-{n}.test" for n in range(7)]
    assert sum(lead.is_open for lead in found) == HANDFUL + 10 - 7 - 1


def test_a_suppressed_address_is_not_checked() -> None:
    calls = DirectCalls()
    ((lead,), server) = checked(success(result="valid"), leads(1), calls, ListSuppressions({"anchor-0.test"}))
    assert lead.steps[-1].detail == "The address is on the suppression list."
    assert server.requests == []
