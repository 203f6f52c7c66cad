"""Many campaigns ordered at once by a program."""

from __future__ import annotations

from httpx import Client

from api.v1.problems import Problem
from services import campaigns
from services.identity import Person
from tests.api.v1.test_door import ORDER, told

MANY = [ORDER, {**ORDER, "business_types": ["bakery"]}, ORDER]
BAD = [*MANY, {**ORDER, "location": "Nowhereland"}]


def test_many_orders_are_planned_placed_once_and_steered_together(
    known_places: None, api: Client, reader: Client, owner: Person
) -> None:
    plan = reader.post("/bulk-orders/plan", json={"orders": BAD}).json()
    assert (plan["orders"], plan["cost_high_usd"]) == (3, "0")
    assert [(noted["index"], noted["said"]) for noted in plan["duplicates"]] == [
        (2, "It looks for the same as the order at 0.")
    ]
    assert [noted["index"] for noted in plan["bad"]] == [3]
    assert "Nowhereland" in plan["bad"][0]["said"]

    refused = api.post("/bulk-orders", json={"orders": BAD})
    told(refused, Problem.INVALID)
    assert "Nowhereland" in refused.text
    assert campaigns.list_mine(owner).total == 0

    wanted = {"orders": BAD, "skip_bad": True, "skip_duplicates": True}
    key = {"Idempotency-Key": "many"}
    made = api.post("/bulk-orders", json=wanted, headers=key)
    assert made.status_code == 201
    assert [noted["index"] for noted in made.json()["left_out"]] == [3, 2]
    assert api.post("/bulk-orders", json=wanted, headers=key).text == made.text
    bulk = made.json()["id"]
    assert [each["id"] for each in reader.get("/bulk-orders").json()["items"]] == [bulk]
    of_it = reader.get("/campaigns", params={"bulk_order": bulk}).json()
    assert (of_it["total"], {each["bulk_order"] for each in of_it["items"]}) == (2, {bulk})

    assert api.post(f"/bulk-orders/{bulk}/pause").json()["status"] == "paused"
    assert api.post(f"/bulk-orders/{bulk}/resume").json()["status"] == "pending"
    told(api.delete(f"/bulk-orders/{bulk}"), Problem.CONFLICT)
    stopped = api.post(f"/bulk-orders/{bulk}/cancel").json()
    assert (stopped["status"], stopped["progress"], stopped["campaigns"]["cancelled"]) == (
        "cancelled",
        100,
        2,
    )
    assert api.post(f"/bulk-orders/{bulk}/continue", json={}).json()["status"] == "pending"
    api.post(f"/bulk-orders/{bulk}/cancel")
    assert api.delete(f"/bulk-orders/{bulk}").status_code == 204
    told(reader.get(f"/bulk-orders/{bulk}"), Problem.NOT_FOUND)


def test_a_thousand_orders_fit_into_a_request_and_one_more_is_told(api: Client) -> None:
    many = [{**ORDER, "location": f"Nowhere {number} {'x' * 100}"} for number in range(1001)]
    refused = api.post("/bulk-orders", json={"orders": many})
    told(refused, Problem.INVALID)
    assert "at most 1000" in refused.text
