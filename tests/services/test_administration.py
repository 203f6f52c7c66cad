"""What administrators do with accounts, and what is noted of everybody's acts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy.exc import ProgrammingError

from jobs import duties
from pipeline.campaign import CampaignStatus
from pipeline.errors import Cancelled
from services import (
    accounts,
    administration,
    auditing,
    campaigns,
    exporting,
    identity,
    invitations,
    spend_sums,
    teams,
)
from services.auditing import AuditWhere
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person, Visitor
from services.results import LeadFilter, LeadSort
from services.roles import MemberRole
from store import audit
from store.database import Role, transaction
from store.ids import new_id
from tests.support.campaigns import PAID, claimed, end, finished, lead, spent, submitted
from tests.support.people import PASSWORD, joins, person, signed_in
from tests.support.servers import Database, change, rows


@dataclass(frozen=True)
class Office:
    boss: Person
    sales: Person
    heir: Person
    database: Database


@pytest.fixture
def office(keys: None, database: Database) -> Office:
    return Office(
        boss=person("boss", is_admin=True), sales=person("sales"), heir=person("heir"), database=database
    )


def test_a_disabled_account_is_out_and_its_campaigns_stop(office: Office) -> None:
    token = signed_in("sales")
    waiting, running = submitted(office.sales), submitted(office.sales)
    lease = claimed(office.sales, running)
    joins(office.database, office.heir, office.sales, MemberRole.VIEWER)
    link = invitations.invite(office.sales, "new@example.com", MemberRole.MEMBER).link.partition("key=")[2]
    administration.disable(office.boss, office.sales.id)
    assert identity.who_is(token) is None
    with pytest.raises(Invalid):
        identity.sign_in("sales@example.com", PASSWORD, Visitor())
    with pytest.raises(NotFound):
        invitations.offer(link)
    looking = teams_view(office)
    assert campaigns.get(looking, waiting).status is CampaignStatus.CANCELLED
    assert campaigns.get(looking, running).cancel_requested
    with pytest.raises(Cancelled):
        spent(lease, "late.test", 1)
    administration.enable(office.boss, office.sales.id)
    assert identity.who_is(token) is None, "an ended session stays ended"
    assert identity.sign_in("sales@example.com", PASSWORD, Visitor())


def teams_view(office: Office) -> Person:
    """The heir, looking on in the workspace of sales."""
    return replace(office.heir, workspace_id=office.sales.workspace_id, role=MemberRole.VIEWER)


def test_a_deleted_account_leaves_its_workspaces_and_books_to_an_heir(office: Office) -> None:
    lease = claimed(office.sales, submitted(office.sales, PAID))
    spent(lease, "known.test", 20_000)
    end(lease)
    everybody = spend_sums.everybody(office.boss, "user").total
    for heir in (None, office.sales.id, new_id()):
        with pytest.raises(Conflict, match="Choose whose the workspaces"):
            administration.delete(office.boss, office.sales.id, heir)
    administration.delete(office.boss, office.sales.id, office.heir.id)
    view = teams_view(office)
    assert campaigns.get(view, lease.campaign_id).spent_micros == 20_000
    assert spend_sums.summary(view, "provider").total.cost_micros == 20_000
    after = spend_sums.everybody(office.boss, "user")
    assert after.total == everybody
    assert [row.group.rpartition(" ")[0] for row in after.rows] == ["deleted account"]
    assert [each.role for each in teams.team(view).members] == [MemberRole.OWNER]
    assert "sales@example.com" not in {row.email for row in administration.listing(office.boss).rows}
    with pytest.raises(NotFound):
        identity.named("sales@example.com")
    # The address is free again, and nothing of before comes back with it.
    again = person("sales")
    assert campaigns.list_mine(again).total == 0


def test_an_account_in_whose_workspace_nothing_is_needs_no_heir(office: Office) -> None:
    administration.delete(office.boss, office.sales.id, None)
    left = rows(office.database.superuser_url, "select name from workspaces order by name")
    assert left == [("boss@example.com",), ("heir@example.com",)]


def test_what_administrators_may_not_do(office: Office) -> None:
    acts: tuple[tuple[Callable[[], None], type[Exception], str], ...] = (
        (lambda: administration.disable(office.boss, office.boss.id), Conflict, "their own account"),
        (
            lambda: administration.delete(office.boss, office.boss.id, office.heir.id),
            Conflict,
            "their own account",
        ),
        (
            lambda: administration.set_admin(office.boss, office.boss.id, wanted=False),
            Conflict,
            "the last administrator",
        ),
        (lambda: administration.disable(office.boss, new_id()), NotFound, "can't find that account"),
        (
            lambda: accounts.create_for(office.boss, "sales@example.com", PASSWORD, is_admin=False),
            Conflict,
            "already has an account",
        ),
    )
    for act, kind, match in acts:
        with pytest.raises(kind, match=match):
            act()
    administration.set_admin(office.boss, office.heir.id, wanted=True)
    administration.disable(office.boss, office.heir.id)
    with pytest.raises(Conflict, match="the last administrator"):
        administration.set_admin(office.boss, office.boss.id, wanted=False)
    administration.enable(office.boss, office.heir.id)
    administration.set_admin(office.boss, office.boss.id, wanted=False)
    assert identity.named("heir@example.com").is_admin


def test_accounts_are_found_and_come_in_pages(office: Office) -> None:
    found = administration.listing(office.boss, "SAL")
    assert [row.email for row in found.rows] == ["sales@example.com"]
    first = administration.listing(office.boss, limit=2)
    rest = administration.listing(office.boss, cursor=first.next_cursor, limit=2)
    assert [row.email.partition("@")[0] for row in (*first.rows, *rest.rows)] == ["heir", "sales", "boss"]
    assert rest.next_cursor is None
    assert administration.listing(office.boss, "\x00%_").rows == ()


def test_what_leaves_for_good_is_noted_whoever_does_it(office: Office) -> None:
    done = finished(office.sales, [lead(1), lead(2)])
    exporting.export(office.sales, done, LeadFilter(), LeadSort.CONFIDENCE, "csv")
    campaigns.delete(office.sales, done)
    signed_in("sales")
    with pytest.raises(Invalid):
        identity.sign_in("sales@example.com", "a wrong password", Visitor())
    administration.set_admin(office.boss, office.heir.id, wanted=True)
    noted = auditing.listing(office.boss, AuditWhere()).rows
    assert [(row.action, row.actor, auditing.detail_of(row)) for row in noted[:2]] == [
        ("administrator_made", "boss@example.com", ""),
        ("sign_in_failed", "sales@example.com", "ip: unknown"),
    ]
    theirs = auditing.listing(office.boss, AuditWhere(person="SALES@")).rows
    assert [row.action for row in theirs] == [
        "sign_in_failed",
        "signed_in",
        "campaign_deleted",
        "leads_exported",
        "account_created",
    ]
    assert auditing.detail_of(theirs[3]) == "format: csv, leads: 2"
    only = auditing.listing(office.boss, AuditWhere(action="leads_exported"))
    assert [row.target_id for row in only.rows] == [done]
    text = auditing.as_csv(office.boss, AuditWhere(action="administrator_made")).data.decode("utf-8-sig")
    assert list(csv.reader(text.splitlines()))[1][1:4] == [
        "administrator_made",
        "boss@example.com",
        "heir@example.com",
    ]


def test_notes_come_in_pages_and_go_with_time(office: Office) -> None:
    change(
        office.database.superuser_url,
        "insert into audit_log (actor_id, action, at)"
        f" select '{office.boss.id}', 'job_retried', now() - n * interval '5 days' from generate_series(1, 120) n",
    )
    seen, cursor = [], None
    while True:
        page = auditing.listing(office.boss, AuditWhere(action="job_retried"), cursor)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 120
    assert auditing.listing(office.boss, AuditWhere(), "not a cursor").rows
    said = "\n".join(duties.run_all())
    assert "Notes of who did what that are too old: 48 removed." in said
    for role in (Role.WEB, Role.ADMIN):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(role, proof=office.boss.proof) as conn,
        ):
            audit.forget(conn, 1)
