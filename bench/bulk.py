"""A bulk order of 500 campaigns of open data, beside 500 single orders of the same in the same run.

Measured are its quote, submitting, pausing and stopping it; of a part that is carried out, what it costs and takes.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import typer

from bench._installation import installation
from pipeline.campaign import CampaignSpec
from services import bulk_drafts, bulk_orders, campaigns, planning
from services.identity import Person
from store.ids import new_id
from tests.support.workers import eventually, worker

_Made = TypeVar("_Made")
_ORDERS = 500
_RATIO_BAR = 0.5
"""Of the time that so many single orders take."""
_CARRIED_OUT = 60


def main(carried_out: int = _CARRIED_OUT) -> None:
    """Print all rows; exit with 1 when submitting takes more than half of what single orders take, a campaign is lost,
    or it cost more than was quoted."""
    with installation(is_admin=True) as (folder, owner):
        specs = _orders(_ORDERS)
        campaigns.submit(owner, specs[0], "warm up")
        singly = _timed(lambda: [campaigns.submit(owner, spec, str(new_id())) for spec in specs])
        _stop_all(owner)
        quoting, quote = _with(lambda: bulk_drafts.quote([*bulk_drafts.estimates(owner, specs)]))
        submitting, bulk = _with(lambda: bulk_orders.submit(owner, specs, Decimal(0), str(new_id())))
        reading = _timed(lambda: bulk_orders.watch(owner, bulk))
        pausing = _timed(lambda: bulk_orders.pause(owner, bulk))
        resuming = _timed(lambda: bulk_orders.resume(owner, bulk))
        stopping = _timed(lambda: bulk_orders.cancel(owner, bulk))
        stopped = bulk_orders.get(owner, bulk)
        took, ran, expected = _carried_out(folder, owner, specs[:carried_out])
    rows = {
        "500 single orders": singly,
        "quote of 500": quoting,
        "submit 500": submitting,
        "page of 500": reading,
        "pause 500": pausing,
        "resume 500": resuming,
        "stop 500": stopping,
    }
    for name, taken in rows.items():
        print(f"{name:<24}{taken:>9.3f} s")
    print(f"{'submit, of single':<24}{submitting / singly:>9.2f}   bar {_RATIO_BAR}")
    print(f"{'stopped':<24}{stopped.cancelled:>9}   of {stopped.total}, {stopped.status}")
    print(
        f"{'quoted for 500':<24}{quote.leads[0]:>9} – {quote.leads[1]} leads, {quote.cost_micros} micro-dollars"
    )
    print(f"{'carried out':<24}{took:>9.1f} s for {ran.total} by one worker, {took / ran.total:.2f} s each")
    print(f"{'leads':<24}{ran.leads:>9}   quoted {expected.leads[0]} – {expected.leads[1]}")
    print(f"{'cost':<24}{ran.spent_micros:>9}   quoted {expected.cost_micros} micro-dollars; {ran.status}")
    is_kept = ran.completed == ran.total and ran.spent_micros <= expected.cost_micros[1]
    sys.exit(submitting > _RATIO_BAR * singly or stopped.cancelled != stopped.total or not is_kept)


def _orders(count: int) -> list[CampaignSpec]:
    """As many different ones as there are: every category in every place, by how many are wanted."""
    types = [choice.label for choice in planning.category_choices() if choice.known]
    pairs = itertools.product(range(5, 100), planning.location_choices(), types)
    return [
        CampaignSpec(business_types=(kind,), location=place, max_results=leads)
        for leads, place, kind in itertools.islice(pairs, count)
    ]


def _carried_out(
    folder: Path, owner: Person, specs: Sequence[CampaignSpec]
) -> tuple[float, bulk_orders.BulkView, bulk_drafts.BulkQuote]:
    expected = bulk_drafts.quote([*bulk_drafts.estimates(owner, specs)])
    bulk = bulk_orders.submit(owner, specs, Decimal(0), str(new_id()), expected.cost_micros)
    with worker(folder):
        begun = time.perf_counter()
        eventually(lambda: bulk_orders.get(owner, bulk).open == 0, "a bulk order")
        return time.perf_counter() - begun, bulk_orders.get(owner, bulk), expected


def _stop_all(owner: Person) -> None:
    while rows := [
        row for row in campaigns.list_mine(owner, limit=100, cursor=None).rows if not row.status.is_final
    ]:
        for row in rows:
            campaigns.cancel(owner, row.id)
        for row in rows:
            campaigns.delete(owner, row.id)


def _timed(work: Callable[[], object]) -> float:
    return _with(work)[0]


def _with(work: Callable[[], _Made]) -> tuple[float, _Made]:
    begun = time.perf_counter()
    made = work()
    return time.perf_counter() - begun, made


if __name__ == "__main__":
    typer.run(main)
