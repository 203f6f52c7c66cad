"""What providers of each kind are expected to do; a declaration takes the one that fits, or has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from pipeline.money.outlook import Candidate, Expectation, Outlook, without_leads
from pipeline.money.shares import DRAWS, Numbers, Reals, Truths, between

PAGE, CAP = 20, 60
"""Businesses a page of a paid search holds, and a query over all its pages, as with Google."""
AT_ONCE = 24
"""Leads looked up at a time."""
_HANDFUL = 20
_LIVE_S, _SEARCH_S, _PLACE_S, _SITE_S, _LOOK_UP_S, _CHECK_S = 1.5, 0.4, 0.5, 1.5, 0.8, 0.06
_LIST_S = (1.0, 25.0)
_CHANGED = np.full((1, 1), 0.02)
# What these usually take; the plan draws how much faster or slower everything is this time.


def unasked(outlook: Outlook) -> Expectation:
    """A free search whose answer is not held: how many businesses it knows, and which, is open."""
    rng, wanted = outlook.rng, outlook.spec.max_results
    least, most = outlook.figures.qualified
    usable = np.floor(_supply(outlook) * between(rng, least, most) * (1 - outlook.in_book)).astype(np.int64)
    number = np.minimum(np.maximum(usable, outlook.leads.sum(axis=1)), wanted)
    number = np.where(outlook.is_located, number, 0)
    # The best of what is known become leads, and a website of their own is part of what is best.
    share = outlook.figures.domains.drawn(rng)[:, 0] * np.maximum(usable, 1) / np.maximum(number, 1)
    share = between(rng, 0.85, 1.0) * np.minimum(1.0, share)
    after = without_leads(outlook).with_more(
        number, share[:, None], between(rng, 0, 0.25)[:, None], between(rng, 0.3, 1)[:, None]
    )
    return Expectation(duration_s=np.full(DRAWS, _LIVE_S), after=after)


def searches(outlook: Outlook) -> Expectation:
    """A paid search, asked for what the free sources leave open, page by page until the order is filled or the pages
    are: they repeat what is known already, and hold what does not count."""
    rng, price = outlook.rng, outlook.figures.price_micros
    supply, missing = _supply(outlook), outlook.missing
    if outlook.spec.min_rating:
        # The source itself leaves out what is rated worse; how many that are differs from place to place.
        supply = np.ceil(supply * between(rng, 0.05, 1.0))
    fresh = 1 - np.minimum(1.0, outlook.leads.sum(axis=1) * between(rng, 0.5, 1.0) / np.maximum(supply, 1))
    fresh = fresh * (1 - outlook.in_book)
    least, most = outlook.figures.qualified
    each = np.maximum(fresh * between(rng, 0.75, 1.0) * between(rng, least, most), 0.001)
    pages = np.minimum(_pages_for(outlook, missing / each), _pages_for(outlook, supply) + outlook.types)
    pages = np.where((missing > 0) & outlook.is_located, np.maximum(pages, 1), 0)
    if price:
        pages = np.minimum(pages, outlook.left_micros // price)
    found = np.minimum(supply, pages * PAGE) * each
    # What is left out as in the book already may be all of it.
    found = np.where(outlook.in_book > 0, np.floor(found), np.ceil(found))
    number = np.minimum(missing, found).astype(np.int64)
    number = np.where(pages > 0, number, 0)
    after = _paid(outlook, pages * price).with_more(
        number, outlook.figures.domains.drawn(rng), np.zeros((DRAWS, 1)), np.full((DRAWS, 1), 0.95)
    )
    return Expectation(
        questions=pages,
        cost_micros=pages * price,
        duration_s=pages * _SEARCH_S,
        limited_s=outlook.figures.slowest_s(pages),
        after=after,
    )


def locates(outlook: Outlook) -> Expectation:
    """A paid way to find a place that no free way may know; asked once, if at all."""
    asked = outlook.rng.integers(0, 2, DRAWS) * (outlook.missing > 0)
    asked = np.minimum(asked, outlook.left_micros // max(outlook.figures.price_micros, 1))
    cost = asked * outlook.figures.price_micros
    return Expectation(
        questions=asked,
        cost_micros=cost,
        duration_s=np.full(DRAWS, _PLACE_S) * asked,
        after=_paid(outlook, cost),
    )


def sites(outlook: Outlook) -> Expectation:
    """Reading the companies' own websites, for nothing."""
    asked = outlook.leads & outlook.domain & ~(outlook.email & outlook.phone)
    told = {
        column: bool(candidate.site_email)
        for column, candidate in enumerate(outlook.candidates)
        if outlook.figures.key in candidate.told
    }
    shown = asked & outlook.of(told, outlook.likely(outlook.figures.hits.drawn(outlook.rng)))
    address = tuple(
        outlook.candidates[column].site_email if column in told and not known else known
        for column, known in enumerate(outlook.address)
    )
    read = (asked & ~outlook.repeats()).sum(axis=1)
    took = (read / AT_ONCE + (read > 0)) * _SITE_S
    after = replace(outlook, email=outlook.email | shown, address=address)
    return Expectation(questions=read, duration_s=took, after=after)


def look_ups(outlook: Outlook) -> Expectation:
    """Asking for the addresses of every company that has a website and no address yet; only a hit costs, and nothing
    whose answer is held."""
    rng, figures = outlook.rng, outlook.figures
    need = outlook.leads & outlook.domain & ~outlook.email
    known = _columns(outlook, lambda candidate: candidate.is_verified)
    kept = {
        column: figures.held[candidate.domain]
        for column, candidate in enumerate(outlook.candidates)
        if candidate.domain and candidate.domain in figures.held
    }
    asked = need & ~known & _let_through(outlook, need, kept)
    told = {
        column: bool(candidate.told[figures.key])
        for column, candidate in enumerate(outlook.candidates)
        if figures.key in candidate.told
    }
    # What was found before is hardly ever lost again.
    before = outlook.of(told, outlook.likely(figures.hits.drawn(rng))) ^ outlook.likely(_CHANGED)
    hit = asked & outlook.of({column: bool(emails) for column, emails in kept.items()}, before)
    open_ = asked & ~outlook.repeats() & ~_held(outlook, kept)
    questions = open_.sum(axis=1)
    bought = (open_ & hit).sum(axis=1)
    if figures.price_micros:
        bought = np.minimum(bought, outlook.left_micros // figures.price_micros)
    address = tuple(
        next(iter(kept.get(column, ())), None) if known_ is None else known_
        for column, known_ in enumerate(outlook.address)
    )
    took = (questions / AT_ONCE + (questions > 0)) * _LOOK_UP_S
    cost = bought * figures.price_micros
    after = replace(
        _paid(outlook, cost),
        email=outlook.email | hit | (need & known),
        settled=outlook.settled | (need & known),
        receives=outlook.receives | asked,
        address=address,
    )
    limited = figures.slowest_s(questions)
    return Expectation(questions=questions, cost_micros=cost, duration_s=took, limited_s=limited, after=after)


def checks(outlook: Outlook) -> Expectation:
    """Verifying every address that was found and whose verdict is not held."""
    rng, figures = outlook.rng, outlook.figures
    need = outlook.leads & outlook.email & ~outlook.settled
    kept = [
        column
        for column, address in enumerate(outlook.address)
        if address and address.casefold() in figures.held
    ]
    asked = need & _let_through(outlook, need, kept)
    open_ = asked & ~outlook.repeats() & ~_held(outlook, kept)
    addresses = open_.sum(axis=1)
    if figures.price_micros:
        addresses = np.minimum(addresses, outlook.left_micros // figures.price_micros)
    is_list = addresses > _HANDFUL
    one_by_one = addresses * _CHECK_S + (addresses > 0) * _LOOK_UP_S
    took = np.where(is_list, np.exp(between(rng, *np.log(_LIST_S))) + addresses * 0.01, one_by_one)
    limited = figures.slowest_s(np.where(is_list, 0, addresses))
    cost = addresses * figures.price_micros
    return Expectation(
        questions=addresses, cost_micros=cost, duration_s=took, limited_s=limited, after=_paid(outlook, cost)
    )


def _paid(outlook: Outlook, cost: Numbers) -> Outlook:
    return replace(outlook, left_micros=np.maximum(outlook.left_micros - cost, 0))


def _supply(outlook: Outlook) -> Reals:
    """How many such businesses a source that was not asked knows in the place: about as many as the catalogue, or,
    where that knows none or not even the place, anything."""
    rng = outlook.rng
    if outlook.known:
        share = np.exp(between(rng, np.log(0.4), np.log(3.0)))
        many: Reals = np.ceil(outlook.known * share + between(rng, 0.0, 5.0))
        return many
    anything = np.floor(np.exp(between(rng, 0.0, np.log(1500.0))))
    return np.where(rng.random(DRAWS) < 0.15, rng.integers(0, 3, DRAWS), anything)


def _pages_for(outlook: Outlook, places: Reals) -> Numbers:
    """Pages that hold so many places. A query that hits the cap is repeated in parts, which repeat some of it; each
    type is a query of its own, whose last page is not full."""
    rng = outlook.rng
    first = np.ceil(np.minimum(places, CAP) / PAGE)
    rest = np.ceil(np.maximum(places - CAP, 0) / PAGE * between(rng, 1.0, 1.9))
    cut = (rest > 0) * rng.integers(0, 3, DRAWS) + rng.integers(0, outlook.types, DRAWS)
    pages: Numbers = np.minimum(first + rest + cut, 10_000).astype(np.int64)
    return pages


def _columns(outlook: Outlook, test: Callable[[Candidate], bool]) -> Truths:
    """The columns of candidates that a test holds for."""
    chosen = np.zeros(outlook.leads.shape[1], dtype=bool)
    for column, candidate in enumerate(outlook.candidates):
        chosen[column] = test(candidate)
    return chosen


def _let_through(outlook: Outlook, need: Truths, kept: Iterable[int]) -> Truths:
    """Those in need of a look-up that the free checks do not make needless: domains that receive mail, for one.
    Where an answer is held they did not."""
    key = outlook.figures.key
    told = {
        column: candidate.told[key] is not None
        for column, candidate in enumerate(outlook.candidates)
        if key in candidate.told
    }
    told |= dict.fromkeys(kept, True)
    likely = outlook.receives | outlook.likely(outlook.figures.asked.drawn(outlook.rng))
    return need & outlook.of(told, likely)


def _held(outlook: Outlook, kept: Iterable[int]) -> Truths:
    """Questions whose answers are held: certain of what is known, likely of businesses nobody knows yet."""
    known = dict.fromkeys(range(len(outlook.candidates)), False) | dict.fromkeys(kept, True)
    return outlook.of(known, outlook.likely(outlook.familiar))
