"""What it takes that people watch a campaign run: how many pages one web process keeps up with, and what a tick of one
costs in processor time, statements and messages while there is news and while there is none, beside drawing the page
anew."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import psutil
import psycopg2
import typer

from bench._installation import installation, percentile
from bench._viewers import Viewer, Written, viewers
from embedded.layout import Layout
from embedded.postgres import Postgres
from pipeline.campaign import Stage
from pipeline.ports import Metrics
from services.identity import Person
from store import progress
from store.database import Role, transaction
from tests.support.campaigns import PAID, claimed, spent, submitted
from tests.support.people import signed_in
from tests.support.web_server import WebServer, web_server

_STEPS = (20, 50, 100, 150, 200, 250, 300)
_KEYS = ("HUNTER_IO_API_KEY", "NEVERBOUNCE_API_KEY")
_OPEN = {"STREAMS": "2000", "STREAMS_PER_PERSON": "1000", "REQUESTS_PER_ADDRESS": "2000"}
_EVENTS, _CALLS = 120, 100
_FEW, _LOOK_S, _BAR_S = 10, 10.0, 1.0
_BAR_VIEWERS = 100
_BARS = {"news": (10.0, 2.0), "none": (2.0, 1.0)}
"""Milliseconds of the web process's time, and statements."""
# Who asks, and where it begins and ends.
_SET_UP = ("BEGIN", "COMMIT", "ROLLBACK", "select set_config(")


@dataclass(frozen=True)
class Cost:
    """Of one tick."""

    cpu_ms: float
    statements: float
    round_trips: float
    drawings: float
    messages: float


def main(most: Annotated[int, typer.Option(help="Pages at most.")] = max(_STEPS)) -> None:
    """Print the costs, then a row for each number of pages; exit with 1 when a bar is missed."""
    os.environ.update(dict.fromkeys(_KEYS, "a-key"))
    with installation() as (folder, owner):
        bench = _Bench(folder, owner)
        with web_server("streamlit_app:app", folder / "web.log", **_OPEN) as server:
            missed = asyncio.run(bench.run(server, most))
    sys.exit("; ".join(missed) or None)


class _Bench:
    def __init__(self, folder: Path, owner: Person) -> None:
        self._layout = Layout(folder)
        self._token = signed_in("bench")
        self._written = Written()
        self._lease = claimed(owner, submitted(owner, PAID.model_copy(update={"budget_usd": Decimal(500)})))
        self._superuser("update discovery_jobs set lease_until = now() + interval '1 day'")
        for number in range(_EVENTS):
            self._report(f"Step {number}." if number % 3 == 0 else None)
        for number in range(_CALLS):
            spent(self._lease, f"{number}.test", 24_500)

    async def run(self, server: WebServer, most: int) -> list[str]:
        """Everything; the bars that were missed."""
        async with self._pages(server, 1):
            before = _cpu_s(server)
        async with self._pages(server, _FEW) as pages:
            page_ms = (_cpu_s(server) - before) * 1000 / _FEW
            none = await self._cost(server, pages)
            async with self._changing():
                news = await self._cost(server, pages)
        print(f"{'':<28}{'CPU ms':>8}{'statements':>12}{'round trips':>13}{'drawings':>10}{'messages':>10}")
        for name, cost in (("tick with news", news), ("tick without", none)):
            print(
                f"{name:<28}{cost.cpu_ms:>8.2f}{cost.statements:>12.2f}{cost.round_trips:>13.2f}"
                f"{cost.drawings:>10.2f}{cost.messages:>10.1f}"
            )
        shares = " and ".join(f"{cost.cpu_ms / page_ms:.2f}" for cost in (news, none))
        print(f"of the time of drawing the page, {page_ms:.0f} ms, that is {shares}")
        missed = [
            f"tick {name}: {cost.cpu_ms:.1f} ms, {cost.statements:.1f} statements"
            for (name, (cpu_ms, statements)), cost in zip(_BARS.items(), (news, none), strict=True)
            if cost.cpu_ms > cpu_ms or cost.statements > statements + 0.05
        ]
        kept_up = await self._most(server, most)
        print(f"{kept_up} pages are kept up with, which is {kept_up / _BAR_VIEWERS:.2f} of the bar")
        return missed + ([f"{kept_up} viewers"] if kept_up < min(most, _BAR_VIEWERS) else [])

    async def _most(self, server: WebServer, most: int) -> int:
        print(f"{'pages':>6}{'p50 s':>8}{'p95 s':>8}{'CPU':>6}{'drawings a second':>19}")
        kept_up = 0
        for count in (step for step in _STEPS if step <= most):
            async with self._pages(server, count) as pages, self._changing():
                await asyncio.sleep(2.0)
                cpu_s = await self._look(server, pages)
                taken = [
                    second
                    for page in pages
                    for second in (*page.taken, *(late for late in page.waiting_s() if late > _BAR_S))
                ]
                drawn = sum(page.drawings for page in pages) / _LOOK_S
            late = percentile(taken, 95)
            print(f"{count:>6}{percentile(taken, 50):>8.2f}{late:>8.2f}{cpu_s / _LOOK_S:>6.2f}{drawn:>19.1f}")
            if late >= _BAR_S:
                break
            kept_up = count
        return kept_up

    async def _cost(self, server: WebServer, pages: list[Viewer]) -> Cost:
        cpu_s = await self._look(server, pages)
        ticks, drawings = sum(page.ticks for page in pages), sum(page.drawings for page in pages)
        messages = sum(page.messages for page in pages)
        with self._logged() as said:
            for page in pages:
                page.forget()
            await asyncio.sleep(_LOOK_S)
            counted = sum(page.ticks for page in pages)
        return Cost(
            cpu_ms=cpu_s * 1000 / ticks,
            statements=sum(not statement.startswith(_SET_UP) for statement in said) / counted,
            round_trips=len(said) / counted,
            drawings=drawings / ticks,
            messages=messages / ticks,
        )

    async def _look(self, server: WebServer, pages: list[Viewer]) -> float:
        """Seconds of the web process's time while the pages tick for a while."""
        for page in pages:
            page.forget()
        before = _cpu_s(server)
        await asyncio.sleep(_LOOK_S)
        return _cpu_s(server) - before

    @asynccontextmanager
    async def _pages(self, server: WebServer, count: int) -> AsyncIterator[list[Viewer]]:
        query = f"campaign={self._lease.campaign_id}"
        async with viewers(server, self._token, query, count, self._written) as pages:
            yield pages

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[None]:
        """The campaign goes on while this lasts: a figure and a paid call a second."""

        async def go_on() -> None:
            while True:
                await asyncio.to_thread(self._go_on)
                await asyncio.sleep(1.0)

        going = asyncio.create_task(go_on())
        try:
            yield
        finally:
            going.cancel()
            with suppress(asyncio.CancelledError):
                await going

    def _go_on(self) -> None:
        spent(self._lease, f"{self._written.figure}.more.test", 24_500)
        self._report(f"Found {self._written.figure + 1}.")

    def _report(self, message: str | None) -> None:
        figure = self._written.figure + 1
        metrics = Metrics(businesses_found=figure, qualified_leads=figure // 2, leads_enriched=figure // 3)
        with transaction(Role.WORKER, lease=self._lease) as conn:
            progress.record(conn, self._lease, Stage.ENRICHING, 20 + figure % 60, metrics, message)
        self._written.figure = figure

    @contextmanager
    def _logged(self) -> Iterator[list[str]]:
        """Every statement of web processes while this lasts, once it is over."""
        log, said = self._layout.logs / "postgres.log", list[str]()
        self._superuser("alter system set log_statement = 'all'")
        begin = log.stat().st_size
        yield said
        self._superuser("alter system reset log_statement")
        with log.open("rb") as lines:
            lines.seek(begin)
            text = lines.read().decode(errors="replace").replace("\n\t", " ")
        parts = (line.partition("statement: ") for line in text.splitlines() if "pp_web" in line)
        said += [statement.strip() for _, found, statement in parts if found]

    def _superuser(self, *statements: str) -> None:
        with closing(psycopg2.connect(Postgres(self._layout).url("postgres"))) as conn:
            conn.autocommit = True
            with conn.cursor() as cursor:
                for statement in (*statements, "select pg_reload_conf()"):
                    cursor.execute(statement)


def _cpu_s(server: WebServer) -> float:
    used = psutil.Process(server.process.pid).cpu_times()
    return float(used.user + used.system)


if __name__ == "__main__":
    typer.run(main)
