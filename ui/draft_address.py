"""The order being typed in the address of its page: every field of it, also what is usual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from uuid import UUID

import streamlit as st

from pipeline.campaign import (
    CRITERIA,
    CUSTOMERS_ARE_SKIPPED,
    CampaignSpec,
    KnownCompanies,
)
from pipeline.order_limits import bounds, default_of
from pipeline.output.order_errors import unreadable
from pipeline.providers.registry import registry
from pipeline.scoring.switches import SWITCHES
from pipeline.words.register_tags import SIZES
from services import providers
from services.providers import Choice
from ui import address
from ui.typed_numbers import as_text, number, whole_number

# Each field of the order and the key of its widget, which is its name in the address too.
KEYS = {
    "business_types": "type",
    "by_name": "name",
    "location": "where",
    "radius_km": "radius",
    "max_results": "count",
    "min_confidence": "min",
    "min_reach": "reach",
    "independents_only": "independents",
    "chains_only": "chains",
    "with_website": "website",
    "without_website": "nowebsite",
    "with_hours": "hours",
    "min_rating": "rating",
    "min_reviews": "reviews",
    "founded_since": "founded",
    "company_sizes": "size",
    "known_companies": "known",
    "skip_customers": "customers",
    "budget_usd": "budget",
    "sources": "source",
    "waterfall": "lookup",
    **dict(zip(CRITERIA, ("must", "nice", "mustnot"), strict=True)),
    "own_list": "list",
}
FORMER_MINIMUM = "score"
"""In the address the minimum of the single figure that an order of an earlier version had."""
_CHOICES = ("sources", "waterfall")
_SWITCHES = {**dict.fromkeys(SWITCHES, False), "skip_customers": CUSTOMERS_ARE_SKIPPED}
"""What is on or off, each with what it usually is."""
# Far more than an order may hold, so that what is too much is told and not cut off.
_MOST_ITEMS, _LONGEST_TEXT = 50, 20_000
_UNREAD = "draft_unread"


def fill() -> None:
    """Before the fields are drawn: on arrival, give each what the address has for it, or what is usual."""
    sources, steps = providers.defaults()
    address.seed(
        {
            KEYS["business_types"]: lambda values: [text for text in values if text.strip()][:_MOST_ITEMS],
            KEYS["by_name"]: lambda values: list(values)[:_MOST_ITEMS],
            **{KEYS[field]: lambda values: list(values)[:_MOST_ITEMS] for field in CRITERIA},
            KEYS["location"]: lambda values: address.one(values)[:_LONGEST_TEXT] or None,
            KEYS["radius_km"]: _number("radius_km", number, None),
            KEYS["max_results"]: _number("max_results", whole_number, int(default_of("max_results"))),
            KEYS["budget_usd"]: _number("budget_usd", number, default_of("budget_usd")),
            KEYS["min_confidence"]: _percent("min_confidence"),
            KEYS["min_reach"]: _percent("min_reach"),
            **{KEYS[field]: partial(_is_on, usual) for field, usual in _SWITCHES.items()},
            KEYS["min_rating"]: _number("min_rating", number, None),
            **{KEYS[field]: _number(field, whole_number, None) for field in ("min_reviews", "founded_since")},
            KEYS["company_sizes"]: _sizes,
            KEYS["known_companies"]: _known,
            KEYS["sources"]: _choices("sources", providers.sources(), sources),
            KEYS["waterfall"]: _choices("waterfall", providers.steps(), steps),
        },
        subject="new campaign",
    )


def as_query() -> dict[str, list[str]]:
    """The form as it stands, as the address has it."""
    unread = _unread()
    query = {}
    for field, key in KEYS.items():
        if key not in st.session_state:
            query[key] = st.query_params.get_all(key)
        elif field in unread and blocking(field):
            query[key] = unread[field]
        else:
            query[key] = _texts(field, st.session_state[key])
    return query


def query_of(spec: CampaignSpec) -> dict[str, str | Sequence[str]]:
    """The address of the form that is filled with an order placed before, whatever is usual by now."""
    values: dict[str, object] = {field: getattr(spec, field) for field in KEYS}
    values |= {field: [registry().order_label(key) for key in getattr(spec, field)] for field in _CHOICES}
    query = {KEYS[field]: _texts(field, value) for field, value in values.items()}
    if spec.min_score is not None:
        query[FORMER_MINIMUM] = [str(spec.min_score)]
    return {key: value for key, value in query.items() if value}


def query_of_list(
    list_id: UUID, companies: int, *, is_of_book: bool, budget_usd: Decimal = Decimal(0)
) -> dict[str, str | Sequence[str]]:
    """The address of the form for an order of an own list, with all of its companies; those chosen from the book are
    looked up anew."""
    query = {KEYS["own_list"]: str(list_id), KEYS["max_results"]: str(companies)}
    if is_of_book:
        query[KEYS["known_companies"]] = KnownCompanies.REFRESH.value
    return {**query, **({KEYS["budget_usd"]: f"{budget_usd:f}"} if budget_usd else {})}


def own_list() -> UUID | None:
    """The own list the address names, if it names one."""
    try:
        return UUID(address.one(st.query_params.get_all(KEYS["own_list"])))
    except ValueError:
        return None


def unread_sentences() -> dict[str, str]:
    """What the address had and no field could take, as a sentence for each such field."""
    return {field: unreadable(field, texts) for field, texts in _unread().items()}


def blocking(field: str) -> bool:
    """Whether an order has to wait until an unread value of ``field`` was typed anew: an amount must not become
    another one in silence, while a choice that cannot be made here is left out and said to be."""
    return field not in (*_CHOICES, "known_companies", "company_sizes")


def forget_unread(field: str) -> None:
    """A callback: the person changed ``field``, so what the address had for it counts no longer."""
    _unread().pop(field, None)


def _unread() -> dict[str, list[str]]:
    found: dict[str, list[str]] = st.session_state.setdefault(_UNREAD, {})
    return found


def _texts(field: str, value: object) -> list[str]:
    if isinstance(value, list | tuple):
        # An empty choice is one, too: without a word the usual one would come back.
        return [str(item) for item in value] or ([""] if field in _CHOICES else [])
    if isinstance(value, bool):
        return [] if value is _SWITCHES[field] else [str(value).lower()]
    if value in (None, "", KnownCompanies.INCLUDE):
        return []
    return [as_text(float(value)) if isinstance(value, int | float | Decimal) else str(value)]


def _is_on(usual: bool, values: Sequence[str]) -> bool:
    return {"true": True, "false": False}.get(address.one(values).casefold(), usual)


def _known(values: Sequence[str]) -> str:
    forget_unread("known_companies")
    text = address.one(values).casefold()
    if text in list(KnownCompanies):
        return text
    if text:
        _unread()["known_companies"] = [text[:80]]
    return KnownCompanies.INCLUDE.value


def _sizes(values: Sequence[str]) -> list[str]:
    forget_unread("company_sizes")
    given = [text.casefold() for text in values]
    if unknown := [text[:80] for text in values if text and text.casefold() not in SIZES][:_MOST_ITEMS]:
        _unread()["company_sizes"] = unknown
    return [size for size in SIZES if size in given]


def _number(
    field: str, read: Callable[[str], float], usual: float | None
) -> Callable[[Sequence[str]], float | None]:
    def _read(values: Sequence[str]) -> float | None:
        forget_unread(field)
        text = address.one(values)
        if not text.strip():
            return usual
        try:
            return read(text)
        except ValueError:
            _unread()[field] = [text[:_LONGEST_TEXT]]
            return None

    return _read


def _percent(field: str) -> Callable[[Sequence[str]], int]:
    least, most = bounds(field)
    usual = default_of(field)

    def _read(values: Sequence[str]) -> int:
        found = _number(field, whole_number, usual)(values)
        return int(usual if found is None else min(max(found, least), most))

    return _read


def _choices(
    field: str, offers: Sequence[Choice], usual: Sequence[str]
) -> Callable[[Sequence[str]], list[str]]:
    possible = [offer.label for offer in offers if not offer.why_not]

    def _read(values: Sequence[str]) -> list[str]:
        forget_unread(field)
        if not values:
            return [offer.label for offer in offers if offer.value in usual and not offer.why_not]
        if unknown := [text[:80] for text in values if text and text not in possible][:_MOST_ITEMS]:
            _unread()[field] = unknown
        return [text for text in dict.fromkeys(values) if text in possible]

    return _read
