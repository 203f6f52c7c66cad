"""A new password by a link: asked for by mail, or handed over by an administrator. Using one ends all sessions and
spends every other link of the account."""

from __future__ import annotations

from services import identity, notifying, own_account, passwords
from services.accounts import new_link
from services.errors import Conflict, NotFound, TooMany
from services.identity import Visitor
from services.own_account import SPENT_LINK, LinkKind
from store import account_links, resets
from store.database import Role, transaction

NO_MAIL = (
    "This installation has no mail server, so it cannot send you a link. An administrator can make"
    " one for you, and whoever"
    " runs the installation can with “manage.py reset-link”."
)


def ask(email: str, visitor: Visitor) -> None:
    """Have a link sent to whoever has an account with this address; for any other address nothing looks different.

    Raises Conflict without a mail server, and TooMany.
    """
    if not notifying.are_on():
        raise Conflict(NO_MAIL)
    with transaction(Role.WEB) as conn:
        is_counted = resets.ask(conn, identity.plain(email), visitor.network, new_link())
    if not is_counted:
        raise TooMany(identity.TOO_MANY)


def choose_password(key: str, new: str) -> str:
    """The new password of whose link it is; returns the address of the account.

    Raises NotFound for a link that cannot be used, and Invalid for the field ``password``.
    """
    found = own_account.seen_link(key, LinkKind.RESET)
    passwords.check_new(new, found.email)
    with transaction(Role.WEB) as conn:
        if not resets.use(conn, account_links.hash_of(key), passwords.hash_new(new)):
            raise NotFound(SPENT_LINK)
    return found.email
