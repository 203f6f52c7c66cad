"""Guests: people without an account who try ProspectPro, and keep what they found by signing up.

The database keeps what they may do (``migrations/sql/0026_guests.sql``); here is what people are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.campaign import CampaignSpec
from pipeline.output.notices import counted
from services import accounts, identity
from services.errors import Conflict, Invalid, NotFound, Refused, TooMany
from services.identity import Person, SignedIn, Visitor
from store import guests
from store.database import Role, transaction
from store.guests import Terms as Terms
from store.guests import TooMuch

OFF = "This installation lets nobody in without an account. Ask whoever runs it for one."
TOO_MANY = "Several guests came from your network today. Come back tomorrow, or ask for an account."
OVER = "Your time as a guest is over, or you have signed up already. Sign in, or start again."
_KNOWN = "This address cannot be used. If it is yours, sign in instead."
_FREE = "This account orders free campaigns only: set the budget to $0. An administrator can allow more."


def terms() -> Terms | None:
    """What guests get here; None when none are let in."""
    with transaction(Role.WEB) as conn:
        return guests.terms(conn)


def terms_in_words(given: Terms) -> str:
    """``3 free campaigns of at most 25 leads each``."""
    each = " each" if given.campaigns > 1 else ""
    return f"{counted(given.campaigns, 'free campaign')} of at most {counted(given.leads, 'lead')}{each}"


def arrive(visitor: Visitor) -> SignedIn:
    """Let somebody in as a guest. Raises NotFound where no guests are let in, and TooMany."""
    new = identity.new_tokens(visitor)
    with transaction(Role.WEB) as conn:
        came_to = guests.arrive(conn, visitor.network, identity.new_session(new.token, visitor))
    if came_to == "off":
        raise NotFound(OFF)
    if came_to == "too_many":
        raise TooMany(TOO_MANY)
    return new


def sign_up(person: Person | None, email: str, password: str, visitor: Visitor) -> SignedIn:
    """Make the guest a person with an account, who keeps all that they have; they are signed in anew.

    Raises NotFound for anybody else, Invalid, and TooMany.
    """
    if person is None or person.guest_until is None:
        raise NotFound(OVER)
    user = accounts.new_user(email, password, is_admin=False)
    with transaction(Role.WEB, proof=person.proof) as conn:
        came_to = guests.sign_up(conn, user.email, str(user.password_hash))
    refusals: dict[str, Refused] = {
        "gone": NotFound(OVER),
        "known": Invalid({"email": _KNOWN}),
        "too_many": TooMany(identity.TOO_MANY),
    }
    if came_to in refusals:
        raise refusals[came_to]
    return identity.sign_in(user.email, password, visitor)


def left(person: Person) -> int | None:
    """How many campaigns a guest may still order; None for everybody else."""
    if person.guest_until is None:
        return None
    with transaction(Role.WEB, proof=person.proof) as conn:
        return guests.left(conn)


def refusal(person: Person, spec: CampaignSpec) -> str | None:
    """Why an order is more than the person may have; None when it is not. Only what does not change meanwhile: the
    database looks once more."""
    if not person.is_free:
        return None
    if spec.budget_micros:
        return _said(person, TooMuch.COSTS)
    if person.guest_until is None:
        return None
    given = terms()
    if given is None or spec.max_results > given.leads:
        return _said(person, TooMuch.LARGE)
    return None if left(person) else _said(person, TooMuch.USED_UP)


@contextmanager
def ordering(person: Person) -> Iterator[None]:
    """Around a transaction that opens a campaign. Raises Conflict when it is more than the person may order."""
    try:
        with guests.kept():
            yield
    except guests.Refused as refused:
        raise Conflict(_said(person, refused.why)) from None


def _said(person: Person, why: TooMuch) -> str:
    given = terms()
    if why is TooMuch.COSTS:
        guest = "As a guest you order free campaigns: set the budget to $0."
        return _FREE if person.guest_until is None else guest
    if given is None:
        return OFF
    if why is TooMuch.LARGE:
        return f"As a guest you ask for at most {counted(given.leads, 'lead')} at once: lower how many."
    if why is TooMuch.BUSY:
        return "As a guest you run one campaign at a time. Wait until the other one has ended, or stop it."
    return f"You have used your {terms_in_words(given)}. Sign up to order more; you keep what you have."
