"""Files that are sent again and again, as programs set them up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from httpx import Client

import settings
from api.v1.problems import Problem
from jobs import export_sending
from jobs import schedules as placing
from services import api_keys, book_file_work
from services.api_keys import Scope
from services.identity import Person
from tests.api.v1.conftest import Programs
from tests.api.v1.test_door import told
from tests.support import s3_store
from tests.support.campaigns import SPEC, finished, lead, submitted
from tests.support.s3_store import S3Store
from tests.support.servers import Database, change

MORNINGS = {"name": "Mornings", "cron": "0 8 * * *", "time_zone": "Europe/Helsinki", "columns": ["Name"]}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Store]:
    with s3_store.s3_store() as running:
        monkeypatch.setenv("EXPORT_HOSTS", running.url.partition("//")[2])
        settings.get.cache_clear()
        yield running
    settings.get.cache_clear()


def into(store: S3Store) -> dict[str, object]:
    place = {"endpoint": store.url, "region": s3_store.REGION, "bucket": s3_store.BUCKET}
    return {**MORNINGS, "target": "s3", "place": {**place, "access_key": s3_store.ACCESS_KEY}}


def work() -> list[str]:
    """All that workers do of it."""
    placing.place_due()
    list(book_file_work.run_due())
    return list(export_sending.run_due())


def test_a_file_is_set_up_tried_changed_sent_and_sent_again(
    api: Client, reader: Client, owner: Person, store: S3Store, database: Database
) -> None:
    finished(owner, [lead(1, email="info@cafe.test"), lead(2)])
    new = {**into(store), "secret": s3_store.SECRET_KEY, "filter": {"has_email": True}, "sort": "name"}
    first, again = [
        api.post("/scheduled-exports", json=new, headers={"Idempotency-Key": "mornings"}) for _ in range(2)
    ]
    assert (first.status_code, first.text) == (201, again.text)
    # Whoever carried it out died before the answer was kept.
    lost = "update api_replies set status = null, body = null, tried_at = now() - interval '2 minutes'"
    change(database.superuser_url, lost)
    again = api.post("/scheduled-exports", json=new, headers={"Idempotency-Key": "mornings"})
    assert (again.json()["id"], len(api.get("/scheduled-exports").json()["items"])) == (first.json()["id"], 1)
    made = first.json()
    assert (made["filter"], made["made_by"]) == ({"has_email": True}, owner.email)
    path = f"/scheduled-exports/{made['id']}"
    assert api.get(path).json() == made
    assert api.get("/scheduled-exports").json()["items"] == [made]
    assert reader.get("/scheduled-exports").json() == {"items": []}, (
        "as on the page, for who may not take leads"
    )
    assert api.post(f"{path}/try").status_code == 204

    store.faults = [("AccessDenied", "403 Forbidden")]
    assert api.post(f"{path}/run").json()["next_at"]
    assert "AccessDenied" in work()[0]
    (run,) = api.get(f"{path}/runs").json()["items"]
    assert (run["outcome"], run["rows"], run["can_send_again"]) == ("failed", 1, True)
    assert api.get(f"{path}/runs/{run['id']}/file").text.count("Cafe 00") == 1
    # The secret that is kept goes on to be used, and a filter that is not given stays.
    changed = api.put(path, json={**into(store), "name": "To the partner"}).json()
    assert (changed["name"], changed["filter"], changed["sort"]) == (
        "To the partner",
        {"has_email": True},
        "name",
    )
    (waits,) = api.post(f"{path}/runs/{run['id']}/send-again").json()["items"]
    assert waits["outcome"] == "making"
    told(api.post(f"{path}/runs/{run['id']}/send-again"), Problem.NOT_FOUND)
    assert work() == ["A file of a schedule with 1 lead was sent."]
    assert api.put(path, json={**into(store), "filter": {}}).json()["filter"] == {}
    api.post(f"{path}/run")
    assert work() == ["A file of a schedule with 2 leads was sent."]

    assert api.post(f"{path}/pause").json()["pause_cause"] == "person"
    assert api.post(f"{path}/resume").json()["next_at"]
    everything = first.text + api.get(f"{path}/runs").text + api.get("/scheduled-exports").text
    assert s3_store.SECRET_KEY not in everything
    assert api.delete(path).status_code == 204
    told(api.get(f"{path}/runs"), Problem.NOT_FOUND)


def test_what_cannot_be_is_refused_and_a_campaign_that_repeats_is_none_of_these(
    api: Client, reader: Client, programs: Programs, owner: Person, store: S3Store
) -> None:
    new = {**into(store), "secret": s3_store.SECRET_KEY}
    told(reader.post("/scheduled-exports", json=new), Problem.NOT_ALLOWED)
    for wrong in (
        {"cron": "* * * * *"}, {"secret": ""}, {"target": "pigeon"}, {"place": {"bucket": "x"}},
        {"target": "sftp", "place": {"host": "files.example.com", "user": "leads"}}, {"format": "pdf"},
    ):  # fmt: skip
        told(api.post("/scheduled-exports", json={**new, **wrong}), Problem.INVALID)
    bad = {**new, "secret": "another"}
    path = f"/scheduled-exports/{api.post('/scheduled-exports', json=bad).json()['id']}"
    refused = told(api.post(f"{path}/try"), Problem.INVALID)
    assert "the secret key is another one" in str(refused["detail"])
    limited = programs(api_keys.create(owner, "A program", Scope.SUBMIT, 1, Decimal(5)))
    told(limited.post("/scheduled-exports", json=new), Problem.CONFLICT)
    told(limited.put(path, json=new), Problem.CONFLICT)
    order = {**MORNINGS, "campaign_id": str(submitted(owner, SPEC)), "budget_usd": "0"}
    del order["columns"]
    campaign = api.post("/schedules", json=order).json()["id"]
    told(api.post(f"/scheduled-exports/{campaign}/pause"), Problem.NOT_FOUND)
    told(api.delete(f"/scheduled-exports/{campaign}"), Problem.NOT_FOUND)
    nobody = api.post("/scheduled-exports/host-key", json={"host": "127.0.0.1", "port": 9, "user": "leads"})
    told(nobody, Problem.INVALID)
