"""When a person gets mails is theirs to choose, and theirs alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

import settings
from pipeline.output.ending_mail import MailWhen
from services import notifying
from services.identity import Person
from store.database import Role, transaction
from tests.support.people import person
from tests.support.servers import Database


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def test_a_choice_is_kept_and_is_nobody_elses(owner: Person) -> None:
    other = person("other")
    assert notifying.wish(owner) is MailWhen.ALL
    for when in (MailWhen.NEVER, MailWhen.PROBLEMS):
        notifying.choose(owner, when)
        assert notifying.wish(owner) is when
    assert notifying.wish(other) is MailWhen.ALL


def test_nobody_chooses_for_somebody_else_or_changes_more_than_this(owner: Person) -> None:
    other = person("other")
    with transaction(Role.WEB, proof=owner.proof) as conn:
        changed = conn.execute(
            sa.text("update users set mail_when = 'never' where id = :other"), {"other": other.id}
        )
        assert changed.rowcount == 0
    for column in ("is_admin = true", "email = 'x@example.com'", "disabled_at = null"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(Role.WEB, proof=owner.proof) as conn,
        ):
            conn.execute(sa.text(f"update users set {column}"))
    assert notifying.wish(other) is MailWhen.ALL


def test_the_system_role_reads_no_accounts(owner: Person) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(Role.SYSTEM) as conn:
        conn.execute(sa.text("select email from users"))
    # A worker sorts a file by who owns a lead: it reads the people of that workspace, and else nobody.
    with transaction(Role.WORKER) as conn:
        assert conn.execute(sa.text("select email from users")).all() == []
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(Role.WORKER) as conn:
        conn.execute(sa.text("select password_hash from users"))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(Role.WEB) as conn:
        conn.execute(sa.text("select * from outbox_claim_mail(1, 24)"))


def test_whether_mails_are_on(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not notifying.are_on()
    monkeypatch.setenv("SMTP_HOST", "smtp.example.com")
    monkeypatch.setenv("MAIL_FROM", "mail@example.com")
    settings.get.cache_clear()
    assert notifying.are_on()
