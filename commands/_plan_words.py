"""A plan at the terminal: in words, as JSON, and what speaks against its order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.campaign import MICROS_PER_USD, CampaignSpec
from pipeline.money.in_book import Customers as KnownCustomers
from pipeline.money.in_book import InBook
from services import campaigns, limits, places, understanding
from services.errors import Refused
from services.limits import LimitRow
from services.planning import Estimate
from ui import plan_figures


def refusals(spec: CampaignSpec, bounds: Sequence[LimitRow]) -> list[str]:
    """Why the order would not be taken; empty when it would."""
    too_much = limits.refusal(bounds, spec.budget_micros)
    said = [too_much] if too_much else []
    try:
        campaigns.check(spec)
    except Refused as refused:
        said.append(str(refused))
    return said


def in_words(spec: CampaignSpec, expected: Estimate, bounds: Sequence[LimitRow]) -> str:
    """What the plan card shows."""
    whom = "Companies of the list" if spec.own_list else "Matching businesses we know of"
    lines = [
        *(reading.told for reading in understanding.readings(spec)),
        f"{whom}: {plan_figures.matching(expected)}",
        f"Expected cost: {plan_figures.cost(expected)}",
        plan_figures.included(expected),
        f"Expected time: {plan_figures.time(expected)}",
        *(f"  {plan_figures.call(call)}" for call in expected.calls),
        plan_figures.kept(expected),
        plan_figures.customers(expected),
        plan_figures.in_book(expected),
        f"Looking in {expected.area_label}" if expected.area_label and not spec.own_list else "",
        expected.message,
        f"Left to spend: {limits.left_in_words(bounds)}" if bounds else "",
        limits.notice(bounds) or "",
        *(warning.message for warning in expected.warnings),
    ]
    return "\n".join(line for line in lines if line)


def as_json(
    spec: CampaignSpec | None,
    expected: Estimate | None,
    bounds: Sequence[LimitRow],
    refusals: Sequence[str],
) -> dict[str, object]:
    """The plan; of an order that makes none, why."""
    left = limits.left(bounds)
    included = expected.included_micros if expected else None
    warnings = [warning.message for warning in expected.warnings] if expected else []
    return {
        "types": _types(spec) if spec else [],
        "place": _place(spec, expected) if spec and not spec.own_list else None,
        "matching": expected.known if expected else 0,
        "in_book": _in_book(expected.in_book) if expected and expected.in_book else None,
        "customers": _customers(expected.customers) if expected and expected.customers else None,
        "calls": [
            {
                "provider": call.provider,
                "low": call.low,
                "high": call.high,
                "cost_low_usd": _usd(call.cost_low_micros),
                "cost_high_usd": _usd(call.cost_high_micros),
            }
            for call in (expected.calls if expected else ())
        ],
        "cost_low_usd": _usd(expected.cost_low_micros if expected else 0),
        "cost_high_usd": _usd(expected.cost_high_micros if expected else 0),
        "included_usd": included and {"low": _usd(included[0]), "high": _usd(included[1])},
        "left_usd": {
            period.value: _usd(left[period].left_micros) if period in left else None
            for period in limits.Period
        },
        "duration_low_s": expected.duration_low_s if expected else 0,
        "duration_high_s": expected.duration_high_s if expected else 0,
        "warnings": list(dict.fromkeys((*warnings, *refusals))),
    }


def _in_book(book: InBook) -> dict[str, object]:
    """How many of the businesses known are in the book, and what leaving those out saves, where that can be told."""
    saved = book.saved
    return {
        "known": book.known,
        "of": book.of,
        "is_whole": book.is_whole and not book.asked,
        "saved": saved
        and {
            "look_ups_low": saved.look_ups[0],
            "look_ups_high": saved.look_ups[1],
            "cost_low_usd": _usd(saved.cost_micros[0]),
            "cost_high_usd": _usd(saved.cost_micros[1]),
        },
    }


def _customers(told: KnownCustomers) -> dict[str, object]:
    """How many of the businesses known are customers."""
    return {"known": told.number, "of": told.of, "is_whole": told.is_whole and not told.asked}


def _place(spec: CampaignSpec, expected: Estimate | None) -> dict[str, object] | None:
    """What the location is taken for, or what it may mean; None when nobody here knows of anything."""
    area = expected.area if expected else None
    try:
        candidates = places.meaning(spec.location).candidates
    except Refused:
        return None
    if area is None and not candidates:
        return None
    return {
        "label": area.label if area else None,
        "country": area.country if area else None,
        "candidates": [
            {"label": item.label, "country": item.country, "businesses": item.businesses}
            for item in candidates
        ],
    }


def _types(spec: CampaignSpec) -> list[dict[str, object]]:
    """What each typed type of business is taken for, how, and what else it may mean."""
    return [
        {
            "typed": reading.understood.typed,
            "label": reading.understood.label,
            **_tags(reading.understood.tags),
            "how": reading.understood.how,
            "words": list(reading.understood.words),
            "left_out": list(reading.understood.left_out),
            "place": reading.understood.place,
            "known": reading.known,
            "alternatives": [
                {"label": offer.label, **_tags(offer.tags), "known": offer.known} for offer in reading.offers
            ],
        }
        for reading in understanding.readings(spec)
    ]


def _tags(kinds: Sequence[str]) -> dict[str, object]:
    """Every tag that takes part, and which of them together make a kind: any of the kinds is meant."""
    together = [kind.split("+") for kind in kinds]
    return {"tags": list(dict.fromkeys(tag for tags in together for tag in tags)), "any_of": together}


def _usd(micros: int) -> str:
    """An amount in US dollars, as `campaign --json` writes it."""
    return f"{Decimal(micros) / MICROS_PER_USD:f}"
