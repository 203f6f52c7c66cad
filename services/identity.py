"""Who is asking: signing in, signing out, and the person behind a session or a key."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import ip_address, ip_network
from uuid import UUID

import settings
from services import passwords
from services.errors import Invalid, NotFound, TooMany
from services.roles import MemberRole, lesser
from store import users
from store.database import Role, transaction
from store.sealing import knows_secret

SESSION_COOKIE = "prospectpro_session"
"""The cookie with the token of a session."""
KEY_VARIABLE = "PROSPECTPRO_KEY"
"""The environment variable a command finds an API key in."""

WRONG = "This e-mail and password do not match. Check both and try again."
TOO_MANY = "Too many attempts. Wait 15 minutes, then try again."
NO_SECRET = "The web server runs without APP_SECRET, so it cannot do this. Whoever runs it can set it."  # noqa: S105
_COMMAND_HOURS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who proved who they are, in the workspace they work in. ``proof`` is what the database takes as proof:
    it stands for the session or the key and is never shown. ``guest_until``: they have no account, and all of theirs is
    removed then. ``is_free``: they order nothing that may cost money."""

    id: UUID
    email: str
    is_admin: bool
    workspace_id: UUID
    workspace_name: str
    role: MemberRole
    proof: str = field(repr=False, compare=False)
    session_id: UUID | None = field(default=None, compare=False)
    guest_until: datetime | None = None
    is_free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Where somebody signs in from: their address, their browser as it names itself, and the token of a browser that
    has signed in here before."""

    ip: str = "unknown"
    device: str = ""
    device_token: str | None = None

    @property
    def network(self) -> str:
        """What is counted as one sender: an address of IPv4, a network of 64 bits of IPv6, as providers give a
        household one (RFC 6177)."""
        try:
            address = ip_address(self.ip)
        except ValueError:
            return self.ip
        if address.version == 4 or address.ipv4_mapped:
            return str(address)
        return str(ip_network((address, 64), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The token of a new session, and the one by which this browser is known from now on. While ``is_half``, the
    session proves nothing: the second factor is still to be shown."""

    token: str
    device_token: str
    is_half: bool = False


def needs_first_admin() -> bool:
    """Whether nobody has an account yet."""
    with transaction(Role.WEB) as conn:
        return not users.any_exist(conn)


def sign_in(email: str, password: str, visitor: Visitor) -> SignedIn:
    """Check a password and start a session, which waits for the second factor where there is one.

    Raises Invalid with one message for an unknown person and a wrong password, after the same work, and TooMany
    after too many failures or while too many sign in at once.
    """
    device = visitor.device_token
    with transaction(Role.WEB) as conn:
        fresh = passwords.parameters_of(passwords.new_parameters())
        guess = users.begin_sign_in(
            conn, plain(email), visitor.network, hash_of(device) if device else None, fresh
        )
    if guess is None:
        raise TooMany(TOO_MANY)
    derived = passwords.derive(guess.parameters, password)
    new = new_tokens(visitor)
    with transaction(Role.WEB) as conn:
        session = new_session(new.token, visitor)
        came_to = users.sign_in(conn, guess, derived, session, hash_of(new.device_token))
    if came_to == "wrong":
        raise Invalid(WRONG)
    return replace(new, is_half=came_to == "second_factor")


def new_tokens(visitor: Visitor) -> SignedIn:
    """Tokens for a session that is about to be opened."""
    device = visitor.device_token or secrets.token_urlsafe(32)
    return SignedIn(token=secrets.token_urlsafe(32), device_token=device)


def sign_out(token: str) -> None:
    """End the session; a token nobody knows is no error."""
    with transaction(Role.WEB, proof=proof_of(token)) as conn:
        users.end_session(conn)


def who_is(token: str | None) -> Person | None:
    """The person behind a session token, or None when it is unknown, expired or revoked. A key opens no page."""
    person = _behind(token) if token else None
    return person if person is not None and person.session_id is not None else None


def of_key(key: str) -> Person | None:
    """The person an API key acts for, or None when it is unknown, expired or revoked."""
    person = _behind(key)
    return person if person is not None and person.session_id is None else None


def _behind(token: str) -> Person | None:
    proof = proof_of(token)
    with transaction(Role.WEB, proof=proof) as conn:
        row = users.who(conn)
    return None if row is None else person_of(row, proof)


def person_of(row: users.WhoRow, proof: str) -> Person:
    """The person the database found behind a proof."""
    return Person(
        id=row.user_id,
        email=row.email,
        is_admin=row.is_admin,
        workspace_id=row.workspace_id,
        workspace_name=row.workspace_name,
        role=lesser(MemberRole(row.role), row.most),
        proof=proof,
        session_id=row.session_id,
        guest_until=row.guest_until,
        is_free=row.is_free,
    )


def by_key() -> Person | None:
    """The person whose API key a command was given in its environment; None without one. Raises NotFound for one
    that opens nothing."""
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key:
        return None
    person = of_key(key)
    if person is None:
        raise NotFound(f"The key in {KEY_VARIABLE} is unknown, expired or revoked. Make another one.")
    return person


def named(email: str) -> Person:
    """The person with this e-mail, for the command line of the machine itself; raises NotFound when there is none."""
    found = _on_this_machine(email)
    if found is None:
        raise NotFound(f"Nobody has an account with the e-mail {email}.")
    return found


def only_one() -> Person:
    """The one person there is, for the command line; raises Invalid when there are none or several."""
    found = _on_this_machine(None)
    if found is None:
        raise Invalid("Say whose campaign this is: --user with the e-mail of an account.")
    return found


def can_vouch() -> bool:
    """Whether this process knows APP_SECRET, without which there are no second factors, passkeys, single sign-on and
    links."""
    return knows_secret()


def proof_of(token: str) -> str:
    """What stands for a token before the database; from it the token cannot be found."""
    return hash_of(token).hex()


def plain(email: str) -> str:
    """What was typed, without what Postgres cannot store; no address is longer than 254 (RFC 5321)."""
    return email.encode(errors="replace").decode().replace("\x00", "").strip()[:320]


def _on_this_machine(email: str | None) -> Person | None:
    token = secrets.token_urlsafe(32)
    with transaction(Role.OPERATOR) as conn:
        wanted = None if email is None else plain(email)
        if users.open_command_session(conn, wanted, hash_of(token), _COMMAND_HOURS) is None:
            return None
    return who_is(token)


def new_session(token: str, visitor: Visitor) -> users.NewSession:
    """A session as the database opens it."""
    ours = settings.get()
    return users.NewSession(
        proof=hash_of(token),
        hours=ours.session_hours,
        idle_hours=ours.session_idle_hours,
        device=visitor.device.encode(errors="replace").decode().replace("\x00", "")[:200],
        ip=visitor.ip,
    )


def hash_of(token: str) -> bytes:
    """What stands for a token before the database."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
