"""What row-level security costs the results page: its statements as the web role with a session, beside the same
statements as a role that the policies do not bind.

The two take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
import typer
from sqlalchemy.engine import URL, make_url

from bench._installation import installation, percentile
from embedded.layout import Layout
from embedded.postgres import Postgres
from services.results import LeadFilter, LeadSort
from store import campaigns, lead_choices, leads
from store.database import Connection, Role, transaction
from tests.support.campaigns import finished, lead

_LEADS = 1000
_TIMES = 200
_PAGE = 51
_BAR = 1.3
"""On, divided by off."""


def main() -> None:
    """Print medians and 95th percentiles, in milliseconds, and their ratio. Exit code 1 above the bar."""
    os.environ["LEASE_S"] = "300"  # Nobody renews it here.
    with installation() as (folder, owner):
        campaign = (owner.workspace_id, finished(owner, [lead(number) for number in range(_LEADS)]))
        everything = sa.create_engine(_unbound_url(folder), poolclass=sa.StaticPool)
        where = LeadFilter().where()

        def page(conn: Connection) -> None:
            campaigns.get(conn, *campaign)
            leads.page(conn, campaign, where, LeadSort.CONFIDENCE, None, _PAGE)
            leads.count(conn, campaign, where)
            lead_choices.of_campaign(conn, campaign)

        def bound() -> None:
            with transaction(Role.WEB, proof=owner.proof) as conn:
                page(conn)

        def unbound() -> None:
            with everything.begin() as conn:
                # The other way sets who asks in a statement of its own.
                conn.execute(sa.text("select set_config('app.proof', '', true)"))
                page(conn)

        with closing(everything.connect()):
            taken = _in_turn({"policies on": bound, "policies off": unbound})
        everything.dispose()
    _judge(taken)


def _unbound_url(folder: Path) -> URL:
    """The same database as its superuser, whom no policy binds."""
    return make_url(Postgres(Layout(folder)).url("postgres")).set(drivername="postgresql+psycopg2")


def _in_turn(ways: dict[str, Callable[[], None]]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_TIMES):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            taken[name].append((time.perf_counter() - begun) * 1000)
    return taken


def _judge(taken: dict[str, list[float]]) -> None:
    print(f"{'results page, ' + str(_LEADS) + ' leads':<24}{'p50 ms':>9}{'p95 ms':>9}")
    for name, times in taken.items():
        print(f"{name:<24}{statistics.median(times):>9.2f}{percentile(times, 95):>9.2f}")
    on, off = (statistics.median(times) for times in taken.values())
    print(f"on ÷ off: {on / off:.2f}, bar {_BAR}")
    if on / off > _BAR:
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
