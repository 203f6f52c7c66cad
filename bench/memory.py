"""Memory, whatever providers send: the process of a campaign on ordinary and on huge answers, a worker after many runs,
and an export of as many leads as a campaign may have.

A provider's huge answer here is 13 MB, sent to every one of 24 calls at a time; the client stops reading at 2 MB.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import psutil
import typer

import settings
from bench._installation import installation
from pipeline.campaign import CampaignSpec
from pipeline.output.export_formats import formats
from services import campaigns, exporting
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store.ids import new_id
from tests.support.campaigns import finished, lead
from tests.support.providers import Providers, providers
from tests.support.workers import WorkerProcess, worker

_MIB = 1024 * 1024
_RUNS, _WARM_UP = 40, 5
_LEADS = 1000
_BAR_HUGE, _BAR_GROWTH = 2.0, 1.1


def main() -> None:
    """Print all figures; exit with 1 when one is above its bar."""
    with installation() as (folder, owner), providers("--synthetic", "1200", "--no-limited") as stand_in:
        os.environ.update(stand_in.settings())
        settings.get.cache_clear()
        usual, huge, growth = _campaigns(owner, stand_in, folder)
        _exports(owner)
    print(f"bars: huge answers ÷ ordinary ones {_BAR_HUGE}, growth of a worker {_BAR_GROWTH}")
    sys.exit(huge / usual > _BAR_HUGE or growth > _BAR_GROWTH)


def _campaigns(owner: Person, stand_in: Providers, folder: Path) -> tuple[float, float, float]:
    place = folder / "worker"
    place.mkdir()
    with worker(place) as running:
        _run(owner, 10)
        usual = _peak(running, lambda: _run(owner, 200))
        stand_in.order_faults({"operation": "domain_search", "kind": "huge"})
        huge = _peak(running, lambda: _run(owner, 200))
        stand_in.reset()
        print(f"a run of 200 leads, own memory at most: {usual:.0f} MiB")
        print(f"the same, every answer 13 MB: {huge:.0f} MiB, ratio {huge / usual:.2f}")
        for _ in range(_WARM_UP):
            _run(owner, 3)
        before = _own(psutil.Process(running.process.pid))
        for _ in range(_RUNS):
            _run(owner, 3)
        after = _own(psutil.Process(running.process.pid))
    print(
        f"a worker before and after {_RUNS} campaigns: {before:.1f} and {after:.1f} MiB, ratio {after / before:.3f}"
    )
    return usual, huge, after / before


def _exports(owner: Person) -> None:
    campaign = finished(owner, [lead(number) for number in range(_LEADS)])
    for kind in formats():
        tracemalloc.start()
        file = exporting.export(owner, campaign, LeadFilter(), LeadSort.CONFIDENCE, kind)
        peak = tracemalloc.get_traced_memory()[1] / _MIB
        tracemalloc.stop()
        print(
            f"export of {file.rows:,} leads as {kind}: {len(file.data) / _MIB:.1f} MiB, at most {peak:.0f} MiB in use"
        )


def _run(owner: Person, leads: int) -> None:
    spec = CampaignSpec(
        business_types=("pottery",),
        location="Helsinki",
        max_results=leads,
        min_confidence=0,
        budget_usd=Decimal(100),
        sources=("google_places",),
        waterfall=("hunter",),
    )
    campaign = campaigns.submit(owner, spec, str(new_id()))
    while not campaigns.get(owner, campaign).status.is_final:
        time.sleep(0.05)


def _peak(running: WorkerProcess, work: Callable[[], None]) -> float:
    """The most memory of its own that a process running campaigns had meanwhile, in MiB."""
    over, most = threading.Event(), [0.0]

    def look() -> None:
        while not over.wait(0.05):
            for process in running.horses():
                try:
                    most[0] = max(most[0], _own(process))
                except psutil.Error:
                    continue

    watch = threading.Thread(target=look)
    watch.start()
    try:
        work()
    finally:
        over.set()
        watch.join()
    return most[0]


def _own(process: psutil.Process) -> float:
    """Memory nobody shares with it, in MiB."""
    return float(process.memory_full_info().uss / _MIB)


if __name__ == "__main__":
    typer.run(main)
