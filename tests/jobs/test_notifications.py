"""Mails about ended campaigns: once for each end, later when the server is away, never what nobody wants."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import UUID

import pytest

import settings
from jobs import duties, notifications
from pipeline.campaign import CampaignStatus
from pipeline.output.ending_mail import MailWhen
from services import campaigns, notifying, operations
from services.identity import Person
from store import mails, retention
from store.database import Role, transaction
from tests.support.campaigns import claimed, end, finished, lead, store_leads, submitted
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import person
from tests.support.servers import Database, change, rows
from tests.support.terminal import manage


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def server(owner: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        use(running.settings(), monkeypatch)
        yield running


def use(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**environment, "PUBLIC_URL": "https://prospectpro.example.com/"}.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()


def nowhere() -> dict[str, str]:
    """A mail server that is down."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = str(listener.getsockname()[1])
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": port,
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "a@example.com",
    }


def send() -> list[str]:
    return [line.partition(": ")[2] for line in notifications.send_due()]


def failed(owner: Person, status: CampaignStatus = CampaignStatus.PARTIAL) -> UUID:
    lease = claimed(owner, submitted(owner))
    store_leads(lease, [lead(1)])
    end(lease, status)
    return lease.campaign_id


def promises(database: Database, columns: str) -> list[tuple[object, ...]]:
    query = f"select {columns} from outbox where kind = 'campaign_ended' order by created_at"
    return rows(database.superuser_url, query)


def make_due(database: Database) -> None:
    change(database.superuser_url, "update outbox set due_at = now() where sent_at is null")


def test_an_end_is_told_once_with_its_figures_and_a_link(
    owner: Person, server: MailServer, database: Database
) -> None:
    campaign = finished(owner, [lead(1, email="info@cafe.example.com"), lead(2)])
    assert notifications.are_due()
    assert send() == ["sent."]
    assert send() == []
    assert not notifications.are_due()
    (mail,) = server.mails
    assert mail["To"] == "owner@example.com"
    assert mail["Subject"] == "Complete: cafe in Helsinki – 2 leads"
    assert str(mail["Message-ID"]) == f"<{campaign}.0@prospectpro.example.com>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "With an e-mail  1\n" in body.get_content().replace("\r\n", "\n")
    assert f"https://prospectpro.example.com/progress?campaign={campaign}" in body.get_content()
    make_due(database)
    assert send() == []
    assert promises(database, "sent_at is not null, dropped_at is null, error, tries") == [
        (True, True, None, 1)
    ]


def test_a_campaign_that_goes_on_is_told_about_at_its_next_end(
    owner: Person, server: MailServer, database: Database
) -> None:
    campaign = failed(owner, CampaignStatus.FAILED)
    admin = person("admin", is_admin=True)
    operations.retry(admin, operations.jobs(admin).rows[0].job_id)
    assert send() == ["nobody is to be told."]
    campaigns.cancel(owner, campaign)
    assert send() == ["nobody is to be told."]
    assert server.mails == []
    assert promises(database, "sent_at is null, dropped_at is not null") == [(True, True)] * 2


def test_a_deleted_campaign_and_a_closed_account_are_not_written_about(
    owner: Person, server: MailServer, database: Database
) -> None:
    campaigns.delete(owner, failed(owner))
    failed(person("gone"))
    change(database.superuser_url, "update users set disabled_at = now() where email = 'gone@example.com'")
    assert send() == ["nobody is to be told."] * 2
    assert server.mails == []


@pytest.mark.parametrize(("wish", "subjects"), [
    (MailWhen.ALL, ["Complete", "Ended early", "Failed", "Worth a look"]),
    (MailWhen.PROBLEMS, ["Ended early", "Failed", "Worth a look"]),
    (MailWhen.NEVER, []),
])  # fmt: skip
def test_each_person_gets_what_they_want(
    owner: Person, server: MailServer, wish: MailWhen, subjects: list[str]
) -> None:
    notifying.choose(owner, wish)
    finished(owner, [lead(1)])
    finished(owner, [])
    failed(owner, CampaignStatus.PARTIAL)
    failed(owner, CampaignStatus.FAILED)
    campaigns.cancel(owner, submitted(owner))
    send()
    assert sorted(str(mail["Subject"]).partition(":")[0] for mail in server.mails) == subjects


def test_a_server_that_is_down_is_asked_once_for_all_and_later_again(
    owner: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(nowhere(), monkeypatch)
    first, second = failed(owner), failed(owner)
    assert send() == ["The mail server does not answer (ConnectionRefusedError)."]
    assert not notifications.are_due()
    assert send() == []
    assert promises(database, "tries, error, sent_at, dropped_at") == [
        (1, "The mail server does not answer (ConnectionRefusedError).", None, None),
        (0, None, None, None),
    ]
    make_due(database)
    assert len(send()) == 1
    assert promises(database, "tries, due_at > now()") == [(2, True), (0, True)]
    assert {campaigns.get(owner, campaign).status for campaign in (first, second)} == {CampaignStatus.PARTIAL}
    with mail_server() as server:
        use(server.settings(), monkeypatch)
        make_due(database)
        assert send() == ["sent.", "sent."]
    assert len(server.mails) == 2
    assert promises(database, "error, sent_at is not null") == [(None, True)] * 2


def test_waiting_times_grow_up_to_an_hour() -> None:
    waits = [mails.wait_s(tries) for tries in range(1, 40)]
    assert waits[:4] == [30, 60, 120, 240]
    assert waits == sorted(waits)
    assert waits[-1] == 3600


def test_a_mailbox_that_is_busy_waits_and_one_that_is_unknown_is_given_up_while_others_get_theirs(
    owner: Person, server: MailServer, database: Database
) -> None:
    server.answers = {
        "RCPT busy@example.com": "450 busy",
        "RCPT unknown@example.com": "550 unknown",
    }
    for mailbox in ("busy", "unknown"):
        failed(person(mailbox))
    failed(owner)
    assert send() == ["The mailbox was refused (450).", "The mailbox was refused (550).", "sent."]
    make_due(database)
    assert send() == ["The mailbox was refused (450)."]
    assert promises(database, "tries, error, dropped_at is not null, sent_at is not null") == [
        (2, "The mailbox was refused (450).", False, False),
        (1, "The mailbox was refused (550).", True, False),
        (1, None, False, True),
    ]
    server.answers = {}
    make_due(database)
    assert send() == ["sent."]
    assert [mail["To"] for mail in server.mails] == ["owner@example.com", "busy@example.com"]


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("no address", "The address of the account cannot be written to."),
        ("a@example.com, b@example.com", "The address of the account cannot be written to."),
        ("owner@example.com\nBcc: b@example.com", "The address of the account cannot be written to."),
        ("käyttäjä@example.com", "The mail server cannot write to an address with these letters."),
    ],
)
def test_an_address_that_cannot_be_written_to_is_given_up_and_others_get_theirs(
    owner: Person, server: MailServer, database: Database, stored: str, said: str
) -> None:
    failed(owner)
    failed(person("another"))
    change(database.superuser_url, f"update users set email = '{stored}' where id = '{owner.id}'")
    assert send() == [said, "sent."]
    assert [mail["To"] for mail in server.mails] == ["another@example.com"]


def test_a_domain_in_other_letters_is_written_as_mail_servers_know_it(
    owner: Person, server: MailServer, database: Database
) -> None:
    failed(owner)
    change(database.superuser_url, "update users set email = 'owner@kahvila-äiti.example.com'")
    assert send() == ["sent."]
    assert [mail["To"] for mail in server.mails] == ["owner@xn--kahvila-iti-s8a.example.com"]


def test_many_senders_at_once_send_each_mail_once(owner: Person, server: MailServer) -> None:
    told = [str(failed(owner)) for _ in range(8)]
    with ThreadPoolExecutor(4) as threads:
        said = [line for lines in threads.map(lambda _: send(), range(4)) for line in lines]
    assert said == ["sent."] * 8
    assert sorted(str(mail["Message-ID"]).partition(".")[0].lstrip("<") for mail in server.mails) == told


def test_no_transaction_is_open_while_a_mail_is_being_sent(
    owner: Person, server: MailServer, database: Database
) -> None:
    failed(owner)
    server.answers["DATA"] = None
    query = (
        "select count(*) from pg_stat_activity where usename = 'pp_system' and datname = current_database()"
    )
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(send)
        server.wait_for("DATA")
        assert rows(database.superuser_url, query) == [(0,)]
        server.answers = {}
        assert sending.result(30) == ["sent."]


def test_without_a_mail_server_nothing_is_sent_not_even_later(
    owner: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(owner)
    assert not notifying.are_on()
    assert not notifications.are_due()
    with pytest.raises(notifications.MailIsOff, match="SMTP_HOST"):
        send()
    assert "Mails that nobody can send any more: 1 let go." in list(duties.run_all())
    with mail_server() as server:
        use(server.settings(), monkeypatch)
        make_due(database)
        assert not notifications.are_due()
        assert send() == []
    assert promises(database, "dropped_at is not null, error") == [(True, "Mails are switched off.")]


def test_a_mail_that_could_not_be_sent_for_a_day_is_let_go(
    owner: Person, server: MailServer, database: Database
) -> None:
    failed(owner)
    failed(owner)
    change(
        database.superuser_url,
        "update outbox set created_at = now() - interval '25 hours', error = 'It was away.'"
        " where id = (select min(id::text)::uuid from outbox where kind = 'campaign_ended')",
    )
    assert send() == ["sent."]
    assert "Mails that nobody can send any more: 1 let go." in list(duties.run_all())
    assert promises(database, "dropped_at is not null, error") == [
        (True, "Could not be sent within 24 hours. It was away."),
        (False, None),
    ]


def test_messages_that_were_never_sent_are_forgotten_too(owner: Person, database: Database) -> None:
    failed(owner)
    waiting = submitted(owner)
    change(
        database.superuser_url,
        "update outbox set created_at = now() - interval '31 days', sent_at = null",
    )
    with transaction(Role.SYSTEM) as conn:
        retention.forget_old(conn, 30)
    assert rows(database.superuser_url, "select kind from outbox") == [("run_campaign",)] * 2
    assert campaigns.get(owner, waiting).status is CampaignStatus.PENDING


def test_the_password_is_nowhere_even_when_the_server_says_it(
    owner: Person, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failed(owner)
    with mail_server(asks_password=True) as server:
        use({**server.settings(), "SMTP_USER": "somebody", "SMTP_PASSWORD": "canary-password"}, monkeypatch)
        assert send() == ["SMTP_USER and SMTP_PASSWORD were refused (535)."]
        make_due(database)
        run = manage("send-mail")
    assert server.passwords == ["canary-password"] * len(server.passwords)
    assert len(server.passwords) >= 2
    assert "SMTP_PASSWORD were refused (535)" in run.stdout
    everything = [run.stdout, run.stderr, caplog.text, repr(settings.get()), str(rows_of_all(database))]
    assert "mail_failed" in caplog.text
    assert not [text for text in everything if "canary-password" in text]


def rows_of_all(database: Database) -> list[tuple[object, ...]]:
    return [
        row
        for table in ("outbox", "campaigns", "discovery_jobs", "job_events", "provider_status", "audit_log")
        for row in rows(database.superuser_url, f"select * from {table}")
    ]


def test_without_a_mail_server_the_command_says_what_to_set(owner: Person) -> None:
    run = manage("send-mail")
    assert (run.returncode, run.stderr) == (
        1,
        "No mail server is set: an administrator sets one on Providers, or SMTP_HOST and MAIL_FROM name it.\n",
    )
