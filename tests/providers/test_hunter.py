"""Hunter over the wire, trap by trap."""

from __future__ import annotations

import json

import pytest

from pipeline.causes import Cause
from pipeline.lead import Contact, EmailStatus, Lead, Origin, StepOutcome
from pipeline.money.calls import Json, Reply
from tests.pipeline.memory import TODAY, from_places, full_place
from tests.support.hunter import DOMAIN, PRICE, Bench, email, found, lead
from tests.support.wire import Answerer, plain


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_address_is_found_with_its_source_and_its_price(bench: Bench) -> None:
    result = bench.run(found(email(f"info@{DOMAIN}"), email(f"sales@{DOMAIN}", confidence=95)))
    assert result.business.email == f"sales@{DOMAIN}"
    assert result.business.provenance["email"].source == "hunter"
    assert result.email_status is EmailStatus.UNVERIFIED
    assert (result.steps[-1].outcome, result.steps[-1].cost_micros) == (StepOutcome.FOUND, PRICE)
    head = bench.request.decode()
    assert head.startswith(f"GET /v2/domain-search?domain={DOMAIN}&limit=10 ")
    assert "x-api-key: the-key" in head.lower()


def test_nothing_found_costs_nothing(bench: Bench) -> None:
    result = bench.run(found())
    assert (result.steps[-1].outcome, result.steps[-1].cost_micros) == (StepOutcome.NOT_FOUND, 0)
    assert bench.calls.answers[0].cost_micros == 0


@pytest.mark.parametrize(
    "data",
    [{}, {"emails": None}, {"emails": [5, {}, {"value": None}, {"value": "a@b"}, {"value": ""}]}],
)
def test_addresses_that_are_missing_or_none_are_no_addresses(bench: Bench, data: dict[str, object]) -> None:
    result = bench.run(plain(json.dumps({"data": data})))
    assert result.business.email is None
    assert result.steps[-1].outcome is StepOutcome.NOT_FOUND


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (f"INFO@{DOMAIN.upper()}", f"info@{DOMAIN}"),
        (f"info@{DOMAIN}, sales@{DOMAIN}", f"info@{DOMAIN}"),
        (f"info@{DOMAIN}\nBcc: you@{DOMAIN}", None),
        (f"jörg@{DOMAIN}", f"jörg@{DOMAIN}"),
        (f"{'x' * 320}@{DOMAIN}", None),
        (f"info@{DOMAIN}\u202e", None),
    ],
)
def test_an_address_is_read_in_one_form_or_not_at_all(bench: Bench, value: str, read: str | None) -> None:
    result = bench.run(found(email(value)))
    assert result.business.email == read
    # It was returned, so it was billed.
    assert result.steps[-1].cost_micros == PRICE


@pytest.mark.parametrize("confidence", [150, "high", -1, None, 5.5, True])
def test_a_certainty_that_is_none_is_left_out(bench: Bench, confidence: object) -> None:
    result = bench.run(found(email(f"info@{DOMAIN}", confidence=confidence)))
    assert result.contacts[0].certainty is None


def test_an_address_that_cannot_be_read_leaves_the_others(bench: Bench) -> None:
    result = bench.run(found(email(f"info@{DOMAIN}", confidence=float("nan")), email(f"sales@{DOMAIN}")))
    assert [contact.email for contact in result.contacts] == [f"sales@{DOMAIN}"]
    assert result.steps[-1].cost_micros == PRICE


def test_an_only_address_that_cannot_be_read_was_billed_all_the_same(bench: Bench) -> None:
    result = bench.run(found(email(f"info@{DOMAIN}", confidence=float("nan"))))
    assert result.business.email is None
    assert result.steps[-1].cost_micros == PRICE


def test_only_addresses_of_the_company_count(bench: Bench) -> None:
    result = bench.run(found(email("info@elsewhere.test")))
    assert result.business.email is None
    # One credit was taken all the same: the address was returned.
    assert result.steps[-1].cost_micros == PRICE


@pytest.mark.parametrize(
    ("answer", "listed", "cause", "says"),
    [
        (found(), (), Cause.NOTHING_KNOWN, "Hunter knows no address on anchor.test."),
        (
            found(email("info@group.test"), email("sales@group.test")),
            (),
            Cause.OTHER_DOMAINS,
            "Hunter knows addresses of other domains only, none on anchor.test.",
        ),
        (
            found(email(f"info@{DOMAIN}"), email("info@group.test")),
            (f"info@{DOMAIN}",),
            Cause.ALL_SUPPRESSED,
            "Every address Hunter knows on anchor.test is on the suppression list.",
        ),
        (
            found({"value": None}, email("a@b")),
            (),
            Cause.ALL_UNREADABLE,
            "Hunter gave addresses for anchor.test, but none that can be read.",
        ),
        (
            plain('{"errors": [{"id": "invalid_domain", "code": 400}]}', "400 Bad Request"),
            (),
            Cause.DOMAIN_REFUSED,
            "Hunter does not accept anchor.test as a domain to search.",
        ),
    ],
)
def test_an_answer_without_a_usable_address_says_what_it_was(
    bench: Bench, answer: Answerer, listed: tuple[str, ...], cause: Cause, says: str
) -> None:
    bench.suppressions.listed |= {*listed}
    step = bench.run(answer).steps[-1]
    assert (step.outcome, step.cause, step.detail) == (StepOutcome.NOT_FOUND, cause, says)


def test_a_suppressed_address_is_left_out(bench: Bench) -> None:
    bench.suppressions.listed.add(f"info@{DOMAIN}")
    assert bench.run(found(email(f"info@{DOMAIN}"))).business.email is None


def error(kind: str, status: str) -> Answerer:
    return plain(json.dumps({"errors": [{"id": kind, "code": 1, "details": "x"}]}), status)


def test_what_was_paid_before_a_company_was_suppressed_stays_on_its_lead(bench: Bench) -> None:
    bench.suppressions.listed.add(DOMAIN)
    body: Json = {"emails": [{"value": f"info@{DOMAIN}"}], "returned": 1}
    paid = Reply(body=body, cost_micros=PRICE, found=True, subject=lead().business.key)
    bench.calls.own[f"domain_search {DOMAIN}"] = paid
    result = bench.run(found())
    assert (bench.request, result.business.email) == (b"", None)
    assert (result.steps[-1].cause, result.steps[-1].cost_micros) == (Cause.ALL_SUPPRESSED, PRICE)


def test_what_another_lead_of_a_suppressed_company_was_answered_is_not_this_one_s(bench: Bench) -> None:
    bench.suppressions.listed.add(DOMAIN)
    bench.calls.own[f"domain_search {DOMAIN}"] = Reply(body={}, cost_micros=PRICE, subject="another")
    step = bench.run(found()).steps[-1]
    assert (step.outcome, step.cost_micros) == (StepOutcome.SKIPPED, 0)


def test_whoever_opted_out_is_suppressed_for_good(bench: Bench) -> None:
    result = bench.run(error("claimed_email", "451 Unavailable"))
    assert DOMAIN in bench.suppressions.listed
    assert "asked Hunter not to be found" in result.steps[-1].detail
    again = bench.run(found(email(f"info@{DOMAIN}")))
    assert again.steps[-1].detail == "The company is on the suppression list."
    assert len(bench.calls.asked) == 1


@pytest.mark.parametrize(
    ("answer", "outcome", "is_open", "says"),
    [
        (error("authentication_failed", "401 Unauthorized"), StepOutcome.SKIPPED, True, "refused the key"),
        (error("too_many_requests", "429 Too Many"), StepOutcome.SKIPPED, True, "credits are used up"),
        (error("too_many_requests", "403 Forbidden"), StepOutcome.FAILED, False, "slow down"),
        (error("no_discover_access", "403 Forbidden"), StepOutcome.SKIPPED, True, "present plan"),
        (plain("{}", "202 Accepted"), StepOutcome.UNCERTAIN, False, "try later"),
        (plain("{}", "222 Unknown"), StepOutcome.UNCERTAIN, False, "try later"),
        (plain("down", "502 Bad Gateway"), StepOutcome.UNCERTAIN, False, "may have been billed"),
        (plain("late", "504 Gateway Timeout"), StepOutcome.UNCERTAIN, False, "may have been billed"),
        (
            plain("", "301 Moved", "Location: http://127.0.0.1/"),
            StepOutcome.UNCERTAIN,
            False,
            "may have been billed",
        ),
        (plain('{"data": {"emails": []}, "data": {}}'), StepOutcome.UNCERTAIN, False, "may have been billed"),
        (error("pagination_error", "400 Bad Request"), StepOutcome.FAILED, False, "did not accept"),
        (plain("[]", "403 Forbidden"), StepOutcome.FAILED, False, "slow down"),
        (error("invalid_domain", "400 Bad Request"), StepOutcome.NOT_FOUND, False, "does not accept"),
        (error("wrong_params", "400 Bad Request"), StepOutcome.FAILED, False, "did not accept"),
        (plain("<html>"), StepOutcome.UNCERTAIN, False, "may have been billed"),
        (plain("{}", "204 No Content"), StepOutcome.UNCERTAIN, False, "may have been billed"),
    ],
)
def test_every_refusal_means_what_the_documentation_says(
    bench: Bench, answer: Answerer, outcome: StepOutcome, is_open: bool, says: str
) -> None:
    step = bench.run(answer).steps[-1]
    assert (step.outcome, step.is_open) == (outcome, is_open)
    assert says in step.detail
    assert step.cost_micros == (PRICE if outcome is StepOutcome.UNCERTAIN else 0)


def test_without_budget_nothing_is_asked_and_it_stays_open(bench: Bench) -> None:
    bench.calls.budget_micros = PRICE - 1
    step = bench.run(found()).steps[-1]
    assert (step.outcome, step.is_open, bench.request) == (StepOutcome.SKIPPED, True, b"")


def test_a_known_lead_is_not_paid_for_again(bench: Bench) -> None:
    origin = Origin(source="hunter", ref=DOMAIN)
    bench.memory.contacts[DOMAIN] = Contact(
        email=f"info@{DOMAIN}", origin=origin, status=EmailStatus.VERIFIED
    )
    result = bench.run(found())
    assert (result.business.email, result.email_status) == (f"info@{DOMAIN}", EmailStatus.VERIFIED)
    assert (len(bench.calls.asked), len(bench.calls.spared)) == (0, 1)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"website": None}, "no website of its own"),
        ({"website": "https://facebook.com/anchor"}, "no website of its own"),
        ({"email": f"info@{DOMAIN}"}, "known already"),
    ],
)
def test_nobody_is_asked_without_need(bench: Bench, given: dict[str, object], says: str) -> None:
    (business,) = from_places([full_place(**({"website": f"https://{DOMAIN}/"} | given))], "FI", TODAY)
    step = bench.run(found(), Lead(business=business)).steps[-1]
    assert step.outcome is StepOutcome.SKIPPED
    assert says in step.detail
    assert bench.calls.asked == []


def test_a_domain_that_takes_no_mail_is_not_asked_for(bench: Bench) -> None:
    bench.receives = False
    assert "cannot receive mail" in bench.run(found()).steps[-1].detail
    assert bench.calls.asked == []
