"""The lead book as it grows: what a page, a filter, a sort, a count, a company and storing a lead take in a large book,
beside the same in one of ten thousand leads; and what a change of ten thousand companies takes.

A rare filter finds less than a page in the small book: a page of the large one is compared with a whole page then.

Both are filled with copies of the leads of real campaigns on the shipped places, a tenth of them mine. The two take
turns, question by question, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

import typer

from bench._book import Book, book_of, switch_to
from bench._installation import percentile
from bench._questions import QUESTIONS, TODAY
from services import book_work
from services.book import BookPage
from services.book_work import Change
from services.lead_filter import LeadFilter

_SMALL = 10_000
_PAGE_BAR, _STORING_BAR = 2.0, 1.5
_MANY = 10_000


@dataclass(frozen=True)
class _Taken:
    """Milliseconds of one question in the small and in the large book."""

    small: list[float]
    large: list[float]

    fills_a_page: bool = True

    def ratio(self, whole: float) -> float:
        """Of the 95th percentiles; a page that the small book does not fill counts as one of ``whole``."""
        small = percentile(self.small, 95)
        return percentile(self.large, 95) / (small if self.fills_a_page else max(small, whole))


def main(
    leads: Annotated[int, typer.Option(help="Leads of the large book, of all workspaces.")] = 1_000_000,
    samples: Annotated[int, typer.Option(help="How often each question is asked.")] = 40,
) -> None:
    """Print medians and 95th percentiles in milliseconds, and their ratios. Exit code 1 above a bar."""
    with ExitStack() as stack:
        small = stack.enter_context(book_of(_SMALL))
        large = stack.enter_context(book_of(leads))
        print(f"{leads:,} leads ({large.mine:,} mine) beside {_SMALL:,} ({small.mine:,} mine)\n")
        print(f"{'':<28}{'p50':>9}{'p95':>9}{'p50':>9}{'p95':>9}{'ratio':>8}")
        whole = percentile(_compared(QUESTIONS["first page"], small, large, samples).small, 95)
        worst = max(_report(name, _asked_of_both(name, small, large, samples), whole) for name in QUESTIONS)
        storing = _report("storing a lead", _compared(_stored, small, large, max(5, samples // 4)), 0)
        changing = _changed(large)
    print(f"\nworst page {worst:.2f}, bar {_PAGE_BAR}; storing {storing:.2f}, bar {_STORING_BAR}")
    print(f"changing {changing[0]:,} companies at once and taking it back: {changing[1]:.1f} s")
    raise typer.Exit(worst > _PAGE_BAR or storing > _STORING_BAR)


def _asked_of_both(name: str, small: Book, large: Book, samples: int) -> _Taken:
    ask = QUESTIONS[name]
    switch_to(small)
    found = ask(small)
    is_full = not isinstance(found, BookPage) or found.has_more
    return replace(_compared(ask, small, large, samples), fills_a_page=is_full)


def _compared(ask: Callable[[Book], object], small: Book, large: Book, samples: int) -> _Taken:
    in_small, in_large = ([_asked(ask, of) for _ in range(samples)] for of in _each(ask, small, large))
    return _Taken(in_small, in_large)


def _each(ask: Callable[[Book], object], *books: Book) -> Iterator[Book]:
    for of in books:
        switch_to(of)
        # Twice, to fill what the database and this process keep.
        ask(of), ask(of)
        yield of


def _asked(ask: Callable[[Book], object], of: Book) -> float:
    began = time.perf_counter()
    ask(of)
    return (time.perf_counter() - began) * 1000


def _report(name: str, taken: _Taken, whole: float) -> float:
    ratio = taken.ratio(whole)
    figures = [statistics.median(taken.small), percentile(taken.small, 95)]
    figures += [statistics.median(taken.large), percentile(taken.large, 95)]
    print(f"{name:<28}" + "".join(f"{figure:>9.1f}" for figure in figures) + f"{ratio:>8.2f}", flush=True)
    return ratio


def _stored(of: Book) -> None:
    of.store_one()


def _changed(of: Book) -> tuple[int, float]:
    switch_to(of)
    companies: list[UUID] = list(book_work.matching(of.owner, LeadFilter(), TODAY))[:_MANY]
    began = time.perf_counter()
    before = book_work.change(of.owner, companies, Change(status="lost"))
    book_work.undo(of.owner, before)
    return len(before), time.perf_counter() - began


if __name__ == "__main__":
    typer.run(main)
