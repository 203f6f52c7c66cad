"""Accounts come to be: the first administrator by a link, others by a command or an administrator."""

from __future__ import annotations

import hmac
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

import settings
from services import identity, passwords
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person, SignedIn, Visitor
from services.permissions import Right, require
from store import account_links, resets, users
from store.account_links import LinkKind, NewLink
from store.database import FIRST_ADMIN, Role, secret_for, transaction
from store.ids import new_id

NO_KEY = (
    "Nobody has an account here yet. Whoever runs this installation finds the link for the first one where it was"
    " started, or by “manage.py first-admin-link”."
)


def first_admin_link() -> str | None:
    """The address at which the first administrator is created; None when somebody has an account. Only who runs the
    installation may see it. Raises SettingsError without APP_SECRET."""
    if not identity.needs_first_admin():
        return None
    return f"{settings.get().address()}/first-admin?key={first_admin_key()}"


def is_first_admin_key(key: str) -> bool:
    """Whether somebody was given the link for the first administrator; a web server without APP_SECRET knows none. The
    database asks once more."""
    try:
        known = first_admin_key()
    except settings.SettingsError:
        return False
    return hmac.compare_digest(key.encode(errors="replace"), known.encode())


def first_admin_key() -> str:
    """What the link for the first administrator holds. Raises SettingsError without APP_SECRET."""
    return secret_for(FIRST_ADMIN)


def create_first_admin(email: str, password: str, key: str, visitor: Visitor) -> SignedIn:
    """Create the first administrator and sign them in. ``key`` is that of the link.

    Raises NotAllowed for another key, Invalid, and Conflict when there is one already.
    """
    if not is_first_admin_key(key):
        raise NotAllowed(NO_KEY)
    user = new_user(email, password, is_admin=True)
    with transaction(Role.WEB) as conn:
        if not users.create_first(conn, user, key):
            raise Conflict("There already is an administrator. Sign in instead.")
    return identity.sign_in(user.email, password, visitor)


def create_user(email: str, password: str, *, is_admin: bool) -> None:
    """Create an account from the command line of the machine ProspectPro runs on.

    Raises Invalid, and Conflict for an address that has one.
    """
    _create(new_user(email, password, is_admin=is_admin), Role.OPERATOR, "")


def create_for(person: Person, email: str, password: str, *, is_admin: bool) -> None:
    """Create an account as an administrator of the installation; the database refuses anybody else.

    Raises NotAllowed, Invalid, and Conflict for an address that has one.
    """
    require(person, Right.MANAGE_USERS)
    _create(new_user(email, password, is_admin=is_admin), Role.ADMIN, person.proof)


def new_user(email: str, password: str, *, is_admin: bool) -> users.NewUser:
    """An account as it is stored. Raises Invalid for an address or a password that cannot be."""
    address = checked_email(email)
    passwords.check_new(password, address)
    return users.NewUser(
        id=new_id(),
        email=address,
        is_admin=is_admin,
        workspace_id=new_id(),
        password_hash=passwords.hash_new(password),
    )


def checked_email(email: str) -> str:
    """An e-mail address as it is kept. Raises Invalid for one that cannot be."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid({"email": f"This e-mail address cannot be used: {error}"}) from None
    return checked.normalized


def new_link() -> NewLink:
    """A link about to be stored. Raises Conflict on a web server without APP_SECRET."""
    try:
        return account_links.new()
    except settings.SettingsError:
        raise Conflict(identity.NO_SECRET) from None


def reset_link(person: Person, user_id: UUID, *, without_second_factor: bool = False) -> str:
    """A link, good for a day, by which somebody chooses a new password. With ``without_second_factor`` it
    switches theirs off, as it was lost.

    Raises NotAllowed for anyone but administrators, NotFound, and Conflict on a web server without APP_SECRET.
    """
    require(person, Right.MANAGE_USERS)
    link = new_link()
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if resets.make(conn, resets.Whose(user_id=user_id), link, drops_factor=without_second_factor) is None:
            raise NotFound("There is no such account, or it is disabled.")
    return account_links.address_of(settings.get().address(), LinkKind.RESET, link.id)


def reset_link_by_command(email: str, *, without_second_factor: bool = False) -> str:
    """The same, from the command line of the machine ProspectPro runs on. Raises NotFound."""
    link = new_link()
    whose = resets.Whose(email=identity.plain(email))
    with transaction(Role.OPERATOR) as conn:
        if resets.make(conn, whose, link, drops_factor=without_second_factor) is None:
            raise NotFound(f"Nobody has an account with the e-mail {email}, or it is disabled.")
    return account_links.address_of(settings.get().address(), LinkKind.RESET, link.id)


def _create(user: users.NewUser, role: Role, proof: str) -> None:
    with transaction(role, proof=proof) as conn:
        if not users.create(conn, user):
            raise Conflict(f"{user.email} already has an account.")
