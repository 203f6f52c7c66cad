"""The course of a campaign, drawn before it starts: every chosen provider in its turn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipeline.campaign import KnownCompanies
from pipeline.money.expectations import unasked
from pipeline.money.orders import Before, Found, Order
from pipeline.money.outlook import Candidate, Expectation, Outlook, ProviderFigures, begin
from pipeline.money.shares import DRAWS, NEVER, Numbers, Reals, Share, Truths, between, span
from pipeline.providers.declaration import Kind, ProviderSpec
from pipeline.scoring.ceiling import most_before_look_ups, out_of_reach
from pipeline.scoring.demands import in_vain

_START_S = (0.1, 5.0)
_LEAD_S, _RECORD_S = 0.02, 0.0006
_PACE = (0.2, 2.5)
# A campaign starts, merges so many records and stores so many leads; `bench.campaign` measures the lower ends on two
# cores, a busy machine comes near the higher ones.


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
        """From low to high: start, searches, look-ups; those of other campaigns take their turns in between. What is
        asked of several providers overlaps: wholly at best, hardly at worst."""
        rng = self.end.rng
        # One course is fast or slow as a whole: the machine and the network are the same for all of it.
        pace: Reals = np.exp(between(rng, *np.log(_PACE)))
        parts = [
            np.zeros(DRAWS),
            *(np.maximum(exp.duration_s * pace, exp.limited_s) for _, exp in self.expected),
        ]
        longest, one_by_one = np.max(parts, axis=0), np.sum(parts, axis=0)
        outside: Reals = longest + (one_by_one - longest) * between(rng, 0.0, 1.0)
        inside = self.end.leads.sum(axis=1) * _LEAD_S + (found.known or 0) * _RECORD_S
        shared = between(rng, 1.0, 1.0 + found.running)
        low, high = span(between(rng, *_START_S) + (outside + inside * pace) * shared)
        return max(1, low), max(2, high)


def course(order: Order, found: Found) -> Course:
    """The order drawn: every chosen provider in the order of a campaign."""
    if order.spec.refreshes:
        order, found = _anew(order, found)
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


def included_micros(order: Order, found: Found) -> tuple[int, int]:
    """What an order that refreshes would cost if it used what is held, in micro-dollars from low to high."""
    spec = order.spec.model_copy(update={"known_companies": KnownCompanies.INCLUDE})
    return course(replace(order, spec=spec), found).cost_micros


def _anew(order: Order, found: Found) -> tuple[Order, Found]:
    """What is known when no look-up uses what is held: what one came to before still tells what it will come to."""

    def asked_anew(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        return tuple(replace(candidate, is_verified=False) for candidate in candidates)

    steps = {step.key for step in order.steps}
    figures = {key: replace(each, held={}) if key in steps else each for key, each in order.figures.items()}
    before = found.before and replace(found.before, candidates=asked_anew(found.before.candidates))
    candidates = asked_anew(found.candidates)
    return replace(order, figures=figures), replace(
        found, candidates=candidates, before=before, familiar=NEVER
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
    if found.left_out:
        outlook = replace(outlook, in_book=found.left_out.drawn(rng)[:, 0])
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
    # As the campaign does it: nothing of what is bought could become a lead.
    is_in_reach = not out_of_reach(order.spec, most_before_look_ups(order.sources))
    paid = [
        source
        for source in order.sources
        if source.paid and is_in_reach and not in_vain(order.spec, source, order.sources)
    ]
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
    about = rng.choice((-1, 0, 1), DRAWS, p=(0.01, 0.94, 0.05)) * (provider.kind is Kind.PLACES)
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
