"""Google Text Search when pages are refused, cannot be read or never end."""

from __future__ import annotations

import json
import socket

import pytest

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.place import Place, PlaceQuery
from pipeline.providers.google.places import most_pages
from pipeline.words.understanding import match_types
from tests.support.calls import DirectCalls
from tests.support.google import AREA, PRICE, error, invalid, place, refusing, search, searching
from tests.support.wire import plain, wire


def test_a_token_that_is_too_old_costs_nothing_and_the_tile_is_searched_in_parts() -> None:
    """A campaign that goes on days later holds its first page with the token of then."""
    calls = DirectCalls()
    with wire(refusing(invalid("page_token"))) as server:
        found, source = search(server, calls)
    assert len(found) == 20
    assert len(server.requests) == 2 + 4
    assert [answer.cost_micros for answer in calls.answers] == [PRICE, 0, *[PRICE] * 4]
    assert source.remarks() == ()


def test_a_key_that_is_revoked_between_two_pages_is_no_old_token() -> None:
    refused = error("INVALID_ARGUMENT", "API_KEY_INVALID")
    with wire(refusing(refused)) as server, pytest.raises(SourceError) as caught:
        search(server, DirectCalls())
    assert caught.value.cause is Cause.KEY_REFUSED


@pytest.mark.parametrize(
    "refused",
    [
        invalid(),
        invalid("location_restriction"),
        invalid("pageToken", "location_restriction"),
        error("INVALID_ARGUMENT"),
        error("INVALID_ARGUMENT", "pageToken"),
        '{"error": {"status": "INVALID_ARGUMENT", "message": "Your pageToken is too old."}}',
        '{"error": {"status": "FAILED_PRECONDITION", "details": [{"fieldViolations": [{"field": "pageToken"}]}]}}',
        '{"error": {"status": "INVALID_ARGUMENT", "details": [{"fieldViolations": "pageToken"}]}}',
        "<html>Bad Request</html>",
    ],
)
def test_any_other_refusal_of_a_following_page_ends_the_search_and_buys_no_more(refused: str) -> None:
    calls = DirectCalls()
    with wire(refusing(refused, always=True)) as server, pytest.raises(SourceError) as caught:
        search(server, calls)
    assert (caught.value.cause, caught.value.billed) == (Cause.NOT_UNDERSTOOD, Billed.NO)
    assert len(server.requests) == 2
    assert sum(answer.cost_micros for answer in calls.answers) == PRICE


def test_a_token_that_is_always_too_old_does_not_cost_page_after_page() -> None:
    calls = DirectCalls()
    with wire(refusing(invalid("pageToken"), always=True)) as server, pytest.raises(SourceError) as caught:
        search(server, calls, limit=1000)
    assert caught.value.cause is Cause.NOT_UNDERSTOOD
    assert len(server.requests) == 4 * 2
    assert sum(answer.cost_micros for answer in calls.answers) == 4 * PRICE


def test_a_search_that_finds_more_and_more_ends_at_what_its_order_is_worth() -> None:
    """Every tile is as full as may be, however small."""
    calls = DirectCalls()

    def full(connection: socket.socket, request: bytes) -> None:
        number = len(calls.asked) * 20
        listed = {"places": [place(number + n) for n in range(20)], "nextPageToken": f"t{number}"}
        plain(json.dumps(listed))(connection, request)

    with wire(full) as server, pytest.raises(SourceError) as caught:
        search(server, calls, limit=20)
    assert (caught.value.cause, caught.value.billed) == (Cause.LONG_SEARCH, Billed.NO)
    assert len(server.requests) == most_pages(20) == 34


def test_a_tile_that_fails_ends_none_of_the_others() -> None:
    full = [
        {"places": [place(page * 20 + n) for n in range(20)], "nextPageToken": f"t{page}"}
        for page in range(3)
    ]
    bodies = [*map(json.dumps, full), "<html>", *(json.dumps({"places": [place(900 + n)]}) for n in range(3))]
    found: list[Place] = []
    with wire(lambda c, r: plain(bodies.pop(0))(c, r)) as server:
        query = PlaceQuery(types=match_types(["cafe"]), area=AREA, limit=100)
        with searching(server, DirectCalls()) as source, pytest.raises(SourceError) as caught:
            # What came before the failure was taken by then.
            found.extend(place for batch in source.search(query) for place in batch)
    assert caught.value.cause is Cause.UNREADABLE
    assert len(found) == 63
    assert "1 of 5 tiles could not be read to the end." in source.remarks()


def test_a_source_that_fails_tile_after_tile_is_left_in_peace() -> None:
    query = PlaceQuery(types=match_types(["cafe", "bakery", "bar", "hotel", "bank"]), area=AREA, limit=100)
    with (
        wire(plain("<html>")) as server,
        searching(server, DirectCalls()) as source,
        pytest.raises(SourceError),
    ):
        list(source.search(query))
    assert len(server.requests) == 3


BAD_PLACES = {
    "NaN": '"location": {"latitude": NaN, "longitude": 25}',
    "Infinity": '"location": {"latitude": 60, "longitude": -Infinity}',
    "a number too large": '"location": {"latitude": 1e999, "longitude": 25}',
    "a number too long": f'"location": {{"latitude": {"9" * 5000}, "longitude": 25}}',
    "a name given twice": '"primaryType": "cafe", "primaryType": "bar"',
    "deep": f'"types": {"[" * 100}{"]" * 100}',
    "far too deep": f'"types": {"[" * 200_000}{"]" * 200_000}',
    "deep, with brackets in texts": f'"types": {"[" * 200_000}"]\\"]"{"]" * 200_000}',
}


@pytest.mark.parametrize("bad", BAD_PLACES)
def test_one_place_that_cannot_be_read_is_left_out_and_the_page_is_paid_once(bad: str) -> None:
    calls = DirectCalls()
    good = json.dumps(place(2))
    body = f'{{"places": [{{"id": "bad", "displayName": {{"text": "x"}}, {BAD_PLACES[bad]}}}, {good}]}}'
    with wire(plain(body)) as server:
        found, source = search(server, calls)
    assert [place.source_ref for place in found] == ["place-2"]
    assert [answer.cost_micros for answer in calls.answers] == [PRICE]
    assert json.dumps(calls.answers[0].body, allow_nan=False)
    assert source.remarks() == ("Left out 1 of the source's places: they cannot be read.",)


def test_places_that_cannot_be_read_count_where_the_source_has_its_limit() -> None:
    bad = '{"id": "bad", "location": {"latitude": NaN}}'
    listed = [", ".join([bad, *(json.dumps(place(page * 20 + n)) for n in range(19))]) for page in range(3)]
    bodies = [f'{{"places": [{text}], "nextPageToken": "t{page}"}}' for page, text in enumerate(listed)]
    with wire(lambda c, r: plain(bodies.pop(0) if bodies else "{}")(c, r)) as server:
        search(server, DirectCalls())
    assert len(server.requests) == 3 + 4
