"""What a plan comes to, put together for programs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pipeline.campaign import MICROS_PER_USD, CampaignSpec
from pipeline.money.estimate import Estimate, ExpectedCalls
from pipeline.money.in_book import InBook
from services import campaigns, limits, places, understanding
from services.errors import Refused
from services.limits import LimitRow
from services.plan_model import (
    Alternative,
    KnownCustomers,
    KnownInBook,
    Left,
    PlaceCandidate,
    Plan,
    PlannedCalls,
    PlannedPlace,
    PlannedType,
    Range,
    Saved,
)


def refusals(spec: CampaignSpec, bounds: Sequence[LimitRow]) -> list[str]:
    """Why the order would not be taken; empty when it would."""
    too_much = limits.refusal(bounds, spec.budget_micros)
    said = [too_much] if too_much else []
    try:
        campaigns.check(spec)
    except Refused as refused:
        said.append(str(refused))
    return said


def facts(
    spec: CampaignSpec | None,
    expected: Estimate | None,
    bounds: Sequence[LimitRow],
    refused: Sequence[str],
) -> Plan:
    """The plan; of an order that makes none, why."""
    left = limits.left(bounds)
    included = expected.included_micros if expected else None
    warnings = [warning.message for warning in expected.warnings] if expected else []
    return Plan(
        types=_types(spec) if spec else (),
        place=_place(spec, expected) if spec and not spec.own_list else None,
        matching=expected.known if expected else 0,
        leads_low=expected.leads_low if expected else 0,
        leads_high=expected.leads_high if expected else 0,
        in_book=_in_book(expected.in_book) if expected and expected.in_book else None,
        customers=_customers(expected) if expected else None,
        calls=tuple(map(_calls, expected.calls)) if expected else (),
        cost_low_usd=usd(expected.cost_low_micros if expected else 0),
        cost_high_usd=usd(expected.cost_high_micros if expected else 0),
        included_usd=Range(low=usd(included[0]), high=usd(included[1])) if included else None,
        left_usd=Left.model_validate({period.value: usd(row.left_micros) for period, row in left.items()}),
        duration_low_s=expected.duration_low_s if expected else 0,
        duration_high_s=expected.duration_high_s if expected else 0,
        message=expected.message if expected else "",
        warnings=tuple(dict.fromkeys((*warnings, *refused))),
        refusals=tuple(refused),
    )


def usd(micros: int) -> str:
    """An amount in US dollars, as ``campaign --json`` writes it."""
    return f"{Decimal(micros) / MICROS_PER_USD:f}"


def _calls(call: ExpectedCalls) -> PlannedCalls:
    return PlannedCalls(
        provider=call.provider,
        low=call.low,
        high=call.high,
        cost_low_usd=usd(call.cost_low_micros),
        cost_high_usd=usd(call.cost_high_micros),
    )


def _in_book(book: InBook) -> KnownInBook:
    saved = book.saved and Saved(
        look_ups_low=book.saved.look_ups[0],
        look_ups_high=book.saved.look_ups[1],
        cost_low_usd=usd(book.saved.cost_micros[0]),
        cost_high_usd=usd(book.saved.cost_micros[1]),
    )
    return KnownInBook(known=book.known, of=book.of, is_whole=book.is_whole and not book.asked, saved=saved)


def _customers(expected: Estimate) -> KnownCustomers | None:
    told = expected.customers
    if told is None:
        return None
    return KnownCustomers(known=told.number, of=told.of, is_whole=told.is_whole and not told.asked)


def _place(spec: CampaignSpec, expected: Estimate | None) -> PlannedPlace | None:
    """What the location is taken for, or what it may mean; None when nobody here knows of anything."""
    area = expected.area if expected else None
    try:
        candidates = places.meaning(spec.location).candidates
    except Refused:
        return None
    if area is None and not candidates:
        return None
    return PlannedPlace(
        label=area.label if area else None,
        country=area.country if area else None,
        candidates=tuple(
            PlaceCandidate(label=item.label, country=item.country, businesses=item.businesses)
            for item in candidates
        ),
    )


def _types(spec: CampaignSpec) -> tuple[PlannedType, ...]:
    """What each typed type of business is taken for, how, and what else it may mean."""
    return tuple(
        PlannedType(
            typed=reading.understood.typed,
            label=reading.understood.label,
            **_tags(reading.understood.tags),
            how=reading.understood.how,
            words=tuple(reading.understood.words),
            left_out=tuple(reading.understood.left_out),
            place=reading.understood.place,
            known=reading.known,
            alternatives=tuple(
                Alternative(label=offer.label, **_tags(offer.tags), known=offer.known)
                for offer in reading.offers
            ),
        )
        for reading in understanding.readings(spec)
    )


def _tags(kinds: Sequence[str]) -> dict[str, Any]:
    """Every tag that takes part, and which of them together make a kind: any of the kinds is meant."""
    together = tuple(tuple(kind.split("+")) for kind in kinds)
    return {"tags": tuple(dict.fromkeys(tag for tags in together for tag in tags)), "any_of": together}
