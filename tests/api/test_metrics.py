"""What Prometheus reads, behind a token."""

from __future__ import annotations

import pytest
from httpx import Client

import settings
from jobs import measuring
from store import provider_credit
from store.database import Role, transaction
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database, change

TOKEN = "a token of the tests"


@pytest.fixture
def opened(site: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    settings.get.cache_clear()
    return site


def test_without_a_token_there_is_nothing(site: Client) -> None:
    assert site.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 404


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer another token", f"Basic {TOKEN}", "Bearer tökén"])
def test_another_token_is_refused(opened: Client, given: str | None) -> None:
    headers = {b"Authorization": given.encode()} if given else {}
    answer = opened.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "prospectpro_" not in answer.text


def test_the_token_opens_the_figures_of_everybody_together(
    opened: Client, redis_url: str, database: Database
) -> None:
    owner = person("owner")
    finished(owner, [lead(1), lead(2)])
    change(database.superuser_url, "update campaigns set ended_at = ended_at - interval '2 minutes'")
    measuring.take()
    with transaction(Role.SYSTEM) as conn:
        provider_credit.note(conn, "hunter", 500, 2000)
    answer = opened.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert 'prospectpro_campaigns_total{outcome="completed"} 1' in lines
    assert "prospectpro_leads_total 2" in lines
    assert "prospectpro_queue_waiting 0" in lines
    assert 'prospectpro_provider_credits_left{provider="hunter"} 500' in lines
    assert 'prospectpro_provider_credits_whole{provider="hunter"} 2000' in lines
    assert owner.email not in answer.text


def test_a_short_token_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "short")
    settings.get.cache_clear()
    with pytest.raises(settings.SettingsError, match="METRICS_TOKEN"):
        settings.get()
