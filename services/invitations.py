"""Inviting people to a workspace, by a link that is shown once and by mail, and accepting that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services import accounts, identity, notifying, plan_limits
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany
from services.identity import Person, SignedIn, Visitor
from services.permissions import Right, require
from services.roles import MemberRole
from services.teams import GIVEN
from store import invitations, users
from store.database import Role, transaction
from store.ids import new_id
from store.invitations import InvitationRow as InvitationRow
from store.invitations import OfferRow as OfferRow

CLOSED = (
    "This invitation cannot be used any more: it was used or taken back, or a week has passed. Ask whoever invited you"
    " for another one."
)
_REFUSALS: Final[Mapping[str, tuple[type[Refused], str]]] = {
    "refused": (
        NotAllowed,
        "In this workspace you may not do this. Your role may have changed a moment ago.",
    ),
    "member": (Conflict, "This person is in the workspace already."),
    "too_many": (TooMany, "Many people were invited just now. Wait an hour, then invite the next ones."),
    "closed": (NotFound, CLOSED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An invitation just made; the link is not shown again."""

    email: str
    link: str
    is_mailed: bool


class AlreadyIn(Conflict):
    """The person is in the workspace already, and works there from now on."""


def invite(person: Person, email: str, role: MemberRole, *, by_mail: bool = False) -> Made:
    """Invite one address to the workspace, in a role. An open invitation of the same address is replaced.

    Raises NotAllowed, Invalid for an address or a role that cannot be, Conflict for somebody who is in it already
    or when the plan has no room, and
    TooMany.
    """
    require(person, Right.MANAGE_PEOPLE)
    address = accounts.checked_email(email)
    if role not in GIVEN:
        raise Invalid({"role": "A workspace has one owner. Its ownership is handed over, not given."})
    invitation, is_mailed = new_id(), by_mail and notifying.are_on()
    with plan_limits.kept(), transaction(Role.WEB, proof=person.proof) as conn:
        came_to = invitations.invite(
            conn, person.workspace_id, invitation, address, role.value, by_mail=is_mailed
        )
    _go_on(came_to)
    return Made(email=address, link=invitations.link_of(invitation), is_mailed=is_mailed)


def revoke(person: Person, invitation: UUID) -> None:
    """Take an open invitation back. Raises NotAllowed, and NotFound when it is not open any more."""
    require(person, Right.MANAGE_PEOPLE)
    with transaction(Role.WEB, proof=person.proof) as conn:
        came_to = invitations.revoke(conn, person.workspace_id, invitation)
    _go_on(came_to)


def open_ones(person: Person) -> tuple[InvitationRow, ...]:
    """The workspace's invitations that can still be accepted. Raises NotAllowed."""
    require(person, Right.MANAGE_PEOPLE)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(invitations.open_ones(conn, person.workspace_id))


def offer(key: str) -> OfferRow:
    """What a link opens, for whoever has it. Raises NotFound."""
    with transaction(Role.WEB) as conn:
        found = invitations.offer(conn, key)
    if found is None:
        raise NotFound(CLOSED)
    return found


def accept(person: Person, key: str) -> None:
    """Join the workspace of a link, and work there from now on.

    Raises NotFound, NotAllowed for another account than the invited one, and AlreadyIn.
    """
    found = offer(key)
    with plan_limits.kept(comes=True), transaction(Role.WEB, proof=person.proof) as conn:
        came_to = invitations.accept(conn, key)
    if came_to == "another":
        raise NotAllowed(
            f"This invitation is for {found.hint}, and you are signed in as {person.email}. Sign out, then open the"
            " link again and sign in with that address."
        )
    if came_to == "member":
        raise AlreadyIn(f"You are in {found.workspace_name} already.")
    _go_on(came_to)


def join(email: str, password: str, key: str, visitor: Visitor) -> SignedIn:
    """Create the invited account, have it join and sign it in, at work in the workspace of the link.

    Raises NotFound, Invalid for another address and for a password that cannot be, and Conflict for an address that has
    an account.
    """
    found = offer(key)
    # Asked again by the database; before it so that no password is hashed for nothing.
    if not _may_be(email, found.hint):
        raise _another(found)
    user = accounts.new_user(email, password, is_admin=False)
    with plan_limits.kept(comes=True), transaction(Role.WEB) as conn:
        came_to = invitations.accept_as(conn, key, user)
    if came_to == "another":
        raise _another(found)
    if came_to == "known":
        raise Conflict("This address has an account already. Sign in with it to accept.")
    _go_on(came_to)
    signed_in = identity.sign_in(user.email, password, visitor)
    _work_in(signed_in, user)
    return signed_in


def _work_in(signed_in: SignedIn, user: users.NewUser) -> None:
    """A new person has two workspaces: their own, and the one they were invited to."""
    with transaction(Role.WEB, proof=identity.proof_of(signed_in.token)) as conn:
        for workspace in users.workspaces(conn):
            if workspace.id != user.workspace_id:
                users.switch_workspace(conn, workspace.id)


def _may_be(email: str, hint: str) -> bool:
    address = email.strip().casefold()
    return address[:1] == hint[:1].casefold() and address.endswith(hint.partition("…")[2].casefold())


def _another(found: OfferRow) -> Invalid:
    return Invalid({"email": f"This invitation is for {found.hint}. Use that address."})


def _go_on(came_to: str) -> None:
    if came_to != "done":
        kind, said = _REFUSALS[came_to]
        raise kind(said)
