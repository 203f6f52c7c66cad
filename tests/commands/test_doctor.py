"""What `doctor` says of an installation that works, and of one that is broken in each of many ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import redis

import settings
from commands._checks import findings
from commands._checks.databases import clock
from commands._checks.finding import Finding, State
from services import catalogue
from store import provider_credit, workers
from store.database import Role, dispose, transaction, url_for
from tests.providers_server.desk import REVOKED
from tests.support import terminal
from tests.support.campaigns import submitted
from tests.support.mail_server import mail_server
from tests.support.people import person
from tests.support.providers import Providers, providers
from tests.support.servers import Database, change


@pytest.fixture
def installation(database: Database, redis_url: str) -> Database:
    """One that works: with open data, and a worker that has just said so."""
    catalogue.ensure_first_fill()
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a-worker", 1, "a-host")
    return database


@pytest.fixture
def broken_redis(redis_url: str) -> Iterator[redis.Redis]:
    """A Redis whose bound and policy a test may change."""
    with closing(redis.Redis.from_url(redis_url)) as client:
        yield client
        client.config_set("maxmemory", 0)
        client.config_set("maxmemory-policy", "noeviction")


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--synthetic", "1") as running:
        yield running


def looked_at(*, asks_providers: bool = False) -> dict[str, Finding]:
    settings.get.cache_clear()
    return {found.about: found for found in findings(asks_providers=asks_providers)}


def said(about: str, state: State, *words: str) -> None:
    """It says so of this, with a word on what to do where there is something to."""
    found = looked_at()[about]
    assert found.state is state, found
    assert [word for word in words if word not in found.said] == [], found
    assert bool(found.advice) is (state in (State.WARNING, State.WRONG))


def test_an_installation_that_works(installation: Database) -> None:
    done = terminal.manage("doctor", "--json")
    assert (done.returncode, done.stderr) == (0, ""), done
    for word in (
        "Python",
        "pp_web, pp_worker",
        "ow-level security is forced",
        "1 worker at work",
        "noeviction",
    ):
        assert word in done.stdout
    told = json.loads(done.stdout)
    assert told["able_to_work"] is True
    assert {found["state"] for found in told["findings"]} <= {"ok", "warning", "not checked"}
    assert [found["about"] for found in told["findings"] if found["state"] == "warning"] == [
        "Postgres's disk"
    ]


@pytest.mark.parametrize(
    ("statement", "about", "word"),
    [
        ("drop policy member on leads", "policies", "member on leads is missing"),
        ("create policy extra on leads to pp_web using (true)", "policies", "extra on leads is not ours"),
        ("grant select on leads to pg_monitor", "rights", "pg_monitor"),
        ("grant select on leads to public", "rights", "public"),
        ("grant execute on function app_user_id() to pg_monitor", "rights", "pg_monitor"),
        ("alter table leads disable row level security", "database", "leads"),
        ("update alembic_version set version_num = '0000'", "database", "manage.py migrate"),
        ("update workers set seen_at = now() - interval '1 hour'", "workers", "No worker"),
    ],
)
def test_a_database_that_is_not_as_it_should_be(
    installation: Database, statement: str, about: str, word: str
) -> None:
    change(installation.superuser_url, statement)
    said(about, State.WRONG, word)


def test_the_exit_code_and_the_last_line_tell_what_is_wrong(installation: Database) -> None:
    change(installation.superuser_url, "delete from workers")
    done = terminal.manage("doctor")
    assert done.returncode == 1
    assert done.stderr.strip() == "ProspectPro cannot do its work. workers: No worker runs: campaigns wait."
    assert "Start `manage.py worker`" in done.stdout


def test_without_its_database_it_says_that_and_looks_at_the_rest(
    installation: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner@127.0.0.1:9/leads")
    dispose()
    found = looked_at()
    assert (found["database"].state, "Connection refused" in found["database"].said) == (State.WRONG, True)
    assert found["Redis"].state is State.OK
    assert not {"queue", "workers", "policies"} & set(found)


def test_a_queue_that_stands(installation: Database) -> None:
    submitted(person("owner"))
    said("queue", State.OK, "1 waiting")
    change(installation.superuser_url, "update discovery_jobs set wake_first_at = now() - interval '2 hours'")
    said("queue", State.WARNING, "the first for 7,2")
    change(
        installation.superuser_url,
        "update outbox set sent_at = null, created_at = now() - interval '2 hours'",
    )
    said("queue", State.WARNING, "1 wake-up not sent")
    change(installation.superuser_url, "update discovery_jobs set status = 'processing'")
    said("queue", State.WARNING, "1 of the running ones without a worker")


def test_a_redis_in_trouble(installation: Database, broken_redis: redis.Redis) -> None:
    broken_redis.config_set("maxmemory", 10**9)
    broken_redis.config_set("maxmemory-policy", "allkeys-lru")
    said("Redis when full", State.WARNING, "allkeys-lru")
    said("Redis's disk", State.OK, "keeps its memory")
    broken_redis.config_set("maxmemory-policy", "noeviction")
    broken_redis.config_set("maxmemory", 1)
    said("Redis", State.WRONG, "used memory")


def test_another_secret_is_told(installation: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_SECRET", "a secret of another installation, by mistake")
    said("database", State.WRONG, "APP_SECRET")


def test_a_host_that_knows_one_role_alone(installation: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_WEB", url_for(Role.WEB).render_as_string(hide_password=False))
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("APP_SECRET")
    dispose()
    found = looked_at()
    assert found["database"].said.startswith("pp_web get in")
    assert found["other roles"].state is State.SKIPPED
    assert found["queue"].state is State.SKIPPED


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, State.OK), (60, State.WARNING), (-60, State.WARNING), (3600, State.WRONG)]
)
def test_clocks_that_differ(seconds: int, state: State) -> None:
    assert clock("a clock", datetime.now(UTC) + timedelta(seconds=seconds)).state is state


def test_mail_is_tried_and_none_is_sent(installation: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as server:
        for name, value in {**server.settings(), "PUBLIC_URL": "https://leads.example.com"}.items():
            monkeypatch.setenv(name, value)
        said("mail", State.OK, "takes mails of")
        assert server.mails == []
    said("mail", State.WRONG, "does not answer")


def test_keys_are_tried_only_when_asked_and_cost_nothing(
    installation: Database, stand_in: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in stand_in.settings().items():
        monkeypatch.setenv(name, value)
    assert looked_at()["Hunter"].said == "On."
    assert stand_in.calls("access_token") == 0
    with transaction(Role.SYSTEM) as conn:
        provider_credit.note(conn, "hunter", 1000, 2000)
    said("Hunter", State.OK, "On, 1,000 credits left.")
    with transaction(Role.SYSTEM) as conn:
        provider_credit.note(conn, "hunter", 300, 2000)
    said("Hunter", State.WARNING, "300 credits left, 15% of the whole.")
    found = looked_at(asks_providers=True)
    assert {name: found[name].said for name in ("Hunter", "NeverBounce", "Snov.io")} == {
        "Hunter": "On, the key is taken, 1,988 of 2,000 credits left.",
        "NeverBounce": "On, the key is taken, 900 credits left.",
        "Snov.io": "On, the key is taken, 500 credits left.",
    }
    assert "not tried" in found["Google Places"].said
    for name in ("HUNTER_IO_API_KEY", "NEVERBOUNCE_API_KEY", "SNOV_CLIENT_SECRET"):
        monkeypatch.setenv(name, REVOKED)
    found = looked_at(asks_providers=True)
    assert {found[name].state for name in ("Hunter", "NeverBounce", "Snov.io")} == {State.WRONG}
    assert stand_in.billed_micros() == 0
