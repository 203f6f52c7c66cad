"""The client of one file, and our commands by it, against a running server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from httpx import Client
from typer.testing import CliRunner

from clients.prospectpro import Order, Problem, ProspectPro
from manage import application
from services import api_keys, campaigns
from services.api_keys import Scope
from services.identity import Person
from tests.support.campaigns import claimed, end, lead, store_leads
from tests.support.terminal import manage
from tests.support.workers import eventually

ORDER: Order = {"business_types": ["cafe"], "location": "Helsinki", "max_results": 3}


@pytest.fixture
def key(owner: Person) -> str:
    return api_keys.create(owner, "A program", Scope.SUBMIT, 1)


@pytest.fixture
def pro(site: Client, key: str) -> Iterator[ProspectPro]:
    with ProspectPro(str(site.base_url), key) as client:
        yield client


def carried_out(owner: Person) -> None:
    """What a worker does with the one campaign there is."""
    eventually(lambda: campaigns.list_mine(owner).total == 1, "the order")
    lease = claimed(owner, campaigns.list_mine(owner).rows[0].id)
    store_leads(lease, [lead(number) for number in range(1, 4)])
    end(lease)


def test_the_client_quotes_orders_follows_and_reads(pro: ProspectPro, owner: Person) -> None:
    assert pro.me()["email"] == owner.email
    assert pro.plan(ORDER)["refusals"] == []
    quote = pro.quote({**ORDER, "budget_usd": "1"})
    campaign = pro.order_quote(quote["id"], "1")
    assert (campaign["budget_usd"], campaign["status"]) == ("1", "pending")
    working = Thread(target=carried_out, args=[owner])
    working.start()
    seen = [event["progress"] for event in pro.events(campaign["id"])]
    working.join()
    assert seen == sorted(seen)
    assert pro.campaign(campaign["id"])["leads"] == 3
    assert [each["name"] for each in pro.leads(campaign["id"], sort="name", limit=2)] == [
        "Cafe 001",
        "Cafe 002",
        "Cafe 003",
    ]
    assert len(list(pro.companies(has_email=False))) == 3
    assert pro.file(campaign["id"]).count(b"Cafe 00") == 3
    assert pro.change(campaign["id"], title="Autumn")["title"] == "Autumn"
    assert [each["title"] for each in pro.campaigns(text="autumn")] == ["Autumn"]
    assert pro.suppress(["info@cafe.example.com"]) == {"new": 1, "known": 0}
    assert pro.is_suppressed("info@cafe.example.com")
    assert pro.spend()["total"]["calls"] == 0
    once = pro.order(ORDER, idempotency_key="once")
    assert pro.order(ORDER, idempotency_key="once")["id"] == once["id"]
    assert pro.cancel(once["id"])["status"] == "cancelled"
    pro.delete(once["id"])
    with pytest.raises(Problem) as refused:
        pro.campaign(once["id"])
    assert (refused.value.cause, refused.value.status) == ("not_found", 404)


def test_our_commands_ask_the_server_that_is_named(
    site: Client, key: str, owner: Person, known_places: None, tmp_path: Path
) -> None:
    there = {
        "PROSPECTPRO_URL": str(site.base_url),
        "PROSPECTPRO_KEY": key,
        "DATABASE_URL": "",
        "APP_SECRET": "",
    }
    plan = manage("plan", "cafe", "Helsinki", "--json", **there)
    assert (plan.returncode, json.loads(plan.stdout)["matching"]) == (0, 85), plan.stderr
    for words in (("--dry-run",), ("--list", "fair.csv"), ("--column", "name=Firm"), ("--workspace", "Home")):
        # Nobody is asked, so these need no process of their own.
        refused = CliRunner(env=there).invoke(application(), ["campaign", "cafe", "Helsinki", *words])
        assert refused.exit_code == 1
        assert f"{words[0]} is for commands on the machine" in refused.stderr
    nowhere = CliRunner(env=there).invoke(application(), ["campaign", "cafe", "Helsinki", "--csv", "/tmp"])
    assert (nowhere.exit_code, "/tmp is a folder." in nowhere.stderr) == (1, True)
    assert campaigns.list_mine(owner).total == 0
    target = tmp_path / "leads.csv"
    working = Thread(target=carried_out, args=[owner])
    working.start()
    done = manage("campaign", "cafe", "Helsinki", "--max", "3", "--csv", str(target), **there)
    working.join()
    assert done.returncode == 3, done.stderr
    assert "Campaign partial: 3 leads, $0.00." in done.stdout
    assert target.read_text(encoding="utf-8-sig").count("Cafe 00") == 3
    wrong = manage("follow", str(owner.id), **{**there, "PROSPECTPRO_KEY": "ppk_wrong"})
    assert (wrong.returncode, "key that holds" in wrong.stderr) == (1, True)
