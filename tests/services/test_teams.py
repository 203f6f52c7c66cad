"""A workspace as a team: who may change what about its people, asked of the services and of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import psycopg2
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from services import campaigns, identity, teams
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from services.identity import Person
from services.roles import MemberRole
from store.database import Role, transaction
from tests.support.campaigns import PAID, claimed, end, finished, lead, spent, submitted
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows

OWNER, ADMIN, MEMBER, VIEWER = MemberRole.OWNER, MemberRole.ADMIN, MemberRole.MEMBER, MemberRole.VIEWER


@dataclass(frozen=True)
class Crew:
    """One person in each role of the owner's workspace, a second admin, and a stranger."""

    owner: Person
    admin: Person
    second: Person
    member: Person
    viewer: Person
    stranger: Person
    database: Database

    def roles(self) -> dict[str, str]:
        """Who is in the workspace by now, as the database has it."""
        found = rows(
            self.database.superuser_url,
            "select u.email, m.role from memberships m join users u on u.id = m.user_id"
            f" where m.workspace_id = '{self.owner.workspace_id}'",
        )
        return {str(email).partition("@")[0]: str(role) for email, role in found}


@pytest.fixture
def crew(keys: None, database: Database) -> Crew:
    owner = person("owner")

    def with_role(mailbox: str, role: MemberRole) -> Person:
        return joins(database, person(mailbox), owner, role)

    return Crew(
        owner=owner,
        admin=with_role("admin", ADMIN),
        second=with_role("second", ADMIN),
        member=with_role("member", MEMBER),
        viewer=with_role("viewer", VIEWER),
        stranger=person("stranger"),
        database=database,
    )


def noted(crew: Crew) -> list[tuple[str, ...]]:
    """What the audit log says of the team: action, actor, target, detail."""
    found = rows(
        crew.database.superuser_url,
        "select action, actor_id, target_id, detail::text from audit_log"
        " where action <> 'account_created' and action not like 'sign%' order by id",
    )
    return [tuple(map(str, row)) for row in found]


def asked(who: Person, statement: str, **values: object) -> object:
    """What a statement written by hand answers on our own connection."""
    with transaction(Role.WEB, proof=who.proof) as conn:
        return conn.execute(sa.text(statement), values).scalar_one()


def test_who_may_change_whose_role(crew: Crew) -> None:
    """Every pair of people and every role, written by hand: what the database lets through is what is meant to."""
    people = {
        name: getattr(crew, name) for name in ("owner", "admin", "second", "member", "viewer", "stranger")
    }
    before, done = crew.roles(), set()
    for asker, asking in people.items():
        for target, other in people.items():
            for role in MemberRole:
                came_to = asked(
                    asking,
                    "select team_set_role(:workspace, :member, :role)",
                    workspace=crew.owner.workspace_id,
                    member=other.id,
                    role=role.value,
                )
                if came_to == "done":
                    done.add((asker, target, role))
                    change(
                        crew.database.superuser_url,
                        f"update memberships set role = '{before[target]}' where user_id = '{other.id}'"
                        f" and workspace_id = '{crew.owner.workspace_id}'",
                    )
    assert crew.roles() == before
    others = {"owner": ("admin", "second", "member", "viewer"), "admin": ("second", "member", "viewer")}
    others["second"] = ("admin", "member", "viewer")
    assert done == {
        (asker, target, role)
        for asker, targets in others.items()
        for target in targets
        for role in (VIEWER, MEMBER, ADMIN)
    }


REFUSED: dict[str, tuple[Callable[[Crew], None], type[Refused]]] = {
    "a member raises their own role": (
        lambda crew: teams.set_role(crew.member, crew.member.id, ADMIN),
        NotAllowed,
    ),
    "an admin changes their own role": (
        lambda crew: teams.set_role(crew.admin, crew.admin.id, VIEWER),
        Conflict,
    ),
    "an admin changes the owner": (lambda crew: teams.set_role(crew.admin, crew.owner.id, VIEWER), Conflict),
    "an admin makes an owner": (lambda crew: teams.set_role(crew.admin, crew.member.id, OWNER), Invalid),
    "an admin removes the owner": (lambda crew: teams.remove(crew.admin, crew.owner.id), Conflict),
    "an admin hands over": (lambda crew: teams.hand_over(crew.admin, crew.admin.id), NotAllowed),
    "an owner hands over to a stranger": (
        lambda crew: teams.hand_over(crew.owner, crew.stranger.id),
        NotFound,
    ),
    "an owner hands over to themselves": (lambda crew: teams.hand_over(crew.owner, crew.owner.id), Conflict),
    "an owner leaves": (lambda crew: teams.leave(crew.owner), Conflict),
    "a viewer removes somebody": (lambda crew: teams.remove(crew.viewer, crew.member.id), NotAllowed),
    "a member renames": (lambda crew: teams.rename(crew.member, "Mine"), NotAllowed),
    "a stranger is removed": (lambda crew: teams.remove(crew.owner, crew.stranger.id), NotFound),
    "an empty name": (lambda crew: teams.rename(crew.owner, " \x00 "), Invalid),
    "a long name": (lambda crew: teams.rename(crew.owner, "x" * 101), Invalid),
    "a name with what nobody sees": (lambda crew: teams.rename(crew.owner, "a\u202eb"), Invalid),
}


def test_what_is_refused_changes_nothing(crew: Crew) -> None:
    before = crew.roles()
    for name, (act, kind) in REFUSED.items():
        with pytest.raises(Refused) as refused:
            act(crew)
        assert type(refused.value) is kind, name
        assert crew.roles() == before, name
    assert noted(crew) == []


def test_somebody_the_service_takes_for_an_admin_is_refused_by_the_database(crew: Crew) -> None:
    pretender = replace(crew.member, role=OWNER)
    guest = replace(crew.stranger, workspace_id=crew.owner.workspace_id)
    acts: tuple[Callable[[], None], ...] = (
        lambda: teams.set_role(pretender, crew.viewer.id, ADMIN),
        lambda: teams.remove(pretender, crew.viewer.id),
        lambda: teams.hand_over(pretender, crew.member.id),
        lambda: teams.rename(pretender, "Mine"),
        lambda: teams.set_role(guest, crew.viewer.id, ADMIN),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert teams.team(guest).members == ()


def test_the_web_role_writes_no_memberships(crew: Crew) -> None:
    for statement in (
        "update memberships set role = 'owner'",
        "insert into memberships (workspace_id, user_id, role)"
        " values (gen_random_uuid(), gen_random_uuid(), 'owner')",
        "delete from memberships",
        "update workspaces set name = 'mine'",
        "select team_take_out(gen_random_uuid(), gen_random_uuid())",
        "select team_rank(gen_random_uuid())",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            asked(crew.owner, statement)


def test_a_workspace_has_exactly_one_owner_whoever_writes(crew: Crew) -> None:
    for statement, match in (
        ("update memberships set role = 'admin' where role = 'owner'", "exactly one owner"),
        ("delete from memberships where role = 'owner'", "exactly one owner"),
        ("delete from users", "exactly one owner"),
        ("update memberships set role = 'owner'", "memberships_one_owner"),
    ):
        with pytest.raises(psycopg2.IntegrityError, match=match):
            change(crew.database.superuser_url, statement)


def test_handing_over_leaves_the_former_owner_as_an_admin_who_may_then_leave(crew: Crew) -> None:
    teams.hand_over(crew.owner, crew.member.id)
    assert crew.roles() | {"owner": "admin", "member": "owner"} == crew.roles()
    former = identity.named("owner@example.com")
    assert former.role is ADMIN
    teams.leave(former)
    assert "owner" not in crew.roles()
    # Whoever belongs nowhere any more gets a workspace of their own.
    alone = identity.named("owner@example.com")
    assert (alone.workspace_name, alone.role) == ("owner@example.com", OWNER)
    assert alone.workspace_id != crew.owner.workspace_id


def test_what_somebody_ordered_stays_when_they_are_removed(crew: Crew) -> None:
    theirs = finished(crew.member, [lead(1)])
    teams.remove(crew.admin, crew.member.id)
    assert campaigns.get(crew.owner, theirs).lead_count == 1
    left = identity.named("member@example.com")
    assert left.workspace_id != crew.owner.workspace_id
    with pytest.raises(NotFound):
        campaigns.get(crew.member, theirs)


def test_the_team_says_who_was_seen_and_what_each_spent(crew: Crew) -> None:
    for who, cost in ((crew.owner, 10_000), (crew.member, 20_000), (crew.admin, 5_000)):
        lease = claimed(who, submitted(who, PAID))
        spent(lease, f"{who.id}.test", cost)
        end(lease)
    change(
        crew.database.superuser_url,
        "update provider_calls set created_at = created_at - interval '40 days' where cost_micros = 20000",
    )
    teams.remove(crew.owner, crew.admin.id)
    everything = teams.team(crew.owner)
    figures = {each.row.email.partition("@")[0]: each.spent for each in everything.members}
    assert next(iter(figures)) == "owner"
    assert figures["owner"] == teams.Spent(month_micros=10_000, all_micros=10_000)
    assert figures["member"] == teams.Spent(month_micros=0, all_micros=20_000)
    assert everything.formerly == teams.Spent(month_micros=5_000, all_micros=5_000)
    seen = teams.team(crew.viewer)
    assert seen.formerly is None
    assert [each.row.email for each in seen.members if each.spent] == ["viewer@example.com"]
    assert all(each.row.last_seen_at for each in seen.members)
    assert not any(each.can_be_changed for each in seen.members)
    assert {each.row.email for each in teams.team(crew.second).members if each.can_be_changed} == {
        "member@example.com",
        "viewer@example.com",
    }


def test_every_change_of_people_is_noted(crew: Crew) -> None:
    teams.set_role(crew.owner, crew.viewer.id, MEMBER)
    teams.rename(crew.admin, "  Sales   North ")
    teams.remove(crew.admin, crew.viewer.id)
    teams.hand_over(crew.owner, crew.second.id)
    teams.leave(crew.member)
    workspace = str(crew.owner.workspace_id)
    assert noted(crew) == [
        ("role_changed", str(crew.owner.id), str(crew.viewer.id), '{"to": "member", "from": "viewer"}'),
        (
            "workspace_renamed",
            str(crew.admin.id),
            workspace,
            '{"to": "Sales North", "from": "owner@example.com"}',
        ),
        ("member_removed", str(crew.admin.id), str(crew.viewer.id), '{"role": "member"}'),
        ("ownership_handed_over", str(crew.owner.id), str(crew.second.id), "{}"),
        ("member_left", str(crew.member.id), str(crew.member.id), '{"role": "member"}'),
    ]
