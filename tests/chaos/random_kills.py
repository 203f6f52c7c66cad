"""Random kills, and with ``--minutes`` a soak: ``python -m tests.chaos.random_kills --kills 500 --seed 7``.

Workers are killed at random moments while campaigns run without a pause; a soak also empties Redis every minute and
restarts Postgres, without warning, every two. In the end every campaign is waited for and every promise is checked.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from uuid import UUID

import redis
import typer

import settings
from services import campaigns, catalogue
from services.identity import Person
from store.ids import new_id
from tests.support.drill import POTTERIES
from tests.support.invariants import violations
from tests.support.outages import Servers, prepare, servers
from tests.support.people import person
from tests.support.providers import Providers, lost_in_turn, providers
from tests.support.servers import change, rows
from tests.support.worker_pool import WorkerPool, worker_pool
from tests.support.workers import WorkerProcess

_WORKERS, _OPEN = 3, 3
_FLUSH_EVERY_S, _RESTART_EVERY_S = 60.0, 120.0
_TIMEOUT_S = 300.0
_BAR_S = 30.0
_PAID = ("text_search", "domain_search", "single_check", "jobs_create")
_KEPT_LOG = Path("artifacts") / "drill-worker.log"


@dataclass
class Drill:
    """One drill under way: what was ordered, killed and waited for."""

    servers: Servers
    stand_in: Providers
    chance: random.Random
    ordered: list[tuple[Person, UUID]] = field(default_factory=list)
    kills: int = 0
    flushes: int = 0
    restarts: int = 0
    lost: dict[UUID, tuple[float, int]] = field(default_factory=dict)
    recovered_s: list[float] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.servers.url

    def keep_busy(self) -> None:
        """Order campaigns until enough are open; each of a workspace of its own, which knows no contact yet."""
        for _ in range(_OPEN - len(self.open())):
            owner = person(f"owner-{len(self.ordered)}")
            change(self.url, "truncate provider_cache")
            self.ordered.append((owner, campaigns.submit(owner, POTTERIES, str(new_id()))))

    def open(self) -> list[UUID]:
        """Campaigns that have not ended."""
        return [row[0] for row in rows(self.url, "select id from campaigns where ended_at is null")]  # type: ignore[misc]

    def kill_one(self, workers: WorkerPool) -> None:
        """A random worker, what it forked, or both."""
        victim = self.chance.choice(workers.workers)
        self._note_lost(victim)
        horses = victim.horses()
        who = self.chance.choice(["run", "worker", "both"])
        if who != "worker":
            for horse in horses:
                horse.kill()
        if who != "run" or not horses:
            victim.process.kill()
        self.kills += 1

    def _note_lost(self, victim: WorkerProcess) -> None:
        query = (
            "select id, lease_token from discovery_jobs j join workers w on w.name = j.lease_owner"
            f" where w.pid = {victim.process.pid} and j.lease_until > now() and j.ended_at is null"
        )
        for job, token in rows(self.url, query):
            self.lost[UUID(str(job))] = (time.monotonic(), int(str(token)))

    def look(self) -> None:
        """Which campaigns of the dead run again, or have ended."""
        if not self.lost:
            return
        query = "select id, lease_token, lease_until > now(), ended_at is not null from discovery_jobs"
        for job, token, held, over in rows(self.url, query):
            since = self.lost.get(UUID(str(job)))
            if since and (over or (held and int(str(token)) > since[1])):
                self.recovered_s.append(time.monotonic() - since[0])
                del self.lost[UUID(str(job))]
                if self.recovered_s[-1] > _BAR_S:
                    self.slow.append(f"job {job} went on after {self.recovered_s[-1]:.1f} s")

    def flush(self) -> None:
        """Redis forgets everything."""
        with closing(redis.Redis.from_url(settings.get().redis_url.get_secret_value())) as client:
            client.flushall()
        self.flushes += 1

    def restart(self) -> None:
        """Postgres ends without a word and comes back."""
        self.servers.restart_postgres()
        self.restarts += 1

    def table(self, seed: int, broken: list[str]) -> str:
        """What came of it."""
        ((calls, uncertain),) = rows(
            self.url, "select count(*), count(*) filter (where state = 'unknown') from provider_calls"
        )
        ends = rows(self.url, "select status, count(*) from campaigns group by 1 order by 1")
        times = sorted(self.recovered_s) or [0.0]
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        return (
            f"seed {seed}: {self.kills} kills, {self.flushes} times Redis emptied, {self.restarts} times Postgres"
            f" restarted\ncampaigns {len(self.ordered)}: {', '.join(f'{n} {status}' for status, n in ends)}\n"
            f"calls {calls}, uncertain {uncertain}\n"
            f"recovery of {len(self.recovered_s)} interrupted runs: p50 {statistics.median(times):.1f} s,"
            f" p95 {p95:.1f} s, max {times[-1]:.1f} s\nviolations {len(broken)}"
        )


def main(
    kills: Annotated[int, typer.Option(help="How many kills; with --minutes it only bounds them.")] = 500,
    minutes: Annotated[float, typer.Option(help="A soak of so many minutes; 0 for kills alone.")] = 0.0,
    seed: Annotated[int, typer.Option(help="0 takes a new one.")] = 0,
    lost_every: Annotated[
        int, typer.Option(help="Of so many answers a provider billed, one is lost; 0 loses none.")
    ] = 0,
) -> None:
    """Run the drill and print its table; exit code 1 with every broken promise."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    typer.echo(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder, _drill_setup(Path(folder), seed) as drill:
        if lost_every:
            drill.stand_in.order_faults(
                *(fault for name in _PAID for fault in lost_in_turn(name, lost_every))
            )
        with worker_pool(Path(folder), _WORKERS) as workers:
            _play(drill, workers, kills, minutes)
            _wait(drill)
        broken = violations(drill.url, drill.stand_in.bill(), drill.kills + drill.restarts * _WORKERS)
        typer.echo(drill.table(seed, broken))
        if broken or drill.slow:
            _KEPT_LOG.parent.mkdir(exist_ok=True)
            shutil.copy(Path(folder) / "worker.log", _KEPT_LOG)
            typer.echo(f"What the workers said is in {_KEPT_LOG}.")
    for promise in [*drill.slow, *broken]:
        typer.echo(promise)
    raise typer.Exit(1 if broken else 0)


def _play(drill: Drill, workers: WorkerPool, kills: int, minutes: float) -> None:
    begun = flushed = restarted = time.monotonic()
    pause = (3.0, 7.0) if minutes else (0.2, 2.0)
    while drill.kills < kills and (not minutes or time.monotonic() - begun < minutes * 60):
        drill.keep_busy()
        until = time.monotonic() + drill.chance.uniform(*pause)
        while time.monotonic() < until:
            drill.look()
            time.sleep(0.05)
        drill.kill_one(workers)
        if minutes and time.monotonic() - flushed >= _FLUSH_EVERY_S:
            flushed = time.monotonic()
            drill.flush()
        if minutes and time.monotonic() - restarted >= _RESTART_EVERY_S:
            restarted = time.monotonic()
            drill.restart()


def _wait(drill: Drill) -> None:
    deadline = time.monotonic() + _TIMEOUT_S
    while drill.open() and time.monotonic() < deadline:
        drill.look()
        time.sleep(0.05)


@contextmanager
def _drill_setup(folder: Path, seed: int) -> Iterator[Drill]:
    options = ("--synthetic", "200", "--no-limited", "--latency", "hunter=0.1")
    with servers(folder) as (running, environment), providers(*options) as stand_in:
        os.environ.update({**stand_in.settings(), **environment})
        prepare()
        catalogue.ensure_first_fill()
        yield Drill(running, stand_in, random.Random(seed))  # noqa: S311 - repeatable on purpose


if __name__ == "__main__":
    typer.run(main)
