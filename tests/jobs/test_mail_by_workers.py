"""Real workers that have mails sent: within seconds, by a process that may hang or die without anybody noticing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

import settings
from pipeline.campaign import CampaignStatus
from services import campaigns
from services.identity import Person
from tests.support.campaigns import SPEC, submitted
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import person
from tests.support.servers import Database, change, rows
from tests.support.worker_pool import worker_pool
from tests.support.workers import eventually, worker

MAILS = "from outbox where kind = 'campaign_ended'"


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def server(owner: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        for name, value in running.settings().items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        yield running


def ended(owner: Person, campaign: UUID) -> CampaignStatus:
    eventually(lambda: campaigns.get(owner, campaign).status.is_final, "the end of the campaign")
    return campaigns.get(owner, campaign).status


def marked(database: Database) -> bool:
    return rows(database.superuser_url, f"select count(*) {MAILS} and sent_at is not null") == [(1,)]


def test_a_campaign_ends_and_one_mail_arrives(
    owner: Person, server: MailServer, database: Database, tmp_path: Path
) -> None:
    with worker_pool(tmp_path, 2) as workers:
        campaign = submitted(owner)
        assert ended(owner, campaign) is CampaignStatus.COMPLETED
        eventually(lambda: marked(database), "the mark")
    (mail,) = server.mails
    # The catalogue of this test is empty.
    assert mail["Subject"] == f"Worth a look: {SPEC.title} – 0 leads"
    assert str(mail["Message-ID"]) == f"<{campaign}.0@prospectpro.example.com>"
    assert "It ended without a fault and yet has no leads." in str(campaigns.get(owner, campaign).suspicion)
    assert rows(database.superuser_url, f"select tries, error {MAILS}") == [(1, None)]
    assert "Traceback" not in workers.said()


@pytest.mark.parametrize("who", ["self", "both"])
def test_a_sender_that_dies_before_the_mark_sends_the_same_mail_again(
    owner: Person, server: MailServer, database: Database, tmp_path: Path, who: str
) -> None:
    mark = tmp_path / "mark"
    with worker_pool(tmp_path, 1, CRASH_AT=f"mail.sent:1:{who}:{mark}"):
        ended(owner, submitted(owner))
        eventually(mark.exists, "the death of the sender")
        assert not marked(database)
        # Nobody takes it for two minutes, which are over now.
        change(database.superuser_url, "update outbox set due_at = now() where kind = 'campaign_ended'")
        eventually(lambda: marked(database), "the mark")
    assert len(server.mails) == 2
    assert len({str(mail["Message-ID"]) for mail in server.mails}) == 1
    assert rows(database.superuser_url, f"select tries {MAILS}") == [(2,)]


def test_a_mail_server_that_hangs_holds_up_no_campaign_and_no_heartbeat(
    owner: Person, server: MailServer, database: Database, tmp_path: Path
) -> None:
    server.answers["DATA"] = None
    with worker(tmp_path) as running:
        ended(owner, submitted(owner))
        server.wait_for("DATA")
        ((seen,),) = rows(database.superuser_url, "select seen_at from workers")
        other = campaigns.submit(owner, SPEC.model_copy(update={"location": "Turku"}), "another")
        assert ended(owner, other) is CampaignStatus.COMPLETED
        eventually(
            lambda: rows(database.superuser_url, "select seen_at from workers") > [(seen,)],
            "another heartbeat",
        )
        assert running.process.poll() is None
        server.answers = {}
        change(database.superuser_url, "update outbox set due_at = now()")
        eventually(
            lambda: len({mail["Message-ID"] for mail in server.mails}) == 2,
            "both mails, the hanging one again",
        )
