"""The lead book as it grows: what a page, a filter, a sort, a count, a company and storing a lead take in a large book,
a tenth of it mine, beside the same in two of ten thousand leads, one of which a tenth is mine and one that is all mine;
and what a change of ten thousand companies takes.

A rare filter finds less than a page in a small book: a page of the large one is compared with a whole page then.

All are filled with copies of the leads of real campaigns on the shipped places. They take turns, question by question,
so that a busy machine slows all of them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
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
    """Milliseconds of one question in the books that are compared and, last, in the large one; ``fills_a_page`` says of
    each of the others whether it found as much as is shown at once."""

    by_book: list[list[float]]
    fills_a_page: list[bool]

    def ratios(self, wholes: Sequence[float]) -> list[float]:
        """Of the 95th percentiles; a page that a book does not fill counts as a whole one, as ``wholes`` has them."""
        *compared, large = (percentile(taken, 95) for taken in self.by_book)
        return [
            large / (small if is_full else max(small, whole))
            for small, is_full, whole in zip(compared, self.fills_a_page, wholes, strict=True)
        ]


def main(
    leads: Annotated[int, typer.Option(help="Leads of the large book, of all workspaces.")] = 1_000_000,
    samples: Annotated[int, typer.Option(help="How often each question is asked.")] = 40,
) -> None:
    """Print medians and 95th percentiles in milliseconds, and their ratios. Exit code 1 above a bar."""
    with ExitStack() as stack:
        books = [stack.enter_context(book_of(_SMALL)), stack.enter_context(book_of(_SMALL, workspaces=1))]
        books.append(stack.enter_context(book_of(leads)))
        told = " beside ".join(f"{of.mine:,} of mine" for of in reversed(books))
        print(f"{leads:,} leads, {told}\n")
        print(f"{'':<28}" + f"{'p50':>9}{'p95':>9}" * len(books) + f"{'ratios':>16}")
        first = _compared(QUESTIONS["first page"], books, samples).by_book
        wholes = [percentile(taken, 95) for taken in first[:-1]]
        asked = [_report(name, _compared(QUESTIONS[name], books, samples), wholes) for name in QUESTIONS]
        storing = _report("storing a lead", _compared(_stored, books, max(5, samples // 4)), wholes)
        changing = _changed(books[-1])
    worst, worst_of_mine = (max(ratios) for ratios in zip(*asked, strict=True))
    print(f"\nworst page {worst:.2f} and {worst_of_mine:.2f}, bar {_PAGE_BAR}")
    print(f"storing {storing[0]:.2f}, bar {_STORING_BAR}")
    print(f"changing {changing[0]:,} companies at once and taking it back: {changing[1]:.1f} s")
    raise typer.Exit(worst > _PAGE_BAR or storing[0] > _STORING_BAR)


def _compared(ask: Callable[[Book], object], books: Sequence[Book], samples: int) -> _Taken:
    by_book, fills_a_page = list[list[float]](), list[bool]()
    for of in books:
        switch_to(of)
        # Twice, to fill what the database and this process keep.
        ask(of)
        found = ask(of)
        by_book.append([_asked(ask, of) for _ in range(samples)])
        fills_a_page.append(not isinstance(found, BookPage) or found.has_more)
    return _Taken(by_book, fills_a_page[:-1])


def _asked(ask: Callable[[Book], object], of: Book) -> float:
    began = time.perf_counter()
    ask(of)
    return (time.perf_counter() - began) * 1000


def _report(name: str, taken: _Taken, wholes: Sequence[float]) -> list[float]:
    figures = [figure for each in taken.by_book for figure in (statistics.median(each), percentile(each, 95))]
    ratios = taken.ratios(wholes)
    print(
        f"{name:<28}"
        + "".join(f"{figure:>9.1f}" for figure in figures)
        + "".join(f"{r:>8.2f}" for r in ratios)
    )
    sys.stdout.flush()
    return ratios


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
