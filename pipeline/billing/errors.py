"""What may go wrong with what is paid for."""

from __future__ import annotations


class BillingError(Exception):
    """Stripe did not do what it was asked; the message says why, for administrators."""


class CustomerGone(BillingError):
    """It does not know the customer: it was deleted there, or the key is that of another account."""


class BadEvent(Exception):
    """It was not Stripe that told it, or it was told too long ago, or it cannot be read."""
