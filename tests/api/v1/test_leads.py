"""Leads, progress, spending and the suppression list, as programs read them."""

from __future__ import annotations

import csv
import json
from io import StringIO
from threading import Thread

import pytest
from httpx import Client

import settings
from api.v1.problems import Problem
from services import campaigns
from services.identity import Person
from tests.api.v1.test_door import told
from tests.support.campaigns import PAID, claimed, end, finished, lead, spent, store_leads, submitted
from tests.support.servers import Database, rows
from tests.support.workers import eventually


def test_leads_come_filtered_and_in_parts(reader: Client, owner: Person) -> None:
    campaign = finished(
        owner, [lead(n, email="info@cafe.example.com" if n == 3 else None) for n in range(1, 8)]
    )
    path, seen = f"/campaigns/{campaign}/leads", []
    answer = reader.get(path, params={"limit": 3, "sort": "name"})
    while True:
        seen += [each["name"] for each in answer.json()["items"]]
        if "next" not in answer.links:
            break
        answer = reader.get(answer.links["next"]["url"].removeprefix("/api/v1"))
    assert seen == [f"Cafe 00{n}" for n in range(1, 8)]
    assert (answer.json()["total"], answer.json()["next_cursor"]) == (7, None)
    for asked, found in (
        ("has_email=true", 1),
        ("has_email=false&min_confidence=5", 3),
        ("text=cafe 002", 1),
        ("category=amenity=cafe&category=shop=bakery", 7),
        ("near=60.17,24.94,1", 7),
        ("near=0,0,1", 0),
        ("box=24,60,25,61", 7),
        ("status=unverified", 1),
        ("found_since=2020-01-01T00:00:00-16:30&sort=newest", 7),
    ):
        assert reader.get(f"{path}?{asked}").json()["matching"] == found, asked
    for asked in (
        "has_emial=true",
        "near=x",
        "near=99,24,1",
        "box=25,61,24,60",
        "min_confidence=101",
        "sort=x",
    ):
        told(reader.get(f"{path}?{asked}"), Problem.INVALID)
    (one,) = reader.get(f"{path}?has_email=true").json()["items"]
    assert reader.get(f"{path}/{one['id']}").json() == one
    assert (one["email"], one["sources"]) == ("info@cafe.example.com", ["OpenStreetMap"])
    told(reader.get(f"{path}/{campaign}"), Problem.NOT_FOUND)


def test_leads_come_as_files_that_are_noted(
    api: Client, reader: Client, owner: Person, database: Database
) -> None:
    campaign = finished(owner, [lead(1), lead(2, phone="+358401234567")])
    path = f"/campaigns/{campaign}/leads?sort=name"
    lines = api.get(path, headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line)["name"] for line in lines.text.splitlines()] == ["Cafe 001", "Cafe 002"]
    table = api.get(f"{path}&has_phone=true", headers={"Accept": "text/csv"})
    (row,) = csv.DictReader(StringIO(table.text.removeprefix("\ufeff")))
    assert (row["Name"], table.headers["content-type"]) == ("Cafe 002", "text/csv; charset=utf-8")
    assert 'filename="prospectpro-' in table.headers["content-disposition"]
    assert api.get(f"/campaigns/{campaign}/file?format=xlsx").content.startswith(b"PK")
    told(api.get(f"/campaigns/{campaign}/file?format=nothing"), Problem.INVALID)
    told(reader.get(path, headers={"Accept": "text/csv"}), Problem.NOT_ALLOWED)
    noted = rows(database.superuser_url, "select format, row_count from exports order by created_at")
    assert noted == [("ndjson", 2), ("csv", 1), ("xlsx", 2)]


def test_a_campaign_is_followed_to_its_end_and_the_stream_goes_on_where_it_was(
    reader: Client, owner: Person
) -> None:
    campaign = submitted(owner)
    path = f"/campaigns/{campaign}"
    assert reader.get(f"{path}/progress").json()["campaign"]["status"] == "pending"
    told(reader.get(f"/campaigns/{owner.id}/events"), Problem.NOT_FOUND)

    def run() -> None:
        lease = claimed(owner, campaign)
        store_leads(lease, [lead(1)])
        end(lease)

    running = Thread(target=run)
    with reader.stream("GET", f"{path}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        running.start()
        said = "".join(stream.iter_text())
    running.join()
    blocks = [
        dict(line.split(": ", 1) for line in block.splitlines()) for block in said.split("\n\n") if block
    ]
    assert blocks[0] == {"retry": "2000"}
    numbers = [int(block["id"]) for block in blocks if block.get("event") == "progress"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert blocks[-1]["event"] == "end"
    assert json.loads(blocks[-1]["data"])["status"] == "partial"
    again = reader.get(f"{path}/events", headers={"Last-Event-ID": str(numbers[-2])}).text
    assert [line for line in again.splitlines() if line.startswith("id: ")] == [f"id: {numbers[-1]}"]
    told_now = reader.get(f"{path}/progress?after={numbers[-2]}").json()
    assert [each["number"] for each in told_now["events"]] == [numbers[-1]]
    assert told_now["last"] == numbers[-1]


def test_only_so_many_streams_are_open_and_one_that_is_left_is_free(
    reader: Client, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMS_PER_PERSON", "1")
    settings.get.cache_clear()
    path = f"/campaigns/{submitted(owner)}/events"
    with reader.stream("GET", path) as first:
        said = first.iter_text()
        assert next(said).startswith("retry: ")
        told(reader.get(path), Problem.TOO_MANY)
    campaigns.cancel(owner, campaigns.list_mine(owner).rows[0].id)
    eventually(
        lambda: reader.get(path).status_code == 200, "the stream that was left is not counted any more"
    )


def test_spending_is_summed_and_listed(keys: None, reader: Client, owner: Person) -> None:
    campaign = submitted(owner, PAID)
    lease = claimed(owner, campaign)
    spent(lease, "one.example.com", 24_500)
    spent(lease, "two.example.com", 0, found=False)
    end(lease)
    sums = reader.get("/spend").json()
    assert (sums["total"]["cost_usd"], sums["total"]["calls"]) == ("0.0245", 2)
    assert [each["group"] for each in sums["items"]] == ["Hunter"]
    assert reader.get(f"/spend?campaign={campaign}&by=day").json()["total"] == sums["total"]
    assert reader.get("/spend?until=2020-01-01").json()["total"]["calls"] == 0
    told(reader.get(f"/spend?campaign={owner.id}"), Problem.NOT_FOUND)
    first = reader.get("/calls?limit=1")
    rest = reader.get(first.links["next"]["url"].removeprefix("/api/v1")).json()
    listed = [*first.json()["items"], *rest["items"]]
    assert [each["outcome"] for each in listed] == ["Answered: nothing found", "Answered"]
    assert rest["next_cursor"] is None


def test_somebody_is_put_on_the_list_found_and_taken_off(api: Client, reader: Client, owner: Person) -> None:
    given = {"entries": [{"who": "info@cafe.example.com"}, {"who": "bakery.example.com"}], "reason": "Asked"}
    told(reader.post("/suppressions", json=given), Problem.NOT_ALLOWED)
    assert api.post("/suppressions", json=given).json() == {"new": 2, "known": 0}
    assert api.post("/suppressions", json=given).json() == {"new": 0, "known": 2}
    wrong = told(
        api.post("/suppressions", json={"entries": [{"who": "x@example.com"}, {"who": "?"}]}), Problem.INVALID
    )
    assert [each["pointer"] for each in wrong["errors"]] == ["#/entries/1/who"]  # type: ignore[attr-defined]
    found = reader.post("/suppression-check", json={"who": "anybody@bakery.example.com"}).json()["entry"]
    assert (found["kind"], found["reason"]) == ("domain", "Asked")
    assert reader.post("/suppression-check", json={"who": "x@example.com"}).json() == {"entry": None}
    first = reader.get("/suppressions?limit=1")
    rest = reader.get(first.links["next"]["url"].removeprefix("/api/v1")).json()["items"]
    assert {first.json()["items"][0]["kind"], rest[0]["kind"]} == {"email", "domain"}
    told(api.delete(f"/suppressions/{found['id']}"), Problem.NOT_ALLOWED)
    assert "cafe" not in first.text + json.dumps(rest), "no entry says who it is about"
