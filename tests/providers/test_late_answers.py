"""The stand-in's late failures: billed first, then lost in every way an answer can be lost; and its oddities."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint
from pipeline.network.http import HttpReply, ProviderHttp, Timeouts
from tests.providers_server.faults import LATE
from tests.providers_server.hunter import CREDIT_MICROS
from tests.providers_server.neverbounce import CHECK_MICROS
from tests.providers_server.world import World
from tests.support.providers import Providers, lost, lost_in_turn, providers

KNOWN = [shop for shop in World(0).shops if shop.email]
EMAILS = [str(shop.email) for shop in KNOWN[:10]]
ANSWERED = {"500", "502", "503", "504", "garbage"}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--no-limited", "--job-s", "0") as running:
        yield running


@pytest.fixture
def fresh_stand_in(stand_in: Providers) -> Providers:
    stand_in.reset()
    return stand_in


@pytest.fixture
def hunter(fresh_stand_in: Providers) -> Iterator[ProviderHttp]:
    endpoint = Endpoint(base_url=fresh_stand_in.settings()["HUNTER_BASE_URL"])
    http = ProviderHttp(
        "Hunter", endpoint, user_agent="ProspectPro-test", timeouts=Timeouts(read_s=1, total_s=2)
    )
    yield http
    http.close()


def search(http: ProviderHttp, number: int = 0) -> HttpReply:
    return http.get("domain-search", params={"domain": str(KNOWN[number].domain)}, headers={"X-API-KEY": "x"})


@pytest.mark.parametrize("kind", LATE)
def test_an_answer_lost_late_was_billed(kind: str, fresh_stand_in: Providers, hunter: ProviderHttp) -> None:
    fresh_stand_in.order_faults(lost("domain_search", kind, first=2, last=2))
    assert search(hunter).body is not None
    if kind in ANSWERED:
        reply = search(hunter, 1)
        assert (reply.status, reply.body) == (int(kind) if kind.isdigit() else 200, None)
    else:
        with pytest.raises(SourceError) as failure:
            search(hunter, 1)
        assert failure.value.billed
    assert search(hunter, 2).body is not None
    bill = fresh_stand_in.bill()
    assert [line["price_micros"] for line in bill] == [CREDIT_MICROS] * 3
    assert [line["outcome"].partition(" ")[0] for line in bill] == ["answered", "late", "answered"]
    assert len({line["request"] for line in bill}) == 3


def test_what_costs_nothing_is_not_lost_late(fresh_stand_in: Providers, hunter: ProviderHttp) -> None:
    """A domain Hunter knows nothing of is answered for nothing, and counts as no billed request."""
    fresh_stand_in.order_faults(lost("domain_search", "reset", first=1, last=1))
    reply = hunter.get("domain-search", params={"domain": "nobody.test"}, headers={"X-API-KEY": "x"})
    assert reply.status == 200
    with pytest.raises(SourceError):
        search(hunter)


def test_answers_are_lost_in_turn(fresh_stand_in: Providers, hunter: ProviderHttp) -> None:
    fresh_stand_in.order_faults(*lost_in_turn("domain_search", 2))
    outcomes = []
    for number in range(2 * (len(LATE) - 1)):
        with suppress(SourceError):
            search(hunter, number % len(KNOWN))
        outcomes.append(fresh_stand_in.bill()[-1]["outcome"])
    assert outcomes[::2] == ["answered"] * (len(LATE) - 1)
    assert len(set(outcomes[1::2])) == len(LATE) - 1


def test_a_fault_that_does_not_exist_cannot_be_ordered(fresh_stand_in: Providers) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        fresh_stand_in.order_faults({"operation": "domain_search", "kind": "resett"})


def bounce(fresh_stand_in: Providers, path: str, **fields: object) -> dict[str, Any]:
    url = f"{fresh_stand_in.settings()['NEVERBOUNCE_BASE_URL']}/jobs/{path}"
    body: dict[str, Any] = httpx.post(url, json={"key": "x", **fields}).json()
    return body


def listed(fresh_stand_in: Providers, filename: str = "a list") -> None:
    """Create a list, whatever becomes of the answer."""
    rows = [{"email": email} for email in EMAILS]
    with suppress(httpx.HTTPError):
        bounce(fresh_stand_in, "create", input=rows, filename=filename)


def test_a_list_whose_answer_was_lost_is_found_by_its_file_name(fresh_stand_in: Providers) -> None:
    fresh_stand_in.order_faults(lost("jobs_create", "reset"))
    listed(fresh_stand_in, "another list")
    listed(fresh_stand_in, "the list")
    found = bounce(fresh_stand_in, "search", filename="the list", job_status="complete")
    assert found["total_results"] == 1
    (job,) = found["results"]
    assert (job["filename"], job["total"]["billable"]) == ("the list", len(EMAILS))
    assert bounce(fresh_stand_in, "results", job_id=job["id"])["total_results"] == len(EMAILS)
    assert bounce(fresh_stand_in, "search", filename="no list")["results"] == []
    assert {line["outcome"] for line in fresh_stand_in.bill()} == {"late reset"}


@pytest.mark.parametrize(
    ("kind", "state", "billable", "rows"),
    [
        ("list_failed", "failed", 0, 0),
        ("list_failed_billed", "failed", 10, 0),
        ("list_under_review", "under_review", 0, 0),
        ("missing_rows", "complete", 8, 8),
        ("free_rows", "complete", 8, 10),
    ],
)
def test_odd_lists_cost_what_they_say(
    kind: str, state: str, billable: int, rows: int, fresh_stand_in: Providers
) -> None:
    fresh_stand_in.order_faults({"operation": "jobs_create", "kind": kind})
    listed(fresh_stand_in)
    (job,) = bounce(fresh_stand_in, "search")["results"]
    assert (job["job_status"], job["total"]["billable"]) == (state, billable)
    assert fresh_stand_in.billed_micros() == billable * CHECK_MICROS
    assert len(fresh_stand_in.bill()) == len(EMAILS)
    assert bounce(fresh_stand_in, "results", job_id=job["id"])["total_results"] == rows


def page(fresh_stand_in: Providers, token: str = "") -> httpx.Response:
    corner = {"latitude": 60.0, "longitude": 24.0}, {"latitude": 61.0, "longitude": 26.0}
    box = {"rectangle": dict(zip(("low", "high"), corner, strict=True))}
    body = {"textQuery": "cafe", "locationRestriction": box} | ({"pageToken": token} if token else {})
    headers = {"X-Goog-Api-Key": "x", "X-Goog-FieldMask": "places.id,nextPageToken"}
    return httpx.post(f"{fresh_stand_in.url}/v1/places:searchText", json=body, headers=headers)


def test_odd_pages_are_billed_and_a_refused_one_is_not(fresh_stand_in: Providers) -> None:
    fresh_stand_in.order_faults(
        *(
            {"operation": "text_search", "kind": kind, "first": number, "last": number}
            for number, kind in enumerate(("nan", "premise", "refused_page"), 1)
        )
    )
    assert "NaN" in page(fresh_stand_in).text
    second = page(fresh_stand_in).json()
    kinds = {kind for part in second["places"][0]["addressComponents"] for kind in part["types"]}
    assert "premise" in kinds
    assert not {"route", "street_number"} & kinds
    assert second["places"][0]["formattedAddress"].startswith("Lantern House, Harbour street")
    refused = page(fresh_stand_in, second["nextPageToken"])
    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert page(fresh_stand_in, second["nextPageToken"]).status_code == 200
    assert len(fresh_stand_in.bill()) == 3


def test_hunter_says_what_it_verified_and_which_domains_are_linked(
    fresh_stand_in: Providers, hunter: ProviderHttp
) -> None:
    fresh_stand_in.order_faults(
        {"operation": "domain_search", "kind": "several", "first": 2, "last": 2},
        {"operation": "domain_search", "kind": "linked_domains", "first": 3, "last": 3},
    )
    answers: list[Any] = [search(hunter, number).body for number in range(3)]
    verified = [[email["verification"]["status"] for email in body["data"]["emails"]] for body in answers]
    assert [len(found) for found in verified] == [1, 4, 2]
    assert verified[1][0] == "invalid"
    (linked,) = answers[2]["data"]["linked_domains"]
    assert {email["value"].partition("@")[2] for email in answers[2]["data"]["emails"]} == {linked}
