"""Amounts as people read them, the same on pages and in mails."""

from __future__ import annotations

from decimal import Decimal

from pipeline.campaign import MICROS_PER_USD

_CENT_MICROS = MICROS_PER_USD // 100


def money(micros: int) -> str:
    """``$1,234.50``; amounts that are no whole cents show their full precision, at most six places."""
    amount = Decimal(micros) / MICROS_PER_USD
    if micros % _CENT_MICROS == 0:
        return f"${amount:,.2f}"
    return f"${amount:,.6f}".rstrip("0")
