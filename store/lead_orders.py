"""The orders a list of leads can have, as keys of keyset pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from pipeline.lead import EmailStatus
from store.keyset import Key
from store.tables import leads

_REVERSED = "-"


class LeadSort(StrEnum):
    """What leads are ordered by: the most useful end first, or with a minus sign the other way round.

    ``EMAIL_STATUS`` begins with the address most likely to reach somebody, and within one status with the highest
    confidence. Leads without a text come last either way.
    """

    BEST = "best"
    BEST_REVERSED = "-best"
    CONFIDENCE = "confidence"
    CONFIDENCE_REVERSED = "-confidence"
    REACH = "reach"
    REACH_REVERSED = "-reach"
    NAME = "name"
    NAME_REVERSED = "-name"
    CATEGORY = "category"
    CATEGORY_REVERSED = "-category"
    CITY = "city"
    CITY_REVERSED = "-city"
    EMAIL_STATUS = "email_status"
    EMAIL_STATUS_REVERSED = "-email_status"
    EMAIL = "email"
    EMAIL_REVERSED = "-email"
    PHONE = "phone"
    PHONE_REVERSED = "-phone"
    WEBSITE = "website"
    WEBSITE_REVERSED = "-website"
    ADDRESS = "address"
    ADDRESS_REVERSED = "-address"
    COST = "cost"
    COST_REVERSED = "-cost"

    @property
    def is_reversed(self) -> bool:
        return self.value.startswith(_REVERSED)

    @property
    def other_way(self) -> LeadSort:
        """The same the other way round."""
        return LeadSort(self.removeprefix(_REVERSED) if self.is_reversed else f"{_REVERSED}{self}")


@dataclass(frozen=True, slots=True)
class Order:
    """The key of an order, and how to read it back from the text a cursor carries."""

    key: Key
    read: Callable[[str], object] = str


# From the address most likely to reach somebody to the one that reaches nobody.
_BY_REACH = (
    EmailStatus.VERIFIED,
    EmailStatus.ACCEPTED,
    EmailStatus.CATCHALL,
    EmailStatus.UNVERIFIED,
    EmailStatus.UNKNOWN,
    EmailStatus.DISPOSABLE,
    EmailStatus.NONE,
    EmailStatus.INVALID,
)
_STEP = 1000
# A lead that an earlier version rated has one figure for both; without a reach of its own it comes last by reach.
_BOTH = leads.c.confidence + sa.func.coalesce(leads.c.reach, leads.c.confidence)


def order_of(sort: LeadSort) -> Order:
    """The key of ``sort``."""
    down = sort.is_reversed
    match LeadSort(sort.removeprefix(_REVERSED)):
        case LeadSort.BEST:
            return Order(Key(_BOTH, descending=not down), int)
        case LeadSort.REACH:
            missing = 101 if down else -1
            return Order(Key(sa.func.coalesce(leads.c.reach, missing), descending=not down), int)
        case LeadSort.CONFIDENCE:
            return Order(Key(leads.c.confidence, descending=not down), int)
        case LeadSort.COST:
            return Order(Key(leads.c.cost_micros, descending=not down), int)
        case LeadSort.EMAIL_STATUS:
            return Order(Key(_likely_to_reach(), descending=down), int)
        case LeadSort.CATEGORY:
            return Order(Key(leads.c.category, descending=down))
        case text:
            return Order(Key(_text(leads.c[text.value], descending=down), descending=down))


def _text(column: sa.Column[str], *, descending: bool) -> sa.ColumnElement[str]:
    """Whatever the letter case; behind the last code point there is, or before the first, when there is none."""
    missing = "" if descending else sa.func.chr(0x10FFFD)
    return sa.func.lower(sa.func.coalesce(column, missing))


def _likely_to_reach() -> sa.ColumnElement[int]:
    places = {status.value: place * _STEP for place, status in enumerate(_BY_REACH)}
    status = sa.case(places, value=leads.c.email_status, else_=len(places) * _STEP)
    return status + (_STEP // 2) - leads.c.confidence
