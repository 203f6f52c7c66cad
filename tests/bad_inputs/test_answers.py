"""Answers of providers over a real socket: what can be read is, and what cannot costs one place and no campaign."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.causes import Cause
from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import is_open, read
from pipeline.errors import SourceError
from pipeline.lead import Business, EmailStatus
from pipeline.output.formulas import guarded
from tests.bad_inputs.table import Case
from tests.pipeline.memory import METRE, TODAY
from tests.support.calls import DirectCalls
from tests.support.google import pages, place, search
from tests.support.hunter import DOMAIN, Bench, email, found
from tests.support.neverbounce import checked, leads, success
from tests.support.sites import HTML, moved
from tests.support.wire import Answerer, plain, raw, wire

GOOD = place(1)


def businesses(answer: Answerer) -> list[Business]:
    """What a campaign makes of the places that a server lists."""
    with wire(answer) as server:
        listed, _ = search(server, DirectCalls())
    return from_records([read(one, "FI") for one in listed if is_open(one, TODAY)])


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in place(2).items() if key != name}


def _named(text: object) -> dict[str, Any]:
    return place(2, displayName={"text": text}, location={"latitude": 60 + 900 * METRE, "longitude": 25.0})


LISTED = (
    Case(61, "a place without an id", _without("id"), 1),
    Case(61, "a place without a name", _without("displayName"), 1),
    Case(61, "a place without a location", _named("Lantern") | {"location": None}, 2),
    Case(61, "a place that is none", 7, 1),
    Case(63, "a phone in words", _named("Lantern") | {"internationalPhoneNumber": "call us!"}, 2),
    Case(64, "a rating with a comma", _named("Lantern") | {"rating": "4,5"}, 2),
    Case(64, "a rating above five", _named("Lantern") | {"rating": 11}, 2),
    Case(64, "no rating", _named("Lantern") | {"rating": None}, 2),
    Case(65, "a name of a megabyte", _named("x" * 1_000_000), 2),
    Case(66, "a name that is a formula", _named("=1+1"), 2),
    Case(
        67, "a latitude in words", _named("Lantern") | {"location": {"latitude": "north", "longitude": 25}}, 2
    ),
    Case(
        67,
        "a latitude as text",
        _named("Lantern") | {"location": {"latitude": "60.008", "longitude": "25"}},
        2,
    ),
    Case(
        74, "a number without end", _named("Lantern") | {"location": {"latitude": 1e999, "longitude": 25}}, 1
    ),
    Case(82, "a business that is gone", _named("Lantern") | {"businessStatus": "CLOSED_PERMANENTLY"}, 1),
    Case(83, "one business under two ids", {**GOOD, "id": "place-2"}, 1),
)


@pytest.mark.parametrize("case", LISTED, ids=str)
def test_one_place_costs_none_of_the_others(case: Case[Any, int]) -> None:
    made = businesses(pages({"places": [GOOD, case.given]}))
    assert len(made) == case.expected
    assert "Anchor 1" in [one.name for one in made]
    assert [one.phone for one in made] == [None] * case.expected
    for one in made:
        assert len(one.name) <= 300
        assert guarded(one.name) == one.name or one.name.startswith("=")


WEBSITES = (
    Case(62, "a script", "javascript:alert(1)", (None, None)),
    Case(62, "the address of a machine's own data", "http://169.254.169.254/", (None, None)),
    Case(62, "another scheme", "ftp://lantern.test/", (None, None)),
    Case(62, "a user and a password", "https://user:pw@lantern.test/", (None, None)),
    Case(
        62,
        "capitals, a port and dots",
        "HTTP://LANTERN.TEST:80/a/..",
        ("http://lantern.test/a/..", "lantern.test"),
    ),
    Case(62, "a name in its own letters", "https://xn--mnchen-3ya.test/", (..., "xn--mnchen-3ya.test")),
    Case(62, "a page on a network", "https://www.facebook.com/lantern", (..., None)),
    Case(62, "5,000 letters", "https://lantern.test/" + "x" * 5_000, (None, None)),
)


@pytest.mark.parametrize("case", WEBSITES, ids=str)
def test_a_website_is_one_or_none(case: Case[str, tuple[Any, str | None]]) -> None:
    (made,) = businesses(pages({"places": [_named("Lantern") | {"websiteUri": case.given}]}))
    website, domain = case.expected
    assert (made.domain, website is ... or made.website == website) == (domain, True)
    assert "169.254" not in (made.website or "")


EMAILS = (
    Case(68, "nothing", "", None),
    Case(68, "a host without an ending", "a@b", None),
    Case(68, "capitals", f"INFO@{DOMAIN.upper()}", f"info@{DOMAIN}"),
    Case(68, "two in one field", f"info@{DOMAIN}, sales@{DOMAIN}", f"info@{DOMAIN}"),
    Case(68, "a line for a letter's head", f"x@{DOMAIN}\nBcc: y@{DOMAIN}", None),
    Case(68, "another alphabet", f"почта@{DOMAIN}", f"почта@{DOMAIN}"),
    Case(68, "a shared mailbox", f"sales@{DOMAIN}", f"sales@{DOMAIN}"),
    Case(68, "more than 320 letters", f"{'x' * 320}@{DOMAIN}", None),
    Case(12, "an override in an address", f"info@{DOMAIN}\u202e", None),
)


@pytest.mark.parametrize("case", EMAILS, ids=str)
def test_an_address_is_read_whole_or_not_at_all(case: Case[str, str | None]) -> None:
    lead = Bench().run(found(email(case.given)))
    assert lead.business.email == case.expected
    assert lead.is_role_address == (case.expected in (f"info@{DOMAIN}", f"sales@{DOMAIN}"))


@pytest.mark.parametrize(
    "case", [Case(69, "above a hundred", 150, None), Case(69, "a word", "high", None)], ids=str
)
def test_a_certainty_that_is_none_is_left_out(case: Case[object, None]) -> None:
    lead = Bench().run(found(email(f"info@{DOMAIN}", confidence=case.given)))
    assert lead.contacts[0].certainty is case.expected


@pytest.mark.parametrize(
    "case",
    [
        Case(70, "null", {"emails": None}, "not_found"),
        Case(70, "missing", {}, "not_found"),
        Case(70, "an empty list", {"emails": []}, "not_found"),
    ],
    ids=str,
)
def test_no_addresses_are_no_addresses(case: Case[dict[str, object], str]) -> None:
    bench = Bench()
    assert bench.run(plain(json.dumps({"data": case.given}))).steps[-1].outcome.value == case.expected
    assert bench.calls.answers[0].cost_micros == 0


@pytest.mark.parametrize(
    "case",
    [
        Case(71, "a number there is not", 7, EmailStatus.UNKNOWN),
        Case(71, "a word there is not", "new_value", EmailStatus.UNKNOWN),
        Case(75, "credits below nothing", "valid", EmailStatus.VERIFIED),
    ],
    ids=str,
)
def test_a_verdict_nobody_knows_is_no_verdict_and_the_address_stays(case: Case[object, EmailStatus]) -> None:
    credits = {"paid_credits_used": -5, "free_credits_used": -1, "paid_credits_remaining": -9}
    ((lead,), _) = checked(success(result=case.given, credits_info=credits), leads(1), DirectCalls())
    assert (lead.email_status, lead.business.email) == (case.expected, "info+a@anchor-0.test")
    assert lead.steps[-1].cost_micros >= 0


def _json(**values: object) -> str:
    return json.dumps({"places": [GOOD], **values})


_DEEP = "[" * 100_000 + "]" * 100_000
UNREADABLE = (
    Case(72, "100,000 levels", plain(_DEEP), Cause.UNREADABLE),
    Case(
        73, "a name given twice", plain(f'{{"places": [{json.dumps(GOOD)}], "places": []}}'), Cause.UNREADABLE
    ),
    Case(77, "a page to sign in", plain("<html>Sign in</html>", "200 OK", HTML), Cause.UNREADABLE),
    Case(78, "another encoding", plain(_json().encode("utf-16")), Cause.UNREADABLE),
    Case(81, "a way to this machine", moved("http://127.0.0.1/"), None),
)


@pytest.mark.parametrize("case", UNREADABLE, ids=str)
def test_an_answer_nobody_can_read_ends_the_search_with_its_reason(
    case: Case[Answerer, Cause | None],
) -> None:
    with wire(case.given) as server, pytest.raises(SourceError) as failed:
        search(server, DirectCalls())
    assert case.expected in (None, failed.value.cause)
    assert str(failed.value)
    # Nobody was sent on to where the answer led.
    assert {request.split(b" ")[0] for request in server.requests} == {b"POST"}


def _raw(head: str, body: str) -> Answerer:
    return raw(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())


READABLE = (
    Case(72, "100,000 levels beside a place", plain(_json(more="?").replace('"?"', _DEEP)), 1),
    Case(76, "an empty token", plain(_json(nextPageToken="")), 1),
    Case(79, "no content type", _raw("200 OK", _json()), 1),
    Case(74, "a number without end beside a place", plain(_json(more="?").replace('"?"', "1e999")), 1),
)


@pytest.mark.parametrize("case", READABLE, ids=str)
def test_what_stands_beside_a_place_costs_it_nothing(case: Case[Answerer, int]) -> None:
    assert len(businesses(case.given)) == case.expected


@pytest.mark.parametrize("case", [Case(80, "an answer without a body", "204 No Content", 1)], ids=str)
def test_an_answer_without_a_body_is_told(case: Case[str, int]) -> None:
    with wire(raw(f"HTTP/1.1 {case.given}\r\nConnection: close\r\n\r\n".encode())) as server:
        with pytest.raises(SourceError) as failed:
            search(server, DirectCalls())
        assert str(failed.value)
        assert len(server.requests) == case.expected


@pytest.mark.parametrize("case", [Case(76, "the same token again", "again", 2)], ids=str)
def test_a_token_that_comes_again_leads_in_no_circle(case: Case[str, int]) -> None:
    calls = DirectCalls()
    with wire(plain(_json(nextPageToken=case.given))) as server:
        search(server, calls)
    assert len(calls.asked) == case.expected
