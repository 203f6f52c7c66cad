"""What programs send to the interface made for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest
from httpx import Client

from api.v1.problems import KIND, PREFIX
from services import api_keys, campaigns
from services.api_keys import Scope
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.bad_inputs.test_orders import LITERAL, PLACES, REFUSED

ORDER = {"business_types": ["cafe"], "location": "Helsinki", "sources": ["osm_live"]}


@pytest.fixture(scope="module")
def key(_made: World) -> str:
    return api_keys.create(_made.stranger, "Bad inputs", Scope.SUBMIT, 1)


@pytest.fixture
def api(site: Client, key: str) -> Iterator[Client]:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{site.base_url}{PREFIX}", headers=headers, timeout=site.timeout) as client:
        yield client


@pytest.mark.parametrize("case", LITERAL, ids=str)
def test_words_are_stored_and_found_as_they_are_meant(api: Client, case: Case[str, str]) -> None:
    words = {"business_types": [case.given], "by_name": [case.given], "location": f"Quay {case.given}"}
    made = api.post("/campaigns", json={**ORDER, **words}).json()
    assert made["title"] == f"{case.expected} in Quay {case.expected}"
    found = api.get("/campaigns", params={"text": case.given}).json()["items"]
    assert made["id"] in [each["id"] for each in found]


@pytest.mark.parametrize("field", ["business_types", "location", "by_name"])
@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_words_that_are_none_are_told_at_their_place(api: Client, case: Case[str, str], field: str) -> None:
    given = case.given if field == "location" else [case.given]
    # Half a letter can only be sent as a number.
    body = json.dumps({**ORDER, field: given})
    answer = api.post("/campaigns", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, KIND)
    assert {each["pointer"].split("/")[1] for each in answer.json()["errors"]} == {field}


@pytest.mark.parametrize("case", PLACES, ids=str)
def test_a_place_that_is_none_or_several_starts_nothing(
    api: Client, world: World, case: Case[str, str]
) -> None:
    before = campaigns.list_mine(world.stranger).total
    answer = api.post("/campaigns", json={"business_types": ["cafe"], "location": case.given})
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (
        422,
        ["#/location"],
    )
    assert case.expected in answer.json()["detail"]
    assert campaigns.list_mine(world.stranger).total == before


OF_A_CAMPAIGN = (
    *("GET ", "DELETE ", "POST /cancel", "POST /retry", "GET /progress", "GET /events", "GET /leads"),
    *("GET /file?format=csv", f"GET /leads/{UUID(int=7)}"),
)


@pytest.mark.parametrize("case", [Case(84, asked, asked, 404) for asked in OF_A_CAMPAIGN], ids=str)
def test_somebody_elses_campaign_is_as_unknown_as_none(
    api: Client, world: World, case: Case[str, int]
) -> None:
    method, path = case.given.split(" ")
    answers = [api.request(method, f"/campaigns/{each}{path}") for each in (world.done, uuid4())]
    assert [each.status_code for each in answers] == [case.expected] * 2
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


BODIES = (
    Case(3, "arrays within arrays", b"[" * 50_000, (400, 422)),
    Case(
        3,
        "a number beyond all numbers",
        b'{"business_types": ["a"], "location": "b", "radius_km": 1e999}',
        (422,),
    ),
    Case(5, "NUL alone", b"\x00", (422,)),
    Case(13, "no UTF-8", b'{"location": "\xff"}', (400, 422)),
    *(
        Case(number, what, f'{{"business_types": ["cafe"], "location": "Helsinki", {said}}}'.encode(), (422,))
        for number, what, said in (
            (32, "more stars than there are", '"min_rating": 7'),
            (24, "a third of a star", '"min_rating": 3.3'),
            (26, "stars that are none", '"min_rating": "abc"'),
            (23, "a year to come", '"founded_since": 3000'),
            (17, "no size", '"company_sizes": ["huge"]'),
            (17, "a rating nobody asked states", '"min_rating": 4.5, "sources": ["open_data"]'),
        )
    ),
    Case(1, "nothing", b"", (422,)),
    Case(1, "null", b"null", (422,)),
    Case(4, "a number", b"7", (422,)),
    Case(7, "a document", b"<order/>", (422,)),
)


@pytest.mark.parametrize("case", BODIES, ids=str)
def test_a_body_that_is_no_order_is_refused(api: Client, case: Case[bytes, tuple[int, ...]]) -> None:
    answer = api.post("/campaigns", content=case.given, headers={"Content-Type": "application/json"})
    assert answer.status_code in case.expected
    assert answer.headers["content-type"] == KIND
