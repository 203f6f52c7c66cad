"""An agent orders many campaigns at once and has one repeat, within the caps it is given, and has files sent to where
people said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from httpx import Client
from mcp import Client as Agent

from api.v1.sending_model import NewSending
from jobs import schedules as placing
from services import api_keys, campaigns, scheduled_exports, schedules
from services.api_keys import Scope
from services.identity import Person
from services.schedules import Recurrence
from tests.api.agents.test_tools import ORDER, refused, talk, told
from tests.api.v1.test_scheduled_exports import into, work
from tests.api.v1.test_scheduled_exports import store as store
from tests.support import s3_store
from tests.support.campaigns import SPEC, finished, lead, submitted
from tests.support.s3_store import S3Store
from tests.support.servers import Database, rows

MANY: list[dict[str, Any]] = [ORDER, {**ORDER, "business_types": ["bakery"]}, ORDER]
BAD = [*MANY, {**ORDER, "location": "Nowhereland"}]
MORNINGS = {"name": "Mornings", "cron": "0 8 * * 1", "time_zone": "Europe/Helsinki", "budget_usd": "0"}


def test_many_campaigns_are_planned_started_once_and_steered(
    site: Client, owner: Person, known_places: None, database: Database
) -> None:
    key = api_keys.create(owner, "An agent", Scope.SUBMIT, 1, Decimal(3))
    reader = api_keys.create(owner, "A dashboard", Scope.READ, 1)

    async def said(agent: Agent) -> None:
        plan = await told(agent, "bulk_plan", orders=BAD)
        assert (plan["orders"], [noted["index"] for noted in plan["bad"]]) == (3, [3])
        start: dict[str, Any] = {"orders": BAD, "cap_usd": "2", "idempotency_key": "many-at-once"}
        assert "Field required" in await refused(agent, "bulk_start", orders=MANY, cap_usd="2")
        assert "Field required" in await refused(
            agent, "bulk_start", orders=MANY, idempotency_key="many-at-once"
        )
        assert "Nowhereland" in await refused(agent, "bulk_start", **start)
        start |= {"skip_bad": True, "skip_duplicates": True}
        first, again = [await told(agent, "bulk_start", **start) for _ in range(2)]
        assert (first["id"], [noted["index"] for noted in first["left_out"]]) == (again["id"], [3, 2])
        assert "another request" in await refused(agent, "bulk_start", **{**start, "cap_usd": "1"})
        bulk = {"bulk_id": first["id"]}
        assert [each["id"] for each in (await told(agent, "bulk_list"))["items"]] == [first["id"]]
        part = await told(agent, "bulk_campaigns", **bulk, limit=1)
        assert (part["total"], len(part["items"])) == (2, 1)
        assert (await told(agent, "progress", campaign_id=part["items"][0]["id"]))["status"] == "pending"
        assert (await told(agent, "bulk_pause", **bulk))["status"] == "paused"
        assert (await told(agent, "bulk_resume", **bulk))["status"] == "pending"
        assert (await told(agent, "bulk_stop", **bulk))["status"] == "cancelled"
        further = {**bulk, "add_cap_usd": "0", "idempotency_key": "go-on-once"}
        assert [(await told(agent, "bulk_continue", **further))["status"] for _ in range(2)] == [
            "pending"
        ] * 2
        assert (await told(agent, "bulk_progress", **bulk))["campaigns"]["pending"] == 2

    async def only_reads(agent: Agent) -> None:
        start = {"orders": MANY, "cap_usd": "0", "idempotency_key": "not-with-this"}
        assert "does not go that far" in await refused(agent, "bulk_start", **start)

    talk(site, key, said)
    talk(site, reader, only_reads)
    assert rows(database.superuser_url, "select count(*) from bulk_orders") == [(1,)]


def test_a_campaign_repeats_with_a_cap_of_a_month(site: Client, owner: Person) -> None:
    campaign = str(submitted(owner, SPEC))
    key = api_keys.create(owner, "An agent", Scope.SUBMIT, 1)
    limited = api_keys.create(owner, "An agent", Scope.SUBMIT, 1, Decimal(3))
    new = {**MORNINGS, "campaign_id": campaign, "month_usd": "10"}

    async def said(agent: Agent) -> None:
        uncapped = {name: value for name, value in new.items() if name != "month_usd"}
        create = {"idempotency_key": "every-monday"}
        assert "Field required" in await refused(agent, "schedule_create", schedule=uncapped, **create)
        first, again = [await told(agent, "schedule_create", schedule=new, **create) for _ in range(2)]
        assert first == again == (await told(agent, "schedules"))["items"][0]
        which = {"schedule_id": first["id"]}
        assert (await told(agent, "schedule_pause", **which))["pause_cause"] == "person"
        assert "can't find" in await refused(agent, "schedule_run", **which)
        assert (await told(agent, "schedule_resume", **which))["next_at"]
        await told(agent, "schedule_run", **which)
        assert placing.place_due() == "1 ordered"
        (run,) = (await told(agent, "schedule_history", **which))["items"]
        assert run["outcome"] == "ordered"
        assert (await told(agent, "schedule", **which))["runs"] == 1
        assert (await told(agent, "schedule_remove", **which))["removed"] == first["id"]
        assert (await told(agent, "schedules"))["items"] == []

    async def cannot(agent: Agent) -> None:
        create = {"schedule": new, "idempotency_key": "with-a-limit"}
        assert "money limit" in await refused(agent, "schedule_create", **create)
        (there,) = (await told(agent, "schedules"))["items"]
        which = {"schedule_id": there["id"]}
        # Its orders would be the owner's, and count towards no limit of the key.
        assert "money limit" in await refused(agent, "schedule_run", **which)
        assert (await told(agent, "schedule_pause", **which))["paused_at"]
        assert "money limit" in await refused(agent, "schedule_resume", **which)

    talk(site, key, said)
    times = {"time_zone": "Europe/Helsinki", "cron": "0 8 * * 1", "name": "Mornings"}
    schedules.add(
        owner, UUID(campaign), Recurrence(budget_usd=Decimal(0), month_usd=None, only_new=False, **times)
    )
    talk(site, limited, cannot)
    assert campaigns.list_mine(owner).total == 2


def test_a_file_is_steered_and_sent_to_where_people_said(site: Client, owner: Person, store: S3Store) -> None:
    finished(owner, [lead(1)])
    sending = NewSending.model_validate({**into(store), "secret": s3_store.SECRET_KEY})
    made = scheduled_exports.add(owner, sending.filter, sending.sort, sending.delivery())
    key = api_keys.create(owner, "An agent", Scope.SUBMIT, 1, Decimal(3))
    reader = api_keys.create(owner, "A dashboard", Scope.READ, 1)
    which = {"schedule_id": str(made)}
    store.faults = [("AccessDenied", "403 Forbidden")]

    async def said(agent: Agent) -> None:
        (listed,) = (await told(agent, "scheduled_exports"))["items"]
        assert listed == await told(agent, "scheduled_export", **which)
        assert s3_store.SECRET_KEY not in str(listed)
        assert (await told(agent, "scheduled_export_pause", **which))["pause_cause"] == "person"
        assert "can't find" in await refused(agent, "scheduled_export_run", **which)
        assert (await told(agent, "scheduled_export_resume", **which))["next_at"]
        await told(agent, "scheduled_export_run", **which)
        work()
        (run,) = (await told(agent, "scheduled_export_history", **which))["items"]
        assert run["can_send_again"]
        await told(agent, "scheduled_export_send_again", **which, run_id=run["id"])
        assert work() == ["A file of a schedule with 1 lead was sent."]

    async def only_reads(agent: Agent) -> None:
        assert (await told(agent, "scheduled_exports"))["items"] == []
        for tool in ("scheduled_export", "scheduled_export_pause", "scheduled_export_run"):
            assert "can't find" in await refused(agent, tool, **which)

    talk(site, key, said)
    talk(site, reader, only_reads)
