"""What can be expected before a campaign starts, drawn a thousand times from what is known and what is likely.

A plan cannot know how many companies a search finds or how many addresses Hunter knows. It draws the campaign's
course ``DRAWS`` times: what is known is the same in every course, what is likely differs by its uncertainty. Every
range of the plan is read from the courses. An array has a row for each course and a column for each business that
may become a lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.campaign import CampaignSpec
from pipeline.money.calls import RateLimit
from pipeline.money.shares import DRAWS, EVEN, MOST, SITES, Numbers, Reals, Share, Truths

_SEED = 20_260_101
"""The same order is the same plan, however often it is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A business of which is known, before the start, that it becomes a lead.

    ``told``: what each look-up came to when the workspace had this company before: whether it gave an address, or
    None when the free checks made it needless. ``site_email`` is the address its website showed then.
    ``is_verified``: an address of it was verified for the workspace lately. ``is_in_book``: the book holds it.
    """

    domain: str | None = None
    email: str | None = None
    has_phone: bool = False
    told: Mapping[str, bool | None] = field(default_factory=dict)
    site_email: str | None = None
    is_verified: bool = False
    is_in_book: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFigures:
    """What asking a provider costs and how it goes here.

    ``key`` names it. ``price_micros`` is the price of one question in micro-dollars, ``hits`` the share of questions
    that found something, ``asked`` the share of leads in need of it that the free checks let through. ``held``: the
    addresses in answers that are there already, by what was asked about; a held answer without any is an empty list.
    ``qualified`` (0-1) is the least and the largest share of its businesses that can meet what is asked for,
    ``domains`` the share of its leads with a domain of their own.
    """

    key: str = ""
    price_micros: int = 0
    hits: Share = EVEN
    asked: Share = MOST
    limits: tuple[RateLimit, ...] = ()
    held: Mapping[str, Sequence[str]] = field(default_factory=dict)
    qualified: tuple[float, float] = (0.85, 1.0)
    domains: Share = SITES

    def slowest_s(self, questions: Numbers) -> Reals:
        """Seconds the rate limits ask for so many questions at least."""
        waits = [np.maximum(questions - 1, 0) // limit.calls * limit.window_s for limit in self.limits]
        return np.max(waits, axis=0) if waits else np.zeros(DRAWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The courses of a campaign up to a provider.

    ``leads``, ``domain``, ``email``, ``phone``, ``settled``, ``receives`` say of each business in each course: is it
    a lead, has it a domain of its own, an address, a phone number, an address that needs no check, a domain that is
    known to take mail. ``address`` is the address a column would have, where that is known. ``left_micros`` is the
    budget left, ``is_located`` whether the place was found. ``known`` counts the records that match in this
    installation, None where the place is not known to it. ``familiar`` is the share of questions about businesses
    nobody knows yet whose answers may be held all the same, ``in_book`` the share of such businesses that are left out
    as in the book already or as customers. ``figures`` are those of the provider that is next.
    """

    spec: CampaignSpec
    rng: np.random.Generator
    candidates: tuple[Candidate, ...]
    leads: Truths
    domain: Truths
    email: Truths
    phone: Truths
    settled: Truths
    receives: Truths
    address: tuple[str | None, ...]
    left_micros: Numbers
    is_located: Truths
    known: int | None = None
    types: int = 1
    familiar: Reals = field(default_factory=lambda: np.zeros((DRAWS, 1)))
    in_book: Reals = field(default_factory=lambda: np.zeros(DRAWS))
    figures: ProviderFigures = ProviderFigures()

    @property
    def missing(self) -> Numbers:
        """How many leads the order still lacks, by course."""
        counted: Numbers = self.spec.max_results - self.leads.sum(axis=1)
        return np.maximum(counted, 0)

    def of(self, wanted: Mapping[int, bool], otherwise: Truths) -> Truths:
        """``otherwise`` with the columns that are known set to what is known of them."""
        result = otherwise.copy()
        for column, value in wanted.items():
            result[:, column] = value
        return result

    def likely(self, share: Reals) -> Truths:
        """Yes or no for every business in every course, with the share of each course."""
        return self.rng.random(self.leads.shape) < share

    def repeats(self) -> Truths:
        """Columns about a company that an earlier column is about already: it is asked for once."""
        seen: set[str] = set()
        repeated = np.zeros(self.leads.shape[1], dtype=bool)
        for column, candidate in enumerate(self.candidates):
            key = candidate.domain or candidate.email
            repeated[column] = key in seen
            if key:
                seen.add(key)
        return repeated

    def with_more(self, number: Numbers, domain: Reals, email: Reals, phone: Reals) -> Outlook:
        """So many more leads nobody knows yet, of which these shares have a domain, an address, a phone number."""
        width = int(number.max(initial=0))
        if not width:
            return self
        shape = (DRAWS, width)
        fresh = np.arange(width) < number[:, None]
        rolled = self.rng.random((3, *shape))
        return replace(
            self,
            leads=np.hstack([self.leads, fresh]),
            domain=np.hstack([self.domain, rolled[0] < domain]),
            email=np.hstack([self.email, rolled[1] < email]),
            phone=np.hstack([self.phone, rolled[2] < phone]),
            settled=np.hstack([self.settled, np.zeros(shape, dtype=bool)]),
            receives=np.hstack([self.receives, np.zeros(shape, dtype=bool)]),
            address=(*self.address, *([None] * width)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What one provider is expected to do in each course: questions, what they cost, the seconds they usually take
    and the ``limited_s`` its rate limits ask for at least; and the outlook for those that come after it."""

    questions: Numbers = field(default_factory=lambda: np.zeros(DRAWS, dtype=np.int64))
    cost_micros: Numbers = field(default_factory=lambda: np.zeros(DRAWS, dtype=np.int64))
    duration_s: Reals = field(default_factory=lambda: np.zeros(DRAWS))
    limited_s: Reals = field(default_factory=lambda: np.zeros(DRAWS))
    after: Outlook


def begin(spec: CampaignSpec, candidates: Sequence[Candidate]) -> Outlook:
    """The outlook before anybody was asked; the candidates are leads in every course."""
    chosen = tuple(candidates[: spec.max_results])

    def every(values: Sequence[bool]) -> Truths:
        return np.tile(np.array(values, dtype=bool).reshape(1, -1), (DRAWS, 1))

    return Outlook(
        spec=spec,
        rng=np.random.default_rng(_SEED),
        candidates=chosen,
        leads=every([True] * len(chosen)),
        domain=every([candidate.domain is not None for candidate in chosen]),
        email=every([candidate.email is not None for candidate in chosen]),
        phone=every([candidate.has_phone for candidate in chosen]),
        settled=every([False] * len(chosen)),
        receives=every([False] * len(chosen)),
        address=tuple(candidate.email for candidate in chosen),
        left_micros=np.full(DRAWS, spec.budget_micros, dtype=np.int64),
        is_located=np.ones(DRAWS, dtype=bool),
    )


def without_leads(outlook: Outlook) -> Outlook:
    """The outlook before any business was found."""
    none = np.zeros((DRAWS, 0), dtype=bool)
    return replace(
        outlook,
        candidates=(),
        leads=none,
        domain=none,
        email=none,
        phone=none,
        settled=none,
        receives=none,
        address=(),
    )
