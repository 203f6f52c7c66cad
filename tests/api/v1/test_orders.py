"""Planning, quoting and ordering: once, whatever is sent again, and never for more than was confirmed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

from httpx import Client

from api.v1.problems import Problem
from services import api_access, campaigns
from services.identity import Person
from tests.api.v1.test_door import ORDER, told
from tests.support.campaigns import claimed, end, store_leads
from tests.support.campaigns import lead as made_lead
from tests.support.servers import Database, change

KEY = {"Idempotency-Key": "one-order"}


def test_the_same_request_is_carried_out_once_and_answered_the_same(
    api: Client, owner: Person, database: Database
) -> None:
    first = api.post("/campaigns", json=ORDER, headers=KEY)
    assert (first.status_code, first.json()["status"]) == (201, "pending")
    assert first.headers["location"] == first.json()["url"]
    campaigns.cancel(owner, campaigns.list_mine(owner).rows[0].id)
    again = api.post("/campaigns", json=ORDER, headers=KEY)
    assert (again.status_code, again.text) == (201, first.text), "as it was answered, whatever became of it"
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = api.post("/campaigns", json={**ORDER, "max_results": 4}, headers=KEY)
    told(other, Problem.IDEMPOTENCY_KEY_REUSED)
    told(api.post("/quotes", json=ORDER, headers=KEY), Problem.IDEMPOTENCY_KEY_REUSED)
    assert campaigns.list_mine(owner).total == 1
    change(database.superuser_url, "update api_replies set begun_at = now() - interval '25 hours'")
    assert api.post("/campaigns", json=ORDER, headers=KEY).json()["id"] != first.json()["id"]
    assert api.post("/campaigns", json=ORDER).json()["id"] != first.json()["id"]
    assert campaigns.list_mine(owner).total == 3


def test_many_at_once_with_one_key_order_once(api: Client, owner: Person) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(lambda _: api.post("/campaigns", json=ORDER, headers=KEY), range(8))]
    assert {each.status_code for each in answers} <= {201, 409}
    assert len({each.json()["id"] for each in answers if each.status_code == 201}) == 1
    assert campaigns.list_mine(owner).total == 1


def test_a_key_is_taken_by_one_of_many_that_ask_for_it_at_the_same_moment(owner: Person) -> None:
    together = Barrier(8)

    def taken(key: str) -> bool:
        together.wait()
        try:
            return isinstance(api_access.begin(owner, key, b"an order"), api_access.Begun)
        except api_access.StillRunning:
            return False

    with ThreadPoolExecutor(8) as pool:
        for number in range(40):
            assert sum(pool.map(taken, [f"key-{number}"] * 8)) == 1


def test_a_refused_request_frees_its_key_and_an_interrupted_one_comes_to_the_same_order(
    api: Client, owner: Person, database: Database
) -> None:
    told(api.post("/campaigns", json={**ORDER, "sources": ["nobody"]}, headers=KEY), Problem.INVALID)
    first = api.post("/campaigns", json=ORDER, headers=KEY)
    assert first.status_code == 201
    # Whoever carried it out died before the answer was kept.
    change(database.superuser_url, "update api_replies set status = null, body = null")
    answer = api.post("/campaigns", json=ORDER, headers=KEY)
    told(answer, Problem.IN_PROGRESS)
    assert answer.headers["retry-after"] == "1"
    change(database.superuser_url, "update api_replies set tried_at = now() - interval '2 minutes'")
    assert api.post("/campaigns", json=ORDER, headers=KEY).json()["id"] == first.json()["id"]
    assert campaigns.list_mine(owner).total == 1


def test_a_plan_starts_nothing_and_says_what_speaks_against_it(
    known_places: None, reader: Client, owner: Person
) -> None:
    plan = reader.post("/plans", json=ORDER).json()
    assert (plan["matching"], plan["place"]["label"], plan["refusals"]) == (85, "Helsinki", [])
    assert "Expected time" in plan["summary"]
    refused = reader.post("/plans", json={**ORDER, "waterfall": ["hunter"], "budget_usd": "1"}).json()
    assert "not set up" in refused["refusals"][0]
    assert campaigns.list_mine(owner).total == 0


def test_a_quote_is_ordered_by_for_no_more_than_was_quoted_and_within_its_hour(
    known_places: None, keys: None, api: Client, owner: Person, database: Database
) -> None:
    order = {**ORDER, "budget_usd": "2", "waterfall": ["hunter", "neverbounce"]}
    quote = api.post("/quotes", json=order).json()
    assert quote["order"]["budget_usd"] == "2"
    assert Decimal(quote["cost_high_usd"]) > 0
    assert quote["plan"]["calls"]
    assert api.get(quote["url"].removeprefix("/api/v1")).json() == quote
    assert api.post("/quotes", json=order).json()["spec_hash"] == quote["spec_hash"]
    path = f"/quotes/{quote['id']}/campaign"
    told(api.post(path, json={"budget_usd": "2.01"}), Problem.INVALID)
    told(api.post(path, json={}), Problem.INVALID)
    made = api.post(path, json={"budget_usd": "1.5"}, headers=KEY).json()
    assert (made["budget_usd"], made["order"]["max_results"]) == ("1.5", 3)
    assert api.post(path, json={"budget_usd": "1.5"}, headers=KEY).json() == made
    change(database.superuser_url, "update quotes set expires_at = now()")
    told(api.post(path, json={"budget_usd": "1.5"}), Problem.QUOTE_OVER)
    assert campaigns.list_mine(owner).total == 1
    assert api.get(f"/quotes/{quote['id']}").json()["is_over"]


def test_a_campaign_is_listed_changed_stopped_continued_and_deleted(api: Client, owner: Person) -> None:
    ids = [api.post("/campaigns", json=ORDER).json()["id"] for _ in range(3)]
    path = f"/campaigns/{ids[0]}"
    first = api.get("/campaigns?limit=2")
    assert ([each["id"] for each in first.json()["items"]], first.json()["total"]) == ([ids[2], ids[1]], 3)
    assert first.links["next"]["rel"] == "next"
    rest = api.get(first.links["next"]["url"].removeprefix("/api/v1")).json()
    assert ([each["id"] for each in rest["items"]], rest["next_cursor"]) == ([ids[0]], None)
    changed = api.patch(path, json={"title": "For the autumn", "tags": ["north"]}).json()
    assert (changed["title"], changed["tags"]) == ("For the autumn", ["north"])
    assert api.get("/campaigns?text=autumn").json()["total"] == 1
    told(api.delete(path), Problem.CONFLICT)
    lease = claimed(owner, campaigns.list_mine(owner, text="autumn").rows[0].id)
    store_leads(lease, [made_lead(1)])
    end(lease)
    seen = api.get(path).json()
    assert (seen["status"], seen["is_final"], seen["leads"]) == ("partial", True, 1)
    assert seen["summary"].startswith("Campaign partial: 1 lead, $0.00.")
    assert api.post(f"{path}/continue", json={"add_budget_usd": "1"}, headers=KEY).json()["budget_usd"] == "1"
    assert api.post(f"{path}/continue", json={"add_budget_usd": "1"}, headers=KEY).json()["budget_usd"] == "1"
    assert api.post(f"{path}/cancel").json()["status"] in ("cancelled", "pending")
    assert api.post(f"{path}/retry").status_code == 200
    other = f"/campaigns/{ids[1]}"
    assert api.post(f"{other}/cancel").json()["status"] == "cancelled"
    assert api.delete(other).status_code == 204
    told(api.get(other), Problem.NOT_FOUND)
