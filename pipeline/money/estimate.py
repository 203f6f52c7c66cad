"""What a campaign would find, cost and take, before it is ordered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.campaign import CampaignSpec, Source, Step
from pipeline.money.calls import Prices, Provider
from pipeline.output.notices import around, meaningless_types, nothing_found, unknown_location
from pipeline.place import Area
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
_PAGE = 20
_SEARCH_S = 0.6
_LOOK_UP_S = 0.8
_CHECK_S = 1.5
_SITE_S = 2.0
_AT_ONCE = 24
# The low end of an estimate assumes half the usual hits, the high end that everybody who is asked finds something.
_LOW = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCalls:
    """How often a provider would be asked, and what that costs, in micro-dollars."""

    provider: Provider
    low: int
    high: int
    cost_low_micros: int
    cost_high_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What paid look-ups cost and how they go here. ``hits`` is the share of look-ups that found something;
    ``per_s`` the calls a provider allows a second; a provider that is not in ``on`` is not asked."""

    prices: Prices
    on: frozenset[Provider] = frozenset()
    hits: Mapping[Provider, float]
    per_s: Mapping[Provider, float]


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


def first_price_micros(spec: CampaignSpec, prices: Prices) -> int | None:
    """What the first paid call of an order would cost; None for an order without any."""
    if Source.GOOGLE_PLACES in spec.sources:
        return prices.google_text_search_micros
    priced = {Step.HUNTER: prices.hunter_credit_micros, Step.NEVERBOUNCE: prices.neverbounce_check_micros}
    return min((priced[step] for step in spec.waterfall if step in priced), default=None)


def dearest_price_micros(spec: CampaignSpec, prices: Prices) -> int:
    """The most one of an order's paid calls costs: with less left, something may stay undone. 0 without any."""
    priced = {Step.HUNTER: prices.hunter_credit_micros, Step.NEVERBOUNCE: prices.neverbounce_check_micros}
    each = [priced[step] for step in spec.waterfall if step in priced]
    if Source.GOOGLE_PLACES in spec.sources:
        each.append(prices.google_text_search_micros)
    return max(each, default=0)


def estimate(spec: CampaignSpec, area: Area | None, known: int, market: Market | None = None) -> Estimate:
    """The estimate for an order, given the area its location means and the matching records in it.

    Open data is free, so a campaign with no paid part costs nothing whatever its budget.
    """
    calls = _calls(spec, known, market) if market else ()
    leads = _leads(spec, known, calls)
    high = sum(call.cost_high_micros for call in calls)
    low = min(sum(call.cost_low_micros for call in calls), spec.budget_micros)
    return Estimate(
        known=known,
        area_label=area.label if area else None,
        cost_low_micros=low,
        cost_high_micros=min(high, spec.budget_micros),
        duration_s=_START_S
        + known // _BUSINESSES_PER_S
        + leads // _LEADS_PER_S
        + _paid_s(spec, leads, calls, market),
        message=_message(spec, area, known, high, bool(calls)),
        calls=calls,
    )


def _leads(spec: CampaignSpec, known: int, calls: tuple[ExpectedCalls, ...]) -> int:
    searched = any(call.provider is Provider.GOOGLE_PLACES for call in calls)
    return spec.max_results if searched else min(known, spec.max_results)


def _calls(spec: CampaignSpec, known: int, market: Market) -> tuple[ExpectedCalls, ...]:
    """The paid calls, in the order they would be made."""
    if spec.budget_micros == 0:
        return ()
    found: list[ExpectedCalls] = []
    free = known if set(spec.sources) - {Source.GOOGLE_PLACES} else 0
    missing = max(0, spec.max_results - free)
    if Source.GOOGLE_PLACES in spec.sources and Provider.GOOGLE_PLACES in market.on and missing:
        pages = math.ceil(missing / _PAGE)
        price = market.prices.google_text_search_micros
        found.append(_expected(Provider.GOOGLE_PLACES, pages, pages * 2, price, price))
    leads = spec.max_results if found else min(known, spec.max_results)
    with_site = math.ceil(leads * WEBSITE_SHARE)
    hits = market.hits.get(Provider.HUNTER, EMAIL_SHARE)
    if Step.HUNTER in spec.waterfall and Provider.HUNTER in market.on and with_site:
        price = market.prices.hunter_credit_micros
        cost_low = round(with_site * hits * _LOW) * price
        found.append(
            ExpectedCalls(
                provider=Provider.HUNTER,
                low=math.ceil(with_site * _LOW),
                high=with_site,
                cost_low_micros=cost_low,
                cost_high_micros=with_site * price,
            )
        )
    if Step.NEVERBOUNCE in spec.waterfall and Provider.NEVERBOUNCE in market.on and leads:
        price = market.prices.neverbounce_check_micros
        low = math.ceil(with_site * hits * _LOW)
        found.append(_expected(Provider.NEVERBOUNCE, low, max(low, with_site), price, price))
    return tuple(found)


def _expected(provider: Provider, low: int, high: int, price_low: int, price_high: int) -> ExpectedCalls:
    return ExpectedCalls(
        provider=provider,
        low=low,
        high=high,
        cost_low_micros=low * price_low,
        cost_high_micros=high * price_high,
    )


def _paid_s(spec: CampaignSpec, leads: int, calls: tuple[ExpectedCalls, ...], market: Market | None) -> int:
    """Seconds the network takes: searches one after the other, then the slowest of the look-ups, then a check."""
    by = {call.provider: call for call in calls}
    search_s = by[Provider.GOOGLE_PLACES].low * _SEARCH_S if Provider.GOOGLE_PLACES in by else 0.0
    sites_s = leads * WEBSITE_SHARE * _SITE_S / _AT_ONCE if Step.WEBSITE in spec.waterfall else 0.0
    look_ups_s = 0.0
    if market and Provider.HUNTER in by:
        asked = by[Provider.HUNTER].high
        look_ups_s = max(asked * _LOOK_UP_S / _AT_ONCE, asked / market.per_s.get(Provider.HUNTER, 15.0))
    check_s = _CHECK_S if Provider.NEVERBOUNCE in by else 0.0
    return round(search_s + sites_s + look_ups_s + check_s)


def _message(spec: CampaignSpec, area: Area | None, known: int, high_micros: int, is_paid: bool) -> str:
    if not match_types(spec.business_types):
        return meaningless_types(spec)
    if area is None:
        return unknown_location(spec)
    asks_elsewhere = bool(set(spec.sources) - {Source.OPEN_DATA})
    if not known and not asks_elsewhere:
        return nothing_found(spec, area)
    where = around(spec, area)
    money = _money_message(spec, high_micros, is_paid)
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


def _money_message(spec: CampaignSpec, high_micros: int, is_paid: bool) -> str:
    paid_steps = [step for step in spec.waterfall if step is not Step.WEBSITE]
    if is_paid and high_micros > spec.budget_micros:
        return f"The budget of ${spec.budget_usd:,.2f} may end it early; what was found by then is kept."
    if is_paid:
        return "Only answers are paid for, and never one that is already held."
    if spec.budget_micros == 0 and (paid_steps or Source.GOOGLE_PLACES in spec.sources):
        return "With a budget of $0 nothing that costs money is asked."
    return "Open data costs nothing."
