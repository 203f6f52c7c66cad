"""The wallet of a workspace: dollars its owner paid in, from which calls of paid providers are paid, never beyond."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.billing.wallet import LEAST_USD, LOW_MICROS, MOST_USD
from services import billing, billing_setup, limits
from services.errors import Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import wallet
from store.database import Role, transaction
from store.wallet import EntryRow as EntryRow

SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletView:
    """In micro-dollars: what is in it, what running campaigns may still spend of that, what is left for others, and
    what is owed to it, until which is paid in nothing is spent. ``is_used``: something was paid in once."""

    balance_micros: int
    promised_micros: int
    owed_micros: int
    is_used: bool

    @property
    def left_micros(self) -> int:
        return max(0, self.balance_micros - self.promised_micros)

    @property
    def is_low(self) -> bool:
        """Whether somebody should think of topping it up."""
        return self.is_used and self.balance_micros < LOW_MICROS


def look(person: Person) -> WalletView | None:
    """How the workspace's stands; None where wallets are not kept."""
    if not billing_setup.keeps_wallets():
        return None
    with transaction(Role.WEB, proof=person.proof) as conn:
        row = wallet.standing(conn, person.workspace_id)
    if row is None:
        return None
    return WalletView(
        balance_micros=row.balance_micros,
        promised_micros=row.promised_micros,
        owed_micros=row.owed_micros,
        is_used=row.is_used,
    )


def entries(person: Person) -> tuple[EntryRow, ...]:
    """What became of it in 90 days, the newest first."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(wallet.entries(conn, person.workspace_id, SHOWN))


def top_up(person: Person, amount_usd: Decimal) -> str:
    """Where the owner pays into the wallet. Raises NotAllowed, NotFound where none is kept, Invalid for ``amount_usd``,
    and Conflict when Stripe refuses."""
    require(person, Right.PAY)
    if not billing_setup.keeps_wallets():
        raise NotFound("There is nothing here.")
    cents = amount_usd * 100
    if not LEAST_USD <= amount_usd <= MOST_USD or cents != int(cents):
        raise Invalid({"amount_usd": f"Type an amount from ${LEAST_USD} to ${MOST_USD:,}, in whole cents."})
    return billing.pay_in(person, int(cents))


def refusal(person: Person, budget_micros: int) -> str | None:
    """Why an order with this budget would be refused; None when the wallet has enough, or it can cost nothing."""
    view = look(person) if budget_micros else None
    if view is None or budget_micros <= view.left_micros:
        return None
    return limits.beyond_wallet(view.left_micros, view.owed_micros)
