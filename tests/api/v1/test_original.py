"""What was written for the application before this one goes on working, with a key."""

from __future__ import annotations

import json

from httpx import Client

from api.v1.problems import Problem
from services import api_keys, campaigns
from services.api_keys import Scope
from services.identity import Person
from tests.api.v1.test_door import told
from tests.support.campaigns import claimed, end, lead, store_leads
from tests.support.people import person

PATH = "/functions/v1/business-discovery-background"
ASKED = {
    "businessType": "cafe, bakery",
    "location": "Helsinki",
    "maxResults": 3,
    "sessionUserId": "session_1",
    "searchRadius": "10 miles",
    "tierKey": "BASE",
    "options": {"apolloDiscovery": False},
}
RECORD = {
    "id", "campaign_id", "user_id", "status", "progress", "current_stage", "config", "results", "metrics", "error",
    "created_at", "started_at", "completed_at",
}  # fmt: skip


def test_a_campaign_is_ordered_and_its_job_read_as_before(site: Client, owner: Person) -> None:
    told(site.post(PATH, json=ASKED), Problem.INVALID_KEY)
    key = {"Authorization": f"Bearer {api_keys.create(owner, 'An old program', Scope.SUBMIT, 1)}"}
    answer = site.post(PATH, json=ASKED, headers=key)
    said = answer.json()
    assert (answer.status_code, said["success"], said["status"]) == (200, True, "processing")
    assert (said["estimatedTime"], said["deduplication"]["trackedId"]) == ("1-2 minutes", "session_1")
    campaign = campaigns.list_mine(owner).rows[0]
    assert said["campaignId"] == str(campaign.id)
    assert (campaign.spec.business_types, campaign.spec.max_results) == (("cafe", "bakery"), 3)
    assert (round(campaign.spec.radius_km or 0), campaign.budget_micros) == (16, 0)
    job = {"jobId": said["jobId"]}
    waiting = site.get(PATH, params=job, headers=key).json()
    assert (set(waiting), waiting["status"], waiting["results"]) == (RECORD, "pending", [])
    lease = claimed(owner, campaign.id)
    store_leads(lease, [lead(number) for number in range(1, 4)])
    end(lease)
    ended = site.get(PATH, params=job, headers=key).json()
    assert (ended["status"], ended["error"], len(ended["results"])) == ("completed", None, 3)
    assert (ended["metrics"]["leads_found"], ended["metrics"]["total_cost"]) == (3, 0.0)
    assert ended["results"][0]["business_name"].startswith("Cafe 00")
    stream = site.get(PATH, params=job, headers={**key, "Accept": "text/event-stream"})
    assert json.loads(stream.text.removeprefix("data: ")) == ended
    wrong = told(site.post(PATH, json={"businessType": "cafe", "location": ""}, headers=key), Problem.INVALID)
    assert (wrong["success"], wrong["error"]) == (False, wrong["detail"])
    stranger = api_keys.create(person("stranger"), "Another", Scope.ADMIN, 1)
    foreign = {"Authorization": f"Bearer {stranger}"}
    told(site.get(PATH, params=job, headers=foreign), Problem.NOT_FOUND)
    told(site.get("/functions/v1/anything", headers=key), Problem.NOT_FOUND)


def test_the_same_idempotency_key_orders_once(site: Client, owner: Person) -> None:
    key = api_keys.create(owner, "An old program", Scope.SUBMIT, 1)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}
    jobs = [site.post(PATH, json=ASKED, headers=headers).json()["jobId"] for _ in range(2)]
    assert jobs[0] == jobs[1]
    assert campaigns.list_mine(owner).total == 1
