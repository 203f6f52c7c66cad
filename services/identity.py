"""Who is asking: the first administrator, signing in, signing out, and the person behind a session."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email

import settings
from services.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from store import users
from store.database import Connection, Role, secret_for, transaction
from store.ids import new_id

SESSION_COOKIE = "prospectpro_session"
"""The cookie with the token of a session."""
MIN_PASSWORD = 8
MAX_PASSWORD = 128
# OWASP Authentication Cheat Sheet: throttle per account and per address.
MAX_FAILURES_PER_EMAIL = 5
MAX_FAILURES_PER_IP = 20

WRONG = "This e-mail and password do not match. Check both and try again."
NO_KEY = (
    "Nobody has an account here yet. Whoever runs this installation finds the link for the first one where it was"
    " started, or by “manage.py first-admin-link”."
)
TOO_MANY = "Too many attempts. Wait 15 minutes, then try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A signed-in person and their own workspace."""

    id: UUID
    email: str
    is_admin: bool
    workspace_id: UUID


def needs_first_admin() -> bool:
    """Whether nobody has an account yet."""
    with transaction(Role.WEB) as conn:
        return not users.any_exist(conn)


def first_admin_link() -> str | None:
    """The address at which the first administrator is created; None when somebody has an account. Only who runs the
    installation may see it. Raises SettingsError without APP_SECRET."""
    if not needs_first_admin():
        return None
    return f"{settings.get().address()}/first-admin?key={_first_admin_key()}"


def is_first_admin_key(key: str) -> bool:
    """Whether somebody was given the link for the first administrator; a web server without APP_SECRET knows none."""
    try:
        known = _first_admin_key()
    except settings.SettingsError:
        return False
    return hmac.compare_digest(key.encode(errors="replace"), known.encode())


def _first_admin_key() -> str:
    return secret_for("first administrator")


def create_first_admin(email: str, password: str, key: str) -> str:
    """Create the first administrator and sign them in; returns the session token. ``key`` is that of the link.

    Raises NotAllowed for another key, Invalid, and Conflict when there is one already.
    """
    if not is_first_admin_key(key):
        raise NotAllowed(NO_KEY)
    row, password_hash = _new_user(email, password, is_admin=True)
    with transaction(Role.WEB) as conn:
        if not users.create(conn, row, password_hash, only_if_first=True):
            raise Conflict("There already is an administrator. Sign in instead.")
        return _open_session(conn, row.id)


def create_user(email: str, password: str, *, is_admin: bool) -> None:
    """Create an account from the command line of the machine ProspectPro runs on.

    Raises Invalid, and Conflict for an address that has one.
    """
    row, password_hash = _new_user(email, password, is_admin=is_admin)
    with transaction(Role.ADMIN) as conn:
        if not users.create(conn, row, password_hash):
            raise Conflict(f"{row.email} already has an account.")


def named(email: str) -> Person:
    """The person with this e-mail, for the command line; raises NotFound when there is none."""
    with transaction(Role.ADMIN) as conn:
        found = users.credentials(conn, _plain(email))
        row = users.person(conn, found.user_id) if found else None
    if row is None:
        raise NotFound(f"Nobody has an account with the e-mail {email}.")
    return _person(row)


def only_one() -> Person:
    """The one person there is, for the command line; raises Invalid when there are none or several."""
    with transaction(Role.ADMIN) as conn:
        email = users.only_email(conn)
    if email is None:
        raise Invalid("Say whose campaign this is: --user with the e-mail of an account.")
    return named(email)


def sign_in(email: str, password: str, ip: str | None) -> str:
    """Check a password and start a session; returns its token.

    Raises Invalid with one message for an unknown person and a wrong password, after the same work, and TooMany
    after too many failures.
    """
    email = _plain(email)
    key = hashlib.sha256(email.casefold().encode()).digest()
    address = ip or "unknown"
    with transaction(Role.WEB) as conn:
        by_email, by_ip = users.recent_failures(conn, key, address)
        found = users.credentials(conn, email)
    if by_email >= MAX_FAILURES_PER_EMAIL or by_ip >= MAX_FAILURES_PER_IP:
        raise TooMany(TOO_MANY)
    matches = _verify(found.password_hash if found else _nobody(), password)
    with transaction(Role.WEB) as conn:
        users.note_attempt(conn, key, address, succeeded=matches and found is not None)
        if found is not None and matches:
            return _open_session(conn, found.user_id)
    raise Invalid(WRONG)


def sign_out(token: str) -> None:
    """End the session; a token nobody knows is no error."""
    with transaction(Role.WEB) as conn:
        users.close_session(conn, _digest(token))


def who_is(token: str | None) -> Person | None:
    """The person behind a session token, or None when it is unknown, expired or revoked."""
    if not token:
        return None
    with transaction(Role.WEB) as conn:
        row = users.person_of_session(conn, _digest(token))
    return None if row is None else _person(row)


def _new_user(email: str, password: str, *, is_admin: bool) -> tuple[users.UserRow, str]:
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid({"email": f"This e-mail address cannot be used: {error}"}) from None
    if len(password) < MIN_PASSWORD:
        raise Invalid({"password": f"Choose a password of at least {MIN_PASSWORD} characters."})
    if len(password) > MAX_PASSWORD or "\x00" in password:
        raise Invalid({"password": f"Choose a password of at most {MAX_PASSWORD} ordinary characters."})
    row = users.UserRow(id=new_id(), email=checked.normalized, is_admin=is_admin, workspace_id=new_id())
    return row, _hasher().hash(_folded(password))


def _open_session(conn: Connection, user_id: UUID) -> str:
    token = secrets.token_urlsafe(32)
    users.open_session(conn, _digest(token), user_id, settings.get().session_hours)
    return token


def _person(row: users.UserRow) -> Person:
    return Person(id=row.id, email=row.email, is_admin=row.is_admin, workspace_id=row.workspace_id)


def _plain(email: str) -> str:
    """What was typed, without what Postgres cannot store; no address is longer than 254 (RFC 5321)."""
    return email.encode(errors="replace").decode().replace("\x00", "").strip()[:320]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _folded(password: str) -> str:
    # The same letters typed on another keyboard may arrive composed differently (NIST SP 800-63B 3.1.1.2).
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    # OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash no password matches, so that an unknown e-mail costs the same time as a known one."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _verify(password_hash: str, password: str) -> bool:
    if len(password) > MAX_PASSWORD:
        password = ""
    try:
        return _hasher().verify(password_hash, _folded(password))
    except (VerificationError, InvalidHashError):
        return False
