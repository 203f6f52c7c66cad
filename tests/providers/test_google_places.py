"""Google Text Search and Geocoding over the wire, trap by trap."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Answer, Call, Endpoint, Reply
from pipeline.network.http import ProviderHttp
from pipeline.place import Area, PlaceQuery
from pipeline.providers.google.geocoding import GoogleGeocoding
from pipeline.providers.google.places import FIELDS, GooglePlacesSearch
from pipeline.words.understanding import match_types
from tests.support.calls import DirectCalls
from tests.support.google import AREA, PRICE, error, pages, place, search
from tests.support.wire import Wire, plain, wire


def sent(server: Wire) -> list[dict[str, Any]]:
    return [json.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests]


def test_the_mask_names_only_what_is_used_and_the_token_of_the_next_page() -> None:
    with wire(pages({})) as server:
        search(server, DirectCalls())
    head = server.requests[0].decode()
    assert f"X-Goog-FieldMask: {FIELDS}".lower() in head.lower()
    assert " " not in FIELDS
    assert "nextPageToken" in FIELDS
    assert not set(FIELDS.split(",")) & {"places.rating", "places.reviews", "*"}
    assert "key=" not in head.splitlines()[0]


@pytest.mark.parametrize(("least", "sent_along"), [(4.5, {"minRating": 4.5}), (0.0, {})])
def test_ratings_are_asked_for_when_they_are_wanted_and_are_no_answer_without(
    least: float, sent_along: dict[str, float]
) -> None:
    calls, plainly = DirectCalls(), DirectCalls()
    rated = place(1, rating=4.6499999, userRatingCount=87)
    with wire(pages({"places": [rated, place(2)]}, {"places": [rated]})) as server:
        found, _ = search(server, calls, min_rating=least)
        (bare,), _ = search(server, plainly)
    first, second = (request.decode().casefold() for request in server.requests)
    assert f"x-goog-fieldmask: places.rating,places.userratingcount,{FIELDS}".casefold() in first
    assert "places.rating" not in second
    assert [{name: body[name] for name in body if name == "minRating"} for body in sent(server)] == [
        sent_along,
        {},
    ]
    assert [each.tags for each in found] == [{"google:rating": "4.6", "google:reviews": "87"}, {}]
    # The ledger and what is held go by the arguments.
    (asked,), (other,) = calls.asked, plainly.asked
    assert asked.arguments == {**other.arguments, "ratings": True, **sent_along}
    assert (asked.price_micros, asked.keep_days) == (other.price_micros, None) == (PRICE, None)
    assert bare.name == "Anchor 1"


@pytest.mark.parametrize("rating", [0, 5.1, -1, "four", None, [4.5]])
def test_a_rating_that_is_none_is_not_given(rating: object) -> None:
    with wire(pages({"places": [place(1, rating=rating, userRatingCount=3)]})) as server:
        ((found,), _) = search(server, DirectCalls(), min_rating=0.0)
    assert (found.name, found.tags) == ("Anchor 1", {})


def test_no_hit_is_an_empty_object_and_no_failure() -> None:
    with wire(pages({})) as server:
        assert search(server, DirectCalls())[0] == []


def test_a_following_page_repeats_every_parameter_and_is_paid_for() -> None:
    calls = DirectCalls()
    first = {"places": [place(n) for n in range(20)], "nextPageToken": "more"}
    with wire(pages(first, {"places": [place(20)]})) as server:
        found, _ = search(server, calls)
    assert len(found) == 21
    one, two = sent(server)
    assert two == one | {"pageToken": "more"}
    assert one["locationRestriction"]["rectangle"]["low"]["latitude"] < 60
    assert [answer.cost_micros for answer in calls.answers] == [PRICE, PRICE]


@pytest.mark.parametrize("token", ["", "same"])
def test_a_token_that_is_empty_or_comes_again_ends_the_pages(token: str) -> None:
    with wire(lambda c, r: plain(json.dumps({"places": [place(1)], "nextPageToken": token}))(c, r)) as server:
        found, _ = search(server, DirectCalls())
    assert len(found) == 1
    assert len(server.requests) <= 2


def test_tokens_that_lead_in_a_circle_end_after_three_pages() -> None:
    bodies = [{"places": [place(n)], "nextPageToken": token} for n, token in enumerate("abab")]
    calls = DirectCalls()
    with wire(pages(*bodies)) as server:
        search(server, calls)
    assert len(server.requests) == 3
    assert len({json.dumps(call.arguments) for call in calls.asked}) == 3


def test_a_page_that_had_to_be_forgotten_is_searched_in_parts() -> None:
    class Forgotten(DirectCalls):
        """The first question was answered more than thirty days ago."""

        def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
            if not self.asked:
                self.asked.append(call)
                return Reply(body=None)
            return super().ask(call, send)

    with wire(pages({"places": [place(1)]})) as server:
        found, _ = search(server, Forgotten())
    assert (len(found), len(server.requests)) == (1, 4)


def test_nothing_google_says_is_kept_for_others() -> None:
    calls = DirectCalls()
    with wire(pages({})) as server:
        search(server, calls)
    asked = [*calls.asked, *locate('{"status": "ZERO_RESULTS"}')[1].asked]
    assert len(asked) == 2
    assert {call.keep_days for call in asked} == {None}


def test_at_the_cap_the_area_is_searched_in_parts_and_it_is_said() -> None:
    full = [
        {"places": [place(page * 20 + n) for n in range(20)], "nextPageToken": f"t{page}"}
        for page in range(3)
    ]
    with wire(pages(*full, {"places": [place(900)]})) as server:
        found, source = search(server, DirectCalls())
    assert len(found) == 61
    assert len(server.requests) == 3 + 4
    assert source.remarks() == ("The source's limit of 60 was hit in 1 of 5 tiles.",)


def test_pages_nobody_takes_are_not_bought() -> None:
    calls = DirectCalls()
    first = {"places": [place(n) for n in range(20)], "nextPageToken": "more"}
    with wire(pages(first, first)) as server:
        http = ProviderHttp("Google Places", Endpoint(base_url=server.url), user_agent="t")
        source = GooglePlacesSearch(
            calls, http, "k", price_micros=PRICE, locate=lambda *_: AREA, today=date(2026, 11, 24)
        )
        next(iter(source.search(PlaceQuery(types=match_types(["cafe"]), area=AREA, limit=5))))
        http.close()
    assert len(calls.asked) == 1


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({"id": None}, False),
        ({"displayName": {}}, True),
        ({"displayName": 5}, True),
        ({"location": {"latitude": "north", "longitude": 1}}, True),
        ({"location": None}, True),
        ({"websiteUri": 7, "types": None}, True),
        ({"websiteUri": "https://anchor.test/" + "x" * 5000}, True),
        ({"location": {"latitude": "60.0", "longitude": "25.0"}, "rating": "4,5"}, True),
        ({"location": {"latitude": 91, "longitude": 0}}, True),
        ({"displayName": {"text": "x" * 1_000_000}, "formattedAddress": "y" * 500_000}, True),
        ({"displayName": {"text": "=HYPERLINK(1)"}, "addressComponents": [5, {"types": "route"}]}, True),
    ],
)
def test_a_value_of_a_wrong_shape_counts_as_not_given(raw: dict[str, Any], kept: bool) -> None:
    with wire(pages({"places": [place(1, **raw)]})) as server:
        assert bool(search(server, DirectCalls())[0]) is kept


def test_a_part_of_an_address_that_is_none_leaves_the_others() -> None:
    parts = [5, {"longText": None}, {"longText": "x", "types": "route"}]
    town = {"longText": "Town", "shortText": "Town", "types": ["locality"]}
    raw = place(1, addressComponents=[*parts, town], formattedAddress="Pier Street 5, Town")
    with wire(pages({"places": [raw]})) as server:
        (found,) = search(server, DirectCalls())[0]
    assert (found.street, found.housenumber, found.city) == ("Pier Street", "5", "Town")


def test_an_endless_value_does_not_make_a_page_too_large_to_keep() -> None:
    calls = DirectCalls()
    with wire(pages({"places": [place(n, displayName={"text": "x" * 90_000}) for n in range(20)]})) as server:
        search(server, calls)
    assert len(json.dumps(calls.answers[0].body)) < 30_000


def test_a_closed_business_is_marked_as_closed() -> None:
    with wire(pages({"places": [place(1, businessStatus="CLOSED_PERMANENTLY")]})) as server:
        (found,) = search(server, DirectCalls())[0]
    assert found.tags == {"operational_status": "closed"}


@pytest.mark.parametrize(
    ("status", "body", "cause", "billed"),
    [
        ("400 Bad Request", error("INVALID_ARGUMENT", "API_KEY_INVALID"), Cause.KEY_REFUSED, Billed.NO),
        ("400 Bad Request", error("INVALID_ARGUMENT"), Cause.NOT_UNDERSTOOD, Billed.NO),
        ("403 Forbidden", error("PERMISSION_DENIED", "SERVICE_DISABLED"), Cause.KEY_REFUSED, Billed.NO),
        (
            "429 Too Many",
            error("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "XPerMinutePerProject"),
            Cause.TOO_FAST,
            Billed.NO,
        ),
        (
            "429 Too Many",
            error("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "XPerDayPerProject"),
            Cause.DAY_LIMIT,
            Billed.NO,
        ),
        ("429 Too Many", error("RESOURCE_EXHAUSTED"), Cause.TOO_FAST, Billed.NO),
        ("403 Forbidden", error("PERMISSION_DENIED", "BILLING_DISABLED"), Cause.KEY_REFUSED, Billed.NO),
        ("500 Internal", error("INTERNAL"), Cause.SERVER_ERROR, Billed.UNKNOWN),
        ("503 Unavailable", "busy", Cause.SERVER_ERROR, Billed.UNKNOWN),
        ("504 Deadline", error("DEADLINE_EXCEEDED"), Cause.SERVER_ERROR, Billed.UNKNOWN),
    ],
)
def test_a_refusal_is_free_and_a_server_error_may_have_been_billed(
    status: str, body: str, cause: Cause, billed: Billed
) -> None:
    with wire(plain(body, status)) as server, pytest.raises(SourceError) as caught:
        search(server, DirectCalls())
    assert (caught.value.cause, caught.value.billed) == (cause, billed)


@pytest.mark.parametrize("body", ["[]", "<html>", '{"places": 5}'])
def test_an_unreadable_answer_may_have_been_billed(body: str) -> None:
    with wire(plain(body)) as server, pytest.raises(SourceError) as caught:
        search(server, DirectCalls())
    assert caught.value.billed is Billed.UNKNOWN


def locate(body: str) -> tuple[Area | None, DirectCalls]:
    calls = DirectCalls()
    with wire(plain(body)) as server:
        http = ProviderHttp("Google Geocoding", Endpoint(base_url=server.url), user_agent="t")
        try:
            return GoogleGeocoding(calls, http, "k", price_micros=5000).locate("Town", None), calls
        finally:
            http.close()


def test_a_place_is_located_with_what_google_understood() -> None:
    box = {"northeast": {"lat": 60.1, "lng": 25.1}, "southwest": {"lat": 59.9, "lng": 24.9}}
    result = {
        "formatted_address": "Town, Finland",
        "geometry": {"location": {"lat": 60, "lng": 25}, "viewport": box},
        "address_components": [{"short_name": "FI", "types": ["country"]}],
        "partial_match": True,
    }
    area, calls = locate(json.dumps({"status": "OK", "results": [result]}))
    assert area is not None
    assert (area.label, area.country) == ("Town, Finland", "FI")
    assert 11 < area.radius_km < 13
    assert calls.answers[0].cost_micros == 5000


def test_a_place_google_does_not_know_is_none() -> None:
    assert locate('{"status": "ZERO_RESULTS", "results": []}')[0] is None


@pytest.mark.parametrize(
    ("status", "cause", "billed"),
    [
        ("REQUEST_DENIED", Cause.KEY_REFUSED, Billed.NO),
        ("OVER_DAILY_LIMIT", Cause.KEY_REFUSED, Billed.NO),
        ("OVER_QUERY_LIMIT", Cause.TOO_FAST, Billed.NO),
        ("UNKNOWN_ERROR", Cause.BUSY, Billed.UNKNOWN),
        ("INVALID_REQUEST", Cause.NOT_ACCEPTED, Billed.NO),
        ("SOMETHING_NEW", Cause.UNREADABLE, Billed.UNKNOWN),
        ("OK", Cause.UNREADABLE, Billed.UNKNOWN),
    ],
)
def test_errors_come_inside_a_200(status: str, cause: Cause, billed: Billed) -> None:
    with pytest.raises(SourceError) as caught:
        locate(json.dumps({"status": status}))
    assert (caught.value.cause, caught.value.billed) == (cause, billed)
