"""Amounts as Stripe counts them: whole numbers of the smallest unit of a currency."""

from __future__ import annotations

from typing import Final

# docs.stripe.com/currencies: those without a smaller unit, and those with a thousandth.
_WHOLE: Final = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THOUSANDTHS: Final = "BHD JOD KWD OMR TND"


def in_words(amount: int, currency: str) -> str:
    """``1,204.50 USD``."""
    code = currency.upper()
    places = 0 if code in _WHOLE else 3 if code in _THOUSANDTHS else 2
    return f"{amount / 10**places:,.{places}f} {code}"
