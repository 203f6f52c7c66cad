"""An agent with a key: what it is told, what it starts, and that it cannot overspend however it tries."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

import httpx2
import pytest
from httpx import Client
from mcp import Client as Agent
from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

import settings
from services import api_keys
from services.api_keys import Scope
from services.identity import Person
from tests.support.campaigns import finished, lead
from tests.support.servers import Database, change, rows

Told = TypeVar("Told")
Talk = Callable[[Agent], Coroutine[Any, Any, Told]]
ORDER = {"business_types": ["cafe"], "location": "Helsinki", "max_results": 5}
PAID = {**ORDER, "waterfall": ["hunter", "neverbounce"], "budget_usd": "2"}


def talk(site: Client, key: str, said: Talk[Told]) -> Told:
    """Have an agent say something to the server."""

    async def run() -> Told:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=60) as http:
            transport = streamable_http_client(f"{site.base_url}/mcp", http_client=http)
            async with Agent(transport) as agent:
                return await said(agent)

    return asyncio.run(run())


async def told(agent: Agent, tool: str, **arguments: object) -> dict[str, Any]:
    """What a tool answers; fails when it refuses."""
    result = await agent.call_tool(tool, arguments)
    assert not result.is_error, result.content
    answer: dict[str, Any] = result.structured_content
    return answer


async def refused(agent: Agent, tool: str, **arguments: object) -> str:
    """Why a tool did not do it."""
    result = await agent.call_tool(tool, arguments)
    assert result.is_error, result.structured_content
    return " ".join(str(getattr(part, "text", "")) for part in result.content)


@pytest.fixture
def key(owner: Person) -> str:
    return api_keys.create(owner, "An agent", Scope.SUBMIT, 1, Decimal(3))


def test_every_tool_says_whether_it_only_looks(site: Client, key: str) -> None:
    async def said(agent: Agent) -> dict[str, tuple[bool | None, bool | None]]:
        tools = (await agent.list_tools()).tools
        assert all(tool.description and tool.output_schema for tool in tools)
        return {
            tool.name: (tool.annotations.read_only_hint, tool.annotations.open_world_hint)
            for tool in tools
            if tool.annotations
        }

    assert talk(site, key, said) == {
        **dict.fromkeys(("plan", "progress", "leads", "lead", "spend"), (True, False)),
        **dict.fromkeys(("bulk_plan", "bulk_list", "bulk_progress", "bulk_campaigns"), (True, False)),
        **dict.fromkeys(("schedules", "schedule", "schedule_history"), (True, False)),
        **dict.fromkeys(("scheduled_exports", "scheduled_export", "scheduled_export_history"), (True, False)),
        **dict.fromkeys(
            ("quote", "export", "stop", "bulk_pause", "bulk_resume", "bulk_stop"), (False, False)
        ),
        **dict.fromkeys(("schedule_pause", "schedule_remove", "scheduled_export_pause"), (False, False)),
        **dict.fromkeys(("start", "bulk_start", "bulk_continue"), (False, True)),
        **dict.fromkeys(("schedule_create", "schedule_resume", "schedule_run"), (False, True)),
        **dict.fromkeys(
            ("scheduled_export_resume", "scheduled_export_run", "scheduled_export_send_again"), (False, True)
        ),
    }


def test_from_a_plan_to_the_leads(site: Client, key: str, owner: Person, known_places: None) -> None:
    campaign = finished(owner, [lead(1, email="info@cafe.test"), lead(2)])

    async def said(agent: Agent) -> None:
        plan = await told(agent, "plan", order=ORDER)
        assert plan["matching"] > 0
        quote = await told(agent, "quote", order=ORDER)
        begun = await told(
            agent, "start", quote_id=quote["id"], cap_usd="0", idempotency_key="only-this-once"
        )
        assert (await told(agent, "progress", campaign_id=begun["id"]))["status"] == "pending"
        assert (await told(agent, "stop", campaign_id=begun["id"]))["status"] == "cancelled"
        part = await told(agent, "leads", campaign_id=str(campaign), limit=1)
        assert (part["matching"], len(part["items"])) == (2, 1)
        mailed = await told(agent, "leads", campaign_id=str(campaign), filter={"has_email": True})
        (only,) = mailed["items"]
        assert only["email"] == "info@cafe.test"
        one = await told(agent, "lead", campaign_id=str(campaign), lead_id=only["id"])
        assert one["name"] == only["name"]
        file = await told(agent, "export", campaign_id=str(campaign), format="csv")
        assert file["rows"] == 2
        assert "info@cafe.test" in file["text"]
        assert (await told(agent, "spend"))["total"]["calls"] == 0
        assert "can't find" in await refused(agent, "progress", campaign_id=str(uuid4()))
        assert "There is no format" in await refused(
            agent, "export", campaign_id=str(campaign), format="made_up"
        )

    talk(site, key, said)


def test_an_agent_cannot_overspend_however_it_tries(
    keys: None, site: Client, owner: Person, known_places: None, database: Database
) -> None:
    key = api_keys.create(owner, "An agent", Scope.SUBMIT, 1, Decimal(3))

    async def said(agent: Agent) -> list[dict[str, Any]]:
        quote = (await told(agent, "quote", order=PAID))["id"]
        start = {"quote_id": quote, "cap_usd": "2", "idempotency_key": "the-first-one"}
        for missing in start:
            others = {name: value for name, value in start.items() if name != missing}
            assert "Field required" in await refused(agent, "start", **others)
        for wrong in ({"quote_id": str(uuid4())}, {"cap_usd": "2.01"}, {"cap_usd": "-1"}, {"cap_usd": "NaN"},
                      {"cap_usd": "1e9"}, {"idempotency_key": ""}, {"quote_id": "any"}):  # fmt: skip
            await refused(agent, "start", **{**start, **wrong})
        begun = [await told(agent, "start", **start) for _ in range(3)]
        # The limit of the key leaves one dollar, whatever the quote, the cap or the key of the call.
        other = (await told(agent, "quote", order={**PAID, "max_results": 4}))["id"]
        more = await asyncio.gather(
            *(
                agent.call_tool(
                    "start", {"quote_id": other, "cap_usd": "1", "idempotency_key": f"another-{n}"}
                )
                for n in range(5)
            )
        )
        assert sum(not each.is_error for each in more) == 1
        assert "limit of this key" in await refused(
            agent, "start", quote_id=other, cap_usd="0.5", idempotency_key="and-another"
        )
        change(database.superuser_url, "update quotes set expires_at = now()")
        assert "quote is over" in await refused(
            agent, "start", **{**start, "cap_usd": "0", "idempotency_key": "too-late-now"}
        )
        return begun

    begun = talk(site, key, said)
    assert len({each["id"] for each in begun}) == 1
    budgets = rows(database.superuser_url, "select sum(budget_micros) from campaigns where budget_micros > 0")
    assert budgets == [(3_000_000,)]


def test_a_key_that_only_reads_starts_nothing_and_none_opens_nothing(
    site: Client, owner: Person, known_places: None
) -> None:
    reader = api_keys.create(owner, "A dashboard", Scope.READ, 1)

    async def said(agent: Agent) -> None:
        assert (await told(agent, "plan", order=ORDER))["matching"] > 0
        assert "does not go that far" in await refused(agent, "quote", order=ORDER)

    talk(site, reader, said)
    for headers in ({}, {"Authorization": "Bearer ppk_made_up"}, {"Authorization": "Basic x"}):
        answer = site.post("/mcp", json={}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    foreign = {"Authorization": f"Bearer {reader}", "Origin": "https://evil.example"}
    assert site.post("/mcp", json={}, headers=foreign).status_code == 403


def test_the_command_serves_the_same_tools(owner: Person, key: str, known_places: None) -> None:
    async def run() -> None:
        server = StdioServerParameters(
            command=sys.executable,
            args=[str(settings.PROJECT_ROOT / "manage.py"), "mcp"],
            env={**os.environ, "PROSPECTPRO_KEY": key},
        )
        async with Agent(stdio_client(server)) as agent:
            assert (await told(agent, "plan", order=ORDER))["matching"] > 0

    asyncio.run(run())
