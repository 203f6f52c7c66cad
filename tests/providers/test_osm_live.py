"""The live map over the wire: Nominatim for the typed place, Overpass for the businesses."""

from __future__ import annotations

import json
import re
from datetime import date
from urllib.parse import parse_qs

import pytest

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint
from pipeline.network.http import ProviderHttp
from pipeline.place import Area, Place, PlaceQuery, TypeMatch
from pipeline.providers.locators import first_that_knows
from pipeline.providers.nominatim import Nominatim
from pipeline.providers.overpass import OverpassSearch
from pipeline.providers.overpass_ql import ql
from pipeline.words.understanding import match_types
from tests.support.calls import DirectCalls
from tests.support.wire import Answerer, plain, wire

AREA = Area(label="Town", lat=60.0, lon=25.0, radius_km=2.0, country="FI")
BASE = {"timestamp_osm_base": "2026-11-20T10:00:00Z"}


def search(answer: Answerer) -> tuple[list[Place], bytes]:
    with wire(answer) as server:
        http = ProviderHttp(
            "OpenStreetMap (Overpass)", Endpoint(base_url=f"{server.url}/api"), user_agent="ProspectPro/1"
        )
        source = OverpassSearch(DirectCalls(), http, locate=lambda *_: AREA, today=date(2026, 11, 24))
        query = PlaceQuery(types=match_types(["cafe"]), area=AREA, limit=5000)
        try:
            return [place for batch in source.search(query) for place in batch], server.requests[0]
        finally:
            http.close()


def elements(*items: dict[str, object], **more: object) -> Answerer:
    return plain(json.dumps({"version": 0.6, "osm3s": BASE, "elements": items, **more}))


def node(number: int, **more: object) -> dict[str, object]:
    tags = {"name": f"Anchor {number}", "amenity": "cafe", "contact:phone": "+358 9 1234567"}
    return {"type": "node", "id": number, "lat": 60.001, "lon": 25.0, "tags": tags} | more


def test_businesses_come_with_their_contacts_nearest_first() -> None:
    way = {
        "type": "way",
        "id": 1,
        "center": {"lat": 60.0, "lon": 25.0},
        "tags": {"name": "Mast", "amenity": "cafe"},
    }
    found, request = search(elements(node(1), way))
    assert [place.source_ref for place in found] == ["way/1", "node/1"]
    assert (found[1].phone, found[1].observed_on) == ("+358 9 1234567", date(2026, 11, 20))
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/interpreter ")
    assert b"ProspectPro" in head
    (question,) = parse_qs(body.decode())["data"]
    assert question.startswith("[out:json][timeout:")
    assert 'nwr["amenity"="cafe"]["name"](around:2000,60.000000,25.000000);' in question
    assert "out center tags" in question


def test_a_business_of_several_kinds_is_asked_for_by_each_of_them() -> None:
    types = [
        TypeMatch(typed="tyres", tags=("shop=tyres", "shop=car_parts", "amenity=cafe+cuisine=ice_cream"))
    ]
    (pattern,) = re.findall(r'nwr\["shop"~"([^"]+)"\]\["name"\]\(around', ql(types, AREA, 10))
    kinds = (
        "tyres;car_repair",
        "car_repair; tyres",
        "a;car_parts;b",
        "tyres",
        "tyres_repair;x",
        "x;my_tyres",
    )
    assert [bool(re.search(pattern, kind)) for kind in kinds] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    "item",
    [
        {"type": "area", "id": 1}, {"type": "node"}, {"type": "node", "id": 1, "lat": "x", "lon": 1}, 5, None,
        {"type": "node", "id": 2, "lat": 60, "lon": 25, "tags": {"amenity": "cafe"}},
    ],
)  # fmt: skip
def test_elements_without_a_name_or_a_position_are_no_businesses(item: object) -> None:
    assert search(elements(item))[0] == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (elements(node(1), remark="runtime error: Query timed out"), Cause.BUSY),
        (elements(remark="runtime error: Query ran out of memory"), Cause.BUSY),
        (elements(node(1), remark="runtime remark: Timeout is 1800 s."), Cause.BUSY),
        (plain("<html>busy</html>", "429 Too Many", "Content-Type: text/html"), Cause.TOO_FAST),
        (plain("<html>busy</html>", "504 Gateway Timeout", "Content-Type: text/html"), Cause.BUSY),
        (plain("<strong>Error</strong>", "400 Bad Request", "Content-Type: text/html"), Cause.NOT_ACCEPTED),
        (plain("<html>fine</html>", "200 OK", "Content-Type: text/html"), Cause.UNREADABLE),
    ],
)
def test_a_server_that_could_not_finish_did_not_say_that_there_is_nothing(
    answer: Answerer, cause: Cause
) -> None:
    with pytest.raises(SourceError) as caught:
        search(answer)
    assert caught.value.cause is cause
    assert caught.value.is_free or cause is Cause.UNREADABLE


@pytest.mark.parametrize("word", ['a"];node(1);out;//', "a\\", "a[b]", "(.*)", "café's", "x\ny"])
def test_what_was_typed_stays_a_literal(word: str) -> None:
    question = ql([TypeMatch(typed=word, words=(word,))], AREA, 10)
    inside = question[question.index('"name"~"') + 8 :]
    literal = inside[: inside.index('",i]')]
    assert '"' not in literal.replace('\\"', "")
    assert question.count(";") == question.replace(literal, "").count(";") + literal.count(";")
    assert "\n" not in question


def locate(answer: Answerer) -> Area | None:
    with wire(answer) as server:
        http = ProviderHttp(
            "OpenStreetMap (Nominatim)", Endpoint(base_url=server.url), user_agent="ProspectPro/1"
        )
        try:
            return Nominatim(DirectCalls(), http).locate("Town", None)
        finally:
            http.close()


def test_a_place_is_located_by_numbers_in_strings() -> None:
    hit = {
        "lat": "60.0",
        "lon": "25.0",
        "boundingbox": ["59.9", "60.1", "24.9", "25.1"],
        "name": "Town",
        "address": {"country_code": "fi"},
    }
    area = locate(plain(json.dumps([hit])))
    assert area is not None
    assert (area.label, area.country) == ("Town", "FI")
    assert 11 < area.radius_km < 13


def test_nominatim_is_asked_once_with_what_its_policy_wants() -> None:
    with wire(plain("[]")) as server:
        http = ProviderHttp(
            "OpenStreetMap (Nominatim)",
            Endpoint(base_url=server.url),
            user_agent="ProspectPro/1 (+who@example.com)",
        )
        Nominatim(DirectCalls(), http).locate("Bad & Town=1", None)
        http.close()
    (request,) = server.requests
    assert request.startswith(b"GET /search?q=Bad+%26+Town%3D1&format=jsonv2&limit=1&")
    assert b"user-agent: prospectpro/1 (+who@example.com)\r\n" in request.lower()
    assert b"accept-language: en" in request.lower()


def test_an_element_that_cannot_be_read_is_left_out_and_the_others_are_kept() -> None:
    found, _ = search(elements(node(1, lat=float("nan")), node(2)))
    assert [place.source_ref for place in found] == ["node/2"]


def test_numbers_of_a_place_that_are_none_matter_only_where_they_are_read() -> None:
    hit = {"lat": "60", "lon": "25", "boundingbox": ["59", "61", "24", "26"], "name": "Town"}
    area = locate(plain(json.dumps([hit | {"importance": float("nan")}])))
    assert area is not None
    assert area.label == "Town"
    with pytest.raises(SourceError):
        locate(plain(json.dumps([hit | {"lat": float("nan")}])))


def test_an_unknown_place_is_none() -> None:
    assert locate(plain("[]")) is None


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (plain("slow", "429 Too Many"), Cause.TOO_FAST),
        (plain("no", "403 Forbidden"), Cause.NOT_SERVED),
        (plain("down", "503 Unavailable"), Cause.BUSY),
        (plain('{"error": {"code": 400}}', "400 Bad Request"), Cause.NOT_ACCEPTED),
        (plain('[{"lat": "north"}]'), Cause.UNREADABLE),
        (plain('[{"lat": "nan", "lon": "1", "boundingbox": ["1", "2", "3", "4"]}]'), Cause.UNREADABLE),
        (plain('[{"lat": "1", "lon": "1", "boundingbox": ["nan", "inf", "3", "4"]}]'), Cause.UNREADABLE),
        (plain('{"error": "Unable to geocode"}'), Cause.UNREADABLE),
        (plain("<html>"), Cause.UNREADABLE),
    ],
)
def test_a_refusal_is_no_answer(answer: Answerer, cause: Cause) -> None:
    with pytest.raises(SourceError) as caught:
        locate(answer)
    assert caught.value.cause is cause


def test_the_next_locator_is_asked_when_one_fails_or_does_not_know() -> None:
    away = SourceError(Cause.UNREACHABLE, "The locator")

    def fails(location: str, radius_km: float | None) -> Area | None:
        raise away

    assert first_that_knows(fails, lambda *_: None, lambda *_: AREA)("Town", None) is AREA
    assert first_that_knows(lambda *_: None)("Town", None) is None
    with pytest.raises(SourceError, match="could not be reached"):
        first_that_knows(fails, lambda *_: None)("Town", None)
