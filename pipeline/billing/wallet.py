"""What a wallet is: how much is paid in at once, and from when on it is low."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.billing.records import Payment

LEAST_USD, MOST_USD = 10, 5_000
"""What one payment is; our own choice."""
LOW_MICROS: Final = 5_000_000
MICROS_PER_CENT: Final = 10_000
PURPOSE: Final = "wallet"
"""What tells payments into a wallet from others of the same account."""
# docs.stripe.com/api/disputes/object: the bank holds the money, or keeps it. Inquiries (warning_…) take nothing.
_TAKEN: Final = frozenset({"needs_response", "under_review", "lost"})


def payment(
    charge_id: str,
    captured: int,
    refunded: int,
    disputes: Sequence[tuple[str, int]],
    *,
    is_test: bool = False,
) -> Payment:
    """What became of a payment of cents; ``disputes``: status and amount of each. No more is taken than was paid."""
    refunded = min(captured, refunded)
    disputed = min(captured - refunded, sum(amount for status, amount in disputes if status in _TAKEN))
    return Payment(
        charge_id=charge_id,
        paid_micros=captured * MICROS_PER_CENT,
        refunded_micros=refunded * MICROS_PER_CENT,
        disputed_micros=disputed * MICROS_PER_CENT,
        is_test=is_test,
    )


def is_ours(metadata: Mapping[str, str], currency: str) -> bool:
    """Whether a payment is one into a wallet."""
    return metadata.get("purpose") == PURPOSE and currency == "usd"
