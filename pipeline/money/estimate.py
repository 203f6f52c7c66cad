"""What a campaign would find, cost and take, before it is ordered: ranges that hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.campaign import CampaignSpec
from pipeline.money.expectations import unasked
from pipeline.money.outlook import Candidate, Expectation, Outlook, ProviderFigures, begin
from pipeline.money.plan_warnings import Warning
from pipeline.money.shares import DRAWS, HARDLY, Numbers, Reals, Share, Truths, between, span
from pipeline.place import Area
from pipeline.providers.declaration import Kind, ProviderSpec

_START_S = (0.3, 3.0)
_LEAD_S, _RECORD_S = 0.02, 0.001
_PACE = (0.2, 2.2)
# A campaign starts, merges so many records and stores so many leads; `bench.campaign` measures the lower ends on two
# cores, a busy machine comes near the higher ones.


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCalls:
    """How often a provider would be asked, and what that costs, in micro-dollars, each from low to high.

    ``units`` is what is counted: one of it and several.
    """

    provider: str
    label: str
    units: tuple[str, str]
    low: int
    high: int
    cost_low_micros: int
    cost_high_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """``known`` counts matching records of this installation in the area before duplicates are merged. Costs are
    micro-dollars, times seconds."""

    known: int
    area: Area | None
    leads_low: int
    leads_high: int
    cost_low_micros: int
    cost_high_micros: int
    duration_low_s: int
    duration_high_s: int
    message: str
    warnings: tuple[Warning, ...] = ()
    calls: tuple[ExpectedCalls, ...] = ()

    @property
    def area_label(self) -> str | None:
        """The name of the area, None where this installation does not know the place."""
        return self.area.label if self.area else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The same search carried out before: the leads it found, and how often each paid source was asked. ``wanted``
    is how many leads were ordered then."""

    candidates: tuple[Candidate, ...]
    questions: Mapping[str, int]
    wanted: int

    def fills(self, number: int) -> bool:
        """Whether it found so many leads, or all there are."""
        return number <= len(self.candidates) or len(self.candidates) < self.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of an order's businesses without asking anybody.

    ``known`` counts matching records, None where the place is not known. ``candidates`` are the leads that the
    answers at hand make, best first. ``qualified``: how many there are, when not all of them were looked at; their
    shares then tell of the rest. ``is_held`` says of each free source that its answer is at hand. ``familiar``: the
    share of questions about businesses not known yet whose answers may be held; ``running`` counts the workspace's
    other campaigns.
    """

    area: Area | None = None
    known: int | None = None
    candidates: tuple[Candidate, ...] = ()
    qualified: int | None = None
    is_held: Mapping[str, bool] = field(default_factory=dict)
    before: Before | None = None
    familiar: Share = HARDLY
    running: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as the plan sees it: its spec, the sources and steps of it that work here, in the order of a campaign,
    the paid ways to find a place, and the figures of each by its key."""

    spec: CampaignSpec
    types: int = 1
    sources: tuple[ProviderSpec, ...] = ()
    steps: tuple[ProviderSpec, ...] = ()
    locators: tuple[ProviderSpec, ...] = ()
    figures: Mapping[str, ProviderFigures] = field(default_factory=dict)

    def is_known(self, found: Found) -> bool:
        """Whether the number of its businesses is at hand, at least roughly."""
        is_certain = all(found.is_held.get(source.key) for source in self.sources)
        return is_certain or found.before is not None or bool(found.area and found.known)


@dataclass(frozen=True, slots=True)
class Course:
    """An order drawn: what each provider does, and where the campaign is at its end."""

    expected: tuple[tuple[ProviderSpec, Expectation], ...]
    end: Outlook
    total_micros: Numbers

    @property
    def dearest_micros(self) -> int:
        """The most one of its paid questions costs: with less left than that, something may stay undone."""
        prices = [self.end.figures.price_micros]
        return max([*prices, *(exp.after.figures.price_micros for _, exp in self.expected)])

    @property
    def is_short(self) -> bool:
        """Whether the budget may end the campaign."""
        return bool((self._short()).any())

    def _short(self) -> Truths:
        short: Truths = (self.total_micros > 0) & (self.end.left_micros < self.dearest_micros)
        return short

    @property
    def cost_micros(self) -> tuple[int, int]:
        """From low to high. Where the budget ends it, calls on their way decide which of the last ones is still
        paid."""
        if not self.total_micros.any():
            return 0, 0
        low, _ = span(self.total_micros - self._short() * self.dearest_micros)
        _, high = span(self.total_micros)
        return max(0, low), high

    def duration_s(self, order: Order, found: Found) -> tuple[int, int]:
        """From low to high: start, searches, look-ups; those of other campaigns take their turns in between."""
        rng = self.end.rng
        # One course is fast or slow as a whole: the machine and the network are the same for all of it.
        pace: Reals = np.exp(between(rng, *np.log(_PACE)))
        outside: Reals = np.zeros(DRAWS)
        for _, exp in self.expected:
            outside = outside + np.maximum(exp.duration_s * pace, exp.limited_s)
        inside = self.end.leads.sum(axis=1) * _LEAD_S + (found.known or 0) * _RECORD_S
        shared = between(rng, 1.0, 1.0 + found.running)
        low, high = span(between(rng, *_START_S) + (outside + inside * pace) * shared)
        return max(1, low), max(2, high)


def course(order: Order, found: Found) -> Course:
    """The order drawn: every chosen provider in the order of a campaign."""
    outlook = _begun(order, found)
    expected: list[tuple[ProviderSpec, Expectation]] = []
    for provider in _asked(order, found):
        figures = order.figures.get(provider.key, ProviderFigures())
        outlook = replace(outlook, figures=figures)
        if found.before and not provider.kind.is_step:
            result = _as_before(outlook, provider, found.before)
        elif provider.kind is Kind.PLACES and not provider.paid:
            result = unasked(outlook)
        elif provider.expect is not None:
            result = provider.expect(outlook)
        else:
            continue
        expected.append((provider, result))
        outlook = result.after
    total = np.zeros(DRAWS, dtype=np.int64)
    for _, exp in expected:
        total = total + exp.cost_micros
    return Course(tuple(expected), outlook, total)


def estimate(
    order: Order, found: Found, drawn: Course, message: str, warnings: tuple[Warning, ...]
) -> Estimate:
    """The estimate of an order that was drawn, with what is said about it."""
    low_s, high_s = drawn.duration_s(order, found)
    low, high = drawn.cost_micros
    leads_low, leads_high = span(drawn.end.leads.sum(axis=1))
    return Estimate(
        known=found.known or 0,
        area=found.area,
        leads_low=leads_low,
        leads_high=leads_high,
        cost_low_micros=low,
        cost_high_micros=high,
        duration_low_s=low_s,
        duration_high_s=high_s,
        message=message,
        warnings=warnings,
        calls=tuple(
            _calls(provider, exp) for provider, exp in drawn.expected if provider.paid and exp.questions.any()
        ),
    )


def _begun(order: Order, found: Found) -> Outlook:
    """The outlook with what is known; of businesses that were not all looked at, those that were tell of the rest."""
    candidates = found.before.candidates if found.before else found.candidates
    is_sample = found.qualified is not None and not found.before
    outlook = begin(order.spec, () if is_sample else candidates)
    rng = outlook.rng
    outlook = replace(
        outlook,
        known=found.known,
        types=order.types,
        familiar=found.familiar.drawn(rng),
        is_located=np.ones(DRAWS, dtype=bool) if found.area else rng.random(DRAWS) < 0.8,
    )
    if not is_sample:
        return outlook
    wanted = min(order.spec.max_results, found.qualified or 0)
    seen = candidates[: max(1, len(candidates) * wanted // max(1, found.qualified or 1))]
    shares = [
        Share(asked=len(seen), hits=sum(bool(getattr(candidate, name)) for candidate in seen)).drawn(rng)
        for name in ("domain", "email", "has_phone")
    ]
    return outlook.with_more(np.full(DRAWS, wanted, dtype=np.int64), *shares)


def _asked(order: Order, found: Found) -> list[ProviderSpec]:
    """Who is asked for something that is not known yet, in the order of a campaign."""
    free = [source for source in order.sources if not source.paid and not found.is_held.get(source.key)]
    paid = [source for source in order.sources if source.paid]
    locators = order.locators if paid and found.area is None else ()
    everybody = [*free, *locators, *paid, *order.steps]
    return [spec for spec in everybody if not (spec.paid and order.spec.budget_micros == 0)]


def _as_before(outlook: Outlook, provider: ProviderSpec, before: Before) -> Expectation:
    """A search that was made before, and is made again: a page more or less, as businesses come and go; and what it
    takes beyond that where more leads are wanted than were found then."""
    rng, price = outlook.rng, outlook.figures.price_micros
    wanted, had = outlook.spec.max_results, before.questions.get(provider.key, 0)
    if had and wanted < len(before.candidates):
        had = -(-had * wanted // len(before.candidates))
    about = rng.choice((-1, 0, 0, 0, 0, 0, 1), DRAWS) * (provider.kind is Kind.PLACES)
    asked = np.maximum(had + about, min(had, 1)) * (had > 0)
    more = None
    if (
        not before.fills(wanted)
        and provider.paid
        and provider.kind is Kind.PLACES
        and provider.expect is not None
    ):
        more = provider.expect(outlook)
        asked = asked + more.questions
    asked = np.minimum(asked, outlook.left_micros // price) if price else asked
    after = more.after if more else outlook
    return Expectation(
        questions=asked,
        cost_micros=asked * price,
        duration_s=1.0 + asked * 0.4,
        after=replace(after, left_micros=np.maximum(outlook.left_micros - asked * price, 0)),
    )


def _calls(provider: ProviderSpec, expected: Expectation) -> ExpectedCalls:
    low, high = span(expected.questions)
    cost_low, cost_high = span(expected.cost_micros)
    return ExpectedCalls(
        provider=provider.key,
        label=provider.label,
        units=provider.paid[0].counts,
        low=low,
        high=high,
        cost_low_micros=cost_low,
        cost_high_micros=cost_high,
    )
