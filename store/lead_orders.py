"""The orders a list of leads can have, as keys of keyset pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from pipeline.lead import EmailStatus
from pipeline.words.register_tags import SIZES
from store.keyset import Key
from store.lead_where import TeamStatus
from store.tables import leads, users

_REVERSED = "-"


class LeadSort(StrEnum):
    """What leads are ordered by: the most useful end first, or with a minus sign the other way round.

    ``EMAIL_STATUS`` begins with the address most likely to reach somebody, and within one status with the highest
    confidence. Leads without a value come last either way. ``SOURCE`` is the first source a business was found in.
    ``RATING``, ``REVIEWS``, ``FOUNDED`` and ``COMPANY_SIZE`` begin with the best, the most, the youngest and the
    largest.
    From ``NEWEST`` on they are orders of the book: by when a company was first and last found, and by what the team
    says of it, ``TEAM_STATUS`` from new to lost.
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
    POSTCODE = "postcode"
    POSTCODE_REVERSED = "-postcode"
    COUNTRY = "country"
    COUNTRY_REVERSED = "-country"
    STATE = "state"
    STATE_REVERSED = "-state"
    OPENING_HOURS = "opening_hours"
    OPENING_HOURS_REVERSED = "-opening_hours"
    CHAIN = "chain"
    CHAIN_REVERSED = "-chain"
    ALSO = "also"
    ALSO_REVERSED = "-also"
    DOUBT = "doubt"
    DOUBT_REVERSED = "-doubt"
    SOURCE = "source"
    SOURCE_REVERSED = "-source"
    COST = "cost"
    COST_REVERSED = "-cost"
    RATING = "rating"
    RATING_REVERSED = "-rating"
    REVIEWS = "reviews"
    REVIEWS_REVERSED = "-reviews"
    FOUNDED = "founded"
    FOUNDED_REVERSED = "-founded"
    COMPANY_SIZE = "company_size"
    COMPANY_SIZE_REVERSED = "-company_size"
    NEWEST = "newest"
    NEWEST_REVERSED = "-newest"
    LAST_SEEN = "last_seen"
    LAST_SEEN_REVERSED = "-last_seen"
    FOLLOW_UP = "follow_up"
    FOLLOW_UP_REVERSED = "-follow_up"
    TEAM_STATUS = "team_status"
    TEAM_STATUS_REVERSED = "-team_status"
    OWNER = "owner"
    OWNER_REVERSED = "-owner"
    TAGS = "tags"
    TAGS_REVERSED = "-tags"

    @property
    def is_reversed(self) -> bool:
        return self.value.startswith(_REVERSED)

    @property
    def one_way(self) -> LeadSort:
        """The same with its most useful end first."""
        return LeadSort(self.removeprefix(_REVERSED))

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
    EmailStatus.TYPED,
    EmailStatus.UNVERIFIED,
    EmailStatus.UNKNOWN,
    EmailStatus.DISPOSABLE,
    EmailStatus.NONE,
    EmailStatus.INVALID,
)
_STEP = 1000
_DIGITS = 9
_LONG_AGO, _NEVER = date(1, 1, 1), date(9999, 12, 31)
# A lead that an earlier version rated has one figure for both; without a reach of its own it comes last by reach.
_BOTH = leads.c.confidence + sa.func.coalesce(leads.c.reach, leads.c.confidence)


def order_of(sort: LeadSort) -> Order:
    """The key of ``sort``."""
    down = sort.is_reversed
    match sort.one_way:
        case LeadSort.BEST | LeadSort.REACH | LeadSort.CONFIDENCE | LeadSort.COST as figure:
            return Order(Key(_figure(figure, 101 if down else -1), descending=not down), int)
        case LeadSort.NEWEST | LeadSort.LAST_SEEN | LeadSort.FOLLOW_UP as moment:
            return _by_time(moment, down=down)
        case LeadSort.TEAM_STATUS:
            return Order(Key(_how_far(len(TeamStatus) * (-1 if down else 1)), descending=down), int)
        case LeadSort.EMAIL_STATUS:
            return Order(Key(likely_to_reach(), descending=down), int)
        case LeadSort.COMPANY_SIZE:
            return Order(Key(size_place(len(SIZES) if down else -1), descending=not down), int)
        case LeadSort.RATING | LeadSort.REVIEWS | LeadSort.FOUNDED as written:
            # Their texts are in the order of what they say.
            return Order(Key(_text(_column(written), descending=not down), descending=not down))
        case LeadSort.CATEGORY:
            return Order(Key(leads.c.category, descending=down))
        case text:
            return Order(Key(_text(_column(text), descending=down), descending=down))


def is_descending(sort: LeadSort) -> bool:
    """The key of ``sort`` runs from high to low."""
    return order_of(sort).key.descending


def team_place() -> sa.ColumnElement[int]:
    """How far the team is with a company of the book, as a number."""
    return _how_far(len(TeamStatus))


def as_long(number: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A number as a text as long as any other one's, so that texts are in the order of numbers."""
    return sa.func.lpad(number, _DIGITS, "0")


def size_place(missing: int = len(SIZES)) -> sa.ColumnElement[int]:
    """How large a company is, as a number."""
    places = {size: place for place, size in enumerate(SIZES)}
    return sa.case(places, value=_column(LeadSort.COMPANY_SIZE), else_=missing)


def _figure(sort: LeadSort, missing_reach: int) -> sa.ColumnElement[int]:
    return {
        LeadSort.BEST: _BOTH,
        LeadSort.REACH: sa.func.coalesce(leads.c.reach, missing_reach),
        LeadSort.CONFIDENCE: leads.c.confidence,
        LeadSort.COST: leads.c.cost_micros,
    }[sort]


def _by_time(sort: LeadSort, *, down: bool) -> Order:
    if sort is not LeadSort.FOLLOW_UP:
        moment = leads.c.first_seen_at if sort is LeadSort.NEWEST else leads.c.updated_at
        return Order(Key(moment, descending=not down), datetime.fromisoformat)
    missing = sa.literal(_LONG_AGO if down else _NEVER, sa.Date())
    return Order(Key(sa.func.coalesce(leads.c.follow_up_on, missing), descending=down), date.fromisoformat)


def _column(sort: LeadSort) -> sa.ColumnElement[str]:
    """What an order by a text is by."""
    if sort is LeadSort.SOURCE:
        return sa.func.jsonb_extract_path_text(leads.c.origins, "0", "source")
    if sort is LeadSort.TAGS:
        return sa.func.nullif(sa.func.array_to_string(leads.c.tags, ", "), "")
    if sort is LeadSort.OWNER:
        return sa.select(users.c.email).where(users.c.id == leads.c.owner_id).scalar_subquery()
    if sort.value in leads.c:
        return leads.c[sort.value]
    detail = sa.func.jsonb_extract_path_text(leads.c.details, sort.value)
    return as_long(detail) if sort is LeadSort.REVIEWS else detail


def _how_far(missing: int) -> sa.ColumnElement[int]:
    places = {status.value: place for place, status in enumerate(TeamStatus)}
    return sa.case(places, value=leads.c.team_status, else_=missing)


def _text(column: sa.ColumnElement[str], *, descending: bool) -> sa.ColumnElement[str]:
    """Whatever the letter case; behind the last code point there is, or before the first, when there is none."""
    missing = "" if descending else sa.func.chr(0x10FFFD)
    return sa.func.lower(sa.func.coalesce(column, missing))


def likely_to_reach() -> sa.ColumnElement[int]:
    """What an address is ordered by: its status, and within one status the confidence."""
    places = {status.value: place * _STEP for place, status in enumerate(_BY_REACH)}
    status = sa.case(places, value=leads.c.email_status, else_=len(places) * _STEP)
    return status + (_STEP // 2) - leads.c.confidence
