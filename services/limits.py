"""Money limits of a person, a workspace and the installation: what is left of them, and who sets them.

The database keeps them (``migrations/sql/0024_limits.sql``); here is what people are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

from pipeline.campaign import MICROS_PER_USD
from pipeline.money.amounts import money
from pipeline.money.limits import Period as Period
from pipeline.money.limits import Scope as Scope
from pipeline.money.limits import limit_name
from services import plan_limits
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import limits
from store.database import Role, transaction
from store.limits import LimitRow as LimitRow

MAX_LIMIT_USD = 1_000_000
_RAISED_BY = {
    Scope.INSTALLATION: "an administrator",
    Scope.WORKSPACE: "the owner or an admin of the workspace",
    Scope.PERSON: "the owner or an admin of the workspace",
}
_RENEWS = {Period.DAY: "at 00:00 UTC", Period.MONTH: "on the 1st of next month, at 00:00 UTC"}


def listing(person: Person) -> tuple[LimitRow, ...]:
    """Every limit the person may know of in the workspace they work in, the widest first; None is what they may not."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        rows = limits.known(conn, person.workspace_id)
    return tuple(sorted(rows, key=lambda row: list(Scope).index(row.scope)))


def standing(person: Person) -> tuple[LimitRow, ...]:
    """The limits that hold for what the person orders, the one that leaves least first."""
    return tuple(sorted((row for row in listing(person) if row.binds), key=lambda row: row.left_micros))


def left(rows: Sequence[LimitRow]) -> dict[Period, LimitRow]:
    """Of each period the limit that leaves least."""
    least: dict[Period, LimitRow] = {}
    for row in sorted(rows, key=lambda row: row.left_micros):
        least.setdefault(row.period, row)
    return {period: least[period] for period in Period if period in least}


def left_in_words(rows: Sequence[LimitRow]) -> str:
    """``$8.00 today, $40.00 this month``: what the tightest limits leave; empty without any."""
    return ", ".join(f"{money(row.left_micros)} {period.in_words}" for period, row in left(rows).items())


def refusal(rows: Sequence[LimitRow], budget_micros: int) -> str | None:
    """Why an order with this budget would be refused; None when it fits, or can cost nothing."""
    tightest = min(rows, key=lambda row: row.left_micros, default=None)
    if tightest is None or budget_micros <= tightest.left_micros:
        return None
    return _too_much(tightest.scope, tightest.period, tightest.left_micros)


def notice(rows: Sequence[LimitRow]) -> str | None:
    """That four fifths of a limit are used or promised; None when they are not."""
    near = min((row for row in rows if row.is_near), key=lambda row: row.left_micros, default=None)
    if near is None:
        return None
    return (
        f"{limit_name(near.scope, near.period)} is nearly used up: {money(near.left_micros)} left. It renews"
        f" {_RENEWS[near.period]}."
    )


@contextmanager
def opening() -> Iterator[None]:
    """Around a transaction that lets a campaign start or go on. Raises Conflict when a limit, or the plan of the
    workspace, does not allow it."""
    try:
        with plan_limits.kept(), limits.kept():
            yield
    except limits.Passed as passed:
        raise Conflict(_too_much(passed.scope, passed.period, passed.left_micros)) from None
    except limits.WalletEmpty as empty:
        raise Conflict(beyond_wallet(empty.left_micros, empty.owed_micros)) from None
    except limits.KeyPassed as passed:
        raise Conflict(_beyond_key(passed.left_micros, is_own=passed.is_own)) from None


def set_limit(
    person: Person, period: Period, amount_usd: Decimal | None, user_id: UUID | None = None
) -> None:
    """Bound what the workspace, or one person in it, may spend; None takes the limit away.

    Raises NotAllowed, Invalid for an amount that cannot be, and NotFound for somebody who is not in the workspace.
    """
    require(person, Right.SET_LIMITS)
    if user_id is not None and user_id not in dict(_people(person)):
        raise NotFound("This person is not in the workspace any more.")
    _set(person, person.workspace_id, user_id, period, amount_usd)


def set_installation_limit(person: Person, period: Period, amount_usd: Decimal | None) -> None:
    """Bound what the whole installation may spend; None takes the limit away. Raises NotAllowed and Invalid."""
    require(person, Right.SET_INSTALLATION_LIMITS)
    _set(person, None, None, period, amount_usd)


def people(person: Person) -> tuple[tuple[UUID, str], ...]:
    """Whom a limit can be set for: id and e-mail. Raises NotAllowed."""
    require(person, Right.SET_LIMITS)
    return _people(person)


def _people(person: Person) -> tuple[tuple[UUID, str], ...]:
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(limits.members(conn, person.workspace_id))


def _set(
    person: Person,
    workspace_id: UUID | None,
    user_id: UUID | None,
    period: Period,
    amount_usd: Decimal | None,
) -> None:
    if amount_usd is not None and not 0 <= amount_usd <= MAX_LIMIT_USD:
        raise Invalid({"amount_usd": f"A limit is at least $0 and at most ${MAX_LIMIT_USD:,}."})
    micros = None if amount_usd is None else int(amount_usd * MICROS_PER_USD)
    with transaction(Role.WEB, proof=person.proof) as conn:
        most = limits.set_to(conn, workspace_id, user_id, period, micros)
    if most is not None:
        wider = "the workspace's" if user_id else "the installation's"
        raise Invalid(
            {"amount_usd": f"Set at most {money(most)}: so much {wider} limit of the {period} allows."}
        )


def beyond_wallet(left_micros: int, owed_micros: int) -> str:
    """Why an order is refused that may cost more than the wallet of the workspace has left."""
    all_the_same = "With a budget of $0 an order starts all the same."
    if owed_micros:
        return (
            f"Nothing that costs money starts: {money(owed_micros)} that were given back or disputed are owed to the"
            f" wallet of the workspace. Its owner can pay them in under Billing. {all_the_same}"
        )
    return (
        f"The wallet of the workspace leaves {money(left_micros)}, less than this may cost. Lower the budget, or ask"
        f" its owner to top it up under Billing. {all_the_same}"
    )


def _beyond_key(left_micros: int, *, is_own: bool) -> str:
    if not is_own:
        return (
            "This key has a money limit, and adds money to campaigns alone that were ordered with it. Ask whoever"
            " made the key to do it."
        )
    return (
        f"The limit of this key leaves {money(left_micros)} for all it orders, less than this may cost. Lower the"
        " budget, or ask whoever made the key for another one."
    )


def _too_much(scope: Scope, period: Period, left_micros: int) -> str:
    name, helper = limit_name(scope, period), _RAISED_BY[scope]
    if left_micros:
        return (
            f"{name} leaves {money(left_micros)}, less than this may cost. Lower the budget, or ask {helper} to raise"
            f" the limit; it renews {_RENEWS[period]}."
        )
    return (
        f"{name} is used up, so nothing that costs money starts. Ask {helper} to raise it; it renews"
        f" {_RENEWS[period]}. With a budget of $0 an order starts all the same."
    )
