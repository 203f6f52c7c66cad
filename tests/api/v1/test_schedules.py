"""Campaigns that repeat, as programs have them repeat."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from httpx import Client, Response

from api.v1.problems import Problem
from jobs import schedules as placing
from services import api_keys, campaigns
from services.api_keys import Scope
from services.identity import Person
from tests.api.v1.conftest import Programs
from tests.api.v1.test_door import told
from tests.support.campaigns import SPEC, submitted
from tests.support.servers import Database, change

MORNINGS = {"name": "Mornings", "cron": "0 8 * * 1", "time_zone": "Europe/Helsinki", "budget_usd": "0"}


def test_a_campaign_is_had_repeated_and_followed(api: Client, reader: Client, owner: Person) -> None:
    order = {**MORNINGS, "campaign_id": str(submitted(owner, SPEC)), "month_usd": "10"}
    made = [api.post("/schedules", json=order, headers={"Idempotency-Key": "mornings"}) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    first, again = (each.json() for each in made)
    assert (first["id"], first["month_usd"], first["made_by"]) == (again["id"], "10", owner.email)
    path = f"/schedules/{first['id']}"
    assert reader.get(path).json() == reader.get("/schedules").json()["items"][0] == first
    changed = api.put(path, json={**MORNINGS, "cron": "30 7 * * 1-5", "only_new": True}).json()
    assert (changed["cron"], changed["month_usd"], changed["only_new"]) == ("30 7 * * 1-5", None, True)
    assert api.post(f"{path}/pause").json()["pause_cause"] == "person"
    told(api.post(f"{path}/run"), Problem.NOT_FOUND)
    assert api.post(f"{path}/resume").json()["next_at"]
    api.post(f"{path}/run")
    assert placing.place_due() == "1 ordered"
    (run,) = reader.get(f"{path}/runs").json()["items"]
    assert (run["outcome"], run["status"], run["leads"]) == ("ordered", "pending", 0)
    assert api.delete(path).status_code == 204
    told(reader.get(f"{path}/runs"), Problem.NOT_FOUND)


def test_one_whose_answer_was_lost_is_made_once_and_its_key_stays_taken(
    api: Client, owner: Person, database: Database
) -> None:
    campaign = submitted(owner, SPEC)
    order, key = {**MORNINGS, "campaign_id": str(campaign)}, {"Idempotency-Key": "mornings"}

    def again() -> Response:
        """Asked again, long after whoever carried it out died before the answer was kept."""
        change(
            database.superuser_url,
            "update api_replies set status = null, body = null, tried_at = now() - interval '2 minutes'",
        )
        return api.post("/schedules", json=order, headers=key)

    first = api.post("/schedules", json=order, headers=key)
    assert again().json()["id"] == first.json()["id"]
    campaigns.cancel(owner, campaign)
    campaigns.delete(owner, campaign)
    told(again(), Problem.NOT_FOUND)
    told(api.post("/schedules", json=order, headers=key), Problem.IN_PROGRESS)
    assert len(api.get("/schedules").json()["items"]) == 1


def test_what_cannot_be_is_refused_and_a_limited_key_has_nothing_repeat(
    api: Client, reader: Client, programs: Programs, owner: Person
) -> None:
    order = {**MORNINGS, "campaign_id": str(submitted(owner, SPEC))}
    told(reader.post("/schedules", json=order), Problem.NOT_ALLOWED)
    told(api.post("/schedules", json={**order, "cron": "* * * * *"}), Problem.INVALID)
    told(api.post("/schedules", json={**order, "campaign_id": str(UUID(int=1))}), Problem.NOT_FOUND)
    limited = programs(api_keys.create(owner, "A program", Scope.SUBMIT, 1, Decimal(5)))
    refused = told(limited.post("/schedules", json=order), Problem.CONFLICT)
    assert "money limit" in str(refused["detail"])
    made = api.post("/schedules", json=order).json()
    told(limited.put(f"/schedules/{made['id']}", json={**MORNINGS, "budget_usd": "9"}), Problem.CONFLICT)
