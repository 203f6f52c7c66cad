"""Alerts: raised once while they last, told by one mail, taken note of by a person, resolved by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import settings
from jobs import duties, notifications, standing_in
from jobs.standing_in import StandIn
from services import alerts, auditing, webhooks
from services.auditing import AuditWhere
from services.errors import NotFound
from services.identity import Person
from store import workers
from store.database import Role, transaction
from tests.support.campaigns import submitted
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import person
from tests.support.receiver import receiving
from tests.support.servers import Database, change
from tests.support.workers import eventually


@pytest.fixture
def admin(database: Database, redis_url: str) -> Person:
    person("owner")
    return person("admin", is_admin=True)


@pytest.fixture
def server(admin: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        for name, value in {**running.settings(), "PUBLIC_URL": "http://prospectpro.example.com/"}.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        yield running


def looked(database: Database) -> None:
    """A minute is over, and a worker looks, which has nothing else to tell of."""
    with transaction(Role.SYSTEM) as conn:
        workers.report(conn, "a worker", 1, "host")
    change(database.superuser_url, "update duties set due_at = now() where name = 'alerts'")
    list(duties.run_due())
    # Whether this machine has a network is not what is asked here.
    change(database.superuser_url, "delete from provider_status")


def test_an_alert_is_raised_once_told_by_one_mail_and_resolved_when_it_is_over(
    admin: Person, database: Database, server: MailServer
) -> None:
    looked(database)
    assert not notifications.are_due()
    submitted(admin)
    change(database.superuser_url, "update discovery_jobs set wake_first_at = now() - interval '2 minutes'")
    for _ in range(2):
        looked(database)
    (alert,) = alerts.listing(admin)
    assert (alert.rule, alert.resolved_at, alert.noted_by) == ("waiting", None, None)
    assert notifications.are_due()
    assert [line.endswith("sent.") for line in notifications.send_due()] == [True]
    assert not notifications.are_due()
    (mail,) = server.mails
    assert mail["To"] == "admin@example.com"
    assert mail["Subject"].startswith("ProspectPro: Worth a look: A campaign has waited for 12")
    text = mail.get_body(("plain",))
    assert text is not None
    assert "http://prospectpro.example.com/admin_health" in text.get_content()
    # It is over, and stays so for a while.
    change(database.superuser_url, "update discovery_jobs set wake_first_at = now()")
    looked(database)
    assert alerts.listing(admin)[0].resolved_at is None
    change(database.superuser_url, "update alerts set seen_at = now() - interval '6 minutes'")
    looked(database)
    assert alerts.listing(admin)[0].resolved_at is not None
    # Again, it is another one.
    change(database.superuser_url, "update discovery_jobs set wake_first_at = now() - interval '2 minutes'")
    looked(database)
    assert [each.resolved_at is None for each in alerts.listing(admin)] == [True, False]
    list(notifications.send_due())
    assert len(server.mails) == 2


def test_a_mail_that_is_refused_is_tried_again_and_not_when_the_alert_is_over(
    admin: Person, database: Database, server: MailServer
) -> None:
    submitted(admin)
    change(database.superuser_url, "update discovery_jobs set wake_first_at = now() - interval '2 minutes'")
    looked(database)
    server.answers["RCPT"] = "450 later"
    assert ["450" in line for line in notifications.send_due()] == [True]
    del server.answers["RCPT"]
    change(database.superuser_url, "update alert_mails set due_at = now()")
    change(database.superuser_url, "update alerts set resolved_at = now()")
    assert list(notifications.send_due()) == []
    assert server.mails == []


def test_an_administrator_takes_care_of_an_alert_once_and_that_is_recorded(
    admin: Person, database: Database
) -> None:
    submitted(admin)
    change(database.superuser_url, "update discovery_jobs set wake_first_at = now() - interval '2 minutes'")
    looked(database)
    (alert,) = alerts.listing(admin)
    alerts.note(admin, alert.id)
    with pytest.raises(NotFound):
        alerts.note(admin, alert.id)
    assert alerts.listing(admin)[0].noted_by == "admin@example.com"
    (noted,) = auditing.listing(admin, AuditWhere(action="alert_noted")).rows
    assert noted.detail["alert"].startswith("A campaign has waited")


def test_web_servers_stand_in_when_no_worker_lives_and_tell_it_once(
    admin: Person, database: Database, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver, ThreadPoolExecutor(3) as pool:
        monkeypatch.setenv("WEBHOOK_GATEWAY", receiver.url)
        settings.get.cache_clear()
        webhooks.add(admin, "https://hooks.example.com/", (webhooks.Event.ALERT_RAISED,))
        several = [StandIn(calm_s=60) for _ in range(3)]
        for now_s in (0.0, 59.0):
            list(pool.map(StandIn.look, several, [now_s] * 3))
        # Workers that are started again are away for a moment, too.
        assert alerts.listing(admin) == ()
        for now_s in (60.0, 75.0):
            list(pool.map(StandIn.look, several, [now_s] * 3))
        (alert,) = alerts.listing(admin)
        assert (alert.rule, alert.resolved_at) == ("no_worker", None)
        assert [mail["Subject"] for mail in server.mails] == ["ProspectPro: Problem: No worker runs"]
        assert [message.told()["data"]["rule"] for message in receiver.received()] == ["no_worker"]
    # A worker goes on with it, and the web servers have nothing to do any more.
    change(database.superuser_url, "update alerts set seen_at = now() - interval '6 minutes'")
    looked(database)
    assert alerts.listing(admin)[0].resolved_at is not None
    change(database.superuser_url, "update duties set due_at = now() where name = 'alerts'")
    several[0].look(1000.0)
    assert len(alerts.listing(admin)) == 1


def test_a_web_server_looks_for_workers_all_the_time_also_after_the_database_was_away(
    admin: Person, database: Database, server: MailServer
) -> None:
    change(database.superuser_url, "alter table workers rename to workers_away")
    with standing_in.watching(look_s=0.01, calm_s=0):
        change(database.superuser_url, "alter table workers_away rename to workers")
        eventually(lambda: len(server.mails) == 1, "the mail")
