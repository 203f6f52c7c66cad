"""The people of the workspace, invitations to it, and the keys programs have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.v1 import answers
from api.v1.bodies import Body
from api.v1.door import Asking
from services import api_keys, invitations, teams
from services.api_keys import Scope
from services.plan_facts import usd
from services.plan_model import Usd
from services.roles import MemberRole

team = APIRouter(tags=["team"])
keys = APIRouter(prefix="/keys", tags=["keys"])
_ID = "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e94"
_MEMBER: dict[str, Any] = {
    "id": _ID,
    "email": "sales@example.com",
    "role": "member",
    "joined_at": "2026-11-01T09:00:00Z",
    "last_seen_at": None,
    "is_disabled": False,
    "is_you": True,
    "month_usd": "1.20",
    "all_usd": "9.80",
}
_INVITED: dict[str, Any] = {
    "id": _ID,
    "email": "new@example.com",
    "role": "member",
    "inviter": "sales@example.com",
    "created_at": "2026-11-27T09:00:00Z",
    "expires_at": "2026-12-04T09:00:00Z",
}
_KEY: dict[str, Any] = {
    "id": _ID,
    "name": "Nightly import",
    "email": "sales@example.com",
    "is_own": True,
    "scope": "submit",
    "created_at": "2026-11-01T09:00:00Z",
    "expires_at": "2027-01-30T09:00:00Z",
    "last_used_at": "2026-11-27T09:00:00Z",
    "is_expired": False,
}


class Member(BaseModel):
    """Somebody in the workspace; what others spend is null for who may not see it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MEMBER]})

    id: UUID
    email: str
    role: MemberRole
    joined_at: datetime
    last_seen_at: datetime | None
    is_disabled: bool
    is_you: bool
    month_usd: Usd | None
    all_usd: Usd | None


class Members(BaseModel):
    """The people of the workspace, the owner first."""

    items: tuple[Member, ...]


class NewRole(Body):
    """Another role."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "viewer"}]})

    role: MemberRole


class Invitation(BaseModel):
    """One that can still be accepted."""

    model_config = ConfigDict(json_schema_extra={"examples": [_INVITED]})

    id: UUID
    email: str
    role: MemberRole
    inviter: str | None
    created_at: datetime
    expires_at: datetime


class Invitations(BaseModel):
    """Those that can still be accepted."""

    items: tuple[Invitation, ...]


class NewInvitation(Body):
    """Whom to invite, as what, and whether to send a mail where mails are on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "new@example.com", "role": "member"}]}
    )

    email: Annotated[str, Field(min_length=3, max_length=320)]
    role: MemberRole = MemberRole.MEMBER
    by_mail: bool = False


class Invited(BaseModel):
    """An invitation just made; the link is told this once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "email": "new@example.com",
                    "link": "https://leads.example.com/invitation?key=…",
                    "is_mailed": False,
                }
            ]
        }
    )

    email: str
    link: str
    is_mailed: bool


class Key(BaseModel):
    """A key, without what it opens by."""

    model_config = ConfigDict(json_schema_extra={"examples": [_KEY]})

    id: UUID
    name: str
    email: str
    is_own: bool
    scope: Scope
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    is_expired: bool


class Keys(BaseModel):
    """Keys to the workspace, newest first."""

    items: tuple[Key, ...]


@team.get("/team", summary="List people")
def members(person: Asking) -> Members:
    """Who is in the workspace."""
    return Members(items=tuple(map(_member, teams.team(person).members)))


@team.patch("/team/{user_id}", summary="Change a role", status_code=204, responses=answers.problems(404, 409))
def set_role(person: Asking, user_id: UUID, new: NewRole) -> None:
    """Needs `admin`, of an admin or the owner of the workspace."""
    teams.set_role(person, user_id, new.role)


@team.delete(
    "/team/{user_id}", summary="Remove somebody", status_code=204, responses=answers.problems(404, 409)
)
def remove(person: Asking, user_id: UUID) -> None:
    """Their campaigns stay. Needs `admin`, of an admin or the owner of the workspace."""
    teams.remove(person, user_id)


@team.get("/invitations", summary="List invitations")
def open_ones(person: Asking) -> Invitations:
    """Needs `admin`, of an admin or the owner of the workspace."""
    same = ("id", "email", "role", "inviter", "created_at", "expires_at")
    rows = invitations.open_ones(person)
    return Invitations(items=tuple(Invitation(**{name: getattr(row, name) for name in same}) for row in rows))


@team.post("/invitations", summary="Invite somebody", status_code=201, responses=answers.problems(409))
def invite(person: Asking, new: NewInvitation) -> Invited:
    """Needs `admin`, of an admin or the owner of the workspace."""
    made = invitations.invite(person, new.email, new.role, by_mail=new.by_mail)
    return Invited(email=made.email, link=made.link, is_mailed=made.is_mailed)


@team.delete(
    "/invitations/{invitation_id}",
    summary="Take an invitation back",
    status_code=204,
    responses=answers.problems(404),
)
def uninvite(person: Asking, invitation_id: UUID) -> None:
    """Needs `admin`, of an admin or the owner of the workspace."""
    invitations.revoke(person, invitation_id)


@keys.get("", summary="List keys")
def listing(person: Asking) -> Keys:
    """One's own; an admin's key sees everybody's. New ones are made under My account: a key makes none."""
    same = tuple(Key.model_fields)
    rows = api_keys.listing(person)
    return Keys(items=tuple(Key(**{name: getattr(row, name) for name in same}) for row in rows))


@keys.delete("/{key_id}", summary="Revoke a key", status_code=204, responses=answers.problems(404))
def revoke(person: Asking, key_id: UUID) -> None:
    """End a key for good, also the one that asks."""
    api_keys.revoke(person, key_id)


def _member(found: teams.Member) -> Member:
    row, spent = found.row, found.spent
    return Member(
        id=row.user_id,
        email=row.email,
        role=found.role,
        joined_at=row.joined_at,
        last_seen_at=row.last_seen_at,
        is_disabled=row.is_disabled,
        is_you=found.is_you,
        month_usd=usd(spent.month_micros) if spent else None,
        all_usd=usd(spent.all_micros) if spent else None,
    )
