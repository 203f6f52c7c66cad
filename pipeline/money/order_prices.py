"""What the paid calls of an order cost at least and at most, which tells whether a budget can work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pipeline.providers.declaration import Kind, ProviderSpec

Prices = Callable[[ProviderSpec], Sequence[int]]
"""The prices of a provider's paid operations, in millionths of a US dollar."""


def first_price_micros(chosen: Iterable[ProviderSpec], prices: Prices) -> int | None:
    """What the first paid call of an order would cost; None for an order without any.

    Searches come first; of the look-ups the cheapest counts, as nobody knows which of them a lead needs.
    """
    paid = [spec for spec in chosen if spec.paid]
    searches = [price for spec in paid if spec.kind is Kind.PLACES for price in prices(spec)]
    return min(searches or [price for spec in paid for price in prices(spec)], default=None)


def dearest_price_micros(chosen: Iterable[ProviderSpec], prices: Prices) -> int:
    """The most one of an order's paid calls costs: with less left, something may stay undone. 0 without any."""
    return max((price for spec in chosen for price in prices(spec)), default=0)
