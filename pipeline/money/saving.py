"""What it would take to look companies up that the book holds already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.money.course import course
from pipeline.money.in_book import Saved
from pipeline.money.orders import Found, Order
from pipeline.money.outlook import Candidate
from pipeline.money.shares import DRAWS, span


def saved(order: Order, found: Found, known: Sequence[Candidate]) -> Saved:
    """What the look-ups of these leads would take: the order carried out for them alone, with no search."""
    if not known:
        return Saved()
    drawn = course(
        replace(order, sources=(), locators=()),
        Found(area=found.area, known=found.known, candidates=tuple(known), familiar=found.familiar),
    )
    look_ups = np.zeros(DRAWS, dtype=np.int64)
    for _, expected in drawn.expected:
        look_ups = look_ups + expected.questions
    return Saved(look_ups=span(look_ups), cost_micros=span(drawn.total_micros))
