"""What people ask of a lead book: its pages with each filter and order, counts, a company, and the pages around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from bench._book import Book
from pipeline.geo.box import Box
from services import book, call_list, home, lead_choices, mapping
from services.book import FollowUp, TeamStatus
from services.lead_filter import EmailKind, LeadFilter
from services.mapping import ColourBy, View
from services.results import LeadSort

TODAY = date(2026, 11, 26)
_LAST_PAGE = 9_950
"""How far pages go."""
_HELSINKI = Box(24.9, 60.15, 25.0, 60.2)
_NOW = datetime.now(UTC)
Question = Callable[[Book], object]


def _page(sort: LeadSort = LeadSort.BEST, **filter: object) -> Question:
    chosen = LeadFilter.model_validate(filter)
    return lambda of: book.companies(of.owner, chosen, sort, TODAY, 0)


def _deep(sort: LeadSort) -> Question:
    """The last page that can be turned to, which a small book has sooner."""
    return lambda of: book.companies(of.owner, LeadFilter(), sort, TODAY, min(_LAST_PAGE, of.mine - 50))


def _own(sort: LeadSort, **filter: object) -> Question:
    return lambda of: book.companies(of.owner, LeadFilter(owner=of.owner.id, **filter), sort, TODAY, 0)


def _campaign(of: Book) -> object:
    return book.companies(of.owner, LeadFilter(campaign=of.some_campaign), LeadSort.BEST, TODAY, 0)


def _counts(**filter: object) -> Question:
    chosen = LeadFilter.model_validate(filter)
    return lambda of: lead_choices.counts(of.owner, chosen, None)


def _next_call(sort: LeadSort = LeadSort.BEST, **filter: object) -> Question:
    chosen = LeadFilter.model_validate(filter)
    return lambda of: call_list.upcoming(of.owner, chosen, sort, TODAY, ())


def _clusters(box: Box, zoom: int) -> Question:
    view = View(box=box, zoom=zoom)
    return lambda of: mapping.clusters(of.owner, None, LeadFilter(), TODAY, view, ColourBy.REACH)


_PLACE = {"label": "Kallio", "lat": 60.184, "lon": 24.95}
_SINCE, _BEFORE = _NOW - timedelta(days=7), _NOW - timedelta(days=358)
_FILTERS: Mapping[str, Question] = {
    "a word": _page(text="kahvila"),
    "a rare word": _page(text="kahvila 10"),
    "two words": _page(text="helsinki caf"),
    "a place": _page(place="00100 helsinki"),
    "near a place": _page(near={**_PLACE, "km": 1}),
    "very near": _page(near={**_PLACE, "km": 0.1}),
    "near, elsewhere": _page(near={**_PLACE, "lat": 63.1, "km": 5}),
    "an area": _page(box=_HELSINKI),
    "a small area": _page(box=Box(26.0, 62.0, 26.02, 62.01)),
    "category": _page(category="amenity=restaurant"),
    "two categories": _page(category=("shop=bakery", "amenity=bar")),
    "confidence over 90": _page(min_confidence=90),
    "reach over 90": _page(min_reach=90),
    "reach over 99": _page(min_reach=100),
    "with a phone": _page(has_phone=True),
    "with a mobile number": _page(has_mobile=True),
    "without a phone": _page(has_phone=False),
    "with a website": _page(has_website=True),
    "with e-mail": _page(has_email=True),
    "without e-mail": _page(has_email=False),
    "opening hours": _page(has_hours=True),
    "open now": _page(is_open=True),
    "open now, by city": _page(LeadSort.CITY, is_open=True),
    "closed now": _page(is_open=False),
    "profile": _page(has_profile=True),
    "e-mail status": _page(status="invalid"),
    "personal address": _page(email_kind=EmailKind.PERSONAL),
    "free address": _page(email_kind=EmailKind.FREE),
    "of a chain": _page(is_chain=True),
    "independent": _page(is_chain=False),
    "customers": _page(is_customer=True),
    "exported": _page(is_exported=True),
    "not exported": _page(is_exported=False),
    "exported this week": _page(exported_since=_SINCE),
    "exported long ago": _page(exported_before=_BEFORE),
    "on the suppression list": _page(is_suppressed=True),
    "not suppressed": _page(is_suppressed=False),
    "open now, a word": _page(text="kahvila", is_open=True),
    "mobile, not exported": _page(LeadSort.CITY, has_mobile=True, is_exported=False),
    "source": _page(source="openstreetmap"),
    "a rare source": _page(source="google_places"),
    "a campaign": _campaign,
    "found this week": _page(LeadSort.NEWEST, found_since=_SINCE),
    "found this week, best": _page(found_since=_SINCE),
    "found long ago": _page(LeadSort.NEWEST, found_before=_BEFORE),
    "seen this week": _page(LeadSort.LAST_SEEN, seen_since=_SINCE),
    "seen long ago": _page(seen_before=_BEFORE),
    "for nothing": _page(max_cost_micros=0),
    "dear": _page(min_cost_micros=59_000),
    "status": _page(team_status=TeamStatus.WON),
    "mine": _own(LeadSort.NAME),
    "mine, won": _own(LeadSort.NAME, team_status=TeamStatus.WON),
    "without owner": _page(has_owner=False),
    "tag": _page(tag="tag 7"),
    "two tags": _page(tag=("tag 7", "tag 8")),
    "won or lost": _page(team_status=(TeamStatus.WON, TeamStatus.LOST)),
    "due": _page(LeadSort.FOLLOW_UP, follow_up=FollowUp.DUE),
    "overdue": _page(LeadSort.FOLLOW_UP, follow_up=FollowUp.OVERDUE),
    "three at once": _page(LeadSort.CITY, has_phone=True, category="amenity=cafe", text="kahvila"),
    "nothing": _page(text="xyzzy", has_phone=True),
}
QUESTIONS: Mapping[str, Question] = {
    "first page": _page(),
    **{f"by {sort.value}": _page(sort) for sort in LeadSort},
    **{f"last page, {sort.value}": _deep(sort) for sort in (LeadSort.BEST, LeadSort.NAME, LeadSort.NEWEST)},
    **_FILTERS,
    "counts of all": _counts(),
    "counts of some": _counts(has_email=True, team_status=TeamStatus.NEW),
    "what can be chosen": lambda of: book.choices(of.owner),
    "a company": lambda of: book.company(of.owner, of.some_company),
    "home": lambda of: home.look(of.owner, TODAY),
    "next call": _next_call(),
    "next call, by city": _next_call(LeadSort.CITY, has_email=True),
    "next call, open now": _next_call(is_open=True),
    "a map's streets": _clusters(Box(24.945, 60.168, 24.955, 60.172), 16),
}
