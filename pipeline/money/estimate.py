"""What a campaign would find, cost and take, before it is ordered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.campaign import CampaignSpec
from pipeline.money.outlook import Expectation, Outlook
from pipeline.output.notices import around, meaningless_types, nothing_found, unknown_location
from pipeline.place import Area
from pipeline.providers.declaration import Kind, ProviderSpec
from pipeline.words.categories import match_types

# Start of a campaign, businesses merged and scored a second, leads stored a second. `bench.campaign` measures
# several times as fast on two cores; a busy machine keeps these.
_START_S = 2
_BUSINESSES_PER_S = 1000
_LEADS_PER_S = 100
# Of businesses found, so many have a site of their own, and of those so many an address that somebody knows: our
# starting point until an installation has figures of its own.
WEBSITE_SHARE = 0.7
EMAIL_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCalls:
    """How often a provider would be asked, and what that costs, in micro-dollars."""

    provider: str
    label: str
    low: int
    high: int
    cost_low_micros: int
    cost_high_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFigures:
    """What asking a provider costs and how it goes here: price of one question in micro-dollars, share of questions
    that found something (0-1), and questions a second it allows, None without a limit."""

    price_micros: int = 0
    hit_share: float = EMAIL_SHARE
    per_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """``known`` counts matching records in the area before duplicates are merged. Costs are micro-dollars."""

    known: int
    area_label: str | None
    cost_low_micros: int
    cost_high_micros: int
    duration_s: int
    message: str
    calls: tuple[ExpectedCalls, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as the plan sees it: its spec, the sources and steps of it that work here, in the order of a campaign,
    and the figures of each by its key."""

    spec: CampaignSpec
    sources: tuple[ProviderSpec, ...] = ()
    steps: tuple[ProviderSpec, ...] = ()
    figures: Mapping[str, ProviderFigures]


def estimate(order: Order, area: Area | None, known: int) -> Estimate:
    """The estimate for an order, given the area its location means and the matching records in it.

    Open data is free, so a campaign with no paid part costs nothing whatever its budget.
    """
    spec = order.spec
    expected = _expected(order, known)
    calls = tuple(_calls(provider, found) for provider, found in expected if provider.paid and found.high)
    searched = any(provider.kind is Kind.PLACES and found.high for provider, found in expected)
    leads = spec.max_results if searched else min(known, spec.max_results)
    high = sum(call.cost_high_micros for call in calls)
    low = min(sum(call.cost_low_micros for call in calls), spec.budget_micros)
    outside_s = sum(found.duration_s for _, found in expected)
    return Estimate(
        known=known,
        area_label=area.label if area else None,
        cost_low_micros=low,
        cost_high_micros=min(high, spec.budget_micros),
        duration_s=_START_S + known // _BUSINESSES_PER_S + leads // _LEADS_PER_S + round(outside_s),
        message=_message(order, area, known, high, bool(calls)),
        calls=calls,
    )


def _expected(order: Order, known: int) -> list[tuple[ProviderSpec, Expectation]]:
    """What each chosen provider would do, in the order of a campaign."""
    spec = order.spec
    free = known if any(not source.paid for source in order.sources) else 0
    outlook = Outlook(spec=spec, known=free, leads=min(known, spec.max_results), with_domain=0)
    found: list[tuple[ProviderSpec, Expectation]] = []
    for provider in (*order.sources, *order.steps):
        if provider.expect is None or (provider.paid and spec.budget_micros == 0):
            continue
        figures = order.figures.get(provider.key, ProviderFigures())
        expected = provider.expect(
            replace(
                outlook,
                price_micros=figures.price_micros,
                hit_share=figures.hit_share,
                per_s=figures.per_s,
                with_domain=math.ceil(outlook.leads * WEBSITE_SHARE),
            )
        )
        found.append((provider, expected))
        outlook = expected.after
        if provider.kind is Kind.PLACES and expected.high:
            outlook = replace(outlook, leads=spec.max_results)
    return found


def _calls(provider: ProviderSpec, expected: Expectation) -> ExpectedCalls:
    return ExpectedCalls(
        provider=provider.key,
        label=provider.label,
        low=expected.low,
        high=expected.high,
        cost_low_micros=expected.cost_low_micros,
        cost_high_micros=expected.cost_high_micros,
    )


def _message(order: Order, area: Area | None, known: int, high_micros: int, is_paid: bool) -> str:
    spec = order.spec
    if not match_types(spec.business_types):
        return meaningless_types(spec)
    if area is None:
        return unknown_location(spec)
    asks_elsewhere = any(source.endpoint for source in order.sources)
    if not known and not asks_elsewhere:
        return nothing_found(spec, area)
    where = around(spec, area)
    money = _money_message(order, high_micros, is_paid)
    if known < spec.max_results:
        rest = (
            "The chosen sources are searched for more."
            if asks_elsewhere
            else f"so the list cannot reach {spec.max_results:,} leads."
        )
        joint = ". " if asks_elsewhere else ", "
        end = f" {money}" if spec.waterfall or asks_elsewhere else ""
        how_many = f"Only {known:,} are" if known > 1 else "Only one is" if known else "None is"
        return f"{how_many} known {where}{joint}{rest}{end}"
    return (
        f"{known:,} are known {where}. The best {spec.max_results:,} that reach a confidence of "
        f"{spec.min_confidence} become leads. {money}"
    )


def _money_message(order: Order, high_micros: int, is_paid: bool) -> str:
    spec = order.spec
    if is_paid and high_micros > spec.budget_micros:
        return f"The budget of ${spec.budget_usd:,.2f} may end it early; what was found by then is kept."
    if is_paid:
        return "Only answers are paid for, and never one that is already held."
    if spec.budget_micros == 0 and any(provider.paid for provider in (*order.sources, *order.steps)):
        return "With a budget of $0 nothing that costs money is asked."
    return "Open data costs nothing."
