"""What people change about their own account: the password, the address, the sessions that are open.

Whoever only holds a session changes neither: the password is asked for once more, and counted as at the sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services import passwords
from services.accounts import checked_email, new_link
from services.errors import Conflict, Invalid, NotFound, TooMany
from services.identity import TOO_MANY, Person
from store import account_links, in_force, own_account, users
from store.account_links import LinkKind as LinkKind
from store.account_links import OpenLink as OpenLink
from store.database import Role, transaction
from store.own_account import OwnSession as OwnSession
from store.own_account import Password
from store.users import Guess

WRONG_PASSWORD = "This is not your current password."  # noqa: S105 - a sentence
IN_A_BROWSER = "Do this in a browser you signed in with."
SPENT_LINK = "This link was used before, is too old, or another one was asked for since."


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChange:
    """What came of asking for another address; ``counts_now``: it needs no confirmation."""

    email: str
    counts_now: bool


def sessions(person: Person) -> tuple[OwnSession, ...]:
    """The person's open sessions: this one first, then those used last."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return own_account.sessions(conn)


def end_session(person: Person, session_id: UUID) -> None:
    """End one of the person's sessions for good. Raises NotFound when it is none of theirs, or has ended."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not users.end_session(conn, session_id):
            raise NotFound("This session has ended already.")


def end_other_sessions(person: Person) -> int:
    """End all of the person's sessions but the one they ask by; returns how many."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return own_account.end_other_sessions(conn)


def shown_password(person: Person, password: str, field: str = "current") -> Password:
    """A typed password as the database compares it, once. Raises Invalid for the empty one, for ``field``, and TooMany
    after too many wrong ones or while too many sign in at once, Conflict for who asks by a key or a command."""
    if not password:
        raise Invalid({field: "Enter your current password."})
    fresh = passwords.parameters_of(passwords.new_parameters())
    with transaction(Role.WEB, proof=person.proof) as conn:
        guess = own_account.begin_password_check(conn, fresh)
    if guess is False:
        raise TooMany(TOO_MANY)
    if not isinstance(guess, Guess):
        raise Conflict(IN_A_BROWSER)
    return Password(ticket=guess.ticket, derived=passwords.derive(guess.parameters, password))


def change_password(person: Person, current: str, new: str) -> int:
    """Choose another password; every other session of the person ends. Returns how many there were.

    Raises Invalid for the field ``current`` or ``password``, and TooMany.
    """
    passwords.check_new(new, person.email)
    shown = shown_password(person, current)
    with transaction(Role.WEB, proof=person.proof) as conn:
        ended = own_account.change_password(conn, shown, passwords.hash_new(new))
    if ended is None:
        raise Invalid({"current": WRONG_PASSWORD})
    return ended


def change_email(person: Person, current: str, email: str) -> EmailChange:
    """Ask for another address to sign in with. With a mail server it counts once a link sent there was opened; the
    answer is the same when the address is somebody's already.

    Raises Invalid for the field ``email`` or ``current``, and TooMany.
    """
    address = checked_email(email)
    if address == person.email:
        raise Invalid({"email": "This is your address already."})
    shown = shown_password(person, current)
    link = new_link() if in_force.has_mail(Role.WEB) else None
    with transaction(Role.WEB, proof=person.proof) as conn:
        came_to = own_account.change_email(conn, shown, address, link)
    if came_to == "wrong":
        raise Invalid({"current": WRONG_PASSWORD})
    if came_to == "taken":
        raise Invalid({"email": "This address cannot be used here. Choose another one."})
    return EmailChange(email=address, counts_now=came_to == "changed")


def seen_link(key: str, kind: LinkKind) -> OpenLink:
    """What a link of this kind is for. Raises NotFound for one that cannot be used."""
    with transaction(Role.WEB) as conn:
        found = account_links.see(conn, key)
    if found is None or found.kind is not kind:
        raise NotFound(SPENT_LINK)
    return found


def confirm_email(key: str) -> str:
    """The address counts from now on; returns it. Raises NotFound for a link that cannot be used."""
    found = seen_link(key, LinkKind.EMAIL)
    with transaction(Role.WEB) as conn:
        if not account_links.use_for_email(conn, key):
            raise NotFound(SPENT_LINK)
    return found.email
