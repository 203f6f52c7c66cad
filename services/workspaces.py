"""The workspaces of a person: which there are, working in another one, and finding the one a campaign is in."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.errors import Conflict, NotFound
from services.identity import Person
from services.roles import MemberRole, lesser
from store import campaigns, users
from store.database import Connection, Role, transaction
from store.users import Workspace as Workspace


def mine(person: Person) -> tuple[Workspace, ...]:
    """Those the person belongs to, by name; names that are the same are told apart by a number."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        rows = users.workspaces(conn)
    seen: dict[str, int] = {}
    named = []
    for row in rows:
        seen[row.name] = seen.get(row.name, 0) + 1
        is_another = seen[row.name] > 1
        named.append(replace(row, name=f"{row.name} ({seen[row.name]})") if is_another else row)
    return tuple(named)


def switch(person: Person, workspace_id: UUID) -> None:
    """From now on the person's session works in another workspace. Raises NotFound when it is none of theirs."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        _switch(conn, workspace_id)


def of_campaign(person: Person, campaign_id: UUID) -> Workspace | None:
    """The workspace of the person's that a campaign is in; None when it is in none of them or gone."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        home = campaigns.workspace_of(conn, campaign_id)
        return next((each for each in users.workspaces(conn) if each.id == home), None)


def at_work_in(person: Person, name: str) -> Person:
    """The person in their workspace of this name, whatever its letter case; for a command, which ends before they look
    elsewhere. Raises NotFound, and Conflict when several are called that."""
    wanted = name.strip().casefold()
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = [each for each in users.workspaces(conn) if each.name.casefold() == wanted]
        if not found:
            raise NotFound(f"You are in no workspace called “{name}”.")
        if len(found) > 1:
            raise Conflict(f"You are in several workspaces called “{name}”. Have one of them renamed.")
        if found[0].id == person.workspace_id:
            return person
        _switch(conn, found[0].id)
        who = users.who(conn)
    if who is None:
        raise NotFound("You are not in this workspace any more.")
    role = lesser(MemberRole(who.role), who.most)
    return replace(person, workspace_id=who.workspace_id, workspace_name=who.workspace_name, role=role)


def _switch(conn: Connection, workspace_id: UUID) -> None:
    if not users.switch_workspace(conn, workspace_id):
        raise NotFound("You are not in this workspace any more.")
