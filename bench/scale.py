"""What more workers bring: campaigns a minute with 1, 2, 4 and 8 of them, of open data alone and with paid look-ups at
stand-in providers that take their time, what each costs in processor time and transactions, and where it bends; and
where a provider's limit binds instead of them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psutil
import psycopg2
import typer

from bench._installation import installation
from bench.quotes import SHOPS, fill
from embedded.layout import Layout
from embedded.postgres import Postgres
from pipeline.campaign import CampaignSpec, KnownCompanies
from services import campaigns
from services.identity import Person
from store.ids import new_id
from tests.support.providers import Providers, providers
from tests.support.servers import change
from tests.support.worker_pool import WorkerPool, worker_pool

_WORKERS, _PAYING = (1, 2, 4, 8), (1, 2, 4)
_CAMPAIGNS, _LEADS = 16, 25
_POLL_S = 0.02
_OPTIONS = ("--synthetic", str(SHOPS), "--latency", "hunter=0.25,neverbounce=0.1", "--job-s", "0.7")
_FREE = CampaignSpec(
    business_types=("restaurant", "cafe"), location="Helsinki", max_results=_LEADS, min_confidence=0
)
_PAID = _FREE.model_copy(
    update={
        "business_types": ("pottery",),
        "waterfall": ("hunter", "neverbounce"),
        "budget_usd": Decimal(5),
        "known_companies": KnownCompanies.REFRESH,
    }
)
_KINDS = {"open data": _FREE, "candidates": _PAID}
_LIMIT_PER_S = 15
"""Questions a second that the provider of addresses allows for the whole installation, as without a setting."""
_LIMIT_A_MINUTE, _REACHED = 500, 0.85
"""Its limit of each minute, and the share of it that look-ups have to reach, with however many workers; those that come
first, when none were asked for a minute, may go beyond."""
# Potteries stand on a grid around this point; a circle of 250 m holds some ninety, and none of another one's.
_CENTRE, _APART, _RADIUS_KM = (60.17, 24.9322), (0.007, 0.009), 0.25
_BAR = 0.7
"""Of the campaigns that the processors could carry out if nothing ever waited."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some campaigns together: seconds of wall clock and of processors, transactions, paid calls and those
    of them that look up addresses."""

    wall_s: float
    worker_s: float
    database_s: float
    transactions: int
    calls: int
    look_ups: int

    @property
    def a_minute(self) -> float:
        return _CAMPAIGNS * 60 / self.wall_s

    @property
    def could_a_minute(self) -> float:
        return _CAMPAIGNS * 60 * (psutil.cpu_count() or 1) / (self.worker_s + self.database_s)


def main() -> None:
    """Print a row for each number of workers; exit with 1 when those of open data bring less than 0.7 of what the
    processors could."""
    missed = []
    with providers(*_OPTIONS) as stand_in:
        os.environ.update(stand_in.settings() | {"HUNTER_PER_SECOND": str(_LIMIT_PER_S)})
        with installation() as (folder, owner):
            fill(folder)
            bench = _Bench(folder, owner, stand_in)
            print(f"{_CAMPAIGNS} campaigns for {_LEADS} leads at once, {psutil.cpu_count()} cores")
            for kind, spec in _KINDS.items():
                found = {number: bench.measured(number, [spec] * _CAMPAIGNS) for number in _WORKERS}
                _print(kind, found)
                most = max(each.a_minute for each in found.values())
                could = max(each.could_a_minute for each in found.values())
                print(f"of what the processors could: {most / could:.2f}")
                if spec is _FREE and most < _BAR * could:
                    missed.append(kind)
            found = {number: bench.measured(number, _apart()) for number in _PAYING}
            _print("look-ups", found)
            shares = [each.look_ups * 60 / each.wall_s / _LIMIT_A_MINUTE for each in found.values()]
            print(f"of {_LIMIT_A_MINUTE} look-ups a minute: {', '.join(f'{share:.2f}' for share in shares)}")
            if min(shares) < _REACHED:
                missed.append("the limit")
    print(f"bars: {_BAR} of what the processors could, of open data; {_REACHED} of the limit")
    sys.exit(f"missed: {', '.join(missed)}" if missed else None)


def _apart() -> list[CampaignSpec]:
    """Orders of which none asks what another one asks."""
    steps = (-1.5, -0.5, 0.5, 1.5)
    places = [
        (_CENTRE[0] + row * _APART[0], _CENTRE[1] + column * _APART[1]) for row in steps for column in steps
    ]
    return [
        _PAID.model_copy(update={"location": f"{lat:.4f}, {lon:.4f}", "radius_km": _RADIUS_KM})
        for lat, lon in places
    ]


def _print(kind: str, found: dict[int, Figures]) -> None:
    print(
        f"\n{kind:<12}{'a minute':>10}{'÷ one':>8}{'worker s':>10}{'Postgres s':>12}{'commits':>9}{'calls/s':>9}"
    )
    for number, each in found.items():
        print(
            f"{f'{number} workers':<12}{each.a_minute:>10.1f}{each.a_minute / found[1].a_minute:>8.2f}"
            f"{each.worker_s / _CAMPAIGNS:>10.2f}{each.database_s / _CAMPAIGNS:>12.2f}"
            f"{each.transactions / _CAMPAIGNS:>9.0f}{each.calls / each.wall_s:>9.1f}"
        )


class _Bench:
    def __init__(self, folder: Path, owner: Person, stand_in: Providers) -> None:
        self._folder, self._owner, self._stand_in = folder, owner, stand_in

    def measured(self, number: int, specs: Sequence[CampaignSpec]) -> Figures:
        """That many workers, warm, carry the campaigns out; no answer is held."""
        with worker_pool(self._folder, number) as pool:
            self._carried_out(specs[:number])
            change(Postgres(Layout(self._folder)).url("postgres"), "truncate provider_cache")
            self._stand_in.reset()
            before = self._used(pool)
            begun = time.perf_counter()
            self._carried_out(specs)
            wall_s = time.perf_counter() - begun
            worker_s, database_s, transactions = (
                after - of_before for after, of_before in zip(self._used(pool), before, strict=True)
            )
        bill = self._stand_in.bill()
        look_ups = sum(line["provider"] == "hunter" for line in bill)
        return Figures(wall_s, worker_s, database_s, int(transactions), len(bill), look_ups)

    def _carried_out(self, specs: Sequence[CampaignSpec]) -> None:
        ordered = [campaigns.submit(self._owner, spec, str(new_id())) for spec in specs]
        for campaign in ordered:
            while not (view := campaigns.get(self._owner, campaign)).status.is_final:
                time.sleep(_POLL_S)
            if view.lead_count != _LEADS:
                raise RuntimeError(f"{view.status} with {view.lead_count} leads: {view.outcome_reason}")

    def _used(self, pool: WorkerPool) -> tuple[float, float, float]:
        """Processor seconds of the workers and of Postgres, and transactions, so far."""
        workers = [psutil.Process(each.process.pid) for each in pool.workers]
        servers = psutil.Process().children(recursive=True)
        url = Postgres(Layout(self._folder)).url()
        with closing(psycopg2.connect(url)) as conn, conn.cursor() as cursor:
            cursor.execute("select sum(xact_commit) from pg_stat_database")
            ((transactions,),) = cursor.fetchall()
        return (
            sum(map(_seconds, workers)),
            sum(_seconds(each, "postgres") for each in servers),
            float(transactions),
        )


def _seconds(process: psutil.Process, name: str = "") -> float:
    """Of a process and of those it waited for; of one that has just ended, or has another name, none."""
    with suppress(psutil.NoSuchProcess):
        if process.name().startswith(name):
            times = process.cpu_times()
            return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


if __name__ == "__main__":
    typer.run(main)
