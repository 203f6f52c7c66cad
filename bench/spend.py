"""Money as the ledger grows: what Spend, Providers, Home, a plan and the housekeeping take with many paid calls, beside
the same with ten thousand. The two take turns, question by question, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from typing import Annotated

import typer

from bench._book import switch_to_environment
from bench._calls import Ledger, ledger_of
from bench._installation import percentile
from jobs import duties
from services import home, planning, provider_upkeep, spend_sums, spending
from services.spend_sums import When
from tests.support.campaigns import PAID

_SMALL = 10_000
_BAR = 2.0
_TODAY = date(2026, 11, 26)
_MONTH = When.MONTH
_QUESTIONS: Mapping[str, Callable[[Ledger], object]] = {
    "spend by day": lambda of: spend_sums.summary(of.owner, "day"),
    "spend by campaign": lambda of: spend_sums.summary(of.owner, "campaign"),
    "spend by provider": lambda of: spend_sums.summary(of.owner, "provider"),
    "spend of the month": lambda of: spend_sums.summary(of.owner, "day", spend_sums.during(_MONTH)),
    "spend by person": lambda of: spend_sums.team(of.owner),
    "everybody's by day": lambda of: spend_sums.everybody(of.owner, "day"),
    "everybody's by workspace": lambda of: spend_sums.everybody(of.owner, "workspace"),
    "everybody's month": lambda of: spend_sums.everybody(of.owner, "provider", spend_sums.during(_MONTH)),
    "calls": lambda of: spending.calls(of.owner),
    "providers": lambda of: provider_upkeep.overview(of.owner),
    "home": lambda of: home.look(of.owner, _TODAY),
    "a plan": lambda of: planning.estimate(of.owner, PAID),
    "housekeeping": lambda of: list(duties.run_all()),
}


def main(
    calls: Annotated[
        int, typer.Option(help="Paid calls of the large ledger, of all workspaces.")
    ] = 1_000_000,
    samples: Annotated[int, typer.Option(help="How often each question is asked.")] = 20,
) -> None:
    """Print medians and 95th percentiles in milliseconds, and their ratios. Exit code 1 above the bar."""
    with ExitStack() as stack:
        both = [stack.enter_context(ledger_of(many)) for many in (_SMALL, calls)]
        print(f"{calls:,} calls beside {_SMALL:,}, a tenth of them mine\n")
        print(f"{'':<28}{'p50':>9}{'p95':>9}{'p50':>9}{'p95':>9}{'ratio':>8}")
        worst = max(_compared(name, ask, both, samples) for name, ask in _QUESTIONS.items())
    print(f"\nworst {worst:.2f}, bar {_BAR}")
    raise typer.Exit(worst > _BAR)


def _compared(name: str, ask: Callable[[Ledger], object], both: list[Ledger], samples: int) -> float:
    taken = [_asked(ask, of, samples) for of in both]
    figures = [figure for each in taken for figure in (statistics.median(each), percentile(each, 95))]
    ratio = figures[3] / figures[1]
    print(f"{name:<28}" + "".join(f"{figure:>9.1f}" for figure in figures) + f"{ratio:>8.2f}", flush=True)
    return ratio


def _asked(ask: Callable[[Ledger], object], of: Ledger, samples: int) -> list[float]:
    switch_to_environment(of.environment)
    taken = []
    for _ in range(samples + 2):
        began = time.perf_counter()
        ask(of)
        taken.append((time.perf_counter() - began) * 1000)
    # The first ones fill what the database and this process keep.
    return taken[2:]


if __name__ == "__main__":
    typer.run(main)
