"""Invitations: made, sent, accepted once by the invited alone, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

import settings
from jobs import notifications
from services import identity, invitations, teams
from services.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from services.identity import Person, Visitor
from services.invitations import AlreadyIn
from services.roles import MemberRole
from store.database import Role, transaction
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import PASSWORD, joins, person
from tests.support.servers import Database, change, rows

NEW = "new@example.com"


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def server(owner: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        for name, value in {**running.settings(), "PUBLIC_URL": "https://prospectpro.example.com/"}.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        yield running


def key(owner: Person, email: str = NEW, role: MemberRole = MemberRole.MEMBER) -> str:
    return invitations.invite(owner, email, role).link.partition("key=")[2]


def test_somebody_without_an_account_joins_with_the_link_and_works_there(owner: Person) -> None:
    link = key(owner)
    assert invitations.offer(link).hint == "n…@example.com"
    token = invitations.join("New@example.com", PASSWORD, link, Visitor()).token
    joined = identity.who_is(token)
    assert joined is not None
    assert (joined.workspace_id, joined.role, joined.is_admin) == (
        owner.workspace_id,
        MemberRole.MEMBER,
        False,
    )
    with pytest.raises(NotFound):
        invitations.join("other@example.com", PASSWORD, link, Visitor())


def test_only_the_invited_account_accepts_and_only_once(owner: Person) -> None:
    invited, other = person("new"), person("other")
    link = key(owner, role=MemberRole.VIEWER)
    with pytest.raises(NotAllowed, match=r"for n…@example.com, and you are signed in as other@example.com"):
        invitations.accept(other, link)
    with pytest.raises(Conflict, match="has an account already"):
        invitations.join(NEW, PASSWORD, link, Visitor())
    invitations.accept(invited, link)
    assert {each.row.email for each in teams.team(owner).members} == {owner.email, NEW}
    with pytest.raises(NotFound, match="cannot be used any more"):
        invitations.accept(invited, link)


def test_who_is_in_already_is_told_so(owner: Person, database: Database) -> None:
    invited = person("new")
    link = key(owner)
    joins(database, invited, owner, MemberRole.VIEWER)
    with pytest.raises(AlreadyIn, match=r"You are in owner@example.com already."):
        invitations.accept(invited, link)
    assert [each.role for each in teams.team(owner).members] == [MemberRole.OWNER, MemberRole.VIEWER]
    with pytest.raises(Conflict, match="in the workspace already"):
        key(owner)


@pytest.mark.parametrize(
    "statement",
    [
        "update invitations set expires_at = now()",
        "update invitations set revoked_at = now()",
        "update memberships set role = 'member' where role = 'admin'",
        "delete from memberships where role = 'admin'",
    ],
)
def test_a_link_ends_with_time_and_with_who_made_it(
    owner: Person, database: Database, statement: str
) -> None:
    admin = joins(database, person("admin"), owner, MemberRole.ADMIN)
    link = key(admin)
    change(database.superuser_url, statement)
    with pytest.raises(NotFound):
        invitations.offer(link)
    with pytest.raises(NotFound):
        invitations.join(NEW, PASSWORD, link, Visitor())
    assert invitations.open_ones(owner) == ()


def test_what_cannot_be_is_refused(owner: Person) -> None:
    for email, role in (("no address", MemberRole.VIEWER), (NEW, MemberRole.OWNER)):
        with pytest.raises(Invalid):
            invitations.invite(owner, email, role)
    link = key(owner)
    for email, password in (
        ("someone@example.com", PASSWORD),
        ("nobody@example.com", PASSWORD),
        (NEW, "short"),
    ):
        with pytest.raises(Invalid):
            invitations.join(email, password, link, Visitor())
    for made_up in ("", "x", "\x00", "\ud800", "' or 1=1"):
        with pytest.raises(NotFound):
            invitations.offer(made_up)
    assert invitations.offer(link)


def test_the_database_asks_again(owner: Person, database: Database) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    link = key(owner)
    with transaction(Role.WEB, proof=member.proof) as conn:
        statement = sa.text(
            "select team_invite(:workspace, gen_random_uuid(), 'me@example.com', 'admin', 'x', false)"
        )
        assert conn.execute(statement, {"workspace": owner.workspace_id}).scalar_one() == "refused"
        assert conn.execute(sa.text("select count(*) from invitations")).scalar_one() == 0
    for forbidden in (
        "select token_hash from invitations",
        "update invitations set role = 'admin'",
        "select invitation_take('x', gen_random_uuid())",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(Role.WEB, proof=owner.proof) as conn,
        ):
            conn.execute(sa.text(forbidden))
    (kept,) = rows(database.superuser_url, "select to_jsonb(i)::text from invitations i")
    assert link not in str(kept)
    assert [row.email for row in invitations.open_ones(owner)] == [NEW]


def test_inviting_again_ends_the_earlier_link_and_many_are_too_many(
    owner: Person, database: Database
) -> None:
    first = key(owner)
    second = key(owner, "NEW@example.com")
    with pytest.raises(NotFound):
        invitations.offer(first)
    invitations.revoke(owner, invitations.open_ones(owner)[0].id)
    with pytest.raises(NotFound):
        invitations.offer(second)
    with pytest.raises(NotFound):
        invitations.revoke(owner, UUID(int=1))
    for number in range(18):
        key(owner, f"new{number}@example.com")
    with pytest.raises(TooMany):
        key(owner, "one-more@example.com")
    change(database.superuser_url, "update invitations set created_at = created_at - interval '2 hours'")
    key(owner, "one-more@example.com")


def test_an_invitation_goes_out_by_mail_once_and_waits_while_the_server_is_away(
    owner: Person, server: MailServer, database: Database
) -> None:
    teams.rename(owner, "Sales\u00a0& <b>more</b>")
    server.answers["MAIL"] = "451 later"
    made = invitations.invite(owner, NEW, MemberRole.ADMIN, by_mail=True)
    assert made.is_mailed
    assert notifications.are_due()
    assert [line.partition(": ")[2] for line in notifications.send_due()] == [
        "The sender in MAIL_FROM was refused (451)."
    ]
    assert not notifications.are_due()
    assert invitations.open_ones(owner)[0].mail_error
    server.answers = {}
    change(database.superuser_url, "update invitations set mail_due_at = now()")
    assert [line.partition(": ")[2] for line in notifications.send_due()] == ["sent."]
    assert list(notifications.send_due()) == []
    assert invitations.open_ones(owner)[0].mailed_at
    (mail,) = server.mails
    assert mail["To"] == NEW
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert f"Accept: {made.link}" in text.get_content()
    assert (
        "owner@example.com invites you to the workspace “Sales & <b>more</b>” on ProspectPro, as an admin."
        in text.get_content()
    )
    assert "&lt;b&gt;more" in html.get_content()


def test_a_mail_is_not_sent_for_a_link_that_is_taken_back(owner: Person, server: MailServer) -> None:
    invitations.invite(owner, NEW, MemberRole.ADMIN, by_mail=True)
    invitations.revoke(owner, invitations.open_ones(owner)[0].id)
    assert list(notifications.send_due()) == []
    assert server.mails == []
